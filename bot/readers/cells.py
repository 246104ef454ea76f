"""Days and amounts in the cells of one file: where one cell could mean two things, the others decide."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from bot.domain import money
from bot.errors import WrongInput

_YEARS = range(1970, 2101)
_MIDNIGHT = re.compile(r"[T ]0?0:00(?::00(?:\.0+)?)?Z?$")
_NUMBERS = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d{2})\2(\d{2})", re.ASCII)
_NAMED = re.compile(r"(\d{1,2})[-/. ]{1,2}([A-Za-z]{3,9})[-/., ]{1,2}(\d{4}|\d{2})", re.ASCII)
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
MOST_MONTHS = 12
_CENTURY, _SHORT_YEAR = 2000, 2


@dataclass(frozen=True, slots=True)
class Habits:
    """How one file writes days and amounts."""

    month_first: bool = False
    decimal_mark: str = ""
    notes: tuple[str, ...] = ()

    @classmethod
    def of(cls, days: Iterable[str], amounts: Iterable[str]) -> Habits:
        """What the cells of a file show."""
        month_first, note = _order(days)
        marks = {mark for text in amounts if (mark := money.decimal_mark(text))}
        return cls(month_first, marks.pop() if len(marks) == 1 else "", (note,) if note else ())

    def day(self, name: str, text: str) -> dt.date | None:
        """Raises WrongInput, naming the cell."""
        if not text:
            return None
        day = _day(text, month_first=self.month_first)
        if day is None or day.year not in _YEARS:
            raise WrongInput(f"{name} “{text[:40]}” is not a date")
        return day

    def amount(self, name: str, text: str) -> Decimal | None:
        """Raises WrongInput, naming the cell."""
        if not text:
            return None
        try:
            return money.parse(text, self.decimal_mark)
        except WrongInput:
            raise WrongInput(f"{name} “{text[:40]}” is not an amount") from None


def _order(days: Iterable[str]) -> tuple[bool, str]:
    """Whether the month stands first in days such as 03/04/2026, and what to say of it. The day does, as a
    spreadsheet makes it of Dext's own form, unless some day can only be read the other way and none this way.
    """
    proof = unsure = ""
    for text in days:
        if not (found := _NUMBERS.fullmatch(_MIDNIGHT.sub("", text))):
            continue
        first, second = int(found[1]), int(found[3])
        if first > MOST_MONTHS:
            return False, ""
        if second > MOST_MONTHS:
            proof = proof or text
        elif first != second:
            unsure = unsure or text
    if proof:
        return True, f"Days are read month first, because {proof[:40]} stands in the file."
    if unsure and (day := _day(unsure, month_first=False)):
        said = f"{unsure[:40]} is {day.day} {day:%B %Y}"
        return False, f"Days are read day first: {said}. Nothing in the file says otherwise."
    return False, ""


@lru_cache(maxsize=4096)
def _day(text: str, *, month_first: bool) -> dt.date | None:
    text = _MIDNIGHT.sub("", text)
    if found := _YEAR_FIRST.fullmatch(text):
        year, month, day = int(found[1]), int(found[3]), int(found[4])
    elif found := _NAMED.fullmatch(text):
        year, month, day = _year(found[3]), _month(found[2]), int(found[1])
    elif found := _NUMBERS.fullmatch(text):
        first, second, year = int(found[1]), int(found[3]), _year(found[4])
        day, month = (second, first) if month_first else (first, second)
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _year(digits: str) -> int:
    return int(digits) + (_CENTURY if len(digits) == _SHORT_YEAR else 0)


def _month(name: str) -> int:
    """0, so no month, for another word."""
    folded = "sep" if name.casefold() == "sept" else name.casefold()
    short = {month[:3]: number for number, month in enumerate(_MONTHS, start=1)}
    whole = {month: number for number, month in enumerate(_MONTHS, start=1)}
    return short.get(folded) or whole.get(folded, 0)
