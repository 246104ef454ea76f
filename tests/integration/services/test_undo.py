"""Undo: void there, then cleared here; whatever happens in between, it can be asked for again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.audit import words
from bot.domain.identity import ItemId
from bot.domain.items import NUMBER_USED, Field, Hold, ItemStage, PublishAs
from bot.errors import AlreadyDone, AnswerLost, NotAllowed, NotConnected, Refused, Unavailable
from bot.services.roles import RoleService
from bot.services.undo import UndoService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.killing import Died
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


def undoing(world: World) -> UndoService:
    """A new process each time."""
    roles = RoleService(world.people, world.storage, world.clock)
    return UndoService(world.storage, {"zoho-books": world.books}, world.jobs, roles, world.clock)


async def published(world: World, kind: PublishAs = PublishAs.BILL) -> str:
    """The record's id."""
    manual = {Field.PUBLISH_AS: kind.value}
    await world.prepared(an_item(paid=True, payment_account="Current Account", manual=manual))
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    found = (await world.item()).published
    assert found is not None
    world.jobs.queue.clear()
    return found.record_id


async def logged(world: World) -> list[str]:
    """What the log says of undoing, newest first."""
    found = [entry.what for entry in await world.storage.of(OF).log.latest(20)]
    return [what for what in found if "undo" in what or what.endswith("there")]


async def test_a_cut_between_void_and_clear_is_in_the_log(world: World) -> None:
    """C24: what stands void there is told, though the process died before the item was cleared."""
    record = await published(world)
    service = undoing(world)
    items = type(world.storage.of(OF).items)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(items, "change", _dies)
        with pytest.raises(Died):
            await service.run(OF, ITEM, record, ADA)
    assert "item.void_there" in await logged(world)
    assert (await world.item()).stage is ItemStage.PUBLISHED


async def _dies(*_: object) -> None:
    raise Died


async def test_undone_it_is_in_the_inbox_and_may_become_a_new_record(world: World) -> None:
    """C24: void there, cleared here, both logged; publishing again is a record of its own."""
    record = await published(world)
    before = (await world.item()).publication
    undone = await undoing(world).run(OF, ITEM, record, ADA)
    assert undone is not None
    view = undone.view
    assert (view.item.stage, view.item.published, view.item.publication) == (ItemStage.INBOX, None, "")
    assert world.books.undone == [(record, "")]
    assert await logged(world) == ["item.undone", "item.void_there"]
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    assert len(world.books.records) == 2
    assert (await world.item()).publication != before


async def test_the_payment_of_a_bill_goes_with_it(world: World) -> None:
    """C24: a paid bill cannot be void."""
    record = await published(world, PublishAs.BILL_WITH_PAYMENT)
    await undoing(world).run(OF, ITEM, record, ADA)
    assert world.books.undone == [(record, "8001")]


async def _unpaid(world: World, fault: Exception) -> str:
    """A bill whose payment was not answered and could not be looked up; the record's id."""
    world.books.pay_faults = [fault]
    world.books.find_payment_faults = [Unavailable("Down.") for _ in range(5)]
    record = await published(world, PublishAs.BILL_WITH_PAYMENT)
    found = (await world.item()).published
    assert found is not None
    assert found.unpaid
    world.books.find_payment_faults = []
    return record


@pytest.mark.parametrize(
    ("fault", "payment"), [(LostAfterWriting("Lost."), "8001"), (AnswerLost("Lost."), "")]
)
async def test_a_payment_whose_answer_was_lost_is_looked_up_and_goes_with_its_bill(
    world: World, fault: Exception, payment: str
) -> None:
    """C24 C3: else publishing again would pay twice."""
    record = await _unpaid(world, fault)
    await undoing(world).run(OF, ITEM, record, ADA)
    assert world.books.undone == [(record, payment)]


async def test_while_the_payment_cannot_be_looked_up_nothing_is_taken_back(world: World) -> None:
    """C24 C3: the bill is not made void under a payment that may be there."""
    record = await _unpaid(world, LostAfterWriting("Lost."))
    world.books.find_payment_faults = [Unavailable("Down.")]
    with pytest.raises(Unavailable):
        await undoing(world).run(OF, ITEM, record, ADA)
    assert (world.books.undone, await logged(world)) == ([], ["item.undo_failed"])
    await undoing(world).run(OF, ITEM, record, ADA)
    assert world.books.undone == [(record, "8001")]


@pytest.mark.parametrize("fault", [Unavailable("Down."), Refused("The period is locked.", cause="locked")])
async def test_what_cannot_be_undone_stays_published(world: World, fault: Exception) -> None:
    """C24: nothing is cleared here that stands there."""
    record = await published(world, PublishAs.BILL_WITH_PAYMENT)
    world.books.undo_faults = [fault]
    with pytest.raises(type(fault)):
        await undoing(world).run(OF, ITEM, record, ADA)
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert await logged(world) == ["item.undo_failed"]
    (entry, *_) = await world.storage.of(OF).log.latest(1)
    assert words(entry, "this item") == f"could not take bill with payment NW-1001 back: {fault}"
    await undoing(world).run(OF, ITEM, record, ADA)
    assert (await world.item()).stage is ItemStage.INBOX


@pytest.mark.parametrize("kind", [PublishAs.EXPENSE, PublishAs.BILL])
async def test_what_cannot_be_void_is_logged_as_deleted(world: World, kind: PublishAs) -> None:
    """C24: in the words of what happened there."""
    await undoing(world).run(OF, ITEM, await published(world, kind), ADA)
    gone = "item.deleted_there" if kind is PublishAs.EXPENSE else "item.void_there"
    assert await logged(world) == ["item.undone", gone]


@pytest.mark.parametrize("at", [1, 2])
async def test_a_process_that_dies_on_the_way_leaves_it_to_the_next(world: World, at: int) -> None:
    """C24: before or after Zoho did it."""
    record, steps = await published(world), 0

    async def step() -> None:
        nonlocal steps
        steps += 1
        if steps == at:
            raise Died

    world.books.step = step
    with pytest.raises(Died):
        await undoing(world).run(OF, ITEM, record, ADA)
    assert (await world.item()).stage is ItemStage.PUBLISHED
    await undoing(world).run(OF, ITEM, record, ADA)
    assert (await world.item()).stage is ItemStage.INBOX


async def test_a_job_of_an_earlier_publication_undoes_nothing(world: World) -> None:
    """C24: asked twice, it is one; a late second run finds another record or none."""
    record = await published(world)
    await undoing(world).ask(OF, ITEM, ADA)
    await undoing(world).ask(OF, ITEM, BEN)
    assert len(world.jobs.queue) == 1
    assert await undoing(world).run(OF, ITEM, "another", ADA) is None
    await undoing(world).run(OF, ITEM, record, ADA)
    with pytest.raises(AlreadyDone):
        await undoing(world).run(OF, ITEM, record, ADA)
    assert len(world.books.undone) == 1


async def test_who_may_not_publish_may_not_undo(world: World) -> None:
    """S5: asked again in the job."""
    record = await published(world)
    with pytest.raises(NotAllowed):
        await undoing(world).run(OF, ITEM, record, BEN)
    assert world.books.undone == []


async def test_without_the_connection_nothing_is_undone(world: World) -> None:
    """S16."""
    record = await published(world)
    await world.storage.of(OF).connection.forget()
    with pytest.raises(NotConnected):
        await undoing(world).run(OF, ITEM, record, ADA)


async def test_what_is_not_published_has_nothing_to_undo(world: World) -> None:
    await world.prepared()
    with pytest.raises(AlreadyDone, match="not published any more"):
        await undoing(world).ask(OF, ItemId(ITEM), ADA)


async def test_who_was_told_that_the_number_is_used_is_free_again(world: World) -> None:
    """C15 C16: the message goes away when its cause does; another one's number is still used."""
    record = await published(world, PublishAs.BILL)
    link = "https://books.example/7001"
    store = world.storage.of(OF)
    hold = Hold(NUMBER_USED, "The number NW-1001 is used.", link=link)
    other = replace(hold, link="https://books.example/7002")
    second, third = ItemId("item2"), ItemId("item3")
    waiting: dict[str, Any] = {"document_number": "NW-1", "total": "1.00"}
    await store.items.add(
        [
            an_item(id=second, external_id="2", stage=ItemStage.FAILED, hold=hold, **waiting),
            an_item(id=third, external_id="3", stage=ItemStage.FAILED, hold=other, **waiting),
        ]
    )
    undone = await undoing(world).run(OF, ITEM, record, ADA)
    assert undone is not None
    assert second in undone.others
    found = {item.id: (item.stage, item.hold) for item in await store.items.many([second, third])}
    assert found == {second: (ItemStage.INBOX, None), third: (ItemStage.FAILED, other)}


async def test_what_may_be_its_duplicate_is_shown_anew(world: World) -> None:
    """C6: published it was asked about; in the inbox it is not any more."""
    record = await published(world, PublishAs.BILL)
    again = an_item(id=ItemId("item2"), external_id="2", paid=True, payment_account="Current Account")
    await world.storage.of(OF).items.add([again])
    undone = await undoing(world).run(OF, ITEM, record, ADA)
    assert undone is not None
    assert undone.others == (ItemId("item2"),)
