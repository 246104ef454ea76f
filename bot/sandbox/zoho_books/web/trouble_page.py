"""Make trouble: change the books behind the app's back, take its consent, let its calls fail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.zoho_books.books import Organisation
from bot.sandbox.zoho_books.web import lists, orders
from bot.sandbox.zoho_books.web.changes import Desk, NotChanged
from bot.sandbox.zoho_books.web.orders import NotOrdered
from bot.sandbox.zoho_books.web.sections import BY_SLUG, Section, section_of

if TYPE_CHECKING:
    from bot.sandbox.zoho_books.web.pages import Pages

Change = Callable[[Desk, Section, str, dict[str, str]], str]
"""What is done to the record of that id, said in a sentence."""


@dataclass
class TroublePage:
    pages: Pages

    def routes(self, at: str) -> list[Route]:
        posts = {
            f"{at}/trouble/arm/{{kind}}": self.arm,
            f"{at}/trouble/clear": self.clear,
            f"{at}/trouble/withdraw": self.withdraw,
            f"{at}/trouble/expire": self.expire,
            f"{at}/change/{{section}}/rename": self.rename,
            f"{at}/change/{{section}}/active": self.set_active,
        }
        return [
            Route(f"{at}/trouble", self.show),
            *(Route(path, work, methods=["POST"]) for path, work in posts.items()),
        ]

    async def show(self, request: Request) -> Response:
        organisation = self.pages.organisation(request)
        if organisation is None:
            return self.pages.no_organisation()
        books = self.pages.books
        signed_in: dict[str, int] = {}
        for token in books.refresh_tokens.values():
            signed_in[token.person] = signed_in.get(token.person, 0) + 1
        return self.pages.shown(
            request,
            organisation,
            "trouble.html",
            "trouble",
            troubles=[(one, orders.left(one)) for one in books.troubles],
            signed_in=signed_in,
            access=len(books.access_tokens),
            choices={
                slug: _choices(BY_SLUG[slug], organisation) for slug in ("accounts", "taxes", "suppliers")
            },
            throttles=orders.THROTTLE_WORDS,
            refusals=orders.REFUSAL_WORDS,
            app_name=books.client_name,
        )

    async def arm(self, request: Request) -> Response:
        organisation, form = self.pages.organisation(request), await _form(request)
        if organisation is None:
            return self.pages.no_organisation()
        try:
            made = orders.ordered(request.path_params["kind"], form)
        except NotOrdered as why:
            return self._back(organisation, form, str(why), is_good=False)
        self.pages.books.troubles += made
        said = "; ".join(f"{one.label}, {orders.left(one)}" for one in made)
        return self._back(organisation, form, f"Armed: {said}.")

    async def clear(self, request: Request) -> Response:
        """One of them, or all when none is named."""
        organisation, form = self.pages.organisation(request), await _form(request)
        if organisation is None:
            return self.pages.no_organisation()
        key, troubles = form.get("key", ""), self.pages.books.troubles
        troubles[:] = [one for one in troubles if key and one.key != key]
        says = "Nothing is armed now." if not troubles else "Cleared. The rest stays armed."
        return self._back(organisation, form, says)

    async def withdraw(self, request: Request) -> Response:
        organisation, form = self.pages.organisation(request), await _form(request)
        if organisation is None:
            return self.pages.no_organisation()
        self.pages.books.withdraw_consent(form.get("person", ""))
        says = f"{self.pages.books.client_name} has no consent any more: every token of it is dead."
        return self._back(organisation, form, says)

    async def expire(self, request: Request) -> Response:
        organisation, form = self.pages.organisation(request), await _form(request)
        if organisation is None:
            return self.pages.no_organisation()
        self.pages.books.expire_access_tokens()
        return self._back(organisation, form, "The access tokens have run out. The app can renew them.")

    async def rename(self, request: Request) -> Response:
        return await self._changed(request, lambda desk, section, one, form: desk.rename(
            section, one, form.get("name", "")))  # fmt: skip

    async def set_active(self, request: Request) -> Response:
        return await self._changed(request, lambda desk, section, one, form: desk.set_active(
            section, one, active=form.get("active") == "yes"))  # fmt: skip

    async def _changed(self, request: Request, change: Change) -> Response:
        organisation, form = self.pages.organisation(request), await _form(request)
        if organisation is None:
            return self.pages.no_organisation()
        section = section_of(organisation, request.path_params["section"])
        desk = Desk(self.pages.books, organisation)
        try:
            if section is None:
                raise NotChanged("There is no such section. Choose one on the page.")
            record_id = form.get("record") or desk.named(section, form.get("named", ""))
            says = change(desk, section, record_id, form)
        except NotChanged as why:
            return self._back(organisation, form, str(why), is_good=False)
        return self._back(organisation, form, says)

    def _back(
        self, organisation: Organisation, form: dict[str, str], says: str, *, is_good: bool = True
    ) -> Response:
        """To the page where the button was: the record's, or this one."""
        own = f"/app/{organisation.id}/"
        section, _, record = form.get("from", "").partition("/")
        known = section in BY_SLUG and record.isalnum()
        return self.pages.notes.then(
            own + (f"{section}/{record}" if known else "trouble"), says, is_good=is_good
        )


def _choices(section: Section, organisation: Organisation) -> list[tuple[str, str, bool]]:
    """(id, name, is active) of every row, by name."""
    return [
        (section.id_of(row), str(row.get(section.label, "")), lists.is_active(row))
        for row in section.rows(organisation)
    ]


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
