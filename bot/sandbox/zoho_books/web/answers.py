"""Pages as answers: one look, one set of headers, a note that is shown once."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.sandbox.zoho_books.web import show

SEE_OTHER = 303
MOST_NOTES = 50
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; base-uri 'none'; object-src 'none'; "
        "frame-ancestors 'self' http://127.0.0.1:* http://localhost:*"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
pages = Environment(
    loader=PackageLoader("bot.sandbox.zoho_books"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
pages.filters |= {
    "money": show.money, "day": show.day, "words": show.words, "moment": show.moment, "number": show.number,
    "person": show.person, "initials": show.initials,
}  # fmt: skip


def page(template: str, status: int = 200, **told: Any) -> HTMLResponse:
    return HTMLResponse(pages.get_template(template).render(**told), status, headers=HEADERS)


@dataclass
class Notes:
    """Sentences on their way to the next page; each is read once, so none is in an address."""

    _waiting: dict[str, tuple[str, bool]] = field(default_factory=dict)

    def then(self, address: str, says: str, *, is_good: bool = True) -> Response:
        """On to `address`, where `says` stands at the top."""
        name = secrets.token_urlsafe(6)
        self._waiting[name] = (says, is_good)
        while len(self._waiting) > MOST_NOTES:
            del self._waiting[next(iter(self._waiting))]
        return RedirectResponse(f"{address}?note={name}", SEE_OTHER)

    def of(self, request: Request) -> tuple[str, bool] | None:
        return self._waiting.pop(request.query_params.get("note", ""), None)
