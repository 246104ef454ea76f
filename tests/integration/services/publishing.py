"""An item of a connected business on its way into the books, for the tests of publishing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.attachments import FileContent, described
from bot.domain.connection import Connection, Credentials
from bot.domain.identity import Business, BusinessId, ItemId, WorkspaceId
from bot.domain.items import Field, Item, PublishAs
from bot.domain.lists import Entry, EntryUse, ListKind
from bot.errors import AnswerLost
from bot.services.attaching import AttachingService
from bot.services.publish import PublishService
from bot.services.publishing import RetryLater
from bot.services.roles import RoleService
from storage.store import RedisStorage
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.redis_fixtures import Clock

OF = Business(WorkspaceId("T1"), BusinessId("b1"))
ITEM = ItemId("item1")
LOST = AnswerLost("Zoho Books was asked, but its answer never came.")


FILES = (
    FileContent("a.pdf", "application/pdf", b"first"),
    FileContent("b.pdf", "application/pdf", b"second"),
)


@dataclass
class World:
    storage: RedisStorage
    books: FakeBooks
    jobs: FakeJobs
    people: FakePeople
    clock: Clock

    @property
    def publish(self) -> PublishService:
        """A new process each time."""
        roles = RoleService(self.people, self.storage, self.clock)
        return PublishService(self.storage, {"zoho-books": self.books}, self.jobs, roles, self.clock)

    @property
    def attaching(self) -> AttachingService:
        return AttachingService(self.storage, {"zoho-books": self.books}, self.jobs, self.clock)

    async def prepared(self, item: Item | None = None, *, connected: bool = True) -> None:
        store = self.storage.of(OF)
        if connected:
            credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
            await store.connection.save(Connection("zoho-books", GBP_ORGANISATION, ADA, NOON), credentials)
        office = Entry("c1", "Office Supplies", "429", use=EntryUse.COST)  # type: ignore[arg-type]
        sales = Entry("c2", "Sales", "200", use=EntryUse.SALE)  # type: ignore[arg-type]
        lists = {
            ListKind.CATEGORIES: [office, sales],
            ListKind.SUPPLIERS: [Entry("s1", "Northwind Paper Ltd")],  # type: ignore[arg-type]
            ListKind.CURRENCIES: [Entry("gbp", "GBP")],  # type: ignore[arg-type]
            ListKind.BANK_ACCOUNTS: [Entry("b1", "Current Account", detail="bank")],  # type: ignore[arg-type]
            ListKind.CUSTOMERS: [Entry("k1", "Harbour Books")],  # type: ignore[arg-type]
        }
        for kind, entries in lists.items():
            await store.lists.stage("g1", kind, entries)
        await store.lists.commit("g1", list(lists), NOON)
        await store.items.add([item or an_item()])

    async def item(self) -> Item:
        found = await self.storage.of(OF).items.get(ITEM)
        assert found is not None
        return found

    async def run_all_but_many(self) -> None:
        """As `run_all`; what is asked for many at once stays on the queue."""
        kept = [job for job in self.jobs.queue if job[0] == "publish_many"]
        self.jobs.queue = [job for job in self.jobs.queue if job[0] != "publish_many"]
        await self.run_all()
        self.jobs.queue += kept

    async def run_all(self, *, files: bool = False) -> None:
        """Runs every job that is queued, again where it asks for it, as the worker does; the sending of files
        only where it is asked for."""
        for _ in range(20):
            queued, self.jobs.queue = self.jobs.queue, []
            if not queued:
                return
            for name, ids in queued:
                if name == "publish":
                    await self._publishes(*ids[1:])
                elif name == "attach_files" and files:
                    await self._attaches(ItemId(ids[1]))
        raise AssertionError("it never ends")

    async def _publishes(self, item: str, publication: str) -> None:
        try:
            await self.publish.run(OF, ItemId(item), publication)
        except RetryLater as later:
            await self.publish.retry(OF, ItemId(item), publication, later.seconds)

    async def _attaches(self, item: ItemId) -> None:
        try:
            await self.attaching.run(OF, item)
        except RetryLater as later:
            await self.attaching.again(OF, item, later.seconds)

    async def goes_on(self) -> None:
        """What the clock and a worker do for what lost its process."""
        await self.publish.resume_stuck()
        await self.attaching.resume_stuck()
        await self.run_all(files=True)


async def has_a_paid_item(world: World, *files: FileContent) -> None:
    """A bill with payment in the inbox, its files kept."""
    known = described(files)
    attachments = world.storage.of(OF).attachments
    await attachments.stage(ITEM, [(file.id, content) for file, content in known])
    await attachments.keep(ITEM, [file.id for file, _ in known])
    item = an_item(
        paid=True,
        payment_account="Current Account",
        manual={Field.PUBLISH_AS: PublishAs.BILL_WITH_PAYMENT.value},
        attachments=tuple(file for file, _ in known),
    )
    await world.prepared(item)
