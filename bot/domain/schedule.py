"""When lists are refreshed next."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.settings import RefreshSchedule

JITTER = timedelta(minutes=10)
"""Spread over so long, so that not every business refreshes at one moment."""
RETRY_AFTER = timedelta(minutes=20)
"""After a refresh that failed."""


class Daily(StrEnum):
    """Work that is due once a day."""

    DIGEST = "digest"
    PROBE = "probe"


def next_refresh(schedule: RefreshSchedule, now: datetime, spread: float) -> datetime | None:
    """The next due time, or nothing when refreshes are off. `spread` is from [0, 1)."""
    if schedule is RefreshSchedule.OFF:
        return None
    return now + timedelta(hours=schedule.value) + JITTER * spread
