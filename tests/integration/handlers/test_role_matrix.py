"""Who may do what: every way into the bot, asked of a member and of an Admin."""

from __future__ import annotations

import pytest

from bot.domain.roles import Role
from handlers.commands import FEATURES
from handlers.kit import Entry, Table
from tests.integration.handlers.slackside import BEN, Bot, services

TABLE = Table.of(FEATURES)
COMMANDS = {
    "help": Role.MEMBER,
    "connect": Role.ADMIN,
    "connections": Role.MEMBER,
    "reconnect": Role.ADMIN,
    "disconnect": Role.ADMIN,
    "refresh": Role.ADMIN,
    "mapping": Role.ADMIN,
    "settings": Role.ADMIN,
    "rules": Role.ADMIN,
    "items": Role.MEMBER,
    "add": Role.MEMBER,
    "claim": Role.MEMBER,
    "import": Role.MEMBER,
    "publish": Role.APPROVER,
    "report": Role.APPROVER,
    "books": Role.MEMBER,
    "digest": Role.MEMBER,
    "status": Role.MEMBER,
    "roles": Role.ADMIN,
    "api-key": Role.ADMIN,
    "log": Role.ADMIN,
}
"""The table of commands that people rely on: who each is for."""
FOR_ALL = {
    "items.list",
    "items.turn.on",
    "items.turn.back",
    "item.edit",
    "history.turn.on",
    "history.turn.back",
    "item.save",
    "lines.open",
    "lines.turn.on",
    "lines.turn.back",
    "lines.change",
    "lines.add",
    "lines.take_back",
    "lines.save",
    "import.take",
    "import.confirm",
    "import.read_as",
    "import.cancel",
    "item.accept_tax",
    "item.take",
    "item.keep_back",
    "item.more",
    "item.look",
    "add.save",
    "refresh.report",
    "refresh.report_turn.on",
    "refresh.report_turn.back",
    "refresh.items",
    "duplicate.open",
    "books.open",
    "books.turn.on",
    "books.turn.back",
    "item.undo_open",
    "digest.save",
    "claim.owner",
    "claim.tried",
    "claim.receipts",
    "claim.dissolve",
    "claim.take_out",
    "claim.add",
    "claim.edit_receipt",
    "claim.make",
    "claim.choose",
    "claim.put_in",
}
"""What a member may press besides commands; all else needs a role."""


def _privileged(entries: dict[str, Entry]) -> list[str]:
    return sorted(name for name, entry in entries.items() if entry.role > Role.MEMBER)


@pytest.mark.parametrize("name", sorted(TABLE.features))
def test_a_command_is_for_whom_it_is_promised_to(name: str) -> None:
    command = TABLE.features[name].command
    assert command is not None
    assert command.role is COMMANDS[name]


def test_members_may_press_what_needs_no_role_and_nothing_else() -> None:
    entries = {**TABLE.actions, **TABLE.submissions}
    assert {name for name, entry in entries.items() if entry.role is Role.MEMBER} <= FOR_ALL


def test_every_entry_that_needs_a_role_says_what_it_is_needed_for() -> None:
    """“Only an Admin can …”: the sentence must end in something."""
    entries = {**TABLE.actions, **TABLE.submissions}
    assert [name for name in _privileged(entries) if entries[name].what == Entry(Role.MEMBER).what] == []


@pytest.mark.parametrize("name", sorted(name for name in TABLE.features if COMMANDS.get(name, Role.ADMIN)))
async def test_a_member_who_says_a_privileged_command_is_refused_privately(name: str) -> None:
    """S5: nothing is asked of any service, nothing is opened."""
    bot = Bot(FEATURES, services())
    await bot.runs(name, BEN)
    _refused(bot)


@pytest.mark.parametrize("name", _privileged(dict(TABLE.actions)))
async def test_a_member_who_presses_a_privileged_button_is_refused_privately(name: str) -> None:
    """S5."""
    bot = Bot(FEATURES, services())
    await bot.clicks(name, "v1", BEN)
    _refused(bot)


@pytest.mark.parametrize("name", _privileged(dict(TABLE.submissions)))
async def test_a_member_who_submits_a_privileged_form_is_refused(name: str) -> None:
    """S5: an old window that is still open gives nobody a right."""
    bot = Bot(FEATURES, services())
    answer = await bot.submits(name, BEN)
    if answer.text:
        assert "Only an" in str(answer.json()["view"])
        assert bot.slack.told == []
    else:
        _refused(bot)


def _refused(bot: Bot) -> None:
    (told,) = bot.slack.told
    assert (told.how, told.where) == ("whisper", BEN.id)
    assert told.what["text"].startswith("Only an")
    assert "<@UADA> is an Admin." in told.what["text"]
