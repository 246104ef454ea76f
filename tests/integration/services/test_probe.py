"""The daily look: a missing right is found before a publish hits it, said once and cleared once."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.audit import words
from bot.domain.connection import Organisation
from bot.domain.schedule import Daily
from bot.errors import NotFound, RateLimited, ReconnectNeeded, Unavailable
from bot.services.breaking import broke
from bot.services.probe import ProbeService
from storage.store import RedisStorage
from tests.builders import ADA
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import OF, World
from tests.redis_fixtures import Clock


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)
    await world.prepared()
    return world


def probing(world: World) -> ProbeService:
    return ProbeService(world.storage, {"zoho-books": world.books}, world.jobs, world.clock)


async def test_one_cheap_call_for_each_right(world: World) -> None:
    """C17"""
    probed = await probing(world).run(OF)
    assert probed is not None
    assert world.books.looks == ["contacts", "bills"]
    assert (probed.probe.asked, probed.probe.findings, probed.new) == (("contacts", "bills"), (), [])


async def test_a_missing_right_is_new_once_and_gone_when_it_is_there(world: World) -> None:
    """C17"""
    world.books.no_right_for = {"bills"}
    first = await probing(world).run(OF, by=ADA)
    assert first is not None
    assert [one.says for one in first.new] == ["Our sign-in at Zoho Books has no right for bills."]
    world.clock.forward(hours=1)
    again = await probing(world).run(OF)
    assert again is not None
    assert (again.new, len(again.probe.findings)) == ([], 1)
    world.books.no_right_for = set()
    world.clock.forward(hours=1)
    mended = await probing(world).run(OF)
    assert mended is not None
    assert (mended.probe.findings, len(mended.gone)) == ((), 1)
    said = [entry.what for entry in await world.storage.of(OF).log.latest(9)]
    assert said == ["probe.gone", "probe.problem"]


async def test_asked_again_at_once_the_last_answer_holds(world: World) -> None:
    await probing(world).run(OF)
    await probing(world).run(OF)
    assert world.books.looks == ["contacts", "bills"]


async def test_a_right_that_the_sign_in_itself_says_is_missing_costs_no_call(world: World) -> None:
    world.books.rights_not_granted = ("bills",)
    probed = await probing(world).run(OF)
    assert probed is not None
    assert world.books.looks == ["contacts"]
    assert [(one.area, one.cause) for one in probed.new] == [("bills", "rights")]


async def test_an_organisation_that_is_no_longer_offered_is_said(world: World) -> None:
    """C17: its subscription is inactive, or the person was taken out."""
    world.books.companies = [Organisation("7", "Other", "GBP")]
    probed = await probing(world).run(OF)
    assert probed is not None
    (found,) = probed.new
    assert "Zoho Books no longer offers Held Out Ltd" in found.says
    assert world.books.looks == []


async def test_a_list_that_is_not_switched_on_is_no_problem(world: World) -> None:
    world.books.look_faults = [NotFound("no such list")]
    probed = await probing(world).run(OF)
    assert probed is not None
    assert probed.probe.findings == ()


@pytest.mark.parametrize(
    "fault", [RateLimited("Too many calls.", retry_after_seconds=60), Unavailable("No answer.")]
)
async def test_a_look_that_is_cut_short_says_so_and_accuses_nobody(world: World, fault: Exception) -> None:
    world.books.look_faults = [fault]
    probed = await probing(world).run(OF)
    assert probed is not None
    assert (probed.probe.unfinished, probed.probe.findings) == (str(fault), ())


async def test_a_dead_sign_in_holds_the_work_before_a_publish_finds_it(world: World) -> None:
    """C17"""
    world.books.look_faults = [ReconnectNeeded("Zoho Books no longer accepts our sign-in.")]
    await probing(world).run(OF)
    connection = await world.storage.of(OF).connection.read()
    assert connection is not None
    assert not connection.works
    assert len(world.jobs.named("connection_broken")) == 1


async def test_two_clocks_look_once_a_day(world: World) -> None:
    """C17"""
    clocks = [probing(world) for _ in range(3)]
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("probe") == []
    world.clock.forward(hours=14)
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("probe") == [(str(OF),)]
    world.clock.forward(hours=23)
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert len(world.jobs.named("probe")) == 1
    world.clock.forward(hours=2)
    await asyncio.gather(*(one.run_due() for one in clocks))
    assert len(world.jobs.named("probe")) == 2


async def test_what_is_disconnected_is_not_looked_at(world: World) -> None:
    await probing(world).run_due()
    world.clock.forward(hours=14)
    await world.storage.of(OF).connection.forget()
    await probing(world).run_due()
    assert world.jobs.named("probe") == []
    assert await world.storage.of(OF).daily(Daily.PROBE).due_at() is None
    assert await probing(world).run(OF) is None


# --- once an hour, the sign-in alone


async def test_once_an_hour_one_call_that_counts_against_no_organisation(world: World) -> None:
    """C17: what is known of single rights stays, and the last whole look keeps its time."""
    world.books.no_right_for = {"bills"}
    whole = await probing(world).run(OF)
    world.books.looks.clear()
    world.clock.forward(hours=1)
    checked = await probing(world).check(OF)
    assert whole is not None
    assert checked is not None
    assert world.books.looks == []
    assert (checked.new, checked.gone) == ([], [])
    assert (checked.probe.at, checked.probe.asked) == (whole.probe.at, ("contacts", "bills"))
    assert [one.area for one in checked.probe.findings] == ["bills"]
    assert checked.probe.checked_at == world.clock.now


async def test_the_hourly_look_says_once_that_the_organisation_is_gone_and_once_that_it_is_back(
    world: World,
) -> None:
    """C12 C17: an inactive subscription, or a person who was taken out; each with its cause in the log."""
    companies, world.books.companies = world.books.companies, [Organisation("7", "Other", "GBP")]
    await asyncio.gather(*(probing(world).check(OF) for _ in range(3)))
    world.clock.forward(hours=1)
    await probing(world).check(OF)
    world.books.companies = companies
    world.clock.forward(hours=1)
    await probing(world).check(OF)
    newest, oldest = await world.storage.of(OF).log.latest(9)
    assert words(oldest).startswith(
        "found the connection to Held Out Ltd broken: Zoho Books no longer offers Held Out Ltd to our sign-in"
    )
    assert words(newest).startswith("found the connection to Held Out Ltd mended, which was broken: Zoho")


async def test_a_sign_in_that_dies_is_found_by_the_hourly_look(world: World) -> None:
    """C17: and logged once, however many come upon it."""
    fault = ReconnectNeeded("Zoho Books no longer accepts our sign-in.")
    world.books.organisations_fault = fault
    await asyncio.gather(
        *(probing(world).check(OF) for _ in range(2)),
        *(broke(world.storage.of(OF), world.jobs, world.clock, fault) for _ in range(8)),
    )
    said = await world.storage.of(OF).log.latest(9)
    assert [words(entry) for entry in said] == [
        "found the connection to Held Out Ltd broken: Zoho Books no longer accepts our sign-in."
    ]
    assert len(world.jobs.named("connection_broken")) == 1
    assert await probing(world).check(OF) is None


async def test_an_hourly_look_that_gets_no_answer_has_seen_nothing(world: World) -> None:
    """C17: and one that was the first does not stand for a look at the rights."""
    world.books.organisations_fault = Unavailable("No answer.")
    checked = await probing(world).check(OF)
    assert checked is not None
    assert (checked.probe.checked_at, checked.probe.findings) == (None, ())
    world.books.organisations_fault = None
    world.clock.forward(hours=1)
    await probing(world).check(OF)
    whole = await probing(world).run(OF)
    assert whole is not None
    assert (whole.probe.asked, whole.probe.checked_at) == (("contacts", "bills"), world.clock.now)
    world.books.organisations_fault = Unavailable("No answer.")
    world.clock.forward(hours=1)
    again = await probing(world).check(OF)
    assert again is not None
    assert again.probe.checked_at == whole.probe.checked_at


async def test_what_was_looked_at_before_a_new_sign_in_says_nothing_of_it(world: World) -> None:
    """C17: after Reconnect the rights are looked at anew at once."""
    await probing(world).run(OF)
    world.clock.forward(seconds=30)
    store = world.storage.of(OF)
    await store.connection.mark(lambda one: replace(one, connected_at=world.clock.now))
    world.books.looks.clear()
    await probing(world).run(OF)
    assert world.books.looks == ["contacts", "bills"]


async def test_two_clocks_look_at_the_sign_in_once_an_hour(world: World) -> None:
    """C17"""
    clocks = [probing(world) for _ in range(3)]
    await asyncio.gather(*(one.run_due() for one in clocks))
    for hours in (2, 1, 1):
        world.clock.forward(hours=hours)
        await asyncio.gather(*(one.run_due() for one in clocks))
    assert world.jobs.named("check_sign_in") == [(str(OF),)] * 3
