"""Making records void, and deleting them: what the real one allows, and what it refuses.

https://www.zoho.com/books/api/v3/bills/#void-a-bill , …/expenses/#delete-an-expense
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.rules import Refusal, _unlocked

HAS_DEPENDENTS = 36


@dataclass(frozen=True)
class Undoing:
    """A way to take a record back: `kind` are its rows, `key` their ids, `noun` what Zoho calls it."""

    path: str
    kind: str
    key: str
    noun: str
    scope: str


VOID = (
    Undoing("/bills", "bills", "bill_id", "Bill", "bills"),
    Undoing("/vendorcredits", "vendorcredits", "vendor_credit_id", "Vendor Credit", "debitnotes"),
    Undoing("/invoices", "invoices", "invoice_id", "Invoice", "invoices"),
    Undoing("/creditnotes", "creditnotes", "creditnote_id", "Credit Note", "creditnotes"),
)
"""By POST to `…/status/void`, with the right to create."""
DELETED = (
    Undoing("/expenses", "expenses", "expense_id", "expense", "expenses"),
    Undoing("/salesreceipts", "salesreceipts", "sales_receipt_id", "sales receipt", "invoices"),
    Undoing("/vendorpayments", "vendorpayments", "payment_id", "payment", "vendorpayments"),
)
"""By DELETE, with the right to delete."""


def make_void(books: Books, organisation: Organisation, undoing: Undoing, record_id: str) -> str:
    """What Zoho says of it. A record with payments on it cannot be void."""
    row = _found(organisation, undoing, record_id)
    if row["status"] != "void" and Decimal(str(row.get("balance", row["total"]))) != Decimal(
        str(row["total"])
    ):
        raise Refusal(
            HAS_DEPENDENTS, f"{undoing.noun} cannot be marked as void since payments are associated with it."
        )
    row |= {"status": "void", "balance": 0, "last_modified_time": books.now}
    return f"{undoing.noun} status has been changed to Void."


def delete(books: Books, organisation: Organisation, undoing: Undoing, record_id: str) -> str:
    """What Zoho says of it. A payment that goes leaves its bills open again."""
    row = _found(organisation, undoing, record_id)
    for part in row.get("bills", []) if undoing.kind == "vendorpayments" else []:
        bill = organisation.find("bills", "bill_id", part["bill_id"])
        if bill is not None:
            bill["balance"] = float(Decimal(str(bill["balance"])) + Decimal(str(part["amount_applied"])))
            bill |= {"status": "open", "last_modified_time": books.now}
    organisation.rows[undoing.kind].remove(row)
    return f"The {undoing.noun} has been deleted."


def _found(organisation: Organisation, undoing: Undoing, record_id: str) -> Row:
    row = organisation.find(undoing.kind, undoing.key, record_id)
    if row is None:
        raise Refusal(1002, f"{undoing.noun} does not exist.", 404)
    _unlocked(organisation, row["date"])
    return row
