"""Columns of a supplier list whose headings only a person understands: what they chose, for next time too."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.identity import PersonId

NAME = "supplier name"
MEANINGS: Mapping[str, str] = {
    NAME: "Supplier",
    "category": "Category",
    "tax name": "Tax",
    "currency code": "Currency",
    "supplier code": "Supplier code",
    "due days": "Days until due",
    "payment account": "Payment account",
    "description": "Description",
}
"""What a column may be, by the heading under which the reader of supplier lists knows it, and how people call
it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column is what, of tables with the same headings."""

    key: str
    places: Mapping[str, int]
    """Of each meaning that was chosen, the place of its column."""
    by: PersonId
    at: datetime


def key_of(headings: Sequence[str]) -> str:
    """The same for tables with the same headings, whatever case and spaces."""
    folded = "\n".join(" ".join(heading.casefold().split()) for heading in headings)
    return hashlib.sha256(folded.encode()).hexdigest()[:24]


def renamed(headings: Sequence[str], places: Mapping[str, int]) -> tuple[str, ...]:
    """The headings as the reader knows them; the other columns are nothing it knows."""
    names = {place: meaning for meaning, place in places.items()}
    return tuple(names.get(place, f"unused {place + 1}") for place in range(len(headings)))


def faults(places: Mapping[str, int]) -> dict[str, str]:
    """What is wrong with a choice, by meaning."""
    found: dict[str, str] = {}
    if NAME not in places:
        found[NAME] = "Choose the column with the supplier's name."
    elif len(places) == 1:
        found["category"] = "Choose at least one more column: what the suppliers are to get."
    taken: dict[int, str] = {}
    for meaning, place in places.items():
        if place in taken:
            found[meaning] = f"This column is {MEANINGS[taken[place]]} already."
        taken.setdefault(place, meaning)
    return found
