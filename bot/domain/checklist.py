"""What the connected organisation still needs before publishing, each with what mends it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import default_taxes
from bot.domain.connection import Connection
from bot.domain.items import Side
from bot.domain.lists import Entry, ListKind, ListsState
from bot.domain.settings import BusinessSettings

FRESH_FOR = dt.timedelta(hours=49)
"""Lists older than the longest schedule are old; a little later than it, since a refresh takes its time."""
_SIDES = {Side.COST: "costs", Side.SALE: "sales"}


@dataclass(frozen=True, slots=True)
class Check:
    """One line. `action` is the action id of the button that mends it, `label` what stands on it."""

    is_done: bool
    words: str
    label: str = ""
    action: str = ""
    value: str = ""
    is_needed: bool = True
    """Publishing does without the others; they make it easier."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What the checks look at."""

    connection: Connection | None
    settings: BusinessSettings
    lists: ListsState
    default_taxes: Mapping[Side, Entry | None] = field(default_factory=dict)
    """The entries of the chosen ones; nothing where none is chosen, or the lists do not know it."""
    tax_exceptions: Mapping[str, Entry | None] = field(default_factory=dict)
    """The entries of those that are chosen for a currency, by `default_taxes.key`."""
    has_rule: bool = False
    has_approver: bool = False
    is_reading: bool = False
    """A refresh runs."""
    findings: int = 0
    """What the last look at the rights found missing."""


def checks(now: dt.datetime, at: Standing, *, bot_in_channel: bool | None) -> tuple[Check, ...]:
    """In the order they are mended. `bot_in_channel` is nothing where Slack does not say."""
    connection = at.connection
    if connection is None:
        return (
            Check(False, "No accounting software is connected", "Connect", "connect.software", "zoho-books"),
        )
    works = connection.works
    return (
        Check(
            works,
            "Connected" if works else "The sign-in no longer works",
            "Reconnect",
            "connection.reconnect",
            connection.software,
        ),
        Check(True, f"Organisation: {connection.organisation.name}"),
        *(_rights(at, connection) if works and at.findings else ()),
        _lists(at, now),
        *(_tax(at, side) for side in Side),
        *_exceptions(at),
        _payment_accounts(at),
        _channel(at.settings, bot_in_channel),
        _rule(at),
        _approver(at),
    )


def missing(found: Sequence[Check]) -> Sequence[Check]:
    """What publishing cannot do without and is not there."""
    return [one for one in found if one.is_needed and not one.is_done]


def _rights(at: Standing, connection: Connection) -> Sequence[Check]:
    missing_rights = "a right is missing" if at.findings == 1 else f"{at.findings} rights are missing"
    says = f"Our sign-in: {missing_rights}, `/dext status` says which"
    return (Check(False, says, "Reconnect", "connection.reconnect", connection.software),)


def _lists(at: Standing, now: dt.datetime) -> Check:
    age = now - at.lists.refreshed_at if at.lists.refreshed_at else None
    fresh = age is not None and age <= FRESH_FOR
    says = "Lists are fresh" if fresh else "Lists are older than two days"
    if age is None:
        says = "Lists are being read" if at.is_reading else "Lists were never read"
    mends = () if at.is_reading and not fresh else ("Refresh", "refresh.ask", "refresh")
    return Check(fresh, says, *mends)


def _tax(at: Standing, side: Side) -> Check:
    """An organisation that is not registered for tax has no taxes, and needs none."""
    words = f"Default tax for {_SIDES[side]}"
    settings = at.settings
    is_chosen = bool(settings.default_tax_costs if side is Side.COST else settings.default_tax_sales)
    tax = at.default_taxes.get(side)
    if is_chosen and tax and tax.active:
        return Check(True, f"{words}: {tax.label}")
    if not is_chosen and at.lists.refreshed_at and not at.lists.counts.get(ListKind.TAXES, 0):
        return Check(True, f"{words}: the organisation has no taxes")
    if is_chosen and at.lists.refreshed_at:
        return Check(False, f"{words}: {_gone(tax)}", "Settings", "settings.open", "settings")
    if is_chosen:
        return Check(True, words)
    return Check(False, f"{words} is not set", "Settings", "settings.open", "settings")


def _exceptions(at: Standing) -> Sequence[Check]:
    """Only those that can no longer be used: nobody needs to choose any."""
    if at.lists.refreshed_at is None:
        return ()
    return tuple(
        Check(False, f"{default_taxes.words(one)}: {_gone(tax)}", "Settings", "settings.open", "settings")
        for one, tax in at.tax_exceptions.items()
        if not (tax and tax.active)
    )


def _gone(tax: Entry | None) -> str:
    return f"{tax.label} is inactive" if tax else "it is no longer on the list"


def _payment_accounts(at: Standing) -> Check:
    number = at.lists.counts.get(ListKind.BANK_ACCOUNTS, 0)
    says = "Accounts to pay from" if number else "No bank, cash or card account to pay from"
    if not number and at.is_reading and at.lists.refreshed_at is None:
        says = "Accounts to pay from: the list is being read"
    mends = () if at.is_reading else ("Refresh", "refresh.ask", "refresh")
    return Check(number > 0, says, *mends)


def _channel(settings: BusinessSettings, bot_in_channel: bool | None) -> Check:
    if settings.channel is not None and bot_in_channel is not False:
        return Check(True, "Channel for cards and status messages")
    says = "No channel for cards and status messages"
    if settings.channel is not None:
        says = "The bot is not in its channel: invite it there, or choose another channel"
    return Check(False, says, "Settings", "settings.open", "settings")


def _rule(at: Standing) -> Check:
    says = "A first supplier rule, so that items code themselves"
    return Check(at.has_rule, says, "Add a rule", "rules.add", "add", is_needed=False)


def _approver(at: Standing) -> Check:
    says = "An Approver, so that somebody besides the Admins may publish"
    return Check(at.has_approver, says, "Roles", "roles.open", "roles", is_needed=False)
