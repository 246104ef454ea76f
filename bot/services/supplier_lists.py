"""A supplier list into supplier rules: what it would change, and changing it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.audit import LogEntry
from bot.domain.identity import PersonId
from bot.domain.lists import Entry, EntryUse, ListKind, Lists
from bot.domain.reading import RefusedRow, SupplierLine
from bot.domain.resolving import without_rate
from bot.domain.settings import SupplierRule
from bot.domain.suppliers import key
from bot.errors import WrongInput
from bot.ports import Store
from bot.services.rules import words

CHUNK = 500


@dataclass(frozen=True)
class Plan:
    """What a supplier list changes: each rule as it was (nothing: there was none) and as it is to be."""

    changes: tuple[tuple[SupplierRule | None, SupplierRule], ...] = ()
    same: int = 0
    """Suppliers whose rule says so already."""
    bare: int = 0
    """Suppliers of whom the list says nothing but the name."""
    refused: tuple[RefusedRow, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    """How the categories of the changed rules are called, by their ids."""

    @property
    def added(self) -> int:
        return sum(1 for before, _ in self.changes if not (before and before.sets_something))

    @property
    def changed(self) -> int:
        return len(self.changes) - self.added


async def plan(store: Store, lines: Sequence[SupplierLine]) -> Plan:
    """Looks the categories up and compares with the rules that stand; changes nothing. A category that cannot
    be used is refused by its row; what else the row says still counts."""
    rules = {rule.supplier: rule for rule in await store.rules.all()}
    changes: list[tuple[SupplierRule | None, SupplierRule]] = []
    refused: list[RefusedRow] = []
    names: dict[str, str] = {}
    same = bare = 0
    for start in range(0, len(lines), CHUNK):
        chunk = lines[start : start + CHUNK]
        said = {text for line in chunk for text in (line.category, without_rate(line.category)) if text}
        lists = await store.lists.slice([(ListKind.CATEGORIES, text) for text in said])
        for line in chunk:
            category = None
            try:
                category = _category(lists, line.category)
            except WrongInput as fault:
                refused.append(RefusedRow(line.row, f"{line.name}: {fault.says}"))
            if category is None and not line.currency:
                bare += not line.category
                continue
            if category:
                names[category.id] = category.label
            before = rules.get(key(line.name))
            after = _rule(before, line, category)
            if after == before:
                same += 1
            else:
                changes.append((before, after))
    return Plan(tuple(changes), same, bare, tuple(refused), names)


async def adopt(store: Store, lines: Sequence[SupplierLine], by: PersonId, now: datetime) -> Plan:
    """Sets the rules. Doing it again changes nothing."""
    found = await plan(store, lines)
    for start in range(0, len(found.changes), CHUNK):
        chunk = found.changes[start : start + CHUNK]
        for _, after in chunk:
            await store.rules.save(after)
        await store.log.append(
            *(
                LogEntry(
                    now, by, "rule.changed", after.name, words(before, found.names), words(after, found.names)
                )
                for before, after in chunk
            )
        )
    return found


def _category(lists: Lists, text: str) -> Entry | None:
    """Raises WrongInput for one that items of this supplier could not get."""
    if not text:
        return None
    entry = lists.find(ListKind.CATEGORIES, text) or lists.find(ListKind.CATEGORIES, without_rate(text))
    if entry is None:
        raise WrongInput(f"category “{text}” is not in the chart of accounts")
    if not entry.active:
        raise WrongInput(f"category “{text}” is no longer active")
    if entry.use not in (EntryUse.COST, EntryUse.BOTH):
        raise WrongInput(f"category “{text}” is not for costs")
    return entry


def _rule(before: SupplierRule | None, line: SupplierLine, category: Entry | None) -> SupplierRule:
    """What the list does not say stays as it is."""
    rule = before or SupplierRule(key(line.name), name=line.name)
    return replace(
        rule,
        category=category.id if category else rule.category,
        currency=line.currency or rule.currency,
    )
