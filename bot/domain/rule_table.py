"""Rules as a table that the import of supplier lists reads back. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal

from bot.domain.cells import safe
from bot.domain.items import Side
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.rules import entries_of
from bot.domain.settings import SupplierRule
from bot.domain.uses import RULE_LISTS

SIDES = {Side.COST: "Supplier", Side.SALE: "Customer"}
HEADINGS = (
    "Name", "Side", "Category", "Tax Name", "Due Days", "Payment Account", "Currency Code", "Description",
    "Publish As", "Possible Duplicates", "Auto-publish", "Auto-publish Limit",
)  # fmt: skip
"""No `Tax`, by which a list of documents is known."""
YES, YES_UNSEEN, NO = "Yes", "Yes, without a category", "No"


def table(rules: Iterable[SupplierRule], lists: Lists) -> str:
    """CSV as spreadsheets read it; no cell is a formula. `lists` holds at least what the rules name, by id
    and by label."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(HEADINGS)
    writer.writerows([safe(cell) for cell in _cells(rule, lists)] for rule in rules)
    return written.getvalue()


def _cells(rule: SupplierRule, lists: Lists) -> list[str]:
    entries = entries_of(rule, lists)

    def named(name: str) -> str:
        return _named(RULE_LISTS[name], getattr(rule, name), entries, name, lists)

    auto = "" if rule.auto is None else YES if rule.category else YES_UNSEEN
    return [
        rule.name,
        SIDES[rule.side],
        named("category"),
        named("tax"),
        "" if rule.due_days is None else str(rule.due_days),
        named("payment_account"),
        rule.currency,
        rule.description,
        rule.publish_as.words if rule.publish_as else "",
        rule.duplicates.words if rule.duplicates else "",
        auto,
        _amount(rule.auto.cap) if rule.auto and rule.auto.cap is not None else "",
    ]


def _amount(amount: Decimal) -> str:
    """Never with three decimals, which elsewhere are thousands."""
    text = f"{amount.normalize():f}"
    return f"{text}0" if len(text.rpartition(".")[2]) == 3 and "." in text else text  # noqa: PLR2004


def _named(
    kind: ListKind, chosen: str | None, entries: Mapping[str, Entry | None], name: str, lists: Lists
) -> str:
    """The entry as people call it, or its id where that means another one, several or none."""
    entry = entries.get(name)
    if not chosen or entry is None:
        return chosen or ""
    found = lists.find(kind, entry.label)
    return entry.label if found and found.id == entry.id else entry.id
