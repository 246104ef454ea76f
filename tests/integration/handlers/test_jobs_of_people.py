"""Signing in: who waits hears what came of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
import structlog

from bot.slack.blocks import connection as connection_blocks
from tests.integration.handlers.jobscene import HOME, FakeConnections, a_scene
from tests.integration.handlers.slackside import ADA
from tests.unit.slack import views

# --- sign-in


async def test_the_open_window_turns_into_select_organisation_by_itself() -> None:
    """S13."""
    sign_in = replace(views.a_sign_in(), view_id="V1")
    scene = a_scene(connection=FakeConnections(None, sign_in))
    await scene.runs("signed_in", ADA.id)
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("turn", "V1")
    assert told.what["title"]["text"] == "Select organisation"


@pytest.mark.parametrize("view_id", ["", "V1"])
async def test_when_the_window_was_closed_a_private_message_goes_on(view_id: str) -> None:
    sign_in = replace(views.a_sign_in(), view_id=view_id)
    scene = a_scene(connection=FakeConnections(None, sign_in))
    scene.slack.gone = {"V1"}
    await scene.runs("signed_in", ADA.id)
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("direct", ADA.id)
    assert "Choose organisation" in told.text


async def test_a_sign_in_that_is_over_shows_nothing() -> None:
    scene = a_scene(connection=FakeConnections(None, None))
    await scene.runs("signed_in", ADA.id)
    assert scene.slack.told == []


async def test_a_sign_in_that_failed_says_so_where_the_person_waits() -> None:
    """S12."""
    scene = a_scene(connection=FakeConnections(None, replace(views.a_sign_in(), view_id="V1")))
    await scene.runs("sign_in_failed", ADA.id, "You did not agree. Start again with `/dext connect`.")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("turn", "V1")
    assert "You did not agree. Start again with `/dext connect`." in told.text


async def test_a_broken_connection_is_told_to_the_admins_with_the_button_that_mends_it() -> None:
    """S28: Reconnect is offered in the error itself."""
    scene = a_scene(connection=FakeConnections(views.a_connection(works=False), held=12))
    with structlog.testing.capture_logs():
        await scene.runs("connection_broken")
    told, here = scene.slack.told
    assert (told.how, told.where) == ("direct", ADA.id)
    assert "Reconnect needed" in told.text
    assert connection_blocks.RECONNECT in told.text
    assert (here.how, here.where) == ("post", HOME)
    assert "go on by themselves" in here.text
    assert "<@" not in here.text


async def test_a_connection_that_works_again_is_not_called_broken() -> None:
    scene = a_scene()
    await scene.runs("connection_broken")
    assert scene.slack.told == []
