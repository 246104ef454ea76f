"""`/dext status` and the look that it begins; the daily one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.domain.lists import RefreshState
from bot.domain.probe import Finding, Probe
from bot.services.probe import Probed
from tests.builders import ADA, NOON
from tests.integration.handlers.fakes import HowItStands, a_bot
from tests.integration.handlers.jobscene import a_scene
from tests.integration.handlers.slackside import BEN as BEN_PERSON
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_message, takes_view, texts

_, WELL, BADLY = views.every_status()


@dataclass
class Probing:
    """`ProbeService`."""

    found: Probed | None = None
    asked: list[Any] = field(default_factory=list)

    async def ask(self, _: object, person: str, view_id: str) -> None:
        self.asked.append((person, view_id))

    async def run(self, _: object, *, by: str = "") -> Probed | None:
        return self.found


async def test_an_admin_sees_how_it_stands_and_a_look_is_begun() -> None:
    """C17"""
    probe = Probing()
    bot = a_bot(status=HowItStands(WELL), probe=probe)
    await bot.runs("status")
    view = bot.slack.of("open")[0].what
    assert "Connected to Held Out Ltd. Nothing needs attention." in texts(view)
    assert "214 of 10,000 calls used today, 9,786 left" in texts(view)
    assert "Checking what we may do" in texts(view)
    assert probe.asked == [(ADA, "V1")]


async def test_a_member_sees_the_same_without_buttons_that_are_not_theirs() -> None:
    bot = a_bot(status=HowItStands(BADLY), probe=Probing())
    await bot.runs("status", BEN_PERSON)
    view = bot.slack.of("open")[0].what
    takes_view(view)
    assert "Reconnect needed" in texts(view)
    assert "Checking" not in texts(view)
    assert set(buttons(view)) == {"Show"}


async def test_an_admin_has_the_button_that_mends_each_problem() -> None:
    """C15 C16"""
    bot = a_bot(status=HowItStands(BADLY), probe=Probing())
    await bot.runs("status")
    view = bot.slack.of("open")[0].what
    assert {"Reconnect", "Refresh", "Retry all of this cause", "Show"} <= set(buttons(view))


FINDING = Finding("bills", "rights", "Our sign-in has no right for bills.", "Sign in again.")


async def test_the_look_turns_the_open_window_and_tells_other_admins_once() -> None:
    """C17"""
    probe = Probing(Probed(Probe(NOON, ("bills",), (FINDING,)), [FINDING]))
    status = replace(WELL, probe=Probe(NOON, ("bills",), (FINDING,)))
    scene = a_scene(probe=probe, status=HowItStands(status))
    await scene.runs("probe_for", "UTOM", "V1")
    assert "no right for bills" in scene.slack.of("turn")[0].text
    assert [(one.where, buttons(one.what)) for one in scene.slack.of("direct")] == [(ADA, ["Reconnect"])]
    takes_message(scene.slack.of("direct")[0].what)


@pytest.mark.parametrize(
    ("probe", "says"),
    [
        (Probe(NOON, ("a", "b")), "Checked 2 rights just now: nothing is missing."),
        (Probe(NOON, (), (), "Too many calls."), "The check stopped early: Too many calls."),
    ],
)
async def test_what_came_of_the_look_is_said(probe: Probe, says: str) -> None:
    scene = a_scene(probe=Probing(Probed(probe)), status=HowItStands(WELL))
    await scene.runs("probe_for", ADA, "V1")
    assert says in scene.slack.of("turn")[0].text
    assert scene.slack.of("direct") == []


async def test_the_daily_look_tells_the_admins_what_is_new_and_no_more() -> None:
    """C17"""
    known = Probed(Probe(NOON, ("bills",), (FINDING,)), [])
    for found, told in ((known, 0), (replace(known, new=[FINDING]), 1), (None, 0)):
        scene = a_scene(probe=Probing(found))
        await scene.runs("probe")
        assert len(scene.slack.of("direct")) == told


def test_a_refresh_that_failed_is_a_problem_with_its_button() -> None:
    assert BADLY.refresh is not None
    assert BADLY.refresh.state is RefreshState.FAILED
