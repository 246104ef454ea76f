"""Generations of a list, whatever comes in whatever pages, against a model that holds it all in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.comparison import Comparison
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, How, ListKind
from storage.lists import RedisLists
from storage.store import RedisStorage
from tests.builders import compared
from tests.redis_fixtures import BUSINESS

AT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
SUPPLIERS = ListKind.SUPPLIERS
NAMES = st.sampled_from(["Acme", "ACME Ltd", "Beta", "Gamma & Co", "张伟", "Delta"])
ENTRY = st.builds(
    lambda number, name, active, also: Entry(
        EntryId(str(number)), name, active=active, also_known_as=(also,) if also else ()
    ),
    st.integers(1, 12),
    NAMES,
    st.booleans(),
    st.sampled_from(["", "Alias", "Beta"]),
)
ENTRIES = st.lists(ENTRY, unique_by=lambda one: one.id, max_size=10)
STEPS = st.lists(st.tuples(st.booleans(), ENTRIES, st.integers(1, 4)), min_size=1, max_size=4)


def pages(entries: Sequence[Entry], size: int) -> list[Sequence[Entry]]:
    return [entries[start : start + size] for start in range(0, len(entries), size)]


async def read(
    lists: RedisLists, generation: str, entries: Sequence[Entry], size: int, *, whole: bool
) -> None:
    """As a refresh does it."""
    how, comparison = How.WHOLE, Comparison(SUPPLIERS, is_first=False)
    if whole:
        await lists.stage(generation, SUPPLIERS, [])
        for page in pages(entries, size):
            await lists.stage_more(generation, SUPPLIERS, page)
        async for gone in lists.missing(generation, SUPPLIERS):
            await lists.stage_more(generation, SUPPLIERS, comparison.missing(gone)[0])
    else:
        how = How.PART if await lists.stage_copy(generation, SUPPLIERS) else How.SAME
        for page in pages(entries, size) if how is How.PART else []:
            known = await lists.known(SUPPLIERS, [one.id for one in page])
            await lists.stage_more(generation, SUPPLIERS, page, known)
    await lists.commit(generation, {SUPPLIERS: how}, AT)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
async def test_whole_readings_and_changes_in_any_order_give_what_the_model_has(
    storage: RedisStorage, steps: list[tuple[bool, list[Entry], int]]
) -> None:
    """S40 S41: entries, names, words and counts; nothing left over of what was renamed."""
    lists = storage.of(BUSINESS).lists
    await lists.clear()
    model: dict[EntryId, Entry] = {}
    for number, (whole, entries, size) in enumerate(steps):
        reads_all = whole or not model
        if reads_all:
            model = {one.id: one for one in compared(SUPPLIERS, model, entries)[1]}
        else:
            model |= {one.id: one for one in entries}
        await read(lists, f"g{number}", entries, size, whole=reads_all)
        assert await lists.everything(SUPPLIERS) == model
        active = [one for one in model.values() if one.active]
        assert (await lists.state()).counts[SUPPLIERS] == len(active)
        for word in ("acme", "beta", "gamma", "alias", "delta"):
            found = {one.id for one in await lists.search(SUPPLIERS, word)}
            said = {
                one.id for one in active if word in f"{one.name} {' '.join(one.also_known_as)}".casefold()
            }
            assert found == said, word
        for name in ("Acme", "Beta", "Alias"):
            found = await lists.slice([(SUPPLIERS, name)])  # type: ignore[assignment]
            fits = [one for one in active if name in (one.name, *one.also_known_as)]
            if len(fits) == 1:
                assert found.find(SUPPLIERS, name) == fits[0]  # type: ignore[attr-defined]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ENTRIES, now=ENTRIES, size=st.integers(1, 5))
async def test_what_is_missing_is_found_without_holding_the_list(
    storage: RedisStorage, before: list[Entry], now: list[Entry], size: int
) -> None:
    """S41: exactly the entries that were known and did not come."""
    lists = storage.of(BUSINESS).lists
    await lists.clear()
    await lists.stage("a", SUPPLIERS, before)
    await lists.commit("a", [SUPPLIERS], AT)
    await lists.stage("b", SUPPLIERS, [])
    new = sum([await lists.stage_more("b", SUPPLIERS, page) for page in pages(now, size)])
    missing = [one async for page in lists.missing("b", SUPPLIERS) for one in page]
    here = {one.id for one in now}
    assert new == len(now)
    assert {one.id: one for one in missing} == {one.id: one for one in before if one.id not in here}
    assert await lists.staged_count("b", SUPPLIERS) == sum(one.active for one in now)


async def test_an_entry_that_comes_twice_stands_as_it_came_first(storage: RedisStorage) -> None:
    """S40: pages shift while they are read."""
    lists = storage.of(BUSINESS).lists
    first, again = Entry(EntryId("1"), "Acme"), Entry(EntryId("1"), "Beta")
    await lists.stage("a", SUPPLIERS, [first])
    assert await lists.stage_more("a", SUPPLIERS, [again]) == 0
    await lists.commit("a", [SUPPLIERS], AT)
    assert await lists.everything(SUPPLIERS) == {first.id: first}
    assert await lists.search(SUPPLIERS, "beta") == []


async def test_what_is_current_is_never_written_to_by_a_late_page(storage: RedisStorage) -> None:
    """S41: a worker that was thought dead goes on reading."""
    lists = storage.of(BUSINESS).lists
    one = Entry(EntryId("1"), "Acme")
    await lists.stage("a", SUPPLIERS, [one])
    await lists.commit("a", [SUPPLIERS], AT)
    assert await lists.is_current("a")
    await lists.stage_more("a", SUPPLIERS, [Entry(EntryId("2"), "Late")])
    await lists.stage_more("a", SUPPLIERS, [replace(one, name="Late")], {one.id: one})
    assert await lists.everything(SUPPLIERS) == {one.id: one}
    key = lists.keys("list", "a", SUPPLIERS.value, "entries")
    assert await lists.redis.ttl(key) == -1
    assert not await lists.is_current("b")
