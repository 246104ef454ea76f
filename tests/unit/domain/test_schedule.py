"""When lists are refreshed next, and how much of them."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import (
    LONGEST_RETRY,
    OVERLAP,
    RETRY_AFTER,
    WHOLE_EVERY,
    changes_since,
    next_refresh,
    retry_after,
)
from bot.domain.settings import RefreshSchedule
from tests.builders import NOON

ON = [one for one in RefreshSchedule if one is not RefreshSchedule.OFF]
MOMENTS = st.integers(0, 366 * 24 * 60).map(
    lambda minutes: dt.datetime(2026, 1, 1, tzinfo=dt.UTC) + dt.timedelta(minutes=minutes)
)
ZONES = st.sampled_from(
    ["", "Europe/London", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "Nowhere"]
)


def test_off_means_never() -> None:
    assert next_refresh(RefreshSchedule.OFF, NOON, 0.5) is None


@given(st.sampled_from(ON), MOMENTS, st.floats(0, 1, exclude_max=True), ZONES, st.integers(0, 23))
def test_the_next_refresh_is_ahead_and_no_further_away_than_the_schedule_says(
    schedule: RefreshSchedule, now: dt.datetime, spread: float, zone: str, hour: int
) -> None:
    """S47: well under 48 hours unless an Admin wants it so; an hour more when clocks change."""
    due = next_refresh(schedule, now, spread, time_zone=zone, hour=hour)
    assert due is not None
    assert now < due <= now + dt.timedelta(hours=schedule.value + 1, minutes=10)


@given(st.sampled_from(ON), MOMENTS, ZONES, st.integers(0, 23))
def test_refreshes_are_due_at_the_hour_of_the_organisations_clock(
    schedule: RefreshSchedule, now: dt.datetime, zone: str, hour: int
) -> None:
    """S47: five in the morning is five there, in summer and in winter; and every so many hours from it."""
    due = next_refresh(schedule, now, 0, time_zone=zone, hour=hour)
    assert due is not None
    local = due.astimezone(ZoneInfo(zone if zone not in ("", "Nowhere") else "UTC"))
    hours = (local.hour - hour) % min(24, schedule.value)
    # In the hour that a spring night skips there is no such time: then it is an hour later.
    assert hours in (0, 1)
    assert local.minute == 0
    if hours == 1:
        assert local.utcoffset() != (local - dt.timedelta(hours=3)).utcoffset()


def test_every_second_day_stays_every_second_day() -> None:
    """S47: whenever it is asked for in between, it is the same day that comes."""
    first = next_refresh(RefreshSchedule.EVERY_48_HOURS, NOON, 0, hour=5)
    assert first is not None
    for hours in range(0, 48, 7):
        asked = first - dt.timedelta(hours=48) + dt.timedelta(hours=hours)
        assert next_refresh(RefreshSchedule.EVERY_48_HOURS, asked, 0, hour=5) == first


def test_two_businesses_are_not_due_at_one_moment() -> None:
    """S47: refreshes of many businesses are spread over ten minutes."""
    early, late = (next_refresh(RefreshSchedule.EVERY_24_HOURS, NOON, spread) for spread in (0.0, 0.5))
    assert early is not None
    assert late is not None
    assert late - early == dt.timedelta(minutes=5)


@pytest.mark.parametrize(
    ("failures", "waits"), [(0, RETRY_AFTER), (1, RETRY_AFTER), (2, 2 * RETRY_AFTER), (99, LONGEST_RETRY)]
)
def test_each_failure_in_a_row_waits_twice_as_long(failures: int, waits: dt.timedelta) -> None:
    """S41: soon at first, and never a flood of messages."""
    assert retry_after(failures) == waits


def test_a_list_is_read_whole_the_first_time_and_once_a_week() -> None:
    """S40 S47: what was deleted shows only in the whole list."""
    assert changes_since(None, None, NOON) is None
    assert changes_since(NOON, None, NOON) is None
    assert changes_since(NOON, NOON - WHOLE_EVERY, NOON) is None
    read_at = NOON - dt.timedelta(hours=6)
    almost = NOON - WHOLE_EVERY + dt.timedelta(seconds=1)
    assert changes_since(read_at, almost, NOON) == read_at - OVERLAP
