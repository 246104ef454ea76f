"""A number that another record has already: found before it is sent, and shown when it was refused."""

from __future__ import annotations

import contextlib
from decimal import Decimal

from bot.domain import money
from bot.domain.items import NUMBER_USED
from bot.domain.kinds import BILLS
from bot.domain.publication import Booked, Record, number_key
from bot.errors import AccountingError, ReconnectNeeded, Refused
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
        is_prevented=True,
        advice="Change the number with Edit, or reject the item if it is the same document.",
    )
    _name(held, fault)
    raise fault


async def name_holder(ledger: Ledger, record: Record, fault: Refused) -> None:
    """Which record has the number already, perhaps one that we did not make, and its page; said in the fault
    where that can be told now."""
    with contextlib.suppress(AccountingError, ReconnectNeeded):  # the refusal stands without it
        held = await ledger.holder_of_number(record)
        if held is not None:
            _name(held, fault)


def _name(held: Booked, fault: Refused) -> None:
    said = held.read_back
    parts = [f"of {said['date']}"] if said.get("date") else []
    if total := said.get("total"):
        currency = held.names.get(said.get("currency", ""), "")
        parts.append(f"over {money.shown(Decimal(total), currency)}")
    if parts:
        fault.says = " ".join([fault.says, f"It is the {held.kind.noun}", *parts]) + "."
    fault.link = held.link
