"""How a business stands, read together; and who sees it on App Home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.identity import Business, PersonId
from bot.domain.status import Failed, OpenPage, Status
from bot.ports import Clock, Jobs, Storage
from bot.services.inbox import held
from bot.services.items import ItemService
from bot.services.many import ManyService

HOME_SECONDS = 0.5
"""Slack takes about a hundred pages a minute (https://docs.slack.dev/apis/web-api/rate-limits)."""
HOMES_SINCE = timedelta(hours=24)


@dataclass(frozen=True)
class StatusService:
    storage: Storage
    items: ItemService
    many: ManyService
    jobs: Jobs
    clock: Clock

    async def read(self, business: Business) -> Status:
        store = self.storage.of(business)
        connection = await store.connection.read()
        return Status(
            connection=connection,
            settings=await store.settings.read(),
            lists=await store.lists.state(),
            refresh=await store.refreshes.read(),
            next_refresh_at=await store.refreshes.due_at(),
            calls=await store.budget(connection.organisation.id).used_today() if connection else None,
            counts=await self.items.counts(business),
            held=await held(store),
            failed=[
                Failed(group.cause, len(group.items), group.says)
                for group in await self.many.failed(business)
            ],
            probe=await store.probes.read() if connection else None,
        )

    # --- App Home, and Connections pages in windows

    async def home_opened(self, business: Business, person: PersonId, seen: str) -> None:
        """Their page is kept up to date for a day. `seen` tells one state of it from another."""
        await self.storage.of(business).homes.opened(person, seen, self.clock())

    async def openers(self, business: Business) -> dict[PersonId, str]:
        return dict(await self.storage.of(business).homes.openers())

    async def home_shown(self, business: Business, person: PersonId, seen: str) -> None:
        await self.storage.of(business).homes.shown(person, seen)

    async def page_opened(self, business: Business, page: OpenPage) -> None:
        """A Connections page stands open in a window: it is kept up to date for a day."""
        await self.storage.of(business).homes.page_opened(page, self.clock())

    async def pages(self, business: Business) -> Sequence[OpenPage]:
        return await self.storage.of(business).homes.pages()

    async def page_shown(self, business: Business, before: OpenPage, after: OpenPage | None) -> None:
        await self.storage.of(business).homes.page_shown(before, after)

    async def log_head(self, business: Business) -> str:
        """Read before the pages are made, so that they know of no entry that they do not show."""
        return await self.storage.of(business).log.head()

    async def homes_know(self, business: Business, head: str) -> None:
        await self.storage.of(business).homes.knows(head)

    async def run_homes(self) -> None:
        """The clock: where something was logged since the pages were made, they are made anew. Everything
        that changes a page is logged. The more people look, the longer one round waits for the next."""
        for business in await self.storage.with_homes(self.clock() - HOMES_SINCE):
            store = self.storage.of(business)
            if await store.log.head() != await store.homes.head():
                wait = HOME_SECONDS * (len(await store.homes.openers()) + len(await store.homes.pages()))
                await self.jobs.enqueue("homes", str(business), key=f"homes:{business}", after_seconds=wait)
