"""The rest of what services need: time, files into documents, jobs, people."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.identity import PersonId, Workspace, WorkspaceId
from bot.domain.reading import Reading
from bot.domain.roles import Person

Clock = Callable[[], datetime]
"""The time now, aware UTC."""


class ReadFile(Protocol):
    def __call__(self, filename: str, content: bytes, encoding: str = "") -> Reading:
        """A file into documents, in an encoding that a person chose where one is given. Raises WrongInput
        when no reader takes it."""
        ...


class Jobs(Protocol):
    async def enqueue(self, name: str, *ids: str, key: str, after_seconds: float = 0) -> None:
        """One job; a second with a key that still waits or runs is dropped."""
        ...


class People(Protocol):
    """Who somebody is in Slack."""

    async def person(self, workspace: WorkspaceId, person: PersonId, *, fresh: bool = False) -> Person:
        """From a cache of some minutes; `fresh` asks Slack again and falls back on the cache when Slack
        takes longer than two seconds."""
        ...

    async def admins(self, workspace: WorkspaceId) -> Sequence[Person]:
        """Slack's own owners and admins, owners first; some where Slack is slow, none where it is silent."""
        ...

    async def every_admin(self, workspace: WorkspaceId, seconds: float) -> Sequence[Person] | None:
        """All of them; nothing where Slack has not said them within so many seconds."""
        ...

    async def workspace(self, workspace: WorkspaceId) -> Workspace: ...
