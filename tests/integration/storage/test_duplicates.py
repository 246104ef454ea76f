"""The index of what a duplicate would share, kept with the items; answers and remembered names."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.domain import transitions
from bot.domain.duplicates import MOST_OF_ONE_TERM, Answer, Verdict
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, Item, ItemStage
from bot.domain.lists import ListKind
from bot.domain.matching import Alias
from storage import client
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA, NOON, an_entry, an_item
from tests.redis_fixtures import BUSINESS

FIRST = an_item(id=ItemId("a"), external_id="a")
SECOND = an_item(id=ItemId("b"), external_id="b")


async def alike(store: RedisStore, item: Item) -> list[str]:
    (found,) = await store.duplicates.candidates([item])
    return sorted(other.id for other, _ in found)


def numbered(count: int, **changes: Any) -> list[Item]:
    return [an_item(id=ItemId(f"i{n:05}"), external_id=f"{n}", **changes) for n in range(count)]


async def test_an_item_finds_those_that_share_something_and_not_itself(store: RedisStore) -> None:
    """C4 C5: by number and total, by near date and total, by file."""
    near = an_item(id=ItemId("near"), external_id="3", document_number="", date=dt.date(2026, 3, 5))
    month = an_item(id=ItemId("month"), external_id="4", document_number="", date=dt.date(2026, 4, 3))
    file = an_item(id=ItemId("file"), external_id="5", total=None, date=None, file_hash="ab")
    await store.items.add([FIRST, SECOND, near, month, file])
    assert await alike(store, FIRST) == ["b", "near"]
    assert await alike(store, near) == ["a", "b"]
    assert await alike(store, month) == []
    assert await alike(store, replace(SECOND, document=replace(SECOND.document, file_hash="AB"))) == [
        "a", "file", "near",
    ]  # fmt: skip


async def test_what_is_edited_away_is_found_no_longer_and_edited_back_is_again(store: RedisStore) -> None:
    """C4: detection is redone when an item is edited."""
    await store.items.add([FIRST, SECOND])

    def edit(**changes: str | None) -> Callable[[Item], Item]:
        fields = {Field(name): value for name, value in changes.items()}
        return lambda item: transitions.edit(item, fields, ADA, NOON)

    await store.items.change(SECOND.id, edit(document_number="X-9", date="2026-08-01"))
    assert await alike(store, FIRST) == []
    await store.items.change(SECOND.id, edit(document_number=None, date=None))
    assert await alike(store, FIRST) == ["b"]
    await store.items.change(SECOND.id, edit(total="1.00"))
    assert await alike(store, FIRST) == []


@pytest.mark.parametrize("stage", list(ItemStage))
async def test_items_in_any_state_are_found(store: RedisStore, stage: ItemStage) -> None:
    """C4: also what is published or rejected."""
    await store.items.add([FIRST, SECOND])
    await store.items.change(SECOND.id, lambda item: replace(item, stage=stage))
    assert await alike(store, FIRST) == ["b"]


async def test_one_round_trip_however_many_items_there_are(
    store: RedisStore, round_trips: Callable[[], int]
) -> None:
    """C4: an arriving item finds its candidates in one round trip among three thousand."""
    many = [
        an_item(id=ItemId(f"i{n}"), external_id=f"{n}", document_number=f"N-{n}", total=f"{n + 1000}.00")
        for n in range(3000)
    ]
    await store.items.add([*many, FIRST])
    await store.duplicates.candidates([SECOND])  # Redis knows the script now
    round_trips()
    assert await alike(store, SECOND) == ["a"]
    assert round_trips() == 1
    found = await store.duplicates.candidates(many[:200])
    assert round_trips() == 1
    assert found == [[]] * 200


async def test_of_very_many_alike_the_newest_are_looked_at(store: RedisStore) -> None:
    await store.items.add(numbered(MOST_OF_ONE_TERM + 20))
    assert len(await alike(store, SECOND)) == MOST_OF_ONE_TERM


async def test_two_processes_that_add_at_once_find_each_others_items(
    storage: RedisStorage, redis_url: str
) -> None:
    """C4: whoever looks after adding sees what the other added before looking."""

    async def adds(item: Item) -> Sequence[str]:
        connected = client.connect(redis_url)
        try:
            store = replace(storage, redis=connected).of(BUSINESS)
            await store.items.add([item])
            return await alike(store, item)
        finally:
            await connected.aclose()

    for n in range(20):
        changes: dict[str, Any] = {"document_number": f"N-{n + 11}", "date": None}
        one, other = (
            an_item(id=ItemId(f"{side}{n}"), external_id=f"{side}{n}", **changes) for side in "ab"
        )  # fmt: skip
        seen = await asyncio.gather(adds(one), adds(other))
        assert [other.id] == seen[0] or [one.id] == seen[1]
        assert await alike(storage.of(BUSINESS), one) == [other.id]


async def test_no_item_of_another_business_is_found(storage: RedisStorage) -> None:
    """C26: hard isolation."""
    other = storage.of(replace(BUSINESS, id="b2"))  # type: ignore[arg-type]
    await other.items.add([FIRST])
    assert await alike(storage.of(BUSINESS), SECOND) == []


async def test_an_answer_is_kept_for_the_pair_and_can_be_taken_back(store: RedisStore) -> None:
    """C6: whichever is named first."""
    await store.items.add([FIRST, SECOND])
    verdict = Verdict(Answer.DIFFERENT, ADA, NOON)
    await store.duplicates.answer(SECOND.id, FIRST.id, verdict)
    assert await store.duplicates.candidates([FIRST, SECOND]) == [[(SECOND, verdict)], [(FIRST, verdict)]]
    assert await store.duplicates.take_back(FIRST.id, SECOND.id)
    assert not await store.duplicates.take_back(FIRST.id, SECOND.id)
    assert await store.duplicates.candidates([FIRST]) == [[(SECOND, None)]]


async def test_a_remembered_name_comes_back_as_it_went_until_it_is_forgotten(store: RedisStore) -> None:
    """C8."""
    alias = Alias("Ümlaut & “Co”", EntryId("7"), "Umlaut Ltd", ADA, NOON)
    later = replace(alias, written="UMLAUT & CO", name="Another")
    await store.aliases.save(alias)
    assert await store.aliases.all() == {alias.key: alias}
    await store.aliases.save(later)
    assert await store.aliases.all() == {alias.key: later}
    assert await store.aliases.remove(alias.key) == later
    assert await store.aliases.remove(alias.key) is None
    assert await store.aliases.all() == {}


async def test_suppliers_near_a_name_share_the_beginning_of_a_word(
    store: RedisStore, round_trips: Callable[[], int]
) -> None:
    """S21: closest names first, among however many."""
    names = ["Northwind Paper Ltd", "Nordwind", "Kestrel Taxis", "Paper Northwind", "Zebra"]
    entries = [an_entry(name) for name in names] + [an_entry("Northwind Old", active=False)]
    await store.lists.stage("g", ListKind.SUPPLIERS, entries)
    await store.lists.commit("g", [ListKind.SUPPLIERS], NOON)
    await store.lists.near(ListKind.SUPPLIERS, "x")
    round_trips()
    found = await store.lists.near(ListKind.SUPPLIERS, "Northwnd")
    assert round_trips() == 1
    assert {entry.name for entry in found} == {"Northwind Paper Ltd", "Nordwind", "Paper Northwind"}
    assert await store.lists.near(ListKind.SUPPLIERS, "!!!") == []
    assert await store.lists.near(ListKind.CUSTOMERS, "Northwind") == []
