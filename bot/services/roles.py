"""Who may do what, asked when it is done and not only when it was shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, PersonId, WorkspaceId
from bot.domain.roles import Person, Role, role_of
from bot.errors import NotAllowed
from bot.ports import Clock, People, Storage


@dataclass(frozen=True)
class RoleService:
    people: People
    storage: Storage
    clock: Clock

    async def role(self, workspace: WorkspaceId, person: PersonId, *, fresh: bool = False) -> Role:
        return role_of(await self.people.person(workspace, person, fresh=fresh))

    async def require(
        self, business: Business, person: PersonId, role: Role, what: str, *, fresh: bool = True
    ) -> Person:
        """The person, when they have the role. Raises NotAllowed, which names who has it; the attempt is
        logged. `what` completes “Only an Admin can …”."""
        found = await self.people.person(business.workspace, person, fresh=fresh)
        if role_of(found) >= role:
            return found
        await self.storage.of(business).log.append(
            LogEntry(
                self.clock(), person, "refused.role", about=what, before=role_of(found).name, after=role.name
            )
        )
        admins = await self.people.admins(business.workspace)
        raise NotAllowed(
            f"Only {role.words} can {what}.",
            who=tuple(admin.id for admin in admins),
            advice="" if admins else "Ask an owner of this Slack workspace.",
        )

    async def admins(self, workspace: WorkspaceId) -> Sequence[Person]:
        return await self.people.admins(workspace)
