"""The buttons that mend what keeps an item from being published, by cause."""

from __future__ import annotations

import json

from bot.domain import money
from bot.domain.coding import Coding
from bot.domain.identity import ItemId
from bot.domain.items import NUMBER_USED, Field, Hold
from bot.domain.layers import KINDS
from bot.slack.blocks import connection, refresh
from bot.slack.blocks.parts import Block, button

REFRESHED = {"gone", "name_used", "currency", "tax", "category"}
"""Causes that fresh lists may mend: something was renamed, switched off or made over there."""
RECONNECTED = {"rights", "organisation"}
LOOK = "item.look"
ACCEPT_TAX = "item.accept_tax"


def mends(hold: Hold | None) -> list[Block]:
    """Beside **Retry**, **Edit** and **Reject**, which every failure has."""
    if hold is None:
        return []
    if hold.cause in REFRESHED:
        return [button("Refresh lists", refresh.ASK)]
    if hold.cause in RECONNECTED:
        return [button("Reconnect", connection.RECONNECT)]
    if hold.cause == NUMBER_USED and hold.link:
        return [button("Look at that record", LOOK, url=hold.link)]
    return []


def mends_problems(item_id: ItemId, coding: Coding) -> list[Block]:
    """Where something is named that is on no list: it may be there by now. Where the books make another tax
    than was said: take theirs."""
    return [*_accepting(item_id, coding), *_refreshing(coding)]


def _accepting(item_id: ItemId, coding: Coding) -> list[Block]:
    if coding.rate_tax is None or all(one.field is not Field.TAX_AMOUNT for one in coding.problems):
        return []
    value = json.dumps({"item": item_id, "tax": str(coding.rate_tax)}, separators=(",", ":"))
    return [button(f"Accept {money.shown(coding.rate_tax, coding.currency)} of tax", ACCEPT_TAX, value)]


def _refreshing(coding: Coding) -> list[Block]:
    named = (problem for problem in coding.problems if problem.field in KINDS)
    if any(coding.text(problem.field) for problem in named):
        return [button("Refresh lists", refresh.ASK)]
    return []
