"""The lists that come from the accounting software; their entries, active or not; what a refresh changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeVar

from bot.domain import suppliers, tax_numbers
from bot.domain.identity import EntryId, ItemId, MessageRef, PersonId

T = TypeVar("T")
_ONE = {"categories": "category", "taxes": "tax", "currencies": "currency"}


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
    TAX_EXEMPTIONS = "tax_exemptions"
    REPORTING_TAGS = "reporting_tags"
    USERS = "users"
    TRANSACTION_LOCKS = "transaction_locks"

    @property
    def words(self) -> str:
        """As people read it: `bank accounts`."""
        return self.value.replace("_", " ")

    @property
    def one(self) -> str:
        """An entry of it: `bank account`."""
        return _ONE.get(self.value, self.words.removesuffix("s"))

    def counted(self, number: int) -> str:
        """`1 product`, `1,412 suppliers`."""
        return f"{number:,} {self.one if number == 1 else self.words}"


class How(StrEnum):
    """How much of a list a refresh read."""

    WHOLE = "whole"
    PART = "part"
    """What had changed since it was read last."""
    SAME = "same"
    """Nothing had changed since."""


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
    tax_number: str = ""
    """Suppliers, customers: where the accounting software tells it."""

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
        """The entry that `text` names by id, code, name, `code - name`, another known name or tax number
        (`TAX_NUMBER`), whatever case; an active one before an inactive one; nothing when two active ones
        fit equally."""
        ...

    def is_ambiguous(self, kind: ListKind, text: str) -> bool:
        """Whether two or more active entries fit equally."""
        ...


class Change(StrEnum):
    """What happened to one entry between two refreshes."""

    ADDED = "added"
    RENAMED = "renamed"
    INACTIVE = "inactive"
    ACTIVE = "active"
    GONE = "gone"

    @property
    def ends(self) -> bool:
        """The entry can no longer be used."""
        return self in (Change.INACTIVE, Change.GONE)


@dataclass(frozen=True, slots=True)
class EntryChange:
    """One line of a refresh's report."""

    kind: ListKind
    what: Change
    id: EntryId
    name: str
    """As it is called now, or was called last."""
    before: Entry | None = None
    """As it was known; nothing where it is new."""


@dataclass(frozen=True, slots=True)
class Touch:
    """A change of the report with what uses the entry."""

    line: int
    """Its place in the report."""
    change: EntryChange
    items: tuple[ItemId, ...] = ()
    item_count: int = 0
    rules: tuple[str, ...] = ()
    """Keys of supplier rules."""
    settings: tuple[str, ...] = ()
    """Settings in words, `Default tax for costs`."""
    is_broken: bool = True
    """Something needs attention because of it; else it only bears another name."""

    @property
    def weight(self) -> int:
        return self.item_count + len(self.rules) + len(self.settings)


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
    """False where the list could not be read; `why` says which of the reasons it was."""
    added_names: tuple[str, ...] = ()
    active_again: tuple[str, ...] = ()
    active_again_count: int = 0
    why: str = ""
    """`off`: the organisation has not switched it on; `rights`: the sign-in may not read it."""

    @property
    def is_any(self) -> bool:
        """Whether anything changed."""
        return bool(self.added or self.renamed_count or self.vanished_count or self.active_again_count)


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
    only: ListKind | None = None
    """The one list that is read; nothing: all of them."""
    waits_for: str = ""
    """While it waits for the accounting software's limits: what for, as a sentence."""
    waits_until: datetime | None = None
    failures: int = 0
    """How many refreshes in a row have failed, this one included."""
    touches: tuple[Touch, ...] = ()
    """The changes that touch most, for the message; the whole report has them all."""
    report_lines: int = 0

    @property
    def seconds(self) -> float:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else 0.0

    @property
    def is_news(self) -> bool:
        """What quiet mode announces: a change, or a failure the first time."""
        if self.state is RefreshState.FAILED:
            return self.failures <= 1
        return any(change.is_any for change in self.changes)


@dataclass(frozen=True, slots=True)
class ListsState:
    """What is known of the lists without reading them."""

    refreshed_at: datetime | None = None
    counts: Mapping[ListKind, int] = field(default_factory=dict)
    """Active entries of each list."""
    read_at: Mapping[ListKind, datetime] = field(default_factory=dict)
    """When each list was read last, wholly or only what had changed."""
    whole_at: Mapping[ListKind, datetime] = field(default_factory=dict)
    """When each list was read whole: only that shows what was deleted."""


NAMED = 5
"""How many names of a change a report holds."""
NEVER_VANISH = frozenset({ListKind.PAYMENT_MODES})
"""No path lists these: what was seen once, or typed by a person, stays."""


@dataclass
class Comparison:
    """A list as it arrives, page by page, against what was known before; in bounded memory."""

    kind: ListKind
    is_first: bool
    """Nothing was known before: nothing is new then."""
    added: int = 0
    renamed_count: int = 0
    vanished_count: int = 0
    active_again_count: int = 0
    added_names: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    active_again: list[str] = field(default_factory=list)

    def arrived(self, known: Mapping[EntryId, Entry], page: Iterable[Entry]) -> list[EntryChange]:
        """Entries the accounting software has; `known` holds those of them that were known."""
        return [change for entry in page for change in self._of(known.get(entry.id), entry)]

    def _of(self, before: Entry | None, now: Entry) -> list[EntryChange]:
        if before is None:
            return [self._noted(Change.ADDED, now, None)] if now.active and not self.is_first else []
        found = []
        if before.name != now.name:
            found.append(self._noted(Change.RENAMED, now, before))
        if before.active != now.active:
            found.append(self._noted(Change.ACTIVE if now.active else Change.INACTIVE, now, before))
        return found

    def missing(self, entries: Iterable[Entry]) -> tuple[list[Entry], list[EntryChange]]:
        """Known entries that did not arrive: kept, marked inactive; those that were in use are changes."""
        gone = list(entries)
        if self.kind in NEVER_VANISH:
            return gone, []
        changes = [self._noted(Change.GONE, entry, entry) for entry in gone if entry.active]
        return [replace(entry, active=False) for entry in gone], changes

    def _noted(self, what: Change, now: Entry, before: Entry | None) -> EntryChange:
        if what is Change.ADDED:
            self.added += 1
            _some(self.added_names, now.name)
        elif what is Change.RENAMED and before is not None:
            self.renamed_count += 1
            _some(self.renamed, (before.name, now.name))
        elif what is Change.ACTIVE:
            self.active_again_count += 1
            _some(self.active_again, now.name)
        else:
            self.vanished_count += 1
            _some(self.vanished, now.name)
        return EntryChange(self.kind, what, now.id, now.name, before)

    def result(self, total: int) -> ListChange:
        """`total`: how many active entries the list has now."""
        return ListChange(
            self.kind,
            total,
            added=self.added,
            renamed=tuple(self.renamed),
            vanished=tuple(self.vanished),
            renamed_count=self.renamed_count,
            vanished_count=self.vanished_count,
            added_names=tuple(self.added_names),
            active_again=tuple(self.active_again),
            active_again_count=self.active_again_count,
        )


def _some(names: list[T], name: T) -> None:
    if len(names) < NAMED:
        names.append(name)


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
        if tax_number := tax_numbers.key(entry.tax_number):
            found.add(f"t:{tax_number}")
    return found


def lookup_keys(kind: ListKind, text: str) -> list[str]:
    """The forms to look under for a text, the surest first."""
    if text.startswith(TAX_NUMBER):
        tax_number = tax_numbers.key(text.removeprefix(TAX_NUMBER))
        return [f"t:{tax_number}"] if tax_number and kind in _PEOPLE else []
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
TAX_NUMBER = "tax-number:"
"""Before a text that names a supplier or customer by tax number."""
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
        found = self._fitting(kind, text)
        return found[0] if len(found) == 1 else None

    def is_ambiguous(self, kind: ListKind, text: str) -> bool:
        """See `Lists.is_ambiguous`."""
        return len(self._fitting(kind, text)) > 1

    def _fitting(self, kind: ListKind, text: str) -> list[Entry]:
        """The one entry that a text means, or all active ones that it means equally well."""
        inactive: list[Entry] = []
        for name in lookup_keys(kind, text) if text.strip() else ():
            entries = self._keys.get((kind, name), [])
            if name.startswith("k:"):
                entries = [entry for entry in entries if _agrees(entry, text)]
            if name.startswith("t:"):
                number = text.removeprefix(TAX_NUMBER)
                entries = [entry for entry in entries if tax_numbers.same(entry.tax_number, number)]
            if active := [entry for entry in entries if entry.active]:
                # Its own name is surer than what another one is also called.
                own = [entry for entry in active if name == f"n:{fold(entry.name)}"]
                return own if len(own) == 1 else active
            inactive = inactive or entries[:1]
        return inactive


def _agrees(entry: Entry, text: str) -> bool:
    """Of an entry found by a loose key: whether one of its names does not contradict the text."""
    wanted = suppliers.key(text)
    names = (entry.name, *entry.also_known_as)
    return any(suppliers.key(name) == wanted and suppliers.agree(name, text) for name in names)
