"""What publishing still needs, and what a look at the accounting software found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.checklist import Standing, checks, missing
from bot.domain.connection import Connection, ConnectionState
from bot.domain.identity import ChannelId, EntryId
from bot.domain.items import Side
from bot.domain.lists import ListKind, ListsState
from bot.domain.probe import Finding, Probe, compare
from bot.domain.settings import BusinessSettings
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_entry

CONNECTION = Connection("zoho-books", GBP_ORGANISATION, ADA, NOON)
SETTINGS = BusinessSettings(
    default_tax_costs=EntryId("t20"), default_tax_sales=EntryId("t20"), channel=ChannelId("C1")
)
LISTS = ListsState(NOON, {ListKind.BANK_ACCOUNTS: 2, ListKind.TAXES: 4})
NO_TAXES = ListsState(NOON, {ListKind.BANK_ACCOUNTS: 2, ListKind.TAXES: 0})
TAX = an_entry("Standard Rate", percentage="20")
WHOLE = Standing(
    CONNECTION, SETTINGS, LISTS, {Side.COST: TAX, Side.SALE: TAX}, has_rule=True, has_approver=True
)


def test_without_a_connection_there_is_one_thing_to_do() -> None:
    """S2"""
    (only,) = checks(NOON, replace(WHOLE, connection=None), bot_in_channel=None)
    assert (only.is_done, only.label) == (False, "Connect")


def test_all_is_ticked_where_all_is_there() -> None:
    """S2 S4"""
    found = checks(NOON, WHOLE, bot_in_channel=True)
    assert all(one.is_done for one in found)
    assert [one.words for one in found if one.is_needed] == [
        "Connected",
        "Organisation: Held Out Ltd",
        "Lists are fresh",
        "Default tax for costs: Standard Rate 20%",
        "Default tax for sales: Standard Rate 20%",
        "Accounts to pay from",
        "Channel for cards and status messages",
    ]


@pytest.mark.parametrize(
    ("changes", "in_channel", "says", "label"),
    [
        ({"connection": replace(CONNECTION, state=ConnectionState.RECONNECT_NEEDED)}, True,
         "The sign-in no longer works", "Reconnect"),
        ({"findings": 1}, True, "Our sign-in: a right is missing, `/dext status` says which", "Reconnect"),
        ({"settings": replace(SETTINGS, default_tax_costs=None)}, True,
         "Default tax for costs is not set", "Settings"),
        ({"default_taxes": {Side.COST: replace(TAX, active=False), Side.SALE: TAX}}, True,
         "Default tax for costs: Standard Rate 20% is inactive", "Settings"),
        ({"default_taxes": {Side.COST: TAX}}, True,
         "Default tax for sales: it is no longer on the list", "Settings"),
        ({"tax_exceptions": {"cost:EUR": TAX, "sale:EUR": None}}, True,
         "Default tax for sales in EUR: it is no longer on the list", "Settings"),
        ({"tax_exceptions": {"cost:USD": replace(TAX, active=False)}}, True,
         "Default tax for costs in USD: Standard Rate 20% is inactive", "Settings"),
        ({"settings": replace(SETTINGS, channel=None)}, None,
         "No channel for cards and status messages", "Settings"),
        ({}, False, "The bot is not in its channel: invite it there, or choose another channel", "Settings"),
        ({"lists": ListsState(NOON - dt.timedelta(days=3), LISTS.counts)}, True,
         "Lists are older than two days", "Refresh"),
        ({"lists": ListsState(None, LISTS.counts)}, True, "Lists were never read", "Refresh"),
        ({"lists": ListsState(None, LISTS.counts), "is_reading": True}, True, "Lists are being read", ""),
        ({"lists": ListsState(NOON, {ListKind.TAXES: 4})}, True,
         "No bank, cash or card account to pay from", "Refresh"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named_with_what_mends_it(
    changes: dict[str, Any], in_channel: bool | None, says: str, label: str
) -> None:
    """S2"""
    found = checks(NOON, replace(WHOLE, **changes), bot_in_channel=in_channel)
    assert [(one.words, one.label) for one in missing(found)] == [(says, label)]


def test_where_there_are_no_taxes_none_has_to_be_chosen() -> None:
    """S2 S4: the list comes from the organisation's own lists."""
    bare = replace(WHOLE, settings=BusinessSettings(channel=ChannelId("C1")), default_taxes={})
    said = [one.words for one in missing(checks(NOON, bare, bot_in_channel=True))]
    assert said == ["Default tax for costs is not set", "Default tax for sales is not set"]
    assert not missing(checks(NOON, replace(bare, lists=NO_TAXES), bot_in_channel=True))


def test_what_only_helps_keeps_nothing_back() -> None:
    """S2"""
    found = checks(NOON, replace(WHOLE, has_rule=False, has_approver=False), bot_in_channel=True)
    assert not missing(found)
    assert [one.label for one in found if not one.is_done] == ["Add a rule", "Roles"]


BILLS = Finding("bills", "rights", "No right for bills.")
WHOLLY = Finding("", "organisation", "Inactive.")


@pytest.mark.parametrize(
    ("before", "after", "known", "new", "gone"),
    [
        (None, Probe(NOON, ("bills",), (BILLS,)), {BILLS}, [BILLS], []),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, ("bills",), (BILLS,)), {BILLS}, [], []),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, ("bills",)), set(), [], [BILLS]),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, (), (), "too many calls"), {BILLS}, [], []),
        (Probe(NOON, (), (WHOLLY,)), Probe(NOON, ("bills",), is_heard=True), set(), [], [WHOLLY]),
        (Probe(NOON, (), (WHOLLY,)), Probe(NOON, (), is_heard=True), set(), [], [WHOLLY]),
        (Probe(NOON, (), (WHOLLY,)), Probe(NOON, (), (), "too many calls"), {WHOLLY}, [], []),
        (Probe(NOON, ("bills",), (BILLS,)), Probe(NOON, (), (WHOLLY,)), {BILLS, WHOLLY}, [WHOLLY], []),
    ],
)  # fmt: skip
def test_a_problem_is_new_once_and_gone_once(
    before: Probe | None, after: Probe, known: set[Finding], new: list[Finding], gone: list[Finding]
) -> None:
    """C17: what was not asked for this time keeps what was known of it."""
    now, fresh, over = compare(before, after)
    assert (set(now.findings), list(fresh), list(over)) == (known, new, gone)
