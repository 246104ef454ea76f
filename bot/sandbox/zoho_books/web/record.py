"""One record as its page says it: facts, lines, totals, files, and where it is used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.sandbox.zoho_books.books import Organisation, Row
from bot.sandbox.zoho_books.web import lists
from bot.sandbox.zoho_books.web.lists import Shown, written
from bot.sandbox.zoho_books.web.sections import BY_SLUG, Section

MOST_USES = 12
SLUG_OF_LINK = {
    "vendor_id": "suppliers",
    "customer_id": "customers",
    "account_id": "accounts",
    "paid_through_account_id": "bankaccounts",
    "tax_id": "taxes",
    "project_id": "projects",
    "item_id": "items",
    "bill_id": "bills",
    "invoice_id": "invoices",
}


@dataclass(frozen=True)
class Fact:
    """A label and what stands behind it; `address` when that has a page of its own."""

    label: str
    text: str
    address: str = ""


@dataclass(frozen=True)
class Line:
    number: int
    account: Fact
    text: str
    quantity: str
    rate: str
    tax: Fact
    amount: str


@dataclass(frozen=True)
class Use:
    """A document among documents of other kinds."""

    title: str
    who: str
    day: str
    amount: str
    row: Shown


def use(section: Section, organisation: Organisation, row: Row) -> Use:
    return Use(
        title(section, row),
        str(row.get("vendor_name") or row.get("customer_name") or row.get("account_name") or ""),
        written("day", row.get("date"), row, organisation),
        amount(organisation, row),
        lists.shown(section, organisation, row),
    )


_FACTS = (
    ("Supplier", "vendor_name", "text", "vendor_id"),
    ("Customer", "customer_name", "text", "customer_id"),
    ("Customer", "customer_id", "link", "customer_id"),
    ("Date", "date", "day", ""),
    ("Due", "due_date", "day", ""),
    ("Reference", "reference_number", "text", ""),
    ("Paid through", "paid_through_account_name", "text", "paid_through_account_id"),
    ("Paid by", "payment_mode", "words", ""),
    ("Project", "project_id", "link", "project_id"),
    ("Code", "account_code", "text", ""),
    ("Type", "account_type", "words", ""),
    ("Rate", "tax_percentage", "percent", ""),
    ("Kind", "tax_type", "words", ""),
    ("Company", "company_name", "text", ""),
    ("Price", "rate", "money", ""),
    ("Currency", "currency_code", "text", ""),
    ("Location", "location_name", "text", ""),
    ("Notes", "notes", "text", ""),
    ("Description", "description", "text", ""),
    ("Recorded", "created_time", "day", ""),
)


def facts(organisation: Organisation, row: Row) -> list[Fact]:
    """What the record says of itself, each label once."""
    found: dict[str, Fact] = {}
    for label, field, kind, link in _FACTS:
        fact = linked(organisation, label, row, field if kind != "link" else "", link, kind)
        if fact.text:
            found.setdefault(label, fact)
    if float(row.get("exchange_rate") or 1) != 1 and row.get("currency_code") and _is_document(row):
        found["Exchange rate"] = Fact(
            "Exchange rate",
            f"1 {row['currency_code']} = {row['exchange_rate']} {organisation.currency_code}",
        )
    return list(found.values())


def _is_document(row: Row) -> bool:
    return "total" in row or "amount" in row


def linked(
    organisation: Organisation, label: str, row: Row, field: str, link: str = "", kind: str = "text"
) -> Fact:
    """A fact that leads to the page of what `link` names; without `field`, in the words of that page."""
    text = written(kind, row.get(field), row, organisation) if row.get(field) not in (None, "") else ""
    section = BY_SLUG.get(SLUG_OF_LINK.get(link, ""))
    other = section.find(organisation, str(row.get(link) or "")) if section else None
    if section is None or other is None:
        return Fact(label, text)
    return Fact(label, text or str(other.get(section.label, "")), lists.address(section, organisation, other))


def lines(organisation: Organisation, row: Row) -> list[Line]:
    """An expense without lines has one: its account."""
    given = row.get("line_items")
    if not isinstance(given, list):
        given = (
            [row | {"item_total": row.get("sub_total"), "rate": row.get("sub_total")}]
            if row.get("account_id") and "total" in row
            else []
        )
    return [_line(organisation, row, number, line) for number, line in enumerate(given, 1)]


def _line(organisation: Organisation, row: Row, number: int, line: Row) -> Line:
    currency = {"currency_code": row.get("currency_code")}
    tax = linked(organisation, "Tax", line, "tax_name", "tax_id")
    if tax.text and line.get("tax_percentage") and "%" not in tax.text:
        tax = Fact(
            "Tax",
            f"{tax.text} ({written('percent', line['tax_percentage'], line, organisation)})",
            tax.address,
        )
    texts = [str(line.get(name) or "") for name in ("name", "description")]
    notes = [linked(organisation, "", line, "", link).text for link in ("customer_id", "project_id")]
    return Line(
        number,
        linked(organisation, "Account", line, "account_name", "account_id"),
        " · ".join(dict.fromkeys(part for part in [*texts, *notes] if part)),
        written("number", line.get("quantity", 1), line, organisation),
        written("money", line.get("rate"), currency, organisation),
        tax,
        written("money", line.get("item_total"), currency, organisation),
    )


def totals(organisation: Organisation, row: Row) -> list[Fact]:
    """From the lines' sum to what is still to be paid."""
    if not _is_document(row):
        return []
    named = (
        ("Sum of lines", row.get("sub_total")),
        (_tax_words(row), row.get("tax_total", row.get("tax_amount"))),
        ("Adjustment", row.get("adjustment") or None),
        ("Total", row.get("total", row.get("amount"))),
        ("Open", row.get("balance")),
    )
    return [
        Fact(label, written("money", value, row, organisation)) for label, value in named if value is not None
    ]


def _tax_words(row: Row) -> str:
    return "Tax, in the prices" if row.get("is_inclusive_tax") else "Tax"


def payments_of(organisation: Organisation, row: Row) -> list[Fact]:
    """What a payment paid."""
    return [
        Fact(
            linked(organisation, "", one, "bill_number", "bill_id").text,
            written("money", one.get("amount_applied"), row, organisation),
            linked(organisation, "", one, "bill_number", "bill_id").address,
        )
        for one in row.get("bills") or []
        if isinstance(one, dict)
    ]


def uses(organisation: Organisation, section: Section, row: Row) -> tuple[list[Use], int]:
    """The newest documents that name this account, tax, contact, item or project, and how many do."""
    record_id = section.id_of(row)
    if section.by_date or not record_id:
        return [], 0
    found = [
        (other, document)
        for other, document in lists.documents(organisation)
        if record_id in _named(document)
    ]
    found.sort(key=lambda one: str(one[1].get("date", "")), reverse=True)
    return [use(other, organisation, document) for other, document in found[:MOST_USES]], len(found)


def _named(document: Row) -> set[str]:
    lines_of = [line for line in document.get("line_items") or [] if isinstance(line, dict)]
    return {str(one[name]) for one in [document, *lines_of] for name in SLUG_OF_LINK if one.get(name)}


def as_answered(row: Row) -> str:
    """The record as the API shows it."""
    return json.dumps(row, indent=2, ensure_ascii=False, default=str)


def title(section: Section, row: Row) -> str:
    name = str(row.get(section.label) or "")
    if not section.by_date:
        return name
    first = section.one[:1].upper() + section.one[1:]
    return f"{first} {name}".strip()


def amount(organisation: Organisation, row: Row) -> str:
    """The sum that stands large on a document's page."""
    value: Any = row.get("total", row.get("amount"))
    return "" if value is None else written("money", value, row, organisation)
