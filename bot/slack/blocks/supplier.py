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
from bot.slack.text import escape

CREATE = "supplier.create"
USE = "supplier.use"
ASK = "supplier.ask"
FIELD = "supplier"


def question(item_id: ItemId, coding: Coding, alike: Sequence[Alike], meta: Mapping[str, Any]) -> View:
    """The closest first, each with the reason."""
    name, what = coding.party, coding.party_field
    blocks: list[Block] = [
        section(f"*{escape(name)}* is not in Zoho Books yet."),
    ]
    if alike:
        # No input block: Slack wants a submit with one, and the answer here is one of two buttons.
        offered = [option(one.name, one.id, f"{one.score}% alike: {one.reason}") for one in alike]
        blocks.append({**section("Use an existing one:", radio("supplier.pick", offered)), "block_id": FIELD})
    buttons = [button(f"Create {what} and publish", CREATE, item_id, style="primary")]
    if alike:
        buttons.append(button("Use the chosen one", USE, item_id))
    blocks.append(actions(*buttons))
    blocks.append(context("Nothing is created in Zoho Books until you choose."))
    return modal(f"New {what}", blocks, callback=ASK, close="Cancel", meta={**meta, "item": item_id})


def answered(coding: Coding) -> View:
    """The question is over; how it goes is on the card."""
    return modal(f"New {coding.party_field}", [section(f"🟢 *Publishing* for {escape(coding.party)}.")])
