"""The one POST of a record, and the look for it where an earlier one may have got through."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.items import NUMBER_USED
from bot.domain.publication import Publication, Step
from bot.errors import AnswerLost, RateLimited, Refused, Unavailable
from bot.ports import Ledger, Store
from bot.services.numbers import name_holder
from bot.services.publishing.later import LOOK_THERE, later


async def look_up(store: Store, ledger: Ledger, publication: Publication) -> Publication:
    """An earlier send may have got through: look before sending again."""
    if publication.record is None:
        raise Refused("This publication has no record.", cause="broken")
    try:
        found = await ledger.find(publication.record)
    except Refused as fault:
        fault.advice = f"{fault.advice} {LOOK_THERE}".strip()
        raise
    except (RateLimited, Unavailable) as fault:
        raise await later(store, publication, fault) from fault
    if found is not None:
        publication = replace(publication, step=Step.SENT, booked=found, attempts=0)
    else:
        publication = replace(publication, step=Step.PREPARED)
    await store.publications.save(publication)
    return publication


async def send(store: Store, ledger: Ledger, publication: Publication) -> Publication:
    if publication.record is None:
        raise Refused("This publication has no record.", cause="broken")
    sending = replace(publication, step=Step.SENDING)
    await store.publications.save(sending)
    try:
        booked = await ledger.send(publication.record)
    except Refused as fault:
        # Certainly not written: nothing of it is in doubt.
        await store.publications.save(publication)
        if fault.cause == NUMBER_USED:
            await name_holder(ledger, publication.record, fault)
        raise
    except AnswerLost as fault:
        # Zoho may still be writing: a later run looks, and only then sends again.
        raise await later(store, sending, fault) from fault
    except (RateLimited, Unavailable) as fault:
        # Certainly not written: nothing left this machine, or it was turned away at the door.
        raise await later(store, publication, fault) from fault
    sent = replace(sending, step=Step.SENT, booked=booked, attempts=0)
    await store.publications.save(sent)
    return sent
