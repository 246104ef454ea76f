"""Refreshing in rare moments: lists not switched on, limits, another organisation, a dead process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.domain.connection import Connection
from bot.domain.identity import BOT, EntryId, ItemId, MessageRef
from bot.domain.lists import Entry, ListKind, RefreshState
from bot.domain.settings import BusinessSettings, RefreshSchedule, SupplierRule
from bot.errors import BotError, NotConnected, RateLimited, ReconnectNeeded, Unavailable
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeBooks, FakeJobs, FakeLedger
from tests.integration.services.refreshing import KINDS, OF, World, entries
from tests.redis_fixtures import Clock


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), clock)
    await world.connected()
    return world


async def _dumped(redis: Redis, namespace: str) -> dict[bytes, bytes | None]:
    """Every key of the namespace as Redis stores it, but the lists' and the refresh's own and the log's."""
    own = (b":list", b":refresh", b":report", b":log", b"{due}")
    keys = [key async for key in redis.scan_iter(match=f"{namespace}:*")]
    return {key: await redis.dump(key) for key in keys if not any(part in key for part in own)}


@pytest.mark.parametrize("fails", [False, True])
async def test_nothing_but_lists_refresh_and_log_is_written(
    world: World, redis: Redis, namespace: str, fails: bool
) -> None:
    """S40: byte for byte, also items that are held or published; the log is only added to."""
    store = world.storage.of(OF)
    await store.settings.change(lambda _: BusinessSettings(default_tax_costs=EntryId("taxes-one")))
    await store.rules.save(SupplierRule("northwind paper", EntryId("categories-one"), None, "Northwind"))
    await store.items.add([an_item(id=ItemId(f"i{place}"), external_id=str(place)) for place in range(3)])
    await world.run()
    before, said = await _dumped(redis, namespace), await store.log.latest(100)
    assert len(before) >= 7
    if fails:
        world.books.entries = {}
        world.books.step = _unavailable
    else:
        world.books.entries = {kind: entries(kind, "three") for kind in KINDS}
    last = await world.run()
    assert last.state is (RefreshState.FAILED if fails else RefreshState.COMPLETE)
    assert await _dumped(redis, namespace) == before
    assert (await store.log.latest(100))[-len(said) :] == said
    assert await store.log.is_whole()


async def _unavailable() -> None:
    raise Unavailable("Zoho Books does not answer.")


async def test_a_list_that_is_not_switched_on_is_said_and_the_rest_is_read(world: World) -> None:
    """S40: no fault; when it is switched off later what was known stays."""
    del world.books.entries[ListKind.CURRENCIES]
    last = await world.run()
    assert last.state is RefreshState.COMPLETE
    assert {change.kind: change.available for change in last.changes} == {
        kind: kind is not ListKind.CURRENCIES for kind in KINDS
    }
    del world.books.entries[ListKind.SUPPLIERS]
    assert (await world.run()).state is RefreshState.COMPLETE
    known = await world.storage.of(OF).lists.active(ListKind.SUPPLIERS)
    assert [entry.name for entry in known] == ["one", "two"]


async def test_counts_of_what_is_new_renamed_gone_and_of_items_touched(world: World) -> None:
    """S41 S47: with names, and how many items need a look now."""
    office = Entry(EntryId("c1"), "Office Supplies", "429")
    world.books.entries[ListKind.CATEGORIES] = [office, Entry(EntryId("c2"), "Travel")]
    await world.run()
    store = world.storage.of(OF)
    await store.items.add([an_item(), an_item(id=ItemId("item2"), external_id="2", category="Travel")])
    world.books.entries[ListKind.CATEGORIES] = [
        replace(office, active=False),
        Entry(EntryId("c2"), "Travelling"),
        Entry(EntryId("c3"), "Rent"),
    ]
    last = await world.run()
    (change,) = [one for one in last.changes if one.kind is ListKind.CATEGORIES]
    assert (change.total, change.added, change.renamed) == (2, 1, (("Travel", "Travelling"),))
    # The one uses what is inactive now, the other still says “Travel”.
    assert (change.vanished, last.items_touched) == (("Office Supplies",), 2)
    assert last.finished_at == world.clock()


async def test_a_short_limit_is_waited_out_and_a_long_one_ends_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C16: never for hours in one job."""
    limits = [RateLimited("wait", retry_after_seconds=0.01)]

    async def limited() -> None:
        if limits:
            raise limits.pop()

    world.books.step = limited
    assert (await world.run()).state is RefreshState.COMPLETE
    limits.append(RateLimited("Used up for today.", retry_after_seconds=30_000))
    last = await world.run()
    assert (last.state, last.retry_at is not None) == (RefreshState.FAILED, True)
    assert last.fault == "Used up for today. (reading categories)"


async def _until_last(world: World, refresh_id: str) -> list[RefreshState]:
    return [snapshot.state for snapshot in await world.snapshots(refresh_id)]


@pytest.mark.parametrize("fault", [None, ReconnectNeeded("gone"), Unavailable("down")])
async def test_another_organisation_connected_meanwhile_gets_its_own_lists(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: BotError | None
) -> None:
    """S37: never the lists of the organisation from before, and its refresh begins at once."""
    begun = await world.refresh.begin(OF, ADA)
    store = world.storage.of(OF)
    fetch = FakeLedger.fetch

    async def switching(
        self: FakeLedger, kind: ListKind, since: object = None
    ) -> AsyncIterator[Sequence[Entry]]:
        if kind is KINDS[-1]:
            await store.lists.clear()
            await store.connection.mark(_elsewhere)
            if fault is not None:
                raise fault
        async for page in fetch(self, kind):
            yield page

    monkeypatch.setattr(FakeLedger, "fetch", switching)
    states = await _until_last(world, begun.refresh.id)
    assert states[-1] is RefreshState.FAILED
    assert (await store.lists.state()).counts == {}
    connection = await store.connection.read()
    assert connection is not None
    assert connection.works
    running = await world.refresh.latest(OF)
    assert running is not None
    assert (running.id != begun.refresh.id, running.state) == (True, RefreshState.IN_PROGRESS)
    assert world.jobs.named("refresh")[-1] == (str(OF), running.id)


def _elsewhere(connection: Connection) -> Connection:
    return replace(connection, organisation=replace(connection.organisation, id="60002"))


async def test_disconnected_meanwhile_nothing_is_switched_and_nothing_is_due(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S16: the lists stay as they were; no clock tries again."""
    await world.run()
    store = world.storage.of(OF)
    before = {kind: await store.lists.everything(kind) for kind in KINDS}
    begun = await world.refresh.begin(OF, ADA)
    world.books.entries = {kind: entries(kind, "three") for kind in KINDS}

    async def disconnects() -> None:
        await store.connection.forget()
        await store.refreshes.schedule(None)

    world.books.step = disconnects
    assert (await _until_last(world, begun.refresh.id))[-1] is RefreshState.FAILED
    assert {kind: await store.lists.everything(kind) for kind in KINDS} == before
    assert await store.refreshes.due_at() is None


async def test_a_refresh_begun_but_never_queued_is_queued_by_the_next_click(world: World) -> None:
    """C3: its process died between."""

    async def dies() -> None:
        raise Unavailable("the queue is away")

    world.jobs.step = dies
    with pytest.raises(Unavailable):
        await world.refresh.begin(OF, ADA)
    world.jobs.step = FakeJobs().step
    again = await world.refresh.begin(OF, BEN)
    assert (again.started, again.refresh.asked_by) == (False, ADA)
    assert world.jobs.named("refresh") == [(str(OF), again.refresh.id)]
    assert (await _until_last(world, again.refresh.id))[-1] is RefreshState.COMPLETE


async def test_many_clicks_at_once_begin_one(world: World) -> None:
    """S45: whoever is first is named to the others."""
    begun = await asyncio.gather(*(world.refresh.begin(OF, who) for who in (ADA, BEN) * 4))
    assert sum(one.started for one in begun) == 1
    assert len({one.refresh.id for one in begun}) == 1
    assert len(world.jobs.named("refresh")) == 1


async def test_clocks_at_one_moment_begin_one(world: World) -> None:
    """C17: in the bot's own name."""
    await world.storage.of(OF).refreshes.schedule(world.clock())
    found = await asyncio.gather(*(world.refresh.run_due() for _ in range(5)))
    assert [business for begun in found for business in begun] == [OF]
    latest = await world.refresh.latest(OF)
    assert latest is not None
    assert latest.asked_by == BOT


async def test_a_broken_connection_is_no_longer_due(world: World) -> None:
    """C17: until somebody signs in again."""
    store = world.storage.of(OF)
    await world.refresh.begin(OF, ADA)
    await store.connection.forget()
    await store.refreshes.schedule(world.clock())
    assert list(await world.refresh.run_due()) == []
    assert await store.refreshes.due_at() is None
    with pytest.raises(NotConnected):
        await world.refresh.begin(OF, ADA)


@pytest.mark.parametrize("schedule", list(RefreshSchedule))
async def test_after_a_refresh_the_next_is_due_by_the_schedule(
    world: World, schedule: RefreshSchedule
) -> None:
    """C17: or never, when it is off."""
    store = world.storage.of(OF)
    await store.settings.change(lambda settings: replace(settings, refresh_schedule=schedule))
    await world.run()
    due = await store.refreshes.due_at()
    if schedule is RefreshSchedule.OFF:
        assert due is None
    else:
        assert due is not None
        assert 0 < (due - world.clock()).total_seconds() <= schedule.value * 3600 + 600


async def test_where_the_refresh_is_shown_is_remembered_while_it_runs(world: World) -> None:
    """S46: the first message stays; one of an older refresh is nobody's."""
    begun = await world.refresh.begin(OF, ADA)
    first, second = MessageRef(channel="C1", ts="1.1"), MessageRef(channel="C1", ts="2.2")  # type: ignore[arg-type]
    for message in (first, second):
        kept = await world.refresh.remember_message(OF, begun.refresh.id, message)
        assert kept is not None
        assert kept.message == first
    assert await world.refresh.remember_message(OF, "another", second) is None
    snapshots = await world.snapshots(begun.refresh.id)
    assert {snapshot.message for snapshot in snapshots} == {first}
