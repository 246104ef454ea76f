"""Routes of the books as their user sees them: organisations, dashboard, lists, records, files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox.zoho_books.api import Api
from bot.sandbox.zoho_books.books import Books, Organisation
from bot.sandbox.zoho_books.web import bookkeeping, changes, figures, files, lists, record
from bot.sandbox.zoho_books.web.answers import Notes, page
from bot.sandbox.zoho_books.web.bookkeeping_page import BookkeepingPage
from bot.sandbox.zoho_books.web.calls_page import CallsPage
from bot.sandbox.zoho_books.web.sections import SECTIONS, in_groups, section_of
from bot.sandbox.zoho_books.web.trouble_page import TroublePage

NOT_FOUND = 404


@dataclass
class Pages:
    """All pages of the books; `api` knows the quota."""

    books: Books
    api: Api
    notes: Notes = field(default_factory=Notes)

    def routes(self) -> list[BaseRoute]:
        at = "/app/{id}"
        trouble, calls = TroublePage(self), CallsPage(self)
        return [
            Mount("/static", StaticFiles(packages=[("bot.sandbox.zoho_books", "static")])),
            Route("/", self.start),
            Route("/app", self.organisations),
            Route(at, self.dashboard),
            *trouble.routes(at),
            *calls.routes(at),
            *BookkeepingPage(self).routes(at),
            Route(f"{at}/{{section}}", self.list),
            Route(f"{at}/{{section}}/{{record}}", self.record),
            Route(f"{at}/{{section}}/{{record}}/files/{{file}}", self.file),
        ]

    async def start(self, _: Request) -> Response:
        return RedirectResponse("/app")

    def organisation(self, request: Request) -> Organisation | None:
        return self.books.organisation(request.path_params["id"])

    def today(self) -> date:
        return datetime.fromtimestamp(self.books.clock(), UTC).date()

    def shown(
        self, request: Request, organisation: Organisation, template: str, here: str, **told: Any
    ) -> Response:
        """A page inside the frame: navigation, organisation, what is armed."""
        return page(
            template,
            at=f"/app/{organisation.id}",
            organisation=organisation,
            organisations=self.books.organisations,
            groups=in_groups(),
            here=here,
            armed=self.books.troubles,
            note=self.notes.of(request),
            **told,
        )

    def missing(self, says: str, address: str = "/app", back: str = "Choose an organisation") -> Response:
        return page("missing.html", NOT_FOUND, says=says, address=address, back=back)

    def no_organisation(self) -> Response:
        return self.missing("There is no such organisation.")

    async def organisations(self, _: Request) -> Response:
        who = {
            one.id: [person for person, ids in self.books.people.items() if one.id in ids]
            for one in self.books.organisations
        }
        return page("choose.html", organisations=self.books.organisations, who=who)

    async def dashboard(self, request: Request) -> Response:
        organisation = self.organisation(request)
        if organisation is None:
            return self.no_organisation()
        used = self.api.limits.used_today(organisation.id)
        return self.shown(
            request,
            organisation,
            "dashboard.html",
            "dashboard",
            tiles=figures.tiles(organisation, self.today()),
            bars=figures.costs_by_account(organisation, self.today()),
            recent=figures.recent(organisation),
            signed_in=sorted({token.person for token in self.books.refresh_tokens.values()}),
            app_name=self.books.client_name,
            used=used,
            left=max(0, organisation.day_limit - used),
        )

    async def list(self, request: Request) -> Response:
        organisation = self.organisation(request)
        if organisation is None:
            return self.no_organisation()
        section = section_of(organisation, request.path_params["section"])
        if section is None:
            return self._no_section(organisation)
        query = request.query_params.get("q", "").strip()
        return self.shown(
            request,
            organisation,
            "list.html",
            section.slug,
            section=section,
            query=query,
            found=lists.found(section, organisation, query),
            most=lists.MOST_ROWS,
            enters=bookkeeping.new_bill(self.today()) if section.slug == bookkeeping.BILLS else None,
            suppliers=lists.supplier_names(organisation),
        )

    def _no_section(self, organisation: Organisation) -> Response:
        titles = ", ".join(section.title for section in SECTIONS)
        says = f"There is no such section. These are there: {titles}."
        return self.missing(says, f"/app/{organisation.id}", "Dashboard")

    async def record(self, request: Request) -> Response:
        organisation = self.organisation(request)
        if organisation is None:
            return self.no_organisation()
        record_id = request.path_params["record"]
        section = section_of(organisation, request.path_params["section"], record_id)
        if section is None:
            return self._no_section(organisation)
        row = section.find(organisation, record_id)
        if row is None:
            address = f"/app/{organisation.id}/{section.slug}"
            return self.missing(
                f"There is no such {section.one} in {organisation.name}.", address, section.title
            )
        uses, used = record.uses(organisation, section, row)
        return self.shown(
            request,
            organisation,
            "record.html",
            section.slug,
            section=section,
            row=row,
            record_id=record_id,
            title=record.title(section, row),
            amount=record.amount(organisation, row),
            marks=[cell for cell in lists.shown(section, organisation, row).cells if cell.kind == "mark"],
            facts=record.facts(organisation, row),
            lines=record.lines(organisation, row),
            totals=record.totals(organisation, row),
            payments=record.payments_of(organisation, row),
            uses=uses,
            used=used,
            files=files.of_record(row),
            raw=record.as_answered(row),
            is_changeable=section.slug in changes.CHANGEABLE,
            is_active=lists.is_active(row),
            acts=bookkeeping.offered(section, row) if section.by_date else (),
        )

    async def file(self, request: Request) -> Response:
        organisation = self.organisation(request)
        record_id = request.path_params["record"]
        section = (
            section_of(organisation, request.path_params["section"], record_id) if organisation else None
        )
        row = section.find(organisation, record_id) if organisation and section else None
        keep = "keep" in request.query_params
        found = files.answer(self.books, row, request.path_params["file"], keep=keep) if row else None
        return found or self.missing("There is no such file.")
