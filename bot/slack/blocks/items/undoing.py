"""Before and after a record is taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.items import PublishAs
from bot.domain.kinds import NEVER_VOID
from bot.domain.standing import State
from bot.slack.blocks import standing
from bot.slack.blocks.items.shown import UNDO_ASKED, Shown
from bot.slack.blocks.parts import Message, View, context, message, modal, section
from bot.slack.text import brief


def undo_question(shown: Shown, meta: Mapping[str, Any]) -> View:
    """Before a record is taken back."""
    published = shown.item.published
    record = f"{published.kind.noun} {brief(published.number)}" if published else "record"
    goes = "deleted" if published and published.kind in NEVER_VOID else "made void"
    text = (
        f"The {record} is {goes} in Zoho Books{', and so is its payment' if _has_payment(shown) else ''}. "
        "The item is in the inbox again; publishing it once more makes a new record."
    )
    gone = published.standing.state if published and published.standing else State.UNKNOWN
    text = standing.put_back_question(record, gone) if gone.is_gone else text
    return modal(
        "Undo publishing",
        [section(text), context("Both are written in the log.")],
        callback=UNDO_ASKED,
        submit="Undo",
        close="Cancel",
        meta={**meta, "item": shown.item.id},
    )


def _has_payment(shown: Shown) -> bool:
    published = shown.item.published
    return bool(published and published.kind is PublishAs.BILL_WITH_PAYMENT and not published.unpaid)


def undo_begun() -> Message:
    return message("🟢 Undoing. The card shows when it is done.")
