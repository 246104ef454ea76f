"""**Exceptions by currency**: default taxes of what is in one currency, upon Settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.default_taxes import words
from bot.domain.items import Side
from bot.domain.lists import Entry
from bot.slack.blocks.parts import (
    Block,
    View,
    actions,
    button,
    confirm,
    context,
    divider,
    field,
    modal,
    option,
    section,
    select,
)
from bot.slack.blocks.settings import would_change_taxes
from bot.slack.text import brief

REMOVE = "tax_exceptions.remove"
TRY = "tax_exceptions.try"
SAVE = "tax_exceptions.save"
SIDE, CURRENCY, TAX = "side", "currency", "tax"
MOST = 40
"""So many are shown; each takes two of the hundred blocks of a window."""
LONGEST = 100
"""Of a tax's name, where several stand below each other."""
_SIDES = ((Side.COST, "Costs"), (Side.SALE, "Sales"))


@dataclass(frozen=True)
class Shown:
    """An exception ready to be shown."""

    key: str
    tax: Entry | None
    would_change: int
    """How many waiting items taking it out would change."""


def form(
    known: Sequence[Shown],
    taxes: Sequence[Entry],
    currencies: Sequence[Entry],
    meta: Mapping[str, Any],
    *,
    is_all: bool = True,
    would_change: int | None = None,
) -> View:
    """Those that stand, and one to add or change; `would_change` is what saving it would, once it is
    chosen."""
    blocks: list[Block] = [
        section("What is in one of these currencies has its own default tax instead of that of its side."),
        *(block for one in known[:MOST] for block in _row(one, is_all=is_all)),
    ]
    if len(known) > MOST:
        blocks.append(context(f"… and {len(known) - MOST} more: remove some to see them."))
    blocks.append(divider())
    can_add = bool(taxes and currencies)
    if can_add:
        blocks += _fields(taxes, currencies)
        if would_change is not None:
            blocks.append(context(would_change_taxes(would_change, is_all=is_all)))
        blocks.append(context("Never overrides a rule, the document or a change made by hand."))
    else:
        blocks.append(section("No taxes or currencies yet: they come with the first refresh of the lists."))
    submit = "Save" if can_add else ""
    return modal("Exceptions by currency", blocks, callback=SAVE, submit=submit, close="Back", meta=meta)


def _row(one: Shown, *, is_all: bool) -> list[Block]:
    name = words(one.key)
    if one.tax and one.tax.active:
        text = f"{brief(name)}: *{brief(one.tax.label, LONGEST)}*"
    else:
        gone = f"{brief(one.tax.label, LONGEST)} is inactive" if one.tax else "its tax is no longer there"
        text = f"🟡 {brief(name)}: {gone}. Choose another one below, or remove it."
    asks = confirm("Remove?", would_change_taxes(one.would_change, is_all=is_all), "Remove")
    return [section(text), actions(button("Remove", REMOVE, one.key, confirm=asks))]


def _fields(taxes: Sequence[Entry], currencies: Sequence[Entry]) -> list[Block]:
    sides = [option(label, side.value) for side, label in _SIDES]
    codes = [option(one.name, one.id) for one in currencies]
    offered = [option(tax.label, tax.id) for tax in taxes]
    return [
        field("For", SIDE, select(sides, chosen=Side.COST.value, action=TRY), tells=True),
        field("Currency", CURRENCY, select(codes, action=TRY), tells=True),
        field("Tax", TAX, select(offered, action=TRY), tells=True),
    ]
