"""A connected business whose lists can be refreshed."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.connection import Connection, Credentials
from bot.domain.identity import Business, BusinessId, EntryId, PersonId, WorkspaceId
from bot.domain.lists import Entry, ListKind, Refresh
from bot.services.refresh import RefreshService
from storage.store import RedisStorage
from tests.builders import ADA, GBP_ORGANISATION, NOON
from tests.fakes import FakeBooks, FakeJobs
from tests.redis_fixtures import Clock

OF = Business(WorkspaceId("T1"), BusinessId("b1"))
KINDS = (ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS, ListKind.CURRENCIES)


def entries(kind: ListKind, *names: str) -> list[Entry]:
    return [Entry(EntryId(f"{kind}-{name}"), name) for name in names]


@dataclass
class World:
    storage: RedisStorage
    books: FakeBooks
    jobs: FakeJobs
    clock: Clock

    @property
    def refresh(self) -> RefreshService:
        return RefreshService(self.storage, {"zoho-books": self.books}, self.jobs, self.clock)

    async def connected(self) -> None:
        """Zoho Books, with two entries in each list."""
        self.books.entries = {kind: entries(kind, "one", "two") for kind in KINDS}
        credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
        connection = Connection("zoho-books", GBP_ORGANISATION, ADA, NOON)
        await self.storage.of(OF).connection.save(connection, credentials)

    async def run(self, by: PersonId = ADA, only: ListKind | None = None) -> Refresh:
        """Begins a refresh and runs it to its end."""
        begun = await self.refresh.begin(OF, by, only)
        assert begun.started
        return (await self.snapshots(begun.refresh.id))[-1]

    async def snapshots(self, refresh_id: str) -> list[Refresh]:
        """Runs a refresh; everything that was shown of it."""
        shown: list[Refresh] = []

        async def show(refresh: Refresh) -> None:
            shown.append(refresh)

        await self.refresh.run(OF, refresh_id, show)
        return shown
