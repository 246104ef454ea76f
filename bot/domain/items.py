"""The item: what the document said, what a person changed, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from bot.domain.attachments import Attachment
from bot.domain.identity import EntryId, ItemId, MessageRef, PersonId
from bot.domain.standing import RecordStanding


class Side(StrEnum):
    COST = "cost"
    SALE = "sale"


class DocumentType(StrEnum):
    INVOICE = "invoice"
    RECEIPT = "receipt"
    CREDIT_NOTE = "credit_note"
    EXPENSE_CLAIM = "expense_claim"
    """What a person spent and is paid back: its receipts are its lines."""


class PublishAs(StrEnum):
    """What an item becomes in the accounting software."""

    BILL = "bill"
    EXPENSE = "expense"
    BILL_WITH_PAYMENT = "bill_with_payment"
    """A bill, and then the payment that settled it: two records."""
    VENDOR_CREDIT = "vendor_credit"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    SALES_RECEIPT = "sales_receipt"

    @property
    def words(self) -> str:
        """As people read it: `Bill with payment`."""
        return self.noun.capitalize()

    @property
    def noun(self) -> str:
        """Within a sentence: `bill with payment`."""
        return self.value.replace("_", " ")


class Field(StrEnum):
    """The fields of an item that coding resolves and **Edit item** shows."""

    SUPPLIER = "supplier"
    CUSTOMER = "customer"
    CATEGORY = "category"
    TAX = "tax"
    DATE = "date"
    DUE_DATE = "due_date"
    DOCUMENT_NUMBER = "document_number"
    TOTAL = "total"
    TAX_AMOUNT = "tax_amount"
    CURRENCY = "currency"
    DESCRIPTION = "description"
    PROJECT = "project"
    PAYMENT_ACCOUNT = "payment_account"
    PAYMENT_MODE = "payment_mode"
    PUBLISH_AS = "publish_as"

    @property
    def words(self) -> str:
        """As people read it: `Due date`."""
        return self.value.replace("_", " ").capitalize()


class ItemStage(StrEnum):
    """What is stored of an item's state; ready or not is resolved anew each time it is looked at."""

    INBOX = "inbox"
    WAITING = "waiting"
    """A person must answer (new supplier) or something must mend (reconnect) before it goes on."""
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    REJECTED = "rejected"
    IN_CLAIM = "in_claim"
    """A receipt that is a line of an expense claim: booked with it, never alone."""


class ItemStatus(StrEnum):
    """The state people and the item API see."""

    NEEDS_ATTENTION = "needs_attention"
    READY = "ready"
    WAITING = "waiting"
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    FAILED = "failed"
    REJECTED = "rejected"
    IN_CLAIM = "in_claim"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a document; amounts are without tax."""

    description: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    category: str = ""
    tax: str = ""
    tax_rate: Decimal | None = None
    """In per cent, where the document gives it as a number."""
    tax_category: str = ""
    """Of an e-invoice: why it is taxed so, by UNCL 5305 (`S`, `Z`, `E`, `AE`, `K`, `G`, `O`)."""


@dataclass(frozen=True, slots=True)
class Document:
    """What the document said, in its own words. Never changed afterwards."""

    external_id: str
    """The sender's id (Dext: Receipt ID, Item ID); the same one again is the same item."""
    side: Side
    type: DocumentType
    supplier: str = ""
    customer: str = ""
    document_number: str = ""
    date: dt.date | None = None
    due_date: dt.date | None = None
    currency: str = ""
    """ISO 4217; empty: the organisation's."""
    total: Decimal | None = None
    """With tax."""
    tax_amount: Decimal | None = None
    category: str = ""
    tax: str = ""
    project: str = ""
    payment_account: str = ""
    """The account it was paid from, or the payment method: `Visa *4242`."""
    paid: bool = False
    base_currency: str = ""
    base_total: Decimal | None = None
    """The total in `base_currency`, where the document's sender gave one: the rate is total over it."""
    description: str = ""
    note: str = ""
    submitted_by: str = ""
    image_url: str = ""
    lines: tuple[Line, ...] = ()
    project_2: str = ""
    base_tax_amount: Decimal | None = None
    supplier_tax_number: str = ""
    """As it is written there; further ones of the same supplier in `other_tax_numbers`."""
    other_tax_numbers: tuple[str, ...] = ()
    supplier_legal_name: str = ""
    """As registered, where `supplier` is the name it trades under."""
    order_reference: str = ""
    corrects: str = ""
    """The number of the invoice that this one corrects or credits."""
    prepaid: Decimal | None = None
    payable: Decimal | None = None
    """What is left to pay."""
    tax_category: str = ""
    """As of a line, where there is only one."""
    file_hash: str = ""
    """SHA-256, in hex, of the file it was read from, where that is no table of many."""
    claimed: bool = False
    """Its sender says that it belongs to an expense claim."""

    @property
    def is_claim(self) -> bool:
        return self.type is DocumentType.EXPENSE_CLAIM


@dataclass(frozen=True, slots=True)
class ManualValue:
    """What a person set; wins over everything. `value` is an entry id for fields that come from a list,
    ISO dates, plain decimals, else the text."""

    value: str
    by: PersonId
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class LineEdit:
    """What a person set of a line; wins over everything for that line. What is empty stands as it is."""

    id: str
    """The number of the document's line, or a name of its own where somebody added it."""
    by: PersonId
    at: dt.datetime
    description: str = ""
    amount: Decimal | None = None
    """As it is booked: of a credit note above zero."""
    category: EntryId | None = None
    tax: EntryId | None = None
    project: EntryId | None = None


@dataclass(frozen=True, slots=True)
class Published:
    """The record in the accounting software."""

    kind: PublishAs
    record_id: str
    number: str
    link: str
    by: PersonId
    at: dt.datetime
    differences: tuple[str, ...] = ()
    """Where the record read back is not what was sent, in words."""
    automatic: str = ""
    """By what it was published by itself: `rule for Acme Paper`; empty where somebody pressed the button."""
    unpaid: str = ""
    """Of a bill with payment: why the payment was not booked, in a sentence. The bill stands."""
    is_draft: bool = False
    """It stands there as a draft, which the accounting software does not count yet."""
    standing: RecordStanding | None = None
    """How it stands there, where that is not as we left it."""

    @property
    def words(self) -> str:
        """`bill NW-1001`."""
        return f"{self.kind.noun} {self.number}"


@dataclass(frozen=True, slots=True)
class Hold:
    """Why an item waits or why publishing failed; `cause` is a word of ours, `says` a sentence."""

    cause: str
    says: str
    advice: str = ""
    at: dt.datetime | None = None
    sent: str = ""
    """A fingerprint of the values at that time: other ones, and what was said no longer stands."""
    link: str = ""
    """The record that is in the way, where there is one."""


@dataclass(frozen=True, slots=True)
class AutoPublish:
    """A switch that publishes what arrives after `since`, in the name of who set it."""

    by: PersonId
    since: dt.datetime
    cap: Decimal | None = None
    """Up to this total in the organisation's currency; nothing: any."""


@dataclass(frozen=True, slots=True)
class AutoHold:
    """An item on its way to be published by itself; until `at` anybody may keep it back."""

    at: dt.datetime
    by: PersonId
    because: str


BY_HAND = "by hand"
"""Where an item came from that a person typed in."""
DUPLICATE = "duplicate"
"""Why an item was left: somebody must say whether it is the same document as another."""
NEW_SUPPLIER = "new_supplier"
"""The cause of a `Hold`: the supplier is not in the accounting software and the warning is on."""
NUMBER_USED = "number_used"
"""The cause of a `Hold`: another record has the number; its page is the hold's `link`."""
RECONNECT = "reconnect"
"""The cause of a `Hold`: the sign-in broke; goes on by itself after reconnecting."""


@dataclass(frozen=True, slots=True)
class Item:
    """A document in the inbox."""

    id: ItemId
    document: Document
    received_at: dt.datetime
    received_from: str = ""
    """`costs_october.csv, by @mel` in words without markup: the file or channel it came by."""
    received_by: PersonId | None = None
    stage: ItemStage = ItemStage.INBOX
    manual: Mapping[Field, ManualValue] = field(default_factory=dict)
    supplier_entry: EntryId | None = None
    """Chosen or created for an unknown supplier; as good as a manual choice."""
    publication: str = ""
    """The id of the publication under way or done."""
    asked_by: PersonId | None = None
    asked_at: dt.datetime | None = None
    hold: Hold | None = None
    published: Published | None = None
    rejected_by: PersonId | None = None
    auto: AutoHold | None = None
    card: MessageRef | None = None
    revision: int = 0
    """Counts changes; who changes an item says which revision it read."""
    batch: str = ""
    """What came in together: the id of the import or of the request to the item API."""
    attachments: tuple[Attachment, ...] = ()
    receipts: tuple[ItemId, ...] = ()
    """Of an expense claim: its receipts, which name it as their `claim`; both change in one step."""
    claim: ItemId | None = None
    """The expense claim that it is a line of."""
    alone: PersonId | None = None
    """Who said that it is published alone, though its sender has it in a claim."""
    doubtful: tuple[str, ...] = ()
    """Ids of publications that ended while their record may have been booked: nothing is sent before each was
    looked up."""
    line_edits: tuple[LineEdit, ...] | None = None
    """The lines a person left, in their order; nothing: those of the document."""
