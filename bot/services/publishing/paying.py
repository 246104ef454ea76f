"""The payment of a bill that stands, once. Refused, the bill stays and the item says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.connection import Connection
from bot.domain.items import Item
from bot.domain.publication import Publication, Step
from bot.errors import AnswerLost, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.ports import AccountingSoftware, Ledger, Store
from bot.services.ledgers import ledger_of
from bot.services.publishing.later import RetryLater, later
from bot.services.publishing.recording import Recording


@dataclass(frozen=True)
class Paying:
    softwares: Mapping[str, AccountingSoftware]
    recording: Recording

    async def settle(self, store: Store, connection: Connection | None, publication: Publication) -> Item:
        """The bill stands, its payment may be missing. Without its organisation the item is recorded with the
        reason: another one cannot take the payment."""
        if connection is None or connection.organisation.id != publication.organisation:
            fault = Refused("The organisation of the bill is not connected any more.", cause="organisation")
            return await self.recording.record(store, publication, unpaid=fault.sentence)
        if not connection.works:
            raise ReconnectNeeded(connection.reason or "Zoho Books no longer accepts our sign-in.")
        return await self._pay(store, ledger_of(self.softwares, store, connection), publication)

    async def _pay(self, store: Store, ledger: Ledger, publication: Publication) -> Item:
        record, booked = publication.record, publication.booked
        if record is None or booked is None:
            raise Refused("This publication has no record.", cause="broken")
        was_paying = publication.step is Step.PAYING
        paying = replace(publication, step=Step.PAYING)
        try:
            paid = await ledger.find_payment(record) if was_paying else None
            if paid is None:
                await store.publications.save(paying)
                paid = await ledger.pay(record, booked)
        except Refused as fault:
            return await self.recording.record(store, paying, unpaid=fault.sentence)
        except (AnswerLost, RateLimited, Unavailable) as fault:
            unsure = was_paying or isinstance(fault, AnswerLost)
            again = await later(store, paying if unsure else publication, fault)
            if isinstance(again, RetryLater):
                raise again from fault
            return await self.recording.record(store, paying, unpaid=again.sentence)
        done = replace(paying, step=Step.PAID, paid=paid)
        await store.publications.save(done)
        return await self.recording.record(store, done)
