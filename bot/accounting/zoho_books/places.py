"""Where each kind of record lives in Zoho Books: its path, and what its fields are called."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.items import PublishAs


@dataclass(frozen=True, slots=True)
class Place:
    """`one` names the record in an answer, `many` the rows of a list; `party` is whose record it is."""

    path: str
    one: str
    many: str
    id: str
    number: str
    party: str = "vendor_id"


_BILLS = Place("/bills", "bill", "bills", "bill_id", "bill_number")
PLACES = {
    PublishAs.BILL: _BILLS,
    PublishAs.BILL_WITH_PAYMENT: _BILLS,
    PublishAs.EXPENSE: Place("/expenses", "expense", "expenses", "expense_id", "reference_number"),
    PublishAs.VENDOR_CREDIT: Place(
        "/vendorcredits", "vendor_credit", "vendorcredits", "vendor_credit_id", "vendor_credit_number"
    ),
    PublishAs.INVOICE: Place(
        "/invoices", "invoice", "invoices", "invoice_id", "invoice_number", "customer_id"
    ),
    PublishAs.CREDIT_NOTE: Place(
        "/creditnotes", "creditnote", "creditnotes", "creditnote_id", "creditnote_number", "customer_id"
    ),
    PublishAs.SALES_RECEIPT: Place(
        "/salesreceipts", "salesreceipt", "salesreceipts", "sales_receipt_id", "receipt_number", "customer_id"
    ),
}
PAYMENTS = Place("/vendorpayments", "vendorpayment", "vendorpayments", "payment_id", "payment_number")
