"""How a possible duplicate is named."""

from __future__ import annotations

import datetime as dt

from bot.domain.duplicates.suspects import Suspect
from bot.domain.identity import is_in_books
from bot.domain.items import Item, ItemStage


def says(suspect: Suspect, beside: dt.date, software: str = "the accounting software") -> str:
    """`may be a duplicate of Northwind Paper Ltd NW-1001, published 3 Mar: same supplier, number and
    total`."""
    if suspect.facts.in_books:
        where = f"perhaps entered in {software} already"
        return f"{where}: {named_beside(suspect, beside)}: {suspect.finding.reason}"
    return f"may be a duplicate of {named_beside(suspect, beside)}: {suspect.finding.reason}"


def named_beside(suspect: Suspect, beside: dt.date) -> str:
    """`Northwind Paper Ltd NW-1001, published 3 Mar`."""
    title = " ".join(text for text in (suspect.facts.name, suspect.facts.number) if text)
    return f"{title or 'another item'}, {state(suspect.other, beside)}"


def state(item: Item, beside: dt.date) -> str:
    """Where an item stands, with its day: `published 3 Mar`; with the year where it is not that of
    `beside`."""
    if item.stage is ItemStage.PUBLISHED and item.published:
        if is_in_books(item.id):
            return f"entered there {_day(item.published.at.date(), beside)}"
        return f"published {_day(item.published.at.date(), beside)}"
    words = {
        ItemStage.REJECTED: "rejected, received",
        ItemStage.PUBLISHING: "being published, received",
        ItemStage.WAITING: "held, received",
        ItemStage.IN_CLAIM: "in an expense claim, received",
    }
    return f"{words.get(item.stage, 'in the inbox since')} {_day(item.received_at.date(), beside)}"


def _day(day: dt.date, beside: dt.date) -> str:
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != beside.year else "")
