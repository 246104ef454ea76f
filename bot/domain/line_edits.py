"""Lines as a person left them: changed, added, removed. What the document said of each stays as it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.domain.identity import EntryId, PersonId
from bot.domain.items import Field, Item, Line, LineEdit
from bot.domain.transitions import to_be_edited
from bot.errors import AlreadyDone, NotFound, WrongInput

MOST_LINES = 200
ADDED = "+"
"""Before the name of a line that somebody added; the document's own are called by their number."""
LISTED: dict[Field, str] = {Field.CATEGORY: "category", Field.TAX: "tax", Field.PROJECT: "project"}
"""What of a line is chosen from a list, and how `LineEdit` calls it."""


@dataclass(frozen=True, slots=True)
class Given:
    """A line as it counts, and what a person set of it."""

    id: str
    line: Line
    edit: LineEdit | None = None

    @property
    def is_priced_by_hand(self) -> bool:
        return self.edit is not None and self.edit.amount is not None


@dataclass(frozen=True, slots=True)
class LineChange:
    """What somebody typed of a line; nothing: left as it is. An empty text takes back what was set."""

    description: str | None = None
    amount: str | None = None
    category: str | None = None
    tax: str | None = None
    project: str | None = None


def given(item: Item) -> tuple[Given, ...]:
    """The lines that count: the document's, or what a person made of them."""
    lines = item.document.lines
    if item.line_edits is None:
        return tuple(Given(str(number), line) for number, line in enumerate(lines, start=1))
    return tuple(Given(edit.id, _as_edited(edit, lines), edit) for edit in item.line_edits)


def _as_edited(edit: LineEdit, lines: Sequence[Line]) -> Line:
    line = Line() if edit.id.startswith(ADDED) else lines[int(edit.id) - 1]
    if edit.description:
        line = replace(line, description=edit.description)
    if edit.amount is not None:
        counts = line.quantity is not None and line.quantity > 0
        line = replace(line, amount=edit.amount, unit_price=None, quantity=line.quantity if counts else None)
    return line


def entries(item: Item) -> Iterator[tuple[int, str, Field, EntryId]]:
    """What was chosen for lines: the line's place and name, the field, the entry."""
    for place, edit in enumerate(item.line_edits or ()):
        for name, attribute in LISTED.items():
            if chosen := getattr(edit, attribute):
                yield place, edit.id, name, EntryId(chosen)


# --- the steps


def changed(item: Item, line: str, change: LineChange, by: PersonId, at: dt.datetime) -> Item:
    """Sets what a person says of a line; nothing said changes nothing. Raises NotFound, AlreadyDone."""
    if change == LineChange():
        return item
    edits = _edits(item, by, at)
    place = _place(edits, line)
    edits[place] = _with(edits[place], change, by, at)
    return replace(_editable(item), line_edits=tuple(edits))


def added(item: Item, line: str, change: LineChange, by: PersonId, at: dt.datetime) -> Item:
    """One more line, once: the same name again changes it. Raises WrongInput for too many."""
    edits = _edits(item, by, at)
    if any(edit.id == line for edit in edits):
        return changed(item, line, change, by, at)
    if len(edits) >= MOST_LINES:
        raise WrongInput(f"An item has at most {MOST_LINES} lines.")
    edits.append(_with(LineEdit(line, by, at), change, by, at))
    return replace(_editable(item), line_edits=tuple(edits))


def removed(item: Item, line: str, by: PersonId, at: dt.datetime) -> Item:
    """Raises NotFound, AlreadyDone."""
    edits = _edits(item, by, at)
    del edits[_place(edits, line)]
    return replace(_editable(item), line_edits=tuple(edits))


def as_the_document(item: Item) -> Item:
    """All that was set of lines is taken back."""
    return replace(_editable(item), line_edits=None)


def _editable(item: Item) -> Item:
    if item.receipts:
        raise AlreadyDone("The lines of an expense claim are its receipts.", advice="Change them there.")
    return to_be_edited(item)


def _edits(item: Item, by: PersonId, at: dt.datetime) -> list[LineEdit]:
    if item.line_edits is not None:
        return list(item.line_edits)
    return [LineEdit(str(number), by, at) for number in range(1, len(item.document.lines) + 1)]


def _place(edits: Sequence[LineEdit], line: str) -> int:
    for place, edit in enumerate(edits):
        if edit.id == line:
            return place
    raise NotFound("This line is no longer there.", advice="Look at the lines again.")


def _with(edit: LineEdit, change: LineChange, by: PersonId, at: dt.datetime) -> LineEdit:
    if change.description is not None:
        edit = replace(edit, description=change.description)
    if change.amount is not None:
        edit = replace(edit, amount=Decimal(change.amount) if change.amount else None)
    for attribute in LISTED.values():
        if (chosen := getattr(change, attribute)) is not None:
            entry: dict[str, Any] = {attribute: EntryId(chosen) if chosen else None}
            edit = replace(edit, **entry)
    return replace(edit, by=by, at=at)
