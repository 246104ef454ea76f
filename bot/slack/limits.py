"""Slack's limits, and keeping to them by construction (https://docs.slack.dev/reference/block-kit/)."""

from __future__ import annotations

TITLE = 24
BUTTON = 75
BUTTON_VALUE = 2000
OPTION = 75
OPTION_VALUE = 150
SECTION = 3000
CONTEXT = 2000
OPTIONS = 100
RADIO_OPTIONS = 10
OVERFLOW_OPTIONS = 5
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
METADATA = 3000
MESSAGE_TEXT = 4000
PLACEHOLDER = 150


def cut(text: str, longest: int) -> str:
    """At most so many characters; what was cut shows as an ellipsis."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def cut_markup(text: str, longest: int) -> str:
    """As `cut`; an escape, a mention, a date or a link is never cut in half."""
    if len(text) <= longest:
        return text
    kept = text[: longest - 1]
    last = kept.rfind("&", max(0, len(kept) - 5))
    if last >= 0 and ";" not in kept[last:]:
        kept = kept[:last]
    if kept.rfind("<") > kept.rfind(">"):
        kept = kept[: kept.rfind("<")]
    return kept + "…"
