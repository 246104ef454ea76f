"""The buttons that mend what keeps an item from being published, by cause."""

from __future__ import annotations

import json

from bot.domain import money, payment_methods
from bot.domain.coding import DEFAULT_GONE, LOCKED, LOCKED_HERE, Coding, Layer
from bot.domain.identity import ItemId
from bot.domain.items import NUMBER_USED, Field, Hold, Item
from bot.domain.layers import KINDS
from bot.slack.blocks import connection, refresh
from bot.slack.blocks.changes import RULES, SETTINGS
from bot.slack.blocks.parts import Block, button
from bot.slack.blocks.payment_methods import ASK

REFRESHED = {"gone", "name_used", "currency", "tax", "category", LOCKED}
"""Causes that fresh lists may mend: something was renamed, switched off, made or unlocked over there."""
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


def mends_problems(item: Item, coding: Coding) -> list[Block]:
    """Beside **Edit**, where every value can be changed for this item alone: what mends it for others too.
    Where the books make another tax than was said: take theirs."""
    wrong = {problem.field for problem in coding.problems}
    causes = {problem.cause for problem in coding.problems}
    said = [value for field in wrong & KINDS.keys() for value in coding.said(field)]
    layers = {value.layer for value in said}
    buttons = [button("Choose account", ASK, item.id)] if asks_method(item, coding) else []
    buttons += _accepting(item.id, coding)
    # What is named and on no list may be there by now, what is locked there may be open.
    if any(value.text for value in said) or LOCKED in causes:
        buttons.append(button("Refresh lists", refresh.ASK))
    if Layer.RULE in layers:
        buttons.append(button("Change the rule", RULES, coding.rule))
    if causes & {LOCKED_HERE, DEFAULT_GONE} or (Layer.DEFAULT in layers and Field.TAX in wrong):
        buttons.append(button("Settings", SETTINGS, "settings"))
    return buttons


def _accepting(item_id: ItemId, coding: Coding) -> list[Block]:
    if coding.rate_tax is None or all(one.field is not Field.TAX_AMOUNT for one in coding.problems):
        return []
    value = json.dumps({"item": item_id, "tax": str(coding.rate_tax)}, separators=(",", ":"))
    return [button(f"Accept {money.shown(coding.rate_tax, coding.currency)} of tax", ACCEPT_TAX, value)]


def asks_method(item: Item, coding: Coding) -> bool:
    """Whether somebody must say what the document's payment method stands for: it is on no list, or what was
    said of it no longer fits."""
    value = coding.values.get(Field.PAYMENT_ACCOUNT)
    if value is None or all(problem.field is not Field.PAYMENT_ACCOUNT for problem in coding.problems):
        return False
    is_documents = value.layer is Layer.REMEMBERED or (value.layer is Layer.DOCUMENT and not value.entry)
    return is_documents and bool(payment_methods.key(item.document.payment_account))


def only_asks_method(item: Item, coding: Coding) -> bool:
    """Whether that is all it waits for."""
    return asks_method(item, coding) and len(coding.problems) == 1
