"""Publishing: every outcome, and exactly one record wherever the process dies."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.domain import suppliers
from bot.domain.connection import ConnectionState
from bot.domain.identity import ItemId
from bot.domain.items import RECONNECT, ItemStage
from bot.errors import (
    AlreadyDone,
    NotConnected,
    NotReady,
    RateLimited,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from bot.services.items import ItemService
from bot.services.publish import AskSupplier, Begun, Held
from bot.services.publishing import RetryLater
from storage.store import RedisStorage
from tests.builders import ADA, GBP_ORGANISATION, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.killing import Lives
from tests.integration.services.publishing import ITEM, LOST, OF, World
from tests.redis_fixtures import Clock


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


async def test_a_ready_item_becomes_one_record(world: World) -> None:
    """S1: claimed, sent once, recorded with its link."""
    await world.prepared()
    assert isinstance(await world.publish.begin(OF, ITEM, ADA), Begun)
    await world.run_all()
    item = await world.item()
    assert item.stage is ItemStage.PUBLISHED
    assert item.published is not None
    assert (item.published.number, item.published.by) == ("NW-1001", ADA)
    assert len(world.books.records) == 1


async def test_how_the_organisation_rounds_tax_is_learnt_of_its_records(world: World) -> None:
    """C22: no list and no setting tells it."""
    await world.prepared()
    world.books.tax_by_document = True
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    connection = await world.storage.of(OF).connection.read()
    assert connection is not None
    assert connection.organisation == replace(GBP_ORGANISATION, tax_by_document=True)


async def test_a_second_click_hears_who_was_first(world: World) -> None:
    """C3: before and after the record is there."""
    await world.prepared()
    await world.publish.begin(OF, ITEM, ADA)
    with pytest.raises(AlreadyDone, match="is publishing this item already"):
        await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    with pytest.raises(AlreadyDone, match="published this item already"):
        await world.publish.begin(OF, ITEM, ADA)


async def test_nothing_is_sent_without_a_connection_or_with_something_missing(world: World) -> None:
    """S2: refused, each missing thing named."""
    await world.prepared(an_item(category="", total=None), connected=False)
    with pytest.raises(NotConnected):
        await world.publish.begin(OF, ITEM, ADA)
    await world.prepared()
    with pytest.raises(NotReady) as refused:
        await world.publish.begin(OF, ITEM, ADA)
    assert refused.value.missing == ("no category", "no total")
    assert (world.jobs.queue, world.books.records) == ([], [])


async def test_a_new_supplier_is_asked_for_and_created_once(world: World) -> None:
    """S21: nothing is claimed until chosen; two items create it once."""
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    other = an_item(id=ItemId("item2"), supplier="Old Mill Hosting", external_id="2", document_number="OM-8")
    await world.storage.of(OF).items.add([other])
    assert isinstance(await world.publish.begin(OF, ITEM, ADA), AskSupplier)
    assert world.books.suppliers == []
    for item in (ITEM, other.id):
        await world.publish.begin_with_supplier(OF, item, ADA, supplier=None, create=True)
    await world.run_all()
    assert world.books.suppliers == ["Old Mill Hosting"]
    assert len(world.books.records) == 2


@pytest.mark.parametrize(
    ("fault", "records", "stage"),
    [
        (RateLimited("wait", retry_after_seconds=3), 1, ItemStage.PUBLISHED),
        (Unavailable("down"), 1, ItemStage.PUBLISHED),
        (LOST, 1, ItemStage.PUBLISHED),
        (Refused("used already", cause="number_used"), 0, ItemStage.FAILED),
        (ReconnectNeeded("gone"), 0, ItemStage.WAITING),
    ],
)
async def test_each_fault_of_the_books_ends_as_it_should(
    world: World, fault: Exception, records: int, stage: ItemStage
) -> None:
    """C15 C16: waited for, looked up, said, or held."""
    await world.prepared()
    world.books.faults = [fault]
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    item = await world.item()
    assert (item.stage, len(world.books.records)) == (stage, records)


async def test_an_answer_lost_after_the_write_makes_no_second_record(world: World) -> None:
    """C3: found by our reference."""
    await world.prepared()
    world.books.faults, world.books.writes_before_fault = [LOST], True
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_after_too_many_attempts_it_fails_in_words(world: World) -> None:
    """C15: never tried for ever."""
    await world.prepared()
    world.books.faults = [Unavailable("Zoho Books does not answer.") for _ in range(6)]
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    item = await world.item()
    assert item.stage is ItemStage.FAILED
    assert item.hold is not None
    assert "We tried 6 times" in item.hold.says


async def test_held_items_go_on_after_reconnecting(world: World) -> None:
    """S29: the queue is released, the connection is marked broken once."""
    await world.prepared()
    store = world.storage.of(OF)
    world.books.faults = [ReconnectNeeded("gone")]
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    connection = await store.connection.read()
    assert connection is not None
    assert connection.state is ConnectionState.RECONNECT_NEEDED
    hold = (await world.item()).hold
    assert hold is not None
    assert hold.cause == RECONNECT
    assert isinstance(await _another(world), Held)
    await store.connection.mark(lambda broken: replace(broken, state=ConnectionState.CONNECTED))
    assert set(await world.publish.release_held(OF)) == {ITEM, ItemId("item2")}
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 2


async def _another(world: World) -> object:
    item = an_item(id=ItemId("item2"), external_id="2", document_number="NW-1002")
    await world.storage.of(OF).items.add([item])
    return await world.publish.begin(OF, ItemId("item2"), ADA)


async def test_what_may_have_been_sent_is_not_given_back(world: World) -> None:
    """C3: held between sending and hearing, it cannot be rejected and sent under another reference."""
    await world.prepared()
    world.books.faults, world.books.writes_before_fault = [LOST], True
    await world.publish.begin(OF, ITEM, ADA)
    ((_, ids),) = world.jobs.queue
    with pytest.raises(RetryLater):
        await world.publish.run(OF, ITEM, ids[2])
    store = world.storage.of(OF)
    await store.connection.mark(lambda one: replace(one, state=ConnectionState.RECONNECT_NEEDED))
    await world.publish.run(OF, ITEM, ids[2])
    assert (await world.item()).stage is ItemStage.WAITING
    with pytest.raises(AlreadyDone, match="may stand in the accounting software"):
        await ItemService(world.storage, world.clock).reject(OF, ITEM, ADA)


async def test_a_record_prepared_for_another_organisation_is_not_sent(world: World) -> None:
    """S37: its ids would mean something else there."""
    await world.prepared()
    world.books.faults = [RateLimited("wait", retry_after_seconds=3)]
    await world.publish.begin(OF, ITEM, ADA)
    ((_, ids),) = world.jobs.queue
    with pytest.raises(RetryLater):
        await world.publish.run(OF, ITEM, ids[2])
    other = replace(GBP_ORGANISATION, id="60002")
    await world.storage.of(OF).connection.mark(lambda one: replace(one, organisation=other))
    await world.publish.run(OF, ITEM, ids[2])
    publication = await world.storage.of(OF).publications.get(ids[2])
    assert publication is not None
    assert publication.organisation == "60002"
    assert len(world.books.records) == 1


async def test_a_role_taken_away_before_sending_stops_it(world: World) -> None:
    """S5: read again before the first thing leaves."""
    await world.prepared()
    await world.publish.begin(OF, ITEM, ADA)
    world.people.admin_ids = set()
    await world.run_all()
    assert (await world.item()).stage is ItemStage.INBOX
    assert world.books.records == []


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "answer lost"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_one_record_wherever_the_process_dies(
    redis: Redis,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    encryption_key: str,
    after: bool,
    lost: bool,
) -> None:
    """C3: killed before and after every single call to Redis, the books and the queue; then it goes on."""

    async def prepare(world: World) -> None:
        await world.prepared(an_item(supplier="Old Mill Hosting"))
        if lost:
            world.books.faults, world.books.writes_before_fault = [LOST], True

    async def ask(world: World) -> None:
        await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=None, create=True)

    async def ends_well(world: World, when: str) -> None:
        assert (await world.item()).stage is ItemStage.PUBLISHED, when
        assert len(world.books.records) == 1, when
        assert world.books.suppliers == ["Old Mill Hosting"], when

    supplier = f"supplier-{suppliers.key('Old Mill Hosting')}"
    lives = Lives(redis, encryption_key, clock, prepare, ask, (supplier,))
    steps = await lives.killed_everywhere(monkeypatch, after=after, ends_well=ends_well)
    assert steps > 20, "the cut must have been everywhere"


async def test_many_at_once_make_one_record(world: World) -> None:
    """C3: a storm of clicks and of runs of one publication."""
    await world.prepared()
    clicks = [world.publish.begin(OF, ITEM, ADA) for _ in range(10)]
    outcomes = await asyncio.gather(*clicks, return_exceptions=True)
    assert sum(isinstance(one, Begun) for one in outcomes) == 1
    ((_, ids),) = world.jobs.queue
    await asyncio.gather(*(world.publish.run(OF, ITEM, ids[2]) for _ in range(8)))
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1
