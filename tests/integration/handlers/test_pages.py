"""Connections pages that stand open are kept as their business is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

from bot.domain.lists import ListsState
from bot.services.connection import Finished
from bot.slack.blocks import connection as connection_blocks
from bot.slack.blocks import connections_page
from bot.slack.client import Slack
from tests.builders import NOON
from tests.integration.handlers.fakes import HOME, Connections, HowItStands, a_bot
from tests.integration.handlers.jobscene import Scene, a_scene
from tests.integration.handlers.slackside import BEN, Bot, a_view
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_view, texts

NEVER_READ = ListsState()


def a_stand(**more: Any) -> tuple[Bot, Scene, Connections, HowItStands]:
    """The bot, and the worker beside it, on the same services and the same Slack."""
    connections, stands = Connections(views.a_connection(), **more), HowItStands()
    bot = a_bot(connection=connections, status=stands)
    scene = a_scene(connection=connections, status=stands)
    context = replace(scene.context, slack=lambda _: cast(Slack, bot.slack))
    return bot, Scene(bot.slack, context), connections, stands


async def test_an_open_page_is_ticked_where_it_stands() -> None:
    """S2: ticked live; a page that is the same is left alone."""
    bot, worker, connections, _ = a_stand(lists=NEVER_READ)
    await bot.runs("connections")
    assert "🟡  Lists were never read" in texts(bot.slack.of("open")[0].what)
    await worker.runs("homes")
    assert bot.slack.of("turn") == []
    connections.lists = ListsState(NOON)
    await worker.runs("homes")
    (turned,) = bot.slack.of("turn")
    takes_view(turned.what)
    assert turned.where == "V1"
    assert "✅  Lists are fresh" in texts(turned.what)
    await worker.runs("homes")
    assert len(bot.slack.of("turn")) == 1


async def test_what_is_managed_stays_managed_and_a_member_still_has_no_button() -> None:
    """S2 S5 S16"""
    bot, worker, connections, _ = a_stand()
    await bot.clicks(connections_page.MANAGE, view=a_view("connection.page"))
    connections.lists = NEVER_READ
    await worker.runs("homes")
    manage = ["Reconnect", "Refresh integration data", "Settings", "Disconnect"]
    assert [buttons(one.what) for one in bot.slack.of("turn")] == [manage, manage]

    bot, worker, connections, _ = a_stand()
    await bot.runs("connections", BEN)
    connections.lists = NEVER_READ
    await worker.runs("homes")
    assert [buttons(one.what) for one in bot.slack.of("turn")] == [[]]


async def test_a_window_that_shows_something_else_is_let_go() -> None:
    """S2: closed, or turned into the steps of a reconnect meanwhile."""
    bot, worker, connections, stands = a_stand()
    await bot.runs("connections")
    bot.slack.gone.add("V1")
    connections.lists = NEVER_READ
    await worker.runs("homes")
    assert (bot.slack.of("turn"), stands.open_pages) == ([], {})


async def test_a_bot_that_was_not_invited_is_said_after_the_window_opened() -> None:
    """S2: asking Slack first could cost the three seconds in which a window must open."""
    bot, _, _, stands = a_stand()
    bot.slack.closed_to_us.add(HOME)
    await bot.runs("connections")
    assert "The bot is not in its channel" not in texts(bot.slack.of("open")[0].what)
    assert "🟡  The bot is not in its channel" in texts(bot.slack.of("turn")[0].what)
    assert stands.open_pages["V1"].state == "h2"


async def test_the_page_after_finish_is_kept_up_to_date_too() -> None:
    """S2 S14"""
    bot, worker, connections, _ = a_stand(lists=NEVER_READ)
    connections.finished = Finished(views.a_connection(), None, already=False)
    await bot.submits(connection_blocks.FINISH, private_metadata='{"organisation": "60001"}')
    connections.lists = ListsState(NOON)
    await worker.runs("homes")
    assert "✅  Lists are fresh" in texts(bot.slack.of("turn")[-1].what)
