"""Rules of suppliers and customers: under what each is kept, and how it reads. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import suppliers
from bot.domain.items import Side
from bot.domain.lists import Entry, EntryUse, ListKind, Lists
from bot.domain.settings import SupplierRule
from bot.domain.uses import RULE_LISTS, of_rule

LONGEST_DESCRIPTION = 500
MOST_DUE_DAYS = 730

PARTIES = {Side.COST: ListKind.SUPPLIERS, Side.SALE: ListKind.CUSTOMERS}
"""Whose rules they are, by side."""
_SALE = "sale/"
"""Before a customer's name; no folded name has a slash."""
BEFORE_NAMES = {ListKind.SUPPLIERS: "", ListKind.CUSTOMERS: _SALE}
"""What stands before a folded name in the rule's key."""


def rule_key(side: Side, name: str) -> str:
    """What the rule of a supplier, of a sale: a customer, is kept under; empty for a name without a letter.
    One company may be both and has then a rule for each side."""
    folded = suppliers.key(name)
    return f"{_SALE}{folded}" if folded and side is Side.SALE else folded


def entries_of(rule: SupplierRule, lists: Lists) -> dict[str, Entry | None]:
    """By field the entries that a rule names; nothing where one is not known. A currency goes by its code."""
    chosen = {name: (kind, entry_id) for name, kind, entry_id in of_rule(rule)}
    found = {name: lists.by_id(*chosen[name]) if name in chosen else None for name in RULE_LISTS}
    return {**found, "currency": lists.find(ListKind.CURRENCIES, rule.currency) if rule.currency else None}


def not_for(side: Side, name: str, entry: Entry) -> str:
    """A sentence where an entry is of the other side, as sales accounts are for costs; else nothing."""
    if entry.use in (EntryUse.BOTH, EntryUse(side.value)):
        return ""
    return f"This {name.replace('_', ' ')} is not for {side.value}s. Choose another one."


def words(rule: SupplierRule | None, names: Mapping[str, str]) -> str:
    """A rule in a few words, for the log and for people; `names` are labels of entries by their ids."""
    if rule is None or not rule.sets_something:
        return "none"
    said = [
        f"{name.replace('_', ' ')} {names.get(str(chosen), str(chosen))}" for name, _, chosen in of_rule(rule)
    ]
    said += [f"currency {rule.currency}"] if rule.currency else []
    said += [f"due after {rule.due_days} days"] if rule.due_days is not None else []
    said += [f"description “{rule.description}”"] if rule.description else []
    said += [f"publish as {rule.publish_as.words.lower()}"] if rule.publish_as else []
    said += [f"possible duplicates: {rule.duplicates.words.lower()}"] if rule.duplicates else []
    if rule.auto:
        said.append("auto-publish" + (f" up to {rule.auto.cap}" if rule.auto.cap is not None else ""))
    return ", ".join(said)
