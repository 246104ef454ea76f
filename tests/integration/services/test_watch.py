"""Looks at the books: ours that changed there, others' that were entered, told once wherever it is cut."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain.duplicates import Answer
from bot.domain.identity import ItemId, is_in_books
from bot.domain.items import AutoHold, AutoPublish, Item, ItemStage, ItemStatus, PublishAs
from bot.domain.schedule import Daily
from bot.domain.settings import BooksChanges
from bot.domain.standing import State
from bot.errors import (
    AlreadyDone,
    AnswerLost,
    NotConnected,
    NotReady,
    RateLimited,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from bot.services.auto_publish import AutoPublishService
from bot.services.claims import ClaimService, NewClaim
from bot.services.digest import DigestService
from bot.services.duplicates import DuplicateService
from bot.services.items import ItemService
from bot.services.many import ManyService
from bot.services.roles import RoleService
from bot.services.undo import UndoService
from storage import client
from storage.crypto import Cipher
from storage.store import RedisStorage
from tests.builders import ADA, GBP_ORGANISATION, NOON
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.killing import Cut, Died
from tests.integration.services.publishing import ITEM, OF, World
from tests.integration.services.watching import looks, published, stands, told, waiting, watching
from tests.redis_fixtures import Clock


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    clock.now = NOON
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


async def state(world: World) -> State | None:
    found = (await world.item()).published
    return found.standing.state if found and found.standing else None


# --- ours


async def test_what_nobody_touched_says_nothing(world: World) -> None:
    """C18: our own record, our own sending."""
    await published(world)
    look = await looks(world)
    assert look.is_over
    assert (await told(world), await state(world)) == ([], None)


async def test_a_bill_paid_in_part_then_whole_then_void_is_told_each_once(world: World) -> None:
    """C18 C13"""
    await published(world)
    heads: list[dict[str, Any]] = [
        {"state": State.PARTLY_PAID, "balance": "44.00"},
        {"state": State.PAID, "balance": "0"},
        {"state": State.VOID, "balance": "0"},
    ]
    for head in heads:
        world.clock.forward(hours=24)
        stands(world, **head)
        await looks(world)
        world.clock.forward(hours=1)
        await looks(world)
    assert await told(world) == [("partly_paid", "£44.00 left"), ("paid", ""), ("void", "")]
    assert await state(world) is State.VOID
    page = await watching(world).page(OF, 0, 10)
    assert ([one.id for one in page.items], page.total) == ([ITEM], 1)
    assert await watching(world).cards(OF) == [ITEM]
    await watching(world).card_shown(OF, ITEM)
    assert await watching(world).cards(OF) == []


async def test_an_edit_stands_on_the_item_until_it_is_taken_back(world: World) -> None:
    """C18: drift."""
    await published(world)
    stands(world, number="NW-9")
    world.clock.forward(hours=1)
    await looks(world)
    item = await world.item()
    assert item.published is not None
    assert item.published.standing is not None
    assert item.published.standing.edits == ("number: NW-1001 → NW-9",)
    stands(world)
    world.clock.forward(hours=1)
    await looks(world)
    assert await told(world) == [
        ("changed", "number: NW-1001 → NW-9"),
        ("changed", "number: NW-9 → NW-1001"),
    ]


async def test_a_deleted_record_is_found_by_one_call_of_its_own(world: World) -> None:
    """C18: it leaves no trace in a list; one page of the newest shows that it is not there."""
    await published(world)
    stands(world, "1", made_at=world.clock.now - dt.timedelta(days=9))
    await looks(world)
    assert [call for call in world.books.watched if call == "bill 7001"] == []
    world.clock.forward(hours=24)
    del world.books.there["7001"]
    await looks(world)
    assert await told(world) == [("deleted", "")]
    assert world.books.watched.count("bill 7001") == 1
    world.clock.forward(hours=24)
    await looks(world)
    assert world.books.watched.count("bill 7001") == 1, "gone once is gone"


async def test_a_void_record_can_be_taken_back_and_published_anew(world: World) -> None:
    """C18 C24: deliberately."""
    await published(world)
    stands(world, state=State.VOID)
    world.clock.forward(hours=1)
    await looks(world)
    with pytest.raises(AlreadyDone):
        await world.publish.begin(OF, ITEM, ADA)
    roles = RoleService(world.people, world.storage, world.clock)
    undo = UndoService(world.storage, {"zoho-books": world.books}, world.jobs, roles, world.clock)
    await undo.run(OF, ITEM, "7001", ADA)
    world.clock.forward(hours=1)
    await looks(world)
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert await state(world) is None, "the new record is as we left it"
    assert await told(world) == [("void", "")]


async def test_an_undo_under_way_is_ours_and_not_somebodys(world: World) -> None:
    """C24: void there, not yet taken back here."""
    await published(world)
    roles = RoleService(world.people, world.storage, world.clock)
    undo = UndoService(world.storage, {"zoho-books": world.books}, world.jobs, roles, world.clock)
    is_void, goes_on = asyncio.Event(), asyncio.Event()

    async def step() -> None:
        if world.books.undone and not is_void.is_set():
            is_void.set()
            await goes_on.wait()

    world.books.step = step
    undoing = asyncio.create_task(undo.run(OF, ITEM, "7001", ADA))
    await is_void.wait()
    stands(world, state=State.VOID)
    world.clock.forward(hours=1)
    looking = asyncio.create_task(looks(world))
    await asyncio.sleep(0.2)
    goes_on.set()
    await asyncio.gather(undoing, looking)
    assert await told(world) == []
    assert (await world.item()).stage is ItemStage.INBOX


async def test_what_is_being_published_is_nobody_elses(world: World) -> None:
    """C3: its answer was lost; our reference in it says that it is ours. A copy that somebody made is not."""
    await world.prepared()
    await world.publish.begin(OF, ITEM, ADA)
    publication = (await world.item()).publication
    world.clock.forward(hours=1)
    stands(world, reference=f"NW-1001 / {publication}")
    await looks(world)
    assert (await watching(world).page(OF, 0, 10)).total == 0
    await world.run_all()
    stands(world, "7002", reference=publication)
    world.clock.forward(hours=1)
    await looks(world)
    found = (await watching(world).page(OF, 0, 10)).items
    assert [one.published.record_id for one in found if one.published] == ["7002"]


async def in_doubt(world: World) -> str:
    """Its answer was lost and it could not be looked up; our reference of that try."""
    await world.prepared()
    world.books.faults = [AnswerLost("The answer was lost.")]
    world.books.find_faults = [Unavailable("Zoho Books is down.") for _ in range(5)]
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    (doubt,) = (await world.item()).doubtful
    return doubt


def in_books(items: Sequence[Item]) -> list[str]:
    """Records that we did not make."""
    return [one.published.record_id for one in items if one.published and is_in_books(one.id)]


@pytest.mark.parametrize("mode", [BooksChanges.OURS, BooksChanges.EVERYTHING])
async def test_a_late_record_of_a_try_that_was_given_up_is_told(world: World, mode: BooksChanges) -> None:
    """C3 C13: a person said that it is not there, and the item was published anew: now it is there twice."""
    doubt = await in_doubt(world)
    items = ItemService(world.storage, world.clock)
    await items.not_booked(OF, ITEM, ADA)
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    store = world.storage.of(OF)
    await store.settings.change(lambda one: replace(one, books_changes=mode))
    stands(world, reference=(await world.item()).publication)
    for _ in range(2):
        world.clock.forward(hours=1)
        stands(world, "6999", reference=doubt)
        await looks(world)
        assert await told(world) == [("late_in_books", "bill NW-1001: https://books.example/6999")]
        found = in_books((await watching(world).page(OF, 0, 10)).items)
        assert found == (["6999"] if mode is BooksChanges.EVERYTHING else [])


async def test_a_late_record_holds_the_item_that_was_to_go_again(world: World) -> None:
    """C3 C13: not published yet, it is not booked a second time unasked."""
    doubt = await in_doubt(world)
    world.clock.forward(hours=1)
    stands(world, "6999", reference=doubt)
    await looks(world)
    assert await told(world) == [], "in doubt it is still ours: publishing looks it up"
    assert in_books((await watching(world).page(OF, 0, 10)).items) == []
    await ItemService(world.storage, world.clock).not_booked(OF, ITEM, ADA)
    world.clock.forward(hours=1)
    stands(world, "6999", reference=doubt)
    await looks(world)
    assert [what for what, _ in await told(world)] == ["late_in_books", "perhaps_in_books"]
    with pytest.raises(NotReady, match="perhaps entered in Zoho Books already"):
        await world.publish.begin(OF, ITEM, ADA)


async def test_what_an_earlier_try_booked_is_ours_while_it_is_taken_over(world: World) -> None:
    """C3: found by the next try under the first one's reference, cut before it is written down as booked."""
    doubt = await in_doubt(world)
    store = world.storage.of(OF)
    item = await world.item()
    first = await store.publications.get(doubt)
    assert first is not None
    taken = replace(first, id="DXT-NEXT", found=doubt)
    await store.items.change(
        item.id,
        lambda one: replace(one, publication=taken.id, stage=ItemStage.PUBLISHING, doubtful=()),
        taken,
    )
    world.clock.forward(hours=1)
    stands(world, "6999", reference=doubt)
    await looks(world)
    assert await told(world) == []
    assert in_books((await watching(world).page(OF, 0, 10)).items) == []


# --- others'


async def test_a_bill_entered_there_holds_the_item_that_is_like_it(world: World) -> None:
    """C13: from Publish without an answer, in its thread once, and it goes on when it is answered."""
    item = waiting()
    await world.prepared(item)
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    said = "Northwind Paper Ltd NW-1001, entered there 5 Oct: same supplier, number and total"
    assert await told(world, item.id) == [("perhaps_in_books", said)]
    assert await watching(world).cards(OF) == [item.id]
    with pytest.raises(NotReady, match="perhaps entered in Zoho Books already"):
        await world.publish.begin(OF, item.id, ADA)
    world.clock.forward(hours=24)
    stands(world, "9001", state=State.PAID)
    await looks(world)
    assert len(await told(world, item.id)) == 1

    items = ItemService(world.storage, world.clock)
    duplicates = DuplicateService(world.storage, items, world.clock)
    compared = await duplicates.compare(OF, item.id)
    assert compared is not None
    assert compared.other.item.published is not None
    assert compared.other.item.published.link == "https://books.example/9001"
    await duplicates.settle(OF, item.id, compared.suspect.other.id, ADA, Answer.DIFFERENT)
    await world.publish.begin(OF, item.id, ADA)


@pytest.mark.parametrize("made", [dt.timedelta(), dt.timedelta(days=60)], ids=["entered", "changed"])
async def test_a_receipt_in_an_open_claim_holds_its_claim(world: World, made: dt.timedelta) -> None:
    """C13 C25: told to both, once; free again when the record is void."""
    item = waiting()
    await world.prepared(item)
    claims = ClaimService(world.storage, world.clock)
    claim = (await claims.make(OF, ADA, NewClaim("c", "Northwind Paper Ltd", "EC-1"), [item.id])).claim
    await looks(world)
    items = ItemService(world.storage, world.clock)
    for _ in range(2):
        world.clock.forward(hours=1)
        stands(world, "9001", made_at=world.clock.now - made)
        await looks(world)
        ((what, said),) = await told(world, item.id)
        assert what == "perhaps_in_books"
        of_claim = f"Northwind Paper Ltd, 3 Mar 2026: {said}"
        assert await told(world, claim) == [("receipt_perhaps_in_books", of_claim)]
        assert sorted(await watching(world).cards(OF)) == sorted([item.id, claim])
        assert (await items.view(OF, claim)).status is ItemStatus.NEEDS_ATTENTION
        with pytest.raises(NotReady, match="perhaps entered in the accounting software"):
            await world.publish.begin(OF, claim, ADA)
        await watching(world).card_shown(OF, item.id)
        await watching(world).card_shown(OF, claim)
    world.clock.forward(hours=1)
    stands(world, "9001", state=State.VOID)
    await looks(world)
    assert sorted(await watching(world).cards(OF)) == sorted([item.id, claim])
    await world.publish.begin(OF, claim, ADA)
    await world.run_all()
    world.clock.forward(hours=1)
    stands(world, "9002", made_at=world.clock.now - dt.timedelta(days=60))
    await looks(world)
    assert in_books((await watching(world).page(OF, 0, 10)).items) == [], "a booked receipt waits no more"


async def test_what_goes_by_itself_stays_and_says_why(world: World) -> None:
    """C13 S26: entered there while its hold ran."""
    switch = AutoPublish(ADA, world.clock.now - dt.timedelta(days=1))
    hold = AutoHold(world.clock.now + dt.timedelta(minutes=10), ADA, "all items")
    item = waiting(auto=hold)
    await world.prepared(item)
    store = world.storage.of(OF)
    await store.settings.change(lambda one: replace(one, auto_publish=switch))
    await store.auto.put([item.id], hold.at)
    world.clock.forward(minutes=5)
    stands(world, "9001")
    await looks(world)
    auto = AutoPublishService(world.storage, world.jobs, world.publish, world.clock)
    await auto.run(OF, item.id)
    stays = await store.items.get(item.id)
    assert stays is not None
    assert (stays.stage, stays.auto) == (ItemStage.INBOX, None)
    assert stays.hold is not None
    assert stays.hold.says.startswith(
        "It was not published by itself: it needs attention: perhaps entered in Zoho Books already: Northwind"
    )


async def test_the_same_is_rejected(world: World) -> None:
    """C13 C6"""
    item = waiting()
    await world.prepared(item)
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    items = ItemService(world.storage, world.clock)
    duplicates = DuplicateService(world.storage, items, world.clock)
    compared = await duplicates.compare(OF, item.id)
    assert compared is not None
    view = await duplicates.settle(OF, item.id, compared.suspect.other.id, ADA, Answer.SAME)
    assert view.status is ItemStatus.REJECTED


async def test_an_item_that_comes_after_the_look_asks_too(world: World) -> None:
    """C13: what was entered yesterday is known when the document arrives today."""
    await world.prepared(waiting(id=ItemId("other"), external_id="o", document_number="KT-1", total="9.00"))
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    late = waiting()
    await world.storage.of(OF).items.add([late])
    view = await ItemService(world.storage, world.clock).view(OF, late.id)
    assert view.status is ItemStatus.NEEDS_ATTENTION
    assert view.only_asks


async def test_what_was_made_void_there_holds_nothing_any_more(world: World) -> None:
    """C13: and its card is brought up to date."""
    item = waiting()
    await world.prepared(item)
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    await watching(world).card_shown(OF, item.id)
    world.clock.forward(hours=1)
    stands(world, "9001", state=State.VOID)
    await looks(world)
    assert await watching(world).cards(OF) == [item.id]
    view = await ItemService(world.storage, world.clock).view(OF, item.id)
    assert view.status is ItemStatus.READY
    assert (await watching(world).page(OF, 0, 10)).total == 0


async def test_what_was_deleted_there_holds_nothing_any_more(world: World) -> None:
    """C13: found as ours are; whoever waits for it is free."""
    item = waiting()
    await world.prepared(item)
    old = world.clock.now - dt.timedelta(days=9)
    stands(world, "1", number="OLD-1", total="3.00", made_at=old)
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    await watching(world).card_shown(OF, item.id)
    world.clock.forward(hours=1)
    await looks(world)
    assert "bill 9001" not in world.books.watched
    del world.books.there["9001"]
    world.clock.forward(hours=1)
    await looks(world)
    assert world.books.watched.count("bill 9001") == 1
    view = await ItemService(world.storage, world.clock).view(OF, item.id)
    assert view.status is ItemStatus.READY
    assert await watching(world).cards(OF) == [item.id]


async def test_what_is_like_nothing_here_is_listed_and_counted_in_the_digest(world: World) -> None:
    """C13 C27: entered, or approved, without us."""
    await world.prepared(waiting(id=ItemId("other"), external_id="o", document_number="KT-1", total="9.00"))
    old = world.clock.now - dt.timedelta(days=40)
    world.clock.forward(hours=1)
    stands(world, "9001", number="X-1")
    stands(world, "9002", number="X-2", total="7.00", state=State.WAITING)
    stands(world, "9003", number="X-3", total="8.00", made_at=old)
    await looks(world)
    page = await watching(world).page(OF, 0, 1)
    assert (page.total, len(page.items)) == (2, 1)
    items = ItemService(world.storage, world.clock)
    many = ManyService(world.storage, world.publish, world.jobs, world.clock)
    digests = DigestService(world.storage, items, many, world.jobs, world.clock)
    composed = await digests.compose(OF, "2026-10-05")
    assert composed is not None
    assert (composed[0].entered_there, composed[0].changed_there) == (2, 0)
    await digests.sent(OF, "2026-10-05")
    world.clock.forward(hours=24)
    stands(world, "9001", number="X-1", state=State.PAID)
    stands(world, "9002", number="X-2", total="7.00")
    await looks(world)
    composed = await digests.compose(OF, "2026-10-06")
    assert composed is not None
    assert composed[0].entered_there == 1, "the one that was approved; the other was only paid"
    assert (await watching(world).page(OF, 0, 9)).total == 2


# --- what is looked for


async def test_off_reads_nothing_and_ours_only_leaves_others_alone(world: World) -> None:
    """C13"""
    item = await published(world)
    store = world.storage.of(OF)
    await store.settings.change(lambda one: replace(one, books_changes=BooksChanges.OFF))
    stands(world, state=State.PAID)
    assert await watching(world).run(OF) is None
    assert world.books.watched == []
    await store.settings.change(lambda one: replace(one, books_changes=BooksChanges.OURS))
    await store.items.add([waiting(document_number="X-1", total="7.00")])
    stands(world, "9001", number="X-1", total="7.00")
    await looks(world)
    assert await told(world, item.id) == [("paid", "")]
    assert [one.id for one in (await watching(world).page(OF, 0, 9)).items] == [ITEM]


async def test_switched_to_ours_only_what_was_found_holds_nothing(world: World) -> None:
    item = waiting()
    await world.prepared(item)
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    store = world.storage.of(OF)
    await store.settings.change(lambda one: replace(one, books_changes=BooksChanges.OURS))
    view = await ItemService(world.storage, world.clock).view(OF, item.id)
    assert view.status is ItemStatus.READY


async def test_another_organisations_records_hold_nothing_and_are_forgotten(world: World) -> None:
    item = waiting()
    await world.prepared(item)
    world.clock.forward(hours=1)
    stands(world, "9001")
    await looks(world)
    connection = world.storage.of(OF).connection
    other = replace(GBP_ORGANISATION, id="60002")
    await connection.mark(lambda one: replace(one, organisation=other, connected_at=world.clock.now))
    view = await ItemService(world.storage, world.clock).view(OF, item.id)
    assert view.status is ItemStatus.READY
    world.books.there.clear()
    await looks(world)
    assert (await watching(world).page(OF, 0, 9)).total == 0


async def test_a_list_that_may_not_be_read_is_left_out_and_said(world: World) -> None:
    """C17: the others are read."""
    await published(world)
    stands(world, state=State.PAID)
    world.books.tells_changes = (PublishAs.INVOICE, PublishAs.BILL)
    world.books.watch_faults = [Refused("Our sign-in has no right to do this.", cause="rights")]
    look = await looks(world)
    assert look.left_out == ("invoices: Our sign-in has no right to do this.",)
    assert await told(world) == [("paid", "")]


@pytest.mark.parametrize(
    ("fault", "minutes"),
    [(Unavailable("No answer."), 30), (RateLimited("Too many calls.", retry_after_seconds=7200), 120)],
)
async def test_a_look_that_must_wait_goes_on_where_it_stood(
    world: World, fault: Exception, minutes: int
) -> None:
    """S47: nothing is read twice."""
    await published(world)
    world.books.page_size = 1
    stands(world, "9001", number="X-1")
    stands(world, state=State.PAID)
    world.clock.forward(hours=1)

    async def step() -> None:
        if len(world.books.watched) == 1 and not world.books.watch_faults:
            world.books.watch_faults = [fault]

    world.books.step = step
    look = await looks(world)
    assert (look.is_over, look.unfinished, look.page) == (False, str(fault), 2)
    due = await world.storage.of(OF).daily(Daily.WATCH).due_at()
    assert due == world.clock.now + dt.timedelta(minutes=minutes)

    async def nothing() -> None: ...

    world.books.step = nothing
    assert (await looks(world)).is_over
    asked = [call for call in world.books.watched if call.startswith("changed bill")]
    assert asked == ["changed bill 1", "changed bill 2", "changed bill 2"], "the refused one once more"
    assert await told(world) == [("paid", "")]


async def test_a_dead_sign_in_is_said_once_and_nothing_is_looked_at_then(world: World) -> None:
    await published(world)
    world.books.watch_faults = [ReconnectNeeded("Zoho Books no longer accepts our sign-in.")]
    await looks(world)
    assert len(world.jobs.named("connection_broken")) == 1
    assert await watching(world).run(OF) is None
    with pytest.raises(ReconnectNeeded, match="no longer accepts"):
        await watching(world).ask_for(OF, ADA, "V1")


# --- wherever it is cut


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_wherever_it_dies_the_next_run_ends_it_and_nothing_is_told_twice(
    world: World, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """C13 C18 C3: each event once in the thread, once in the list, a page read once more at most."""
    cut = Cut()
    monkeypatch.setattr(Redis, "execute_command", cut.around(Redis.execute_command))
    monkeypatch.setattr(Pipeline, "execute", cut.around(Pipeline.execute))
    item = await published(world)
    await world.storage.of(OF).items.add([waiting(document_number="X-1", total="7.00")])
    world.books.page_size = 1
    at, died = 0, True
    while died:
        at += 1
        world.clock.forward(hours=2)
        is_paid = bool(at % 2)
        stands(world, state=State.PAID if is_paid else State.OPEN)
        stands(world, f"8{at:03}", number="X-1", total="7.00")
        world.books.watched.clear()
        world.books.step = cut.step
        cut.arm(at, after=after)
        try:
            await watching(world).run(OF)
        except Died:
            cut.disarm()
            keys = world.storage.of(OF).watch.keys  # the leases of its locks are over
            await world.storage.redis.delete(keys("lock", "watch"), keys("lock", f"undo-{ITEM}"))
            stood = await world.storage.of(OF).watch.look()
            world.clock.forward(minutes=5)
            await watching(world).run(OF)
            pages = [call for call in world.books.watched if call.startswith("changed bill")]
            assert len(pages) - len(set(pages)) <= 1 or (stood and stood.is_over), at
        died = cut.steps >= at
        cut.disarm()
        assert len(await told(world, item.id)) == at
        assert await state(world) is (State.PAID if is_paid else State.OPEN), at
        flagged = await told(world, ItemId("waits"))
        assert 0 < len(flagged) == len(set(flagged)), at
        found = (await watching(world).page(OF, 0, 9)).items
        assert {one.published.record_id for one in found if one.published} == {"7001", f"8{at:03}"}, at
        world.clock.forward(hours=2)
        stands(world, f"8{at:03}", number="X-1", total="7.00", state=State.VOID)
        await watching(world).run(OF)
        world.books.there = {"7001": world.books.there["7001"]}
    assert at > 30, "the cut must have been everywhere"


async def test_two_workers_at_once_tell_once_and_read_once(
    world: World, redis_url: str, namespace: str, encryption_key: str
) -> None:
    """C13: a job that was delivered twice."""
    await published(world)
    await world.storage.of(OF).items.add([waiting(document_number="X-1", total="7.00")])
    world.clock.forward(hours=1)
    stands(world, state=State.PAID)
    stands(world, "9001", number="X-1", total="7.00")
    other = client.connect(redis_url)
    try:
        storage = RedisStorage(other, Cipher([encryption_key]), world.clock, namespace=namespace)
        second = World(storage, world.books, world.jobs, world.people, world.clock)
        await asyncio.gather(watching(world).run(OF), watching(second).run(OF))
    finally:
        await other.aclose()
    assert await told(world) == [("paid", "")]
    assert len(await told(world, ItemId("waits"))) == 1
    assert world.books.watched == ["changed bill 1", "newest expense", "newest bill"]


# --- by the clock


async def test_two_clocks_look_once_a_day_before_the_digest(world: World) -> None:
    """C13 C27"""
    await world.prepared()
    clocks = [watching(world) for _ in range(3)]
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("watch") == []
    world.clock.forward(hours=20)
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("watch") == [(str(OF),)]
    due = await world.storage.of(OF).daily(Daily.WATCH).due_at()
    assert due is not None
    assert due.hour == 7
    assert due - world.clock.now > dt.timedelta(hours=22)


async def test_what_is_off_or_disconnected_is_not_due(world: World) -> None:
    await world.prepared()
    await watching(world).run_due()
    world.clock.forward(hours=20)
    store = world.storage.of(OF)
    await store.settings.change(lambda one: replace(one, books_changes=BooksChanges.OFF))
    await watching(world).run_due()
    assert world.jobs.named("watch") == []
    assert await store.daily(Daily.WATCH).due_at() is None
    await store.connection.forget()
    assert await watching(world).run(OF) is None
    with pytest.raises(NotConnected):
        await watching(world).ask_for(OF, ADA, "V1")


async def test_a_refresh_by_hand_asks_for_a_look_but_not_right_after_connecting(world: World) -> None:
    """C13"""
    await world.prepared()
    await watching(world).ask(OF)
    assert world.jobs.named("watch") == []
    world.clock.forward(hours=1)
    await watching(world).ask(OF)
    assert world.jobs.named("watch") == [(str(OF),)]
