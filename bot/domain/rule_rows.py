"""Rows of a supplier list beside the rules that stand: what they change, which cells are refused. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.auto_publish import switched
from bot.domain.identity import BOT, EntryId, PersonId
from bot.domain.items import AutoPublish, Side
from bot.domain.line_coding import without_rate
from bot.domain.lists import Entry, EntryUse, ListKind, Lists
from bot.domain.reading import RefusedRow, SupplierLine
from bot.domain.rules import rule_key
from bot.domain.settings import SupplierRule
from bot.domain.uses import RULE_LISTS
from bot.errors import WrongInput

_WHERE = {"category": "the chart of accounts", "tax": "the taxes", "payment_account": "the bank accounts"}


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
    """How the entries of the changed rules are called, by their ids."""

    @property
    def added(self) -> int:
        return sum(1 for before, _ in self.changes if not (before and before.sets_something))

    @property
    def changed(self) -> int:
        return len(self.changes) - self.added

    def __add__(self, other: Plan) -> Plan:
        return Plan(
            self.changes + other.changes,
            self.same + other.same,
            self.bare + other.bare,
            self.refused + other.refused,
            {**self.names, **other.names},
        )


def wanted(line: SupplierLine) -> set[tuple[ListKind, str]]:
    """Every text that `planned` looks up."""
    texts = {(kind, getattr(line, name)) for name, kind in RULE_LISTS.items()}
    texts.add((ListKind.CATEGORIES, without_rate(line.category)))
    return {(kind, text) for kind, text in texts if text}


def planned(
    lines: Iterable[SupplierLine],
    rules: Mapping[str, SupplierRule],
    lists: Lists,
    by: PersonId,
    now: datetime,
) -> Plan:
    """Compared with the rules that stand, by key. What cannot be used is refused by its row; what else the
    row says still counts."""
    changes: list[tuple[SupplierRule | None, SupplierRule]] = []
    refused: list[RefusedRow] = []
    names: dict[str, str] = {}
    same = bare = 0
    for line in lines:
        row = _Row(line, rules.get(rule_key(line.side, line.name)), lists, by, now)
        after = row.rule()
        refused += [RefusedRow(line.row, f"{line.name}: {fault}") for fault in row.faults]
        names |= row.names
        if after is None:
            bare += not line.says_something
        elif after == row.before:
            same += 1
        else:
            changes.append((row.before, after))
    return Plan(tuple(changes), same, bare, tuple(refused), names)


@dataclass
class _Row:
    """A row of the list beside the rule that stands; what it does not say stays as it is."""

    line: SupplierLine
    before: SupplierRule | None
    lists: Lists
    by: PersonId
    now: datetime
    faults: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    def rule(self) -> SupplierRule | None:
        """The rule as it is to be; nothing where the row sets nothing that can be used."""
        line = self.line
        bare = SupplierRule(rule_key(line.side, line.name), name=line.name, side=line.side)
        old = self.before or bare
        named = replace(
            old,
            category=self._entry("category") or old.category,
            tax=self._entry("tax") or old.tax,
            payment_account=self._entry("payment_account") or old.payment_account,
            currency=line.currency or old.currency,
            due_days=old.due_days if line.due_days is None else line.due_days,
            description=line.description or old.description,
            publish_as=line.publish_as or old.publish_as,
            duplicates=line.duplicates or old.duplicates,
        )
        whole = replace(named, auto=self._auto(named))
        return whole if self.before or whole != bare else None

    def _entry(self, name: str) -> EntryId | None:
        """The id of what a cell names. What the rule has already is not asked about."""
        text, kind = getattr(self.line, name), RULE_LISTS[name]
        if not text:
            return None
        stands: EntryId | None = getattr(self.before, name) if self.before else None
        entry = self.lists.find(kind, text)
        if entry is None and kind is ListKind.CATEGORIES:
            entry = self.lists.find(kind, without_rate(text))
        if stands and stands == (entry.id if entry else text):
            return stands
        try:
            found = _usable(entry, name, text, self.line.side)
        except WrongInput as fault:
            self.faults.append(fault.says)
            return None
        self.names[found.id] = found.label
        return found.id

    def _auto(self, rule: SupplierRule) -> AutoPublish | None:
        """As a form does it: what is on stays on as it was, and nothing goes unseen that is not said so."""
        line = self.line
        is_on = rule.auto is not None if line.auto is None else line.auto
        if line.auto_cap is not None and not is_on:
            self.faults.append("a limit without auto-publish")
        if is_on and rule.auto is None and (fault := self._against_auto(rule)):
            self.faults.append(fault)
            return None
        cap = rule.auto.cap if rule.auto and line.auto_cap is None else line.auto_cap
        return switched(rule.auto, on=is_on, by=self.by, now=self.now, cap=cap)

    def _against_auto(self, rule: SupplierRule) -> str:
        if self.by == BOT:
            return "auto-publish is switched on in Slack, in the name of who does it"
        is_seen = rule.category or self.line.auto_unseen
        return "" if is_seen else "it cannot go by itself without a category in its rule"


def _usable(entry: Entry | None, name: str, text: str, side: Side) -> Entry:
    """Raises WrongInput for one that items of this side could not get."""
    what = f"{name.replace('_', ' ')} “{text}”"
    if entry is None:
        raise WrongInput(f"{what} is not in {_WHERE[name]}")
    if not entry.active:
        raise WrongInput(f"{what} is no longer active")
    if entry.use not in (EntryUse.BOTH, EntryUse(side.value)):
        raise WrongInput(f"{what} is not for {side.value}s")
    return entry
