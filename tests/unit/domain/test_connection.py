"""Sign-ins that run out, organisations that can be told apart, tokens that are never shown."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.connection import (
    SIGN_IN_LIFETIME,
    Connection,
    ConnectionState,
    Credentials,
    Organisation,
    SignIn,
)
from bot.domain.identity import ChannelId
from bot.domain.settings import BusinessSettings, RefreshSchedule
from tests.builders import ADA, GBP_ORGANISATION, NOON

SIGN_IN = SignIn("link-secret", "state-secret", "zoho_books", ADA, ChannelId("C1"), NOON)


@given(st.timedeltas(min_value=dt.timedelta(0), max_value=dt.timedelta(days=2)))
def test_a_sign_in_lives_ten_minutes_and_no_longer(passed: dt.timedelta) -> None:
    """S11."""
    assert SIGN_IN.is_expired(NOON + passed) == (passed > dt.timedelta(minutes=10))


def test_a_sign_in_still_lives_at_its_last_moment() -> None:
    """S11."""
    assert not SIGN_IN.is_expired(NOON + SIGN_IN_LIFETIME)
    assert SIGN_IN.is_expired(NOON + SIGN_IN_LIFETIME + dt.timedelta(microseconds=1))


def test_secrets_stay_out_of_what_is_printed() -> None:
    """S12: tokens never appear in Slack or logs."""
    credentials = Credentials(
        "access-secret", "refresh-secret", NOON, "https://a.invalid", "https://b.invalid"
    )
    assert "secret" not in f"{credentials!r} {SIGN_IN!r}"


@pytest.mark.parametrize(
    ("organisation", "label"),
    [
        (GBP_ORGANISATION, "Held Out Ltd · GBP · United Kingdom · 60001"),
        (replace(GBP_ORGANISATION, id="60002", currency="EUR", country=""), "Held Out Ltd · EUR · 60002"),
    ],
)
def test_two_organisations_of_one_name_are_told_apart(organisation: Organisation, label: str) -> None:
    """S13."""
    assert organisation.label == label


@pytest.mark.parametrize("state", ConnectionState)
def test_only_a_connection_that_is_connected_works(state: ConnectionState) -> None:
    """S28."""
    connection = Connection("zoho_books", GBP_ORGANISATION, ADA, NOON, state)
    assert connection.works == (state is ConnectionState.CONNECTED)


def test_settings_at_first_warn_refresh_daily_and_have_no_default_tax() -> None:
    """S21, S23, S47."""
    first = BusinessSettings()
    assert (first.warn_new_supplier, first.refresh_schedule) == (True, RefreshSchedule.EVERY_24_HOURS)
    assert (first.default_tax_costs, first.default_tax_sales, first.channel) == (None, None, None)


def test_schedules_are_read_in_words() -> None:
    assert [schedule.words for schedule in RefreshSchedule] == [
        "Off", "Every 6 hours", "Every 12 hours", "Every 24 hours", "Every 48 hours",
    ]  # fmt: skip
