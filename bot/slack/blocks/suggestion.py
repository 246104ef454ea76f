"""Auto-publish suggested for a supplier whose items were published alike by hand, and the answers to it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.slack.blocks.parts import (
    Message,
    View,
    actions,
    button,
    field,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.slack.blocks.settings import HOLDS
from bot.slack.text import brief, mention

YES = "suggestion.yes"
NO = "suggestion.no"
SWITCH_ON = "suggestion.switch_on"
CAP, HOLD = "cap", "auto_hold_minutes"


def suggestion(supplier: str, item_id: str, times: int, published_by: str = "") -> Message:
    """To the Admin who published them, or where an Approver did, to the Admins."""
    by = f" by {mention(published_by)}" if published_by else ""
    text = (
        f"The last {times} items of *{brief(supplier)}* were published{by} with the same category and tax. "
        "They could go by themselves: each is held some minutes first, with *Undo*."
    )
    buttons = actions(
        button("Publish them by themselves", YES, item_id, style="primary"),
        button("Not for this supplier", NO, item_id),
    )
    return message(text, section(text), buttons)


def form(supplier: str, minutes: int, meta: Mapping[str, Any]) -> View:
    """Before it is switched on: up to which total, and how long each is held."""
    holds = [option(f"{one} minutes", str(one)) for one in sorted({*HOLDS, minutes})]
    return modal(
        "Auto-publish",
        [
            section(
                f"Items of *{brief(supplier)}* that arrive from now on are published by themselves, with the "
                "category and tax of this one. What needs attention or has a warning waits for a person."
            ),
            field(
                "Limit",
                CAP,
                text_input(),
                optional=True,
                hint="Items above this total, in the organisation's currency, wait for a person.",
            ),
            field(
                "Time for Undo",
                HOLD,
                select(holds, chosen=str(minutes)),
                hint="For all that goes by itself in this business.",
            ),
        ],
        callback=SWITCH_ON,
        submit="Switch on",
        close="Cancel",
        meta=meta,
    )


def switched_on(supplier: str, cap: str) -> Message:
    limit = f" up to {brief(cap)}" if cap else ""
    return message(
        f"✅ Items of {brief(supplier)}{limit} that arrive from now on are published by themselves. "
        "`/dext rules` switches it off."
    )


def declined(supplier: str) -> Message:
    return message(
        f"Items of {brief(supplier)} go on being published by hand. `/dext rules` can change that."
    )
