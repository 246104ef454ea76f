"""What looks at the books found, as it is kept: in order, filed like items, the newest only."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.domain.identity import ItemId
from bot.domain.items import Item, PublishAs
from bot.domain.standing import RecordStanding, State
from bot.domain.watch import BooksRecord, as_item
from storage import watch
from storage.store import RedisStore
from tests.builders import NOON, an_item

HOUR = dt.timedelta(hours=1)


def a_record(number: int, document: str = "NW-1001") -> Item:
    standing = RecordStanding(State.OPEN, document, "2026-03-03", "144.00", currency="GBP")
    record = BooksRecord(PublishAs.BILL, str(number), f"https://books.example/{number}", standing)
    return as_item("60001", record, NOON)


async def beside(store: RedisStore) -> list[ItemId]:
    """Records that share something with the usual item."""
    (others,) = await store.duplicates.candidates([an_item()])
    return sorted(other.id for other, _ in others)


async def order(store: RedisStore) -> list[str]:
    return [item.id.rpartition(":")[2] for item in (await store.watch.found(0, 9))[0]]


async def test_what_is_kept_is_found_like_items_and_gone_when_it_is_dropped(store: RedisStore) -> None:
    """C13"""
    one = a_record(1)
    await store.watch.keep([one, a_record(2, "OTHER-2")], NOON)
    assert await beside(store) == [one.id, a_record(2).id], "by number, and by day and total"
    await store.watch.keep([a_record(1, "CHANGED-1")], NOON)
    await store.watch.drop([a_record(2).id])
    assert await beside(store) == [one.id], "by day and total still"
    await store.watch.clear()
    assert await beside(store) == []
    assert await store.watch.found(0, 9) == ([], 0)


async def test_what_is_known_stays_in_its_place_unless_it_is_news(store: RedisStore) -> None:
    """C13"""
    await store.items.add([an_item()])
    await store.watch.keep([a_record(1)], NOON)
    await store.watch.note([an_item().id], NOON + HOUR)
    await store.watch.keep([a_record(2)], NOON + 2 * HOUR)
    assert await order(store) == ["2", "item1", "1"]
    await store.watch.keep([a_record(1)], NOON + 3 * HOUR)
    assert await order(store) == ["2", "item1", "1"]
    await store.watch.keep([a_record(1)], NOON + 4 * HOUR, anew=[a_record(1).id])
    assert await order(store) == ["1", "2", "item1"]
    assert await store.watch.found_since(NOON + HOUR) == [a_record(2).id, a_record(1).id]


async def test_only_the_newest_are_kept(store: RedisStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """C13: bounded, however much is entered there."""
    monkeypatch.setattr(watch, "KEPT_MOST", 2)
    for number in range(5):
        await store.watch.keep([a_record(number)], NOON + number * HOUR)
    assert await order(store) == ["4", "3"]
    assert await beside(store) == [a_record(3).id, a_record(4).id]
    assert set(await store.watch.kept([a_record(number).id for number in range(5)])) == {
        a_record(3).id, a_record(4).id,
    }  # fmt: skip
