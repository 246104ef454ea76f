"""Reconnecting, choosing another organisation, disconnecting."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.audit import words
from bot.domain.connection import ConnectionState
from bot.domain.lists import ListKind
from bot.errors import FieldErrors, ReconnectNeeded, SignInFailed, Unavailable
from bot.services.breaking import broke
from storage.store import RedisStorage
from tests.builders import ADA, STANDARD_RATE
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.connecting import HELD_OUT, OF, OTHER, World
from tests.redis_fixtures import Clock


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(companies=[HELD_OUT, OTHER]), FakeJobs(), FakePeople(), clock)


async def test_reconnecting_keeps_the_old_sign_in_until_the_new_one_works(world: World) -> None:
    """S34 S35 S36 S38: then the old one is withdrawn, by a job."""
    await world.connects()
    await world.signs_in("two", reconnecting=True)
    assert await world.refresh_token() == "refresh-one"
    finished = await world.finishes(HELD_OUT.id)
    assert (finished.already, await world.refresh_token()) == (False, "refresh-two")
    assert "connection.reconnected" in await world.said()
    assert (world.books.revoked, world.jobs.named("withdraw_retired")) == ([], [(str(OF),)])
    await world.service.withdraw_retired(OF)
    assert world.books.revoked == ["refresh-one"]


async def test_reconnecting_mends_a_broken_connection(world: World) -> None:
    """S29 C12 C17: what waited for it is put on the queue, and the log says once that it broke and once that
    it was mended."""
    await world.connects()
    gone = ReconnectNeeded("Zoho Books no longer accepts our sign-in.")
    assert await broke(world.store, world.jobs, world.clock, gone)
    assert not await broke(world.store, world.jobs, world.clock, gone)
    await world.signs_in("two", reconnecting=True)
    await world.finishes(HELD_OUT.id)
    connection = await world.service.current(OF)
    assert connection is not None
    assert (connection.state, connection.reason) == (ConnectionState.CONNECTED, "")
    assert len(world.jobs.named("release_held")) == 2
    assert len(world.jobs.named("probe")) == 2
    said = [words(entry) for entry in await world.store.log.latest(20) if "broken" in words(entry)]
    assert said == [
        f"found the connection to Held Out Ltd mended, which was broken: {gone.says}",
        f"found the connection to Held Out Ltd broken: {gone.says}",
    ]


@pytest.mark.parametrize("disconnects", [False, True])
@pytest.mark.parametrize(("told", "known"), [(None, True), (False, False)])
async def test_how_the_organisation_rounds_tax_is_known_after_reconnecting(
    world: World, told: bool | None, known: bool, disconnects: bool
) -> None:
    """S1 S29: learned of its records; a sign-in mostly does not tell it."""
    await world.connects()
    await world.store.connection.mark(
        lambda one: replace(one, organisation=replace(one.organisation, tax_by_document=True))
    )
    world.books.companies = [replace(HELD_OUT, tax_by_document=told), OTHER]
    if disconnects:
        await world.service.disconnect(OF, ADA)
    await world.signs_in("two", reconnecting=not disconnects)
    finished = await world.finishes(HELD_OUT.id)
    assert finished.connection.organisation == replace(HELD_OUT, tax_by_document=known)
    assert await world.service.current(OF) == finished.connection


async def test_another_organisation_does_not_inherit_how_tax_is_rounded(world: World) -> None:
    """S1."""
    await world.connects()
    await world.store.connection.mark(
        lambda one: replace(one, organisation=replace(one.organisation, tax_by_document=True))
    )
    await world.signs_in("two", reconnecting=True)
    finished = await world.finishes(OTHER.id, typed_name=HELD_OUT.name)
    assert finished.connection.organisation.tax_by_document is None


async def test_a_sign_in_that_is_over_does_not_pass_for_finished_while_broken(world: World) -> None:
    """S38: Finish pressed too late, and the connection does not work yet."""
    await world.connects()
    await broke(world.store, world.jobs, world.clock, ReconnectNeeded("gone"))
    with pytest.raises(SignInFailed, match="over"):
        await world.finishes(HELD_OUT.id)


@pytest.mark.parametrize("fault", [None, Unavailable("Zoho Books does not answer.")])
async def test_disconnecting_forgets_the_sign_in_and_nothing_else(
    world: World, fault: Exception | None
) -> None:
    """S16: withdrawn where it can be; settings and lists stay either way."""
    await world.connects()
    await world.store.lists.stage("g", ListKind.TAXES, [STANDARD_RATE])
    await world.store.lists.commit("g", [ListKind.TAXES], world.clock())
    await world.store.refreshes.schedule(world.clock())
    settings, lists = await world.store.settings.read(), await world.store.lists.state()
    world.books.revoke_fault = fault
    gone = await world.service.disconnect(OF, ADA)
    assert gone is not None
    assert gone.organisation == HELD_OUT
    assert (await world.service.current(OF), await world.refresh_token()) == (None, "")
    assert world.books.revoked == ([] if fault else ["refresh-one"])
    assert await world.store.refreshes.due_at() is None
    assert (await world.store.settings.read(), await world.store.lists.state()) == (settings, lists)
    (entry, *_) = await world.store.log.latest(1)
    assert (entry.what, bool(entry.after)) == ("connection.disconnected", fault is not None)
    assert await world.service.disconnect(OF, ADA) is None


async def test_a_withdrawal_that_fails_harms_nothing(world: World) -> None:
    """S38: the new sign-in works all the same."""
    await world.connects()
    world.books.revoke_fault = Unavailable("Zoho Books does not answer.")
    await world.signs_in("two", reconnecting=True)
    await world.finishes(HELD_OUT.id)
    await world.service.withdraw_retired(OF)
    connection = await world.service.current(OF)
    assert connection is not None
    assert connection.works


async def test_another_organisation_needs_its_old_name_typed(world: World) -> None:
    """S37: explained, confirmed by hand; the lists of the old one go."""
    await world.connects()
    await world.store.lists.stage("g", ListKind.TAXES, [STANDARD_RATE])
    await world.store.lists.commit("g", [ListKind.TAXES], world.clock())
    await world.signs_in("two", reconnecting=True)
    assert (await world.service.choose(OF, ADA, OTHER.id)).is_other
    for typed in ("", OTHER.name):
        with pytest.raises(FieldErrors) as refused:
            await world.finishes(OTHER.id, typed_name=typed)
        assert refused.value.fields == {"organisation_name": "Type Held Out Ltd to go on."}
    assert await world.refresh_token() == "refresh-one"
    assert await world.store.lists.active(ListKind.TAXES)
    finished = await world.finishes(OTHER.id, typed_name=" held out  LTD ")
    assert finished.connection.organisation == OTHER
    assert await world.store.lists.active(ListKind.TAXES) == []
