"""What Slack said of people a few minutes ago."""

from __future__ import annotations

from dataclasses import dataclass

from redis.asyncio import Redis

from bot.domain.identity import PersonId, WorkspaceId
from bot.domain.roles import Person
from storage import values
from storage.keys import SharedKeys

PERSON_SECONDS = 300


@dataclass(frozen=True)
class PeopleCache:
    """People of all workspaces, each forgotten after five minutes."""

    redis: Redis
    keys: SharedKeys

    async def get(self, workspace: WorkspaceId, person: PersonId) -> Person | None:
        stored = await self.redis.get(self.keys.person(workspace, person))
        return None if stored is None else values.load(Person, stored)

    async def put(self, workspace: WorkspaceId, person: Person) -> None:
        await self.redis.set(
            self.keys.person(workspace, person.id), values.dump(Person, person), ex=PERSON_SECONDS
        )
