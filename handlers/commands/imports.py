"""`/dext import`: a Dext export into the inbox."""

from __future__ import annotations

import secrets

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import imports as blocks
from bot.slack.blocks.parts import message
from handlers.kit import Answer, Call, Entry, Feature


async def show(call: Call, services: Services) -> None:
    del services
    await call.open(blocks.form(call.carried))


async def take(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement goes out: nothing that was handed over is lost."""
    files = [file for file in (call.values.get("files") or "").split(",") if file]
    if not files:
        return Answer(errors={"files": "Choose a file."})
    for file in files:
        await services.importing.ask(call.business, file, call.person, call.home, secrets.token_hex(4))
    return None


async def said(call: Call, services: Services) -> None:
    del services
    await call.whisper(message("Reading the file. What came in is shown in a moment."))


FEATURE = Feature(
    name="import",
    summary="Bring in items from a Dext CSV export",
    command=Entry(Role.MEMBER, "import items", show=show),
    submissions={blocks.TAKE: Entry(Role.MEMBER, "import items", decide=take, show=said)},
)
