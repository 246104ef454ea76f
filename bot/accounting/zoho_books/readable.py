"""A record for people's eyes: the body that will be sent, field by field, ids by their names. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.accounting.zoho_books.bodies import LINKS
from bot.domain.publication import Readable, Record

_LABELS = {
    "vendor_id": "Supplier", "customer_id": "Customer", "project_id": "Project", "currency_id": "Currency",
    "account_id": "Category", "tax_id": "Tax", "paid_through_account_id": "Paid from",
    "reference_number": "Our reference", "exchange_rate": "Exchange rate", "payment_mode": "Payment mode",
    "is_inclusive_tax": "Tax", "adjustment": "Rounding", "amount": "Amount", "notes": "Notes",
}  # fmt: skip
"""Fields whose names do not say it."""
_LEFT_OUT = {"line_items", "adjustment_description", "taxes"}


def readable(record: Record) -> Readable:
    """In the order of the body."""
    lines = record.body.get("line_items")
    return Readable(
        title=record.kind.words,
        fields=(*_fields(record, record.body), *_link(record)),
        lines=tuple(_line(record, line) for line in (lines if isinstance(lines, list) else [])),
        after=tuple(_fields(record, record.payment)),
    )


def _fields(record: Record, body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in body.items():
        if name not in _LEFT_OUT:
            yield _LABELS.get(name, name.replace("_", " ").capitalize()), _text(record, name, value)
    for tax in body.get("taxes", ()):
        yield "Tax amount", f"{tax['tax_amount']} · {_text(record, 'tax_id', tax['tax_id'])}"


def _link(record: Record) -> Iterator[tuple[str, str]]:
    for name in LINKS.values():
        if linked := record.query.get(name):
            yield "Tied to", record.names.get(linked, linked)


def _text(record: Record, name: str, value: object) -> str:
    if name == "is_inclusive_tax":
        return "included in the amounts" if value else "added to the amounts"
    return record.names.get(str(value), str(value)) if name.endswith("_id") else str(value)


def _line(record: Record, line: Mapping[str, Any]) -> str:
    """`2 × 60.00 · Copier paper · 429 - Office Supplies · Standard Rate 20%`."""
    amount = f"{line['quantity']} × {line['rate']}" if "rate" in line else str(line.get("amount", ""))
    said = [line.get("name"), line.get("description")]
    said += [record.names.get(str(line[name]), str(line[name])) for name in _LINE_IDS if line.get(name)]
    return " · ".join([amount, *(str(text) for text in said if text)])


_LINE_IDS = ("account_id", "tax_id", "customer_id", "project_id")
