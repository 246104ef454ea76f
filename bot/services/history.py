"""An item's history: as a page, and told in the thread under its card."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass

from bot.domain.audit import RECODED, LogEntry
from bot.domain.history import Event, events, untold
from bot.domain.identity import Business, ItemId, MessageRef
from bot.ports import Jobs, Storage

THREADS_A_RUN = 25
THREADS_LOCK_SECONDS = 15.0


@dataclass(frozen=True)
class HistoryPage:
    events: Sequence[Event]
    """Newest first."""
    total: int
    offset: int


@dataclass(frozen=True)
class Telling:
    """What the thread under a card has to say now; `told` entries were told before."""

    item: ItemId
    card: MessageRef
    events: Sequence[Event]
    told: int
    is_recoded: bool = False
    """A rule or a remembered name changed its values: the card shows former ones."""


@dataclass(frozen=True)
class HistoryService:
    storage: Storage
    jobs: Jobs

    async def page(self, business: Business, item_id: ItemId, offset: int, limit: int) -> HistoryPage:
        entries = await self.storage.of(business).history.of(item_id)
        newest_first = events(entries)[::-1]
        return HistoryPage(newest_first[offset : offset + limit], len(newest_first), offset)

    async def run_due(self) -> int:
        """The clock: where a thread is behind, one job tells on."""
        businesses = await self.storage.with_threads_behind()
        for business in businesses:
            await self.jobs.enqueue("tell_threads", str(business), key=f"threads:{business}")
        return len(businesses)

    async def tellings(self, business: Business) -> AsyncGenerator[Telling]:
        """What is to be told, one item after another, by one process at a time. Each is marked as told
        before it is handed out: cut in between, it stands under **History** rather than twice in the thread.
        """
        store = self.storage.of(business)
        async with store.lock("threads", THREADS_LOCK_SECONDS):
            for item_id in await store.history.behind(THREADS_A_RUN):
                item = await store.items.get(item_id)
                entries, told = await store.history.of(item_id), await store.history.told(item_id)
                card = item.card if item else None
                now = len(entries) if card else told
                is_ours = await store.history.tell(item_id, told, now, len(entries))
                says = untold(entries, told)
                if is_ours and card and says:
                    yield Telling(item_id, card, says, told, _is_recoded(entries[told:]))

    async def not_told(self, business: Business, telling: Telling) -> None:
        """Slack did not take it: told again later."""
        await self.storage.of(business).history.put_behind(telling.item, telling.told)


def _is_recoded(entries: Sequence[LogEntry]) -> bool:
    return any(entry.what == RECODED for entry in entries)
