"""What publishing still needs, and what a look at the accounting software found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.checklist import checks
from bot.domain.connection import Connection, ConnectionState
from bot.domain.identity import ChannelId, EntryId
from bot.domain.lists import ListKind, ListsState
from bot.domain.probe import Finding, Probe, compare
from bot.domain.settings import BusinessSettings
from tests.builders import ADA, GBP_ORGANISATION, NOON

CONNECTION = Connection("zoho-books", GBP_ORGANISATION, ADA, NOON)
SETTINGS = BusinessSettings(
    default_tax_costs=EntryId("t20"), default_tax_sales=EntryId("t20"), channel=ChannelId("C1")
)
LISTS = ListsState(NOON, {ListKind.BANK_ACCOUNTS: 2})


def test_without_a_connection_there_is_one_thing_to_do() -> None:
    """S2"""
    (only,) = checks(None, SETTINGS, LISTS, NOON, bot_in_channel=None)
    assert (only.is_done, only.label) == (False, "Connect")


def test_all_is_ticked_where_all_is_there() -> None:
    """S2"""
    found = checks(CONNECTION, SETTINGS, LISTS, NOON, bot_in_channel=True)
    assert all(one.is_done for one in found)
    assert len(found) == 7


@pytest.mark.parametrize(
    ("connection", "settings", "lists", "in_channel", "says", "label"),
    [
        (replace(CONNECTION, state=ConnectionState.RECONNECT_NEEDED), SETTINGS, LISTS, True,
         "The sign-in no longer works", "Reconnect"),
        (CONNECTION, replace(SETTINGS, default_tax_costs=None), LISTS, True,
         "Default tax for costs is not set", "Settings"),
        (CONNECTION, replace(SETTINGS, channel=None), LISTS, None,
         "No channel for cards and status messages", "Settings"),
        (CONNECTION, SETTINGS, LISTS, False,
         "The bot is not in its channel: invite it there, or choose another channel", "Settings"),
        (CONNECTION, SETTINGS, ListsState(NOON - dt.timedelta(days=3), LISTS.counts), True,
         "Lists are older than two days", "Refresh"),
        (CONNECTION, SETTINGS, ListsState(NOON), True,
         "No bank, cash or card account to pay from", "Refresh"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_what_mends_it(
    connection: Connection,
    settings: BusinessSettings,
    lists: ListsState,
    in_channel: bool | None,
    says: str,
    label: str,
) -> None:
    """S2"""
    found = checks(connection, settings, lists, NOON, bot_in_channel=in_channel)
    assert [(one.words, one.label) for one in found if not one.is_done] == [(says, label)]


BILLS = Finding("bills", "rights", "No right for bills.")
WHOLE = Finding("", "organisation", "Inactive.")


@pytest.mark.parametrize(
    ("before", "after", "known", "new", "gone"),
    [
        (None, Probe(NOON, ("bills",), (BILLS,)), {BILLS}, [BILLS], []),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, ("bills",), (BILLS,)), {BILLS}, [], []),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, ("bills",)), set(), [], [BILLS]),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, (), (), "too many calls"), {BILLS}, [], []),
        (Probe(NOON, (), (WHOLE,)), Probe(NOON, ("bills",)), set(), [], [WHOLE]),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, (), (WHOLE,)), {BILLS, WHOLE}, [WHOLE], []),
    ],
)  # fmt: skip
def test_a_problem_is_new_once_and_gone_once(
    before: Probe | None, after: Probe, known: set[Finding], new: list[Finding], gone: list[Finding]
) -> None:
    """C17: what was not asked for this time keeps what was known of it."""
    now, fresh, over = compare(before, after)
    assert (set(now.findings), list(fresh), list(over)) == (known, new, gone)
