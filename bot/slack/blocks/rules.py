"""Supplier rules: the list of them, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks.edit_item import PICK
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    field,
    lookup,
    message,
    modal,
    section,
)
from bot.slack.text import escape

ADD = "rules.add"
REMOVE = "rules.remove"
LIST = "rules.list"
SAVE = "rules.save"
MOST_SHOWN = 40


@dataclass(frozen=True)
class Line:
    """A rule as it is read."""

    key: str
    supplier: str
    category: str
    tax: str


def page(lines: Sequence[Line], meta: Mapping[str, Any]) -> View:
    blocks: list[Block] = [
        context(
            "A rule is used for every item of its supplier; what is changed by hand on an item wins over it."
        ),
        actions(button("Add a rule", ADD, "add", style="primary")),
    ]
    for line in lines[:MOST_SHOWN]:
        values = f"Category  {escape(line.category) or '–'} · Tax  {escape(line.tax) or '–'}"
        blocks.append(section(f"*{escape(line.supplier)}*\n{values}", button("Remove", REMOVE, line.key)))
    if not lines:
        blocks.append(section("No rules yet."))
    if len(lines) > MOST_SHOWN:
        blocks.append(context(f"… and {len(lines) - MOST_SHOWN} more"))
    return modal("Supplier rules", blocks, callback=LIST, meta=meta)


def form(meta: Mapping[str, Any]) -> View:
    blocks = [
        field("Supplier", "supplier", lookup(PICK + "supplier")),
        field("Category", "category", lookup(PICK + "category"), optional=True),
        field("Tax", "tax", lookup(PICK + "tax"), optional=True),
    ]
    return modal("Supplier rule", blocks, callback=SAVE, submit="Save", close="Cancel", meta=meta)


def saved(supplier: str) -> Message:
    return message(f"Rule saved for {escape(supplier)}. It counts for waiting items at once.")
