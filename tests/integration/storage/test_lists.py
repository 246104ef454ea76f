"""The lists by generation, what is picked from them, and refreshes: one at a time, due once."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from redis.asyncio import Redis

from bot.domain.finding import ALL
from bot.domain.identity import Business, BusinessId, ChannelId, EntryId, MessageRef, PersonId, WorkspaceId
from bot.domain.lists import Entry, EntryUse, ListKind, ListsState, Refresh, RefreshState
from bot.errors import StorageUnavailable
from storage.lists import RedisLists
from storage.store import RedisStorage, RedisStore
from tests.builders import compared
from tests.redis_fixtures import BUSINESS, Clock

AT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
SUPPLIERS = ListKind.SUPPLIERS
CATEGORIES = ListKind.CATEGORIES


def entry(number: int, name: str, **more: object) -> Entry:
    return replace(Entry(EntryId(str(number)), name), **more)  # type: ignore[arg-type]


async def put(lists: RedisLists, generation: str, kind: ListKind, *entries: Entry) -> None:
    await lists.stage(generation, kind, entries)
    await lists.commit(generation, [kind], AT)


def names(found: object) -> list[str]:
    return [one.name for one in found]  # type: ignore[attr-defined]


@pytest.fixture
def lists(store: RedisStore) -> RedisLists:
    return store.lists


async def test_before_the_first_refresh_there_is_nothing(lists: RedisLists) -> None:
    assert await lists.state() == ListsState()
    assert (await lists.slice([(SUPPLIERS, "Acme")])).find(SUPPLIERS, "Acme") is None
    assert await lists.search(SUPPLIERS, "a") == []
    assert await lists.everything(SUPPLIERS) == {}


async def test_lists_of_a_newer_version_are_refused(lists: RedisLists, redis: Redis) -> None:
    await put(lists, "g1", SUPPLIERS, entry(1, "One"))
    await redis.hset(lists.keys("lists"), "v", "99")
    with pytest.raises(StorageUnavailable, match="newer version"):
        await lists.state()


async def test_an_entry_comes_back_as_it_went(lists: RedisLists) -> None:
    whole = Entry(
        EntryId("460000000026049"), "Café & Söhne", "4.29", False, EntryUse.COST, "20", "EUR", ("Cafe",),
        "expense", "2026-03-31",
    )  # fmt: skip
    await put(lists, "g1", CATEGORIES, whole, entry(2, "Plain"))
    assert await lists.everything(CATEGORIES) == {whole.id: whole, EntryId("2"): entry(2, "Plain")}
    assert await lists.state() == ListsState(AT, {CATEGORIES: 1}, {CATEGORIES: AT}, {CATEGORIES: AT})
    assert await lists.active(CATEGORIES) == [entry(2, "Plain")]


async def test_a_generation_is_seen_only_when_it_is_committed(
    lists: RedisLists, redis: Redis, namespace: str
) -> None:
    """S11, S12: lists stay whole until the new ones are complete."""
    await put(lists, "g1", SUPPLIERS, entry(1, "Old One"))
    await put(lists, "g1", CATEGORIES, entry(7, "Travel"))
    await lists.stage("g2", SUPPLIERS, [entry(2, "New One")])
    assert names(await lists.search(SUPPLIERS, "one")) == ["Old One"]
    await lists.commit("g2", [SUPPLIERS], AT)
    assert names(await lists.search(SUPPLIERS, "one")) == ["New One"]
    assert names(await lists.active(CATEGORIES)) == ["Travel"]
    left = [key async for key in redis.scan_iter(match=f"{namespace}:*g1:suppliers*")]
    assert left == []


async def test_a_refresh_that_dies_at_any_call_leaves_the_old_lists_whole(
    lists: RedisLists, redis: Redis, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S12"""
    await put(lists, "g0", SUPPLIERS, *(entry(n, f"Old {n}") for n in range(3)))
    fresh = [entry(n, f"New {n}") for n in range(1200)]
    send = Redis.execute_command
    pipeline_send = type(redis.pipeline()).execute
    left = 0

    async def dying(self: Redis, *args: object, **options: object) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise StorageUnavailable("the process died here")
        return await send(self, *args, **options)

    async def dying_pipeline(self: object, raise_on_error: bool = True) -> object:
        nonlocal left
        left -= 1
        if left < 0:
            raise StorageUnavailable("the process died here")
        return await pipeline_send(self, raise_on_error)  # type: ignore[arg-type]

    died = 0
    for calls in range(40):
        generation = f"g{calls + 1}"
        with monkeypatch.context() as patch:
            patch.setattr(Redis, "execute_command", dying)
            patch.setattr(type(redis.pipeline()), "execute", dying_pipeline)
            left = calls
            try:
                await lists.stage(generation, SUPPLIERS, fresh)
                await lists.commit(generation, [SUPPLIERS], AT)
            except StorageUnavailable:
                died += 1
            else:
                break
        assert names(await lists.active(SUPPLIERS)) == ["Old 0", "Old 1", "Old 2"]
        staged = [key async for key in redis.scan_iter(match=f"{namespace}:*:list:{generation}:*")]
        assert all([await redis.ttl(key) > 0 for key in staged])
        await lists.discard(generation)
        assert not [key async for key in redis.scan_iter(match=f"{namespace}:*:list:{generation}:*")]
    assert died > 4
    assert len(await lists.everything(SUPPLIERS)) == 1200
    current = [key async for key in redis.scan_iter(match=f"{namespace}:*:list:*")]
    assert [await redis.ttl(key) for key in current] == [-1, -1, -1]


async def test_staging_or_discarding_what_is_current_harms_nothing(lists: RedisLists) -> None:
    await put(lists, "g1", SUPPLIERS, entry(1, "One"))
    await lists.stage("g1", SUPPLIERS, [entry(2, "Two")])
    await lists.discard("g1")
    await lists.commit("g1", [SUPPLIERS], AT)
    assert names(await lists.active(SUPPLIERS)) == ["One"]


async def test_staging_again_starts_over(lists: RedisLists) -> None:
    await lists.stage("g1", SUPPLIERS, [entry(1, "One")])
    await put(lists, "g1", SUPPLIERS, entry(2, "Two"))
    assert names(await lists.active(SUPPLIERS)) == ["Two"]
    assert await lists.search(SUPPLIERS, "one") == []


async def test_clearing_forgets_every_list(lists: RedisLists, redis: Redis, namespace: str) -> None:
    await put(lists, "g1", SUPPLIERS, entry(1, "One"))
    await put(lists, "g2", CATEGORIES, entry(2, "Two"))
    await lists.add(SUPPLIERS, entry(3, "Three"))
    await lists.clear()
    assert [key async for key in redis.scan_iter(match=f"{namespace}:*")] == []


# --- finding and picking


async def test_a_slice_finds_by_id_code_name_and_other_names_in_one_round_trip(
    lists: RedisLists, round_trips: Callable[[], int]
) -> None:
    """S24"""
    paper = entry(1, "Northwind Paper Ltd", also_known_as=("NWP",))
    supplies = entry(2, "Office Supplies", code="429")
    await put(lists, "g1", SUPPLIERS, paper, entry(3, "Twice"), entry(4, "TWICE"))
    await put(lists, "g1", CATEGORIES, supplies)
    wanted = [(SUPPLIERS, text) for text in ("northwind  paper LIMITED", "nwp", "1", "twice", "none")]
    wanted += [(CATEGORIES, text) for text in ("429", "429 - Office Supplies", "office supplies")]
    await lists.slice(wanted)
    round_trips()
    found = await lists.slice(wanted)
    assert round_trips() == 1
    for text in ("northwind  paper LIMITED", "nwp"):
        assert found.find(SUPPLIERS, text) == paper
    assert found.by_id(SUPPLIERS, EntryId("1")) == paper
    assert found.find(SUPPLIERS, "twice") is None
    for _, text in wanted[5:]:
        assert found.find(CATEGORIES, text) == supplies
    assert (await lists.slice([])).find(SUPPLIERS, "nwp") is None


async def test_a_short_list_is_had_whole_and_two_of_one_rate_both(lists: RedisLists) -> None:
    """C16: what a rate may mean is told apart by looking at all of them."""
    taxes = ListKind.TAXES
    standard, goods = entry(1, "Standard", percentage="20"), entry(2, "Capital goods", percentage="20")
    gone = entry(3, "Old rate", percentage="17.5", active=False)
    await put(lists, "g1", taxes, standard, goods, gone)
    found = await lists.slice([(taxes, ALL), (taxes, "20%")])
    assert sorted(names(found.all(taxes))) == ["Capital goods", "Standard"]
    assert sorted(names(found.fitting(taxes, "20%"))) == ["Capital goods", "Standard"]
    assert found.find(taxes, "20%") is None
    await lists.stage_more("g2", taxes, [replace(goods, active=False)])
    await lists.commit("g2", [taxes], AT)
    assert (await lists.slice([(taxes, ALL)])).all(taxes) == []


async def test_picking_wants_every_typed_word_to_begin_one_of_the_name(lists: RedisLists) -> None:
    """S28"""
    await put(
        lists,
        "g1",
        CATEGORIES,
        entry(1, "Office Supplies", code="429", use=EntryUse.COST),
        entry(2, "Sales of Supplies", code="200", use=EntryUse.SALE),
        entry(3, "Café Supplies", also_known_as=("Kaffee",)),
        entry(4, "Old Supplies", active=False),
    )
    searches = {
        "sup": ["Café Supplies", "Office Supplies", "Sales of Supplies"],
        "SUP off": ["Office Supplies"],
        "429": ["Office Supplies"],
        "cafe": ["Café Supplies"],
        "kaf": ["Café Supplies"],
        "upplies": [],
        "sup sup": ["Café Supplies", "Office Supplies", "Sales of Supplies"],
        "": ["Café Supplies", "Office Supplies", "Sales of Supplies"],
        "%%%": [],
    }
    assert {typed: names(await lists.search(CATEGORIES, typed)) for typed in searches} == searches
    assert names(await lists.search(CATEGORIES, "sup", use="cost")) == ["Café Supplies", "Office Supplies"]
    assert names(await lists.search(CATEGORIES, "", limit=1)) == ["Café Supplies"]


async def test_picking_from_100_000_suppliers_is_one_round_trip(
    lists: RedisLists, round_trips: Callable[[], int], redis: Redis, namespace: str
) -> None:
    """S28: staged as a refresh does it, found by a rare word among words that all have."""
    many = 100_000
    key = f"{namespace}:{{{BUSINESS}}}:list:g1:suppliers"
    for start in range(0, many, 10_000):
        some = range(start, start + 10_000)
        words: dict[str, float] = {}
        for n in some:
            tail = f"\0acme {n} ltd\0acme {n} ltd\0{n}\0both"
            words |= {f"{word}{tail}": 0 for word in ("", "acme", "ltd", str(n))}
        await redis.zadd(f"{key}:words", words)
        stored = {str(n): f'{{"id":"{n}","name":"Acme {n} Ltd"}}' for n in some}
        await redis.hset(f"{key}:entries", mapping=stored)  # type: ignore[arg-type]
    await lists.commit("g1", [SUPPLIERS], AT)
    assert (await lists.state()).counts == {SUPPLIERS: many}
    await lists.search(SUPPLIERS, "acme")
    round_trips()
    assert names(await lists.search(SUPPLIERS, "ltd acme 99999")) == ["Acme 99999 Ltd"]
    assert round_trips() == 1
    assert len(await lists.search(SUPPLIERS, "acme ltd")) == 100
    assert len(await lists.search(SUPPLIERS, "")) == 100


async def test_a_supplier_just_created_is_found_at_once(
    lists: RedisLists, round_trips: Callable[[], int]
) -> None:
    """S29"""
    await put(lists, "g1", SUPPLIERS, entry(1, "Acme"))
    await lists.add(SUPPLIERS, entry(2, "Acme"))
    round_trips()
    await lists.add(SUPPLIERS, entry(3, "Zeta Ltd"))
    assert round_trips() == 1
    await lists.add(SUPPLIERS, entry(3, "Zeta Ltd"))
    found = await lists.slice([(SUPPLIERS, "zeta"), (SUPPLIERS, "acme")])
    assert found.find(SUPPLIERS, "zeta") == entry(3, "Zeta Ltd")
    assert found.find(SUPPLIERS, "acme") is None
    assert names(await lists.search(SUPPLIERS, "zet")) == ["Zeta Ltd"]
    assert (await lists.state()).counts == {SUPPLIERS: 3}


async def test_a_supplier_created_during_a_refresh_is_in_the_new_lists(store: RedisStore) -> None:
    """S11, S29: Zoho Books was read before it was created."""
    lists = store.lists
    await put(lists, "g1", SUPPLIERS, entry(1, "Acme"))
    await lists.add(SUPPLIERS, entry(8, "Created Before"))
    await store.refreshes.begin(refresh("r2"))
    await lists.add(SUPPLIERS, entry(9, "Created Meanwhile"))
    _, now = compared(SUPPLIERS, await lists.everything(SUPPLIERS), [entry(1, "Acme")])
    await put(lists, "g2", SUPPLIERS, *now)
    assert names(await lists.active(SUPPLIERS)) == ["Acme", "Created Meanwhile"]
    assert names(await lists.search(SUPPLIERS, "cre")) == ["Created Meanwhile"]
    found = await lists.slice([(SUPPLIERS, "created meanwhile")])
    assert found.find(SUPPLIERS, "created meanwhile") == entry(9, "Created Meanwhile")
    assert (await lists.state()).counts == {SUPPLIERS: 2}


ENTRIES = st.lists(
    st.builds(
        lambda number, name, active: entry(number, name, active=active),
        st.integers(1, 9),
        st.text(min_size=1, max_size=8).filter(str.strip),
        st.booleans(),
    ),
    unique_by=lambda one: one.id,
    max_size=6,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=ENTRIES, now=ENTRIES)
async def test_what_a_refresh_found_is_what_is_read_afterwards(
    storage: RedisStorage, before: list[Entry], now: list[Entry]
) -> None:
    """S11: entries that vanished are kept, inactive; whatever the lists were."""
    lists = storage.of(BUSINESS).lists
    await lists.clear()
    await put(lists, "a", SUPPLIERS, *before)
    known = await lists.everything(SUPPLIERS)
    assert known == {one.id: one for one in before}
    change, whole = compared(SUPPLIERS, known, now)
    await put(lists, "b", SUPPLIERS, *whole)
    kept = await lists.everything(SUPPLIERS)
    assert kept == {one.id: one for one in whole}
    assert {one.id for one in before} | {one.id for one in now} == set(kept)
    assert change.total == (await lists.state()).counts[SUPPLIERS]
    for one in whole:
        assert (await lists.slice([(SUPPLIERS, one.id)])).by_id(SUPPLIERS, one.id) == one


# --- refreshes


def refresh(number: str, **more: object) -> Refresh:
    return replace(Refresh(number, PersonId("U1"), AT), **more)  # type: ignore[arg-type]


async def test_of_many_refreshes_one_begins(store: RedisStore) -> None:
    """S11"""
    begun = await asyncio.gather(*(store.refreshes.begin(refresh(f"r{n}")) for n in range(20)))
    assert begun.count(None) == 1
    (running,) = {one.id for one in begun if one}
    latest = await store.refreshes.read()
    assert latest
    assert latest.id == running == f"r{begun.index(None)}"


async def test_a_finished_refresh_makes_room_and_is_remembered(store: RedisStore) -> None:
    assert await store.refreshes.read() is None
    await store.refreshes.begin(refresh("r1"))
    done = refresh("r1", state=RefreshState.COMPLETE, finished_at=AT)
    await store.refreshes.save(done)
    assert await store.refreshes.read() == done
    assert await store.refreshes.begin(refresh("r2")) is None


async def test_a_refresh_whose_process_died_is_taken_over(store: RedisStore, redis: Redis) -> None:
    refreshes = replace(store.refreshes, lease_seconds=1)
    await refreshes.begin(refresh("dead"))
    assert await redis.pttl(f"{store.namespace}:{{{BUSINESS}}}:refresh-lease") <= 1000
    await redis.delete(f"{store.namespace}:{{{BUSINESS}}}:refresh-lease")  # as when its time is over
    assert await refreshes.begin(refresh("next")) is None
    await refreshes.save(refresh("dead", state=RefreshState.FAILED))
    latest = await refreshes.read()
    assert latest == refresh("next")
    assert await refreshes.begin(refresh("third")) == latest


async def test_the_message_and_the_progress_do_not_undo_each_other(store: RedisStore) -> None:
    """S12: the message is posted while the job saves its progress."""
    message = MessageRef(ChannelId("C1"), "1.2")
    await store.refreshes.begin(refresh("r1"))
    await store.refreshes.save(refresh("r1", read_count=5))
    await store.refreshes.save(refresh("r1", message=message))
    await store.refreshes.save(refresh("r1", read_count=9))
    assert await store.refreshes.read() == refresh("r1", read_count=9, message=message)
    done = refresh("r1", state=RefreshState.COMPLETE, finished_at=AT)
    await store.refreshes.save(done)
    await store.refreshes.save(refresh("r1", message=replace(message, ts="1.3")))
    assert await store.refreshes.read() == replace(done, message=replace(message, ts="1.3"))


async def test_what_is_due_is_claimed_by_one_clock_only(storage: RedisStorage, clock: Clock) -> None:
    """S15"""
    businesses = [Business(WorkspaceId("T1"), BusinessId(f"b{n}")) for n in range(30)]
    for place, business in enumerate(businesses):
        due = clock() + dt.timedelta(hours=-1 if place < 20 else 1)
        await storage.of(business).refreshes.schedule(due)
    retry_at = clock() + dt.timedelta(minutes=20)
    claimed = await asyncio.gather(*(storage.claim_due(clock(), retry_at) for _ in range(4)))
    assert sorted(map(str, (one for some in claimed for one in some))) == sorted(map(str, businesses[:20]))
    assert await storage.of(businesses[0]).refreshes.due_at() == retry_at
    assert len(await storage.claim_due(retry_at, retry_at + dt.timedelta(hours=1))) == 20


async def test_a_schedule_can_be_taken_back(store: RedisStore, storage: RedisStorage) -> None:
    await store.refreshes.schedule(AT)
    assert await store.refreshes.due_at() == AT
    await store.refreshes.schedule(None)
    assert await store.refreshes.due_at() is None
    assert await storage.claim_due(AT, AT) == []
