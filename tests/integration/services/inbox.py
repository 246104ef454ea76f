"""A connected business with lists, for the tests of items, settings, rules and files."""

from __future__ import annotations

from dataclasses import dataclass

from bot import readers
from bot.domain.connection import Connection, Credentials
from bot.domain.identity import Business, BusinessId, EntryId, WorkspaceId
from bot.domain.items import Field
from bot.domain.lists import Entry, EntryUse, ListKind
from bot.services.auto_publish import AutoPublishService
from bot.services.importing import ImportingService
from bot.services.items import ItemService, ItemView
from bot.services.publish import PublishService
from bot.services.recoding import RecodingService
from bot.services.roles import RoleService
from bot.services.rule_book import RuleBook
from bot.services.rules import RuleService
from bot.services.settings import SettingsService
from storage.store import RedisStorage, RedisStore
from tests.builders import (
    ADA,
    GBP_ORGANISATION,
    NOON,
    NORTHWIND,
    OFFICE_SUPPLIES,
    REDUCED_RATE,
    STANDARD_RATE,
    ZERO_RATE,
    an_entry,
)
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.redis_fixtures import Clock

OF = Business(WorkspaceId("T1"), BusinessId("b1"))
TRAVEL = an_entry("Travel", id=EntryId("c493"), code="493")
OLD_RATE = an_entry("Old Rate", id=EntryId("t17"), percentage="17.5", active=False)
LISTS: dict[ListKind, list[Entry]] = {
    ListKind.CATEGORIES: [
        OFFICE_SUPPLIES,
        TRAVEL,
        an_entry("Sales", id=EntryId("c200"), code="200", use=EntryUse.SALE),
    ],
    ListKind.SUPPLIERS: [NORTHWIND, an_entry("Kestrel Taxis", id=EntryId("s2"))],
    ListKind.TAXES: [STANDARD_RATE, ZERO_RATE, REDUCED_RATE, OLD_RATE],
    ListKind.CURRENCIES: [an_entry("GBP", id=EntryId("gbp"))],
}


@dataclass
class Inbox:
    storage: RedisStorage
    jobs: FakeJobs
    clock: Clock

    @property
    def store(self) -> RedisStore:
        return self.storage.of(OF)

    @property
    def items(self) -> ItemService:
        return ItemService(self.storage, self.clock)

    @property
    def settings(self) -> SettingsService:
        return SettingsService(self.storage, self.clock)

    @property
    def rules(self) -> RuleService:
        return RuleService(self.storage, self.jobs, self.clock)

    @property
    def rule_book(self) -> RuleBook:
        return RuleBook(self.storage, self.jobs, self.clock)

    @property
    def recoding(self) -> RecodingService:
        return RecodingService(self.storage, self.clock)

    @property
    def publish(self) -> PublishService:
        roles = RoleService(FakePeople(), self.storage, self.clock)
        return PublishService(self.storage, {"zoho-books": FakeBooks()}, self.jobs, roles, self.clock)

    @property
    def auto(self) -> AutoPublishService:
        return AutoPublishService(self.storage, self.jobs, self.publish, self.clock)

    @property
    def importing(self) -> ImportingService:
        return ImportingService(self.storage, readers.read, self.jobs, self.auto, self.clock)

    async def connected(self) -> None:
        credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
        await self.store.connection.save(Connection("zoho-books", GBP_ORGANISATION, ADA, NOON), credentials)
        for kind, entries in LISTS.items():
            await self.store.lists.stage("g1", kind, entries)
        await self.store.lists.commit("g1", list(LISTS), NOON)

    async def said(self) -> list[tuple[str, str, str, str]]:
        """The log, oldest first: what, about, before, after."""
        entries = reversed(await self.store.log.latest(100))
        return [(entry.what, entry.about, entry.before, entry.after) for entry in entries]


def text(view: ItemView, name: Field) -> tuple[str, str]:
    """A field's text and the layer it came from."""
    value = view.coding.values[name]
    return value.text, value.layer.value
