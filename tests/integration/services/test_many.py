"""Many at once: each has its result, one that fails blocks no other, and no death of a process loses any."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.identity import ItemId
from bot.domain.lists import ListKind
from bot.domain.many import Many, ManyState, Outcome, Wanted
from bot.errors import AlreadyDone, NotConnected, Refused, Unavailable
from bot.services import many as service
from bot.services.items import ItemService
from bot.services.many import ManyService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.publishing import OF, World
from tests.redis_fixtures import Clock


@pytest.fixture
def world(storage: RedisStorage, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(service, "LOOK_SECONDS", 0.0)
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


def many_of(world: World, seconds: float = 0.5) -> ManyService:
    """A new process each time."""
    return ManyService(world.storage, world.publish, world.jobs, world.clock, slice_seconds=seconds)


async def with_items(world: World, number: int, **changes: Any) -> None:
    await world.prepared(an_item(id=ItemId("i0"), external_id="e0", batch="b1", **changes))
    more = [
        an_item(
            id=ItemId(f"i{place}"),
            external_id=f"e{place}",
            document_number=f"N-{place}",
            batch="b1",
            **changes,
        )
        for place in range(1, number)
    ]
    await world.storage.of(OF).items.add(more)


async def works(world: World, many: Many) -> Many:
    """Runs what is queued, many and single, until it is over or stopped."""
    for _ in range(200):
        queued, world.jobs.queue = world.jobs.queue, []
        turns = [ids for name, ids in queued if name == "publish_many"]
        world.jobs.queue = [job for job in queued if job[0] != "publish_many"]
        for _, many_id, turn in turns:
            async for _ in many_of(world, 0.0).run(OF, many_id, int(turn)):
                pass
        await world.run_all_but_many()
        known = await many_of(world).get(OF, many.id)
        assert known is not None
        if known.state is ManyState.OVER:
            return known
    raise AssertionError(f"never over: {known}")


async def test_what_is_ready_is_counted_with_its_total_by_currency(world: World) -> None:
    """C2"""
    await with_items(world, 3, total="10.50")
    await world.storage.of(OF).items.add(
        [
            an_item(id=ItemId("x1"), external_id="x1", category=""),
            an_item(id=ItemId("x2"), external_id="x2", supplier="Old Mill Hosting", total="1.00"),
        ]
    )
    ready = await many_of(world).ready(OF)
    assert ready.items == ["i0", "i1", "i2", "x2"]
    assert ready.totals == {"GBP": Decimal("32.50")}
    assert ready.new_suppliers == 1


async def test_each_of_many_has_its_result_and_a_failure_blocks_no_other(world: World) -> None:
    """C2: published, failed by cause, left: a new supplier, not ready."""
    await with_items(world, 30)
    await world.storage.of(OF).items.add(
        [
            an_item(id=ItemId("x1"), external_id="x1", category="", batch="b1"),
            an_item(id=ItemId("x2"), external_id="x2", supplier="Old Mill Hosting", batch="b1"),
            an_item(id=ItemId("x3"), external_id="x3", batch="b2", received_from="costs.csv"),
        ]
    )
    world.books.faults = [Refused("The number is used already.", cause="number_used")]
    asked = await many_of(world).ask(OF, ADA, Wanted.FILE, "b1", title="costs.csv")
    done = await works(world, asked)
    assert done.count(Outcome.PUBLISHED) == 29
    assert {cause: len(items) for cause, items in done.of_cause(Outcome.FAILED).items()} == {"number_used": 1}
    assert done.of_cause(Outcome.LEFT) == {"not_ready": ("x1",), "new_supplier": ("x2",)}
    assert done.settled == done.total == 32
    assert len(world.books.records) == 29


async def test_what_failed_is_tried_again_by_cause(world: World) -> None:
    """C15: these of one batch, or all of the cause."""
    await with_items(world, 3)
    world.books.faults = [Refused("Used.", cause="number_used"), Refused("Locked.", cause="locked")]
    first = await works(world, await many_of(world).ask(OF, ADA, Wanted.READY))
    groups = {group.cause: (len(group.items), group.says) for group in await many_of(world).failed(OF)}
    assert groups == {"number_used": (1, "Used."), "locked": (1, "Locked.")}
    again = await works(world, await many_of(world).ask(OF, ADA, Wanted.FAILED_OF, "number_used", first.id))
    assert (again.total, again.count(Outcome.PUBLISHED)) == (1, 1)
    assert again.what == "what failed: number already used"
    rest = await works(world, await many_of(world).ask(OF, ADA, Wanted.CAUSE, "locked"))
    assert rest.count(Outcome.PUBLISHED) == 1
    assert await many_of(world).failed(OF) == []
    assert len(world.books.records) == 3


async def test_what_is_ready_again_is_tried_again_too(world: World) -> None:
    """C15: the lists were read anew meanwhile, and the message is gone; **Retry these** still means them."""
    await with_items(world, 2)
    world.books.faults = [Refused("Gone.", cause="gone")]
    first = await works(world, await many_of(world).ask(OF, ADA, Wanted.READY))
    world.clock.forward(minutes=5)
    await world.storage.of(OF).lists.commit("g1", [ListKind.CATEGORIES], world.clock())
    assert await many_of(world).failed(OF) == []
    assert list(await ItemService(world.storage, world.clock).mend(OF)) == ["i0"]
    again = await works(world, await many_of(world).ask(OF, ADA, Wanted.FAILED_OF, "gone", first.id))
    assert again.count(Outcome.PUBLISHED) == 1


async def test_stop_begins_nothing_more_and_go_on_does_the_rest(world: World) -> None:
    """C2"""
    await with_items(world, 25)
    asked = await many_of(world).ask(OF, ADA, Wanted.READY)
    steps = many_of(world, seconds=30).run(OF, asked.id, 0)
    begun = await anext(steps)
    assert len(begun.begun) == service.AT_ONCE
    stopped = await many_of(world).stop(OF, asked.id, BEN)
    assert (stopped.state, stopped.stopped_by) == (ManyState.STOPPED, BEN)
    await world.run_all_but_many()
    seen = [step async for step in steps]
    assert seen[-1].count(Outcome.PUBLISHED) == service.AT_ONCE
    assert seen[-1].place == service.AT_ONCE
    with pytest.raises(AlreadyDone, match="stopped already"):
        await many_of(world).stop(OF, asked.id, ADA)
    world.jobs.queue = []
    await many_of(world).go_on(OF, asked.id, ADA)
    done = await works(world, asked)
    assert done.count(Outcome.PUBLISHED) == 25
    with pytest.raises(AlreadyDone, match="over already"):
        await many_of(world).go_on(OF, asked.id, ADA)


async def test_a_process_that_dies_after_a_claim_loses_nothing_and_doubles_nothing(world: World) -> None:
    """C2 C3: killed between the claim and what is written down of it."""
    await with_items(world, 4)
    asked = await many_of(world).ask(OF, ADA, Wanted.READY)
    world.jobs.queue = []
    world.people.admin_ids = {ADA, BEN}
    ids = tuple(ItemId(f"i{number}") for number in range(4))
    await world.storage.of(OF).many.change(asked.id, lambda many: replace(many, items=ids))
    await world.publish.begin(OF, ItemId("i0"), ADA, many=asked.id)
    await world.publish.begin(OF, ItemId("i1"), BEN)
    world.clock.forward(minutes=2)
    assert await many_of(world).resume_stuck() == 1
    done = await works(world, asked)
    assert done.of_cause(Outcome.LEFT) == {"already": ("i1",)}
    assert set(done.of_cause(Outcome.PUBLISHED)[""]) == {"i0", "i2", "i3"}
    assert len(world.books.records) == 4
    assert await many_of(world).resume_stuck() == 0


async def test_two_runs_at_once_begin_each_item_once(world: World) -> None:
    """C2"""
    await with_items(world, 30)
    asked = await many_of(world).ask(OF, ADA, Wanted.READY)

    async def runs() -> Sequence[Many]:
        return [step async for step in many_of(world, 0.0).run(OF, asked.id, 0)]

    await asyncio.gather(runs(), runs(), runs())
    done = await works(world, asked)
    assert (done.count(Outcome.PUBLISHED), done.settled) == (30, 30)
    assert len({record.body["bill_number"] for record in world.books.records}) == 30
    assert len(world.books.records) == 30


async def test_the_same_asked_for_twice_is_begun_once(world: World) -> None:
    """C2: a second click hears who was first; when it is over it may be asked for again."""
    await with_items(world, 2)
    first = await many_of(world).ask(OF, ADA, Wanted.READY)
    with pytest.raises(AlreadyDone, match="<@UADA> is publishing this already"):
        await many_of(world).ask(OF, BEN, Wanted.READY)
    await works(world, first)
    again = await works(world, await many_of(world).ask(OF, ADA, Wanted.READY))
    assert again.total == 0


async def test_without_a_connection_nothing_is_asked(world: World) -> None:
    await world.prepared(connected=False)
    with pytest.raises(NotConnected):
        await many_of(world).ask(OF, ADA, Wanted.READY)


async def test_somebody_who_lost_the_role_publishes_none_of_many(world: World) -> None:
    """S5: asked again by each publication; all are given back."""
    await with_items(world, 3)
    asked = await many_of(world).ask(OF, ADA, Wanted.READY)
    world.people.admin_ids = {BEN}
    done = await works(world, asked)
    assert {cause: len(items) for cause, items in done.of_cause(Outcome.BACK).items()} == {"NotAllowed": 3}
    assert world.books.records == []


async def test_what_is_asked_stopped_and_over_stands_in_the_log(world: World) -> None:
    await with_items(world, 1)
    await works(world, await many_of(world).ask(OF, ADA, Wanted.READY))
    said = [(entry.what, entry.after) for entry in await world.storage.of(OF).log.latest(10)]
    assert ("items.publish_many", "what is ready") in said
    assert ("items.publish_many_over", "what is ready (1 of 1)") in said


async def test_retrying_a_cause_looks_up_what_may_have_been_booked(world: World) -> None:
    """C3 C15: **Retry all of this cause** makes no second record of any."""
    await with_items(world, 3)
    world.books.faults = [LostAfterWriting("Written, but not answered.") for _ in range(3)]
    world.books.find_faults = [Unavailable("Zoho Books does not answer.") for _ in range(15)]
    first = await works(world, await many_of(world).ask(OF, ADA, Wanted.READY))
    assert first.of_cause(Outcome.FAILED).keys() == {"unavailable"}
    retried = await works(world, await many_of(world).ask(OF, ADA, Wanted.CAUSE, "unavailable"))
    assert retried.count(Outcome.PUBLISHED) == 3
    assert len(world.books.records) == 3
