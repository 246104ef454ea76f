"""A workspace in a file: what a person saw is there again after a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.sandbox.slack import SlackServer, Workspace, keeping, sample_workspace


def _chat(workspace: Workspace) -> list[str]:
    return [message.text for message in workspace.messages("#finance")]


async def test_people_messages_and_files_are_there_again(tmp_path: Path) -> None:
    """People, secrets and bytes too; a new message comes after the old ones."""
    before, path = sample_workspace(), tmp_path / "slack.json"
    async with keeping.kept(before, path), SlackServer(before) as server:
        await server.person("ada").writes("Lunch at one?")
        before.add_file("a.pdf", b"\x00\xff%PDF", user=before.person("ada").id)
    after = sample_workspace()
    assert keeping.read(after, path)
    assert _chat(after) == ["Lunch at one?"]
    assert (after.members, after.channels, after.files) == (before.members, before.channels, before.files)
    assert (after.bot_token, after.bot.id) == (before.bot_token, before.bot.id)
    async with SlackServer(after) as server:
        await server.person("ada").writes("Or at two?")
    assert _chat(after) == ["Lunch at one?", "Or at two?"]
    assert len({message.ts for message in after.history}) == 2


async def test_a_change_is_written_down_soon(tmp_path: Path) -> None:
    """A sandbox that is killed has forgotten next to nothing."""
    workspace, path = sample_workspace(), tmp_path / "slack.json"
    async with keeping.kept(workspace, path), SlackServer(workspace) as server:
        await server.person("ada").writes("Lunch at one?")
        async with asyncio.timeout(5):
            while not path.exists() or b"Lunch at one?" not in path.read_bytes():  # noqa: ASYNC110 - no event
                await asyncio.sleep(0.01)


def test_without_a_file_there_is_nothing_to_go_on_with(tmp_path: Path) -> None:
    assert not keeping.read(sample_workspace(), tmp_path / "slack.json")


def test_a_file_that_is_not_ours_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    path.write_text("{}")
    with pytest.raises(ValueError, match="validation error"):
        keeping.read(sample_workspace(), path)
