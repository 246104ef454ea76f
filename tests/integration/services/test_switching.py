"""Another organisation than before: named, whether it is still connected or not, and agreed to by two."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.lists import ListKind
from bot.errors import FieldErrors, NotAllowed, SignInFailed
from bot.services.connection import Finished, SecondAdminAsked
from storage.store import RedisStorage
from tests.builders import ADA, BEN, STANDARD_RATE
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.connecting import HELD_OUT, OF, OTHER, World
from tests.redis_fixtures import Clock

OLD_NAME = HELD_OUT.name


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    people = FakePeople(admin_ids={ADA, BEN})
    return World(storage, FakeBooks(companies=[HELD_OUT, OTHER]), FakeJobs(), people, clock)


async def _two_are_needed(world: World) -> None:
    await world.connects()
    await world.store.settings.change(lambda settings: replace(settings, second_admin=True))


async def _asks(world: World) -> None:
    await world.signs_in("two", reconnecting=True)
    asked = await world.service.finish(OF, ADA, OTHER.id, typed_name=OLD_NAME)
    assert isinstance(asked, SecondAdminAsked)


async def _connected(world: World) -> str:
    connection = await world.service.current(OF)
    return connection.organisation.id if connection else ""


async def test_nothing_is_connected_before_a_second_admin_agrees(world: World) -> None:
    """S5 S37: the old sign-in stays in use; then it is connected for who asked, and both are in the log."""
    await _two_are_needed(world)
    await _asks(world)
    assert (await _connected(world), await world.refresh_token()) == (HELD_OUT.id, "refresh-one")
    assert world.jobs.named("switch_asked") == [(str(OF), ADA)]
    switch = await world.switching.asked(OF, ADA)
    assert switch is not None
    assert (switch.choice.organisation, list(switch.admins)) == (OTHER, [BEN])
    finished = await world.switching.agree(OF, BEN, ADA, OTHER.id)
    assert (finished.connection.organisation, finished.connection.connected_by) == (OTHER, ADA)
    assert await world.refresh_token() == "refresh-two"
    assert world.jobs.named("switch_answered") == [(str(OF), ADA, BEN, "agreed")]
    said = await world.said()
    assert [one for one in said if "switch" in one or "reconnected" in one] == [
        "connection.switch_asked", "connection.switch_agreed", "connection.reconnected"
    ]  # fmt: skip


async def test_who_asked_cannot_agree_and_nobody_agrees_twice(world: World) -> None:
    """S5: two people; an answered question is over."""
    await _two_are_needed(world)
    await _asks(world)
    with pytest.raises(NotAllowed, match="another Admin has to agree"):
        await world.switching.agree(OF, ADA, ADA, OTHER.id)
    await world.switching.agree(OF, BEN, ADA, OTHER.id)
    with pytest.raises(SignInFailed, match="question is over"):
        await world.switching.agree(OF, BEN, ADA, OTHER.id)
    assert await _connected(world) == OTHER.id


async def test_who_is_no_admin_any_more_is_not_agreed_to(world: World) -> None:
    """S5: the role is asked again at the moment it counts."""
    await _two_are_needed(world)
    await _asks(world)
    world.people.admin_ids = {BEN}
    with pytest.raises(NotAllowed):
        await world.switching.agree(OF, BEN, ADA, OTHER.id)
    assert await _connected(world) == HELD_OUT.id


async def test_refused_nothing_changes_and_the_sign_in_is_given_back(world: World) -> None:
    """S5 S34: withdrawn at the accounting software; what was connected goes on."""
    await _two_are_needed(world)
    await _asks(world)
    await world.switching.refuse(OF, BEN, ADA, OTHER.id)
    assert (await _connected(world), await world.refresh_token()) == (HELD_OUT.id, "refresh-one")
    assert world.books.revoked == ["refresh-two"]
    assert world.jobs.named("switch_answered") == [(str(OF), ADA, BEN, "refused")]
    with pytest.raises(SignInFailed, match="question is over"):
        await world.switching.agree(OF, BEN, ADA, OTHER.id)


async def test_the_same_organisation_needs_nobody_else(world: World) -> None:
    """S34: a reconnection mends; it switches nothing."""
    await _two_are_needed(world)
    await world.signs_in("two", reconnecting=True)
    assert isinstance(await world.service.finish(OF, ADA, HELD_OUT.id), Finished)


@pytest.mark.parametrize("second_admin", [False, True])
async def test_disconnecting_first_is_no_way_round(world: World, second_admin: bool) -> None:
    """S37: the lists, rules and codings here are still those of the organisation connected last."""
    await world.connects()
    await world.store.settings.change(lambda settings: replace(settings, second_admin=second_admin))
    await world.store.lists.stage("g", ListKind.TAXES, [STANDARD_RATE])
    await world.store.lists.commit("g", [ListKind.TAXES], world.clock())
    await world.service.disconnect(OF, ADA)
    await world.signs_in("two")
    last = await world.service.last_organisation(OF)
    assert last == HELD_OUT
    assert (await world.service.choose(OF, ADA, OTHER.id)).is_other
    with pytest.raises(FieldErrors):
        await world.service.finish(OF, ADA, OTHER.id)
    answer = await world.service.finish(OF, ADA, OTHER.id, typed_name=OLD_NAME)
    assert isinstance(answer, SecondAdminAsked if second_admin else Finished)
    if second_admin:
        assert await _connected(world) == ""
        await world.switching.agree(OF, BEN, ADA, OTHER.id)
    assert await _connected(world) == OTHER.id
    assert await world.store.lists.active(ListKind.TAXES) == []
    mapping = await world.store.mappings.pending()
    assert mapping is not None
    assert (mapping.from_id, mapping.to_id) == (HELD_OUT.id, OTHER.id)


async def test_after_disconnecting_the_same_organisation_is_simply_connected(world: World) -> None:
    """S14 S37: its lists are those that are here."""
    await world.connects()
    await world.service.disconnect(OF, ADA)
    finished = await world.connects("two")
    assert finished.connection.organisation == HELD_OUT
    assert "connection.reconnected" not in await world.said()


async def test_one_agrees_to_what_one_was_shown_alone(world: World) -> None:
    """S5: asked anew for another organisation, an older question answers nothing."""
    third = replace(OTHER, id="60003", name="Somebody Else Ltd")
    world.books.companies.append(third)
    await _two_are_needed(world)
    await _asks(world)
    asked = await world.service.finish(OF, ADA, third.id, typed_name=OLD_NAME)
    assert isinstance(asked, SecondAdminAsked)
    with pytest.raises(SignInFailed, match="question is over"):
        await world.switching.agree(OF, BEN, ADA, OTHER.id)
    assert await _connected(world) == HELD_OUT.id
    await world.switching.agree(OF, BEN, ADA, third.id)
    assert await _connected(world) == third.id
