"""What tax groups are made of is asked for where it may have changed, and no more often."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import replace

import httpx
import pytest

from bot.domain.connection import Connection
from bot.domain.identity import BOT, EntryId
from bot.domain.lists import Change, Entry, ListKind, TaxPart
from bot.services.refresh import RefreshService
from storage.store import RedisStorage
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_entry
from tests.fakes import FakeBooks, FakeJobs
from tests.integration.services.refreshing import OF, World
from tests.integration.zoho_client.conftest import Bench
from tests.redis_fixtures import Clock

TAXES = ListKind.TAXES
CGST, SGST, IGST = (
    an_entry(name, id=EntryId(name), percentage=rate)
    for name, rate in (("CGST", "9"), ("SGST", "9"), ("IGST", "18"))
)
GST18 = an_entry("GST18", id=EntryId("GST18"), percentage="18", is_group=True)
GST0 = an_entry("GST0", id=EntryId("GST0"), percentage="0", is_group=True)


def parts_of(*taxes: Entry) -> list[TaxPart]:
    return [TaxPart(tax.id, tax.name, tax.percentage) for tax in taxes]


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), clock)
    await world.connected()
    world.books.entries[TAXES] = [CGST, SGST, IGST, GST18, GST0]
    world.books.tax_parts = {GST18.id: parts_of(CGST, SGST), GST0.id: []}
    await world.run()
    assert world.books.groups_asked == [GST18.id, GST0.id]
    world.books.groups_asked.clear()
    return world


async def group(world: World) -> Entry:
    return (await world.storage.of(OF).lists.everything(TAXES))[GST18.id]


async def changes(world: World, refresh_id: str) -> list[tuple[Change, str, str]]:
    lines = (await world.refresh.report(OF, refresh_id, 0, 100)).lines
    return [(change.what, change.name, change.made_of) for change, _ in lines]


async def test_a_group_knows_what_it_is_made_of(world: World) -> None:
    """S40"""
    assert (await group(world)).made_of == "CGST 9% + SGST 9%"


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ({}, []),
        ({"name": "GST 18"}, ["GST18"]),
        ({"percentage": "20"}, ["GST18"]),
        ({"changed_at": "2026-11-01T10:00:00+0000"}, ["GST18"]),
    ],
)
async def test_only_a_group_that_changed_is_asked_for_again(
    world: World, change: dict[str, str], asked: list[str]
) -> None:
    """S40: within the budget of calls."""
    world.books.entries[TAXES][3] = replace(GST18, **change)  # type: ignore[arg-type]
    await world.run()
    assert world.books.groups_asked == asked
    assert (await group(world)).made_of == "CGST 9% + SGST 9%"


async def test_once_a_week_and_when_a_person_asks_for_taxes_alone_every_group_is_asked_for(
    world: World,
) -> None:
    """S40 S45: other parts may come to the same percentage."""
    world.clock.forward(days=6)
    await world.run(BOT)
    await world.run(BOT, TAXES)
    assert world.books.groups_asked == []
    await world.run(ADA, TAXES)
    assert world.books.groups_asked == [GST18.id, GST0.id]
    world.clock.forward(days=7)
    await world.run(BOT)
    assert world.books.groups_asked == [GST18.id, GST0.id] * 2


async def test_other_parts_are_a_line_of_the_report(world: World) -> None:
    """S40: as is a group's part that can no longer be used."""
    world.books.tax_parts[GST18.id] = parts_of(IGST)
    refresh = await world.run(ADA, TAXES)
    assert await changes(world, refresh.id) == [(Change.PARTS, "GST18", "IGST 18%")]
    (taxes,) = refresh.changes
    assert (taxes.is_any, taxes.regrouped, taxes.regrouped_count) == (True, ("GST18",), 1)
    world.books.entries[TAXES] = [CGST, SGST, GST18, GST0]
    refresh = await world.run()
    assert await changes(world, refresh.id) == [
        (Change.PARTS, "GST18", "IGST 18% (inactive)"),
        (Change.GONE, "IGST", ""),
    ]


async def test_a_part_that_never_was_on_the_list_is_taken_as_it_is(world: World) -> None:
    """The accounting software may keep it for groups alone."""
    world.books.tax_parts[GST18.id] = [TaxPart(EntryId("hidden"), "Hidden", "18")]
    await world.run(ADA, TAXES)
    assert (await group(world)).made_of == "Hidden 18%"


async def test_what_is_not_told_keeps_what_was_known(world: World) -> None:
    """S41"""
    del world.books.tax_parts[GST18.id]
    await world.run(ADA, TAXES)
    assert (await group(world)).made_of == "CGST 9% + SGST 9%"


# --- in the simulated Zoho Books


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with httpx.AsyncClient(trust_env=False) as http:
        found = Bench(http)
        await found.server.start()
        try:
            yield found
        finally:
            await found.server.stop()


async def test_the_calls_of_refreshes_are_counted(storage: RedisStorage, clock: Clock, bench: Bench) -> None:
    """S40 S47: one call for each page, and one for a group that is new or changed."""
    clock.now = bench.watch.now
    credentials = await bench.connects()
    await storage.of(OF).connection.save(Connection("zoho-books", GBP_ORGANISATION, ADA, NOON), credentials)
    service = RefreshService(storage, {"zoho-books": bench.software()}, FakeJobs(), clock)

    async def calls() -> tuple[int, int]:
        bench.books.calls.clear()
        begun = await service.begin(OF, ADA)
        await service.run(OF, begun.refresh.id, _unseen)
        paths = [call.path for call in bench.books.calls]
        return paths.count("/settings/taxes"), sum("taxgroups" in path for path in paths)

    assert await calls() == (1, 1)
    assert await calls() == (1, 0)
    bench.row("taxes", "tax_name", "Standard and Levy")["tax_name"] = "Standard with levy"
    assert await calls() == (1, 1)
    bench.row("taxes", "tax_name", "Levy")["is_active"] = False
    clock.forward(seconds=dt.timedelta(days=1).total_seconds())
    bench.watch.now = clock.now
    assert await calls() == (1, 0)
    taxes = {tax.name: tax for tax in (await storage.of(OF).lists.everything(TAXES)).values()}
    assert taxes["Standard with levy"].made_of == "Standard Rate 20% + Levy 2% (inactive)"


async def _unseen(_: object) -> None:
    """Nobody looks."""
