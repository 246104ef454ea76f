"""The sections of the books: which rows each shows, and in which columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.sandbox.zoho_books.books import Organisation, Row


@dataclass(frozen=True)
class Column:
    """`kind` says how a value is written: text, money, base (money of the
    organisation's own currency), day, words, percent, mark or number."""

    title: str
    field: str
    kind: str = "text"


@dataclass(frozen=True)
class Section:
    """One entry of the navigation, one list and the records in it."""

    slug: str
    title: str
    one: str
    group: str
    kind: str
    key: tuple[str, ...]
    label: str
    columns: tuple[Column, ...]
    field: str = ""
    values: tuple[str, ...] = ()
    """Only rows whose `field` has one of these."""
    by_date: bool = False
    """A record with a date: newest first."""

    def rows(self, organisation: Organisation) -> list[Row]:
        found = list(self._all(organisation))
        if self.by_date:
            # Of one day, the one that was booked last stands first.
            dated = [(str(row.get("date", "")), number, row) for number, row in enumerate(found)]
            return [row for _, _, row in sorted(dated, key=lambda one: one[:2], reverse=True)]
        return sorted(found, key=lambda row: str(row.get(self.columns[0].field, "")).casefold())

    def _all(self, organisation: Organisation) -> Iterator[Row]:
        for row in organisation.rows.get(self.kind, []):
            if not self.field or row.get(self.field) in self.values:
                yield row

    def id_of(self, row: Row) -> str:
        return next((str(row[name]) for name in self.key if row.get(name)), "")

    def find(self, organisation: Organisation, record_id: str) -> Row | None:
        return next((row for row in self._all(organisation) if self.id_of(row) == record_id), None)


_TOTAL = Column("Total", "total", "money")
_DUE = Column("Due", "due_date", "day")
_DATE = Column("Date", "date", "day")
_STATUS = Column("Status", "status", "mark")
_REFERENCE = Column("Reference", "reference_number")
_CUSTOMER = Column("Customer", "customer_name")
_SUPPLIER = Column("Supplier", "vendor_name")
PURCHASES, SALES, BOOKS = "Purchases", "Sales", "Accounts"


def _contacts(slug: str, title: str, group: str, one: str, value: str) -> Section:
    columns = (
        Column("Name", "contact_name"),
        Column("Company", "company_name"),
        Column("Currency", "currency_code"),
        Column("Open", "open", "base"),
        _STATUS,
    )
    return Section(slug, title, one, group, "contacts", ("contact_id",), "contact_name", columns,
                   "contact_type", (value,))  # fmt: skip


def _documents(slug: str, title: str, group: str, one: str, key: tuple[str, ...], label: str,
               *columns: Column) -> Section:  # fmt: skip
    return Section(slug, title, one, group, slug, key, label, columns, by_date=True)


_ACCOUNT = (
    Column("Code", "account_code"),
    Column("Account", "account_name"),
    Column("Type", "account_type", "words"),
    Column("Status", "is_active", "mark"),
)
SECTIONS = (
    _contacts("suppliers", "Suppliers", PURCHASES, "supplier", "vendor"),
    _documents("bills", "Bills", PURCHASES, "bill", ("bill_id",), "bill_number",
               _DATE, Column("Number", "bill_number"), _SUPPLIER, _REFERENCE, _DUE,
               _STATUS, _TOTAL),
    _documents("expenses", "Expenses", PURCHASES, "expense", ("expense_id",), "reference_number",
               _DATE, Column("Account", "account_name"), _SUPPLIER, _REFERENCE,
               Column("Paid through", "paid_through_account_name"), _TOTAL),
    _documents("vendorcredits", "Vendor credits", PURCHASES, "vendor credit",
               ("vendor_credit_id", "vendorcredit_id"), "vendor_credit_number",
               _DATE, Column("Number", "vendor_credit_number"), _SUPPLIER, _REFERENCE, _STATUS, _TOTAL),
    _documents("vendorpayments", "Payments", PURCHASES, "payment", ("payment_id", "vendorpayment_id"),
               "payment_number",
               _DATE, Column("Number", "payment_number"), _SUPPLIER,
               Column("Paid through", "paid_through_account_name"), Column("Bills", "bill_numbers"),
               Column("Amount", "amount", "money")),
    _contacts("customers", "Customers", SALES, "customer", "customer"),
    _documents("invoices", "Invoices", SALES, "invoice", ("invoice_id",), "invoice_number",
               _DATE, Column("Number", "invoice_number"), _CUSTOMER, _REFERENCE, _DUE,
               _STATUS, _TOTAL),
    _documents("creditnotes", "Credit notes", SALES, "credit note", ("creditnote_id", "credit_note_id"),
               "creditnote_number",
               _DATE, Column("Number", "creditnote_number"), _CUSTOMER, _REFERENCE, _STATUS, _TOTAL),
    _documents("salesreceipts", "Sales receipts", SALES, "sales receipt",
               ("sales_receipt_id", "salesreceipt_id"), "receipt_number",
               _DATE, Column("Number", "receipt_number"), _CUSTOMER,
               Column("Paid by", "payment_mode", "words"), _STATUS, _TOTAL),
    Section("accounts", "Chart of accounts", "account", BOOKS, "accounts", ("account_id",),
            "account_name", _ACCOUNT),
    Section("bankaccounts", "Bank accounts", "bank account", BOOKS, "accounts", ("account_id",),
            "account_name", _ACCOUNT, "account_type", ("bank", "cash", "credit_card")),
    Section("taxes", "Taxes", "tax", BOOKS, "taxes", ("tax_id",), "tax_name",
            (Column("Tax", "tax_name"), Column("Rate", "tax_percentage", "percent"),
             Column("Kind", "tax_type", "words"), Column("Status", "is_active", "mark"))),
    Section("currencies", "Currencies", "currency", BOOKS, "currencies", ("currency_id",), "currency_code",
            (Column("Code", "currency_code"), Column("Name", "currency_name"),
             Column("Rate", "exchange_rate", "number"))),
    Section("items", "Items", "item", "Lists", "items", ("item_id",), "name",
            (Column("Item", "name"), Column("Price", "rate", "money"), _STATUS)),
    Section("projects", "Projects", "project", "Lists", "projects", ("project_id",), "project_name",
            (Column("Project", "project_name"), Column("Customer", "customer_name"), _STATUS)),
)  # fmt: skip
BY_SLUG = {section.slug: section for section in SECTIONS}
DOCUMENTS = tuple(section for section in SECTIONS if section.by_date)
_OTHER_SPELLINGS = {
    "chartofaccounts": "accounts", "vendors": "suppliers", "paymentsmade": "vendorpayments",
    "payments": "vendorpayments",
}  # fmt: skip


def section_of(organisation: Organisation, spelt: str, record_id: str = "") -> Section | None:
    """The section of an address, in our own spelling or in Zoho's (`contacts`, `paymentsmade`)."""
    slug = spelt.replace("_", "").casefold()
    if slug == "contacts":
        found = organisation.find("contacts", "contact_id", record_id) or {}
        slug = "customers" if found.get("contact_type") == "customer" else "suppliers"
    return BY_SLUG.get(_OTHER_SPELLINGS.get(slug, slug))


def in_groups() -> dict[str, list[Section]]:
    groups: dict[str, list[Section]] = {}
    for section in SECTIONS:
        groups.setdefault(section.group, []).append(section)
    return groups
