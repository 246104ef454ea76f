"""Who may do what, asked when it is done and not only when it was shown."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, PersonId
from bot.domain.roles import Person, Role, RoleChange, Roles, changes, role_of
from bot.errors import FieldErrors, NotAllowed
from bot.ports import Clock, Jobs, People, Storage

QUICK_SECONDS, PATIENT_SECONDS = 1.0, 30.0
"""What a window that is to open leaves for asking Slack, and what one that is open does."""
MOST_NAMED = 5
"""So many are named to somebody who lacks a role."""


@dataclass(frozen=True)
class RoleTable:
    """Who has which role now: as `/dext roles` shows it. `owners` remain Admins whatever is chosen."""

    roles: Roles
    owners: tuple[PersonId, ...]
    is_whole: bool = True
    """Otherwise Slack has not named all of its admins yet: saving this would take the role from the rest."""


@dataclass(frozen=True)
class RoleService:
    people: People
    storage: Storage
    clock: Clock
    jobs: Jobs | None = None
    """Tells people that their role changed."""

    async def role(self, business: Business, person: PersonId, *, fresh: bool = False) -> Role:
        return (await self._look(business, person, fresh=fresh))[1]

    async def require(
        self, business: Business, person: PersonId, role: Role, what: str, *, fresh: bool = True
    ) -> Person:
        """The person, when they have the role. Raises NotAllowed, which names who has it; the attempt is
        logged. `what` completes “Only an Admin can …”."""
        if role is Role.MEMBER:
            return await self.people.person(business.workspace, person, fresh=False)
        found, has = await self._look(business, person, fresh=fresh)
        if has >= role:
            return found
        await self.storage.of(business).log.append(
            LogEntry(self.clock(), person, "refused.role", about=what, before=has.name, after=role.name)
        )
        holders = await self.holders(business, role)
        raise NotAllowed(
            f"Only {role.words} can {what}.",
            who=tuple(holder for holder in holders[:MOST_NAMED]),
            role=role.title,
            advice="" if holders else "Ask an owner of this Slack workspace.",
        )

    async def _look(self, business: Business, person: PersonId, *, fresh: bool) -> tuple[Person, Role]:
        found, roles = await asyncio.gather(
            self.people.person(business.workspace, person, fresh=fresh), self._said(business)
        )
        return found, role_of(found, roles)

    async def _said(self, business: Business) -> Roles | None:
        return await self.storage.of(business).roles.read()

    async def holders(self, business: Business, role: Role) -> Sequence[PersonId]:
        """Who has a role, those it was given to first; Slack's own where nothing was said."""
        table = await self.table(business)
        given = table.roles.approvers if role is Role.APPROVER else ()
        return tuple(dict.fromkeys((*given, *table.roles.admins, *table.owners)))

    async def admins(self, business: Business) -> Sequence[PersonId]:
        return await self.holders(business, Role.ADMIN)

    async def table(self, business: Business, *, patient: bool = False) -> RoleTable:
        """Bots and people who were deactivated since are left out, as far as Slack has said so lately.
        `patient` waits longer for a large workspace."""
        roles = await self._said(business)
        if roles is None:
            seconds = PATIENT_SECONDS if patient else QUICK_SECONDS
            every = await self.people.every_admin(business.workspace, seconds)
            slack = every or await self.people.admins(business.workspace)
            owners = tuple(one.id for one in slack if one.is_slack_owner)
            return RoleTable(Roles(tuple(one.id for one in slack)), owners, is_whole=bool(every))
        slack = await self.people.admins(business.workspace)
        owners = tuple(one.id for one in slack if one.is_slack_owner)
        known = await self._people(business, roles.everyone)
        left = {one.id for one in known if one.may_have_a_role}
        return RoleTable(
            Roles(
                tuple(dict.fromkeys((*owners, *(one for one in roles.admins if one in left)))),
                tuple(one for one in roles.approvers if one in left),
            ),
            owners,
        )

    async def _people(self, business: Business, ids: Iterable[PersonId]) -> list[Person]:
        """Those whom Slack, or what it said lately, knows."""
        asked = (self.people.person(business.workspace, one) for one in ids)
        found = await asyncio.gather(*asked, return_exceptions=True)
        return [one for one in found if isinstance(one, Person)]

    async def save(self, business: Business, by: PersonId, new: Roles) -> Sequence[RoleChange]:
        """Says who is Admin and who Approver; people whose role changed are told. Raises FieldErrors for
        somebody who cannot have a role, and where no Admin would be left."""
        if not new.admins:
            raise FieldErrors({"admins": "At least one Admin is needed."})
        store = self.storage.of(business)
        chosen = {one.id: one for one in await self._people(business, new.everyone)}
        faults = {
            name: fault
            for name, ids in (("admins", new.admins), ("approvers", new.approvers))
            if (fault := _fault(ids, chosen))
        }
        if faults:
            raise FieldErrors(faults)
        slack = await self.people.admins(business.workspace)
        before = await store.roles.save(new)
        others = await self._people(business, before.everyone if before else ())
        concerned = {one.id: one for one in (*slack, *others, *chosen.values())}
        changed = changes(concerned.values(), before, new)
        old = before or Roles(tuple(one.id for one in slack))
        now = self.clock()
        await store.log.append(
            *(
                LogEntry(now, by, "roles.changed", about=what, before=" ".join(was), after=" ".join(will))
                for what, was, will in (
                    ("Admins", old.admins, new.admins),
                    ("Approvers", old.approvers, new.approvers),
                )
                if set(was) != set(will)
            )
        )
        await self._tell(business, by, changed)
        return changed

    async def _tell(self, business: Business, by: PersonId, changed: Sequence[RoleChange]) -> None:
        """One quiet private message each; not to who did it."""
        for one in changed:
            if self.jobs is not None and one.person != by:
                ids = (str(business), one.person, by, one.before.name, one.after.name)
                key = f"role:{business}:{one.person}:{secrets.token_hex(4)}"
                await self.jobs.enqueue("role_changed", *ids, key=key)


def _fault(ids: Sequence[PersonId], known: dict[PersonId, Person]) -> str:
    for one in ids:
        person = known.get(one)
        if person is None:
            return "Slack does not know one of these people. Choose again."
        if not person.may_have_a_role:
            what = "a bot" if person.is_bot else "no longer active in Slack"
            return f"{person.name} is {what} and cannot have a role."
    return ""
