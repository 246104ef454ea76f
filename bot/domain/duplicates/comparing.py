"""Whether two items may be one document: certain by Dext's keys, suspected by what comes near them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain import suppliers
from bot.domain.duplicates.facts import Facts
from bot.domain.duplicates.numbers import number_term, same_number
from bot.domain.items import DocumentType, Side

NEAR_DAYS = 3
"""Dates this close may be one document's: its own and the day it was paid or handed in. A week is a weekly
bill's distance, a month that of a subscription."""


class Strength(StrEnum):
    CERTAIN = "certain"
    SUSPECTED = "suspected"


@dataclass(frozen=True, slots=True)
class Finding:
    strength: Strength
    reason: str
    """In words: `same supplier, number and total`."""
    days_apart: int = 0
    """Where nothing but dates that come near each other speaks for it."""


def compare(one: Facts, other: Facts) -> Finding | None:
    """Whether two items may be one document, and why. The order of the two makes no difference."""
    if one.side is not other.side or not _types_agree(one, other):
        return None
    if _from_one_file(one, other):
        return Finding(Strength.CERTAIN, "the same file")
    if one.total is None or one.total != other.total:
        return _in_books_otherwise(one, other)
    if one.currency and other.currency and one.currency != other.currency:
        return None
    if not same_party(one, other):
        return None
    who = _who(one)
    return _by_number(one, other, who) or _by_date(one, other, who)


def _who(one: Facts) -> str:
    return "customer" if one.side is Side.SALE else "supplier"


def _in_books_otherwise(one: Facts, other: Facts) -> Finding | None:
    """The number stands in the books with another total: typed wrongly there or here, or two documents."""
    if one.in_books is other.in_books or not same_number(one.number, other.number):
        return None
    is_other_year = one.date and other.date and one.date.year != other.date.year
    if is_other_year or not same_party(one, other):
        return None
    return Finding(Strength.SUSPECTED, f"same {_who(one)} and number, but another total")


def same_party(one: Facts, other: Facts) -> bool:
    """By entry where the list knows both, else by name."""
    if one.entry and other.entry:
        return one.entry.id == other.entry.id
    key = suppliers.key(one.name)
    return bool(key) and key == suppliers.key(other.name) and suppliers.agree(one.name, other.name)


def _types_agree(one: Facts, other: Facts) -> bool:
    """An invoice may come again as its receipt; a credit note is never what it corrects, nor an expense
    claim one of its receipts."""
    unlike = (DocumentType.CREDIT_NOTE, DocumentType.EXPENSE_CLAIM)
    return all((one.type is kind) == (other.type is kind) for kind in unlike)


def _from_one_file(one: Facts, other: Facts) -> bool:
    """The same bytes came twice. One file may hold many documents: nothing they say may differ."""
    if not one.files & other.files:
        return False
    pairs = [
        (one.total, other.total),
        (one.date, other.date),
        (one.said_currency, other.said_currency),
        (one.owner, other.owner),
    ]
    parties_differ = bool(one.name and other.name) and not same_party(one, other)
    numbers_differ = _two_numbers(one, other) and not same_number(one.number, other.number)
    return not (parties_differ or numbers_differ) and all(
        not mine or not theirs or mine == theirs for mine, theirs in pairs
    )


def _by_number(one: Facts, other: Facts, who: str) -> Finding | None:
    if not same_number(one.number, other.number):
        return None
    if one.date and other.date and one.date.year != other.date.year:
        return Finding(Strength.SUSPECTED, f"same {who}, number and total, but of another year")
    if _exact(one.number) != _exact(other.number):
        return Finding(Strength.SUSPECTED, f"same {who} and total, and the number is written otherwise")
    if one.type is not other.type:
        return Finding(Strength.SUSPECTED, f"same {who}, number and total, as another type of document")
    if one.type is DocumentType.RECEIPT and not _receipts_agree(one, other):
        return Finding(Strength.SUSPECTED, f"same {who}, number and total")
    return Finding(Strength.CERTAIN, f"same {who}, number and total")


def _by_date(one: Facts, other: Facts, who: str) -> Finding | None:
    """Two owners are two receipts, and but for Dext's key of receipts two numbers are two documents."""
    if one.date is None or other.date is None or (one.owner and other.owner and one.owner != other.owner):
        return None
    two_numbers = _two_numbers(one, other)
    if one.type is other.type is DocumentType.RECEIPT and _receipts_agree(one, other):
        reason = f"same {who}, date, total and owner"
        if two_numbers:
            return Finding(Strength.SUSPECTED, f"{reason}, but another number")
        return Finding(Strength.CERTAIN, reason)
    days = abs((one.date - other.date).days)
    if two_numbers or days > NEAR_DAYS:
        return None
    apart = {0: f"same {who}, date and total", 1: f"same {who} and total, a day apart"}
    return Finding(Strength.SUSPECTED, apart.get(days, f"same {who} and total, {days} days apart"), days)


def _two_numbers(one: Facts, other: Facts) -> bool:
    return bool(number_term(one.number) and number_term(other.number))


def _receipts_agree(one: Facts, other: Facts) -> bool:
    return one.date is not None and one.date == other.date and one.owner == other.owner


def _exact(number: str) -> str:
    return " ".join(number.casefold().split())
