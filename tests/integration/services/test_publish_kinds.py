"""Numbers that are used, customers that are new, and the record shown before it is sent."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.duplicates import Answer, Verdict
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import NUMBER_USED, DocumentType, Item, ItemStage, PublishAs, Side
from bot.domain.lists import Entry, ListKind
from bot.domain.publication import Record
from bot.domain.standing import RecordStanding, State
from bot.errors import NotConnected, NotFound, Refused
from bot.services.publish import AskSupplier, Begun
from storage.store import RedisStorage
from tests.builders import ADA, NOON, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

OTHER = ItemId("item2")


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


def a_sale(customer: str = "Weir Gallery", **changes) -> Item:
    return an_item(side=Side.SALE, supplier="", customer=customer, category="200", **changes)


async def _published(world: World, item: Item) -> Item:
    await world.prepared(item)
    await world.publish.begin(OF, item.id, ADA)
    await world.run_all()
    return await world.item()


# --- a number that is used


async def _second(world: World, **changes) -> Item:
    """Another item of that supplier and number, published after the first."""
    await _published(world, an_item())
    return await _kept_and_published(world, an_item(id=OTHER, external_id="2", **changes))


async def _kept_and_published(world: World, item: Item) -> Item:
    """One like the first of which somebody said that it is different."""
    store = world.storage.of(OF)
    await store.items.add([item])
    await store.duplicates.answer(ITEM, item.id, Verdict(Answer.DIFFERENT, ADA, NOON))
    await world.publish.begin(OF, item.id, ADA)
    await world.run_all()
    found = await store.items.get(item.id)
    assert found is not None
    return found


async def test_a_number_of_a_record_we_made_is_not_sent_again(world: World) -> None:
    """S3 C16: found before anything is sent, with the page of the record that has it."""
    item = await _second(world)
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.FAILED, NUMBER_USED)
    assert item.hold.says == "The number NW-1001 has already been used for this supplier in Zoho Books."
    assert item.hold.link == "https://books.example/7000"
    assert len(world.books.records) == 1


async def test_a_number_whose_record_is_gone_there_is_free_again(world: World) -> None:
    """S3: nobody is locked out by a bill that was voided by hand."""
    await _published(world, an_item())
    world.books.records.clear()
    found = await _kept_and_published(world, an_item(id=OTHER, external_id="2"))
    assert found.stage is ItemStage.PUBLISHED


async def test_a_number_the_books_refuse_comes_with_the_record_that_has_it(world: World) -> None:
    """C16: DOMAIN.md: show the existing record."""
    await world.prepared()
    world.books.faults = [Refused("It is used.", cause=NUMBER_USED, advice="Change it.")]
    await world.publish.begin(OF, ITEM, ADA)
    body = {"vendor_id": "s1", "bill_number": "NW-1001"}
    world.books.records.append(Record(PublishAs.BILL, "THEIRS", body))
    await world.run_all()
    hold = (await world.item()).hold
    assert hold is not None
    assert (hold.cause, hold.link) == (NUMBER_USED, "https://books.example/7000")


# --- the customer of a sale


async def test_an_unknown_customer_is_asked_for_and_created_once(world: World) -> None:
    """S21: as a supplier is, for two sales of one customer."""
    await world.prepared(a_sale())
    await world.storage.of(OF).items.add([a_sale(id=OTHER, external_id="2", document_number="NW-2")])
    asked = await world.publish.begin(OF, ITEM, ADA)
    assert isinstance(asked, AskSupplier)
    assert (world.books.customers, world.books.records) == ([], [])
    for item in (ITEM, OTHER):
        await world.publish.begin_with_supplier(OF, item, ADA, supplier=None, create=True)
    await world.run_all()
    assert (world.books.customers, world.books.suppliers) == (["Weir Gallery"], [])
    assert {record.kind.value for record in world.books.records} == {"invoice"}
    assert len(world.books.records) == 2


async def test_one_of_the_closest_customers_can_be_used(world: World) -> None:
    """S21: suppliers are never offered for a sale."""
    await world.prepared(a_sale("Harbor Bookes"))
    asked = await world.publish.begin(OF, ITEM, ADA)
    assert isinstance(asked, AskSupplier)
    assert [alike.name for alike in asked.alike] == ["Harbour Books"]
    outcome = await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=EntryId("k1"), create=False)
    assert isinstance(outcome, Begun)
    await world.run_all()
    assert world.books.customers == []
    assert [record.expects["supplier"] for record in world.books.records] == ["k1"]


async def test_a_customer_made_without_the_warning_is_in_the_log(world: World) -> None:
    await world.prepared(a_sale())
    store = world.storage.of(OF)
    await store.settings.change(lambda settings: replace(settings, warn_new_supplier=False))
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    said = [entry.what for entry in await store.log.latest(20)]
    assert "customer.created" in said


# --- the record, shown


async def test_the_record_is_shown_before_and_after_and_nothing_is_asked(world: World) -> None:
    """C30."""
    await world.prepared()
    before = await world.publish.preview(OF, ITEM)
    assert before.readable is not None
    assert (before.readable.title, before.is_sent) == ("Bill", False)
    assert world.books.records == []
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    after = await world.publish.preview(OF, ITEM)
    assert after.record == world.books.records[0]
    assert after.is_sent


async def test_what_is_not_ready_has_no_record(world: World) -> None:
    await world.prepared(an_item(category=""))
    found = await world.publish.preview(OF, ITEM)
    assert (found.record, found.readable) == (None, None)
    assert [problem.says for problem in found.view.coding.problems] == ["no category"]


async def test_a_new_supplier_is_shown_by_name(world: World) -> None:
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    found = await world.publish.preview(OF, ITEM)
    assert found.record is not None
    assert found.view.coding.new_supplier
    assert (found.record.body["vendor_id"], world.books.suppliers) == ("new", [])


async def test_a_preview_of_nothing_is_a_sentence(world: World) -> None:
    with pytest.raises(NotFound):
        await world.publish.preview(OF, ITEM)
    await world.prepared(connected=False)
    with pytest.raises(NotConnected):
        await world.publish.preview(OF, ITEM)


async def test_what_could_be_published_is_listed_oldest_first(world: World) -> None:
    await world.prepared()
    later = an_item(id=OTHER, external_id="2", type=DocumentType.CREDIT_NOTE, document_number="C-1")
    await world.storage.of(OF).items.add([replace(later, received_at=later.received_at.replace(hour=13))])
    assert list(await world.publish.waiting(OF)) == [ITEM, OTHER]


# --- a credit and what it corrects


CREDIT: dict[str, Any] = {
    "type": DocumentType.CREDIT_NOTE,
    "document_number": "C-1",
    "total": "24.00",
    "corrects": "nw 1001",
}


async def _credited(world: World, **changes) -> Record:
    """The record of a credit, after the invoice NW-1001 was published."""
    await _published(world, an_item())
    await _kept_and_published(world, an_item(id=OTHER, external_id="2", **{**CREDIT, **changes}))
    return world.books.records[-1]


async def test_a_credit_is_tied_to_the_bill_that_we_made_of_what_it_corrects(world: World) -> None:
    """C20: however the number is written there."""
    assert (await _credited(world)).query == {"bill_id": "7001"}


@pytest.mark.parametrize("changes", [{"corrects": "NW-1002"}, {"corrects": ""}])
async def test_a_credit_of_what_we_did_not_publish_stands_alone(world: World, changes) -> None:
    """C20."""
    assert (await _credited(world, **changes)).query == {}


async def test_a_credit_of_another_supplier_is_not_tied(world: World) -> None:
    """C20: another's invoice may bear the same number."""
    store = world.storage.of(OF)
    await _published(world, an_item())
    await store.lists.add(ListKind.SUPPLIERS, Entry(EntryId("s2"), "Kestrel Taxis"))
    await _kept_and_published(world, an_item(id=OTHER, external_id="2", supplier="Kestrel Taxis", **CREDIT))
    assert world.books.records[-1].query == {}


@pytest.mark.parametrize("state", [State.VOID, State.DELETED, State.DRAFT])
async def test_a_credit_is_not_tied_to_what_no_longer_counts(world: World, state: State) -> None:
    """C20, C13."""
    await _published(world, an_item())

    def changed(item: Item) -> Item:
        assert item.published is not None
        return replace(item, published=replace(item.published, standing=RecordStanding(state)))

    await world.storage.of(OF).items.change(ITEM, changed)
    await _kept_and_published(world, an_item(id=OTHER, external_id="2", **CREDIT))
    assert world.books.records[-1].query == {}


async def test_what_a_credit_is_tied_to_is_shown_before_it_is_sent(world: World) -> None:
    """C30."""
    await _published(world, an_item())
    await world.storage.of(OF).items.add([an_item(id=OTHER, external_id="2", **CREDIT)])
    preview = await world.publish.preview(OF, OTHER)
    assert preview.record is not None
    assert preview.record.query == {"bill_id": "7001"}
