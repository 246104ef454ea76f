"""An inbox of many items: every one of them is counted and reached, in parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain import transitions
from bot.domain.identity import ItemId
from bot.domain.items import Field, Hold, ItemStage, ItemStatus
from storage.store import RedisStorage
from tests.builders import ADA, NOON, an_item, published
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

MANY = 1500
OLDEST = ItemId("oldest")


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    """The oldest has no category, the others are ready."""
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    day = dt.timedelta(days=1)
    old = an_item(id=OLDEST, external_id="old", category="", received_at=NOON - day, document_number="OLD-1")
    more = [
        an_item(
            id=ItemId(f"i{n}"),
            external_id=f"e{n}",
            document_number=f"N-{n}",
            total=f"{100 + n}.00",
            received_at=NOON + dt.timedelta(seconds=n),
        )
        for n in range(MANY - 1)
    ]
    await inbox.store.items.add([old, *more])
    return inbox


async def test_the_oldest_of_1500_items_is_counted_and_reached(inbox: Inbox) -> None:
    """C1"""
    page = await inbox.items.page(OF, ItemStatus.NEEDS_ATTENTION, limit=8)
    assert (page.total, [view.item.id for view in page.views]) == (1, [OLDEST])
    ready = await inbox.items.page(OF, ItemStatus.READY, offset=1496, limit=8)
    assert (ready.total, [view.item.id for view in ready.views]) == (1499, ["i2", "i1", "i0"])
    everything = await inbox.items.page(OF, None, offset=1496, limit=8)
    assert everything.total == MANY
    assert [view.item.id for view in everything.views] == ["i2", "i1", "i0", OLDEST]
    assert everything.counts == {ItemStatus.READY: 1499, ItemStatus.NEEDS_ATTENTION: 1}
    assert await inbox.items.counts(OF) == everything.counts


async def test_counting_1500_items_takes_some_trips_for_hundreds_not_one_for_each(
    inbox: Inbox, round_trips: Callable[[], int]
) -> None:
    """C1"""
    round_trips()
    await inbox.items.counts(OF)
    assert round_trips() < 80


async def test_an_old_published_item_is_found_by_supplier_number_or_total(inbox: Inbox) -> None:
    """C1 C24: and so its **Undo**."""
    await inbox.store.items.change(OLDEST, lambda item: transitions.publish_done(item, published()))
    for typed in ("OLD-1", "old1", "northw pap old", "nw 1001", "NW-1001", "144.00"):
        page = await inbox.items.find(OF, typed)
        assert OLDEST in [view.item.id for view in page.views], typed
    assert (await inbox.items.find(OF, "old 9999")).total == 0
    assert (await inbox.items.find(OF, "!!")).total == 0
    newest = await inbox.items.find(OF, "northwind paper", offset=0, limit=2)
    assert (newest.total, [view.item.id for view in newest.views]) == (MANY, ["i1498", "i1497"])


async def test_an_item_is_found_by_the_supplier_that_was_chosen_for_it(inbox: Inbox) -> None:
    """C1: and, after another was chosen, by the name on the document still."""
    assert (await inbox.items.find(OF, "kestrel")).total == 0
    await inbox.items.edit(OF, OLDEST, ADA, {Field.SUPPLIER: "s2", Field.DOCUMENT_NUMBER: "X/77"})
    for typed in ("kestrel", "x77", "X/0077", "OLD-1"):
        found = await inbox.items.find(OF, typed)
        assert [view.item.id for view in found.views] == [OLDEST], typed
    await inbox.items.edit(OF, OLDEST, ADA, {Field.SUPPLIER: None, Field.DOCUMENT_NUMBER: None})
    for typed in ("kestrel", "x77"):
        assert (await inbox.items.find(OF, typed)).total == 0


async def test_the_oldest_failure_is_told_and_mended(inbox: Inbox) -> None:
    """C15: among `LOOKED_AT` newest or not."""
    hold = Hold("locked", "Locked.", at=inbox.clock(), sent="other values")
    stage = ItemStage.FAILED
    await inbox.store.items.change(OLDEST, lambda item: replace(item, stage=stage, hold=hold))
    assert list(await inbox.items.mend(OF)) == [OLDEST]
    item = await inbox.store.items.get(OLDEST)
    assert item is not None
    assert (item.stage, item.hold) == (ItemStage.INBOX, None)
