"""Another organisation was connected: what a business's choices pointed to there, and what they mean here.

A *place* is one choice that holds an entry of a list, as text: `rule:SUPPLIER:category`,
`setting:default_tax_costs`, `item:ID:tax`, `alias:KEY` for what a name was said to stand for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.domain import line_edits, uses
from bot.domain.identity import EntryId, PersonId
from bot.domain.items import AutoPublish, Field, Item, ManualValue
from bot.domain.layers import KINDS, NEW, party_field
from bot.domain.lists import Entry, ListKind, Lists, fold
from bot.domain.matching import Alias
from bot.domain.settings import BusinessSettings, SupplierRule

RULE, SETTING, ITEM, ALIAS = "rule", "setting", "item", "alias"
CHOSEN_SUPPLIER = "supplier_entry"
ORDER = (
    ListKind.CATEGORIES,
    ListKind.TAXES,
    ListKind.SUPPLIERS,
    ListKind.PROJECTS,
    ListKind.CUSTOMERS,
    ListKind.BANK_ACCOUNTS,
    ListKind.CURRENCIES,
)
"""In which order lists are mapped."""


class Matched(StrEnum):
    """How an entry of the former organisation found its counterpart."""

    OPEN = "open"
    EXACT = "exact"
    RESTORED = "restored"
    PICKED = "picked"
    SKIPPED = "skipped"

    @property
    def is_done(self) -> bool:
        return self in (Matched.EXACT, Matched.RESTORED, Matched.PICKED)


@dataclass(frozen=True, slots=True)
class MapLine:
    """An entry of the former organisation that choices point to."""

    kind: ListKind
    old: Entry
    places: tuple[str, ...]
    how: Matched = Matched.OPEN
    new: EntryId | None = None
    new_label: str = ""


@dataclass(frozen=True, slots=True)
class ListMapping:
    """From one organisation to another."""

    from_id: str
    from_name: str
    to_id: str
    to_name: str
    person: PersonId
    lines: tuple[MapLine, ...]
    is_settled: bool = False
    """What could be mapped by itself is."""
    is_told: bool = False

    def left(self, kind: ListKind | None = None) -> Sequence[MapLine]:
        """Lines without a counterpart, of one list or of all."""
        return [line for line in self.lines if not line.how.is_done and kind in (None, line.kind)]

    def asked(self, kind: ListKind, most: int) -> Sequence[MapLine]:
        """The next lines to ask for: those nobody was asked for yet, else those that were skipped."""
        left = self.left(kind)
        return ([line for line in left if line.how is Matched.OPEN] or left)[:most]

    def kinds_left(self, *, after: ListKind | None = None) -> Sequence[ListKind]:
        """Lists with such lines, in order; those behind `after`."""
        behind = ORDER[ORDER.index(after) + 1 :] if after in ORDER else ORDER
        return [kind for kind in behind if self.left(kind)]


@dataclass(frozen=True, slots=True)
class Moved:
    """What one place held before and holds now."""

    was: EntryId
    became: EntryId


def places(
    settings: BusinessSettings,
    rules: Iterable[SupplierRule],
    items: Iterable[Item],
    aliases: Iterable[Alias] = (),
) -> Iterator[tuple[str, ListKind, EntryId]]:
    """Every choice that holds an entry."""
    for name, kind, entry_id in uses.of_settings(settings):
        yield f"{SETTING}:{name}", kind, entry_id
    for rule in rules:
        for name, kind, entry_id in uses.of_rule(rule):
            yield f"{RULE}:{rule.supplier}:{name}", kind, entry_id
    for item in items:
        for field, manual in item.manual.items():
            if field in KINDS and manual.value and not manual.value.startswith(NEW):
                yield f"{ITEM}:{item.id}:{field}", KINDS[field], EntryId(manual.value)
        for _, line, field, entry in line_edits.entries(item):
            yield _line_place(item, line, field), KINDS[field], entry
        if item.supplier_entry:
            yield (
                f"{ITEM}:{item.id}:{CHOSEN_SUPPLIER}",
                KINDS[party_field(item.document.side)],
                item.supplier_entry,
            )
    for alias in aliases:
        yield f"{ALIAS}:{alias.key}", alias.kind, alias.entry


def former(mapping: ListMapping | None, organisation: str, kind: ListKind) -> Sequence[Entry]:
    """Entries of the former organisation that are still pointed to: known here as inactive ones, so that an
    item that uses one is never blank and says what it used."""
    if mapping is None or mapping.to_id != organisation:
        return []
    return [replace(line.old, active=False) for line in mapping.left(kind)]


def counterpart(kind: ListKind, old: Entry, lists: Lists) -> Entry | None:
    """The active entry of the same name, else of the same code and kind. Two taxes of one name with different
    rates, or categories of different sides, are not the same."""
    named = lists.find(kind, old.name)
    if named and named.active and fold(named.name) == fold(old.name) and _fits(old, named):
        return named
    coded = lists.find(kind, old.code) if old.code else None
    if coded and coded.active and coded.code == old.code and coded.detail == old.detail and _fits(old, coded):
        return coded
    return None


def _fits(old: Entry, new: Entry) -> bool:
    return old.percentage == new.percentage and old.use is new.use and new.id != old.id


# --- moving the choices


def moved_settings(settings: BusinessSettings, moves: Mapping[str, Moved]) -> BusinessSettings:
    """Only where a choice still holds what it held."""
    moved = {
        name: moves[place].became
        for name, _, entry_id in uses.of_settings(settings)
        if (place := f"{SETTING}:{name}") in moves and moves[place].was == entry_id
    }
    if not moved:
        return settings
    accounts: dict[EntryId, AutoPublish] = {}
    for account, switch in settings.auto_accounts.items():
        became = moved.get(f"{uses.AUTO_ACCOUNTS}:{account}", account)
        accounts[became] = _stricter(accounts.get(became, switch), switch)
    methods = {
        key: replace(method, account=moved.get(f"{uses.PAYMENT_METHODS}:{key}", method.account))
        for key, method in settings.payment_methods.items()
    }
    exceptions = {
        key: moved.get(f"{uses.TAX_EXCEPTIONS}:{key}", tax) for key, tax in settings.tax_exceptions.items()
    }
    changes: dict[str, Any] = {name: new for name, new in moved.items() if name in uses.SETTING_LISTS}
    return replace(
        settings, auto_accounts=accounts, payment_methods=methods, tax_exceptions=exceptions, **changes
    )


def _stricter(one: AutoPublish, other: AutoPublish) -> AutoPublish:
    """Two accounts became one: the lower cap stays, of two that are the same the later switch."""
    if one.cap == other.cap:
        return max(one, other, key=lambda switch: switch.since)
    return min(one, other, key=lambda switch: (switch.cap is None, switch.cap or 0))


def moved_rule(rule: SupplierRule, moves: Mapping[str, Moved]) -> SupplierRule:
    changes: dict[str, Any] = {
        name: moves[place].became
        for name, _, entry_id in uses.of_rule(rule)
        if (place := f"{RULE}:{rule.supplier}:{name}") in moves and moves[place].was == entry_id
    }
    return replace(rule, **changes) if changes else rule


def moved_item(item: Item, moves: Mapping[str, Moved]) -> Item:
    manual: dict[Field, ManualValue] = dict(item.manual)
    for name, value in item.manual.items():
        move = moves.get(f"{ITEM}:{item.id}:{name}")
        if move and move.was == value.value:
            manual[name] = replace(value, value=move.became)
    chosen = moves.get(f"{ITEM}:{item.id}:{CHOSEN_SUPPLIER}")
    supplier = chosen.became if chosen and chosen.was == item.supplier_entry else item.supplier_entry
    lines = list(item.line_edits) if item.line_edits else None
    for place, line, field, entry in line_edits.entries(item):
        move = moves.get(_line_place(item, line, field))
        if lines and move and move.was == entry:
            chosen_for_line: dict[str, Any] = {line_edits.LISTED[field]: move.became}
            lines[place] = replace(lines[place], **chosen_for_line)
    edits = tuple(lines) if lines else item.line_edits
    if (manual, supplier, edits) == (item.manual, item.supplier_entry, item.line_edits):
        return item
    return replace(item, manual=manual, supplier_entry=supplier, line_edits=edits)


def _line_place(item: Item, line: str, field: Field) -> str:
    return f"{ITEM}:{item.id}:line {line} {field}"


def moved_alias(alias: Alias, moves: Mapping[str, Moved], lists: Lists) -> Alias:
    """A name stands for the counterpart of what it stood for; `lists` knows how that is called."""
    move = moves.get(f"{ALIAS}:{alias.key}")
    if move is None or move.was != alias.entry:
        return alias
    entry = lists.by_id(alias.kind, move.became)
    return replace(alias, entry=move.became, name=entry.name if entry else alias.name)
