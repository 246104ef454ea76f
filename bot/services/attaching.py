"""Files of a published item on their way to its record: each on its own, never twice, tried again alone.

How one is sent is in `file_sending`. A bill that is paid with its publication has its files before that: what
is left here then is a file added later, or one that somebody has sent again.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.attachments import FileState
from bot.domain.audit import LogEntry
from bot.domain.identity import Business, ItemId, PersonId
from bot.domain.items import Item, ItemStage, Published
from bot.errors import AlreadyDone, NotFound, ReconnectNeeded
from bot.ports import AccountingSoftware, Clock, Jobs, Storage, Store
from bot.services.breaking import broke
from bot.services.file_sending import (
    ELSEWHERE,
    LOCK_SECONDS,
    FileSending,
    Target,
    TryLater,
    attach_lock,
    count_stumble,
    keeper,
)
from bot.services.ledgers import ledger_of
from bot.services.publishing import RetryLater, attach_later

KEPT = timedelta(days=90)
"""After publishing; the accounting software has the files then."""
STUCK_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class AttachingService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    clock: Clock

    async def run(self, business: Business, item_id: ItemId) -> Item | None:
        """Sends what is still to be sent; the item afterwards, nothing when it is gone. Raises RetryLater."""
        store = self.storage.of(business)
        async with store.lock(attach_lock(item_id), LOCK_SECONDS):
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
        for file in item.attachments:
            await store.attachments.keep(keeper(item.id, file), [file.id], published.at + KEPT)
        software = self.softwares[connection.software]
        publication = await store.publications.get(item.publication)
        organisation = publication.organisation if publication else ""
        target = Target.published(item.id, published)
        ledger = ledger_of(self.softwares, store, connection)
        sending = FileSending(store, software, ledger, target, self.clock)
        try:
            if organisation not in ("", connection.organisation.id):
                item = await sending.refuse_all(item, ELSEWHERE)
            item = await sending.send_all(item, lambda: store.attachments.begin(item.id, self.clock()))
        except TryLater as later:
            await store.attachments.begin(item.id, self.clock() + timedelta(seconds=later.seconds))
            raise RetryLater(later.seconds) from later
        except ReconnectNeeded as fault:
            await broke(store, self.jobs, self.clock, fault)
            return item
        await store.attachments.end(item.id)
        return item

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
            target = Target.published(item_id, item.published)
            if file.state_for(target.record) is not FileState.REFUSED:
                raise AlreadyDone("This file is sent, or on its way, already.")
            # An answer may have been lost the last time: *sending* has the record looked at first.
            return target.item_with(item, file, FileState.SENDING)

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
        left = await count_stumble(store, Target.published(item_id, item.published), reference)
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
