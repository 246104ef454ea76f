"""Looking at the books for what was done there without us: when, by whom asked, and what was found."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain import watch
from bot.domain.connection import Connection
from bot.domain.identity import Business, ItemId, PersonId
from bot.domain.schedule import Daily
from bot.domain.settings import BooksChanges
from bot.domain.watch import Found, Look
from bot.errors import NotConnected, RateLimited, ReconnectNeeded, Unavailable
from bot.ports import AccountingSoftware, Clock, Jobs, Storage, Store
from bot.services.breaking import broke
from bot.services.watching import Watcher

RETRY = timedelta(minutes=30)
"""After a look that had to stop; it goes on where it stood."""
SETTLING = timedelta(minutes=10)
"""So soon after connecting there is nothing to see yet."""
SPREAD_SECONDS = 40 * 60
LOCK_SECONDS = 30.0
LONGEST_WAIT_SECONDS = 120.0
CARDS = 500


@dataclass
class _Patience:
    """Waits short limits out; a longer one ends the run, and the look goes on later."""

    left_seconds: float = LONGEST_WAIT_SECONDS

    async def tell(self, says: str, until: datetime) -> None:
        """Nobody looks on."""

    async def wait(self, limit: RateLimited) -> None:
        if limit.retry_after_seconds > self.left_seconds:
            raise limit
        self.left_seconds -= limit.retry_after_seconds
        await asyncio.sleep(limit.retry_after_seconds)


@dataclass(frozen=True)
class WatchService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    clock: Clock

    # --- asked for

    async def ask(self, business: Business) -> None:
        """Puts a look on the queue: lists were just refreshed by hand."""
        store = self.storage.of(business)
        connection = await store.connection.read()
        if connection is None or (
            await store.watch.look() is None and self.clock() - connection.connected_at < SETTLING
        ):
            return
        key = f"watch:{business}:{secrets.token_hex(4)}"
        await self.jobs.enqueue("watch", str(business), key=key)

    async def ask_for(self, business: Business, person: PersonId, view_id: str) -> None:
        """Puts a look on the queue whose end turns an open view. Raises NotConnected, ReconnectNeeded."""
        connection = await self.storage.of(business).connection.read()
        if connection is None:
            raise NotConnected()
        if not connection.works:
            raise ReconnectNeeded(
                "Zoho Books no longer accepts our sign-in.",
                advice="An Admin can sign in again with `/dext reconnect`.",
            )
        key = f"watch:{business}:{view_id}"
        await self.jobs.enqueue("watch_for", str(business), person, view_id, key=key)

    async def page(self, business: Business, offset: int, limit: int) -> Found:
        """What was found in the organisation that is connected."""
        store = self.storage.of(business)
        items, total = await store.watch.found(offset, limit)
        mode = (await store.settings.read()).books_changes
        at = await store.daily(Daily.WATCH).due_at()
        return Found(items, total, offset, mode, await store.watch.look(), at)

    async def cards(self, business: Business) -> Sequence[ItemId]:
        """Of items whose card is behind what was found."""
        return await self.storage.of(business).watch.behind(CARDS)

    async def card_shown(self, business: Business, item: ItemId) -> None:
        await self.storage.of(business).watch.redrawn(item)

    # --- the work

    async def run(self, business: Business) -> Look | None:
        """One look, or the rest of one that had to stop. Nothing while nothing is connected, or it is
        switched off. Where it must wait, it says so in the look and is due again. A look that another
        process began and ended meanwhile counts."""
        store, asked_at = self.storage.of(business), self.clock()
        async with store.lock("watch", LOCK_SECONDS):
            connection = await store.connection.read()
            mode = (await store.settings.read()).books_changes
            if connection is None or not connection.works or mode is BooksChanges.OFF:
                return None
            organisation, last = connection.organisation.id, await store.watch.look()
            look = watch.begun(last, organisation, connection.connected_at, self.clock())
            if last is not None and look.organisation != last.organisation:
                await store.watch.clear()
            elif last is not None and last.is_over and last.begun_at >= asked_at:
                return last
            await store.watch.save(look)
            return await self._run(store, connection, mode, look)

    async def _run(self, store: Store, connection: Connection, mode: BooksChanges, look: Look) -> Look:
        software, organisation = self.softwares[connection.software], connection.organisation.id
        budget = store.budget(organisation, _Patience())
        ledger = software.ledger(store.connection.tokens, budget, organisation)
        watcher = Watcher(store, ledger, software, mode, self.clock, look)
        try:
            return await watcher.run()
        except ReconnectNeeded as fault:
            await broke(store, self.jobs, self.clock, fault)
            return await self._stopped(store, watcher.look, fault.says, RETRY)
        except (RateLimited, Unavailable) as fault:
            wait = fault.retry_after_seconds if isinstance(fault, RateLimited) else 0
            return await self._stopped(store, watcher.look, fault.says, max(RETRY, timedelta(seconds=wait)))

    async def _stopped(self, store: Store, look: Look, says: str, wait: timedelta) -> Look:
        stopped = replace(look, unfinished=says)
        await store.watch.save(stopped)
        await store.daily(Daily.WATCH).schedule(self.clock() + wait)
        return stopped

    # --- by the clock

    async def run_due(self) -> None:
        """Once a day for each business, in the hour before its digest."""
        now = self.clock()
        for business in await self.storage.businesses():
            store = self.storage.of(business)
            if at := await self._next(store, now):
                await store.daily(Daily.WATCH).plan(at)
        for business in await self.storage.claim_daily(Daily.WATCH, now, now + RETRY):
            store = self.storage.of(business)
            at = await self._next(store, now)
            if at is not None:
                await self.jobs.enqueue("watch", str(business), key=f"watch:{business}:{now:%Y%m%d%H%M}")
            await store.daily(Daily.WATCH).schedule(at)

    async def _next(self, store: Store, now: datetime) -> datetime | None:
        connection, settings = await store.connection.read(), await store.settings.read()
        if connection is None or settings.books_changes is BooksChanges.OFF:
            return None
        spread = timedelta(seconds=secrets.randbelow(SPREAD_SECONDS))
        return watch.next_look(settings.digest_hour, connection.organisation.time_zone, now, spread)
