"""What the API has: its lists with their filters, and the records that can be made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.zoho_books import documents, rules
from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.payments import locks, vendor_payment
from bot.sandbox.zoho_books.rules import Refusal


@dataclass(frozen=True)
class Listing:
    """A list: where, its rows, the scope it wants, and the filters that it truly applies."""

    path: str
    kind: str
    name: str
    scope: str
    filters: tuple[str, ...] = ()
    one: str = ""
    key: str = ""
    is_paged: bool = True
    rows: Callable[[Organisation], list[Row]] | None = None
    """Where they are not kept, but made."""
    by_time: bool = False
    """Whether `last_modified_time` filters; where it does not, it is ignored without a word."""
    sorts: tuple[str, ...] = ()


LISTS = (
    Listing("/chartofaccounts", "accounts", "chartofaccounts", "accountants",
            ("account_code", "account_name"), by_time=True),
    Listing("/bankaccounts", "accounts", "bankaccounts", "banking"),
    Listing("/contacts", "contacts", "contacts", "contacts", ("contact_type", "contact_name", "company_name"),
            "contact", "contact_id", sorts=("contact_name", "last_modified_time", "created_time")),
    Listing("/settings/taxes", "taxes", "taxes", "settings"),
    Listing("/items", "items", "items", "settings"),
    Listing("/projects", "projects", "projects", "projects"),
    Listing("/settings/currencies", "currencies", "currencies", "settings"),
    Listing("/locations", "locations", "locations", "settings", is_paged=False),
    Listing("/settings/taxexemptions", "tax_exemptions", "tax_exemptions", "settings", is_paged=False),
    Listing("/reportingtags", "reporting_tags", "reporting_tags", "settings", is_paged=False),
    Listing("/users", "users", "users", "settings"),
    Listing("/bills", "bills", "bills", "bills", ("bill_number", "reference_number", "vendor_id", "date"),
            "bill", "bill_id", by_time=True, sorts=("vendor_name", "bill_number", "date", "due_date", "total",
            "balance", "created_time", "last_modified_time")),
    Listing("/expenses", "expenses", "expenses", "expenses", ("reference_number", "vendor_id", "date"),
            "expense", "expense_id", sorts=("date", "account_name", "total", "reference_number",
            "customer_name", "created_time")),
    Listing("/vendorcredits", "vendorcredits", "vendorcredits", "debitnotes",
            ("vendor_credit_number", "reference_number", "date"), "vendor_credit", "vendor_credit_id",
            by_time=True, sorts=("vendor_name", "vendor_credit_number", "balance", "total", "date",
            "created_time", "last_modified_time", "reference_number")),
    Listing("/vendorpayments", "vendorpayments", "vendorpayments", "vendorpayments",
            ("reference_number", "payment_number", "vendor_id", "date"), "vendorpayment", "payment_id"),
    Listing("/invoices", "invoices", "invoices", "invoices",
            ("invoice_number", "reference_number", "customer_id", "date"), "invoice", "invoice_id",
            by_time=True, sorts=("customer_name", "invoice_number", "date", "due_date", "total", "balance",
            "created_time")),
    Listing("/creditnotes", "creditnotes", "creditnotes", "creditnotes",
            ("creditnote_number", "reference_number", "customer_id", "date"), "creditnote", "creditnote_id",
            by_time=True, sorts=("customer_name", "creditnote_number", "balance", "total", "date",
            "created_time", "last_modified_time")),
    Listing("/salesreceipts", "salesreceipts", "salesreceipts", "invoices",
            ("receipt_number", "customer_id", "date"), "salesreceipt", "sales_receipt_id",
            sorts=("customer_name", "receipt_number", "date", "total", "created_time")),
    Listing("/transactionlocks", "transaction_locks", "transaction_locks", "accountants", rows=locks),
)  # fmt: skip
HIDDEN = {
    "taxes": {"is_active", "taxes"},
    "bankaccounts": {"last_modified_time"},
    "bills": {
        "documents", "line_items", "sub_total", "tax_total", "adjustment", "is_inclusive_tax", "notes",
        "tax_rounding",
    },
    "expenses": {
        "account_id", "amount", "documents", "exchange_rate", "is_inclusive_tax", "line_items",
        "paid_through_account_id",
        "paid_through_account_name", "project_id", "sub_total", "tax_amount", "tax_id", "tax_name",
        "vendor_id", "vendor_name",
    },
    "vendorcredits": {"line_items", "sub_total", "tax_total", "adjustment", "is_inclusive_tax", "notes"},
    "invoices": {"line_items", "sub_total", "tax_total", "is_inclusive_tax", "notes", "tax_rounding"},
    "creditnotes": {"line_items", "sub_total", "tax_total", "adjustment", "is_inclusive_tax", "notes"},
    "vendorpayments": {"bills"},
}  # fmt: skip
"""What rows of a list do not say, though the record has it: they are thin."""
NOT_ALONE = {"creditnotes": {"last_modified_time"}, "vendorpayments": {"last_modified_time"}}
"""What a record says in a list and not by itself."""
Maker = Callable[[Books, Organisation, Row, Mapping[str, str]], Row]


def _plain(make: Callable[[Books, Organisation, Row], Row]) -> Maker:
    """Nothing beside the body counts."""
    return lambda books, organisation, body, _: make(books, organisation, body)


@dataclass(frozen=True)
class Making:
    """A record that is made: its rows, its name in the answer, the rules, and the scope it wants."""

    kind: str
    name: str
    make: Maker
    scope: str
    is_flat: bool = False
    """Its fields stand in the answer beside `code`."""


MAKERS = {
    "/bills": Making("bills", "bill", _plain(rules.bill), "bills"),
    "/expenses": Making("expenses", "expense", _plain(rules.expense), "expenses"),
    "/contacts": Making("contacts", "contact", _plain(rules.contact), "contacts"),
    "/vendorcredits": Making("vendorcredits", "vendor_credit", documents.vendor_credit, "debitnotes"),
    "/invoices": Making("invoices", "invoice", documents.invoice, "invoices"),
    "/creditnotes": Making("creditnotes", "creditnote", documents.credit_note, "creditnotes"),
    "/salesreceipts": Making("salesreceipts", "salesreceipt", documents.sales_receipt, "invoices"),
    "/vendorpayments": Making(
        "vendorpayments", "vendorpayment", vendor_payment, "vendorpayments", is_flat=True
    ),
}


def alone(kind: str, row: Row) -> Row:
    """A record as its own answer shows it."""
    return {name: value for name, value in row.items() if name not in NOT_ALONE.get(kind, ())}


def counting(query: Any, name: str, default: int) -> int:
    """1, 2, 3 …"""
    text = str(query.get(name, default))
    if not text.isdecimal() or int(text) < 1:
        raise Refusal(2, f"Invalid value passed for {name}")
    return int(text)


def is_shown(listing: Listing, row: Row, query: Any) -> bool:
    """Filters that the description has are applied; a mistyped one is ignored without a word."""
    wanted = query.get("filter_by", "")
    if listing.name == "bankaccounts" and row["account_type"] not in ("bank", "credit_card"):
        return False
    is_active = row.get("is_active", True) and row.get("status") != "inactive"
    if not wanted.endswith(".All") and is_active == wanted.endswith(".Inactive"):
        return False
    since = query.get("last_modified_time", "") if listing.by_time else ""
    if since and str(row.get("last_modified_time", "")) <= since:
        return False
    for name in listing.filters:
        if name in query and str(row.get(name, "")).casefold() != query[name].casefold():
            return False
    text = query.get("contact_name_contains", "") if listing.kind == "contacts" else ""
    return text.casefold() in str(row.get("contact_name", "")).casefold()
