"""Refreshing: whole or not at all, and nothing but the lists is touched."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from redis.asyncio import Redis

from bot.domain.identity import EntryId
from bot.domain.lists import Entry, ListKind, RefreshState
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.errors import NotConnected, ReconnectNeeded, Unavailable
from storage.store import RedisStorage
from tests.builders import ADA, an_item
from tests.fakes import FakeBooks, FakeJobs, FakeLedger
from tests.integration.services.refreshing import KINDS, OF, World, entries
from tests.redis_fixtures import Clock


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), clock)
    await world.connected()
    return world


async def test_one_refresh_at_a_time_and_its_result_counts(world: World) -> None:
    """S45 S47: pressing again while it runs starts no second one."""
    begun = await world.refresh.begin(OF, ADA)
    again = await world.refresh.begin(OF, ADA)
    assert (begun.started, again.started, again.refresh.id) == (True, False, begun.refresh.id)
    assert world.jobs.named("refresh") == [(str(OF), begun.refresh.id)]
    last = (await world.snapshots(begun.refresh.id))[-1]
    assert last.state is RefreshState.COMPLETE
    assert {change.kind: change.total for change in last.changes} == dict.fromkeys(KINDS, 2)
    assert await world.snapshots(begun.refresh.id) == []


async def test_only_the_lists_change(world: World, redis: Redis, namespace: str) -> None:
    """S40: items, rules and settings byte for byte the same."""
    store = world.storage.of(OF)
    await store.settings.change(lambda _: BusinessSettings(warn_new_supplier=False))
    await store.rules.save(SupplierRule("northwind paper", EntryId("categories-one"), None, "Northwind"))
    await store.items.add([an_item()])

    async def kept() -> dict[bytes, object]:
        found: dict[bytes, object] = {}
        for part in ("settings", "rules", "items", "externals", "stage:inbox", "connection", "credentials"):
            async for key in redis.scan_iter(match=f"{namespace}:*:{part}"):
                found[key] = await redis.dump(key)
        return found

    before = await kept()
    assert len(before) == 7
    assert (await world.run()).state is RefreshState.COMPLETE
    assert await kept() == before


async def test_what_vanished_is_kept_inactive_and_named(world: World) -> None:
    """S41: known still, not offered."""
    await world.run()
    world.books.entries[ListKind.TAXES] = entries(ListKind.TAXES, "one")
    last = await world.run()
    (taxes,) = [change for change in last.changes if change.kind is ListKind.TAXES]
    assert taxes.vanished == ("two",)
    store = world.storage.of(OF)
    assert [entry.name for entry in await store.lists.active(ListKind.TAXES)] == ["one"]
    known = await store.lists.slice([(ListKind.TAXES, "two")])
    found = known.find(ListKind.TAXES, "two")
    assert found is not None
    assert not found.active


@pytest.mark.parametrize("broken", KINDS)
async def test_a_fault_at_any_list_leaves_all_old_lists_whole(
    world: World, monkeypatch: pytest.MonkeyPatch, broken: ListKind
) -> None:
    """S41: never half old and half new; tried again later."""
    await world.run()
    store = world.storage.of(OF)
    before = {kind: await store.lists.everything(kind) for kind in KINDS}
    world.books.entries = {kind: entries(kind, "three") for kind in KINDS}
    fetch = FakeLedger.fetch

    async def failing(
        self: FakeLedger, kind: ListKind, since: object = None
    ) -> AsyncIterator[Sequence[Entry]]:
        if kind is broken:
            raise Unavailable("Zoho Books does not answer.")
        async for page in fetch(self, kind):
            yield page

    monkeypatch.setattr(FakeLedger, "fetch", failing)
    last = await world.run()
    assert last.state is RefreshState.FAILED
    assert last.retry_at is not None
    assert {kind: await store.lists.everything(kind) for kind in KINDS} == before
    assert await store.refreshes.due_at() is not None


async def test_a_dead_sign_in_marks_the_connection_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S28: the Admins are told once; nothing is refreshed until somebody signs in again."""

    async def gone(self: FakeLedger, kind: ListKind, since: object = None) -> AsyncIterator[Sequence[Entry]]:
        for fault in [ReconnectNeeded("Zoho Books no longer accepts our sign-in.")]:
            raise fault
        yield []

    monkeypatch.setattr(FakeLedger, "fetch", gone)
    assert (await world.run()).state is RefreshState.FAILED
    assert world.jobs.named("connection_broken") == [(str(OF),)]
    with pytest.raises(ReconnectNeeded):
        await world.refresh.begin(OF, ADA)


async def test_two_clocks_begin_a_due_refresh_once(world: World) -> None:
    """C17: due times lie in Redis, each is claimed by one clock."""
    store = world.storage.of(OF)
    await store.refreshes.schedule(world.clock())
    world.clock.forward(seconds=1)
    begun = [*(await world.refresh.run_due()), *(await world.refresh.run_due())]
    assert begun == [OF]
    assert len(world.jobs.named("refresh")) == 1


async def test_a_fault_nobody_foresaw_ends_the_refresh(world: World) -> None:
    """S41: over, said, tried again; never “in progress” for ever."""
    begun = await world.refresh.begin(OF, ADA)
    failed = await world.refresh.stumbled(OF, begun.refresh.id, "7F3K")
    assert failed is not None
    assert failed.state is RefreshState.FAILED
    assert "reference 7F3K" in failed.fault
    assert await world.refresh.stumbled(OF, begun.refresh.id, "7F3K") is None
    assert (await world.refresh.begin(OF, ADA)).started


async def test_without_a_connection_there_is_nothing_to_refresh(world: World) -> None:
    """S39: said, with what to do."""
    await world.storage.of(OF).connection.forget()
    with pytest.raises(NotConnected, match="/dext connect"):
        await world.refresh.begin(OF, ADA)
