"""Who may do what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum

from bot.domain.identity import PersonId


class Role(IntEnum):
    """Each role may do all that the ones below it may."""

    MEMBER = 0
    APPROVER = 1
    ADMIN = 2

    @property
    def words(self) -> str:
        """With its article: `an Admin`."""
        return {Role.MEMBER: "a member", Role.APPROVER: "an Approver", Role.ADMIN: "an Admin"}[self]

    @property
    def title(self) -> str:
        """Alone: `Admin`."""
        return self.words.split()[1].capitalize()


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Slack knows them (https://docs.slack.dev/reference/objects/user-object)."""

    id: PersonId
    name: str
    is_slack_admin: bool = False
    """Owner or admin of the Slack workspace."""
    is_bot: bool = False
    is_slack_owner: bool = False
    """Owner of the Slack workspace; always an Admin, so that there is always one."""
    is_active: bool = True
    """Not deactivated, and of this workspace."""
    time_zone: str = ""
    """As their Slack profile says it: `Europe/London`."""

    @property
    def may_have_a_role(self) -> bool:
        return self.is_active and not self.is_bot


@dataclass(frozen=True, slots=True)
class Roles:
    """What `/dext roles` says; before it was ever said there is none."""

    admins: tuple[PersonId, ...] = ()
    approvers: tuple[PersonId, ...] = ()

    @property
    def everyone(self) -> tuple[PersonId, ...]:
        return tuple(dict.fromkeys((*self.admins, *self.approvers)))


def role_of(person: Person, roles: Roles | None = None) -> Role:
    """Slack owners and admins are Admins until `/dext roles` says otherwise; owners remain it whatever it
    says. Bots and people who were deactivated are members only."""
    if not person.may_have_a_role:
        return Role.MEMBER
    if person.is_slack_owner:
        return Role.ADMIN
    if roles is None:
        return Role.ADMIN if person.is_slack_admin else Role.MEMBER
    if person.id in roles.admins:
        return Role.ADMIN
    return Role.APPROVER if person.id in roles.approvers else Role.MEMBER


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Somebody's role before and after."""

    person: PersonId
    before: Role
    after: Role


def changes(people: Iterable[Person], before: Roles | None, after: Roles) -> tuple[RoleChange, ...]:
    """Whose role is another one now."""
    both = ((person.id, role_of(person, before), role_of(person, after)) for person in people)
    return tuple(RoleChange(who, old, new) for who, old, new in both if old is not new)
