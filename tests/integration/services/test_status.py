"""How a business stands, and whose App Home is made anew after a change."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.audit import LogEntry
from bot.domain.identity import ItemId
from bot.domain.items import Hold, ItemStage, ItemStatus
from bot.domain.status import OpenPage
from bot.services.items import ItemService
from bot.services.many import ManyService
from bot.services.status import StatusService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import OF, World
from tests.redis_fixtures import Clock


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


def standing(world: World) -> StatusService:
    items = ItemService(world.storage, world.clock)
    many = ManyService(world.storage, world.publish, world.jobs, world.clock)
    return StatusService(world.storage, items, many, world.jobs, world.clock)


async def test_before_anything_is_connected_there_is_little_to_say(world: World) -> None:
    status = await standing(world).read(OF)
    assert (status.connection, status.counts, list(status.failed)) == (None, {}, [])


async def test_the_queue_is_counted_by_state_and_cause(world: World) -> None:
    """C15 S46"""
    await world.prepared()
    later = world.clock.now + dt.timedelta(hours=1)
    used = Hold("number_used", "Used.", at=later)
    await world.storage.of(OF).items.add(
        [
            an_item(
                id=ItemId("i2"), external_id="2", document_number="NW-2", stage=ItemStage.FAILED, hold=used
            ),
            an_item(
                id=ItemId("i3"),
                external_id="3",
                document_number="NW-3",
                stage=ItemStage.FAILED,
                hold=replace(used, says="Used, by Acme."),
            ),
            an_item(
                id=ItemId("i4"),
                external_id="4",
                document_number="NW-4",
                stage=ItemStage.WAITING,
                hold=Hold("reconnect", "Wait."),
            ),
            an_item(id=ItemId("i5"), external_id="5", document_number="NW-5", category=""),
        ]
    )
    status = await standing(world).read(OF)
    assert status.counts == {
        ItemStatus.READY: 1,
        ItemStatus.FAILED: 2,
        ItemStatus.WAITING: 1,
        ItemStatus.NEEDS_ATTENTION: 1,
    }
    assert status.held == {"reconnect": 1}
    assert [(one.cause, one.number) for one in status.failed] == [("number_used", 2)]


async def test_homes_are_made_anew_only_after_something_was_logged(world: World) -> None:
    """S2: and never for somebody who looked days ago."""
    await world.prepared()
    status, store = standing(world), world.storage.of(OF)
    await status.run_homes()
    assert world.jobs.named("homes") == []
    await status.home_opened(OF, ADA, "seen")
    await status.home_opened(OF, BEN, "seen too")
    await store.log.append(LogEntry(world.clock.now, ADA, "settings.changed"))
    await status.run_homes()
    assert world.jobs.named("homes") == [(str(OF),)]
    await status.homes_know(OF, await status.log_head(OF))
    world.jobs.queue.clear()
    world.jobs.keys.clear()
    await status.run_homes()
    assert world.jobs.named("homes") == []
    assert await status.openers(OF) == {ADA: "seen", BEN: "seen too"}
    await status.home_shown(OF, ADA, "newer")
    assert (await status.openers(OF))[ADA] == "newer"
    world.clock.forward(hours=30)
    await store.log.append(LogEntry(world.clock.now, ADA, "settings.changed"))
    await status.run_homes()
    assert world.jobs.named("homes") == []


async def test_an_open_connections_page_is_made_anew_after_something_was_logged(world: World) -> None:
    """S2: what was opened anew meanwhile is not overwritten with an older state."""
    await world.prepared()
    status, store = standing(world), world.storage.of(OF)
    page = OpenPage("V1", "h1", "seen", ADA, "C1")
    await status.page_opened(OF, page)
    await store.log.append(LogEntry(world.clock.now, ADA, "settings.changed"))
    await status.run_homes()
    assert world.jobs.named("homes") == [(str(OF),)]
    newer = replace(page, state="h2", seen="newer")
    await status.page_shown(OF, page, newer)
    await status.page_shown(OF, page, None)
    assert list(await status.pages(OF)) == [newer]
    await status.page_shown(OF, newer, None)
    assert list(await status.pages(OF)) == []
