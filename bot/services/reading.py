"""One run of a refresh: list by list into a new generation, page by page, in bounded memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.comparison import Comparison
from bot.domain.identity import BOT
from bot.domain.lists import (
    Entry,
    EntryChange,
    How,
    ListChange,
    ListKind,
    ListsState,
    Refresh,
)
from bot.domain.schedule import changes_since
from bot.errors import NotFound, RateLimited, Refused
from bot.ports import AccountingSoftware, Clock, Ledger, Store
from bot.services.tax_groups import TaxGroups

LONGEST_WAIT_SECONDS = 300.0
"""A refresh waits so long for the accounting software's limits; longer ones end it, to be tried later."""
Show = Callable[[Refresh], Awaitable[None]]
"""Shows a refresh as it stands."""


@dataclass
class Progress:
    """The refresh as it stands, saved and shown. It is also the run's patience with limits."""

    store: Store
    refresh: Refresh
    show: Show
    clock: Clock
    left_seconds: float = LONGEST_WAIT_SECONDS

    async def goes_on(self, refresh: Refresh) -> None:
        """Saves and shows a snapshot; the message may have been remembered by another process meanwhile."""
        stored = await self.store.refreshes.read()
        if stored and stored.id == refresh.id and stored.message:
            refresh = replace(refresh, message=stored.message)
        await self.store.refreshes.save(refresh)
        self.refresh = refresh
        await self.show(refresh)

    async def tell(self, says: str, until: datetime) -> None:
        await self.goes_on(replace(self.refresh, waits_for=says, waits_until=until))

    async def wait(self, limit: RateLimited) -> None:
        seconds = limit.retry_after_seconds
        if seconds > self.left_seconds:
            raise limit
        self.left_seconds -= seconds
        await self.tell(limit.says, limit.until or self.clock() + timedelta(seconds=seconds))
        await asyncio.sleep(seconds)


@dataclass
class Reader:
    """Reads the lists of one refresh."""

    store: Store
    ledger: Ledger
    software: AccountingSoftware
    progress: Progress
    clock: Clock
    state: ListsState = field(default_factory=ListsState)
    read: dict[ListKind, How] = field(default_factory=dict)
    """What was read, and how: for the switch."""

    @property
    def generation(self) -> str:
        return self.progress.refresh.id

    def wanted(self) -> Sequence[ListKind]:
        """All lists, or the one that was asked for."""
        only = self.progress.refresh.only
        return tuple(kind for kind in self.software.lists if only in (None, kind))

    async def everything(self, former: Callable[[ListKind], Sequence[Entry]]) -> Sequence[ListChange]:
        """Every wanted list, staged. `former` gives entries of another organisation that are still pointed
        to: they stay known, inactive. Raises AccountingError; Refused when no list at all may be read."""
        self.state = await self.store.lists.state()
        await self.store.reports.begin(self.generation)
        changes: list[ListChange] = []
        refused: Refused | None = None
        for kind in self.wanted():
            await self.progress.goes_on(
                replace(
                    self.progress.refresh,
                    reading=kind,
                    read_count=0,
                    changes=tuple(changes),
                    waits_for="",
                    waits_until=None,
                )
            )
            try:
                changes.append(await self._list(kind, former(kind)))
            except NotFound:
                changes.append(await self._unread(kind, "off"))
            except Refused as fault:
                if fault.cause != "rights":
                    raise
                refused = fault
                changes.append(await self._unread(kind, "rights"))
        if refused is not None and not self.read:
            raise refused
        return changes

    async def _unread(self, kind: ListKind, why: str) -> ListChange:
        """Said, and what was known of it stays."""
        await self.store.lists.stage(self.generation, kind, [])
        return ListChange(kind, total=0, available=False, why=why)

    def _since(self, kind: ListKind) -> datetime | None:
        """A person gets every list whole; the clock what changed, where that can be asked for."""
        if self.progress.refresh.asked_by != BOT or kind not in self.software.changes_since:
            return None
        return changes_since(
            self.state.read_at.get(kind), self.state.whole_at.get(kind), self.progress.refresh.started_at
        )

    async def _list(self, kind: ListKind, former: Sequence[Entry]) -> ListChange:
        since = self._since(kind)
        comparison = Comparison(kind, is_first=kind not in self.state.read_at)
        if since is not None:
            return await self._changed(kind, since, comparison)
        lists = self.store.lists
        await lists.stage(self.generation, kind, [])
        async for page in self._pages(kind):
            known = await lists.known(kind, [entry.id for entry in page])
            new = await lists.stage_more(self.generation, kind, page)
            await self._reported(comparison.arrived(known, page))
            await self._counted(new)
        async for gone in lists.missing(self.generation, kind):
            kept, changes = comparison.missing(gone)
            await lists.stage_more(self.generation, kind, kept)
            await self._reported(changes)
        await lists.stage_more(self.generation, kind, former)
        self.read[kind] = How.WHOLE
        return comparison.result(await lists.staged_count(self.generation, kind))

    async def _pages(self, kind: ListKind) -> AsyncIterator[Sequence[Entry]]:
        """A whole list. Taxes come in one piece, since a group is told by what else is on the list."""
        if kind is not ListKind.TAXES:
            async for page in self.ledger.fetch(kind):
                yield page
            return
        taxes = [tax async for page in self.ledger.fetch(kind) for tax in page]
        refresh = self.progress.refresh
        every = refresh.only is kind and refresh.asked_by != BOT
        known = await self.store.lists.everything(kind)
        yield await TaxGroups(self.ledger, known, refresh.started_at.date(), every=every).completed(taxes)

    async def _changed(self, kind: ListKind, since: datetime, comparison: Comparison) -> ListChange:
        """Only what changed: laid over a copy of the list, which is made when there is something to lay."""
        lists = self.store.lists
        is_copied = False
        async for page in self.ledger.fetch(kind, since):
            known = await lists.known(kind, [entry.id for entry in page])
            news = [entry for entry in page if known.get(entry.id) != entry]
            if news and not is_copied:
                is_copied = await lists.stage_copy(self.generation, kind)
            await lists.stage_more(self.generation, kind, news, known)
            await self._reported(comparison.arrived(known, news))
            await self._counted(len(page))
        self.read[kind] = How.PART if is_copied else How.SAME
        if not is_copied:
            return comparison.result(self.state.counts.get(kind, 0))
        return comparison.result(await lists.staged_count(self.generation, kind))

    async def _reported(self, changes: Sequence[EntryChange]) -> None:
        if changes:
            lines = await self.store.reports.append(self.generation, changes)
            self.progress.refresh = replace(self.progress.refresh, report_lines=lines)

    async def _counted(self, entries: int) -> None:
        refresh = self.progress.refresh
        await self.progress.goes_on(
            replace(refresh, read_count=refresh.read_count + entries, waits_for="", waits_until=None)
        )
