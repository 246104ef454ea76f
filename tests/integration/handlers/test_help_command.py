"""`/dext help` for this person, and its topics."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.items import ItemStatus
from bot.domain.needs import Needs
from bot.domain.roles import Role
from bot.domain.status import Status
from handlers.commands.help import wanted
from tests.integration.handlers.fakes import Connections, HowItStands, a_bot
from tests.integration.handlers.slackside import BEN as BEN_PERSON
from tests.unit.slack import views
from tests.unit.slack.checking import takes_message, texts

NOTHING, WELL, BADLY = views.every_status()


def a_status(**changes: Any) -> Status:
    return replace(WELL, **changes)


@pytest.mark.parametrize(
    ("status", "role", "first"),
    [
        (NOTHING, Role.ADMIN, "connect"),
        (a_status(), Role.APPROVER, "publish"),
        (a_status(counts={ItemStatus.READY: 3}), Role.MEMBER, "items"),
        (a_status(counts={ItemStatus.FAILED: 1}), Role.ADMIN, "status"),
        (a_status(counts={ItemStatus.NEEDS_ATTENTION: 1}), Role.MEMBER, "items"),
        (BADLY, Role.ADMIN, "reconnect"),
    ],
)
def test_the_command_most_likely_wanted_comes_first(status: Status, role: Role, first: str) -> None:
    """C33"""
    assert wanted(status, role)[0] == first


async def test_help_begins_with_the_state_then_four_then_all() -> None:
    """C33"""
    bot = a_bot(status=HowItStands(a_status(counts={ItemStatus.NEEDS_ATTENTION: 3})))
    await bot.runs("help", BEN_PERSON)
    first, likely, every, *_ = bot.slack.of("whisper")[0].what["blocks"]
    assert first["text"]["text"] == "*Connected to Held Out Ltd. 3 items need attention.*"
    assert likely["text"]["text"].count("/dext") == 4
    assert "`/dext status`" in every["text"]["text"]
    assert "`/dext roles`" not in every["text"]["text"]


@pytest.mark.parametrize("line", ["help auto-publish", "help auto", "help Auto publish", "auto-publish"])
async def test_help_explains_a_topic(line: str) -> None:
    """S27: precedence, exceptions, hold and Undo, how to see what went by itself."""
    bot = a_bot()
    await bot.runs(line, BEN_PERSON)
    (told,) = bot.slack.told
    takes_message(told.what)
    assert told.how == "whisper"
    for said in ("goes before the supplier's", "Never by themselves", "*Undo*", "/dext log auto", "History"):
        assert said in texts(told.what)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("refesh suppliers", "There is no `/dext refesh`. Did you mean `/dext refresh`?"),
        ("show me the items", "There is no `/dext show`. Did you mean `/dext items`?"),
        ("sync", "There is no `/dext sync`. Did you mean `/dext refresh`?"),
        ("login", "There is no `/dext login`. Did you mean `/dext reconnect`?"),
        ("what can i upload", "There is no `/dext what`. Did you mean `/dext import`?"),
        ("apikey", "There is no `/dext apikey`. Did you mean `/dext api-key`?"),
        ("help histroy", "There is no `/dext histroy`. Did you mean `/dext help history`?"),
        ("qqqq", "There is no `/dext qqqq`."),
    ],
)
async def test_what_nobody_knows_gets_the_command_that_was_meant(line: str, says: str) -> None:
    """C33: mistyped, in other words, or somewhere in a sentence."""
    bot = a_bot(status=HowItStands(WELL))
    await bot.runs(line)
    assert bot.slack.told[0].what["text"] == says


async def test_a_command_that_is_not_theirs_is_not_suggested() -> None:
    """C33 S5"""
    bot = a_bot(status=HowItStands(WELL))
    await bot.runs("permissions", BEN_PERSON)
    assert bot.slack.told[0].what["text"] == "There is no `/dext permissions`."


async def test_what_an_item_needs_is_told_from_the_organisations_own_lists() -> None:
    """S4: and in general before anything is connected."""
    connections = Connections(WELL.connection)
    bot = a_bot(connection=connections)
    await bot.runs("help needs", BEN_PERSON)
    assert "After `/dext connect` this names" in texts(bot.slack.told[0].what)
    connections.needed = Needs("Zoho Books", "Held <Out>", 9, 2, ("Petty Cash",), (), ("GBP", "EUR"))
    await bot.runs("help needs", BEN_PERSON)
    told = bot.slack.told[1].what
    takes_message(told)
    for said in (
        "What Zoho Books needs of Held &lt;Out&gt;'s items",
        "one of 9 categories for costs",
        "the account it was paid from: Petty Cash",
        "none: the organisation has no taxes",
        "GBP, EUR",
    ):
        assert said in texts(told)
