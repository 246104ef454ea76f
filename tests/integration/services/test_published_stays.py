"""What was published is shown as it was booked, whatever changes afterwards."""

from __future__ import annotations

from bot.domain.identity import EntryId
from bot.domain.items import Field, ItemStage
from bot.domain.lists import Entry
from bot.domain.settings import SupplierRule
from storage.store import RedisStorage
from tests.builders import ADA, an_item
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


async def test_a_supplier_that_was_created_is_no_longer_new(storage: RedisStorage, clock: Clock) -> None:
    """S21: the card of what was published does not ask any more."""
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=None, create=True)
    await world.run_all()
    coding = (await world.publish.closest(OF, ITEM)).view.coding
    assert not coding.new_supplier
    assert (coding.entry(Field.SUPPLIER), coding.text(Field.SUPPLIER)) == (
        Entry(EntryId("id-Old Mill Hosting"), "Old Mill Hosting"),
        "Old Mill Hosting",
    )
