"""`/dext connections`, `/dext disconnect`: the Connections page and what is managed there."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.errors import NotConnected
from bot.services import Services
from bot.slack.blocks import connection as blocks
from bot.slack.blocks import connections_page
from handlers import pages
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import to_channel

MANAGING = "manage the connection"


async def show(call: Call, services: Services) -> None:
    await pages.show(call, services)


async def manage(call: Call, services: Services) -> None:
    """**Manage**: in the modal, or from Home in a modal of its own."""
    await pages.show(call, services, managing=True, turns=bool(call.view_id))


async def ask(call: Call, services: Services) -> None:
    connection = await services.connection.current(call.business)
    if connection is None:
        raise NotConnected()
    await call.open(blocks.ask_disconnect(connection, call.carried))


async def agree(call: Call, services: Services) -> Answer | None:
    """All windows close: the page below would still show a connection."""
    del call, services
    return Answer(clear=True)


async def disconnect(call: Call, services: Services) -> None:
    connection = await services.connection.disconnect(call.business, call.person)
    if connection is None:
        raise NotConnected()
    said = blocks.disconnected(connection, call.person)
    if await to_channel(call.slack, services, call.business, said) is None:
        await call.whisper(said)


CONNECTIONS = Feature(
    name="connections",
    summary="What is connected, and managing it",
    command=Entry(Role.MEMBER, "see the connection", show=show),
    actions={connections_page.MANAGE: Entry(Role.ADMIN, MANAGING, show=manage)},
)
DISCONNECT = Feature(
    name="disconnect",
    summary="Disconnect the accounting software; items and settings stay",
    command=Entry(Role.ADMIN, "disconnect accounting software", show=ask),
    actions={blocks.DISCONNECT_ASK: Entry(Role.ADMIN, "disconnect accounting software", show=ask)},
    submissions={
        blocks.DISCONNECT: Entry(Role.ADMIN, "disconnect accounting software", decide=agree, show=disconnect)
    },
)
