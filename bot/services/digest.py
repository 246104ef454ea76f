"""The daily digest of a business: when it is due, and what stands in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.audit import LogEntry
from bot.domain.digest import Digest, Happened, Sent, day_of, happened, list_changes, next_digest
from bot.domain.identity import Business, ChannelId, is_in_books
from bot.domain.items import DUPLICATE, ItemStatus
from bot.domain.report import Line, Spend, spend
from bot.domain.schedule import Daily
from bot.ports import Clock, Jobs, Storage, Store
from bot.services.inbox import held
from bot.services.items import ItemService, Viewer
from bot.services.many import ManyService

RETRY = timedelta(minutes=10)
SPAN = timedelta(hours=24)
MOST_ENTRIES = 20_000
CHUNK = 500


@dataclass(frozen=True)
class DigestService:
    storage: Storage
    items: ItemService
    many: ManyService
    jobs: Jobs
    clock: Clock

    async def run_due(self) -> None:
        """The clock: each business's digest goes on the queue once a day, whatever number of clocks."""
        now = self.clock()
        for business in await self.storage.businesses():
            store = self.storage.of(business)
            if at := await self._next(store, now):
                await store.daily(Daily.DIGEST).plan(at)
        for business in await self.storage.claim_daily(Daily.DIGEST, now, now + RETRY):
            store = self.storage.of(business)
            connection = await store.connection.read()
            at = await self._next(store, now)
            if connection is not None and at is not None:
                day = day_of(connection.organisation.time_zone, now)
                key = f"digest:{business}:{day}"
                await self.jobs.enqueue("digest", str(business), day, key=key)
            await store.daily(Daily.DIGEST).schedule(at)

    @staticmethod
    async def _next(store: Store, now: datetime) -> datetime | None:
        connection = await store.connection.read()
        if connection is None:
            return None
        hour = (await store.settings.read()).digest_hour
        return next_digest(hour, connection.organisation.time_zone, now)

    async def compose(self, business: Business, day: str) -> tuple[Digest, ChannelId | None] | None:
        """What stands in it and where it goes; nothing when it is silent, or was sent."""
        store = self.storage.of(business)
        last = await store.digests.last()
        if last is not None and last.day >= day:
            return None
        found = await self.between(business, day, last.at if last else None)
        settings = await store.settings.read()
        return None if found.is_empty else (found, settings.digest_channel or settings.channel)

    async def between(self, business: Business, day: str, last_at: datetime | None) -> Digest:
        """What waits now, and what happened since the last one; of the last day where there was none."""
        store, now = self.storage.of(business), self.clock()
        since = max(last_at, now - 2 * SPAN) if last_at else now - SPAN
        counts = await self.items.counts(business)
        failed = await self.many.failed(business)
        refresh = await store.refreshes.read()
        found = await store.watch.found_since(since)
        entered = sum(is_in_books(one) for one in found)
        is_new = refresh is not None and refresh.finished_at is not None and refresh.finished_at > since
        seen = happened(await self._entries(store, since))
        connection = await store.connection.read()
        currency = connection.organisation.currency if connection else ""
        duplicates = await self.items.page(business, ItemStatus.NEEDS_ATTENTION, limit=0, cause=DUPLICATE)
        return Digest(
            day,
            seen,
            needs_attention=counts.get(ItemStatus.NEEDS_ATTENTION, 0),
            ready=counts.get(ItemStatus.READY, 0),
            held=await held(store),
            failed={group.cause: len(group.items) for group in failed},
            list_changes=list_changes(refresh.changes) if refresh and is_new else (),
            changed_there=len(found) - entered,
            entered_there=entered,
            duplicates=duplicates.total,
            spend=await self._spend(store, seen, currency),
            currency=currency,
        )

    @staticmethod
    async def _spend(store: Store, seen: Happened, currency: str) -> Spend | None:
        """As in the report of a month."""
        if not currency:
            return None
        items = await store.items.many(seen.items)
        views = await (await Viewer.of(store)).views(items)
        lines = [Line(view.item, view.coding, view.status) for view in views]
        return spend(lines, currency)

    async def sent(self, business: Business, day: str) -> None:
        """That day's is done with, also where it was silent."""
        await self.storage.of(business).digests.save(Sent(day, self.clock()))

    @staticmethod
    async def _entries(store: Store, since: datetime) -> list[LogEntry]:
        """What was logged since then, newest first."""
        found: list[LogEntry] = []
        place = ""
        while len(found) < MOST_ENTRIES:
            chunk = await store.log.older(place, CHUNK)
            found += [entry for _, entry in chunk if entry.at > since]
            if len(chunk) < CHUNK or chunk[-1][1].at <= since:
                return found
            place = chunk[-1][0]
        return found
