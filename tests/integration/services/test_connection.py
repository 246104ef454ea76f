"""Connecting: the link, the way out and back, the choice, Finish; every way it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from bot.domain.connection import Connection, SignInStage
from bot.errors import AlreadyDone, BotError, FieldErrors, NotAllowed, NotFound, SignInFailed, Unavailable
from storage.store import RedisStorage
from tests.builders import ADA, BEN
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.connecting import FINANCE, HELD_OUT, OF, OTHER, ZOHO, World
from tests.integration.services.killing import Died
from tests.redis_fixtures import Clock


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(companies=[HELD_OUT, OTHER]), FakeJobs(), FakePeople(), clock)


async def test_from_the_link_to_a_connection_with_its_first_refresh(world: World) -> None:
    """S11 S12 S13 S14 S15: connected by Finish only, the first refresh and what was held go on at once."""
    await world.signs_in()
    assert world.jobs.named("signed_in") == [(str(OF), ADA)]
    assert await world.service.current(OF) is None
    pending = await world.sign_in.pending(OF, ADA)
    assert pending is not None
    assert (pending.stage, pending.organisations) == (SignInStage.SIGNED_IN, (HELD_OUT, OTHER))
    choice = await world.service.choose(OF, ADA, HELD_OUT.id)
    assert (choice.organisation, choice.current, choice.is_other) == (HELD_OUT, None, False)
    finished = await world.finishes(HELD_OUT.id)
    assert finished.connection == Connection(ZOHO, HELD_OUT, ADA, world.clock())
    assert finished.refresh is not None
    assert world.jobs.named("refresh") == [(str(OF), finished.refresh.id)]
    assert world.jobs.named("release_held") == [(str(OF),)]
    assert world.jobs.named("withdraw_retired") == []
    assert await world.refresh_token() == "refresh-one"
    assert (await world.store.settings.read()).channel == FINANCE
    overview = await world.service.overview(OF)
    assert (overview.connection, overview.software) == (finished.connection, world.books)
    assert await world.said() == [
        "connection.link_made",
        "connection.signed_in",
        "connection.finished",
        "lists.refresh_asked",
    ]


async def test_a_second_finish_has_no_effect(world: World) -> None:
    """S14 S38: the same answer, nothing done twice."""
    first = await world.connects()
    jobs, said = list(world.jobs.queue), await world.said()
    again = await world.finishes(HELD_OUT.id)
    assert (again.already, again.connection) == (True, first.connection)
    assert (world.jobs.queue, await world.said()) == (jobs, said)


async def test_two_finishes_at_once_are_one(world: World) -> None:
    """S14: a double click."""
    await world.signs_in()
    both = await asyncio.gather(*(world.finishes(HELD_OUT.id) for _ in range(2)))
    assert sorted(one.already for one in both) == [False, True]
    assert (await world.said()).count("connection.finished") == 1
    assert len(world.jobs.named("release_held")) == 1


async def test_finish_again_after_a_crash_does_what_was_left_undone(world: World) -> None:
    """S14 C3: killed at every job it puts on the queue; the next Finish completes it."""
    await world.signs_in()
    for alive in range(2):
        left = iter(range(alive))

        async def dies(left: Iterator[int] = left) -> None:
            if next(left, None) is None:
                raise Died

        world.jobs.step = dies
        with pytest.raises(Died):
            await world.finishes(HELD_OUT.id)
    world.jobs.step = FakeJobs().step
    assert not (await world.finishes(HELD_OUT.id)).already
    assert len(world.jobs.named("refresh")) == len(world.jobs.named("release_held")) == 1
    assert (await world.finishes(HELD_OUT.id)).already


async def test_leaving_before_finish_leaves_nothing_connected(world: World) -> None:
    """S14: what the sign-in gave is withdrawn."""
    await world.signs_in()
    await world.sign_in.cancel(OF, ADA)
    assert world.books.revoked == ["refresh-one"]
    assert await world.service.current(OF) is None
    with pytest.raises(SignInFailed, match="over"):
        await world.finishes(HELD_OUT.id)


async def test_what_is_connected_is_not_connected_again(world: World) -> None:
    """S11: reconnecting is another word."""
    await world.connects()
    with pytest.raises(AlreadyDone, match="/dext reconnect"):
        await world.link()
    assert await world.link(reconnecting=True)


async def test_software_that_is_not_offered_is_refused(world: World) -> None:
    """S10: named, not guessed."""
    with pytest.raises(NotFound):
        await world.sign_in.begin(OF, ADA, FINANCE, "abacus")
    with pytest.raises(NotFound):
        await world.sign_in.came_back("abacus", {}, None)


# --- the link


@pytest.mark.parametrize("made_up", ["", "nonsense", "T1.b1.nonsense", "..", "T1.b1", "a.b.c.d"])
async def test_an_unknown_link_or_state_opens_nothing(world: World, made_up: str) -> None:
    """S11: whatever is in the address."""
    await world.link()
    with pytest.raises(SignInFailed):
        await world.sign_in.open_link(made_up, None)
    with pytest.raises(SignInFailed):
        await world.sign_in.came_back(ZOHO, {"state": made_up, "code": "one"}, "browser")
    assert world.jobs.queue == []


async def test_the_first_browser_owns_the_link(world: World) -> None:
    """S11: another one is refused, the first may open it again."""
    link = await world.link()
    state, browser = await world.leaves(link)
    for foreign in (None, "another"):
        with pytest.raises(SignInFailed, match="used or is older"):
            await world.sign_in.open_link(link, foreign)
    assert await world.leaves(link, browser) == (state, browser)


async def test_a_second_link_ends_the_first(world: World) -> None:
    """S11: a person has one sign-in at a time."""
    first = await world.link()
    second = await world.link()
    with pytest.raises(SignInFailed):
        await world.sign_in.open_link(first, None)
    assert await world.leaves(second)


async def test_after_ten_minutes_link_and_return_are_refused(world: World) -> None:
    """S11: to the second."""
    link = await world.link()
    world.clock.forward(minutes=10)
    state, browser = await world.leaves(link)
    world.clock.forward(seconds=1)
    with pytest.raises(SignInFailed, match="older than ten minutes"):
        await world.sign_in.open_link(link, browser)
    with pytest.raises(SignInFailed, match="older than ten minutes"):
        await world.sign_in.came_back(ZOHO, {"state": state, "code": "one"}, browser)
    assert await world.service.current(OF) is None


# --- the way back


async def test_a_return_in_another_browser_is_refused_and_uses_the_state_up(world: World) -> None:
    """S11 S12: neither the foreign browser nor, afterwards, the right one gets in."""
    state, browser = await world.leaves(await world.link())
    query = {"state": state, "code": "one"}
    with pytest.raises(SignInFailed, match="another browser"):
        await world.sign_in.came_back(ZOHO, query, "another")
    with pytest.raises(SignInFailed, match="used"):
        await world.sign_in.came_back(ZOHO, query, browser)
    assert world.jobs.named("signed_in") == []


async def test_a_return_without_the_link_opened_is_refused(world: World) -> None:
    """S11: a state that was never in a browser belongs to none."""
    await world.link()
    pending = await world.sign_in.pending(OF, ADA)
    assert pending is not None
    with pytest.raises(SignInFailed, match="another browser"):
        await world.sign_in.came_back(ZOHO, {"state": pending.state, "code": "one"}, "")


async def test_a_return_is_taken_once(world: World) -> None:
    """S11: the same address again, in the same browser."""
    state, browser = await world.leaves(await world.link())
    query = {"state": state, "code": "one"}
    await world.sign_in.came_back(ZOHO, query, browser)
    with pytest.raises(SignInFailed, match="used"):
        await world.sign_in.came_back(ZOHO, query, browser)
    assert len(world.jobs.named("signed_in")) == 1


async def _comes_back(world: World) -> None:
    state, browser = await world.leaves(await world.link())
    await world.sign_in.came_back(ZOHO, {"state": state, "code": "one"}, browser)


async def test_a_role_taken_away_meanwhile_stops_before_the_code_is_used(world: World) -> None:
    """S5 S12: asked again on the way back; told and logged."""
    state, browser = await world.leaves(await world.link())
    world.people.admin_ids = {BEN}
    world.books.exchange_fault = AssertionError("the code was used")
    with pytest.raises(NotAllowed):
        await world.sign_in.came_back(ZOHO, {"state": state, "code": "one"}, browser)
    assert [ids[1] for ids in world.jobs.named("sign_in_failed")] == [ADA]
    assert (await world.said())[-2:] == ["refused.role", "connection.sign_in_failed"]


@pytest.mark.parametrize("fault", [SignInFailed("You did not allow access."), Unavailable("Down.")])
async def test_a_refusal_of_the_software_is_told_and_changes_nothing(world: World, fault: BotError) -> None:
    """S12: the old state stays, the person hears why in Slack."""
    await world.connects()
    world.books.exchange_fault = fault
    state, browser = await world.leaves(await world.link(reconnecting=True))
    before = await world.service.current(OF)
    with pytest.raises(type(fault)):
        await world.sign_in.came_back(ZOHO, {"state": state, "error": "access_denied"}, browser)
    assert world.jobs.named("sign_in_failed") == [(str(OF), ADA, fault.sentence)]
    assert (await world.service.current(OF), await world.refresh_token()) == (before, "refresh-one")
    with pytest.raises(SignInFailed):
        await world.service.choose(OF, ADA, HELD_OUT.id)


async def test_somebody_without_an_organisation_is_told(world: World) -> None:
    """S13: with what to do."""
    world.books.companies = []
    with pytest.raises(SignInFailed, match="has no organisation"):
        await _comes_back(world)
    ((_, _, says),) = world.jobs.named("sign_in_failed")
    assert "Make one in Zoho Books" in says


async def test_a_modal_opened_meanwhile_is_still_turned(world: World) -> None:
    """S13: the view is remembered while the browser is away, and forgotten when closed."""
    state, browser = await world.leaves(await world.link())
    await world.sign_in.remember_view(OF, ADA, "V1")
    await world.sign_in.came_back(ZOHO, {"state": state, "code": "one"}, browser)
    pending = await world.sign_in.pending(OF, ADA)
    assert pending is not None
    assert pending.view_id == "V1"
    await world.sign_in.remember_view(OF, ADA, "")
    pending = await world.sign_in.pending(OF, ADA)
    assert pending is not None
    assert (pending.view_id, pending.stage) == ("", SignInStage.SIGNED_IN)


# --- choosing


async def test_only_an_organisation_of_the_list_is_taken(world: World) -> None:
    """S13: nothing chosen, or something forged, is refused at its field."""
    await world.signs_in()
    for forged in ("", "69999"):
        with pytest.raises(FieldErrors) as refused:
            await world.service.choose(OF, ADA, forged)
        assert set(refused.value.fields) == {"organisation"}
        with pytest.raises(FieldErrors):
            await world.finishes(forged)
    assert await world.service.current(OF) is None
    with pytest.raises(SignInFailed):
        await world.service.finish(OF, BEN, HELD_OUT.id)


@pytest.mark.parametrize(("place", "kept"), [("eu", "eu"), ("any", ""), ("moon", "")])
async def test_the_sign_in_starts_and_returns_where_it_was_chosen(
    world: World, place: str, kept: str
) -> None:
    """S10: the link stays the same; a place that is none changes nothing."""
    link = await world.link()
    await world.sign_in.start_at(OF, ADA, place)
    opened = await world.sign_in.open_link(link, None)
    assert opened.authorize_url.startswith(f"https://sign-in{kept}.example/")
    state, browser = await world.leaves(link, opened.browser)
    await world.sign_in.came_back(ZOHO, {"state": state, "code": "one"}, browser)
    assert world.books.exchanged_at == kept
