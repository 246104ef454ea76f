"""When lists are refreshed next."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.schedule import next_refresh
from bot.domain.settings import RefreshSchedule
from tests.builders import NOON


def test_off_means_never() -> None:
    assert next_refresh(RefreshSchedule.OFF, NOON, 0.5) is None


@given(
    st.sampled_from([one for one in RefreshSchedule if one is not RefreshSchedule.OFF]),
    st.floats(0, 1, exclude_max=True),
)
def test_the_next_refresh_is_so_many_hours_away_and_a_little_spread(
    schedule: RefreshSchedule, spread: float
) -> None:
    """S47: well under 48 hours unless an Admin wants it so."""
    due = next_refresh(schedule, NOON, spread)
    assert due is not None
    assert dt.timedelta(0) <= due - NOON - dt.timedelta(hours=schedule.value) <= dt.timedelta(minutes=10)


def test_two_businesses_are_not_due_at_one_moment() -> None:
    """S47: a refresh of many businesses is spread over ten minutes."""
    due = [next_refresh(RefreshSchedule.EVERY_24_HOURS, NOON, spread) for spread in (0.0, 0.5)]
    assert due == [NOON + dt.timedelta(hours=24), NOON + dt.timedelta(hours=24, minutes=5)]
