"""Rows of a section as cells to show: found by what is searched, with what is owed on them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.zoho_books.books import Organisation, Row
from bot.sandbox.zoho_books.web import show
from bot.sandbox.zoho_books.web.sections import DOCUMENTS, Column, Section

MOST_ROWS = 500
_STATES = {"Paid": "good", "Closed": "good", "Inactive": "bad", "Overdue": "bad", "Void": "bad"}


@dataclass(frozen=True)
class Cell:
    title: str
    text: str
    kind: str
    state: str = ""
    """Of a mark: `good`, `bad`, or neither."""


@dataclass(frozen=True)
class Shown:
    """A row to show: where it leads, its cells, and a sentence for who cannot see it appear."""

    address: str
    cells: tuple[Cell, ...]
    says: str
    is_inactive: bool
    lead: int
    """The cell that carries the link."""


@dataclass(frozen=True)
class Found:
    """The rows of a list; `total` counts also those that are too many to show."""

    rows: list[Shown]
    total: int
    of: int


def is_active(row: Row) -> bool:
    return bool(row.get("is_active", True)) and row.get("status") != "inactive"


def found(section: Section, organisation: Organisation, query: str = "") -> Found:
    rows = section.rows(organisation)
    owed = open_amounts(organisation) if section.kind == "contacts" else {}
    wanted = query.casefold().split()
    matching = [row for row in rows if all(word in _searched(section, row) for word in wanted)]
    listed = [shown(section, organisation, _told(section, row, owed)) for row in matching[:MOST_ROWS]]
    return Found(listed, len(matching), len(rows))


def _told(section: Section, row: Row, owed: dict[str, float]) -> Row:
    """The row with what it does not say itself: what is open, which bills a payment paid."""
    if section.kind == "contacts":
        return row | {"open": owed.get(section.id_of(row), 0)}
    if section.kind == "vendorpayments" and isinstance(row.get("bills"), list):
        return row | {"bill_numbers": ", ".join(str(one.get("bill_number", "")) for one in row["bills"])}
    return row


def _searched(section: Section, row: Row) -> str:
    values = [str(row.get(column.field, "")) for column in section.columns]
    return " ".join([*values, str(row.get("total", ""))]).casefold()


def shown(section: Section, organisation: Organisation, row: Row) -> Shown:
    cells = tuple(cell(column, row, organisation) for column in section.columns)
    names = [column.field for column in section.columns]
    lead = 1 if section.by_date else names.index(section.label)
    says = sentence(section, organisation, row)
    return Shown(address(section, organisation, row), cells, says, not is_active(row), lead)


def address(section: Section, organisation: Organisation, row: Row) -> str:
    return f"/app/{organisation.id}/{section.slug}/{section.id_of(row)}"


def cell(column: Column, row: Row, organisation: Organisation) -> Cell:
    value = row.get(column.field)
    if column.kind == "mark":
        text = ("Active" if value else "Inactive") if isinstance(value, bool) else show.words(value)
        return Cell(column.title, text, "mark", _STATES.get(text, ""))
    return Cell(column.title, written(column.kind, value, row, organisation), column.kind)


def written(kind: str, value: Any, row: Row, organisation: Organisation) -> str:
    """A value as a person reads it."""
    if kind == "base":
        return show.money(value, organisation.currency_code)
    if value in (None, "") and kind != "money":
        return ""
    if kind == "money":
        return show.money(value, str(row.get("currency_code") or organisation.currency_code))
    if kind == "percent":
        return f"{show.number(value)}%"
    forms = {"day": show.day, "words": show.words, "number": show.number}
    return forms[kind](value) if kind in forms else str(value)


def sentence(section: Section, organisation: Organisation, row: Row) -> str:
    """`bill AP-1 of Acme Paper Ltd, £120.00`."""
    who = row.get("vendor_name") or row.get("customer_name") or ""
    amount = row.get("total", row.get("amount"))
    parts = [f"{section.one} {row.get(section.label) or ''}".strip(), f" of {who}" if who else ""]
    if amount is not None:
        parts.append(f", {written('money', amount, row, organisation)}")
    return "".join(parts)


def supplier_names(organisation: Organisation) -> list[str]:
    contacts = organisation.rows.get("contacts", [])
    return sorted(str(one["contact_name"]) for one in contacts if one.get("contact_type") == "vendor")


def documents(organisation: Organisation) -> Iterator[tuple[Section, Row]]:
    for section in DOCUMENTS:
        for row in organisation.rows.get(section.kind, []):
            yield section, row


def base_amount(row: Row, field: str) -> float:
    """An amount in the organisation's own currency."""
    return float(row.get(field) or 0) * float(row.get("exchange_rate") or 1)


def open_amounts(organisation: Organisation) -> dict[str, float]:
    """What is still to be paid, by supplier and customer."""
    owed: dict[str, float] = {}
    for section, row in documents(organisation):
        if section.slug in {"bills", "invoices"} and row.get("status") not in {"void", "draft"}:
            who = str(row.get("vendor_id") or row.get("customer_id") or "")
            owed[who] = owed.get(who, 0) + base_amount(row, "balance")
    return owed
