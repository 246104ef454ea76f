"""The calls of the connected app, newest first, and what is left of the day's quota."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.sandbox.zoho_books.books import Call, Organisation

if TYPE_CHECKING:
    from bot.sandbox.zoho_books.web.pages import Pages

MOST_CALLS = 100
FAILED = 400


@dataclass(frozen=True)
class ShownCall:
    number: int
    at: float
    method: str
    path: str
    status: str
    is_good: bool
    code: int
    message: str
    sent: str


@dataclass
class CallsPage:
    pages: Pages

    def routes(self, at: str) -> list[Route]:
        return [
            Route(f"{at}/calls", self.show),
            Route(f"{at}/calls/clear", self.clear, methods=["POST"]),
        ]

    async def show(self, request: Request) -> Response:
        organisation = self.pages.organisation(request)
        if organisation is None:
            return self.pages.no_organisation()
        only_failed = request.query_params.get("only") == "failed"
        calls = enumerate(self.pages.books.calls, 1)
        numbered = [(number, call) for number, call in calls if _concerns(call, organisation)]
        wanted = [one for one in numbered if not only_failed or _failed(one[1])]
        used = self.pages.api.limits.used_today(organisation.id)
        return self.pages.shown(
            request,
            organisation,
            "calls.html",
            "calls",
            calls=[_shown(number, call) for number, call in reversed(wanted[-MOST_CALLS:])],
            total=len(wanted),
            failed=sum(_failed(call) for _, call in numbered),
            only_failed=only_failed,
            most=MOST_CALLS,
            used=used,
            left=max(0, organisation.day_limit - used),
        )

    async def clear(self, request: Request) -> Response:
        organisation = self.pages.organisation(request)
        if organisation is None:
            return self.pages.no_organisation()
        self.pages.books.calls.clear()
        return self.pages.notes.then(f"/app/{organisation.id}/calls", "The list of calls is empty now.")


def _concerns(call: Call, organisation: Organisation) -> bool:
    """Calls for no organisation in particular are of interest everywhere."""
    return call.query.get("organization_id", organisation.id) == organisation.id


def _failed(call: Call) -> bool:
    return call.status == 0 or call.status >= FAILED


def _shown(number: int, call: Call) -> ShownCall:
    query = {name: value for name, value in call.query.items() if name != "organization_id"}
    told = {name: one for name, one in (("query", query), ("body", call.body)) if one}
    sent = json.dumps(told, indent=2, ensure_ascii=False, default=str) if told else ""
    status = str(call.status) if call.status else "Lost"
    return ShownCall(number, call.at, call.method, call.path, status, not _failed(call), call.code,
                     call.message, sent)  # fmt: skip
