"""The workspace in a file, so that a sandbox with a data folder goes on where it was stopped.

Kept is what outlives a session in Slack too: people, channels, messages, files, Homes. Open windows, trigger
ids and response URLs are not.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, with_config

from bot.sandbox.slack.models import Channel, File, Member, Message, View
from bot.sandbox.slack.workspace import Workspace

REST_SECONDS = 0.5
"""Between two writes; a killed sandbox forgets no more than that."""
LONGEST_SECONDS = 3600.0


@with_config(ConfigDict(ser_json_bytes="base64", val_json_bytes="base64"))
@dataclass
class _Kept:
    signing_secret: str
    bot_token: str
    bot: str
    members: dict[str, Member]
    channels: dict[str, Channel]
    history: list[Message]
    homes: dict[str, View]
    files: dict[str, File]
    numbers: dict[str, int]


_FORM = TypeAdapter(_Kept)


def _form(workspace: Workspace) -> bytes:
    kept = _Kept(
        workspace.signing_secret,
        workspace.bot_token,
        workspace.bot.id,
        workspace.members,
        workspace.channels,
        workspace.history,
        workspace.homes,
        workspace.files,
        workspace._numbers,
    )
    return _FORM.dump_json(kept)


def _replace(path: Path, content: bytes) -> None:
    draft = path.with_suffix(".draft")
    draft.write_bytes(content)
    draft.replace(path)


def write(workspace: Workspace, path: Path) -> None:
    """Replaces the file in one step."""
    _replace(path, _form(workspace))


def read(workspace: Workspace, path: Path) -> bool:
    """Whether there was something to go on with. Raises ValueError when the file is not ours."""
    if not path.exists():
        return False
    kept = _FORM.validate_json(path.read_bytes())
    workspace.signing_secret, workspace.bot_token = kept.signing_secret, kept.bot_token
    workspace.members, workspace.channels = kept.members, kept.channels
    workspace.history, workspace.homes, workspace.files = kept.history, kept.homes, kept.files
    workspace._numbers = kept.numbers
    workspace.bot = kept.members[kept.bot]
    return True


@asynccontextmanager
async def kept(workspace: Workspace, path: Path) -> AsyncIterator[None]:
    """Writes the workspace down while the block runs, soon after each change, and at its end."""

    async def follow() -> None:
        while True:
            seen = workspace.version
            await asyncio.to_thread(_replace, path, _form(workspace))
            await workspace.changed(seen, LONGEST_SECONDS)
            await asyncio.sleep(REST_SECONDS)

    following = asyncio.create_task(follow())
    try:
        yield
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await following
        write(workspace, path)
