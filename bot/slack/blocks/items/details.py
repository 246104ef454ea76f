"""**Details**: all that the document says and the card has no room for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from bot.domain import money
from bot.domain.coding import Coding
from bot.domain.items import Document, Field, Line
from bot.slack.blocks.items.shown import Shown
from bot.slack.blocks.items.values import valued
from bot.slack.blocks.parts import Block, View, context, modal, section
from bot.slack.limits import cut
from bot.slack.text import brief, count, day, escape, link, unstarred

MOST_LINES = 40
_AT_ONCE = 8
"""Rows in one block, within Slack's 3,000 characters."""
_LONGEST_TEXT = 2000


def details(shown: Shown, meta: Mapping[str, Any]) -> View:
    """What the document says, in its own words, and what it is filed under."""
    document, coding = shown.item.document, shown.coding
    blocks = _rows("What the document says", _said(document, coding.currency))
    blocks += _rows("Filed under", _coded(coding))
    for label, text in (("Description", document.description), ("Note", document.note)):
        if text:
            blocks.append(section(f"*{label}*\n{escape(cut(text, _LONGEST_TEXT))}"))
    blocks += _lines(document.lines, coding.currency)
    if address := image(document):
        blocks.append(section(address))
    return modal("Details", blocks, meta=meta)


def beside(shown: Shown) -> list[str]:
    """For the card's small letters: what the note says first."""
    note = brief(shown.item.document.note, 200)
    return [note] if note else []


def image(document: Document) -> str:
    """The address is the document's own: its host shows. Nothing where it is no address."""
    try:
        host = urlsplit(document.image_url).hostname or ""
    except ValueError:
        return ""
    return link(document.image_url, f"Image at {brief(host, 60)}")


def _rows(title: str, rows: Iterable[tuple[str, str]]) -> list[Block]:
    said = [f"{label}  {text}" for label, text in rows if text]
    parts = ["\n".join(said[at : at + _AT_ONCE]) for at in range(0, len(said), _AT_ONCE)]
    return [section(f"*{title}*\n{part}" if at == 0 else part) for at, part in enumerate(parts)]


def _said(document: Document, currency: str) -> Iterable[tuple[str, str]]:
    yield "Document", f"*{document.type.value.replace('_', ' ').capitalize()}* ({document.side.value})"
    for label, text in (
        ("Supplier", document.supplier),
        ("Registered as", document.supplier_legal_name),
        ("Tax number", ", ".join((document.supplier_tax_number, *document.other_tax_numbers)).strip(", ")),
        ("Customer", document.customer),
        ("Number", document.document_number),
        ("Corrects", document.corrects),
        ("Order reference", document.order_reference),
        ("Date", day(document.date) if document.date else ""),
        ("Due date", day(document.due_date) if document.due_date else ""),
        ("Total", _amount(document.total, document.currency or currency)),
        ("Tax amount", _amount(document.tax_amount, document.currency or currency)),
        ("In its own currency", _amount(document.base_total, document.base_currency)),
        ("Paid beforehand", _amount(document.prepaid, document.currency or currency)),
        ("Left to pay", _amount(document.payable, document.currency or currency)),
        ("Paid", "yes" if document.paid else ""),
        ("Paid from", document.payment_account),
        ("Category", document.category),
        ("Tax", document.tax),
        ("Project", document.project),
        ("Project 2", document.project_2),
        ("Submitted by", document.submitted_by),
        ("Sender's id", document.external_id),
    ):
        yield label, f"*{unstarred(text)}*" if text else ""


def _coded(coding: Coding) -> Iterable[tuple[str, str]]:
    for name in (Field.CUSTOMER, Field.PROJECT):
        value = coding.values.get(name)
        if value and value.text and name is not coding.party_field:
            yield name.words, valued(value)


def _amount(amount: Decimal | None, currency: str) -> str:
    return money.shown(amount, currency) if amount is not None and currency else ""


def _lines(lines: tuple[Line, ...], currency: str) -> list[Block]:
    rows = [f"{number}. {_line(line, currency)}" for number, line in enumerate(lines[:MOST_LINES], start=1)]
    if len(lines) > MOST_LINES:
        rows.append(f"… and {count(len(lines) - MOST_LINES, 'line')} more")
    blocks = [section("\n".join(rows[at : at + _AT_ONCE])) for at in range(0, len(rows), _AT_ONCE)]
    return [context(f"{count(len(lines), 'line')} on the document"), *blocks] if blocks else []


def _line(line: Line, currency: str) -> str:
    price = f"{line.quantity:f} × {line.unit_price:f}" if line.quantity and line.unit_price else ""
    parts = [line.description or "without description", price, _amount(line.amount, currency)]
    return " · ".join(brief(part, 120) for part in (*parts, line.category, line.tax) if part)
