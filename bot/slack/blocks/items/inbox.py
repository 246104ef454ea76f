"""The inbox as a list, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.items import ItemStatus
from bot.slack.blocks.items.acts import buttons, more
from bot.slack.blocks.items.shown import LIST, TURN, Shown
from bot.slack.blocks.items.state import state
from bot.slack.blocks.items.values import heading, values
from bot.slack.blocks.parts import (
    Block,
    View,
    actions,
    button,
    context,
    divider,
    field,
    modal,
    section,
    text_input,
)
from bot.slack.text import brief, count

ON_A_PAGE = 8
FIND = "find"
FIND_LONGEST = 100


def inbox(
    items: Sequence[Shown],
    total: int,
    offset: int,
    counts: Mapping[ItemStatus, int],
    status: ItemStatus | None,
    meta: Mapping[str, Any],
) -> View:
    """The inbox as a modal, a page at a time."""
    typed = str(meta.get("find", ""))
    blocks: list[Block] = [_find(typed), context(_how_many_items(total, counts, status, typed))]
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
    return modal("Items", blocks, callback=LIST, submit="Find", meta=whole)


def looking(meta: Mapping[str, Any]) -> View:
    """Until a very large inbox is looked through."""
    return modal("Items", [section("🟢 Looking through the items …")], callback=LIST, meta=meta)


def _find(typed: str) -> Block:
    hint = "Supplier, customer, number or total; also of what is published"
    return field("Find", FIND, text_input(initial=typed, longest=FIND_LONGEST), optional=True, hint=hint)


def _how_many_items(
    total: int, counts: Mapping[ItemStatus, int], status: ItemStatus | None, typed: str
) -> str:
    if typed:
        return f"{count(total, 'item')} found for “{brief(typed)}”"
    if status:
        return f"{count(total, 'item')} {status.value.replace('_', ' ')}"
    words = ", ".join(_how_many(state, number) for state, number in counts.items())
    return f"{count(total, 'item')} to do" + (f": {words}" if words else "")


def rows(items: Sequence[Shown]) -> list[Block]:
    """Items below each other, each with the buttons its state allows."""
    return [block for shown in items for block in (*_row(shown), divider())]


def _how_many(status: ItemStatus, number: int) -> str:
    if status is ItemStatus.NEEDS_ATTENTION:
        return f"{number} {'needs' if number == 1 else 'need'} attention"
    return f"{number} {status.value}"


def _row(shown: Shown) -> list[Block]:
    rows = [*state(shown), section(f"{heading(shown)}\n{values(shown)}", more(shown.item))]
    offered = buttons(shown)
    return [*rows, actions(*offered)] if offered else rows
