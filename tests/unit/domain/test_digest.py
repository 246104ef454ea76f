"""When the digest is due, in the organisation's own time, and what counts as nothing to say."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import LogEntry
from bot.domain.digest import Digest, Happened, day_of, happened, list_changes, next_digest, zone
from bot.domain.lists import ListChange, ListKind
from tests.builders import ADA, NOON

ZONES = ["Europe/London", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Apia", "", "No/Where"]
START = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
times = st.integers(0, 15 * 365 * 24 * 60).map(lambda minutes: START + dt.timedelta(minutes=minutes))


@given(st.integers(0, 23), st.sampled_from(ZONES), times)
def test_the_next_is_within_two_days_at_that_hour_there(hour: int, name: str, now: dt.datetime) -> None:
    """C27: also where a clock is put forward or back."""
    at = next_digest(hour, name, now)
    assert at is not None
    assert dt.timedelta() < at - now <= dt.timedelta(hours=25)
    local = at.astimezone(zone(name))
    shifted = local.utcoffset() != (at - dt.timedelta(hours=3)).astimezone(zone(name)).utcoffset()
    assert local.hour == hour or shifted


def test_off_is_never_due() -> None:
    assert next_digest(None, "Europe/London", NOON) is None


@pytest.mark.parametrize(("name", "day"), [("Pacific/Auckland", "2026-10-06"), ("", "2026-10-05")])
def test_a_day_is_the_organisations_own(name: str, day: str) -> None:
    assert day_of(name, NOON) == day
    assert isinstance(zone("Europe/London"), ZoneInfo)


def test_the_log_is_counted() -> None:
    """S3: what was found before sending against what came back."""
    said = ["item.published", "item.published", "item.not_ready", "item.publish_failed", "items.imported"]
    said.append("item.publish_prevented")
    entries = [LogEntry(NOON, ADA, what) for what in said]
    entries += [LogEntry(NOON, ADA, "supplier.created", after=name) for name in ("B", "A", "B")]
    assert happened(entries) == Happened(2, 1, ("B", "A"), prevented=2, returned=1)


def test_only_lists_that_changed_are_spoken_of() -> None:
    changes = [
        ListChange(ListKind.SUPPLIERS, 12, added=12, vanished_count=1),
        ListChange(ListKind.TAXES, 4),
    ]
    assert list_changes(changes) == ("suppliers: 12 new, 1 gone",)


def test_a_day_on_which_nothing_waits_and_nothing_happened_is_silent() -> None:
    """C27"""
    assert Digest("2026-10-05", Happened()).is_empty
    assert not Digest("2026-10-05", Happened(published=1)).is_empty
    assert not Digest("2026-10-05", Happened(), failed={"tax": 1}).is_empty
    assert not Digest("2026-10-05", Happened(), ready=1).is_empty
