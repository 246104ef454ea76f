"""Files of a published item: each sent once, whatever the books answer and whoever dies."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from dataclasses import dataclass, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.domain.attachments import Attachment, FileContent, FileState, described
from bot.domain.connection import Connection, ConnectionState
from bot.domain.identity import ItemId
from bot.domain.items import ItemStage, PublishAs
from bot.domain.standing import RecordStanding, State
from bot.errors import AlreadyDone, AnswerLost, NotFound, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.services.attaching import AttachingService
from bot.services.file_sending import PAID, PAID_THERE
from bot.services.publishing import RetryLater
from storage import client
from storage.crypto import Cipher
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_item, published
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.killing import Died
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

FILES = [
    FileContent("a.pdf", "application/pdf", b"first"),
    FileContent("b.pdf", "application/pdf", b"second"),
]


@dataclass
class Desk:
    """A published item with files, and everything that sends them."""

    world: World

    @property
    def store(self) -> RedisStore:
        return self.world.storage.of(OF)

    @property
    def attaching(self) -> AttachingService:
        """A new process each time."""
        world = self.world
        return AttachingService(world.storage, {"zoho-books": world.books}, world.jobs, world.clock)

    async def has(self, *files: FileContent, stage: ItemStage = ItemStage.PUBLISHED) -> None:
        """The item in its stage, its files kept."""
        known = described(files)
        await self.store.attachments.stage(ITEM, [(file.id, content) for file, content in known])
        await self.store.attachments.keep(ITEM, [file.id for file, _ in known])
        item = an_item(attachments=tuple(file for file, _ in known))
        if stage is ItemStage.PUBLISHED:
            record = published(at=self.world.clock())
            item = replace(item, stage=stage, published=record)
            await self.store.attachments.begin(ITEM, self.world.clock())
        await self.world.prepared(item)

    async def files(self) -> list[Attachment]:
        return list((await self.world.item()).attachments)

    async def states(self) -> list[str]:
        return [file.state.value for file in await self.files()]

    @property
    def sent(self) -> list[bytes]:
        return [upload.content for upload in self.world.books.files]

    async def runs(self) -> float:
        """One run; after how many seconds it wants to be run again, 0 for never."""
        try:
            await self.attaching.run(OF, ITEM)
        except RetryLater as later:
            return later.seconds
        return 0.0

    async def under_way(self) -> list[ItemId]:
        self.world.clock.forward(days=1)
        return list(await self.store.attachments.under_way(self.world.clock()))


@pytest.fixture
def desk(storage: RedisStorage, clock: Clock) -> Desk:
    return Desk(World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock))


async def test_each_file_is_sent_once_and_kept_for_90_days(desk: Desk, redis: Redis) -> None:
    """C14: one call a file, none to look; the bytes go when their time is over."""
    await desk.has(*FILES)
    assert await desk.runs() == 0
    assert desk.sent == [b"first", b"second"]
    assert await desk.states() == ["sent", "sent"]
    assert desk.world.books.file_looks == 0
    assert all(upload.of_several for upload in desk.world.books.files)
    key = desk.store.attachments._key(ITEM, (await desk.files())[0].id)
    assert 89 * 86_400 < await redis.ttl(key) <= 90 * 86_400
    assert await desk.runs() == 0
    assert len(desk.sent) == 2
    assert await desk.under_way() == []


async def test_the_record_stands_when_a_file_is_refused_and_the_other_is_sent(desk: Desk) -> None:
    """C14: DOMAIN's “image not sent”: the transaction stands, only the file is tried again."""
    await desk.has(*FILES)
    desk.world.books.refused_files = ("a.pdf",)
    assert await desk.runs() == 0
    assert await desk.states() == ["refused", "sent"]
    item = await desk.world.item()
    assert item.stage is ItemStage.PUBLISHED
    assert item.attachments[0].says == "HTML files are not taken."
    assert item.attachments[0].is_final
    said = [(one.what, one.after) for one in await desk.store.log.latest(2)]
    assert said == [("item.file_sent", "b.pdf"), ("item.file_refused", "a.pdf: HTML files are not taken.")]


async def test_retry_sends_the_refused_file_alone(desk: Desk) -> None:
    """C14 C15: it looks first, since an answer may have been lost the last time."""
    await desk.has(*FILES)
    desk.world.books.file_faults = [Refused("Too busy.", cause="refused")]
    await desk.runs()
    assert await desk.states() == ["refused", "sent"]
    assert not (await desk.files())[0].is_final
    file = (await desk.files())[0].id
    await desk.attaching.retry(OF, ITEM, file, ADA)
    assert desk.world.jobs.named("attach_files") == [(str(OF), ITEM)]
    with pytest.raises(AlreadyDone):
        await desk.attaching.retry(OF, ITEM, file, ADA)
    assert await desk.runs() == 0
    assert sorted(desk.sent) == [b"first", b"second"]
    assert desk.world.books.file_looks == 1
    for wrong in ("nonsense", (await desk.files())[1].id):
        with pytest.raises((NotFound, AlreadyDone)):
            await desk.attaching.retry(OF, ITEM, wrong, ADA)


BOTH = PublishAs.BILL_WITH_PAYMENT


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, ""),
        ({"standing": RecordStanding(State.PAID)}, PAID_THERE),
        ({"kind": BOTH}, PAID),
        ({"kind": BOTH, "unpaid": "The account is closed."}, ""),
        ({"kind": BOTH, "standing": RecordStanding(State.OPEN)}, ""),
        (
            {"kind": BOTH, "unpaid": "No.", "standing": RecordStanding(State.PAID)},
            PAID_THERE,
        ),
        ({"kind": PublishAs.VENDOR_CREDIT, "standing": RecordStanding(State.PAID)}, ""),
    ],
)
async def test_a_file_that_is_refused_for_a_bill_that_is_paid_says_so(
    desk: Desk, changes: dict[str, Any], says: str
) -> None:
    """C14: by us, or by somebody there; what is not paid says what the books say."""
    await desk.has(FILES[0])
    await desk.store.items.change(ITEM, lambda item: replace(item, published=published(**changes)))
    desk.world.books.file_faults = [Refused("Not so.", cause="refused")]
    await desk.runs()
    assert [file.says for file in await desk.files()] == [f"Not so. {says}".strip()]


async def test_a_lost_answer_has_the_record_looked_at_and_nothing_is_sent_twice(desk: Desk) -> None:
    """C14: appending twice makes two attachments."""
    await desk.has(FILES[0])
    desk.world.books.file_faults = [LostAfterWriting("lost")]
    assert await desk.runs() == 2.0
    assert await desk.states() == ["sending"]
    assert await desk.runs() == 0
    assert (desk.sent, desk.world.books.file_looks) == ([b"first"], 1)


async def test_an_answer_lost_before_writing_is_sent_again(desk: Desk) -> None:
    """C14: and never none."""
    await desk.has(FILES[0])
    desk.world.books.file_faults = [AnswerLost("lost")]
    assert await desk.runs() == 2.0
    assert await desk.runs() == 0
    assert desk.sent == [b"first"]


async def test_a_limit_stops_the_run_and_costs_no_attempt(desk: Desk) -> None:
    """C20: the second file is not tried against a closed door."""
    await desk.has(*FILES)
    desk.world.books.file_faults = [RateLimited("wait", retry_after_seconds=40)]
    assert await desk.runs() == 40
    assert await desk.states() == ["waiting", "waiting"]
    assert [file.attempts for file in await desk.files()] == [0, 0]
    assert await desk.runs() == 0


async def test_after_too_many_attempts_it_is_said_and_can_be_tried_by_hand(desk: Desk) -> None:
    """C15: it never loops without end."""
    await desk.has(FILES[0])
    desk.world.books.file_faults = [Unavailable("Zoho Books does not answer.")] * 6
    waits = [await desk.runs() for _ in range(6)]
    assert waits == [2, 4, 8, 16, 32, 0]
    (file,) = await desk.files()
    assert (file.state, file.says) == (
        FileState.REFUSED, "Zoho Books does not answer. We tried 6 times."
    )  # fmt: skip


async def test_a_broken_connection_holds_the_files_and_they_go_on_after_reconnecting(desk: Desk) -> None:
    """S29: the clock finds them, once the connection works."""
    await desk.has(FILES[0])
    desk.world.books.file_faults = [ReconnectNeeded("gone")]
    assert await desk.runs() == 0
    assert await desk.states() == ["waiting"]
    assert desk.world.jobs.named("connection_broken") == [(str(OF),)]
    desk.world.clock.forward(minutes=5)
    assert await desk.attaching.resume_stuck() == 0
    await desk.store.connection.mark(lambda one: replace(one, state=ConnectionState.CONNECTED))
    assert await desk.attaching.resume_stuck() == 1
    assert await desk.runs() == 0
    assert desk.sent == [b"first"]


async def test_files_of_a_record_in_another_organisation_are_not_sent_to_this_one(desk: Desk) -> None:
    """S37: its record is not there."""
    await desk.has(FILES[0], stage=ItemStage.INBOX)
    assert await desk.world.publish.begin(OF, ITEM, ADA)
    await desk.world.run_all()
    other = replace(GBP_ORGANISATION, id="60002", name="Other Ltd")
    await desk.store.connection.mark(lambda one: Connection(one.software, other, ADA, NOON))
    assert await desk.runs() == 0
    assert desk.sent == []
    assert "Another organisation" in (await desk.files())[0].says


async def test_a_file_that_is_no_longer_kept_is_said(desk: Desk, redis: Redis) -> None:
    await desk.has(FILES[0])
    await redis.delete(desk.store.attachments._key(ITEM, (await desk.files())[0].id))
    assert await desk.runs() == 0
    assert (await desk.files())[
        0
    ].says == "It is no longer kept: files are kept for 90 days after publishing."


async def test_publishing_puts_the_files_on_the_queue_and_an_item_without_files_costs_nothing(
    desk: Desk,
) -> None:
    """C14: after the record stands."""
    await desk.has(FILES[0], stage=ItemStage.INBOX)
    await desk.world.publish.begin(OF, ITEM, ADA)
    (_, ids) = desk.world.jobs.queue.pop(0)
    await desk.world.publish.run(OF, ITEM, ids[2])
    assert (await desk.world.item()).stage is ItemStage.PUBLISHED
    assert desk.world.jobs.named("attach_files") == [(str(OF), ITEM)]
    assert await desk.under_way() == [ITEM]


async def test_an_item_published_anew_sends_its_files_to_the_new_record(desk: Desk) -> None:
    """S18: what was sent to the voided record does not count."""
    await desk.has(FILES[0])
    await desk.runs()
    await desk.store.items.change(ITEM, lambda item: replace(item, published=published(record_id="7002")))
    assert await desk.runs() == 0
    assert [upload.record_id for upload in desk.world.books.files] == ["7001", "7002"]


async def test_what_nobody_foresaw_is_counted_and_said(desk: Desk) -> None:
    """C15."""
    await desk.has(FILES[0])
    waits = []
    for _ in range(6):
        try:
            await desk.attaching.stumbled(OF, ITEM, "7F3K")
            waits.append(0.0)
        except RetryLater as later:
            waits.append(later.seconds)
    assert waits == [2, 4, 8, 16, 32, 0]
    assert "reference 7F3K" in (await desk.files())[0].says


# --- dying between any two steps

STEPS = 30
"""More than the calls to Redis and to the books in one run with one file."""


@pytest.mark.parametrize("fault", [None, LostAfterWriting("lost"), AnswerLost("lost")])
@pytest.mark.parametrize("cut", range(STEPS + 1))
async def test_a_process_cut_between_any_two_steps_makes_one_attachment(
    desk: Desk, mocker, cut: int, fault: Exception | None
) -> None:
    """C14: neither two nor none: the run is cut before its n-th call to Redis or to the books."""
    await desk.has(FILES[0])
    desk.world.books.file_faults = [fault] if fault else []
    left = [cut]

    async def step(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise Died

    desk.world.books.step = step
    execute = Redis.execute_command

    async def cut_short(self: Redis, *args: object, **options: object) -> object:
        await step()
        return await execute(self, *args, **options)

    mocker.patch("redis.asyncio.Redis.execute_command", cut_short)
    with contextlib.suppress(Died, RetryLater):
        await desk.attaching.run(OF, ITEM)
    mocker.stopall()
    assert cut < STEPS or left[0] >= 0
    left[0] = -2
    for _ in range(4):
        desk.world.clock.forward(seconds=120)
        await _freed(desk)
        await desk.attaching.resume_stuck()
        await desk.runs()
    assert desk.sent == [b"first"]
    assert await desk.states() == ["sent"]


@pytest.mark.parametrize("cut", range(40))
async def test_publishing_cut_between_any_two_steps_makes_one_record_with_one_file(
    desk: Desk, mocker, cut: int
) -> None:
    """C14 C3: from the click to the file, cut before the n-th call to Redis, queue or books."""
    await desk.has(FILES[0], stage=ItemStage.INBOX)
    await desk.world.publish.begin(OF, ITEM, ADA)
    ((_, ids),) = desk.world.jobs.queue
    left = [cut]

    async def step(*_: object, **__: object) -> None:
        left[0] -= 1
        if left[0] == -1:
            raise Died

    desk.world.books.step = desk.world.jobs.step = step
    command, pipeline = Redis.execute_command, client._Pipeline.execute

    async def cut_command(self: Redis, *args: object, **options: object) -> object:
        await step()
        return await command(self, *args, **options)

    async def cut_pipeline(self: client._Pipeline, *args: bool) -> object:
        await step()
        return await pipeline(self, *args)

    mocker.patch("redis.asyncio.Redis.execute_command", cut_command)
    mocker.patch("storage.client._Pipeline.execute", cut_pipeline)
    with contextlib.suppress(Died, RetryLater):
        await desk.world.publish.run(OF, ITEM, ids[2])
        await desk.runs()
    mocker.stopall()
    left[0] = -2
    for _ in range(4):
        desk.world.clock.forward(seconds=120)
        await _freed(desk, f"publication-{ids[2]}")
        await desk.world.publish.resume_stuck()
        await desk.world.run_all()
        await desk.attaching.resume_stuck()
        await desk.runs()
    assert len(desk.world.books.records) == 1
    assert desk.sent == [b"first"]
    assert await desk.states() == ["sent"]
    assert await desk.under_way() == []


async def _freed(desk: Desk, name: str = f"attach-{ITEM}") -> None:
    """A dead process's lock is free after its lease; nobody waits for that here."""
    for one in (name, f"attach-{ITEM}"):
        await desk.store.redis.delete(desk.store._base[1]("lock", one))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    trouble=st.lists(
        st.sampled_from(
            [AnswerLost("not written"), LostAfterWriting("written"), Unavailable("down"),
             RateLimited("wait", retry_after_seconds=1)]
        ),
        max_size=5,
    ),
    seed=st.integers(0, 2**32),
    deaths=st.integers(0, 4),
)  # fmt: skip
async def test_one_attachment_in_any_storm(
    redis: Redis, encryption_key: str, trouble: list[Exception], seed: int, deaths: int
) -> None:
    """C14 C3: jobs delivered twice, answers lost, processes killed at a call, in any order."""
    clock, chance = Clock(), random.Random(seed)  # noqa: S311 - no secret
    storage = RedisStorage(redis, Cipher([encryption_key]), clock, namespace=f"test-{secrets.token_hex(6)}")
    desk = Desk(World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock))
    await desk.has(*FILES)
    desk.world.books.file_faults = list(trouble)
    left = [deaths]

    async def step() -> None:
        await asyncio.sleep(0)
        if left[0] and chance.random() < 0.15:
            left[0] -= 1
            raise Died

    desk.world.books.step = step

    async def works() -> None:
        try:
            await desk.attaching.run(OF, ITEM)
        except (RetryLater, Died):
            return

    for _ in range(20):
        await asyncio.gather(*(works() for _ in range(chance.randint(1, 3))))
        clock.forward(seconds=61)
        if await desk.states() == ["sent", "sent"]:
            break
    assert sorted(desk.sent) == [b"first", b"second"]
