"""Payments of bills, and the lock dates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.rules import (
    LONGEST_TEXT,
    Refusal,
    _account,
    _day,
    _known,
    _number,
    _unlocked,
    _vendor,
)

PAYMENT_FIELDS = {
    "vendor_id", "bills", "date", "exchange_rate", "amount", "paid_through_account_id", "payment_mode",
    "description", "reference_number", "location_id", "tags", "custom_fields",
}  # fmt: skip
APPLIED_FIELDS = {"bill_id", "amount_applied"}


def vendor_payment(books: Books, organisation: Organisation, body: Row, query: Mapping[str, str]) -> Row:
    """https://www.zoho.com/books/api/v3/vendor-payments/#create-a-vendor-payment"""
    del query
    _known(body, PAYMENT_FIELDS)
    amount = _number(body.get("amount"), "amount")
    if amount <= 0:
        raise Refusal(4, "Invalid value passed for amount")
    vendor = _vendor(organisation, body.get("vendor_id"))
    day = _day(body, "date") or datetime.now(UTC).date().isoformat()
    _unlocked(organisation, day)
    if len(str(body.get("reference_number") or "")) > LONGEST_TEXT:
        raise Refusal(4, "Invalid value passed for reference_number")
    account = _account(organisation, body.get("paid_through_account_id"), payable=True)
    applied = _applied(organisation, body, vendor, amount)
    for bill, part in applied:
        bill["balance"] = float(Decimal(str(bill["balance"])) - part)
        bill["status"] = "paid" if not bill["balance"] else "partially_paid"
        bill["last_modified_time"] = books.now
    return {
        "payment_id": books.new_id(),
        "payment_number": str(len(organisation.rows["vendorpayments"]) + 1),
        "vendor_id": vendor["contact_id"],
        "vendor_name": vendor["contact_name"],
        "date": day,
        "amount": float(amount),
        "payment_mode": str(body.get("payment_mode") or ""),
        "paid_through_account_id": account["account_id"],
        "paid_through_account_name": account["account_name"],
        "reference_number": str(body.get("reference_number") or ""),
        "description": str(body.get("description") or ""),
        "exchange_rate": body.get("exchange_rate", 1),
        "bills": [
            {"bill_id": bill["bill_id"], "bill_number": bill["bill_number"], "amount_applied": float(part)}
            for bill, part in applied
        ],
    }


def _applied(
    organisation: Organisation, body: Row, vendor: Row, amount: Decimal
) -> list[tuple[Row, Decimal]]:
    """The bills of a payment with the part each gets: never more than is owed, nor more than is paid."""
    given = body.get("bills") or []
    if not isinstance(given, list):
        raise Refusal(2, "Invalid value passed for bills")
    applied = []
    for one in given:
        _known(one, APPLIED_FIELDS, "bills.")
        bill = organisation.find("bills", "bill_id", str(one.get("bill_id")))
        if bill is None or bill["vendor_id"] != vendor["contact_id"] or bill["status"] == "void":
            raise Refusal(1002, "The bill does not exist.")
        part = _number(one.get("amount_applied"), "amount_applied")
        if part <= 0 or part > Decimal(str(bill["balance"])):
            raise Refusal(4, "The amount applied is more than the balance of the bill.")
        applied.append((bill, part))
    if sum((part for _, part in applied), Decimal(0)) > amount:
        raise Refusal(4, "The amount applied is more than the amount of the payment.")
    return applied


def locks(organisation: Organisation) -> list[Row]:
    """https://www.zoho.com/books/api/v3/transaction-locking/ : one for everything, where it is locked."""
    if not organisation.lock_date:
        return []
    return [
        {
            "transaction_lock_id": f"{organisation.id}01",
            "transaction_lock_status": "enabled",
            "transaction_lock_date": organisation.lock_date,
            "lock_status": "locked",
            "lock_scope": 0,
            "lock_scope_formatted": "All",
            "status": "active",
        }
    ]
