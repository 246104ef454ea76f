"""Invented books to look at: two organisations of one name, accounts, taxes, a few hundred suppliers."""

from __future__ import annotations

from bot.sandbox.zoho_books.books import Books, Organisation
from bot.sandbox.zoho_books.sample_records import live_in
from bot.sandbox.zoho_books.sample_rows import account, contact

HELD_OUT = "60001"
NAMESAKE = "60002"
PERSON = "ada@held-out.example"

_ACCOUNTS = (
    ("429", "Office Supplies", "expense"), ("493", "Travel", "expense"), ("461", "Printing", "expense"),
    ("310", "Cost of Sales", "cost_of_goods_sold"), ("311", "Manpower Cost", "cost_of_goods_sold"),
    ("485", "Subscriptions", "expense"), ("420", "Entertainment", "expense"), ("404", "Bank Fees", "expense"),
    ("710", "Office Equipment", "fixed_asset"), ("200", "Sales", "income"),
    ("260", "Other Revenue", "other_income"),
    ("610", "Accounts Receivable", "accounts_receivable"), ("800", "Accounts Payable", "accounts_payable"),
    ("090", "Current Account", "bank"), ("091", "Petty Cash", "cash"), ("092", "Visa 4242", "credit_card"),
)  # fmt: skip
_TAXES = (
    ("Standard Rate", 20, "tax"), ("Reduced Rate", 5, "tax"), ("Zero Rated", 0, "tax"),
    ("20% (VAT on Expenses)", 20, "tax"), ("Levy", 2, "tax"), ("Standard and Levy", 22, "tax_group"),
)  # fmt: skip
_GROUPED = ("Standard Rate", "Levy")
_SUPPLIERS = (
    "Northwind Paper Ltd", "Kestrel Taxis", "Atelier Lumière SARL", "PT Samudra Jaya", "Copper & Pine, Inc.",
    "Hazel Brook Staffing", "Acme Paper Ltd", "Brand & New Supplies Co.", "Harbour Print Works",
)  # fmt: skip
_CUSTOMERS = ("Harbour Books", "Lantern Theatre", "Quayside Cafe", "Northgate School")
_FIRST = (
    "Amber",
    "Birch",
    "Cedar",
    "Dover",
    "Ember",
    "Fern",
    "Glen",
    "Hollow",
    "Ivory",
    "Juniper",
    "Kelp",
    "Linden",
)
_SECOND = (
    "Catering", "Cleaning", "Couriers", "Electrical", "Joinery", "Motors", "Optics", "Plumbing", "Roofing",
    "Security", "Textiles", "Tiling", "Timber", "Tools", "Water", "Windows", "Works", "Yarns",
)  # fmt: skip


def sample_books(*, lived_in: bool = False) -> Books:
    """Two organisations of one name for ada, one for tom, none for eve.

    With `lived_in` they have been used for months: more accounts and lists, and records of every kind.
    """
    books = Books()
    books.organisations = [
        Organisation(HELD_OUT, "Held Out Ltd", "GBP", "United Kingdom", "Europe/London"),
        Organisation(NAMESAKE, "Held Out Ltd", "EUR", "Ireland", "Europe/Dublin"),
        Organisation("60003", "Tom's Tools", "GBP", "United Kingdom", "Europe/London"),
    ]
    books.people = {
        PERSON: [HELD_OUT, NAMESAKE],
        "tom@held-out.example": ["60003"],
        "eve@held-out.example": [],
    }
    for organisation in books.organisations:
        _fill(books, organisation)
        if lived_in:
            live_in(books, organisation)
    return books


def _fill(books: Books, organisation: Organisation) -> None:
    rows = organisation.rows
    for code, name, kind in _ACCOUNTS:
        rows["accounts"].append(account(books, name, kind, code))
    rows["accounts"].append(account(books, "Print & Copy", "expense", "462") | {"is_active": False})
    for name, rate, kind in _TAXES:
        rows["taxes"].append(
            {
                "tax_id": books.new_id(),
                "tax_name": name,
                "tax_percentage": rate,
                "tax_type": kind,
                "is_active": True,
            }
        )
    made_of = [row["tax_id"] for row in rows["taxes"] if row["tax_name"] in _GROUPED]
    rows["taxes"][-1]["taxes"] = made_of
    for code in dict.fromkeys((organisation.currency_code, "GBP", "EUR", "USD")):
        rows["currencies"].append(
            {
                "currency_id": books.new_id(),
                "currency_code": code,
                "currency_name": code,
                "is_base_currency": code == organisation.currency_code,
                "exchange_rate": 1 if code == organisation.currency_code else 0.85,
            }
        )
    names = [*_SUPPLIERS, *(f"{first} {second}" for first in _FIRST for second in _SECOND)]
    for name in names:
        rows["contacts"].append(contact(books, organisation, name, "vendor"))
    rows["contacts"][-1]["status"] = "inactive"
    for name in _CUSTOMERS:
        rows["contacts"].append(contact(books, organisation, name, "customer"))
    for name in ("Refit 2026", "Spring List"):
        rows["projects"].append({"project_id": books.new_id(), "project_name": name, "status": "active"})
    rows["users"].append(
        {
            "user_id": books.new_id(),
            "name": "Ada",
            "email": PERSON,
            "user_role": "admin",
            "status": "active",
        }
    )
    rows["items"].append({"item_id": books.new_id(), "name": "Cover design", "status": "active", "rate": 120})
