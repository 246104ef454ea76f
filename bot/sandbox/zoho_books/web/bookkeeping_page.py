"""Routes of what a bookkeeper does by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.zoho_books.web.bookkeeping import Bookkeeper
from bot.sandbox.zoho_books.web.changes import NotChanged
from bot.sandbox.zoho_books.web.sections import BY_SLUG

if TYPE_CHECKING:
    from bot.sandbox.zoho_books.web.pages import Pages


@dataclass
class BookkeepingPage:
    pages: Pages

    def routes(self, at: str) -> list[Route]:
        return [
            Route(f"{at}/book/bills/new", self.enter, methods=["POST"]),
            Route(f"{at}/book/{{section}}/{{record}}/{{act}}", self.act, methods=["POST"]),
        ]

    async def enter(self, request: Request) -> Response:
        organisation = self.pages.organisation(request)
        if organisation is None:
            return self.pages.no_organisation()
        own = f"/app/{organisation.id}/bills"
        try:
            record, says = Bookkeeper(self.pages.books, organisation).enter(await _form(request))
        except NotChanged as why:
            return self.pages.notes.then(own, str(why), is_good=False)
        return self.pages.notes.then(f"{own}/{record}", says)

    async def act(self, request: Request) -> Response:
        organisation, asked = self.pages.organisation(request), request.path_params
        section = BY_SLUG.get(asked["section"])
        if organisation is None:
            return self.pages.no_organisation()
        if section is None:
            return self.pages.missing("There is no such section.")
        own = f"/app/{organisation.id}/{section.slug}"
        try:
            bookkeeper = Bookkeeper(self.pages.books, organisation)
            says = bookkeeper.do(asked["act"], section, asked["record"], await _form(request))
        except NotChanged as why:
            return self.pages.notes.then(f"{own}/{asked['record']}", str(why), is_good=False)
        is_there = section.find(organisation, asked["record"]) is not None
        return self.pages.notes.then(f"{own}/{asked['record']}" if is_there else own, says)


async def _form(request: Request) -> dict[str, str]:
    return {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
