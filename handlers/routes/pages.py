"""The look of our few pages: a small card, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.responses import HTMLResponse

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_pages = Environment(
    loader=PackageLoader("handlers.routes"), autoescape=select_autoescape(["html"]), enable_async=False
)


def page(
    title: str,
    lines: Sequence[str],
    *,
    link: str = "",
    link_words: str = "",
    soft: str = "",
    status: int = 200,
) -> HTMLResponse:
    text = _pages.get_template("page.html").render(
        title=title, lines=lines, link=link, link_words=link_words, soft=soft
    )
    return HTMLResponse(text, status, headers=HEADERS)
