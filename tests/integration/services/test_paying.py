"""A bill and then its payment: each once wherever the process dies; the bill stands when it is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.domain.audit import words
from bot.domain.connection import ConnectionState
from bot.domain.digest import happened
from bot.domain.identity import BOT
from bot.domain.items import RECONNECT, Field, Item, ItemStage, PublishAs
from bot.domain.publication import Step
from bot.errors import AlreadyDone, AnswerLost, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.services.items import ItemService
from bot.services.publishing import RetryLater
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.killing import Lives
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

LOST = "Zoho Books was asked, but its answer never came."


def a_paid_item() -> Item:
    return an_item(
        paid=True,
        payment_account="Current Account",
        manual={Field.PUBLISH_AS: PublishAs.BILL_WITH_PAYMENT.value},
    )


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


async def _asked(world: World) -> str:
    await world.publish.begin(OF, ITEM, ADA)
    (*_, (_, ids)) = world.jobs.queue
    return ids[2]


async def _step(world: World, publication: str) -> Step:
    found = await world.storage.of(OF).publications.get(publication)
    assert found is not None
    return found.step


async def test_a_paid_item_becomes_one_bill_and_one_payment(world: World) -> None:
    """S1: two records, one item."""
    await world.prepared(a_paid_item())
    publication = await _asked(world)
    await world.run_all()
    item = await world.item()
    assert item.published is not None
    assert (item.stage, item.published.kind, item.published.unpaid) == (
        ItemStage.PUBLISHED, PublishAs.BILL_WITH_PAYMENT, ""
    )  # fmt: skip
    assert len(world.books.records) == 1
    assert world.books.payments == [f"{publication}-P"]
    assert world.books.finds == 0


@pytest.mark.parametrize(
    ("faults", "payments"),
    [
        ([AnswerLost(LOST)], 1),
        ([LostAfterWriting(LOST)], 1),
        ([RateLimited("wait", retry_after_seconds=3)], 1),
        ([Unavailable("down"), LostAfterWriting(LOST)], 1),
    ],
)
async def test_a_payment_is_looked_up_before_it_is_sent_again(world: World, faults, payments: int) -> None:
    """C3: by a reference of its own; the bill is never sent again."""
    await world.prepared(a_paid_item())
    world.books.pay_faults = faults
    await _asked(world)
    await world.run_all()
    item = await world.item()
    assert item.published is not None
    assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, "")
    assert (len(world.books.records), len(world.books.payments)) == (1, payments)


async def test_while_it_is_not_known_whether_the_payment_is_there_none_is_sent(world: World) -> None:
    """C3: after too many looks the person is told to look."""
    await world.prepared(a_paid_item())
    world.books.pay_faults = [LostAfterWriting(LOST)]
    world.books.find_payment_faults = [Unavailable("Zoho Books does not answer.") for _ in range(9)]
    await _asked(world)
    await world.run_all()
    item = await world.item()
    assert item.published is not None
    assert "it is looked up there" in item.published.unpaid
    assert (item.stage, len(world.books.payments), len(world.books.records)) == (ItemStage.PUBLISHED, 1, 1)


async def test_a_refused_payment_leaves_the_bill_and_says_so(world: World) -> None:
    """C16: only the payment is tried again, by an Approver's click, and it is looked up first."""
    await world.prepared(a_paid_item())
    world.books.pay_faults = [Refused("The account is closed.", cause="gone", advice="Open it.")]
    publication = await _asked(world)
    await world.run_all()
    item = await world.item()
    assert item.published is not None
    assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, "The account is closed. Open it.")
    assert await world.storage.of(OF).publications.open() == []
    view = await world.publish.pay_again(OF, ITEM, BEN)
    assert (view.item.stage, await _step(world, publication)) == (ItemStage.PUBLISHING, Step.PAYING)
    await world.run_all()
    item = await world.item()
    assert item.published is not None
    assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, "")
    assert (len(world.books.records), len(world.books.payments)) == (1, 1)
    with pytest.raises(AlreadyDone, match="no payment to book"):
        await world.publish.pay_again(OF, ITEM, BEN)


async def test_paid_again_the_bill_is_not_published_again_in_the_log(world: World) -> None:
    """C24: what happened to the payment is said, refused or booked; the digest counts one bill."""
    await world.prepared(a_paid_item())
    world.books.pay_faults = [Refused("The account is closed.", cause="gone") for _ in range(2)]
    await world.publish.begin(OF, ITEM, ADA, automatic="rule for Northwind")
    await world.run_all()
    for _ in range(2):
        await world.publish.pay_again(OF, ITEM, BEN)
        await world.run_all()
    log = await world.storage.of(OF).log.latest(20)
    said = [(entry.what.removeprefix("item."), entry.who) for entry in reversed(log)]
    assert said == [
        ("publish_asked", ADA),
        ("published", ADA),
        ("auto_published", BOT),
        ("payment_asked", BEN),
        ("payment_failed", BEN),
        ("payment_asked", BEN),
        ("paid", BEN),
    ]
    assert (happened(log).published, happened(log).items) == (1, (ITEM,))
    assert [
        words(entry, "this item") for entry in log if entry.what in ("item.paid", "item.payment_failed")
    ] == [
        "booked the payment of this item",
        "could not book the payment of this item: The account is closed.",
    ]


async def test_the_sign_in_that_breaks_between_bill_and_payment_holds_the_payment(world: World) -> None:
    """S29: it goes on after reconnecting; meanwhile it cannot be given back."""
    await world.prepared(a_paid_item())
    world.books.pay_faults = [ReconnectNeeded("gone")]
    await _asked(world)
    await world.run_all()
    item = await world.item()
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.WAITING, RECONNECT)
    with pytest.raises(AlreadyDone):
        await ItemService(world.storage, world.clock).reject(OF, ITEM, ADA)
    store = world.storage.of(OF)
    await store.connection.mark(lambda broken: replace(broken, state=ConnectionState.CONNECTED))
    await world.publish.release_held(OF)
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert (len(world.books.records), len(world.books.payments)) == (1, 1)


@pytest.mark.parametrize("then", ["disconnected", "other organisation"])
async def test_without_its_organisation_the_bill_is_recorded_and_the_payment_is_not_sent(
    world: World, then: str
) -> None:
    """S37: another organisation cannot take it."""
    await world.prepared(a_paid_item())
    world.books.pay_faults = [RateLimited("wait", retry_after_seconds=3)]
    publication = await _asked(world)
    with pytest.raises(RetryLater):
        await world.publish.run(OF, ITEM, publication)
    store = world.storage.of(OF)
    if then == "disconnected":
        await store.connection.forget()
    else:
        other = lambda one: replace(one, organisation=replace(one.organisation, id="60002"))  # noqa: E731
        await store.connection.mark(other)
    await world.publish.run(OF, ITEM, publication)
    item = await world.item()
    assert item.published is not None
    assert "not connected any more" in item.published.unpaid
    assert (item.stage, len(world.books.records), world.books.payments) == (ItemStage.PUBLISHED, 1, [])


@pytest.mark.parametrize("lost", [False, True], ids=["answered", "answer lost"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_one_bill_and_one_payment_wherever_the_process_dies(
    redis: Redis,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    encryption_key: str,
    after: bool,
    lost: bool,
) -> None:
    """C3: killed before and after every single call to Redis, the books and the queue; then it goes on."""

    async def prepare(world: World) -> None:
        await world.prepared(a_paid_item())
        world.books.pay_faults = [LostAfterWriting(LOST)] if lost else []

    async def ask(world: World) -> None:
        await world.publish.begin(OF, ITEM, ADA)

    async def ends_well(world: World, when: str) -> None:
        item = await world.item()
        assert item.published is not None, when
        assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, ""), when
        assert (len(world.books.records), len(world.books.payments)) == (1, 1), when

    lives = Lives(redis, encryption_key, clock, prepare, ask)
    steps = await lives.killed_everywhere(monkeypatch, after=after, ends_well=ends_well)
    assert steps > 25, "the cut must have been everywhere"
