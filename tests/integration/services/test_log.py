"""The log: read by page and word, as CSV that no spreadsheet runs, and whole under several writers."""

from __future__ import annotations

import asyncio
import csv
import io
from typing import cast

import pytest
from redis.asyncio import Redis

from bot.domain.audit import LogEntry
from bot.domain.identity import BOT, PersonId
from bot.services.log import HEADINGS, LogService
from storage import client
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA, BEN, NOON, an_item
from tests.fakes import FakeJobs, FakePeople
from tests.integration.services.publishing import OF
from tests.redis_fixtures import Clock


@pytest.fixture
def log(storage: RedisStorage, clock: Clock) -> LogService:
    return LogService(storage, FakePeople(), FakeJobs(), clock)


@pytest.fixture
def of(storage: RedisStorage) -> RedisStore:
    return storage.of(OF)


def said(number: int, who: PersonId = ADA, after: str = "") -> LogEntry:
    return LogEntry(NOON, who, "item.published", "item1", after=after or f"bill NW-{number}")


async def test_pages_are_newest_first_and_lose_and_repeat_nothing(log: LogService, of: RedisStore) -> None:
    """C12"""
    for number in range(40):
        await of.log.append(said(number))
    seen: list[str] = []
    place = ""
    for _ in range(10):
        page = await log.page(OF, before=place)
        seen += [line.entry.after for line in page.lines]
        place = page.older
        if not place:
            break
    assert seen == [f"bill NW-{number}" for number in reversed(range(40))]


async def test_a_word_or_a_person_is_looked_for_in_the_whole_log(log: LogService, of: RedisStore) -> None:
    """C12: also by what people call the item."""
    await of.items.add([an_item()])
    await of.log.append(LogEntry(NOON, BEN, "item.rejected", "item1"))
    for number in range(300):
        await of.log.append(LogEntry(NOON, BOT, "lists.refreshed", after=f"{number} taxes"))
    for word in ("rejected", "northwind", "<@UBEN|ben>", "@uben"):
        (line,) = (await log.page(OF, word)).lines
        assert (line.name, line.says) == ("uben", "rejected Northwind Paper Ltd NW-1001")
    assert (await log.page(OF, "nobody said this")).lines == []
    (clock,) = (await log.page(OF, "299 taxes")).lines
    assert clock.name == "Dext"


async def test_the_export_has_every_entry_and_no_formula(log: LogService, of: RedisStore) -> None:
    """C12 C29"""
    await of.log.append(said(1, after='=HYPERLINK("https://evil.example")'), said(2, after="-2+3"), said(3))
    content, number = await log.export(OF, ADA)
    assert content.startswith(b"\xef\xbb\xbf")
    head, *rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert tuple(head) == HEADINGS
    assert number == len(rows) == 3
    assert [row[-1] for row in rows] == ['\'=HYPERLINK("https://evil.example")', "'-2+3", "bill NW-3"]
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    (last,) = await of.log.latest(1)
    assert (last.what, last.after) == ("log.exported", "3 entries")


async def test_the_export_takes_only_what_was_filtered(log: LogService, of: RedisStore) -> None:
    await of.log.append(said(1), said(2), LogEntry(NOON, BEN, "item.rejected", "item1"))
    _, number = await log.export(OF, ADA, "rejected")
    assert number == 1


async def test_several_writers_never_fork_the_chain(
    storage: RedisStorage, redis_url: str, log: LogService
) -> None:
    """C12: each over a connection of its own, as processes have."""
    clients: list[Redis] = [client.connect(redis_url) for _ in range(4)]

    async def writes(redis: Redis, who: int) -> None:
        store = RedisStorage(redis, storage.cipher, storage.clock, namespace=storage.namespace).of(OF)
        for number in range(40):
            await store.log.append(said(number, PersonId(f"U{who}")), said(number, PersonId(f"U{who}")))

    await asyncio.gather(*(writes(redis, who) for who, redis in enumerate(clients)))
    for one in clients:
        await one.aclose()
    assert (await log.chain(OF)).words == "320 entries, chain unbroken"


async def test_a_chain_is_whole_while_it_is_being_written(log: LogService, of: RedisStore) -> None:
    await of.log.append(*(said(number) for number in range(1200)))
    stop = asyncio.Event()

    async def writes() -> None:
        while not stop.is_set():
            await of.log.append(said(1))

    writing = asyncio.create_task(writes())
    for _ in range(5):
        assert (await log.chain(OF)).is_whole
    stop.set()
    await writing


async def test_what_was_changed_by_hand_is_named(log: LogService, of: RedisStore, redis: Redis) -> None:
    """C12"""
    await of.log.append(said(1), said(2), said(3))
    key = of.log.keys("log")
    (_, second, _) = cast("list[tuple[bytes, object]]", await redis.xrange(key))
    await redis.xdel(key, second[0])
    chain = await log.chain(OF)
    assert not chain.is_whole
    assert chain.words.startswith("2 entries, chain BROKEN at the entry of 05 Oct 2026")
