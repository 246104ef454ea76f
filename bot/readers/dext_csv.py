"""Dext's CSV exports of costs, in every heading variant: columns are found by name, never by place."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from charset_normalizer import from_bytes

from bot.domain import money
from bot.domain.items import Document, DocumentType, Side
from bot.domain.reading import Reading, RefusedRow
from bot.errors import WrongInput

MOST_ROWS = 20_000
LARGEST_CELL = 100_000
LONGEST = {
    "external_id": 128, "supplier": 200, "customer": 200, "document_number": 100, "category": 200, "tax": 200,
    "tax_code": 200, "project": 200, "bank_account": 200, "payment_method": 200, "description": 2000,
    "note": 2000,
}  # fmt: skip
"""Characters, as in the item API."""
_NAMES = {
    "receipt id": "external_id", "item id": "external_id", "type": "type", "date": "date",
    "due date": "due_date", "invoice number": "document_number", "document reference": "document_number",
    "supplier": "supplier", "category": "category", "customer": "customer", "client": "customer",
    "project": "project", "payment method": "payment_method", "bank account": "bank_account",
    "tax": "tax_amount", "tax name": "tax", "tax code": "tax_code", "total": "total",
    "total amount": "total", "currency": "currency", "owner": "owner", "submitted by": "owner",
    "note": "note", "description": "description", "image": "image", "permalink": "image",
}  # fmt: skip
_TYPES = {
    "invoice": (Side.COST, DocumentType.INVOICE),
    "receipt": (Side.COST, DocumentType.RECEIPT),
    "credit note/refund": (Side.COST, DocumentType.CREDIT_NOTE),
    "credit note": (Side.COST, DocumentType.CREDIT_NOTE),
    "refund": (Side.COST, DocumentType.CREDIT_NOTE),
    "sales invoice": (Side.SALE, DocumentType.INVOICE),
    "sales credit note": (Side.SALE, DocumentType.CREDIT_NOTE),
}
_CLAIM = "expense claim"
_BASE = re.compile(r"(tax|total) \(([a-z]{3})\)")
_DATE_FORMS = (
    "%d-%b-%Y", "%d %b %Y", "%d-%B-%Y", "%d-%b-%y", "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%d-%m-%Y",
    "%d.%m.%Y", "%d/%m/%y",
)  # fmt: skip
_YEARS = range(1970, 2101)
_SHORTENED_ID = re.compile(r"\d(?:[.,]\d+)?E\+\d+", re.IGNORECASE)
"""What a spreadsheet makes of a long number: several ids may have become this one."""
_FEW_HEADINGS = 3
"""So many known headings and the file is meant to be an export."""
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True)
class Columns:
    """Where each thing stands in a row, and the currency that the base columns are in."""

    places: Mapping[str, int]
    base_currency: str
    width: int

    def cell(self, row: list[str], name: str) -> str:
        place = self.places.get(name)
        return row[place].strip() if place is not None and place < len(row) else ""


def read(filename: str, content: bytes) -> Reading | None:
    """The costs of an export; nothing when the headings are not Dext's. Raises WrongInput when a heading
    that must be there is missing, or there are more rows than a person would want to import at once."""
    text = _decoded(content)
    rows = enumerate(_rows(text), start=1) if text else iter(())
    first, headings = next(((number, row) for number, row in rows if any(row)), (0, []))
    columns = _columns(filename, headings)
    if columns is None:
        return None
    documents: list[Document] = []
    refused: list[RefusedRow] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        if number > MOST_ROWS + first:
            raise WrongInput(f"{filename} has more than {MOST_ROWS:,} rows.", advice="Split it.")
        if not any(cell.strip() for cell in row):
            continue
        try:
            document = _document(columns, row)
            if document.external_id in seen:
                raise WrongInput(
                    f"id {document.external_id} stands in row {seen[document.external_id]} already"
                )
        except WrongInput as fault:
            refused.append(RefusedRow(number, fault.says))
        else:
            seen[document.external_id] = number
            documents.append(document)
    return Reading(tuple(documents), tuple(refused))


def _decoded(content: bytes) -> str | None:
    """The text of the file; nothing when it is no text."""
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    if b"\0" in content:
        return None
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    best = from_bytes(content).best()
    return str(best) if best else None


def _rows(text: str) -> Iterator[list[str]]:
    """Every record, empty ones too; stops at one that cannot be read when nothing was read before it."""
    text = text.lstrip("\ufeff")
    if marked := re.match(r"sep=(.)\r?\n", text):
        text = "\n" + text[marked.end() :]  # Excel's own first line; rows keep their numbers
    heading = next((line for line in text[:LARGEST_CELL].splitlines() if line.strip()), "")
    delimiter = max(",;\t", key=heading.count)
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if number == 1:
                return
            raise WrongInput(
                f"Row {number} of the file cannot be read ({fault}).",
                advice="Look for a quote mark too many.",
            ) from None


def _columns(filename: str, headings: list[str]) -> Columns | None:
    """Nothing when the headings are of something else. Raises WrongInput naming the ones that are missing."""
    places: dict[str, int] = {}
    base_currency = ""
    for place, heading in enumerate(headings):
        name = _folded(heading)
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


def _document(columns: Columns, row: list[str]) -> Document:
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
    is_claim = not cell("type") and not cell("category") and _is_one(cell("supplier"), cell("owner"))
    side, kind = _type(_CLAIM if is_claim else cell("type"), is_paid=bool(cell("payment_method")))
    total, tax_amount = _amount("total", cell("total")), _amount("tax", cell("tax_amount"))
    if total is not None and total < 0:
        # A negative invoice is a credit note (DOMAIN.md); amounts are kept positive.
        kind, total = DocumentType.CREDIT_NOTE, -total
        tax_amount = abs(tax_amount) if tax_amount else tax_amount
    date, due_date = _date("date", cell("date")), _date("due date", cell("due_date"))
    base_total = _amount("base total", cell("base_total"))
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
        tax=cell("tax") or cell("tax_code"),
        project=cell("project"),
        payment_account=cell("bank_account") or cell("payment_method"),
        paid=kind is DocumentType.RECEIPT or bool(cell("payment_method")),
        base_currency=columns.base_currency if base_total is not None else "",
        base_total=abs(base_total) if base_total is not None else None,
        description=cell("description"),
        note=cell("note"),
        submitted_by=cell("owner")[:200],
        image_url=cell("image")[:2000],
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_one(supplier: str, owner: str) -> bool:
    """Whether the supplier is who handed it in: where no type is told, that is an expense claim."""
    return bool(supplier) and _folded(supplier) == _folded(owner)


def _type(text: str, *, is_paid: bool) -> tuple[Side, DocumentType]:
    folded = _folded(text).replace(" / ", "/")
    if not folded:  # a custom or listing export may leave the column out
        return Side.COST, DocumentType.RECEIPT if is_paid else DocumentType.INVOICE
    if folded == _CLAIM:
        raise WrongInput("expense claims are not taken in yet; import their receipts one by one")
    if folded not in _TYPES:
        raise WrongInput(f"type “{text[:40]}” is not known")
    return _TYPES[folded]


def _amount(name: str, text: str) -> Decimal | None:
    if not text:
        return None
    try:
        return money.parse(text)
    except WrongInput:
        raise WrongInput(f"{name} “{text[:40]}” is not an amount") from None


def _date(name: str, text: str) -> dt.date | None:
    if not text:
        return None
    for form in _DATE_FORMS:
        try:
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day on paper has no zone
        except ValueError:
            continue
        if day.year in _YEARS:
            return day
    raise WrongInput(f"{name} “{text[:40]}” is not a date")


def _currency(text: str) -> str:
    code = text.upper()
    if code and not money.is_currency(code):
        raise WrongInput(f"currency “{text[:10]}” is not known")
    return code
