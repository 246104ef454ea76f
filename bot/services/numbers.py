"""A number that another record has already: found before it is sent, and shown when it was refused."""

from __future__ import annotations

import contextlib

from bot.domain.items import NUMBER_USED
from bot.domain.kinds import BILLS
from bot.domain.publication import Record, number_key
from bot.errors import AccountingError, Refused
from bot.ports import Ledger, Store


async def refuse_used_number(store: Store, ledger: Ledger, record: Record) -> None:
    """A number of a record we made is looked up before it is sent: that record may be void by now, and then
    the number is free. Costs a call only for such a number. Raises Refused with the record's page."""
    key = number_key(record.kind, record.party, record.number)
    if not key or not await store.numbers.is_used(key):
        return
    held = await ledger.holder_of_number(record)
    if held is None:
        await store.numbers.forget(key)
        return
    whose = "for this supplier" if record.kind in BILLS else f"by a {record.kind.noun}"
    fault = Refused(
        f"The number {held.number} has already been used {whose} in Zoho Books.",
        cause=NUMBER_USED,
        advice="Change the number with Edit, or reject the item if it is the same document.",
    )
    fault.link = held.link
    raise fault


async def page_of_holder(ledger: Ledger, record: Record) -> str:
    """The page of the record that has the number already; empty where that cannot be told now."""
    with contextlib.suppress(AccountingError):
        held = await ledger.holder_of_number(record)
        return held.link if held else ""
    return ""
