"""The inbox as a list, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.items import ItemStatus
from bot.slack.blocks.items.acts import buttons, more
from bot.slack.blocks.items.shown import LIST, TURN, Shown
from bot.slack.blocks.items.state import state
from bot.slack.blocks.items.values import heading, values
from bot.slack.blocks.parts import Block, View, actions, button, context, divider, modal, section
from bot.slack.text import count

ON_A_PAGE = 8


def inbox(
    items: Sequence[Shown],
    total: int,
    offset: int,
    counts: Mapping[ItemStatus, int],
    status: ItemStatus | None,
    meta: Mapping[str, Any],
) -> View:
    """The inbox as a modal, a page at a time."""
    words = ", ".join(_how_many(state, number) for state, number in counts.items())
    name = status.value.replace("_", " ") if status else "to do"
    blocks: list[Block] = [
        context(f"{count(total, 'item')} {name}" + (f": {words}" if not status and words else ""))
    ]
    blocks += rows(items)
    if not items:
        blocks.append(section("Nothing here."))
    turns = []
    if offset:
        turns.append(button("Previous", TURN + ".back", str(max(0, offset - ON_A_PAGE))))
    if offset + len(items) < total:
        turns.append(button("Show more", TURN + ".on", str(offset + ON_A_PAGE)))
    if turns:
        blocks.append(actions(*turns))
    whole = {**meta, "status": status.value if status else "", "offset": offset}
    return modal("Items", blocks, callback=LIST, meta=whole)


def rows(items: Sequence[Shown]) -> list[Block]:
    """Items below each other, each with the buttons its state allows."""
    return [block for shown in items for block in (*_row(shown), divider())]


def _how_many(status: ItemStatus, number: int) -> str:
    if status is ItemStatus.NEEDS_ATTENTION:
        return f"{number} {'needs' if number == 1 else 'need'} attention"
    return f"{number} {status.value}"


def _row(shown: Shown) -> list[Block]:
    rows = [*state(shown), section(f"{heading(shown)}\n{values(shown.coding)}", more(shown.item))]
    offered = buttons(shown)
    return [*rows, actions(*offered)] if offered else rows
