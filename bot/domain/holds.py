"""What is said of an item that was not published, and for how long it stands.

A message that stays after its cause is gone is worse than none: each stands only until what it speaks of has
changed.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping

from bot.domain.coding import CodedLine, Coding
from bot.domain.items import DUPLICATE, NEW_SUPPLIER, NUMBER_USED, RECONNECT, Field, Hold

MENDED_BY_REFRESH = frozenset({"gone", "category", "tax", "currency", "locked", "field", "refused"})
"""Causes that a look at the accounting software's newer lists may have done away with."""
_WORDS: Mapping[str, str] = {
    DUPLICATE: "possible duplicate",
    NEW_SUPPLIER: "new supplier",
    RECONNECT: "reconnect needed",
    "number_used": "number already used",
    "name_used": "name already used",
    "name_refused": "name not accepted",
    "gone": "something it uses is gone",
    "category": "category missing",
    "currency": "currency not switched on",
    "amount": "amount not accepted",
    "tax": "tax does not fit",
    "organisation": "another organisation",
    "rights": "no right to do this",
    "lines": "no line to book",
    "credit": "credit cannot be used",
    "dependents": "other records hang on it",
    "payment_account": "payment account does not fit",
    "file": "file not taken",
    "locked": "date is locked",
    "field": "a value is not accepted",
    "refused": "refused",
    "unavailable": "no answer after several tries",
    "broken": "fault on our side",
    "auto_publish": "not published by itself",
    "NotReady": "needs attention",
    "NotAllowed": "asked by somebody who may not publish",
    "NotConnected": "not connected",
}


def cause_words(cause: str) -> str:
    """A cause as people read it, in lists and on buttons."""
    return _WORDS.get(cause, cause.replace("_", " "))


_ABOUT: Mapping[str, tuple[Field, ...]] = {
    "number_used": (Field.SUPPLIER, Field.DOCUMENT_NUMBER),
    "name_used": (Field.SUPPLIER,),
    "name_refused": (Field.SUPPLIER,),
    "locked": (Field.DATE,),
}
"""Where a cause is about certain fields, only they can do away with it."""


def fingerprint(coding: Coding, cause: str) -> str:
    """Changes when what the cause is about changes; for most, anything that would be sent."""
    fields = _ABOUT.get(cause, tuple(coding.values))
    values = ((name, coding.values[name]) for name in sorted(fields) if name in coding.values)
    whole = [
        f"{name.value}={(value.entry.id, value.entry.active) if value.entry else value.text}"
        for name, value in values
    ]
    whole += [coding.publish_as.value, str(coding.date) if Field.DATE in fields else ""]
    if cause not in _ABOUT:
        whole += [str(coding.due_date), str(coding.total), str(coding.tax_amount), coding.currency]
        whole += [str(coding.exchange_rate)]
        whole += [_of_line(line) for line in coding.lines]
    return hashlib.sha256("\0".join(whole).encode()).hexdigest()[:16]


def speaks_of(hold: Hold | None, link: str) -> bool:
    """Whether it says that the record of this page has the item's number."""
    return bool(hold and link and hold.cause == NUMBER_USED and hold.link == link)


def _of_line(line: CodedLine) -> str:
    chosen = (line.category, line.tax, line.project, line.customer)
    said = [value.entry.id if value and value.entry else value.text if value else "" for value in chosen]
    return "\0".join((line.description, str(line.quantity), str(line.rate), *said))


STAYS = frozenset({"unavailable", "organisation", "broken"})
"""The record may have been booked: that must not be forgotten before somebody has looked."""


def stands(
    hold: Hold, coding: Coding, *, connected_at: dt.datetime | None, refreshed_at: dt.datetime | None
) -> bool:
    """Whether what was said is still so, as far as can be told from here. `connected_at` is nothing while no
    accounting software is connected."""
    until = {
        NEW_SUPPLIER: coding.new_supplier,
        "NotReady": not coding.is_ready,
        "NotConnected": connected_at is None,
    }
    if hold.cause in STAYS or hold.cause in until:
        return until.get(hold.cause, True)
    if hold.sent and hold.sent != fingerprint(coding, hold.cause):
        return False
    mends = refreshed_at if hold.cause in MENDED_BY_REFRESH else None
    mends = connected_at if hold.cause == "rights" else mends
    return not (hold.at and mends and mends > hold.at)
