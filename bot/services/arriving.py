"""Items that come in from outside and by hand, with their files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.domain.attachments import FileContent
from bot.domain.audit import LogEntry
from bot.domain.claims import with_files_of
from bot.domain.identity import BOT, Business, ChannelId, ItemId, PersonId
from bot.domain.items import BY_HAND, Document, Item, ItemStage
from bot.ports import Clock, Jobs, Storage, Store
from bot.services import filing
from bot.services.api_keys import Holder
from bot.services.importing import ImportingService, item_id
from bot.services.items import ItemView, Viewer
from bot.services.publishing import attach_later

PATIENCE_SECONDS = 10.0
LOOK_SECONDS = 0.1


@dataclass(frozen=True)
class Incoming:
    """An item as it was sent."""

    document: Document
    files: Sequence[FileContent] = ()


@dataclass(frozen=True)
class Arrived:
    """What became of it: new, or there already and unchanged."""

    view: ItemView
    is_new: bool


@dataclass(frozen=True)
class Batch:
    """The new items of one request, to be shown."""

    views: Sequence[ItemView]
    came_from: str
    made_by: PersonId | None
    """Who made the key, for a business without a channel."""


@dataclass(frozen=True)
class ArrivingService:
    storage: Storage
    importing: ImportingService
    jobs: Jobs
    clock: Clock

    # --- from outside

    async def take(self, holder: Holder, incoming: Sequence[Incoming], batch: str) -> Sequence[Arrived]:
        """Puts the items of one request into the inbox, in their order. `batch` is the request's id: taken up
        again under the same id, what came in the first time counts as new."""
        store, now = self.storage.of(holder.business), self.clock()
        items = [
            Item(
                id=item_id(holder.business, one.document.external_id),
                document=one.document,
                received_at=now - timedelta(microseconds=place),
                received_from=f"{holder.key.name} (item API)",
                batch=batch,
            )
            for place, one in enumerate(incoming)
        ]
        items = await filing.with_files(store, items, [one.files for one in incoming])
        # Queued before anything is there: cut in between, nothing comes in that is not shown.
        ids = list(dict.fromkeys(item.id for item in items))
        key = f"arrived:{holder.business}:{batch}"
        await self.jobs.enqueue("items_arrived", str(holder.business), holder.key.id, batch, *ids, key=key)
        added = await self.importing.arrive(holder.business, items)
        await self._keep(store, [item for item, _ in added], batch)
        fresh = {item.id for item, is_new in added if is_new or item.batch == batch}
        if fresh:
            counts = f"{len(fresh)} new, {len(ids) - len(fresh)} known"
            await store.log.append(LogEntry(now, BOT, "items.received", about=holder.key.name, after=counts))
        arrived = await self._arrived(store, [item for item, _ in added], fresh)
        # Of what a request that is taken up again had brought in, only what nobody has touched since.
        new = [one.view for one in arrived if one.is_new and one.view.item.revision == 0]
        await self.importing.auto.arrived(holder.business, new)
        return arrived

    @staticmethod
    async def _keep(store: Store, items: Sequence[Item], batch: str) -> None:
        mine = (item for item in items if item.batch == batch and item.stage is not ItemStage.PUBLISHED)
        await filing.keep(store, mine)

    @staticmethod
    async def _arrived(store: Store, items: Sequence[Item], fresh: set[ItemId]) -> Sequence[Arrived]:
        viewer = await Viewer.of(store)
        untouched = list({item.id: item for item in items if item.revision == 0}.values())
        views = {view.item.id: view for view in await viewer.views(untouched)}
        arrived: list[Arrived] = []
        for item in items:
            view = views.get(item.id) or await viewer.view(item)
            arrived.append(Arrived(view, item.id in fresh))
            fresh.discard(item.id)  # sent twice in one request, it was there the second time
        return arrived

    async def of_batch(self, business: Business, key_id: str, batch: str, ids: Sequence[ItemId]) -> Batch:
        """What a request brought in that was not there; waits a little for the request to put it there."""
        store = self.storage.of(business)
        items = [item for item in await self._there(store, ids) if item.batch == batch]
        await self._keep(store, items, batch)
        viewer = await Viewer.of(store)
        key = await store.api_keys.get(key_id)
        views = await viewer.views(items)
        came_from = items[0].received_from if items else ""
        return Batch(views, came_from, key.made_by if key else None)

    async def _there(self, store: Store, ids: Sequence[ItemId]) -> Sequence[Item]:
        patience = PATIENCE_SECONDS
        while True:
            items = await store.items.many(ids)
            if len(items) == len(ids) or patience <= 0:
                return items
            await asyncio.sleep(LOOK_SECONDS)
            patience -= LOOK_SECONDS

    # --- by hand

    async def add_by_hand(
        self,
        business: Business,
        person: PersonId,
        document: Document,
        files: Sequence[str],
        channel: ChannelId,
    ) -> None:
        """An item that somebody typed in; its files lie in Slack and are fetched by a job, which shows the
        item. The same `external_id` again changes nothing."""
        store, now = self.storage.of(business), self.clock()
        added = item_id(business, document.external_id)
        item = Item(added, document, now, received_from=BY_HAND, received_by=person)
        ids = (str(business), added, person, channel, *files)
        await self.jobs.enqueue("item_added", *ids, key=f"added:{business}:{added}")
        ((_, is_new),) = await self.importing.arrive(business, [item])
        if is_new:
            await self.importing.auto.arrived(business, await (await Viewer.of(store)).views([item]))
            await store.log.append(LogEntry(now, person, "item.added", added, after=document.supplier))

    async def is_there(self, business: Business, item: ItemId) -> bool:
        """Waits a little for the item to be put there."""
        return bool(await self._there(self.storage.of(business), [item]))

    async def add_files(self, business: Business, item: ItemId, files: Sequence[FileContent]) -> Item:
        """Files for an item that is there; one that is published sends them on. The same again changes
        nothing. Raises NotFound."""
        store = self.storage.of(business)
        known = await filing.staged(store, item, files)

        def add(one: Item) -> Item:
            there = {file.id for file in one.attachments}
            new = tuple(file for file in known if file.id not in there)
            return replace(one, attachments=(*one.attachments, *new)) if new else one

        changed = await store.items.change(item, add)
        sent = changed
        if changed.claim:
            # They go to the record with the claim that it is a line of.
            sent = await store.items.change(changed.claim, partial(with_files_of, receipt=changed))
        if sent.published is None:
            await filing.keep(store, [changed])
        else:
            await store.attachments.begin(sent.id, self.clock())
            await attach_later(self.jobs, business, sent.id, f"added:{item}")
        return changed
