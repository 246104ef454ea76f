"""The payment of a bill that stands, once, after its files. Refused, the bill stays and the item says so.

Zoho's help says that files cannot be added to a paid bill. A file that is refused, or that fails too often,
does not stop the payment: the item says which one is missing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.attachments import unsent
from bot.domain.connection import Connection
from bot.domain.items import Item
from bot.domain.publication import Publication, Step
from bot.errors import AnswerLost, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.ports import AccountingSoftware, Clock, Ledger, Store
from bot.services.file_sending import (
    LOCK_SECONDS,
    FileSending,
    Target,
    TryLater,
    attach_lock,
    count_stumble,
    still_to_go,
)
from bot.services.ledgers import ledger_of
from bot.services.publishing.later import RetryLater, later
from bot.services.publishing.recording import Recording

MOST_FILE_RUNS = 12
"""More than a file's own tries: it ends also what dies each time before it can be counted."""


@dataclass(frozen=True)
class Paying:
    softwares: Mapping[str, AccountingSoftware]
    recording: Recording
    clock: Clock

    async def settle(self, store: Store, connection: Connection | None, publication: Publication) -> Item:
        """The bill stands, files and payment may be missing. Without its organisation the item is recorded
        with the reason: another one cannot take them. Raises RetryLater, ReconnectNeeded."""
        if connection is None or connection.organisation.id != publication.organisation:
            fault = Refused("The organisation of the bill is not connected any more.", cause="organisation")
            return await self.recording.record(store, publication, unpaid=fault.sentence)
        if not connection.works:
            raise ReconnectNeeded(connection.reason or "Zoho Books no longer accepts our sign-in.")
        ledger = ledger_of(self.softwares, store, connection)
        publication = await self._files(store, self.softwares[connection.software], ledger, publication)
        return await self._pay(store, ledger, publication)

    async def _files(
        self, store: Store, software: AccountingSoftware, ledger: Ledger, publication: Publication
    ) -> Publication:
        """What is still to go before the payment."""
        item, target = await store.items.get(publication.item), Target.to_be_paid(publication)
        if item is None or target is None or not still_to_go(item, target.record):
            return publication
        if publication.file_runs >= MOST_FILE_RUNS:
            return publication
        # Of a bill that is recorded unpaid, the clock may be sending them just now.
        async with store.lock(attach_lock(item.id), LOCK_SECONDS):
            return await self._send_files(store, software, ledger, publication, target)

    async def _send_files(
        self,
        store: Store,
        software: AccountingSoftware,
        ledger: Ledger,
        publication: Publication,
        target: Target,
    ) -> Publication:
        """A wait for a limit or a reconnect, which stops the payment too, is not counted."""
        item = await store.items.get(publication.item)
        if item is None:
            return publication
        begun = replace(publication, file_runs=publication.file_runs + 1)
        sending = FileSending(store, software, ledger, target, self.clock)
        try:
            await sending.send_all(await sending.take_up(item), lambda: store.publications.save(begun))
        except TryLater as again:
            if again.is_limit:
                await store.publications.save(publication)
            raise RetryLater(again.seconds) from again
        except ReconnectNeeded:
            await store.publications.save(publication)
            raise
        return begun

    async def stumbled(self, store: Store, publication: Publication, reference: str) -> None:
        """A fault that nobody foresaw while files were on their way: counted on them. Raises RetryLater; does
        nothing where no file was left."""
        item, target = await store.items.get(publication.item), Target.to_be_paid(publication)
        if (
            not publication.owes_payment
            or item is None
            or target is None
            or not unsent(item.attachments, target.record)
        ):
            return
        left = await count_stumble(store, target, reference)
        raise RetryLater(2.0 ** max((file.attempts for file in left), default=0))

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
