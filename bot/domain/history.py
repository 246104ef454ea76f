"""An item's history: the entries of the log about it, as people read them. Pure.

One place for the thread under its card, the **History** window and whatever else tells of an item; the words
of single entries are the log's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.domain.audit import EDITED, LogEntry, words
from bot.domain.identity import PersonId

THIS = "this item"
ASKED, PUBLISHED = "item.publish_asked", "item.published"
STOPPED = frozenset({"item.publish_stopped", "item.publish_failed", "item.publish_prevented"})
ON_THE_CARD = frozenset(
    {
        "item.added",
        "item.file_sent",
        "item.goes_by_itself",
        "item.not_ready",
        "item.paid",
        "item.payment_failed",
        PUBLISHED,
        "item.rejected",
    }
)
"""What the card says by itself, or only the one who clicked needed to hear."""


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to an item; what was changed in one go is one event."""

    at: datetime
    who: PersonId
    says: str
    """After the name of who did it: `changed category: none → Travel; total: £10.00 → £12.00`."""
    in_thread: bool = True
    """Whether the card alone does not tell it."""


def events(entries: Iterable[LogEntry]) -> list[Event]:
    """An item's entries, oldest first, as events."""
    told: list[Event] = []
    failed = False
    for _, together in groupby(entries, key=_one_go):
        group = list(together)
        first = group[0]
        is_again = first.what == ASKED and failed
        told.append(
            Event(first.at, first.who, _says(group, again=is_again), is_again or _in_thread(first.what))
        )
        failed = first.what in STOPPED or (failed and first.what != ASKED)
    return told


def untold(entries: Sequence[LogEntry], told: int) -> list[Event]:
    """What the thread still has to say, where the first `told` entries are told; what came before decides
    how the rest reads. What is changed in one go is logged in one go, so it is never half told."""
    before = len(events(entries[:told]))
    return [event for event in events(entries)[before:] if event.in_thread]


def _one_go(entry: LogEntry) -> tuple[object, ...]:
    if entry.what.startswith(EDITED):
        return (EDITED, entry.at, entry.who)
    return (id(entry),)


def _in_thread(what: str) -> bool:
    return what != ASKED and what not in ON_THE_CARD


def _says(group: Sequence[LogEntry], *, again: bool) -> str:
    first = group[0]
    if first.what.startswith(EDITED):
        return "changed " + "; ".join(_change(entry) for entry in group)
    if again:
        return f"tried again to publish {THIS}"
    return words(first, "" if first.what == PUBLISHED else THIS)


def _change(entry: LogEntry) -> str:
    name = entry.what.removeprefix(EDITED).replace("_", " ")
    return f"{name}: {entry.before or 'none'} → {entry.after or 'none'}"
