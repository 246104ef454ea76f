"""**Roles**: who is Admin and who Approver, and the word to somebody whose role changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.identity import PersonId
from bot.domain.roles import Role, RoleChange, Roles
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    context,
    field,
    message,
    modal,
    people_select,
    section,
)
from bot.slack.text import mention, mentions

OPEN = "roles.open"
SAVE = "roles.save"
TITLE = "Roles"
_MAY = {
    Role.ADMIN: "You can connect accounting software, change settings, rules and roles, and publish.",
    Role.APPROVER: "You can publish, reject and put back items.",
    Role.MEMBER: "You can still see, add and edit items.",
}


def form(roles: Roles, owners: Sequence[PersonId], meta: Mapping[str, Any]) -> View:
    blocks: list[Block] = [
        field(
            "Admins",
            "admins",
            people_select(roles.admins, placeholder="Choose people"),
            hint="Connect accounting software, change settings, rules and roles; and all that Approvers do.",
        ),
        field(
            "Approvers",
            "approvers",
            people_select(roles.approvers, placeholder="Choose people"),
            optional=True,
            hint="Publish, reject and put back items.",
        ),
        context("Everybody else is a member: they see, add, import and edit items."),
    ]
    if owners:
        blocks.append(context(f"Owners of this Slack workspace always remain Admins: {mentions(owners)}."))
    return modal(TITLE, blocks, callback=SAVE, submit="Save", close="Cancel", meta=meta)


def looking(*, failed: bool = False) -> View:
    """Slack is being asked who its admins are, or has not said."""
    says = "🔴 Slack does not say who its admins are at the moment. Try again in a minute."
    return modal(TITLE, [section(says if failed else "Asking Slack who its admins are …")])


def saved(changes: Sequence[RoleChange]) -> Message:
    if not changes:
        return message("Nobody's role changed.")
    lines = [f"{mention(one.person)} is {one.after.words} now (was {one.before.words})" for one in changes]
    return message("Roles saved. " + " · ".join(lines))


def told(by: str, before: Role, after: Role) -> Message:
    """To the person alone."""
    how = "made you" if after > before else "changed your role: you are now"
    return message(f"{mention(by)} {how} {after.words} in Dext. {_MAY[after]}")
