"""Refreshing the lists: one at a time, whole or not at all."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.identity import BOT, Business, MessageRef, PersonId
from bot.domain.lists import EntryChange, ListKind, Refresh, RefreshState, Touch
from bot.domain.mapping import former
from bot.domain.schedule import RETRY_AFTER, next_refresh, retry_after
from bot.errors import AccountingError, BotError, NotConnected, NotFound, RateLimited, ReconnectNeeded
from bot.ports import AccountingSoftware, Clock, Jobs, Storage, Store
from bot.services.breaking import broke
from bot.services.mapping import settle
from bot.services.reading import Progress, Reader, Show
from bot.services.touching import touches

TOUCHES_SHOWN = 8
"""So many changes have a line of their own in the message; the whole report has them all."""
FINISH_LOCK, FINISH_LOCK_SECONDS = "finish", 15.0
"""Held while a connection is made, and while lists are switched: lists never come to another organisation."""


@dataclass(frozen=True)
class Report:
    """A page of what a refresh changed."""

    refresh: str
    lines: Sequence[tuple[EntryChange, Touch | None]]
    total: int
    offset: int


@dataclass(frozen=True)
class Begun:
    refresh: Refresh
    started: bool


@dataclass(frozen=True)
class RefreshService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    clock: Clock

    async def begin(self, business: Business, asked_by: PersonId, only: ListKind | None = None) -> Begun:
        """Claims the refresh and puts it on the queue; when one runs already, that one. `only`: this one
        list. Raises NotConnected, ReconnectNeeded, NotFound for a list that the software does not have."""
        store = self.storage.of(business)
        connection = await store.connection.read()
        if connection is None:
            raise NotConnected()
        if not connection.works:
            raise ReconnectNeeded(
                "Zoho Books no longer accepts our sign-in, so the lists cannot be refreshed.",
                advice="An Admin can sign in again with `/dext reconnect`.",
            )
        software = self.softwares[connection.software]
        if only is not None and only not in software.lists:
            raise NotFound(f"{software.name} has no {only.words}.")
        last = await store.refreshes.read()
        failures = last.failures if last and last.state is RefreshState.FAILED else 0
        refresh = Refresh(secrets.token_hex(8), asked_by, self.clock(), only=only, failures=failures)
        running = await store.refreshes.begin(refresh)
        if running is not None:
            # Begun and perhaps never queued, when its process died between: queue it (once, by its key).
            await self._enqueue(business, running.id)
            return Begun(running, started=False)
        await self._enqueue(business, refresh.id)
        about = only.words if only else ""
        await store.log.append(LogEntry(self.clock(), asked_by, "lists.refresh_asked", about))
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

    async def run(self, business: Business, refresh_id: str, show: Show) -> None:
        """The work. `show` is given a snapshot for each page and wait; the last one is complete or failed."""
        store = self.storage.of(business)
        refresh = await store.refreshes.read()
        if refresh is None or refresh.id != refresh_id or refresh.state is not RefreshState.IN_PROGRESS:
            return
        connection = await store.connection.read()
        if connection is None:
            await show(await self._failed(store, refresh, NotConnected()))
            return
        organisation = connection.organisation.id
        progress = Progress(store, refresh, show, self.clock)
        try:
            if not await store.lists.is_current(refresh_id):
                await self._read(store, connection, progress)
        except BotError as fault:
            await store.lists.discard(refresh_id)
            if await self._is_elsewhere(store, organisation):
                await show(await self._overtaken(store, progress.refresh))
                return
            await show(await self._failed(store, progress.refresh, fault))
            return
        await show(await self._complete(store, progress.refresh, connection))
        if await self._is_elsewhere(store, organisation):
            # Connected since the switch, while this one still stood in the way of its own.
            await self._again(store, refresh)

    async def _read(self, store: Store, connection: Connection, progress: Progress) -> None:
        """Every list read, then all switched in one step."""
        software, organisation = self.softwares[connection.software], connection.organisation.id
        ledger = software.ledger(store.connection.tokens, store.budget(organisation, progress), organisation)
        mapping = await store.mappings.pending()
        reader = Reader(store, ledger, software, progress, self.clock)
        changes = await reader.everything(partial(former, mapping, organisation))
        # Saved before the switch: a run that dies after it finds here what it has changed.
        await progress.goes_on(replace(progress.refresh, reading=None, changes=tuple(changes)))
        async with store.lock(FINISH_LOCK, FINISH_LOCK_SECONDS):
            if await self._is_elsewhere(store, organisation):
                raise NotConnected()
            refresh = progress.refresh
            await store.lists.commit(
                refresh.id, reader.read, refresh.started_at, are_all=refresh.only is None
            )

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
            await broke(store, self.jobs, self.clock, fault)
            await store.refreshes.schedule(None)
        elif not isinstance(fault, NotConnected) and refresh.only is None:
            retry_at = now + retry_after(refresh.failures + 1)
            if isinstance(fault, RateLimited):
                retry_at = now + timedelta(seconds=fault.retry_after_seconds + 1)
            await store.refreshes.schedule(retry_at)
        reading = f" (reading {refresh.reading.words})" if refresh.reading else ""
        says = fault.sentence if isinstance(fault, AccountingError) else fault.says
        await store.log.append(
            LogEntry(now, refresh.asked_by, "lists.refresh_failed", after=f"{says}{reading}")
        )
        failed = replace(
            refresh,
            state=RefreshState.FAILED,
            finished_at=now,
            fault=f"{says}{reading}",
            retry_at=retry_at,
            failures=refresh.failures + 1,
            waits_for="",
            waits_until=None,
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

    async def _complete(self, store: Store, refresh: Refresh, connection: Connection) -> Refresh:
        now = self.clock()
        if refresh.only is None:
            await self._schedule(store, connection)
            await self._settle(store, refresh, connection)
        touched, broken = await touches(store, refresh.id) if refresh.report_lines else ((), 0)
        await store.reports.touched(refresh.id, touched)
        complete = replace(
            refresh,
            state=RefreshState.COMPLETE,
            finished_at=now,
            reading=None,
            items_touched=broken,
            touches=tuple(touched[:TOUCHES_SHOWN]),
            failures=0,
            waits_for="",
            waits_until=None,
        )
        counts = ", ".join(
            change.kind.counted(change.total) for change in refresh.changes if change.available
        )
        await store.log.append(LogEntry(now, refresh.asked_by, "lists.refreshed", after=counts))
        return await self._save(store, complete)

    async def _settle(self, store: Store, refresh: Refresh, connection: Connection) -> None:
        """After another organisation was connected: its first lists are here."""
        if await settle(store, self.clock, connection.organisation.id):
            key = f"lists-mapped:{store.business}:{refresh.id}"
            await self.jobs.enqueue("lists_mapped", str(store.business), key=key)

    async def _schedule(self, store: Store, connection: Connection) -> None:
        settings = await store.settings.read()
        due = next_refresh(
            settings.refresh_schedule,
            self.clock(),
            secrets.randbelow(1000) / 1000,
            time_zone=connection.organisation.time_zone,
            hour=settings.refresh_hour,
        )
        await store.refreshes.schedule(due)

    async def report(self, business: Business, refresh_id: str, offset: int, limit: int) -> Report:
        """A part of what a refresh changed."""
        lines, total = await self.storage.of(business).reports.page(refresh_id, offset, limit)
        return Report(refresh_id, lines, total, offset)

    async def touch(self, business: Business, refresh_id: str, line: int) -> Touch:
        """What uses the entry of one line. Raises NotFound when the report is older than a month."""
        touch = await self.storage.of(business).reports.touch(refresh_id, line)
        if touch is None:
            raise NotFound("This report is no longer kept.", advice="Look at the items with `/dext items`.")
        return touch

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
