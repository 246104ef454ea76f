"""The lists that come from the accounting software; their entries, active or not; what a refresh changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from bot.domain import suppliers
from bot.domain.identity import EntryId, MessageRef, PersonId


class ListKind(StrEnum):
    CATEGORIES = "categories"
    TAXES = "taxes"
    SUPPLIERS = "suppliers"
    CUSTOMERS = "customers"
    BANK_ACCOUNTS = "bank_accounts"
    PROJECTS = "projects"
    PRODUCTS = "products"
    CURRENCIES = "currencies"
    LOCATIONS = "locations"
    PAYMENT_MODES = "payment_modes"
    TRANSACTION_LOCKS = "transaction_locks"

    @property
    def words(self) -> str:
        """As people read it: `bank accounts`."""
        return self.value.replace("_", " ")


class EntryUse(StrEnum):
    """What an entry may be used for; categories differ by side."""

    COST = "cost"
    SALE = "sale"
    BOTH = "both"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list. `code` is what people type instead of a name (`429`)."""

    id: EntryId
    name: str
    code: str = ""
    active: bool = True
    use: EntryUse = EntryUse.BOTH
    percentage: str = ""
    """Taxes: the rate as a decimal string, `20`."""
    currency: str = ""
    """Suppliers, customers, bank accounts: ISO 4217; empty: the organisation's."""
    also_known_as: tuple[str, ...] = ()
    """Other names that mean this entry: a supplier's company name, for one."""
    detail: str = ""
    """What kind it is in the accounting software's words: an account type, for one."""
    rate: str = ""
    """Currencies: base currency for one of it, as a decimal string."""
    as_of: str = ""
    """The day (ISO) that a currency's rate is of."""
    until: str = ""
    """Transaction locks: the last day (ISO) on which nothing may be added or changed any more."""

    @property
    def label(self) -> str:
        """As people pick it: `429 - Office Supplies`, `Standard Rate 20%`."""
        if self.percentage and f"{self.percentage}%" not in self.name:
            return f"{self.name} {self.percentage}%"
        return f"{self.code} - {self.name}" if self.code else self.name


class Lists(Protocol):
    """What pure rules need of the lists: entries already read, found by id or by what people write."""

    def by_id(self, kind: ListKind, entry_id: EntryId) -> Entry | None:
        """The entry, active or not."""
        ...

    def find(self, kind: ListKind, text: str) -> Entry | None:
        """The entry that `text` names by id, code, name, `code - name` or another known name, whatever
        case; an active one before an inactive one; nothing when two active ones fit equally."""
        ...


@dataclass(frozen=True, slots=True)
class ListChange:
    """What a refresh changed in one list."""

    kind: ListKind
    total: int
    added: int = 0
    renamed: tuple[tuple[str, str], ...] = ()
    """(old name, new name), at most a handful, for the report."""
    vanished: tuple[str, ...] = ()
    """Names that are gone or inactive now, at most a handful."""
    renamed_count: int = 0
    vanished_count: int = 0
    available: bool = True
    """False where the organisation has not switched this list on."""


class RefreshState(StrEnum):
    IN_PROGRESS = "in_progress"
    COMPLETE = "complete"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Refresh:
    """One refresh of a business's lists, asked for by a person or due by the clock."""

    id: str
    asked_by: PersonId
    started_at: datetime
    state: RefreshState = RefreshState.IN_PROGRESS
    finished_at: datetime | None = None
    changes: tuple[ListChange, ...] = ()
    """The lists that are read already, in order."""
    reading: ListKind | None = None
    read_count: int = 0
    items_touched: int = 0
    fault: str = ""
    retry_at: datetime | None = None
    message: MessageRef | None = None

    @property
    def seconds(self) -> float:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else 0.0


@dataclass(frozen=True, slots=True)
class ListsState:
    """What is known of the lists without reading them."""

    refreshed_at: datetime | None = None
    counts: Mapping[ListKind, int] = field(default_factory=dict)
    """Active entries of each list."""


NAMED = 5
"""How many names of a change a report holds."""


def difference(
    kind: ListKind, before: Mapping[EntryId, Entry], now: Iterable[Entry]
) -> tuple[ListChange, list[Entry]]:
    """Compare a list with what was known before.

    Returns the change and the whole new list: entries that vanished are kept, marked inactive.
    """
    fresh = {entry.id: entry for entry in now}
    added = sum(1 for entry in fresh.values() if entry.active and entry.id not in before)
    renamed = [
        (before[entry.id].name, entry.name)
        for entry in fresh.values()
        if entry.id in before and before[entry.id].name != entry.name
    ]
    gone = [
        entry
        for entry in before.values()
        if entry.active and (entry.id not in fresh or not fresh[entry.id].active)
    ]
    kept = [_inactive(entry) for entry in before.values() if entry.id not in fresh]
    change = ListChange(
        kind=kind,
        total=sum(1 for entry in fresh.values() if entry.active),
        added=added if before else 0,
        renamed=tuple(renamed[:NAMED]),
        vanished=tuple(entry.name for entry in gone[:NAMED]),
        renamed_count=len(renamed),
        vanished_count=len(gone),
    )
    return change, [*fresh.values(), *kept]


def _inactive(entry: Entry) -> Entry:
    return replace(entry, active=False)


# --- finding entries by what people write -----------------------------------------------------------


def fold(text: str) -> str:
    """Case and spaces folded: what an exact name is compared by."""
    return " ".join(text.casefold().split())


def index_keys(kind: ListKind, entry: Entry) -> set[str]:
    """Every folded form under which an entry is found. Storage indexes entries under these."""
    names = {entry.name, *entry.also_known_as}
    found = {f"i:{entry.id}"} | {f"n:{fold(name)}" for name in names if name}
    if entry.code:
        found |= {f"n:{fold(entry.code)}", f"n:{fold(f'{entry.code} - {entry.name}')}"}
        found.add(f"n:{fold(f'{entry.code} {entry.name}')}")
    if entry.percentage:
        found |= {f"n:{fold(entry.label)}", f"r:{entry.percentage}"}
    if kind in _PEOPLE:
        found |= {f"k:{suppliers.key(name)}" for name in names if name}
    return found


def lookup_keys(kind: ListKind, text: str) -> list[str]:
    """The forms to look under for a text, the surest first."""
    wanted = [f"i:{text.strip()}", f"n:{fold(text)}"]
    if kind in _PEOPLE and suppliers.key(text):
        wanted.append(f"k:{suppliers.key(text)}")
    if kind is ListKind.TAXES and (match := _RATE.fullmatch(text.strip())):
        wanted.append(f"r:{Decimal(match[1]).normalize():f}")
    if kind is ListKind.CATEGORIES and (match := _CODE_AND_NAME.match(text.strip())):
        wanted.append(f"n:{fold(match['name'])}")
    return wanted


_PEOPLE = (ListKind.SUPPLIERS, ListKind.CUSTOMERS)
_RATE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s?%", re.ASCII)
"""`20%`: what an e-invoice says of its tax."""
_CODE_AND_NAME = re.compile(r"(?=\S*\d)[A-Za-z0-9.]{1,12}(?:\s+[-–]|:)\s+(?P<name>.+)")
"""`429 - Office Supplies`, where the list has no codes; not “Pre-Press” and not “Travel - Taxis”."""


class ListSlice:
    """Some entries, held in memory: `Lists` for pure rules."""

    def __init__(self, entries: Iterable[tuple[ListKind, Entry]]) -> None:
        self._ids: dict[tuple[ListKind, str], Entry] = {}
        self._keys: dict[tuple[ListKind, str], list[Entry]] = {}
        for kind, entry in entries:
            if (kind, entry.id) in self._ids:
                continue
            self._ids[kind, entry.id] = entry
            for name in index_keys(kind, entry):
                self._keys.setdefault((kind, name), []).append(entry)

    def by_id(self, kind: ListKind, entry_id: EntryId) -> Entry | None:
        return self._ids.get((kind, entry_id))

    def find(self, kind: ListKind, text: str) -> Entry | None:
        """See `Lists.find`."""
        if not text.strip():
            return None
        inactive: Entry | None = None
        for name in lookup_keys(kind, text):
            entries = self._keys.get((kind, name), [])
            if name.startswith("k:"):
                entries = [entry for entry in entries if _agrees(entry, text)]
            active = [entry for entry in entries if entry.active]
            if len(active) == 1:
                return active[0]
            if len(active) > 1:
                return None
            inactive = inactive or (entries[0] if entries else None)
        return inactive


def _agrees(entry: Entry, text: str) -> bool:
    """Of an entry found by a loose key: whether one of its names does not contradict the text."""
    wanted = suppliers.key(text)
    names = (entry.name, *entry.also_known_as)
    return any(suppliers.key(name) == wanted and suppliers.agree(name, text) for name in names)
