"""Refreshing the lists: one at a time, whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection, ConnectionState
from bot.domain.identity import BOT, Business, EntryId, MessageRef, PersonId
from bot.domain.items import ItemStage
from bot.domain.lists import Entry, ListChange, ListKind, Refresh, RefreshState, difference
from bot.domain.schedule import RETRY_AFTER, next_refresh
from bot.errors import AccountingError, BotError, NotConnected, NotFound, RateLimited, ReconnectNeeded
from bot.ports import AccountingSoftware, Clock, Jobs, Ledger, Storage, Store
from bot.services.items import Viewer

LONGEST_WAIT_SECONDS = 300.0
"""A refresh waits so long for the accounting software's limits; longer ones end it, to be tried later."""
LOOKED_AT = 500
FINISH_LOCK, FINISH_LOCK_SECONDS = "finish", 15.0
"""Held while a connection is made, and while lists are switched: lists never come to another organisation."""


@dataclass(frozen=True)
class Begun:
    refresh: Refresh
    started: bool


async def mark_broken(store: Store, reason: str) -> bool:
    """True for the one who found the connection broken first."""
    first = False

    def broken(connection: Connection) -> Connection:
        nonlocal first
        first = connection.works
        return replace(connection, state=ConnectionState.RECONNECT_NEEDED, reason=reason)

    await store.connection.mark(broken)
    return first


@dataclass(frozen=True)
class RefreshService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    clock: Clock

    async def begin(self, business: Business, asked_by: PersonId) -> Begun:
        """Claims the refresh and puts it on the queue; when one runs already, that one. Raises NotConnected,
        ReconnectNeeded."""
        store = self.storage.of(business)
        connection = await store.connection.read()
        if connection is None:
            raise NotConnected()
        if not connection.works:
            raise ReconnectNeeded(
                "Zoho Books no longer accepts our sign-in, so the lists cannot be refreshed.",
                advice="An Admin can sign in again with `/dext reconnect`.",
            )
        refresh = Refresh(secrets.token_hex(8), asked_by, self.clock())
        running = await store.refreshes.begin(refresh)
        if running is not None:
            # Begun and perhaps never queued, when its process died between: queue it (once, by its key).
            await self._enqueue(business, running.id)
            return Begun(running, started=False)
        await self._enqueue(business, refresh.id)
        await store.log.append(LogEntry(self.clock(), asked_by, "lists.refresh_asked"))
        return Begun(refresh, started=True)

    async def _enqueue(self, business: Business, refresh_id: str) -> None:
        await self.jobs.enqueue("refresh", str(business), refresh_id, key=f"refresh:{business}:{refresh_id}")

    async def latest(self, business: Business) -> Refresh | None:
        """The refresh that runs, or the last one."""
        return await self.storage.of(business).refreshes.read()

    async def remember_message(
        self, business: Business, refresh_id: str, message: MessageRef
    ) -> Refresh | None:
        """Where the refresh is shown. Returns it as it stands; nothing when another came after it."""
        store = self.storage.of(business)
        refresh = await store.refreshes.read()
        if refresh is None or refresh.id != refresh_id:
            return None
        if refresh.message is None:
            refresh = replace(refresh, message=message)
            await store.refreshes.save(refresh)
        return refresh

    async def run(self, business: Business, refresh_id: str) -> AsyncIterator[Refresh]:
        """The work. Yields a snapshot for each list read; the last one is complete or failed."""
        store = self.storage.of(business)
        refresh = await store.refreshes.read()
        if refresh is None or refresh.id != refresh_id or refresh.state is not RefreshState.IN_PROGRESS:
            return
        connection = await store.connection.read()
        if connection is None:
            yield await self._failed(store, refresh, NotConnected())
            return
        generation = f"{refresh_id}"
        software = self.softwares[connection.software]
        organisation = connection.organisation.id
        ledger = software.ledger(store.connection.tokens, store.budget(organisation), organisation)
        try:
            changes: list[ListChange] = []
            for kind in software.lists:
                refresh = await self._save(store, replace(refresh, reading=kind, changes=tuple(changes)))
                yield refresh
                changes.append(await self._read(store, ledger, kind, generation))
            read = [change.kind for change in changes if change.available]
            async with store.lock(FINISH_LOCK, FINISH_LOCK_SECONDS):
                if await self._is_elsewhere(store, organisation):
                    raise NotConnected()
                await store.lists.commit(generation, read, self.clock())
        except BotError as fault:
            await store.lists.discard(generation)
            if await self._is_elsewhere(store, organisation):
                yield await self._overtaken(store, refresh)
                return
            yield await self._failed(store, refresh, fault)
            return
        yield await self._complete(store, refresh, changes)
        if await self._is_elsewhere(store, organisation):
            # Connected since the switch, while this one still stood in the way of its own.
            await self._again(store, refresh)

    async def stumbled(self, business: Business, refresh_id: str, reference: str) -> Refresh | None:
        """A run that ended in a fault nobody foresaw: the old lists stay, the refresh is over and tried
        again later. Returns it as it ended; nothing when it was over already."""
        store = self.storage.of(business)
        refresh = await store.refreshes.read()
        if refresh is None or refresh.id != refresh_id or refresh.state is not RefreshState.IN_PROGRESS:
            return None
        await store.lists.discard(refresh_id)
        fault = BotError(f"Something on our side broke (reference {reference}).")
        return await self._failed(store, refresh, fault)

    async def _read(self, store: Store, ledger: Ledger, kind: ListKind, generation: str) -> ListChange:
        before = await store.lists.everything(kind)
        try:
            entries = await self._patiently(ledger, kind)
        except NotFound:
            return ListChange(kind, total=0, available=False)
        change, whole = difference(kind, before, entries.values())
        await store.lists.stage(generation, kind, whole)
        return change

    async def _patiently(self, ledger: Ledger, kind: ListKind) -> dict[EntryId, Entry]:
        """A list whole; limits are waited out."""
        waited = 0.0
        while True:
            try:
                found: dict[EntryId, Entry] = {}
                async for entries in ledger.fetch(kind):
                    found.update((entry.id, entry) for entry in entries)
            except RateLimited as limit:
                waited += limit.retry_after_seconds
                if waited > LONGEST_WAIT_SECONDS:
                    raise
                await asyncio.sleep(limit.retry_after_seconds)
            else:
                return found

    async def _save(self, store: Store, refresh: Refresh) -> Refresh:
        """Saves a snapshot; the message may have been remembered by another process meanwhile."""
        stored = await store.refreshes.read()
        if stored and stored.id == refresh.id and stored.message:
            refresh = replace(refresh, message=stored.message)
        await store.refreshes.save(refresh)
        return refresh

    async def _failed(self, store: Store, refresh: Refresh, fault: BotError) -> Refresh:
        now = self.clock()
        retry_at = None
        if isinstance(fault, ReconnectNeeded):
            if await mark_broken(store, fault.says):
                await self.jobs.enqueue(
                    "connection_broken", str(store.business), key=f"broken:{store.business}:{refresh.id}"
                )
            await store.refreshes.schedule(None)
        elif not isinstance(fault, NotConnected):
            retry_at = now + RETRY_AFTER
            await store.refreshes.schedule(retry_at)
        reading = f" (reading {refresh.reading.words})" if refresh.reading else ""
        says = fault.sentence if isinstance(fault, AccountingError) else fault.says
        await store.log.append(
            LogEntry(now, refresh.asked_by, "lists.refresh_failed", after=f"{says}{reading}")
        )
        failed = replace(
            refresh, state=RefreshState.FAILED, finished_at=now, fault=f"{says}{reading}", retry_at=retry_at
        )
        return await self._save(store, failed)

    async def _is_elsewhere(self, store: Store, organisation: str) -> bool:
        """Whether another organisation was connected, or none is any more, since the refresh began."""
        connection = await store.connection.read()
        return connection is None or connection.organisation.id != organisation

    async def _overtaken(self, store: Store, refresh: Refresh) -> Refresh:
        """The lists that were read are nobody's any more; the new organisation's are read at once."""
        if await store.connection.read() is None:
            return await self._failed(store, refresh, NotConnected())
        failed = await self._failed(
            store, refresh, BotError("Another organisation was connected meanwhile; its lists are read now.")
        )
        await self._again(store, refresh)
        return failed

    async def _again(self, store: Store, refresh: Refresh) -> None:
        with contextlib.suppress(NotConnected, ReconnectNeeded):
            await self.begin(store.business, refresh.asked_by)

    async def _complete(self, store: Store, refresh: Refresh, changes: Sequence[ListChange]) -> Refresh:
        now = self.clock()
        settings = await store.settings.read()
        spread = secrets.randbelow(1000) / 1000
        await store.refreshes.schedule(next_refresh(settings.refresh_schedule, now, spread))
        vanished = any(change.vanished_count for change in changes)
        complete = replace(
            refresh,
            state=RefreshState.COMPLETE,
            finished_at=now,
            changes=tuple(changes),
            reading=None,
            items_touched=await self._items_touched(store) if vanished else 0,
        )
        counts = ", ".join(f"{change.total} {change.kind.words}" for change in changes if change.available)
        await store.log.append(LogEntry(now, refresh.asked_by, "lists.refreshed", after=counts))
        return await self._save(store, complete)

    async def _items_touched(self, store: Store) -> int:
        """Items that now need attention because something they use is gone."""
        viewer = await Viewer.of(store)
        items, _ = await store.items.page((ItemStage.INBOX, ItemStage.FAILED), 0, LOOKED_AT)
        views = [await viewer.view(item) for item in items]
        return sum(
            any("no longer active" in problem.says for problem in view.coding.problems) for view in views
        )

    async def run_due(self) -> Sequence[Business]:
        """The clock: begins every refresh that is due. Each is claimed by one clock only."""
        now = self.clock()
        begun = []
        for business in await self.storage.claim_due(now, now + RETRY_AFTER):
            try:
                if (await self.begin(business, BOT)).started:
                    begun.append(business)
            except (NotConnected, ReconnectNeeded):
                await self.storage.of(business).refreshes.schedule(None)
        return begun
