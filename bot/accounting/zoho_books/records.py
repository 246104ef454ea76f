"""Records as Zoho Books takes them, and its answers as we read them. Pure.

Amounts stand as text in a record and become JSON numbers of exactly those digits when sent.
https://www.zoho.com/books/api/v3/bills/#create-a-bill , …/expenses/#create-an-expense
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.domain.coding import Coding
from bot.domain.connection import Organisation
from bot.domain.identity import EntryId
from bot.domain.items import Field, PublishAs
from bot.domain.lists import Entry
from bot.domain.publication import Booked, Record
from bot.errors import Refused

AMOUNTS = {"rate", "amount", "exchange_rate", "quantity"}
LONGEST_EXPENSE_TEXT = 100
LONGEST_NUMBER = 100
LONGEST_LINE_TEXT = 2000
PATHS = {PublishAs.BILL: "/bills", PublishAs.EXPENSE: "/expenses"}
ROWS = {PublishAs.BILL: "bill", PublishAs.EXPENSE: "expense"}


def record(
    coding: Coding,
    supplier: Entry,
    organisation: Organisation,
    currencies: Mapping[str, EntryId],
    reference: str,
) -> Record:
    """The body as it will be sent. The item must be ready: total, date and category are there.

    Raises Refused when the item's currency is not among `currencies`.
    """
    make = _bill if coding.publish_as is PublishAs.BILL else _expense
    body = make(coding, supplier, reference) | _currency(coding, supplier, organisation, currencies)
    return Record(coding.publish_as, reference, {name: value for name, value in body.items() if value})


def _bill(coding: Coding, supplier: Entry, reference: str) -> dict[str, Any]:
    line = {
        "account_id": _id(coding, Field.CATEGORY),
        "description": coding.text(Field.DESCRIPTION)[:LONGEST_LINE_TEXT],
        "quantity": "1",
        "rate": str(coding.total),
        "tax_id": _id(coding, Field.TAX),
        "customer_id": _id(coding, Field.CUSTOMER),
        "project_id": _id(coding, Field.PROJECT),
    }
    return {
        "vendor_id": supplier.id,
        "bill_number": coding.text(Field.DOCUMENT_NUMBER)[:LONGEST_NUMBER],
        "reference_number": reference,
        "date": coding.date.isoformat() if coding.date else "",
        "due_date": coding.due_date.isoformat() if coding.due_date else "",
        "is_inclusive_tax": True,
        "line_items": [{name: value for name, value in line.items() if value}],
    }


def _expense(coding: Coding, supplier: Entry, reference: str) -> dict[str, Any]:
    return {
        "account_id": _id(coding, Field.CATEGORY),
        "date": coding.date.isoformat() if coding.date else "",
        "amount": str(coding.total),
        "paid_through_account_id": _id(coding, Field.PAYMENT_ACCOUNT),
        "vendor_id": supplier.id,
        "tax_id": _id(coding, Field.TAX),
        "is_inclusive_tax": True,
        "reference_number": _with_number(coding.text(Field.DOCUMENT_NUMBER), reference),
        "description": coding.text(Field.DESCRIPTION)[:LONGEST_EXPENSE_TEXT],
        "customer_id": _id(coding, Field.CUSTOMER),
        "project_id": _id(coding, Field.PROJECT),
    }


def _with_number(number: str, reference: str) -> str:
    """An expense has one place for both the document's number and our reference."""
    if not number:
        return reference
    return f"{number[: LONGEST_EXPENSE_TEXT - len(reference) - 3]} / {reference}"


def _currency(
    coding: Coding, supplier: Entry, organisation: Organisation, currencies: Mapping[str, EntryId]
) -> dict[str, Any]:
    """Silent only where nothing but the organisation's currency can be meant: a record without one takes
    the supplier's, and would be booked in the wrong currency."""
    base = organisation.currency
    if coding.currency == base and supplier.currency in ("", base):
        return {}
    if coding.currency not in currencies:
        raise Refused(
            f"The currency {coding.currency} is not in Zoho Books.",
            cause="currency",
            advice="Refresh the lists with `/dext refresh`, or change the currency with **Edit**.",
        )
    rate = str(coding.exchange_rate) if coding.exchange_rate and coding.currency != base else ""
    return {"currency_id": currencies[coding.currency], "exchange_rate": rate}


def _id(coding: Coding, name: Field) -> str:
    entry = coding.entry(name)
    return entry.id if entry and entry.active else ""


def to_json(body: Mapping[str, Any]) -> bytes:
    """The body as JSON; amounts as numbers of exactly their digits, never through a float."""

    def written(value: Any, name: str = "") -> str:
        if isinstance(value, Mapping):
            pairs = (f"{json.dumps(key)}: {written(inner, key)}" for key, inner in value.items())
            return f"{{{', '.join(pairs)}}}"
        if isinstance(value, list | tuple):
            return f"[{', '.join(written(inner) for inner in value)}]"
        return f"{Decimal(value):f}" if name in AMOUNTS else json.dumps(value, ensure_ascii=False)

    # Half an emoji (a lone surrogate) has no UTF-8 form.
    return written(body).encode(errors="replace")


def booked(kind: PublishAs, row: Mapping[str, Any], link: str) -> Booked:
    """An answer's record. What Zoho says of it is read back as text, ids as strings."""
    lines = row.get("line_items")
    line = lines[0] if isinstance(lines, list) and lines and isinstance(lines[0], dict) else {}
    said = {
        "supplier_id": row.get("vendor_id"),
        "number": row.get("bill_number"),
        "reference": row.get("reference_number"),
        "date": row.get("date"),
        "due_date": row.get("due_date"),
        "total": _amount(row.get("total")),
        "currency": row.get("currency_code"),
        "currency_id": row.get("currency_id"),
        "category_id": line.get("account_id") or row.get("account_id"),
        "tax_id": line.get("tax_id") or row.get("tax_id"),
    }
    record_id = str(row.get("bill_id") or row.get("expense_id") or "")
    number = str(row.get("bill_number") or row.get("reference_number") or record_id)
    return Booked(kind, record_id, number, link, {name: str(value) for name, value in said.items() if value})


def _amount(value: object) -> str:
    try:
        return f"{Decimal(str(value)):f}" if value not in (None, "") else ""
    except InvalidOperation:
        return ""
