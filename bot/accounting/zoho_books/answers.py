"""Zoho Books' answers about records, read back as text by the words people use. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.accounting.zoho_books.places import PLACES
from bot.domain.items import PublishAs
from bot.domain.publication import Booked, Paid

Row = Mapping[str, Any]

NONE = "none"
"""Sending no tax is a statement too: a supplier's own must not slip in unseen."""
_HEAD = {
    "supplier": "vendor_id",
    "customer": "customer_id",
    "date": "date",
    "due date": "due_date",
    "currency": "currency_id",
    "payment account": "paid_through_account_id",
}
_LINE = {
    "category": "account_id",
    "tax": "tax_id",
    "quantity": "quantity",
    "price": "rate",
    "project": "project_id",
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
    return {name: str(value) for name, value in said.items() if value}


def booked(kind: PublishAs, row: Row, link: str) -> Booked:
    """An answer's record."""
    place = PLACES[kind]
    said = _read(kind, row) | {
        "reference": row.get("reference_number"),
        "total": _amount(row.get("total")),
        "tax amount": _amount(row.get("tax_amount" if kind is PublishAs.EXPENSE else "tax_total")),
        "rounding": _amount(row.get("adjustment")),
    }
    record_id = str(row.get(place.id) or "")
    number = str(row.get(place.number) or record_id)
    return Booked(
        kind,
        record_id,
        number,
        link,
        {name: str(value) for name, value in said.items() if value},
        names=dict(_names(row)),
        is_draft=str(row.get("status", "")) == "draft",
        tax_by_document=tax_by_document(row),
    )


def tax_by_document(row: Row) -> bool | None:
    """Whether tax is rounded once for a document. Not described, but seen live in bills and invoices."""
    said = str(row.get("tax_rounding") or "")
    return said == "entity_level" if said else None


def paid(row: Row) -> Paid:
    return Paid(str(row.get("payment_id") or ""), _amount(row.get("amount")))


def _read(kind: PublishAs, row: Row) -> dict[str, Any]:
    """Head and lines of a body, or of an answer, in the same words."""
    said = {name: row.get(theirs) for name, theirs in _HEAD.items()}
    if kind is PublishAs.EXPENSE:
        if not _lines(row):
            said |= {"category": row.get("account_id"), "tax": _tax(row)}
    else:
        said["number"] = row.get(PLACES[kind].number)
    lines = _lines(row)
    said["lines"] = str(len(lines)) if len(lines) > 1 else ""
    for number, line in enumerate(lines, start=1):
        where = f"line {number} " if len(lines) > 1 else ""
        said |= {f"{where}{name}": _text(name, line.get(theirs)) for name, theirs in _LINE.items()}
        said[f"{where}tax"] = _tax(line)
    return said


def _tax(row: Row) -> str:
    return str(row.get("tax_id") or (NONE if "tax_id" in row else ""))


def _stated(body: Row) -> Row:
    """A body with its silence about tax spelt out."""
    lines = [{"tax_id": "", **line} for line in _lines(body)]
    return {"tax_id": "", **body, "line_items": lines}


def _text(name: str, value: object) -> object:
    return _amount(value) if name in ("quantity", "price") else value


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
