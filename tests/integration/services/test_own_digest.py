"""A digest of one's own: by one's own clock, once a day, to oneself alone."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.domain.audit import LogEntry, words
from bot.services.digest import DigestService
from bot.services.items import ItemService
from bot.services.many import ManyService
from bot.services.own_digest import OwnDigestService
from storage.store import RedisStorage
from tests.builders import ADA, BEN
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import OF, World
from tests.redis_fixtures import Clock

SEVEN = dt.datetime(2026, 10, 5, 7, 0, tzinfo=dt.UTC)


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    clock.now = SEVEN
    people = FakePeople(zones={ADA: "Asia/Tokyo", BEN: "America/New_York"})
    world = World(storage, FakeBooks(), FakeJobs(), people, clock)
    await world.prepared()
    return world


def owns(world: World) -> OwnDigestService:
    items = ItemService(world.storage, world.clock)
    many = ManyService(world.storage, world.publish, world.jobs, world.clock)
    digests = DigestService(world.storage, items, many, world.jobs, world.clock)
    return OwnDigestService(world.storage, digests, world.people, world.jobs, world.clock)


async def _due(world: World) -> list[str]:
    """Who is on the queue by now, whatever number of clocks; each is sent."""
    before = len(world.jobs.named("own_digest"))
    await asyncio.gather(*(owns(world).run_due() for _ in range(3)))
    found = [str(ids[1]) for ids in world.jobs.named("own_digest")[before:]]
    for person in found:
        await owns(world).done(OF, type(ADA)(person))
    return found


async def test_each_has_it_at_an_hour_of_their_own_clock(world: World) -> None:
    """C27: eight in Tokyo is eleven at night in London, eight in New York noon."""
    assert await owns(world).set(OF, ADA, 8) == "Asia/Tokyo"
    assert await owns(world).set(OF, BEN, 8) == "America/New_York"
    assert await owns(world).of(OF, BEN) == (8, "America/New_York")
    seen: dict[str, list[int]] = {}
    for hour in range(48):
        for person in await _due(world):
            seen.setdefault(person, []).append((SEVEN + dt.timedelta(hours=hour)).hour)
        world.clock.forward(hours=1)
    assert seen == {ADA: [23, 23], BEN: [12, 12]}


async def test_it_tells_what_waits_and_what_happened_since_the_last_one(world: World) -> None:
    """C27: once a day, and independent of the channel's."""
    await owns(world).set(OF, ADA, 17)
    await world.storage.of(OF).log.append(LogEntry(SEVEN, ADA, "item.published"))
    composed = await owns(world).compose(OF, ADA)
    assert composed is not None
    assert (composed.ready, composed.happened.published) == (1, 1)
    await owns(world).done(OF, ADA)
    assert await owns(world).compose(OF, ADA) is None
    world.clock.forward(days=1)
    again = await owns(world).compose(OF, ADA)
    assert again is not None
    assert again.happened.published == 0
    assert await owns(world).compose(OF, BEN) is None


async def test_who_ends_it_or_left_gets_none_any_more(world: World) -> None:
    """C27"""
    people = world.people
    assert isinstance(people, FakePeople)
    for person in (ADA, BEN):
        await owns(world).set(OF, person, 8)
    await owns(world).set(OF, ADA, None)
    people.gone_ids.add(BEN)
    world.clock.forward(days=1)
    assert await owns(world).compose(OF, BEN) is None
    assert await _due(world) == [BEN]
    world.clock.forward(days=1)
    assert await _due(world) == []
    said = [words(entry) for entry in await world.storage.of(OF).log.latest(9)]
    assert said[0] == "changed when they get a digest of their own: 8:00 → none"
    assert len(said) == 3


async def test_nothing_is_told_while_nothing_is_connected(world: World) -> None:
    await owns(world).set(OF, ADA, 8)
    await world.storage.of(OF).connection.forget()
    assert await owns(world).compose(OF, ADA) is None
