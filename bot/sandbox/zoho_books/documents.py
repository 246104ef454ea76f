"""Vendor credits, invoices, credit notes and sales receipts: what is refused, and what is made of the rest.

Where the description is silent: an invoice's and credit note's line takes an `account_id`, a `name` and a
`rate`, as other clients send them; a sales receipt's line likewise, since its answers have a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.rules import (
    LONGEST_NAME,
    LONGEST_TEXT,
    Refusal,
    _account,
    _amounts,
    _currency,
    _day,
    _known,
    _number,
    _penny,
    _tax,
    _taxes,
    _unlocked,
    _vendor,
)

Query = Mapping[str, str]

LINE_FIELDS = {
    "account_id", "item_id", "name", "description", "rate", "quantity", "tax_id", "project_id", "tags",
    "location_id",
}  # fmt: skip
RECEIPT_LINE_FIELDS = LINE_FIELDS - {"project_id", "location_id"}
VENDOR_CREDIT_FIELDS = {
    "vendor_id", "currency_id", "vendor_credit_number", "reference_number", "date", "exchange_rate",
    "is_inclusive_tax", "location_id", "line_items", "notes", "custom_fields", "tags",
}  # fmt: skip
INVOICE_FIELDS = {
    "customer_id", "currency_id", "invoice_number", "reference_number", "date", "payment_terms", "due_date",
    "is_inclusive_tax", "exchange_rate", "location_id", "custom_fields", "tags", "line_items", "notes",
    "terms", "adjustment", "adjustment_description",
}  # fmt: skip
CREDIT_NOTE_FIELDS = {
    "customer_id", "currency_id", "date", "exchange_rate", "line_items", "location_id", "creditnote_number",
    "reference_number", "custom_fields", "tags", "notes", "terms", "is_inclusive_tax",
}  # fmt: skip
RECEIPT_FIELDS = {
    "customer_id",
    "receipt_number",
    "date",
    "payment_mode",
    "line_items",
    "notes",
    "terms",
    "tags",
}
TOO_LONG = 5000


def vendor_credit(books: Books, organisation: Organisation, body: Row, query: Query) -> Row:
    """https://www.zoho.com/books/api/v3/vendor-credits/#create-a-vendor-credit"""
    _known(body, VENDOR_CREDIT_FIELDS)
    if not body.get("vendor_id"):
        raise Refusal(4, "Invalid value passed for vendor_id")
    vendor = _vendor(organisation, body["vendor_id"])
    _tied(organisation, "bill", query.get("bill_id"), "vendor_id", vendor["contact_id"])
    number = _numbered(organisation, "vendorcredits", "vendor_credit_number", body, query, "VC")
    whole = _document(books, organisation, body, needs_account=True)
    del whole["tax_total"], whole["adjustment"]
    return {
        "vendor_credit_id": books.new_id(),
        "vendor_credit_number": number,
        "vendor_id": vendor["contact_id"],
        "vendor_name": vendor["contact_name"],
        "status": "open",
        **whole,
    }


def invoice(books: Books, organisation: Organisation, body: Row, query: Query) -> Row:
    """https://www.zoho.com/books/api/v3/invoices/#create-an-invoice as a draft."""
    _known(body, INVOICE_FIELDS)
    customer = _customer(organisation, body)
    number = _numbered(organisation, "invoices", "invoice_number", body, query, "INV")
    whole = _document(books, organisation, body)
    due = _day(body, "due_date")
    if due and due < whole["date"]:
        raise Refusal(4, "The due date cannot be before the date of the invoice.")
    return {
        "invoice_id": books.new_id(),
        "invoice_number": number,
        "status": "draft",
        "tax_rounding": organisation.tax_rounding,
        "due_date": due or whole["date"],
        **customer,
        **whole,
    }


def credit_note(books: Books, organisation: Organisation, body: Row, query: Query) -> Row:
    """https://www.zoho.com/books/api/v3/credit-notes/#create-a-credit-note"""
    _known(body, CREDIT_NOTE_FIELDS)
    customer = _customer(organisation, body)
    if not body.get("date"):
        raise Refusal(4, "Invalid value passed for date")
    _tied(organisation, "invoice", query.get("invoice_id"), "customer_id", customer["customer_id"])
    number = _numbered(organisation, "creditnotes", "creditnote_number", body, query, "CN")
    whole = _document(books, organisation, body)
    del whole["tax_total"], whole["sub_total"], whole["adjustment"], whole["is_inclusive_tax"]
    return {
        "creditnote_id": books.new_id(),
        "creditnote_number": number,
        "status": "open",
        **customer,
        **whole,
    }


def sales_receipt(books: Books, organisation: Organisation, body: Row, query: Query) -> Row:
    """https://www.zoho.com/books/api/v3/sales-receipt/#create-a-sales-receipt in its customer's currency."""
    _known(body, RECEIPT_FIELDS)
    customer = _customer(organisation, body)
    if not str(body.get("payment_mode") or "").strip():
        raise Refusal(4, "Invalid value passed for payment_mode")
    number = _numbered(organisation, "salesreceipts", "receipt_number", body, query, "SR")
    currency = {"currency_id": _contacts_currency(organisation, customer["customer_id"])}
    whole = _document(books, organisation, {**body, **currency}, fields=RECEIPT_LINE_FIELDS)
    del whole["reference_number"], whole["is_inclusive_tax"], whole["adjustment"], whole["balance"]
    return {
        "sales_receipt_id": books.new_id(),
        "receipt_number": number,
        "status": "closed",
        "payment_mode": str(body["payment_mode"]),
        "terms": str(body.get("terms") or ""),
        **customer,
        **whole,
    }


_UNTIED = {"draft": 12005, "paid": 12006, "void": 12007}
"""ZOHO_BOOKS 3.2, where it is said of invoices."""


def _tied(organisation: Organisation, noun: str, tied: str | None, party: str, whose: str) -> None:
    """The bill or invoice that a credit is said to correct. Whether the credit is set off against it at once
    is not described: here it is not."""
    if not tied:
        return
    row = organisation.find(f"{noun}s", f"{noun}_id", tied)
    if row is None or row[party] != whose:
        raise Refusal(1002, f"The {noun} does not exist.")
    if code := _UNTIED.get(row["status"]):
        raise Refusal(code, f"Credits cannot be applied to a {row['status']} {noun}.")


# --- what they share


@dataclass(frozen=True)
class _Totals:
    lines: list[Row]
    net: Decimal
    tax: Decimal


def _document(
    books: Books,
    organisation: Organisation,
    body: Row,
    *,
    needs_account: bool = False,
    fields: set[str] = LINE_FIELDS,
) -> Row:
    day = _day(body, "date") or datetime.now(UTC).date().isoformat()
    _unlocked(organisation, day)
    for name in ("notes", "terms"):
        if len(str(body.get(name) or "")) > TOO_LONG:
            raise Refusal(4, f"Please ensure that {name} has less than {TOO_LONG} characters.")
    if len(str(body.get("reference_number") or "")) > LONGEST_TEXT:
        raise Refusal(4, "Invalid value passed for reference_number")
    currency = _currency(organisation, body)
    totals = _lines(books, organisation, body, currency, needs_account=needs_account, fields=fields)
    adjustment = _number(body.get("adjustment", 0), "adjustment")
    total = totals.net + totals.tax + adjustment
    if total < 0:
        raise Refusal(4, "The total cannot be negative.")
    return {
        "reference_number": str(body.get("reference_number") or ""),
        "date": day,
        "is_inclusive_tax": bool(body.get("is_inclusive_tax")),
        "notes": str(body.get("notes") or ""),
        "sub_total": float(totals.net),
        "tax_total": float(totals.tax),
        "adjustment": float(adjustment),
        "total": float(total),
        "balance": float(total),
        "line_items": totals.lines,
        **currency,
    }


def _lines(
    books: Books,
    organisation: Organisation,
    body: Row,
    currency: Row,
    *,
    needs_account: bool,
    fields: set[str],
) -> _Totals:
    given = body.get("line_items")
    if not isinstance(given, list) or not given:
        raise Refusal(4016, "Please add at least one line item.")
    penny = _penny(organisation, currency)
    lines, whole = [], Decimal(0)
    taxed: list[tuple[Decimal, Row | None]] = []
    inclusive = bool(body.get("is_inclusive_tax"))
    for line in given:
        _known(line, fields, "line_items.")
        account = _line_account(organisation, line, needs_account=needs_account)
        tax = _tax(organisation, line.get("tax_id"))
        _line_links(organisation, line)
        amount = _number(line.get("rate"), "rate") * _number(line.get("quantity", 1), "quantity")
        line_net, _ = _amounts(amount, tax, inclusive=inclusive, penny=penny)
        whole += amount.quantize(penny, ROUND_HALF_UP)
        taxed.append((amount, tax))
        lines.append(
            {
                **line,
                "line_item_id": books.new_id(),
                "account_id": account["account_id"],
                "account_name": account["account_name"],
                "tax_id": tax["tax_id"] if tax else "",
                "tax_name": tax["tax_name"] if tax else "",
                "tax_percentage": tax["tax_percentage"] if tax else 0,
                "item_total": float(line_net),
            }
        )
    tax_total = sum(_taxes(organisation, taxed, inclusive=inclusive, penny=penny).values(), Decimal(0))
    return _Totals(lines, whole - tax_total if inclusive else whole, tax_total)


def _line_account(organisation: Organisation, line: Row, *, needs_account: bool) -> Row:
    if line.get("account_id"):
        return _account(organisation, line["account_id"])
    if needs_account:
        raise Refusal(13009, "The account of the line item is empty.")
    sales = organisation.find("accounts", "account_type", "income")
    if sales is None:
        raise Refusal(1002, "The account does not exist or is inactive.")
    return sales


def _line_links(organisation: Organisation, line: Row) -> None:
    if not (line.get("item_id") or str(line.get("name") or "").strip() or line.get("description")):
        raise Refusal(4, "Invalid value passed for item_id")
    if line.get("item_id") and organisation.find("items", "item_id", str(line["item_id"])) is None:
        raise Refusal(1002, "The item does not exist.")
    if len(str(line.get("name") or "")) > LONGEST_TEXT:
        raise Refusal(4, f"Please ensure that name has less than {LONGEST_TEXT} characters.")
    project = line.get("project_id")
    if project and organisation.find("projects", "project_id", str(project)) is None:
        raise Refusal(1002, "The project does not exist.")


def _customer(organisation: Organisation, body: Row) -> Row:
    if not body.get("customer_id"):
        raise Refusal(4, "Invalid value passed for customer_id")
    found = organisation.find("contacts", "contact_id", str(body["customer_id"]))
    if found is None or found["contact_type"] != "customer" or found["status"] != "active":
        raise Refusal(1002, "The customer does not exist or is not accessible.")
    return {"customer_id": found["contact_id"], "customer_name": found["contact_name"]}


def _contacts_currency(organisation: Organisation, contact: str) -> Any:
    code = (organisation.find("contacts", "contact_id", contact) or {}).get("currency_code")
    return (organisation.find("currencies", "currency_code", str(code)) or {}).get("currency_id")


_TAKEN = {"invoices": 1001, "creditnotes": 12018, "vendorcredits": 12018}
"""Sales receipts are not looked at."""


def _numbered(organisation: Organisation, kind: str, name: str, body: Row, query: Query, prefix: str) -> str:
    """The number of a document: the next one, or one's own where that is asked for beside the body."""
    number = str(body.get(name) or "").strip()
    if len(number) > LONGEST_NAME:
        raise Refusal(4, f"Invalid value passed for {name}")
    own = query.get("ignore_auto_number_generation", "").casefold() == "true"
    if own != bool(number):
        raise Refusal(4, f"Invalid value passed for {name}")
    rows = organisation.rows[kind]
    if not number:
        return f"{prefix}-{len(rows) + 1:05}"
    taken = any(row[name].strip().casefold() == number.casefold() for row in rows if row["status"] != "void")
    if taken and kind in _TAKEN:
        raise Refusal(_TAKEN[kind], f"{name.replace('_', ' ').capitalize()} {number} already exists.")
    return number
