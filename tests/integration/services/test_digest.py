"""The daily digest: once a day at its hour, whatever number of clocks, and silent when there is nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.audit import LogEntry
from bot.domain.identity import ChannelId, ItemId
from bot.domain.items import DocumentType, Hold, ItemStage, Side
from bot.domain.schedule import Daily
from bot.services.digest import DigestService
from bot.services.items import ItemService
from bot.services.many import ManyService
from bot.services.settings import SettingsService
from storage.store import RedisStorage
from tests.builders import ADA, an_item, published
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import OF, World
from tests.redis_fixtures import Clock

SEVEN = dt.datetime(2026, 10, 5, 7, 0, tzinfo=dt.UTC)


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    clock.now = SEVEN
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)
    await world.prepared()
    return world


def digests(world: World) -> DigestService:
    items = ItemService(world.storage, world.clock)
    many = ManyService(world.storage, world.publish, world.jobs, world.clock)
    return DigestService(world.storage, items, many, world.jobs, world.clock)


async def test_two_clocks_never_send_two(world: World) -> None:
    """C27"""
    clocks = [digests(world) for _ in range(4)]
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("digest") == []
    world.clock.forward(hours=1, seconds=1)
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("digest") == [(str(OF), "2026-10-05")]
    due = await world.storage.of(OF).daily(Daily.DIGEST).due_at()
    assert due == dt.datetime(2026, 10, 6, 8, tzinfo=dt.UTC)


async def test_a_missed_hour_is_caught_up_once(world: World) -> None:
    await digests(world).run_due()
    world.clock.forward(days=3)
    await digests(world).run_due()
    await digests(world).run_due()
    assert [day for _, day in world.jobs.named("digest")] == ["2026-10-08"]


async def test_off_sends_none_and_another_hour_counts_at_once(world: World) -> None:
    """C27"""
    settings = SettingsService(world.storage, world.clock)
    await digests(world).run_due()
    now = await settings.read(OF)
    said = await settings.save(OF, ADA, replace(now, digest_hour=None))
    assert said == ("Daily digest: Off (was 8:00)",)
    assert await world.storage.of(OF).daily(Daily.DIGEST).due_at() is None
    world.clock.forward(hours=2)
    await digests(world).run_due()
    assert world.jobs.named("digest") == []
    await settings.save(OF, ADA, replace(now, digest_hour=10))
    assert await world.storage.of(OF).daily(Daily.DIGEST).due_at() == SEVEN.replace(hour=10)


async def test_what_waits_and_what_happened_stands_in_it(world: World) -> None:
    """C27 S3"""
    store = world.storage.of(OF)
    failed = an_item(
        id=ItemId("i2"),
        external_id="2",
        document_number="NW-1002",
        stage=ItemStage.FAILED,
        hold=Hold("number_used", "No.", at=world.clock.now),
    )
    held = an_item(
        id=ItemId("i3"),
        external_id="3",
        document_number="NW-1003",
        stage=ItemStage.WAITING,
        hold=Hold("reconnect", "Wait."),
    )
    uncoded = an_item(id=ItemId("i4"), external_id="4", document_number="NW-1004", category="")
    await store.items.add([failed, held, uncoded])
    old = world.clock.now - dt.timedelta(days=3)
    new = world.clock.now - dt.timedelta(hours=1)
    await store.log.append(
        LogEntry(old, ADA, "item.published"),
        LogEntry(new, ADA, "item.published"),
        LogEntry(new, ADA, "supplier.created", after="Old Mill"),
        LogEntry(new, ADA, "item.not_ready"),
        LogEntry(new, ADA, "item.publish_failed"),
    )
    composed = await digests(world).compose(OF, "2026-10-05")
    assert composed is not None
    digest, _ = composed
    assert (digest.needs_attention, digest.ready) == (1, 1)
    assert (digest.held, digest.failed) == ({"reconnect": 1}, {"number_used": 1})
    seen = digest.happened
    assert (seen.published, seen.new_suppliers, seen.prevented, seen.returned) == (1, ("Old Mill",), 1, 1)


async def test_what_was_spent_and_what_may_be_a_duplicate_stands_in_it(world: World) -> None:
    """C27: costs in the organisation's currency, a credit note against them; sales are no spend."""
    store = world.storage.of(OF)
    spent: list[dict[str, Any]] = [
        {},
        {"total": "20.00"},
        {"type": DocumentType.CREDIT_NOTE, "total": "14.00"},
        {"side": Side.SALE},
    ]
    for number, changes in enumerate(spent):
        item = an_item(
            id=ItemId(f"p{number}"),
            external_id=f"p{number}",
            stage=ItemStage.PUBLISHED,
            published=published(),
            **{"document_number": f"P-{number}", "supplier": "Kestrel Taxis"} | changes,
        )
        await store.items.add([item])
        await store.log.append(LogEntry(SEVEN, ADA, "item.published", item.id))
    await store.items.add([an_item(id=ItemId("again"), external_id="again")])
    composed = await digests(world).compose(OF, "2026-10-05")
    assert composed is not None
    digest, _ = composed
    assert digest.spend is not None
    assert (digest.spend.total, digest.currency) == (Decimal("150.00"), "GBP")
    assert digest.spend.by_supplier == {"Kestrel Taxis": Decimal("150.00")}
    assert (digest.happened.published, digest.needs_attention, digest.duplicates) == (4, 1, 1)


async def test_one_day_has_one_digest_and_the_next_begins_where_it_ended(world: World) -> None:
    await world.storage.of(OF).log.append(LogEntry(SEVEN, ADA, "item.published"))
    assert await digests(world).compose(OF, "2026-10-05") is not None
    await digests(world).sent(OF, "2026-10-05")
    assert await digests(world).compose(OF, "2026-10-05") is None
    world.clock.forward(days=1)
    composed = await digests(world).compose(OF, "2026-10-06")
    assert composed is not None
    assert composed[0].happened.published == 0


async def test_it_is_silent_when_there_is_nothing(storage: RedisStorage, clock: Clock) -> None:
    """C27"""
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)
    assert await digests(world).compose(OF, "2026-10-05") is None


async def test_it_goes_to_its_own_channel_or_where_cards_go(world: World) -> None:
    store = world.storage.of(OF)
    await store.settings.change(lambda one: replace(one, channel=ChannelId("C1")))
    composed = await digests(world).compose(OF, "2026-10-05")
    assert composed is not None
    assert composed[1] == "C1"
    await store.settings.change(lambda one: replace(one, digest_channel=ChannelId("C2")))
    composed = await digests(world).compose(OF, "2026-10-05")
    assert composed is not None
    assert composed[1] == "C2"
