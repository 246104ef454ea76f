"""The buttons that mend what keeps an item from being published, by cause."""

from __future__ import annotations

import json

from bot.domain import money
from bot.domain.coding import LOCKED, Coding
from bot.domain.holds import STAYS
from bot.domain.items import NUMBER_USED, RECONNECT, Field, Hold, Item
from bot.domain.mends import METHOD, REFRESH, RULE, SETTINGS, asks_method
from bot.domain.mends import mends as mends_coding
from bot.errors import BotError, NotReady, Refused
from bot.slack.blocks import connection, refresh
from bot.slack.blocks.parts import Block, button, confirm, context, option, select

REFRESHED = {"gone", "name_used", "currency", "tax", "category", "payment_account", LOCKED}
"""Causes that fresh lists may mend: something was renamed, switched off, made or unlocked over there."""
RECONNECTED = {"rights", "organisation", RECONNECT}
LOOK = "item.look"
ACCEPT_TAX = "item.accept_tax"
NOT_BOOKED = "item.not_booked"
TAKE = "item.take"
_LABELS = {
    connection.CONNECT: "Connect",
    connection.RECONNECT: "Reconnect",
    METHOD: "Choose account",
    REFRESH: "Refresh lists",
    RULE: "Change the rule",
    SETTINGS: "Settings",
}
"""What stands on the button of an action that an error or an item's coding names."""


def mends(hold: Hold | None) -> list[Block]:
    """Beside **Retry**, **Edit** and **Reject**, which every failure has."""
    return _mends(hold.cause, hold.link) if hold else []


def _mends(cause: str, link: str) -> list[Block]:
    if cause in REFRESHED:
        return [button("Refresh lists", refresh.ASK)]
    if cause in RECONNECTED:
        return [button("Reconnect", connection.RECONNECT)]
    if cause == "NotConnected":
        return [button("Connect", connection.CONNECT)]
    if cause == NUMBER_USED and link:
        return [_look(link)]
    return []


def _look(link: str) -> Block:
    return button("Look at that record", LOOK, url=link)


def mends_fault(fault: BotError) -> list[Block]:
    """Of an error that is told to one person."""
    named = [(fault.action, "")] if fault.action else []
    named += fault.mends if isinstance(fault, NotReady) else ()
    told = [button(_LABELS[action], action, value) for action, value in named if action in _LABELS]
    by_cause = _mends(fault.cause, fault.link) if isinstance(fault, Refused) else []
    there = [] if isinstance(fault, Refused) or not fault.link else [_look(fault.link)]
    return _once([*told, *by_cause, *there])


def doubt(item: Item) -> list[Block]:
    """Said until the earlier try was looked up, where the failure itself does not say it."""
    said = "An earlier try may have booked it: it is looked up there before anything is sent again."
    is_said = item.hold is not None and item.hold.cause in STAYS
    return [context(f"🟡 {said}")] if item.doubtful and not is_said else []


def ends_doubt(item: Item) -> list[Block]:
    """For who looked there, also where we cannot."""
    if not item.doubtful:
        return []
    asks = confirm(
        "Is it not in Zoho Books?",
        "Publishing sends it without looking then. If it is there after all, it is there twice.",
        "It is not there",
    )
    return [button("It is not there", NOT_BOOKED, item.id, confirm=asks)]


def mends_problems(item: Item, coding: Coding) -> list[Block]:
    """Beside **Edit**, where every value can be changed for this item alone: what mends it for others too,
    and what kept it the last time. Where the books make another tax than was said: take theirs."""
    by_coding = [button(_LABELS[action], action, value) for action, value in mends_coding(item, coding)]
    return _once([*_accepting(item, coding), *_taking(item, coding), *by_coding, *mends(item.hold)])


def _accepting(item: Item, coding: Coding) -> list[Block]:
    if coding.rate_tax is None or all(one.field is not Field.TAX_AMOUNT for one in coding.problems):
        return []
    value = json.dumps({"item": item.id, "tax": str(coding.rate_tax)}, separators=(",", ":"))
    return [button(f"Accept {money.shown(coding.rate_tax, coding.currency)} of tax", ACCEPT_TAX, value)]


def only_asks_method(item: Item, coding: Coding) -> bool:
    """Whether what the document's payment method stands for is all it waits for."""
    return asks_method(item, coding) and len(coding.problems) == 1


def _once(buttons: list[Block]) -> list[Block]:
    """Slack takes an action once in a block."""
    return list({one["action_id"]: one for one in buttons}.values())


def _taking(item: Item, coding: Coding) -> list[Block]:
    """Of entries that were meant equally well: which one."""
    asked = next((one for one in coding.problems if one.choices), None)
    if asked is None:
        return []
    offered = [
        option(entry.label, json.dumps([item.id, asked.field.value, entry.id], separators=(",", ":")))
        for entry in asked.choices
    ]
    return [select(offered, action=TAKE, placeholder=f"Which {asked.field.words.lower()}?")]
