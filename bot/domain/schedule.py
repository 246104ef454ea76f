"""When lists are refreshed next, and how much of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.settings import RefreshSchedule

JITTER = timedelta(minutes=10)
"""Spread over so long, so that not every business refreshes at one moment."""
RETRY_AFTER = timedelta(minutes=20)
"""After a refresh that failed; twice as long after each further one, up to `LONGEST_RETRY`."""
LONGEST_RETRY = timedelta(hours=6)
WHOLE_EVERY = timedelta(days=7)
"""What was deleted leaves no trace in a list of changes: so often every list is read whole."""
OVERLAP = timedelta(minutes=5)
"""Changes are asked for from so long before the last reading: two clocks are never quite the same."""


class Daily(StrEnum):
    """Work that is due once a day, or once an hour."""

    DIGEST = "digest"
    PROBE = "probe"
    WATCH = "watch"
    SIGN_IN = "sign-in"
    """Whether the sign-in still works: hourly, with a call that costs no organisation anything."""


def next_refresh(
    schedule: RefreshSchedule, now: datetime, spread: float, *, time_zone: str = "", hour: int = 0
) -> datetime | None:
    """The next due time, or nothing when refreshes are off.

    Refreshes are due at `hour` by the organisation's clock and every so many hours from there; the first of
    these times after now is the next, so that none is further away than the schedule says. `spread` is from
    [0, 1).
    """
    if schedule is RefreshSchedule.OFF:
        return None
    local = now.astimezone(_zone(time_zone))
    at = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    days = max(1, schedule.value // 24)
    at -= timedelta(days=days)
    if days > 1 and at.toordinal() % days:
        at -= timedelta(days=1)
    # Wall-clock steps: when clocks change, a refresh at five stays one at five.
    while at.astimezone(now.tzinfo) <= now:
        at += timedelta(hours=schedule.value)
    return at.astimezone(now.tzinfo) + JITTER * spread


def _zone(name: str) -> ZoneInfo:
    """UTC where the accounting software names a zone that this machine does not know."""
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def retry_after(failures: int) -> timedelta:
    """How long after the so-manieth failure in a row it is tried again."""
    times = 1 << max(0, min(failures, 10) - 1)
    return min(LONGEST_RETRY, RETRY_AFTER * times)


def changes_since(read_at: datetime | None, whole_at: datetime | None, now: datetime) -> datetime | None:
    """From when on changes are enough; nothing when the list must be read whole."""
    if read_at is None or whole_at is None or now - whole_at >= WHOLE_EVERY:
        return None
    return read_at - OVERLAP
