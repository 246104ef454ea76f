"""Who somebody is, as Slack knows them (https://docs.slack.dev/reference/methods/users.info)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.identity import PersonId, Workspace, WorkspaceId
from bot.domain.roles import Person
from bot.errors import NotAllowed

FRESH_SECONDS = 2.0
ADMINS_SECONDS = 120.0
"""How long the names of who can help are kept: `users.list` allows 20 calls a minute. Nothing is allowed
by them; what a person may do is asked of the person."""
PAGE = 1000


class PeopleCache(Protocol):
    async def get(self, workspace: WorkspaceId, person: PersonId) -> Person | None: ...
    async def put(self, workspace: WorkspaceId, person: Person) -> None: ...


@dataclass(frozen=True)
class SlackPeople:
    """`People` of bot/ports."""

    web: Callable[[WorkspaceId], AsyncWebClient]
    cache: PeopleCache
    _workspaces: dict[WorkspaceId, Workspace] = field(default_factory=dict)
    _admins: dict[WorkspaceId, tuple[float, Sequence[Person]]] = field(default_factory=dict)

    async def person(self, workspace: WorkspaceId, person: PersonId, *, fresh: bool = False) -> Person:
        """Raises NotAllowed when Slack does not say and nothing is remembered."""
        if not fresh and (known := await self.cache.get(workspace, person)):
            return known
        try:
            async with asyncio.timeout(FRESH_SECONDS):
                answer = await self.web(workspace).users_info(user=person)
        except (SlackApiError, TimeoutError, ClientError, OSError) as fault:
            known = await self.cache.get(workspace, person)
            if known:
                return known
            raise NotAllowed("Slack does not say who you are at the moment.", advice="Try again.") from fault
        found = _person(answer["user"], workspace)
        await self.cache.put(workspace, found)
        return found

    async def admins(self, workspace: WorkspaceId) -> Sequence[Person]:
        """Owners and admins of the workspace, owners first; those Slack says within two seconds."""
        every, found = await self._every_admin(workspace, FRESH_SECONDS)
        return _owners_first(found) if every is None else every

    async def every_admin(self, workspace: WorkspaceId, seconds: float) -> Sequence[Person] | None:
        """All of them; nothing where Slack has not said them within so many seconds."""
        return (await self._every_admin(workspace, seconds))[0]

    async def _every_admin(
        self, workspace: WorkspaceId, seconds: float
    ) -> tuple[Sequence[Person] | None, Sequence[Person]]:
        """All, or nothing and those found by then."""
        clock = asyncio.get_running_loop().time
        until, known = self._admins.get(workspace, (0.0, ()))
        if clock() < until:
            return known, known
        found: list[Person] = []
        try:
            async with asyncio.timeout(seconds):
                await self._list_admins(workspace, found)
        except (SlackApiError, TimeoutError, ClientError, OSError):
            return None, known or found
        every = _owners_first(found)
        self._admins[workspace] = (clock() + ADMINS_SECONDS, every)
        return every, every

    async def _list_admins(self, workspace: WorkspaceId, found: list[Person]) -> None:
        cursor = ""
        while True:
            answer = await self.web(workspace).users_list(limit=PAGE, cursor=cursor)
            members: list[dict[str, Any]] = answer.get("members") or []
            people = [_person(member, workspace) for member in members]
            found += [person for person in people if person.is_slack_admin and not person.is_bot]
            metadata: dict[str, Any] = answer.get("response_metadata") or {}
            cursor = str(metadata.get("next_cursor") or "")
            if not cursor:
                return

    async def workspace(self, workspace: WorkspaceId) -> Workspace:
        """https://docs.slack.dev/reference/methods/auth.test"""
        if workspace not in self._workspaces:
            answer = await self.web(workspace).auth_test()
            self._workspaces[workspace] = Workspace(
                str(answer.get("team") or "your workspace"),
                str(answer.get("url") or f"https://app.slack.com/client/{workspace}"),
            )
        return self._workspaces[workspace]


def _owners_first(people: Sequence[Person]) -> Sequence[Person]:
    return sorted(people, key=lambda person: not person.is_slack_owner)


def _person(user: Any, workspace: WorkspaceId) -> Person:
    """Somebody deleted, or of another workspace in a shared channel, is an admin of nothing here."""
    is_ours = not user.get("deleted") and str(user.get("team_id") or workspace) == workspace
    profile = user.get("profile") or {}
    name = (
        profile.get("display_name") or profile.get("real_name") or user.get("real_name") or user.get("name")
    )
    return Person(
        id=PersonId(str(user["id"])),
        name=str(name or user["id"]),
        is_slack_admin=is_ours
        and bool(user.get("is_admin") or user.get("is_owner") or user.get("is_primary_owner")),
        is_bot=bool(user.get("is_bot")),
        is_slack_owner=is_ours and bool(user.get("is_owner") or user.get("is_primary_owner")),
        is_active=is_ours,
        time_zone=str(user.get("tz") or ""),
    )
