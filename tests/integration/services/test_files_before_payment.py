"""A bill with payment has its files before it is paid: a paid one takes none."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot import readers
from bot.domain.attachments import FileState
from bot.domain.connection import Connection, ConnectionState, Credentials
from bot.domain.items import Item, ItemStage
from bot.domain.publication import Step
from bot.errors import AnswerLost, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.services.arriving import ArrivingService
from bot.services.auto_publish import AutoPublishService
from bot.services.file_sending import PAID
from bot.services.importing import ImportingService
from bot.services.publishing import RetryLater
from bot.services.publishing.paying import MOST_FILE_RUNS
from storage.store import RedisStorage
from tests.builders import ADA, NOON
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.killing import Lives
from tests.integration.services.publishing import FILES, ITEM, OF, World, has_a_paid_item
from tests.redis_fixtures import Clock

LOST = "Zoho Books was asked, but its answer never came."


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


async def publishes(world: World) -> Item:
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all(files=True)
    return await world.item()


def booked(world: World) -> tuple[int, list[bytes], int]:
    """How many bills, which files, how many payments."""
    books = world.books
    return len(books.records), [file.content for file in books.files], len(books.payments)


def told(item: Item) -> list[tuple[str, str]]:
    return [(file.state.value, file.says) for file in item.attachments]


async def test_the_files_go_first_each_in_one_call(world: World) -> None:
    """C14: the books would refuse them afterwards; nothing is looked for."""
    await has_a_paid_item(world, *FILES)
    item = await publishes(world)
    assert booked(world) == (1, [b"first", b"second"], 1)
    assert told(item) == [("sent", ""), ("sent", "")]
    assert item.published is not None
    assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, "")
    assert (world.books.file_looks, world.books.finds) == (0, 0)
    said = [entry.what for entry in await world.storage.of(OF).log.latest(4)]
    assert said == ["item.published", "item.file_sent", "item.file_sent", "item.publish_asked"]


async def test_a_file_that_is_refused_does_not_stop_the_payment(world: World) -> None:
    """C14 C16: the item says which one is missing; sent again, it says plainly that the bill is paid."""
    await has_a_paid_item(world, *FILES)
    world.books.file_faults = [Refused("Too strange.", cause="refused")]
    item = await publishes(world)
    assert booked(world) == (1, [b"second"], 1)
    assert told(item) == [("refused", "Too strange."), ("sent", "")]
    await world.attaching.retry(OF, ITEM, item.attachments[0].id, ADA)
    await world.run_all(files=True)
    assert told(await world.item())[0] == ("refused", f"Files cannot be added to a paid bill. {PAID}")
    assert booked(world) == (1, [b"second"], 1)


async def test_a_bill_whose_payment_was_refused_still_takes_a_file(world: World) -> None:
    """C14: it is not paid; and the payment alone can be tried again."""
    await has_a_paid_item(world, *FILES)
    world.books.file_faults = [Refused("Too strange.", cause="refused")]
    world.books.pay_faults = [Refused("The account is closed.", cause="gone")]
    item = await publishes(world)
    await world.attaching.retry(OF, ITEM, item.attachments[0].id, ADA)
    await world.run_all(files=True)
    await world.publish.pay_again(OF, ITEM, ADA)
    await world.run_all(files=True)
    assert booked(world) == (1, [b"second", b"first"], 1)
    assert told(await world.item()) == [("sent", ""), ("sent", "")]


async def test_a_file_that_fails_every_time_is_given_up_and_the_payment_goes(world: World) -> None:
    """C15: six tries, then it is said."""
    await has_a_paid_item(world, FILES[0])
    world.books.file_faults = [Unavailable("Zoho Books does not answer.") for _ in range(20)]
    item = await publishes(world)
    assert booked(world) == (1, [], 1)
    assert told(item) == [("refused", "Zoho Books does not answer. We tried 6 times.")]


async def test_a_limit_is_waited_out_however_long_it_takes(world: World) -> None:
    """C15: it stops the payment as well, so the files lose nothing by it."""
    await has_a_paid_item(world, FILES[0])
    world.books.file_faults = [RateLimited("wait", retry_after_seconds=3) for _ in range(MOST_FILE_RUNS + 2)]
    item = await publishes(world)
    assert (booked(world), told(item)) == ((1, [b"first"], 1), [("sent", "")])


async def test_a_lost_answer_has_the_bill_looked_at_and_no_file_is_there_twice(world: World) -> None:
    """C3 C14: whether it was written or not."""
    await has_a_paid_item(world, *FILES)
    world.books.file_faults = [LostAfterWriting(LOST), AnswerLost(LOST)]
    await publishes(world)
    bills, files, payments = booked(world)
    assert (bills, sorted(files), payments) == (1, [b"first", b"second"], 1)


async def test_the_sign_in_that_breaks_between_the_files_holds_what_is_left(world: World) -> None:
    """S29: after reconnecting the rest goes, the files before the payment."""
    await has_a_paid_item(world, *FILES)
    world.books.file_faults = [ReconnectNeeded("gone")]
    assert (await publishes(world)).stage is ItemStage.WAITING
    assert booked(world) == (1, [], 0)
    store = world.storage.of(OF)
    await store.connection.mark(lambda broken: replace(broken, state=ConnectionState.CONNECTED))
    await world.publish.release_held(OF)
    await world.run_all(files=True)
    assert booked(world) == (1, [b"first", b"second"], 1)


async def _begun(world: World) -> str:
    await world.publish.begin(OF, ITEM, ADA)
    ((_, ids),) = world.jobs.queue
    world.jobs.queue.clear()
    return ids[2]


async def test_a_fault_that_nobody_foresaw_in_a_file_does_not_stop_the_payment(world: World) -> None:
    """C15: counted on the file, said with its reference."""
    await has_a_paid_item(world, *FILES)
    world.books.broken_files = ("a.pdf",)
    publication = await _begun(world)
    for _ in range(6):
        with pytest.raises(RuntimeError):
            await world.publish.run(OF, ITEM, publication)
        with pytest.raises(RetryLater):
            await world.publish.stumbled(OF, ITEM, publication, "7F3K")
    await world.publish.run(OF, ITEM, publication)
    await world.run_all(files=True)
    assert booked(world)[::2] == (1, 1)
    item = await world.item()
    assert item.stage is ItemStage.PUBLISHED
    assert "reference 7F3K" in item.attachments[0].says


async def test_what_dies_at_a_file_each_time_pays_in_the_end(world: World) -> None:
    """C15: nothing was counted on the file, and yet the payment does not wait for ever."""
    await has_a_paid_item(world, FILES[0])
    world.books.broken_files = ("a.pdf",)
    publication = await _begun(world)
    for _ in range(MOST_FILE_RUNS):
        with pytest.raises(RuntimeError):
            await world.publish.run(OF, ITEM, publication)
    found = await world.storage.of(OF).publications.get(publication)
    assert found is not None
    assert (found.step, found.file_runs) == (Step.SENT, MOST_FILE_RUNS)
    await world.publish.run(OF, ITEM, publication)
    assert booked(world) == (1, [], 1)
    assert world.jobs.named("attach_files") == [(str(OF), ITEM)]
    assert (await world.item()).attachments[0].state is FileState.WAITING


async def test_a_file_that_is_added_to_a_paid_bill_says_that_it_came_too_late(world: World) -> None:
    """C14: in a sentence, with what to do."""
    await has_a_paid_item(world)
    await publishes(world)
    auto = AutoPublishService(world.storage, world.jobs, world.publish, world.clock)
    importing = ImportingService(world.storage, readers.read, world.jobs, auto, world.clock)
    arriving = ArrivingService(world.storage, importing, world.jobs, world.clock)
    await arriving.add_files(OF, ITEM, FILES[:1])
    await world.run_all(files=True)
    assert booked(world) == (1, [], 1)
    assert told(await world.item()) == [("refused", f"Files cannot be added to a paid bill. {PAID}")]


async def _disconnected_before_its_files(world: World) -> Connection:
    """The bill stands and is recorded unpaid, its files wait; what was connected."""
    await has_a_paid_item(world, *FILES)
    store, publication = world.storage.of(OF), await _begun(world)
    world.books.file_faults = [RateLimited("wait", retry_after_seconds=3)]
    with pytest.raises(RetryLater):
        await world.publish.run(OF, ITEM, publication)
    connection = await store.connection.read()
    assert connection is not None
    await store.connection.forget()
    await world.publish.run(OF, ITEM, publication)
    await world.run_all(files=True)
    item = await world.item()
    assert item.published is not None
    assert "not connected any more" in item.published.unpaid
    return connection


async def _connect(world: World, connection: Connection, organisation: str) -> None:
    other = replace(connection, organisation=replace(connection.organisation, id=organisation))
    credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
    await world.storage.of(OF).connection.save(other, credentials)


@pytest.mark.parametrize("between", ["", "60002"], ids=["reconnected", "another organisation between"])
async def test_pay_again_sends_the_files_first(world: World, between: str) -> None:
    """C14 S37: however soon it is pressed; and what was refused elsewhere goes to its own organisation."""
    connection = await _disconnected_before_its_files(world)
    if between:
        await _connect(world, connection, between)
        world.clock.forward(seconds=120)
        await world.goes_on()
        assert {state for state, _ in told(await world.item())} == {"refused"}
    await _connect(world, connection, connection.organisation.id)
    await world.publish.pay_again(OF, ITEM, ADA)
    await world.run_all()
    assert booked(world) == (1, [b"first", b"second"], 1)
    world.clock.forward(seconds=120)
    await world.goes_on()
    assert booked(world) == (1, [b"first", b"second"], 1)
    assert told(await world.item()) == [("sent", ""), ("sent", "")]


async def test_pay_again_and_the_clock_at_once_send_no_file_twice(world: World) -> None:
    """C3 C14: one of them waits for the other."""
    connection = await _disconnected_before_its_files(world)
    await _connect(world, connection, connection.organisation.id)
    await world.publish.pay_again(OF, ITEM, ADA)
    ((_, ids),) = world.jobs.queue
    world.jobs.queue.clear()
    await asyncio.gather(
        world.publish.run(OF, ITEM, ids[2]), *(world.attaching.run(OF, ITEM) for _ in range(4))
    )
    assert booked(world) == (1, [b"first", b"second"], 1)
    assert told(await world.item()) == [("sent", ""), ("sent", "")]


async def test_a_fault_that_nobody_foresaw_in_a_file_does_not_stop_pay_again(world: World) -> None:
    """C15: counted on the file, as it is before the first payment."""
    connection = await _disconnected_before_its_files(world)
    await _connect(world, connection, connection.organisation.id)
    await world.publish.pay_again(OF, ITEM, ADA)
    ((_, ids),) = world.jobs.queue
    world.books.broken_files = ("a.pdf",)
    for _ in range(6):
        with pytest.raises(RuntimeError):
            await world.publish.run(OF, ITEM, ids[2])
        with pytest.raises(RetryLater):
            await world.publish.stumbled(OF, ITEM, ids[2], "7F3K")
    await world.publish.run(OF, ITEM, ids[2])
    assert booked(world)[::2] == (1, 1)
    assert "reference 7F3K" in told(await world.item())[0][1]


async def test_two_workers_at_once_send_nothing_twice(world: World) -> None:
    """C3: eight runs of one publication."""
    await has_a_paid_item(world, *FILES)
    publication = await _begun(world)
    await asyncio.gather(*(world.publish.run(OF, ITEM, publication) for _ in range(8)))
    await world.run_all(files=True)
    assert booked(world) == (1, [b"first", b"second"], 1)
    assert told(await world.item()) == [("sent", ""), ("sent", "")]


@pytest.mark.parametrize("lost", ["nothing", "a file's answer", "the payment's answer"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_one_bill_its_file_and_one_payment_wherever_the_process_dies(
    redis: Redis,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    encryption_key: str,
    after: bool,
    lost: str,
) -> None:
    """C3 C14: killed before and after every single call to Redis, the books and the queue; it goes on."""

    async def prepare(world: World) -> None:
        await has_a_paid_item(world, FILES[0])
        world.books.file_faults = [LostAfterWriting(LOST)] if lost == "a file's answer" else []
        world.books.pay_faults = [LostAfterWriting(LOST)] if lost == "the payment's answer" else []

    async def ask(world: World) -> None:
        await world.publish.begin(OF, ITEM, ADA)

    async def ends_well(world: World, when: str) -> None:
        item = await world.item()
        assert item.published is not None, when
        assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, ""), when
        assert (booked(world), told(item)) == ((1, [b"first"], 1), [("sent", "")]), when

    lives = Lives(redis, encryption_key, clock, prepare, ask)
    steps = await lives.killed_everywhere(monkeypatch, after=after, ends_well=ends_well)
    assert steps > 40, "the cut must have been everywhere"
