"""App Home, kept up to date."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.connection import ConnectionState
from bot.domain.identity import PersonId
from handlers import home
from handlers.kit import Call
from tests.builders import ADA, BEN
from tests.integration.handlers.fakes import HOME, Connections, HowItStands, a_bot
from tests.integration.handlers.jobscene import BUSINESS, a_scene
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_view, texts

_, WELL, _ = views.every_status()


async def test_home_shows_where_it_stands_and_what_is_missing() -> None:
    """S2 S8"""
    bot = a_bot(status=HowItStands(WELL), connection=Connections(WELL.connection))
    await _opens(bot, ADA)
    (told,) = bot.slack.of("home")
    takes_view(told.what, "home")
    whole = texts(told.what)
    assert whole.startswith("*Connected to Held Out Ltd.")
    assert "🟡  Default tax for costs is not set" in whole
    assert "✅  Channel for cards and status messages" in whole
    assert "Also helpful: A first supplier rule" in whole
    assert "3 items to publish" in whole
    assert {"Settings", "Manage", "Publish all", "Review"} <= set(buttons(told.what))


async def test_home_of_a_member_has_no_button_that_would_be_refused() -> None:
    """S2 S5"""
    bot = a_bot(status=HowItStands(WELL), connection=Connections(WELL.connection))
    await _opens(bot, BEN)
    assert buttons(bot.slack.of("home")[0].what) == []


async def test_an_open_home_is_made_anew_only_where_it_changed() -> None:
    """S2: ticked live."""
    stands = HowItStands(WELL)
    connections = Connections(WELL.connection)
    bot = a_bot(status=stands, connection=connections)
    await _opens(bot, ADA)
    scene = a_scene(status=stands, connection=connections)
    await scene.runs("homes")
    assert scene.slack.told == []
    assert WELL.connection is not None
    broken = replace(WELL.connection, state=ConnectionState.RECONNECT_NEEDED)
    stands.status = replace(WELL, connection=broken)
    await scene.runs("homes")
    (told,) = scene.slack.of("home")
    assert "Reconnect needed: Held Out Ltd" in texts(told.what)
    await scene.runs("homes")
    assert len(scene.slack.told) == 1


async def _opens(bot: Any, person: PersonId) -> None:
    call = Call(bot.slack, BUSINESS.workspace, person, HOME)
    await home.opened(call, bot.services)
