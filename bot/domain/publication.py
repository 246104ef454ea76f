"""A publication: the steps from a click on **Publish** to one record in the accounting software."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from bot.domain.coding import Coding
from bot.domain.identity import EntryId, ItemId, PersonId
from bot.domain.items import PublishAs
from bot.domain.kinds import BILLS


class Step(StrEnum):
    """How far a publication has come; written down before the next step begins."""

    CLAIMED = "claimed"
    PREPARED = "prepared"
    SENDING = "sending"
    """The record may be at the accounting software already: look before sending again."""
    SENT = "sent"
    """The record stands. Of a bill with payment its files go next: a paid one may take none."""
    PAYING = "paying"
    """Of a bill with payment: the payment may be there already."""
    PAID = "paid"
    RECORDED = "recorded"

    @property
    def may_be_booked(self) -> bool:
        """Something of it may stand in the accounting software."""
        return self not in (Step.CLAIMED, Step.PREPARED)


@dataclass(frozen=True, slots=True)
class Record:
    """A record ready to be sent. `body` is the accounting software's own form, frozen; `reference` is
    ours, by which it is found again."""

    kind: PublishAs
    reference: str
    body: Mapping[str, Any] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    """What is said beside the body."""
    expects: Mapping[str, str] = field(default_factory=dict)
    """What the record read back should say, by the words of `Booked.read_back`."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of every id in it, what people call it."""
    payment: Mapping[str, Any] = field(default_factory=dict)
    """Of a bill with payment: the second record's body, without the bill's id."""
    expects_of_payment: Mapping[str, str] = field(default_factory=dict)
    """What the payment read back should say, by the words of `Paid.read_back`."""

    @property
    def party(self) -> str:
        """The supplier's or customer's id."""
        return self.expects.get("supplier") or self.expects.get("customer", "")

    @property
    def number(self) -> str:
        return self.expects.get("number", "")


@dataclass(frozen=True, slots=True)
class Booked:
    """A record as the accounting software has it."""

    kind: PublishAs
    record_id: str
    number: str
    link: str
    read_back: Mapping[str, str] = field(default_factory=dict)
    """What the answer says of `supplier` (or `customer`), `number`, `date`, `due date`, `total`, `currency`,
    and of each line `category`, `tax`, … as text, ids as ids; a word is left out where the answer is
    silent, and empty where it says that there is nothing."""
    names: Mapping[str, str] = field(default_factory=dict)
    """Of ids in it, what the answer calls them."""
    is_draft: bool = False
    tax_by_document: bool | None = None
    """How the organisation rounds tax, where the answer tells."""


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment as the accounting software has it."""

    payment_id: str
    amount: str = ""
    read_back: Mapping[str, str] = field(default_factory=dict)
    """As of a record: `payment's amount`, `payment's account` …"""


@dataclass(frozen=True, slots=True)
class Readable:
    """A record for people: what it is, its fields and lines as (label, text), in order."""

    title: str
    fields: tuple[tuple[str, str], ...]
    lines: tuple[str, ...]
    after: tuple[tuple[str, str], ...] = ()
    """What is sent after it: the payment of a bill."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file ready to be sent to a record."""

    kind: PublishAs
    record_id: str
    filename: str
    content_type: str
    content: bytes = field(repr=False)
    of_several: bool = False
    """The record gets further files; some software has another way for one alone."""


@dataclass(frozen=True, slots=True)
class Publication:
    id: str
    item: ItemId
    asked_by: PersonId
    asked_at: datetime
    step: Step = Step.CLAIMED
    supplier: EntryId | None = None
    """Where the person chose an existing supplier or one was created for it."""
    may_create_supplier: bool = False
    organisation: str = ""
    """Whose ids the record holds; another one connected meanwhile cannot take it."""
    record: Record | None = None
    coding: Coding | None = None
    """Every value as it was when the record was made: what is shown of a published item from then on."""
    booked: Booked | None = None
    paid: Paid | None = None
    attempts: int = 0
    file_runs: int = 0
    """How often its files were begun before the payment, which does not wait for them for ever."""
    automatic: str = ""
    """By what it was asked for where no person pressed a button: `rule for Acme Paper`."""
    many: str = ""
    """The id of the many it was begun with, when somebody asked for many at once."""
    found: str = ""
    """The id of the earlier publication of its item that had booked the record after all."""

    @property
    def owes_payment(self) -> bool:
        """The bill stands and its payment does not, as far as we know."""
        return self.step in (Step.SENT, Step.PAYING) and self.record is not None and bool(self.record.payment)


OURS = "DXT-"
"""Begins our reference, which is the publication's id too."""


def record_key(kind: PublishAs, record_id: str) -> str:
    """What a record is known by: a bill with payment is a bill there."""
    return f"{PublishAs.BILL.value if kind in BILLS else kind.value}:{record_id}"


def references_in(text: str) -> tuple[str, ...]:
    """Ours, among what stands where references stand: `NW-1001 / DXT-4QF2…`."""
    return tuple(word for word in text.split() if word.startswith(OURS))


def number_key(kind: PublishAs, party: str, number: str) -> str:
    """What no two records may share; empty where the accounting software lets them. A bill's number is used
    for its supplier, the others' for the whole organisation."""
    if kind in (PublishAs.EXPENSE, PublishAs.SALES_RECEIPT) or not number.strip():
        return ""
    family, whose = ("bill", party) if kind in BILLS else (kind.value, "")
    return f"{family}:{whose}:{number.strip().casefold()}"


EDITED_SINCE = "the item says"
"""What was found again and was edited meanwhile is not what we would send now."""
AMOUNTS = ("total", "price", "quantity", "rounding", "exchange rate", "amount")
"""Words whose values are numbers: 144 and 144.00 are the same."""


def differences(
    record: Record, booked: Booked, paid: Paid | None = None, ours_are: str = "we sent"
) -> tuple[str, ...]:
    """Where the record read back is not what was sent, in words: `tax is Zero Rate, we sent Reduced Rate`.
    What the answer is silent about is no difference; what it has empty is one."""
    names = {**booked.names, **record.names}
    found = list(_differences(record.expects, booked.read_back, names, ours_are))
    if paid is not None:
        found += _differences(record.expects_of_payment, paid.read_back, names, ours_are)
    return tuple(found)


def _differences(
    expects: Mapping[str, str], read_back: Mapping[str, str], names: Mapping[str, str], ours_are: str
) -> Iterator[str]:
    for what, ours in expects.items():
        there = read_back.get(what)
        if there is not None and not _is_same(what, ours, there):
            yield f"{what} is {names.get(there, there) or 'empty'}, {ours_are} {names.get(ours, ours)}"


def _is_same(what: str, ours: str, there: str) -> bool:
    if what.endswith(AMOUNTS) and there:
        return Decimal(ours) == Decimal(there)
    # Outer and double spaces are nothing that a person would see.
    return " ".join(ours.split()) == " ".join(there.split())
