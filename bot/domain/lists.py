"""The lists that come from the accounting software; their entries, active or not; what a refresh changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol, TypeVar

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


class TaxPart(NamedTuple):
    """One of the taxes that a tax group is made of."""

    id: EntryId
    name: str
    percentage: str
    active: bool = True

    @property
    def label(self) -> str:
        """`CGST 9%`."""
        return _taxed(self.name, self.percentage) + ("" if self.active else " (inactive)")


def _taxed(name: str, percentage: str) -> str:
    return f"{name} {percentage}%" if percentage and f"{percentage}%" not in name else name


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
    """The day (ISO) that a currency's rate is of, or on which the parts of a tax group were read."""
    decimals: str = ""
    """Currencies: digits after the point, where the accounting software tells them."""
    until: str = ""
    """Transaction locks: the last day (ISO) on which nothing may be added or changed any more."""
    tax_number: str = ""
    """Suppliers, customers: where the accounting software tells it."""
    is_group: bool = False
    """Taxes: several others under one name."""
    parts: tuple[TaxPart, ...] = ()
    """Of a tax group, as far as it was told."""
    changed_at: str = ""
    """Tax groups: when it was changed last, in the accounting software's words, where it tells."""

    @property
    def label(self) -> str:
        """As people pick it: `429 - Office Supplies`, `Standard Rate 20%`."""
        if self.percentage:
            return _taxed(self.name, self.percentage)
        return f"{self.code} - {self.name}" if self.code else self.name

    @property
    def made_of(self) -> str:
        """Of a tax group: `CGST 9% + SGST 9%`."""
        return " + ".join(part.label for part in self.parts)


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

    def fitting(self, kind: ListKind, text: str) -> Sequence[Entry]:
        """The entries that `find` chooses among: one, or all active ones that fit equally."""
        ...

    def all(self, kind: ListKind) -> Sequence[Entry]:
        """Every active entry of a short list; it must have been asked for (`finding.ALL`)."""
        ...


class Change(StrEnum):
    """What happened to one entry between two refreshes."""

    ADDED = "added"
    RENAMED = "renamed"
    INACTIVE = "inactive"
    ACTIVE = "active"
    GONE = "gone"
    PARTS = "parts"
    """A tax group is made of other taxes, or one of them became inactive."""

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
    made_of: str = ""
    """What a tax group is made of now."""


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
    methods: tuple[str, ...] = ()
    """Keys of payment methods that stand for it."""
    is_broken: bool = True
    """Something needs attention because of it; else it only bears another name."""

    @property
    def weight(self) -> int:
        return self.item_count + len(self.rules) + len(self.settings) + len(self.methods)


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
    regrouped: tuple[str, ...] = ()
    """Tax groups made of other taxes now."""
    regrouped_count: int = 0

    @property
    def is_any(self) -> bool:
        """Whether anything changed."""
        counts = (self.added, self.renamed_count, self.vanished_count, self.active_again_count)
        return any((*counts, self.regrouped_count))


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


def fold(text: str) -> str:
    """Case and spaces folded: what an exact name is compared by."""
    return " ".join(text.casefold().split())
