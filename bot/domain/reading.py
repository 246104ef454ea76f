"""What a reader makes of a file: documents, a list of suppliers, and rows it refuses with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.domain.items import Document, PublishAs, Side
from bot.domain.settings import DuplicateMode
from bot.domain.suppliers import agree, key

SUFFIXES = frozenset({"csv", "tsv", "txt", "xml", "pdf"})
"""How files that a reader takes are called; others, when shared in a channel, are not even fetched."""


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """`row` counts from 1 with the heading, as a spreadsheet shows it; 0 is the file itself."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class SupplierLine:
    """One supplier, or customer, of a supplier list, and what its items are to get."""

    row: int
    name: str
    category: str = ""
    """Name, code, or both as Dext writes them."""
    currency: str = ""
    """ISO 4217."""
    code: str = ""
    side: Side = Side.COST
    """A customer's row is of sales."""
    tax: str = ""
    payment_account: str = ""
    due_days: int | None = None
    description: str = ""
    publish_as: PublishAs | None = None
    duplicates: DuplicateMode | None = None
    auto: bool | None = None
    """Whether its items go by themselves; nothing: the list does not say."""
    auto_unseen: bool = False
    """Also without a category."""
    auto_cap: Decimal | None = None

    @property
    def says_something(self) -> bool:
        """More than the name."""
        said = (self.category, self.currency, self.tax, self.payment_account, self.description)
        rest = (self.due_days, self.publish_as, self.duplicates, self.auto, self.auto_cap)
        return any(said) or any(one is not None for one in rest)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that belongs to a document: the file it was read from, or one embedded in it."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ReadAs:
    """An encoding that a file may be written in, and a few of its words as that reads them."""

    encoding: str
    words: str
    """What people call it: `Central European (Windows)`."""
    sample: str


@dataclass(frozen=True, slots=True)
class Reading:
    documents: tuple[Document, ...] = ()
    refused: tuple[RefusedRow, ...] = ()
    suppliers: tuple[SupplierLine, ...] = ()
    notes: tuple[str, ...] = ()
    """What was decided for the whole file, in sentences."""
    attachments: Mapping[str, tuple[NamedFile, ...]] = field(default_factory=dict)
    """The files of each document, by its external id."""
    read_as: tuple[ReadAs, ...] = ()
    """Where the file does not say its encoding: the one that was taken, then others that are possible."""
    is_doubtful: bool = False
    """Another encoding may well be the right one: somebody should look."""


def from_its_side(document: Document, organisation: str) -> Document:
    """The document as the business of that name sees it: an invoice that it wrote itself is a sale to whom it
    names, and on a cost the business is nobody's customer."""
    if document.side is not Side.COST or not key(organisation):
        return document
    wrote, receives = _is_one(document.supplier, organisation), _is_one(document.customer, organisation)
    if wrote and document.customer and not receives:
        return replace(document, side=Side.SALE, supplier="")
    return replace(document, customer="") if receives else document


def _is_one(name: str, organisation: str) -> bool:
    return bool(name) and key(name) == key(organisation) and agree(name, organisation)


def may_be_read(filename: str) -> bool:
    """Whether a file of this name is worth opening."""
    return filename.rpartition(".")[2].casefold() in SUFFIXES
