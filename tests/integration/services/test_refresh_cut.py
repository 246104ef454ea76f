"""A refresh that is killed at every single call, run by two workers, begun by two clocks."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain.identity import BOT
from bot.domain.lists import ListKind, RefreshState
from bot.services import refresh as refreshes
from bot.services.refresh import RefreshService
from storage import client
from storage.crypto import Cipher
from storage.store import RedisStorage
from tests.builders import ADA, an_entry, an_item
from tests.fakes import FakeBooks, FakeJobs
from tests.integration.services.killing import Cut, Died
from tests.integration.services.refreshing import KINDS, OF, World, entries
from tests.redis_fixtures import Clock

TWO = KINDS[:2]
"""Enough for half of a switch to be seen."""


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), clock)
    await world.connected()
    return world


async def _owners(world: World) -> set[str]:
    """Whose entries are active on the lists."""
    lists = world.storage.of(OF).lists
    return {entry.name for kind in TWO for entry in await lists.active(kind)}


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_wherever_it_dies_the_lists_are_whole_and_the_next_run_ends_it(
    world: World, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """S41 S45 C3: all old or all new, never a mixture; one refresh, due again, its report whole."""
    cut = Cut()
    monkeypatch.setattr(refreshes, "FINISH_LOCK_SECONDS", 0.2)  # else each dead holder is waited for
    monkeypatch.setattr(Redis, "execute_command", cut.around(Redis.execute_command))
    monkeypatch.setattr(Pipeline, "execute", cut.around(Pipeline.execute))
    store = world.storage.of(OF)
    await store.items.add([an_item(category="old")])
    world.books.lists = TWO
    at, died = 0, True
    while died:
        at += 1
        world.books.entries = {kind: entries(kind, "old") for kind in TWO}
        await world.run()
        world.books.entries = {kind: entries(kind, "new") for kind in TWO}
        begun = await world.refresh.begin(OF, ADA)
        world.books.step = world.jobs.step = cut.step
        cut.arm(at, after=after)
        try:
            await world.snapshots(begun.refresh.id)
        except Died:
            cut.disarm()
            owners = await _owners(world)
            assert owners in ({"old"}, {"new"}), (at, owners)
            await world.snapshots(begun.refresh.id)
        died = cut.steps >= at
        cut.disarm()
        assert await _owners(world) == {"new"}, at
        latest = await store.refreshes.read()
        assert latest is not None
        assert (latest.id, latest.state) == (begun.refresh.id, RefreshState.COMPLETE), at
        assert await store.refreshes.due_at() is not None
        report = await world.refresh.report(OF, begun.refresh.id, 0, 100)
        assert sorted({change.name for change, _ in report.lines}) == ["new", "old"], at
        assert sum(change.what.ends for change, _ in report.lines) == len(TWO), at
    assert at > 40, "the cut must have been everywhere"


async def test_two_workers_that_run_one_refresh_give_the_lists_of_one(
    world: World, redis_url: str, namespace: str, encryption_key: str
) -> None:
    """S45: a job that was delivered twice."""
    await world.run()
    world.books.entries = {kind: [an_entry(f"{kind} {n}") for n in range(450)] for kind in KINDS}
    begun = await world.refresh.begin(OF, ADA)
    other = client.connect(redis_url)
    try:
        second = World(
            RedisStorage(other, Cipher([encryption_key]), world.clock, namespace=namespace),
            world.books,
            world.jobs,
            world.clock,
        )
        shown = await asyncio.gather(world.snapshots(begun.refresh.id), second.snapshots(begun.refresh.id))
    finally:
        await other.aclose()
    assert {snapshots[-1].state for snapshots in shown} == {RefreshState.COMPLETE}
    lists = world.storage.of(OF).lists
    for kind in KINDS:
        assert {entry.name for entry in await lists.active(kind)} == {f"{kind} {n}" for n in range(450)}
    assert (await lists.state()).counts == dict.fromkeys(KINDS, 450)


async def test_two_clocks_catch_a_missed_time_up_once(
    world: World, redis_url: str, namespace: str, encryption_key: str
) -> None:
    """S47: the bot was off for three days; each clock has a Redis connection of its own."""
    await world.run()
    world.clock.forward(days=3)
    clients = [client.connect(redis_url) for _ in range(2)]
    try:
        services = [
            RefreshService(
                RedisStorage(one, Cipher([encryption_key]), world.clock, namespace=namespace),
                {"zoho-books": world.books},
                world.jobs,
                world.clock,
            )
            for one in clients
        ]
        begun = await asyncio.gather(*(service.run_due() for service in services for _ in range(10)))
    finally:
        for one in clients:
            await one.aclose()
    assert [business for found in begun for business in found] == [OF]
    latest = await world.refresh.latest(OF)
    assert latest is not None
    assert latest.asked_by == BOT
    last = (await world.snapshots(latest.id))[-1]
    due = await world.storage.of(OF).refreshes.due_at()
    assert last.state is RefreshState.COMPLETE
    assert due is not None
    assert due > world.clock()
    assert list(await world.refresh.run_due()) == []


async def test_what_another_process_created_meanwhile_stays(world: World) -> None:
    """S41: a supplier made by a publication while suppliers are read, whole or changes only."""
    suppliers = ListKind.SUPPLIERS
    world.books.changes_since = frozenset({suppliers})
    await world.run()
    store = world.storage.of(OF)
    for place, by in enumerate((ADA, BOT)):
        world.books.changed = {suppliers: [replace(world.books.entries[suppliers][0], name=f"uno {place}")]}
        made = an_entry(f"Made {place}")

        async def meanwhile(made: object = made) -> None:
            await store.lists.add(suppliers, made)  # type: ignore[arg-type]

        world.books.step = meanwhile
        await world.run(by)
        assert made.name in {entry.name for entry in await store.lists.active(suppliers)}
        world.books.entries[suppliers].append(made)
