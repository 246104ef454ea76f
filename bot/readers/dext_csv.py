"""Dext's CSV exports of costs, in every heading variant: columns are found by name, never by place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain import money
from bot.domain.items import Document, DocumentType, Side
from bot.domain.reading import Reading, RefusedRow
from bot.errors import WrongInput
from bot.readers import table
from bot.readers.cells import Habits
from bot.readers.text import decoded

MOST_ROWS = 20_000
LONGEST = {
    "external_id": 128, "supplier": 200, "customer": 200, "document_number": 100, "category": 200, "tax": 200,
    "tax_code": 200, "project": 200, "project_2": 200, "bank_account": 200, "payment_method": 200,
    "description": 2000, "note": 2000,
}  # fmt: skip
"""Characters, as in the item API."""
_NAMES = {
    "receipt id": "external_id", "item id": "external_id", "type": "type", "date": "date",
    "due date": "due_date", "invoice number": "document_number", "document reference": "document_number",
    "supplier": "supplier", "category": "category", "customer": "customer", "client": "customer",
    "project": "project", "project 1": "project", "project 2": "project_2",
    "payment method": "payment_method", "bank account": "bank_account",
    "tax": "tax_amount", "tax amount": "tax_amount", "tax name": "tax", "tax code": "tax_code",
    "tax percentage": "tax_rate", "total": "total",
    "total amount": "total", "currency": "currency", "owner": "owner", "submitted by": "owner",
    "status": "status",
    "note": "note", "description": "description", "image": "image", "permalink": "image",
}  # fmt: skip
_TYPES = {
    "invoice": (Side.COST, DocumentType.INVOICE),
    "receipt": (Side.COST, DocumentType.RECEIPT),
    "expense claim": (Side.COST, DocumentType.EXPENSE_CLAIM),
    "credit note/refund": (Side.COST, DocumentType.CREDIT_NOTE),
    "credit note": (Side.COST, DocumentType.CREDIT_NOTE),
    "refund": (Side.COST, DocumentType.CREDIT_NOTE),
    "sales invoice": (Side.SALE, DocumentType.INVOICE),
    "sales credit note": (Side.SALE, DocumentType.CREDIT_NOTE),
}
_CLAIM, _CLAIMED = "expense claim", "claimed"
_BASE = re.compile(r"(tax|total) \(([a-z]{3})\)")
_SHORTENED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""What a spreadsheet makes of a long number: several ids may have become this one."""
_AMOUNTS = ("total", "tax_amount", "base_total", "base_tax")
_FEW_HEADINGS = 3
"""So many known headings and the file is meant to be an export."""


@dataclass(frozen=True)
class Columns:
    """Where each thing stands in a row, and the currency that the base columns are in."""

    places: Mapping[str, int]
    base_currency: str
    width: int

    def cell(self, row: Sequence[str], name: str) -> str:
        place = self.places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""

    def cells(self, rows: Sequence[Sequence[str]], *names: str) -> Iterator[str]:
        """All that stands in some columns."""
        return (text for name in names for row in rows if (text := self.cell(row, name)))


def read(filename: str, content: bytes) -> Reading | None:
    """The costs of an export; nothing when the headings are not Dext's. Raises WrongInput when a heading
    that must be there is missing, or there are more rows than a person would want to import at once."""
    text = decoded(content)
    numbered = enumerate(table.rows(text), start=1) if text else iter(())
    headings = next((row for _, row in numbered if any(row)), [])
    columns = _columns(filename, headings)
    if columns is None:
        return None
    rows: dict[int, list[str]] = {}
    for number, row in numbered:
        if any(cell.strip() for cell in row):
            rows[number] = row
        if len(rows) > MOST_ROWS:
            raise WrongInput(f"{filename} has more than {MOST_ROWS:,} rows.", advice="Split it.")
    return _reading(columns, rows)


def _reading(columns: Columns, rows: Mapping[int, list[str]]) -> Reading:
    every = list(rows.values())
    habits = Habits.of(columns.cells(every, "date", "due_date"), columns.cells(every, *_AMOUNTS))
    documents: dict[str, Document] = {}
    refused: list[RefusedRow] = []
    seen: dict[str, int] = {}
    for number, row in rows.items():
        try:
            document = _document(columns, habits, row)
            if first := seen.get(document.external_id):
                raise WrongInput(f"id {document.external_id} stands in row {first} already")
        except WrongInput as fault:
            refused.append(RefusedRow(number, fault.says))
        else:
            seen[document.external_id] = number
            documents[document.external_id] = document
    return Reading(tuple(documents.values()), tuple(refused), notes=habits.notes)


def _columns(filename: str, headings: list[str]) -> Columns | None:
    """Nothing when the headings are of something else. Raises WrongInput naming the ones that are missing."""
    places: dict[str, int] = {}
    base_currency = ""
    for place, heading in enumerate(headings):
        name = table.fold(heading)
        if (base := _BASE.fullmatch(name)) and money.is_currency(base[2].upper()):
            base_currency = base[2].upper()
            places.setdefault(f"base_{base[1]}", place)
        elif name in _NAMES:
            places.setdefault(_NAMES[name], place)
    missing = [
        words
        for words, names in (
            ("Receipt ID or Item ID", {"external_id"}),
            ("Supplier", {"supplier", "customer"}),
            ("Total", {"total"}),
        )
        if not names & places.keys()
    ]
    if not missing:
        return Columns(places, base_currency, len(headings))
    if len(places) < _FEW_HEADINGS:
        return None
    raise WrongInput(
        f"{filename} lacks the heading {', '.join(missing)}.", advice="Export it with that column."
    )


def _document(columns: Columns, habits: Habits, row: list[str]) -> Document:
    def cell(name: str) -> str:
        return columns.cell(row, name)

    if any(extra.strip() for extra in row[columns.width :]):
        raise WrongInput("the row has more cells than there are headings")
    if len(row) < columns.width:
        raise WrongInput(f"the row has {len(row)} cells, but there are {columns.width} headings")
    if not cell("external_id"):
        raise WrongInput("the id (Receipt ID or Item ID) is missing")
    if _SHORTENED_ID.fullmatch(cell("external_id")):
        raise WrongInput(f"the id {cell('external_id')} was shortened by a spreadsheet")
    for name, longest in LONGEST.items():
        if len(cell(name)) > longest:
            raise WrongInput(f"the {name.replace('_', ' ')} is longer than {longest} characters")
    is_one = not cell("type") and not cell("category") and _is_one(cell("supplier"), cell("owner"))
    side, kind = _type(_CLAIM if is_one else cell("type"), is_paid=bool(cell("payment_method")))
    is_claim = kind is DocumentType.EXPENSE_CLAIM
    total, tax_amount = habits.amount("total", cell("total")), habits.amount("tax", cell("tax_amount"))
    if total is not None and total < 0:
        # A negative invoice is a credit note (DOMAIN.md); amounts are kept positive.
        kind, total = DocumentType.CREDIT_NOTE, -total
        tax_amount = abs(tax_amount) if tax_amount else tax_amount
    date, due_date = habits.day("date", cell("date")), habits.day("due date", cell("due_date"))
    base_total = habits.amount("base total", cell("base_total"))
    base_tax = habits.amount("base tax", cell("base_tax"))
    return Document(
        external_id=cell("external_id"),
        side=side,
        type=kind,
        supplier=cell("supplier") if side is Side.COST else "",
        customer=cell("customer") or (cell("supplier") if side is Side.SALE else ""),
        document_number=cell("document_number"),
        date=date,
        due_date=due_date,
        currency=_currency(cell("currency")),
        total=total,
        tax_amount=tax_amount,
        category=cell("category"),
        tax=cell("tax") or cell("tax_code") or _rate(cell("tax_rate")),
        project=cell("project"),
        project_2=cell("project_2"),
        payment_account=cell("bank_account") or cell("payment_method"),
        paid=not is_claim and (kind is DocumentType.RECEIPT or bool(cell("payment_method"))),
        base_currency=columns.base_currency if base_total is not None else "",
        base_total=abs(base_total) if base_total is not None else None,
        base_tax_amount=abs(base_tax) if base_tax is not None else None,
        description=cell("description"),
        note=cell("note"),
        submitted_by=cell("owner")[:200],
        image_url=cell("image")[:2000],
        claimed=not is_claim and side is Side.COST and table.fold(cell("status")) == _CLAIMED,
    )


def _is_one(supplier: str, owner: str) -> bool:
    """Whether the supplier is who handed it in: where no type is told, that is an expense claim."""
    return bool(supplier) and table.fold(supplier) == table.fold(owner)


def _type(text: str, *, is_paid: bool) -> tuple[Side, DocumentType]:
    folded = table.fold(text).replace(" / ", "/")
    if not folded:  # a custom or listing export may leave the column out
        return Side.COST, DocumentType.RECEIPT if is_paid else DocumentType.INVOICE
    if folded not in _TYPES:
        raise WrongInput(f"type “{text[:40]}” is not known")
    return _TYPES[folded]


def _rate(text: str) -> str:
    """A rate alone as the name of a tax: `20.00` is `20%`. Nothing for a bare nought: it says nothing."""
    try:
        rate = money.parse(text.rstrip("% ")).normalize() if text else Decimal(0)
    except WrongInput:
        raise WrongInput(f"tax percentage “{text[:40]}” is not a number") from None
    return f"{rate:f}%" if rate else ""


def _currency(text: str) -> str:
    code = text.upper()
    if code and not money.is_currency(code):
        raise WrongInput(f"currency “{text[:10]}” is not known")
    return code
