"""What the connected organisation still needs before publishing, each with what mends it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from bot.domain.connection import Connection
from bot.domain.lists import ListKind, ListsState
from bot.domain.settings import BusinessSettings

FRESH_FOR = dt.timedelta(hours=49)
"""Lists older than the longest schedule are old; a little later than it, since a refresh takes its time."""


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `action` is the action id of the button that mends it, `label` what stands on it."""

    is_done: bool
    words: str
    label: str = ""
    action: str = ""
    value: str = ""


def checks(
    connection: Connection | None,
    settings: BusinessSettings,
    lists: ListsState,
    now: dt.datetime,
    *,
    bot_in_channel: bool | None,
) -> tuple[Check, ...]:
    """In the order they are mended. `bot_in_channel` is nothing where Slack does not say."""
    if connection is None:
        return (
            Check(False, "No accounting software is connected", "Connect", "connect.software", "zoho-books"),
        )
    works = connection.works
    age = now - lists.refreshed_at if lists.refreshed_at else None
    return (
        Check(
            works,
            "Connected" if works else "The sign-in no longer works",
            "Reconnect",
            "connection.reconnect",
            connection.software,
        ),
        Check(True, f"Organisation: {connection.organisation.name}"),
        _lists(age),
        _tax(settings.default_tax_costs is not None, "costs"),
        _tax(settings.default_tax_sales is not None, "sales"),
        _payment_accounts(lists),
        _channel(settings, bot_in_channel),
    )


def _lists(age: dt.timedelta | None) -> Check:
    says = "Lists were never read" if age is None else "Lists are older than two days"
    fresh = age is not None and age <= FRESH_FOR
    return Check(fresh, "Lists are fresh" if fresh else says, "Refresh", "refresh.ask", "refresh")


def _tax(is_set: bool, side: str) -> Check:
    says = f"Default tax for {side}" + ("" if is_set else " is not set")
    return Check(is_set, says, "Settings", "settings.open", "settings")


def _payment_accounts(lists: ListsState) -> Check:
    number = lists.counts.get(ListKind.BANK_ACCOUNTS, 0)
    says = "Accounts to pay from" if number else "No bank, cash or card account to pay from"
    return Check(number > 0, says, "Refresh", "refresh.ask", "refresh")


def _channel(settings: BusinessSettings, bot_in_channel: bool | None) -> Check:
    if settings.channel is not None and bot_in_channel is not False:
        return Check(True, "Channel for cards and status messages")
    says = "No channel for cards and status messages"
    if settings.channel is not None:
        says = "The bot is not in its channel: invite it there, or choose another channel"
    return Check(False, says, "Settings", "settings.open", "settings")
