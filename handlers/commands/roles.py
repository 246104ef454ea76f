"""`/dext roles`: who is Admin, who Approver."""

from __future__ import annotations

from bot.domain.identity import PersonId
from bot.domain.roles import Role, Roles
from bot.services import Services
from bot.slack.blocks import roles as blocks
from handlers.kit import Answer, Call, Entry, Feature

CHANGING = "change roles"


async def show(call: Call, services: Services) -> None:
    """At first it holds Slack's own admins; a large workspace takes a moment to name them all."""
    table = await services.roles.table(call.business)
    if table.is_whole:
        await call.open(blocks.form(table.roles, table.owners, call.carried))
        return
    view_id = await call.open(blocks.looking())
    table = await services.roles.table(call.business, patient=True)
    if not table.is_whole:
        await call.slack.turn(view_id, blocks.looking(failed=True))
        return
    await call.slack.turn(view_id, blocks.form(table.roles, table.owners, call.carried))


async def save(call: Call, services: Services) -> Answer | None:
    new = Roles(_people(call.values.get("admins")), _people(call.values.get("approvers")))
    call.verdict = await services.roles.save(call.business, call.person, new)
    return None


def _people(chosen: str | None) -> tuple[PersonId, ...]:
    return tuple(PersonId(one) for one in (chosen or "").split(",") if one)


async def saved(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.saved(call.verdict))


FEATURE = Feature(
    name="roles",
    summary="Who is Admin, who Approver",
    command=Entry(Role.ADMIN, CHANGING, show=show),
    actions={blocks.OPEN: Entry(Role.ADMIN, CHANGING, show=show)},
    submissions={blocks.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved)},
)
