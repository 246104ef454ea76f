"""Zoho Books' answers about records, read back as text by the words people use. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.accounting.zoho_books.places import PLACES
from bot.domain.items import PublishAs
from bot.domain.publication import AMOUNTS, Booked, Paid

Row = Mapping[str, Any]

NONE = "none"
"""Sending no tax is a statement too: a supplier's own must not slip in unseen."""
_HEAD = {
    "supplier": "vendor_id",
    "customer": "customer_id",
    "date": "date",
    "due date": "due_date",
    "currency": "currency_id",
    "exchange rate": "exchange_rate",
    "payment account": "paid_through_account_id",
    "notes": "notes",
    "reference": "reference_number",
}
_EXPENSE = {"description": "description", "project": "project_id"}
"""Of an expense's head; the other kinds have these in their lines."""
_LINE = {
    "category": "account_id",
    "quantity": "quantity",
    "price": "rate",
    "amount": "amount",
    "name": "name",
    "description": "description",
    "customer": "customer_id",
    "project": "project_id",
}
_PAYMENT = {
    "payment's supplier": "vendor_id",
    "payment's amount": "amount",
    "payment's date": "date",
    "payment's account": "paid_through_account_id",
}
_NAMES = (
    ("vendor_id", "vendor_name"), ("customer_id", "customer_name"), ("account_id", "account_name"),
    ("tax_id", "tax_name"), ("currency_id", "currency_code"), ("project_id", "project_name"),
    ("paid_through_account_id", "paid_through_account_name"),
)  # fmt: skip


def expected(kind: PublishAs, body: Row, total: Decimal | None) -> dict[str, str]:
    """What the record of this body should say when it is read back."""
    said = _read(kind, _stated(body))
    if body.get("adjustment"):
        said["rounding"] = str(body["adjustment"])
    if total is not None:
        said["total"] = str(total)
    if body.get("taxes"):
        said["tax amount"] = str(sum(Decimal(str(one["tax_amount"])) for one in body["taxes"]))
    return {name: text for name, text in said.items() if text}


def booked(kind: PublishAs, row: Row, link: str) -> Booked:
    """An answer's record. What it has no word of is left out; what it says is empty is an empty text."""
    place = PLACES[kind]
    amounts = {
        "total": "total",
        "tax amount": "tax_amount" if kind is PublishAs.EXPENSE else "tax_total",
        "rounding": "adjustment",
    }
    record_id = str(row.get(place.id) or "")
    number = str(row.get(place.number) or record_id)
    return Booked(
        kind,
        record_id,
        number,
        link,
        _read(kind, row) | _said(row, amounts),
        names=dict(_names(row)),
        is_draft=str(row.get("status", "")) == "draft",
        tax_by_document=tax_by_document(row),
    )


def tax_by_document(row: Row) -> bool | None:
    """Whether tax is rounded once for a document. Not described, but seen live in bills and invoices."""
    said = str(row.get("tax_rounding") or "")
    return said == "entity_level" if said else None


def paid(row: Row) -> Paid:
    return Paid(str(row.get("payment_id") or ""), _amount(row.get("amount")), _said(row, _PAYMENT))


def expected_of_payment(body: Row) -> dict[str, str]:
    """What a payment of this body should say when it is read back."""
    return {name: text for name, text in _said(body, _PAYMENT).items() if text}


def _read(kind: PublishAs, row: Row) -> dict[str, str]:
    """Head and lines of a body, or of an answer, in the same words."""
    said = _said(row, _HEAD)
    lines = _lines(row)
    if kind is PublishAs.EXPENSE:
        said |= _said(row, _EXPENSE) | ({} if lines else _said(row, {"category": "account_id"}) | _tax(row))
    else:
        said |= _said(row, {"number": PLACES[kind].number})
    if len(lines) > 1 or (lines and kind is not PublishAs.EXPENSE):
        said["lines"] = str(len(lines))
    for number, line in enumerate(lines, start=1):
        where = f"line {number} " if len(lines) > 1 else ""
        words = _LINE if len(lines) > 1 or kind is not PublishAs.EXPENSE else {"category": "account_id"}
        said |= {f"{where}{name}": text for name, text in (_said(line, words) | _tax(line)).items()}
    return said


def _said(row: Row, words: Mapping[str, str]) -> dict[str, str]:
    """By our words, what a row says of them."""
    return {name: _text(name, row[theirs]) for name, theirs in words.items() if theirs in row}


def _tax(row: Row) -> dict[str, str]:
    return {"tax": str(row["tax_id"] or NONE)} if "tax_id" in row else {}


def _stated(body: Row) -> Row:
    """A body with its silence about tax spelt out."""
    lines = [{"tax_id": "", **line} for line in _lines(body)]
    return {"tax_id": "", **body, "line_items": lines}


def _text(name: str, value: object) -> str:
    if name.endswith(AMOUNTS):
        return _amount(value)
    return "" if value is None else str(value)


def _lines(row: Row) -> list[Row]:
    lines = row.get("line_items")
    return [line for line in lines if isinstance(line, Mapping)] if isinstance(lines, list) else []


def _names(row: Row) -> Iterator[tuple[str, str]]:
    for one in (row, *_lines(row)):
        for theirs, name in _NAMES:
            if one.get(theirs) and one.get(name):
                yield str(one[theirs]), str(one[name])


def _amount(value: object) -> str:
    try:
        return f"{Decimal(str(value)):f}" if value not in (None, "") else ""
    except InvalidOperation:
        return ""
