"""Rows of a CSV file, whatever separates its cells."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

from bot.errors import WrongInput

LARGEST_CELL = 100_000
DELIMITERS = ",;\t|"


def fold(heading: str) -> str:
    """A heading as it is compared: case and spaces do not count."""
    return " ".join(heading.casefold().split())


def rows(text: str) -> Iterator[list[str]]:
    """Every record, empty ones too, so that the number of a record is its row in a spreadsheet.
    Stops at the first when that cannot be read. Raises WrongInput for a later one."""
    if marked := re.match(r"sep=(.)\r?\n", text):
        text = "\n" + text[marked.end() :]  # Excel's own first line; rows keep their numbers
    csv.field_size_limit(LARGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=marked[1] if marked else delimiter(text))
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if number == 1:
                return
            raise WrongInput(_unreadable(number, fault), advice="Look for a quote mark too many.") from None


def delimiter(text: str) -> str:
    """What separates the cells of the first line that holds anything."""
    heading = next((line for line in text[:LARGEST_CELL].splitlines() if line.strip()), "")
    return max(DELIMITERS, key=heading.count)


def _unreadable(number: int, fault: csv.Error) -> str:
    if "field limit" in str(fault):
        return f"Row {number} of the file cannot be read: a cell holds more than {LARGEST_CELL:,} characters."
    return f"Row {number} of the file cannot be read ({fault})."
