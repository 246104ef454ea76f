"""A second Admin's word for another organisation; part of the feature `connect`."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.services.switching import SWITCHING
from bot.slack.blocks import switching as blocks
from handlers.kit import Call, Entry
from handlers.showing import show_connected


async def agree(call: Call, services: Services) -> None:
    asker, organisation = blocks.asked_about(call.value)
    finished = await services.switching.agree(call.business, call.person, asker, organisation)
    await call.replace(blocks.answered(asker, finished.connection.organisation, agrees=True))
    await show_connected(call, services, finished)


async def refuse(call: Call, services: Services) -> None:
    asker, organisation = blocks.asked_about(call.value)
    switch = await services.switching.refuse(call.business, call.person, asker, organisation)
    await call.replace(blocks.answered(asker, switch.choice.organisation, agrees=False))


ACTIONS = {
    blocks.AGREE: Entry(Role.ADMIN, SWITCHING, show=agree),
    blocks.REFUSE: Entry(Role.ADMIN, SWITCHING, show=refuse),
}
