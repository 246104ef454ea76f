"""**New supplier**: create it, use one that is there, or leave it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.coding import Coding
from bot.domain.identity import ItemId
from bot.domain.suppliers import Alike
from bot.slack.blocks.parts import (
    Block,
    View,
    actions,
    button,
    context,
    modal,
    option,
    radio,
    section,
)
from bot.slack.limits import cut
from bot.slack.text import escape

CREATE = "supplier.create"
USE = "supplier.use"
ASK = "supplier.ask"
FIELD = "supplier"
REMEMBER = "remember"


def question(item_id: ItemId, coding: Coding, alike: Sequence[Alike], meta: Mapping[str, Any]) -> View:
    """The closest first, each with the reason."""
    name, what = coding.party, coding.party_field
    blocks: list[Block] = [
        section(f"*{escape(name)}* {_what_is_asked(coding)}"),
    ]
    if alike:
        # No input block: Slack wants a submit with one, and the answer here is one of two buttons.
        offered = [option(one.name, one.id, f"{one.score}% alike: {one.reason}") for one in alike]
        near = any(one.level.is_close for one in alike)
        words = (
            "Use an existing one:"
            if near or coding.ambiguous_supplier
            else "Use an existing one, if it is meant:"
        )
        blocks.append({**section(words, radio("supplier.pick", offered)), "block_id": FIELD})
        blocks.append({**actions(_remember(name)), "block_id": REMEMBER})
    buttons = []
    if not coding.ambiguous_supplier:
        buttons.append(button(f"Create {what} and publish", CREATE, item_id, style="primary"))
    if alike:
        buttons.append(button("Use the chosen one", USE, item_id))
    blocks += [actions(*buttons)] if buttons else []
    blocks.append(context("Nothing is created in Zoho Books until you choose."))
    return modal(f"New {what}", blocks, callback=ASK, close="Cancel", meta={**meta, "item": item_id})


def answered(coding: Coding) -> View:
    """The question is over; how it goes is on the card."""
    return modal(f"New {coding.party_field}", [section(f"🟢 *Publishing* for {escape(coding.party)}.")])


def _what_is_asked(coding: Coding) -> str:
    if coding.ambiguous_supplier:
        return f"fits two {coding.party_field}s in Zoho Books: choose the one that is meant."
    return "is not in Zoho Books yet."


def _remember(name: str) -> Block:
    one = option(f"Remember this choice for “{cut(name, 40)}”", REMEMBER)
    return {"type": "checkboxes", "action_id": "supplier.remember", "options": [one]}
