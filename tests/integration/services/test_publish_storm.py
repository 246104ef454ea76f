"""Publishing under everything at once: whatever the books answer and whoever dies, one record."""

from __future__ import annotations

import asyncio
import random
import secrets

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.domain.identity import ItemId
from bot.domain.items import ItemStage
from bot.errors import AlreadyDone, AnswerLost, RateLimited, ReconnectNeeded, Unavailable
from bot.services.publish import Begun, Held
from bot.services.publishing import RetryLater
from storage.crypto import Cipher
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.killing import Died
from tests.integration.services.publishing import FILES, ITEM, OF, World, has_a_paid_item
from tests.redis_fixtures import Clock

SUPPLIER = "Old Mill Hosting"
TROUBLE = st.lists(
    st.sampled_from(
        [
            AnswerLost("not written"),
            LostAfterWriting("written"),
            Unavailable("down"),
            RateLimited("wait", retry_after_seconds=1),
        ]
    ),
    max_size=4,
)


class Storm:
    """Clicks, and workers that are given the same job; now and then one dies at a call."""

    def __init__(self, world: World, seed: int, deaths: int) -> None:
        self.world, self.chance, self.deaths = world, random.Random(seed), deaths  # noqa: S311 - no secret

    async def step(self) -> None:
        await asyncio.sleep(0)
        if self.deaths and self.chance.random() < 0.1:
            self.deaths -= 1
            raise Died

    async def clicks(self, times: int) -> int:
        """How many of the clicks were the first."""
        people = [self.chance.choice((ADA, BEN)) for _ in range(times)]
        asked = [
            self.world.publish.begin_with_supplier(OF, ITEM, one, supplier=None, create=True)
            for one in people
        ]
        outcomes = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(one, Begun | Held | AlreadyDone | Died) for one in outcomes), outcomes
        return sum(isinstance(one, Begun) for one in outcomes)

    async def works(self) -> None:
        """Every job that is queued, each delivered to as many workers as chance will have it."""
        queued, self.world.jobs.queue = self.world.jobs.queue, []
        jobs = [ids for name, ids in queued if name == "publish"]
        await asyncio.gather(
            *(self._one(ids) for ids in jobs for _ in range(self.chance.randint(1, 3))),
        )

    async def _one(self, ids: tuple[str, ...]) -> None:
        _, item, publication = ids
        try:
            await self.world.publish.run(OF, ItemId(item), publication)
        except RetryLater as later:
            await self._again(ItemId(item), publication, later.seconds)
        except Died:
            return

    async def _again(self, item: ItemId, publication: str, seconds: float) -> None:
        try:
            await self.world.publish.retry(OF, item, publication, seconds)
        except Died:
            return


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    trouble=TROUBLE,
    seed=st.integers(0, 2**32),
    clicks=st.integers(1, 5),
    deaths=st.integers(0, 4),
    reconnect=st.booleans(),
)
async def test_one_record_in_any_storm(
    redis: Redis,
    encryption_key: str,
    trouble: list[Exception],
    seed: int,
    clicks: int,
    deaths: int,
    reconnect: bool,
) -> None:
    """C3: double clicks, jobs delivered twice, answers lost, processes killed, in any order."""
    clock = Clock()
    storage = RedisStorage(redis, Cipher([encryption_key]), clock, namespace=f"test-{secrets.token_hex(6)}")
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople({ADA, BEN}), clock)
    await world.prepared(an_item(supplier=SUPPLIER))
    world.books.faults = [*trouble, *([ReconnectNeeded("gone")] if reconnect else [])]
    storm = Storm(world, seed, deaths)
    world.books.step = world.jobs.step = storm.step
    first = await storm.clicks(clicks)
    assert first <= 1
    for _ in range(40):
        await storm.works()
        item = await world.item()
        if item.stage is ItemStage.PUBLISHED:
            break
        if item.stage is ItemStage.WAITING:
            await _reconnected(world)
        clock.forward(seconds=61)
        await _resumed(world)
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1
    assert world.books.suppliers == [SUPPLIER]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    at_bill=TROUBLE,
    at_files=TROUBLE,
    at_payment=TROUBLE,
    seed=st.integers(0, 2**32),
    deaths=st.integers(0, 4),
)
async def test_one_bill_its_files_and_one_payment_in_any_storm(
    redis: Redis,
    encryption_key: str,
    at_bill: list[Exception],
    at_files: list[Exception],
    at_payment: list[Exception],
    seed: int,
    deaths: int,
) -> None:
    """C3 C14: files before the payment, since a paid bill takes none; nothing twice, nothing missing."""
    clock = Clock()
    storage = RedisStorage(redis, Cipher([encryption_key]), clock, namespace=f"test-{secrets.token_hex(6)}")
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople({ADA, BEN}), clock)
    await has_a_paid_item(world, *FILES)
    world.books.faults, world.books.file_faults = list(at_bill), list(at_files)
    world.books.pay_faults = list(at_payment)
    storm = Storm(world, seed, deaths)
    world.books.step = world.jobs.step = storm.step
    await storm.clicks(3)
    for _ in range(40):
        await storm.works()
        if (await world.item()).stage is ItemStage.PUBLISHED:
            break
        clock.forward(seconds=61)
        await _resumed(world)
    item = await world.item()
    assert item.published is not None
    assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, "")
    assert (len(world.books.records), len(world.books.payments)) == (1, 1)
    assert sorted(file.content for file in world.books.files) == [b"first", b"second"]
    assert [file.state.value for file in item.attachments] == ["sent", "sent"]


async def _reconnected(world: World) -> None:
    store = world.storage.of(OF)
    credentials = await store.connection.tokens.read()
    connection = await store.connection.read()
    assert credentials is not None
    assert connection is not None
    await store.connection.mark(lambda one: type(one)(one.software, one.organisation, ADA, world.clock()))
    try:
        await world.publish.release_held(OF)
    except Died:
        return


async def _resumed(world: World) -> None:
    try:
        await world.publish.resume_stuck()
    except Died:
        return
