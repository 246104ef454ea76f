"""What the thread under an item's card tells, on a real Redis: each thing once, whoever dies in between."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from bot.domain.identity import ChannelId, ItemId, MessageRef
from bot.domain.items import Field
from bot.services.history import HistoryService, Telling
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

ITEM, OTHER = ItemId("item1"), ItemId("item2")
CARD = MessageRef(ChannelId("C1"), "7.0")


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    await inbox.store.items.add([an_item(card=CARD), an_item(id=OTHER, external_id="9002")])
    return inbox


def a_process(inbox: Inbox) -> HistoryService:
    return HistoryService(inbox.storage, inbox.jobs)


async def told(inbox: Inbox) -> list[Telling]:
    async with aclosing(a_process(inbox).tellings(OF)) as tellings:
        return [telling async for telling in tellings]


async def test_an_edit_is_told_under_the_card_once_with_before_and_after(inbox: Inbox) -> None:
    """C12: in the words of the lists, not in ids; several fields are one line."""
    await inbox.items.edit(OF, ITEM, BEN, {Field.CATEGORY: "c493", Field.TOTAL: "150"})
    (telling,) = await told(inbox)
    assert (telling.card, [(event.who, event.says) for event in telling.events]) == (
        CARD,
        [(BEN, "changed category: 429 - Office Supplies → 493 - Travel; total: £144.00 → £150.00")],
    )
    assert await told(inbox) == []
    assert await inbox.storage.with_threads_behind() == []


async def test_two_processes_tell_a_thing_once(inbox: Inbox) -> None:
    await inbox.items.edit(OF, ITEM, BEN, {Field.TOTAL: "150"})
    both = await asyncio.gather(told(inbox), told(inbox))
    assert sorted(len(one) for one in both) == [0, 1]


async def test_what_slack_did_not_take_is_told_later_with_what_came_since(inbox: Inbox) -> None:
    await inbox.items.edit(OF, ITEM, BEN, {Field.TOTAL: "150"})
    (telling,) = await told(inbox)
    await a_process(inbox).not_told(OF, telling)
    await inbox.items.reject(OF, ITEM, ADA)
    await inbox.items.restore(OF, ITEM, ADA)
    (again,) = await told(inbox)
    assert [event.says for event in again.events] == [
        "changed total: £144.00 → £150.00",
        "put back this item",
    ]


async def test_an_item_without_a_card_waits_until_it_has_one(inbox: Inbox) -> None:
    """Nothing is lost, and the clock is not kept busy."""
    await inbox.items.edit(OF, OTHER, BEN, {Field.TOTAL: "150"})
    assert await told(inbox) == []
    assert await inbox.storage.with_threads_behind() == []
    await inbox.items.remember_card(OF, OTHER, MessageRef(ChannelId("C1"), "8.0"))
    (telling,) = await told(inbox)
    assert (telling.card.ts, len(telling.events)) == ("8.0", 1)


async def test_the_clock_asks_for_one_job_a_business(inbox: Inbox) -> None:
    history = a_process(inbox)
    assert await history.run_due() == 0
    await inbox.items.edit(OF, ITEM, BEN, {Field.TOTAL: "150"})
    assert [await history.run_due() for _ in range(2)] == [1, 1]
    assert inbox.jobs.named("tell_threads") == [(str(OF),)]


async def test_the_page_is_newest_first_and_of_this_item_alone(inbox: Inbox) -> None:
    for number in range(1, 6):
        inbox.clock.forward(seconds=1)
        await inbox.items.edit(OF, ITEM, BEN, {Field.TOTAL: f"{number}"})
        await inbox.items.edit(OF, OTHER, BEN, {Field.TOTAL: f"{number}00"})
    page = await a_process(inbox).page(OF, ITEM, 1, 3)
    assert (page.total, page.offset) == (5, 1)
    assert [event.says for event in page.events] == [
        "changed total: £3.00 → £4.00",
        "changed total: £2.00 → £3.00",
        "changed total: £1.00 → £2.00",
    ]
