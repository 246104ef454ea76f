"""What was published is shown as it was booked, whatever changes afterwards."""

from __future__ import annotations

from bot.domain.identity import EntryId
from bot.domain.items import Field, ItemStage
from bot.domain.settings import SupplierRule
from storage.store import RedisStorage
from tests.builders import ADA
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock


async def test_a_rule_or_list_of_later_changes_no_published_item(storage: RedisStorage, clock: Clock) -> None:
    """S24: the category on its card is the one in the books."""
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)
    await world.prepared()
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    before = (await world.publish.closest(OF, ITEM)).view
    await storage.of(OF).rules.save(SupplierRule("northwind paper", EntryId("c9"), name="Northwind"))
    await storage.of(OF).lists.clear()
    after = (await world.publish.closest(OF, ITEM)).view
    assert after.coding.text(Field.CATEGORY) == before.coding.text(Field.CATEGORY) == "429 - Office Supplies"
    assert after.coding == before.coding
