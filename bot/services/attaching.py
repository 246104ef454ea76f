"""Files on their way to a record that stands: each on its own, never twice, tried again alone.

Each file's state is written down before the next step begins (waiting → sending → sent), so that a run which
is cut anywhere goes on from there. Found at *sending*, the record is looked at before the file is sent again.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.attachments import Attachment, FileState, changed, unsent
from bot.domain.audit import LogEntry
from bot.domain.identity import BOT, Business, ItemId, PersonId
from bot.domain.items import Item, ItemStage, Published
from bot.errors import (
    AccountingError,
    AlreadyDone,
    AnswerLost,
    NotFound,
    RateLimited,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from bot.ports import AccountingSoftware, Clock, Jobs, Ledger, Storage, Store
from bot.services.ledgers import ledger_of
from bot.services.publishing import RetryLater, attach_later
from bot.services.refresh import mark_broken

KEPT = timedelta(days=90)
"""After publishing; the accounting software has the files then."""
MOST_ATTEMPTS = 6
LOCK_SECONDS = 15.0
STUCK_AFTER = timedelta(seconds=60)
GONE = "It is no longer kept: files are kept for 90 days after publishing."
ELSEWHERE = "Another organisation is connected now; the record is in the one from before."


class _Later(Exception):
    """This file is to be tried again; the others may go on unless the fault is a limit."""

    def __init__(self, seconds: float, *, stops: bool) -> None:
        super().__init__(seconds)
        self.seconds, self.stops = seconds, stops


@dataclass(frozen=True)
class AttachingService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    clock: Clock

    async def run(self, business: Business, item_id: ItemId) -> Item | None:
        """Sends what is still to be sent; the item afterwards, nothing when it is gone. Raises RetryLater."""
        store = self.storage.of(business)
        async with store.lock(f"attach-{item_id}", LOCK_SECONDS):
            item = await store.items.get(item_id)
            if item is None or item.published is None:
                if item is None or item.stage not in (ItemStage.PUBLISHING, ItemStage.WAITING):
                    await store.attachments.end(item_id)
                return item
            return await self._all(store, item, item.published)

    async def _all(self, store: Store, item: Item, published: Published) -> Item:
        connection = await store.connection.read()
        if connection is None or not connection.works:
            return item  # the clock tries again when it works
        files = [file.id for file in item.attachments]
        await store.attachments.keep(item.id, files, published.at + KEPT)
        software, organisation = self.softwares[connection.software], connection.organisation.id
        publication = await store.publications.get(item.publication)
        elsewhere = publication is not None and publication.organisation not in ("", organisation)
        ledger = ledger_of(self.softwares, store, connection)
        sending = _Sending(store, software, ledger, item.id, published, len(files) > 1, self.clock)
        later = 0.0
        for file in unsent(item.attachments, published.record_id):
            await store.attachments.begin(item.id, self.clock())
            try:
                item = await (sending.refused(file, ELSEWHERE) if elsewhere else sending.one(file))
            except _Later as fault:
                later = max(later, fault.seconds)
                if fault.stops:
                    break
            except ReconnectNeeded as fault:
                await self._broken(store, item.id, fault)
                return item
        if later:
            await store.attachments.begin(item.id, self.clock() + timedelta(seconds=later))
            raise RetryLater(later)
        await store.attachments.end(item.id)
        return item

    async def _broken(self, store: Store, item_id: ItemId, fault: ReconnectNeeded) -> None:
        if await mark_broken(store, fault.says):
            key = f"broken:{store.business}:{item_id}"
            await self.jobs.enqueue("connection_broken", str(store.business), key=key)

    async def again(self, business: Business, item_id: ItemId, seconds: float) -> None:
        """Puts a later run on the queue."""
        await attach_later(self.jobs, business, item_id, secrets.token_hex(4), seconds)

    async def retry(self, business: Business, item_id: ItemId, file_id: str, person: PersonId) -> Item:
        """A file that was refused goes once more, alone. Raises NotFound, AlreadyDone."""
        store = self.storage.of(business)

        def wait(item: Item) -> Item:
            file = next((one for one in item.attachments if one.id == file_id), None)
            if file is None or item.published is None:
                raise NotFound("This file is no longer there.")
            record = item.published.record_id
            if file.state_for(record) is not FileState.REFUSED:
                raise AlreadyDone("This file is sent, or on its way, already.")
            # An answer may have been lost the last time: *sending* has the record looked at first.
            return item_with(item, file, FileState.SENDING, record)

        item = await store.items.change(item_id, wait)
        await store.attachments.begin(item_id, self.clock())
        name = next(file.filename for file in item.attachments if file.id == file_id)
        await store.log.append(LogEntry(self.clock(), person, "item.file_asked", item_id, after=name))
        await attach_later(self.jobs, business, item_id, secrets.token_hex(4))
        return item

    async def stumbled(self, business: Business, item_id: ItemId, reference: str) -> None:
        """A run ended in a fault nobody foresaw: counted, tried again later. Raises RetryLater."""
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        if item is None or item.published is None:
            return
        says = f"Something on our side broke (reference {reference})."
        record = item.published.record_id

        def count(one: Item) -> Item:
            for file in unsent(one.attachments, record):
                attempts = file.attempts + 1
                if attempts >= MOST_ATTEMPTS:
                    one = item_with(one, file, FileState.REFUSED, record, says=says)
                else:
                    one = item_with(one, file, FileState.SENDING, record, attempts=attempts)
            return one

        left = unsent((await store.items.change(item_id, count)).attachments, record)
        if left:
            raise RetryLater(2.0 ** max(file.attempts for file in left))

    async def resume_stuck(self) -> int:
        """The clock: items whose files lost their process, or waited for a reconnect, go on."""
        resumed, now = 0, self.clock()
        for business in await self.storage.businesses():
            store = self.storage.of(business)
            stuck = await store.attachments.under_way(now - STUCK_AFTER)
            if not stuck:
                continue
            connection = await store.connection.read()
            if connection is None or not connection.works:
                continue
            slot = int(now.timestamp() // STUCK_AFTER.total_seconds())
            for item_id in stuck:
                await attach_later(self.jobs, business, item_id, f"stuck:{slot}")
                resumed += 1
        return resumed


def item_with(
    item: Item, file: Attachment, state: FileState, record: str, *, says: str = "", attempts: int = 0
) -> Item:
    """The item with one file in another state, unless it was published anew meanwhile."""
    if item.published is None or item.published.record_id != record:
        return item
    files = changed(item.attachments, file.id, state, record, says=says, attempts=attempts)
    return replace(item, attachments=files)


@dataclass(frozen=True)
class _Sending:
    """One run of one item's files."""

    store: Store
    software: AccountingSoftware
    ledger: Ledger
    item_id: ItemId
    published: Published
    of_several: bool
    clock: Clock

    async def one(self, file: Attachment) -> Item:
        """Raises _Later, ReconnectNeeded."""
        content = await self.store.attachments.read(self.item_id, file.id)
        if content is None:
            return await self.refused(file, GONE)
        try:
            return await self._send(file, content)
        except (Refused, NotFound) as fault:
            return await self.refused(file, fault.says)

    async def _send(self, file: Attachment, content: bytes) -> Item:
        upload = await asyncio.to_thread(
            self.software.upload,
            self.published.kind,
            self.published.record_id,
            file.filename,
            content,
            of_several=self.of_several,
        )
        may_be_there = file.state_for(self.published.record_id) is FileState.SENDING
        try:
            if may_be_there and await self.ledger.has_attached(upload):
                return await self._sent(file)
        except (RateLimited, Unavailable) as fault:
            raise await self._later(file, FileState.SENDING, fault) from fault
        await self._set(file, FileState.SENDING, attempts=file.attempts)
        try:
            await self.ledger.attach(upload)
        except AnswerLost as fault:
            raise await self._later(file, FileState.SENDING, fault) from fault
        except (RateLimited, Unavailable) as fault:
            raise await self._later(file, FileState.WAITING, fault) from fault
        except ReconnectNeeded:
            await self._set(file, FileState.WAITING, attempts=file.attempts)
            raise
        return await self._sent(file)

    async def _later(self, file: Attachment, state: FileState, fault: AccountingError) -> _Later | Refused:
        """Counts an attempt; what to raise: a later try, or after too many the fault itself."""
        is_limit = isinstance(fault, RateLimited)
        attempts = file.attempts + (0 if is_limit else 1)
        if attempts >= MOST_ATTEMPTS:
            return Refused(f"{fault.says} We tried {attempts} times.", cause="unavailable")
        await self._set(file, state, attempts=attempts)
        seconds = fault.retry_after_seconds if isinstance(fault, RateLimited) else 2.0**attempts
        return _Later(seconds, stops=is_limit)

    async def _sent(self, file: Attachment) -> Item:
        await self._log("item.file_sent", file.filename)
        return await self._set(file, FileState.SENT)

    async def refused(self, file: Attachment, says: str) -> Item:
        await self._log("item.file_refused", f"{file.filename}: {says}")
        return await self._set(file, FileState.REFUSED, says=says)

    async def _log(self, what: str, after: str) -> None:
        await self.store.log.append(LogEntry(self.clock(), BOT, what, self.item_id, after=after))

    async def _set(self, file: Attachment, state: FileState, *, says: str = "", attempts: int = 0) -> Item:
        record = self.published.record_id
        return await self.store.items.change(
            self.item_id, lambda item: item_with(item, file, state, record, says=says, attempts=attempts)
        )
