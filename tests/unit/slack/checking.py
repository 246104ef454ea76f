"""Whether Slack would take what a view builds: the simulated Slack's own check, and what it may not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.blocks import checked_blocks, checked_view

NASTY = [
    "<!channel>",
    "<!here> <@UBEN> <#C1>",
    "@channel",
    "&amp; & &lt;",
    "<https://evil.example|Zoho Books>",
    "x" * 5000,
    "<" * 5000,
    "&" * 5000,
    "🧾" * 5000,
    "👩‍👩‍👧‍👦",
    "\u202eevil\u202c",
    "*bold* _it_ ~no~ `code` ```",
    "a\nb\n\nc",
    " ",
    '{\'json\': "quote\\""}',
]
_PINGS = re.compile(r"<[!@#]")
_OURS = re.compile(
    r"<!date\^\d+\^[^|>]*\|[^>]*>|<@UADA>|<@UTOM>|<#C0FINANCE>|<https://books\.example/[^|>]*\|[^>]*>"
)


def takes_view(view: dict[str, Any], surface: str = "modal") -> None:
    """Raises where Slack would refuse the view, or where a text from outside could notify somebody."""
    checked_view(view, surface)
    _safe(view)


def takes_message(message: dict[str, Any]) -> None:
    """As `takes_view`, for a message."""
    assert 0 < len(message["text"]) <= limits.MESSAGE_TEXT
    checked_blocks(message["blocks"], "message")
    _safe(message)


def _safe(thing: Any) -> None:
    for text in _mrkdwn(thing):
        rest = _OURS.sub("", text)
        assert not _PINGS.search(rest), rest[:300]
        assert "<" not in rest, rest[:300]


def _mrkdwn(thing: Any) -> Iterator[str]:
    """Every text that Slack reads marks in."""
    if isinstance(thing, dict):
        if thing.get("type") == "mrkdwn":
            yield thing["text"]
        if isinstance(thing.get("text"), str) and "blocks" in thing:
            yield thing["text"]
        for value in thing.values():
            yield from _mrkdwn(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _mrkdwn(value)


def texts(thing: Any) -> str:
    """All that is read in a view or message, in order."""
    return "\n".join(_texts(thing))


def _texts(thing: Any) -> Iterator[str]:
    if isinstance(thing, dict):
        if isinstance(thing.get("text"), str):
            yield thing["text"]
        for value in thing.values():
            yield from _texts(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _texts(value)


def buttons(thing: Any) -> list[str]:
    """The labels of all buttons."""
    if isinstance(thing, dict):
        own = [thing["text"]["text"]] if thing.get("type") == "button" else []
        return own + [label for value in thing.values() for label in buttons(value)]
    return [label for value in thing for label in buttons(value)] if isinstance(thing, list) else []
