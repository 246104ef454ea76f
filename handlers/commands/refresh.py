"""`/dext refresh`: the question, the claim, the green banner."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.errors import NotConnected
from bot.services import Services
from bot.services.refresh import Begun
from bot.slack.blocks import refresh as blocks
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import show_refresh

REFRESHING = "refresh the lists"


async def ask(call: Call, services: Services) -> None:
    """Ask first: only the lists are read again, items and settings stay."""
    if await services.connection.current(call.business) is None:
        raise NotConnected()
    await call.open(blocks.question(call.carried))


async def claim(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.refresh.begin(call.business, call.person)
    return None


async def banner(call: Call, services: Services) -> None:
    begun: Begun = call.verdict
    connection = await services.connection.current(call.business)
    if not begun.started or connection is None:
        await call.whisper(blocks.already_running(begun.refresh))
        return
    await show_refresh(call, services, connection, begun.refresh)


FEATURE = Feature(
    name="refresh",
    summary="Read the lists from the accounting software again",
    command=Entry(Role.ADMIN, REFRESHING, show=ask),
    actions={blocks.ASK: Entry(Role.ADMIN, REFRESHING, show=ask)},
    submissions={blocks.CONFIRM: Entry(Role.ADMIN, REFRESHING, decide=claim, show=banner)},
)
