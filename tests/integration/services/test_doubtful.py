"""What may have been booked by an earlier try is looked up before anything is sent again."""

from __future__ import annotations

import asyncio
import contextlib
import random
import secrets
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.domain.connection import Connection, Credentials
from bot.domain.identity import ItemId
from bot.domain.items import Field, Item, ItemStage, PublishAs
from bot.domain.publication import Step
from bot.errors import AlreadyDone, AnswerLost, BotError, RateLimited, Refused, Unavailable
from bot.services.items import ItemService
from bot.services.publishing import RetryLater
from bot.services.publishing.recording import Recording
from bot.services.roles import RoleService
from bot.services.undo import UndoService
from storage.crypto import Cipher
from storage.store import RedisStorage
from tests.builders import ADA, BEN, GBP_ORGANISATION, NOON, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.killing import Lives
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

WROTE = "Zoho Books wrote it, but its answer never came."
DOWN = "Zoho Books does not answer."


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople({ADA, BEN}), clock)


def items(world: World) -> ItemService:
    return ItemService(world.storage, world.clock)


async def in_doubt(world: World, *, written: bool = True, item: Item | None = None) -> None:
    """The answer is lost, and for a minute nothing can be looked up: the item failed."""
    await world.prepared(item)
    world.books.faults = [LostAfterWriting(WROTE) if written else AnswerLost(WROTE)]
    world.books.find_faults = [Unavailable(DOWN) for _ in range(5)]
    await again(world)
    failed = await world.item()
    assert (failed.stage, failed.publication) == (ItemStage.FAILED, "")
    assert len(failed.doubtful) == 1


def _a_paid_item() -> Item:
    manual = {Field.PUBLISH_AS: PublishAs.BILL_WITH_PAYMENT.value}
    return an_item(paid=True, payment_account="Current Account", manual=manual)


async def again(world: World) -> Item:
    """**Retry**, or **Publish all**."""
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    return await world.item()


@pytest.mark.parametrize(
    "edits", [{}, {Field.DOCUMENT_NUMBER: "NW-1001B"}], ids=["retry", "edit, then retry"]
)
@pytest.mark.parametrize("kind", [PublishAs.EXPENSE, PublishAs.BILL])
async def test_after_a_lost_answer_and_failed_looks_it_is_one_record(
    world: World, kind: PublishAs, edits: dict[Field, str | None]
) -> None:
    """C3: what the earlier try booked is the item's record."""
    await in_doubt(
        world, item=an_item(payment_account="Current Account", manual={Field.PUBLISH_AS: kind.value})
    )
    if edits:
        await items(world).edit(OF, ITEM, BEN, edits)
    item = await again(world)
    assert item.published is not None
    assert (item.stage, item.doubtful) == (ItemStage.PUBLISHED, ())
    assert len(world.books.records) == 1
    assert "item.found" in [entry.what for entry in await world.storage.of(OF).log.latest(20)]
    said = ("number is NW-1001, the item says NW-1001B",) if edits else ()
    assert item.published.differences == said


async def test_what_is_surely_not_there_is_sent(world: World) -> None:
    """C3: under a reference of its own, with what the item says now; looked up once."""
    await in_doubt(world, written=False)
    await items(world).edit(OF, ITEM, BEN, {Field.DOCUMENT_NUMBER: "NW-1001B"})
    before = world.books.finds
    item = await again(world)
    assert (item.stage, item.doubtful) == (ItemStage.PUBLISHED, ())
    assert [record.number for record in world.books.records] == ["NW-1001B"]
    assert world.books.finds == before + 1


async def test_when_the_look_is_refused_it_stays_failed_in_words(world: World) -> None:
    """C3 C16: nothing is sent, however often it is tried, until it can be looked up."""
    await world.prepared()
    world.books.faults = [LostAfterWriting(WROTE)]
    world.books.find_faults = [Refused("You may not read bills.", cause="rights") for _ in range(3)]
    for _ in range(3):
        item = await again(world)
        assert item.stage is ItemStage.FAILED
        assert item.hold is not None
        assert (
            item.hold.advice
            == "It may have been booked: it is looked up there before anything is sent again."
        )
    assert len(world.books.records) == 1
    assert (await again(world)).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_while_the_look_fails_it_is_tried_later_and_then_said(world: World) -> None:
    """C3 C15: waits for a limit, backs off, and says where to look."""
    await in_doubt(world)
    world.books.find_faults = [RateLimited("wait", retry_after_seconds=3), *(Unavailable(DOWN),) * 6]
    item = await again(world)
    assert item.stage is ItemStage.FAILED
    assert item.hold is not None
    assert "it is looked up there before anything is sent again" in item.hold.advice
    assert len(item.doubtful) == 1
    assert (await again(world)).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_a_refusal_leaves_nothing_in_doubt(world: World) -> None:
    """C15: it was certainly not written; trying again costs no look."""
    await world.prepared()
    world.books.faults = [Refused("no", cause="refused")]
    assert (await again(world)).doubtful == ()
    await again(world)
    assert (len(world.books.records), world.books.finds) == (1, 0)


async def _connect(world: World, organisation: str) -> None:
    connection = Connection("zoho-books", replace(GBP_ORGANISATION, id=organisation), ADA, NOON)
    credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
    await world.storage.of(OF).connection.save(connection, credentials)


async def test_in_another_organisation_a_person_says_that_it_is_not_there(world: World) -> None:
    """S37 C3: it cannot be looked up here, so it is not sent here unasked."""
    await in_doubt(world, written=False)
    await _connect(world, "60002")
    item = await again(world)
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.FAILED, "organisation")
    assert world.books.records == []
    view = await items(world).not_booked(OF, ITEM, BEN)
    assert (view.item.stage, view.item.hold, view.item.doubtful) == (ItemStage.INBOX, None, ())
    with pytest.raises(AlreadyDone, match="Nothing is in doubt"):
        await items(world).not_booked(OF, ITEM, BEN)
    assert (await again(world)).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_the_former_organisation_connected_again_finds_it(world: World) -> None:
    """S37 C3."""
    await in_doubt(world)
    await _connect(world, "60002")
    await again(world)
    await _connect(world, "60001")
    assert (await again(world)).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_what_may_stand_there_is_not_rejected(world: World) -> None:
    """C3: a record of a rejected item would be nobody's."""
    await in_doubt(world)
    with pytest.raises(AlreadyDone, match="may stand in the accounting software") as refused:
        await items(world).reject(OF, ITEM, ADA)
    assert "say if it is not there" in refused.value.advice
    await items(world).not_booked(OF, ITEM, ADA)
    await items(world).reject(OF, ITEM, ADA)
    assert (await world.item()).stage is ItemStage.REJECTED


async def test_undone_what_was_found_is_void_and_publishing_again_is_deliberate(world: World) -> None:
    """C24 C3: the void record is not found again."""
    await in_doubt(world)
    item = await again(world)
    assert item.published is not None
    roles = RoleService(world.people, world.storage, world.clock)
    undoing = UndoService(world.storage, {"zoho-books": world.books}, world.jobs, roles, world.clock)
    await undoing.run(OF, ITEM, item.published.record_id, ADA)
    assert (await again(world)).stage is ItemStage.PUBLISHED
    assert (len(world.books.records), len(world.books.void)) == (2, 1)


async def test_the_payment_of_a_bill_that_was_found_is_booked_once(world: World) -> None:
    """C3: the bill of the earlier try, paid under that try's reference."""
    await in_doubt(world, item=_a_paid_item())
    await again(world)
    assert world.books.payments == [f"{world.books.records[0].reference}-P"]
    assert len(world.books.records) == 1


@pytest.mark.parametrize("times", [1, 2], ids=["once", "at the next try too"])
async def test_what_was_paid_already_is_not_paid_again(world: World, times: int) -> None:
    """C3: only our own record of it broke, after the payment was booked."""
    await world.prepared(_a_paid_item())
    for _ in range(times):
        await _breaks_after_the_payment(world)
    item = await again(world)
    assert item.published is not None
    assert (item.stage, item.published.unpaid) == (ItemStage.PUBLISHED, "")
    assert item.published.differences == ()
    assert (len(world.books.records), len(world.books.payments)) == (1, 1)
    kept = await world.storage.of(OF).publications.get(item.publication)
    assert kept is not None
    assert kept.paid is not None, "Undo takes the payment back with the bill"


async def _breaks_after_the_payment(world: World) -> None:
    await world.publish.begin(OF, ITEM, ADA)
    ((_, (_, _, publication)),) = world.jobs.queue
    world.jobs.queue.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Recording, "record", _breaks)
        for _ in range(6):
            with pytest.raises(ZeroDivisionError):
                await world.publish.run(OF, ITEM, publication)
            with contextlib.suppress(RetryLater):
                await world.publish.stumbled(OF, ITEM, publication, "7F3K")
    failed = await world.item()
    assert (failed.stage, failed.doubtful) == (ItemStage.FAILED, (publication,))


@pytest.mark.parametrize("wrote", [True, False], ids=["payment there", "no payment there"])
@pytest.mark.parametrize("sent", [True, False], ids=["payment sent", "no payment sent"])
async def test_a_payment_that_a_person_took_back_is_not_sent(world: World, sent: bool, wrote: bool) -> None:
    """C3: the bill was found; what the item says now decides, unless the payment stands already."""
    await in_doubt(world, item=_a_paid_item())
    await _had_sent_the_payment(world, sent=sent, wrote=wrote)
    await items(world).edit(OF, ITEM, BEN, {Field.PUBLISH_AS: PublishAs.BILL.value})
    before = list(world.books.payments)
    item = await again(world)
    assert item.published is not None
    stands = sent and wrote
    kind = PublishAs.BILL_WITH_PAYMENT if stands else PublishAs.BILL
    told = ("kind is bill with payment, the item says bill",) if stands else ()
    assert (item.published.kind, item.published.differences, item.published.unpaid) == (kind, told, "")
    assert (len(world.books.records), world.books.payments) == (1, before)
    view = await items(world).view(OF, ITEM)
    assert view.coding.publish_as is kind


@pytest.mark.parametrize("sent", [True, False], ids=["payment sent", "no payment sent"])
async def test_a_payment_that_was_edited_goes_as_the_item_says_now(world: World, sent: bool) -> None:
    """C3: under the reference of the bill that was found."""
    await in_doubt(world, item=_a_paid_item())
    earlier = await _had_sent_the_payment(world, sent=sent, wrote=False)
    await items(world).edit(OF, ITEM, BEN, {Field.TOTAL: "99.00"})
    item = await again(world)
    kept = await world.storage.of(OF).publications.get(item.publication)
    assert kept is not None
    assert kept.paid is not None
    assert (world.books.payments, kept.paid.amount) == ([f"{earlier}-P"], "99.00")


async def test_a_bill_that_was_found_is_paid_where_the_item_asks_for_it_now(world: World) -> None:
    """C3: it was sent as a bill alone."""
    bill = {Field.PUBLISH_AS: PublishAs.BILL.value}
    await in_doubt(world, item=an_item(paid=True, payment_account="Current Account", manual=bill))
    await items(world).edit(OF, ITEM, BEN, {Field.PUBLISH_AS: PublishAs.BILL_WITH_PAYMENT.value})
    item = await again(world)
    assert item.published is not None
    assert (item.published.kind, item.published.differences) == (PublishAs.BILL_WITH_PAYMENT, ())
    assert (len(world.books.records), len(world.books.payments)) == (1, 1)


async def _had_sent_the_payment(world: World, *, sent: bool, wrote: bool) -> str:
    """The earlier try as it would be had it come to the payment; its reference."""
    (reference,) = (await world.item()).doubtful
    publications = world.storage.of(OF).publications
    earlier = await publications.get(reference)
    assert earlier is not None
    if sent:
        await publications.save(replace(earlier, step=Step.PAYING))
        await publications.close(reference)
    if sent and wrote:
        world.books.payments.append(f"{reference}-P")
    return reference


async def _breaks(*_: object, **__: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize("written", [True, False], ids=["written", "not written"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_one_record_wherever_the_look_is_cut(
    redis: Redis,
    monkeypatch: pytest.MonkeyPatch,
    encryption_key: str,
    clock: Clock,
    after: bool,
    written: bool,
) -> None:
    """C3: killed before and after every single call of the try that follows."""

    async def prepare(one: World) -> None:
        await in_doubt(one, written=written)

    async def ask(one: World) -> None:
        if (await one.item()).stage in (ItemStage.INBOX, ItemStage.FAILED):
            await one.publish.begin(OF, ITEM, ADA)

    async def ends_well(one: World, when: str) -> None:
        if (await one.item()).stage is ItemStage.FAILED:  # killed before it was asked for
            await again(one)
        item = await one.item()
        assert (item.stage, item.doubtful) == (ItemStage.PUBLISHED, ()), when
        assert len(one.books.records) == 1, when

    lives = Lives(redis, encryption_key, clock, prepare, ask)
    steps = await lives.killed_everywhere(monkeypatch, after=after, ends_well=ends_well)
    assert steps > 15, "the cut must have been everywhere"


class Trouble:
    """A few minutes of everything: lost answers, looks that fail, people who press again and edit, two
    workers at each job."""

    def __init__(self, world: World, seed: int) -> None:
        self.world, self.chance = world, random.Random(seed)  # noqa: S311 - no secret

    async def person(self) -> None:
        """Whatever is pressed; a refusal is an answer too."""
        number = f"NW-{self.chance.randint(1, 9)}"
        act = self.chance.choice(
            (
                lambda: self.world.publish.begin(OF, ITEM, ADA),
                lambda: self.world.publish.begin(OF, ITEM, BEN),
                lambda: items(self.world).edit(OF, ITEM, BEN, {Field.DOCUMENT_NUMBER: number}),
                lambda: items(self.world).reject(OF, ITEM, BEN),
                lambda: items(self.world).restore(OF, ITEM, BEN),
            )
        )
        try:
            await act()
        except BotError:
            return

    async def workers(self) -> None:
        """All that is queued, each job given to two."""
        queued, self.world.jobs.queue = self.world.jobs.queue, []
        jobs = [ids for name, ids in queued if name == "publish"]
        await asyncio.gather(*(self._work(ids) for ids in jobs for _ in range(2)))

    async def _work(self, ids: tuple[str, ...]) -> None:
        try:
            await self.world.publish.run(OF, ItemId(ids[1]), ids[2])
        except RetryLater as later:
            await self.world.publish.retry(OF, ItemId(ids[1]), ids[2], later.seconds)


SENDS = st.sampled_from(
    [LostAfterWriting(WROTE), LostAfterWriting(WROTE), AnswerLost(WROTE), Unavailable(DOWN), Refused("no")]
)
LOOKS = st.sampled_from([Unavailable(DOWN), Unavailable(DOWN), Refused("You may not.", cause="rights")])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sends=st.lists(SENDS, max_size=4),
    looks=st.lists(LOOKS, max_size=14),
    kind=st.sampled_from([PublishAs.BILL, PublishAs.EXPENSE]),
    seed=st.integers(0, 2**32),
)
async def test_never_two_records_whatever_is_pressed(
    redis: Redis,
    encryption_key: str,
    sends: list[Exception],
    looks: list[Exception],
    kind: PublishAs,
    seed: int,
) -> None:
    """C3: lost answers × failed looks × retry × edit × reject × two workers, in any order."""
    clock = Clock()
    storage = RedisStorage(redis, Cipher([encryption_key]), clock, namespace=f"test-{secrets.token_hex(6)}")
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople({ADA, BEN}), clock)
    await world.prepared(an_item(payment_account="Current Account", manual={Field.PUBLISH_AS: kind.value}))
    world.books.faults, world.books.find_faults = list(sends), list(looks)
    trouble = Trouble(world, seed)
    for _ in range(30):
        await asyncio.gather(trouble.person(), trouble.workers())
        clock.forward(seconds=61)
        await world.publish.resume_stuck()
        assert len(world.books.records) <= 1
    world.books.faults, world.books.find_faults = [], []
    await _until_published(world)
    assert len(world.books.records) == 1


async def _until_published(world: World) -> None:
    for _ in range(4):
        await world.run_all()
        item = await world.item()
        if item.stage is ItemStage.PUBLISHED:
            return
        if item.stage is ItemStage.REJECTED:
            await items(world).restore(OF, ITEM, ADA)
        if item.stage in (ItemStage.INBOX, ItemStage.FAILED, ItemStage.REJECTED):
            await world.publish.begin(OF, ITEM, ADA)
    assert (await world.item()).stage is ItemStage.PUBLISHED


async def test_what_nobody_knows_any_more_is_not_taken_for_not_booked(world: World) -> None:
    """C3: nothing is sent until a person says that it is not there."""
    await world.prepared(an_item(doubtful=("DXT-LONGAGO",)))
    item = await again(world)
    assert item.hold is not None
    assert (item.stage, item.hold.cause, item.doubtful) == (ItemStage.FAILED, "broken", ("DXT-LONGAGO",))
    assert world.books.records == []
