"""What an Admin sets for a business, and the plain supplier rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.domain.identity import ChannelId, EntryId
from bot.domain.items import AutoPublish, DocumentType, PublishAs, Side
from bot.domain.payment_methods import PaymentMethod


class RefreshSchedule(IntEnum):
    """Hours between refreshes by themselves."""

    OFF = 0
    EVERY_6_HOURS = 6
    EVERY_12_HOURS = 12
    EVERY_24_HOURS = 24
    EVERY_48_HOURS = 48

    @property
    def words(self) -> str:
        return "Off" if self is RefreshSchedule.OFF else f"Every {self.value} hours"


class DuplicateMode(StrEnum):
    """What happens to an item that may be a duplicate. Nothing is ever deleted by itself."""

    REVIEW = "review"
    OFF = "off"

    @property
    def words(self) -> str:
        return "Ask before publishing" if self is DuplicateMode.REVIEW else "Off"


class BooksChanges(StrEnum):
    """What is looked for in the accounting software that was done there without us."""

    OFF = "off"
    OURS = "ours"
    EVERYTHING = "everything"

    @property
    def words(self) -> str:
        return {
            BooksChanges.OFF: "Off",
            BooksChanges.OURS: "Flag changes of what we published",
            BooksChanges.EVERYTHING: "Flag everything, also what was entered there",
        }[self]


@dataclass(frozen=True, slots=True)
class BusinessSettings:
    """A business's settings; they outlive the connection."""

    warn_new_supplier: bool = True
    default_tax_costs: EntryId | None = None
    default_tax_sales: EntryId | None = None
    channel: ChannelId | None = None
    refresh_schedule: RefreshSchedule = RefreshSchedule.EVERY_24_HOURS
    duplicates: DuplicateMode = DuplicateMode.REVIEW
    books_changes: BooksChanges = BooksChanges.EVERYTHING
    refresh_hour: int = 5
    """By the organisation's clock; refreshes are due then and every so many hours from there."""
    quiet: bool = False
    """Refreshes by themselves are announced only when they changed something or failed."""
    digest_hour: int | None = 8
    """In the organisation's time zone; nothing: no daily digest."""
    digest_channel: ChannelId | None = None
    """Nothing: the business's channel."""
    auto_publish: AutoPublish | None = None
    """For all items of the business; suppliers' and payment accounts' own switches go before it."""
    auto_accounts: Mapping[EntryId, AutoPublish] = field(default_factory=dict)
    """By payment account."""
    auto_except: tuple[DocumentType, ...] = ()
    """Never by themselves, whatever is switched on."""
    auto_hold_minutes: int = 10
    paid_costs: PublishAs = PublishAs.EXPENSE
    """Expense, or bill with payment."""
    unpaid_receipts: PublishAs = PublishAs.EXPENSE
    """Expense, or bill."""
    rounding_tolerance: int = 5
    """So many of the currency's smallest units (5 pence, 5 yen, 5 fils) may lines and total differ by and be
    settled as rounding."""
    second_admin: bool = False
    """Connecting another organisation than before needs the word of a second Admin."""
    payment_methods: Mapping[str, PaymentMethod] = field(default_factory=dict)
    """What documents' payment methods stand for, by `payment_methods.key`."""
    lock_date: dt.date | None = None
    """Our own: nothing of this day or before is published, whatever the accounting software allows."""
    tax_exceptions: Mapping[str, EntryId] = field(default_factory=dict)
    """Default taxes of what is in one currency, by `default_taxes.key`; they go before its side's."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """How many waiting items a setting decides the kind of."""

    paid_costs: int = 0
    unpaid_receipts: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many items in the inbox a setting decides for; of the newest where `is_all` is not so."""

    costs: int = 0
    """Without a tax of their own, and in no currency that has its own default."""
    sales: int = 0
    new_suppliers: int = 0
    is_all: bool = True
    concerned: Concerned = Concerned()


LONGEST_NAME = 200
"""Of a supplier, as accounting software takes it."""


@dataclass(frozen=True, slots=True)
class SupplierRule:
    """What items of one supplier, of sales: one customer, get when nobody set it by hand."""

    supplier: str
    """What it is kept under: see `rules.rule_key`."""
    category: EntryId | None = None
    tax: EntryId | None = None
    name: str = ""
    """The supplier, or customer, as people read it."""
    due_days: int | None = None
    """From the date to the due date."""
    payment_account: EntryId | None = None
    description: str = ""
    publish_as: PublishAs | None = None
    auto: AutoPublish | None = None
    currency: str = ""
    """ISO 4217; where the document names none."""
    duplicates: DuplicateMode | None = None
    """Nothing: as in the settings."""
    side: Side = Side.COST

    @property
    def sets_something(self) -> bool:
        """Whether items are coded or handled otherwise for it, or go by themselves."""
        codes = (
            self.category, self.tax, self.currency, self.payment_account, self.description, self.publish_as
        )  # fmt: skip
        switches = (self.due_days, self.auto, self.duplicates)
        return any(codes) or any(switch is not None for switch in switches)
