"""What mends an item that needs attention, besides **Edit**: actions by their ids, each with its value."""

from __future__ import annotations

from bot.domain import payment_methods
from bot.domain.coding import DEFAULT_GONE, LOCKED, LOCKED_HERE, SEVERAL, Coding, Layer
from bot.domain.items import Field, Item
from bot.domain.layers import KINDS

METHOD, REFRESH, RULE, SETTINGS = "payment_method.ask", "refresh.ask", "rules.edit", "settings.open"


def mends(item: Item, coding: Coding) -> tuple[tuple[str, str], ...]:
    """What mends it for other items too."""
    wrong = {problem.field for problem in coding.problems if problem.cause != SEVERAL}
    causes = {problem.cause for problem in coding.problems}
    said = [value for field in wrong & KINDS.keys() for value in coding.said(field)]
    layers = {value.layer for value in said}
    found = [(METHOD, str(item.id))] if asks_method(item, coding) else []
    # What is named and on no list may be there by now, what is locked there may be open.
    if any(value.text for value in said) or LOCKED in causes:
        found.append((REFRESH, "refresh"))
    if Layer.RULE in layers:
        found.append((RULE, coding.rule))
    if causes & {LOCKED_HERE, DEFAULT_GONE} or (Layer.DEFAULT in layers and Field.TAX in wrong):
        found.append((SETTINGS, "settings"))
    return tuple(found)


def asks_method(item: Item, coding: Coding) -> bool:
    """Whether somebody must say what the document's payment method stands for: it is on no list, or what was
    said of it no longer fits."""
    value = coding.values.get(Field.PAYMENT_ACCOUNT)
    if value is None or all(problem.field is not Field.PAYMENT_ACCOUNT for problem in coding.problems):
        return False
    is_documents = value.layer is Layer.REMEMBERED or (value.layer is Layer.DOCUMENT and not value.entry)
    return is_documents and bool(payment_methods.key(item.document.payment_account))
