"""Who may do what."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Person:
    """A person as Slack knows them (https://docs.slack.dev/reference/objects/user-object)."""

    id: PersonId
    name: str
    is_slack_admin: bool = False
    """Owner or admin of the Slack workspace."""
    is_bot: bool = False


def role_of(person: Person) -> Role:
    """Slack owners and admins are Admins; everyone else is a member."""
    return Role.ADMIN if person.is_slack_admin and not person.is_bot else Role.MEMBER
