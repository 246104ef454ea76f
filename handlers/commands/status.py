"""`/dext status`: how it stands, and for Admins a live look at what we may do."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import status as blocks
from handlers.kit import Call, Entry, Feature


async def show(call: Call, services: Services) -> None:
    """At once what is known here; a job asks the accounting software and turns the window."""
    role = await services.roles.role(call.business, call.person)
    status = await services.status.read(call.business)
    asks = role >= Role.ADMIN and status.connection is not None and status.connection.works
    view_id = await call.open(blocks.page(status, role, call.carried, checking=asks))
    if asks:
        await services.probe.ask(call.business, call.person, view_id)


FEATURE = Feature(
    name="status",
    summary="Connection, lists, queue, and what is wrong",
    command=Entry(Role.MEMBER, "see the status", show=show),
)
