"""The daily digest: what waits and what happened since the last one; silent when there is nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.domain.audit import LogEntry
from bot.domain.identity import ItemId, PersonId
from bot.domain.lists import ListChange
from bot.domain.report import Spend


@dataclass(frozen=True, slots=True)
class Sent:
    """The last digest: of which local day, when."""

    day: str
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class OwnDigest:
    """A digest that one person gets alone, at an hour by that person's clock."""

    person: PersonId
    hour: int
    day: str = ""
    """The local day of the last one."""
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Happened:
    """What the log says of a span of time."""

    published: int = 0
    imported: int = 0
    new_suppliers: tuple[str, ...] = ()
    prevented: int = 0
    """Errors that were found before anything was sent."""
    returned: int = 0
    """Errors that the accounting software gave back."""
    items: tuple[ItemId, ...] = ()
    """Those that were published, each once."""


@dataclass(frozen=True, slots=True)
class Digest:
    day: str
    happened: Happened
    needs_attention: int = 0
    ready: int = 0
    held: Mapping[str, int] = field(default_factory=dict)
    """By cause, as is `failed`."""
    failed: Mapping[str, int] = field(default_factory=dict)
    list_changes: tuple[str, ...] = ()
    changed_there: int = 0
    """Records of ours that somebody changed in the accounting software, paid or made void."""
    entered_there: int = 0
    """Records that were entered or approved there without us."""
    duplicates: int = 0
    """Items that may be duplicates and wait for an answer."""
    spend: Spend | None = None
    """What was published since the last digest, costs only, in `currency`."""
    currency: str = ""

    @property
    def is_empty(self) -> bool:
        waits = self.needs_attention or self.ready or self.held or self.failed
        there = self.changed_there or self.entered_there
        return not (waits or there or self.list_changes) and self.happened == Happened()


def list_changes(changes: Iterable[ListChange]) -> tuple[str, ...]:
    """`suppliers: 12 new, 1 gone`, for each list that changed."""
    found = []
    for change in changes:
        news = {"new": change.added, "renamed": change.renamed_count, "gone": change.vanished_count}
        if said := ", ".join(f"{number:,} {word}" for word, number in news.items() if number):
            found.append(f"{change.kind.words}: {said}")
    return tuple(found)


def zone(name: str) -> dt.tzinfo:
    """An organisation's time zone; UTC where it names none that is known."""
    try:
        return ZoneInfo(name) if name else dt.UTC
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return dt.UTC


def next_digest(hour: int | None, time_zone: str, now: dt.datetime) -> dt.datetime | None:
    """The next time it is that hour there, after now; nothing when digests are off."""
    if hour is None:
        return None
    where = zone(time_zone)
    local = now.astimezone(where)
    for days in (0, 1, 2):
        day = local.date() + dt.timedelta(days=days)
        at = dt.datetime.combine(day, dt.time(hour), where).astimezone(dt.UTC)
        if at > now:
            return at
    raise AssertionError("an hour comes every day")


def day_of(time_zone: str, now: dt.datetime) -> str:
    """The local day, as digests are counted by: `2026-10-05`."""
    return now.astimezone(zone(time_zone)).date().isoformat()


def happened(entries: Iterable[LogEntry]) -> Happened:
    """What the log's entries come to."""
    counts: dict[str, int] = {}
    suppliers: list[str] = []
    items: list[ItemId] = []
    for entry in entries:
        counts[entry.what] = counts.get(entry.what, 0) + 1
        if entry.what == "supplier.created":
            suppliers.append(entry.after)
        if entry.what == "item.published" and entry.item:
            items.append(entry.item)
    return Happened(
        published=counts.get("item.published", 0),
        items=tuple(dict.fromkeys(items)),
        imported=counts.get("items.imported", 0),
        new_suppliers=tuple(dict.fromkeys(reversed(suppliers))),
        prevented=counts.get("item.not_ready", 0) + counts.get("item.publish_prevented", 0),
        returned=counts.get("item.publish_failed", 0),
    )
