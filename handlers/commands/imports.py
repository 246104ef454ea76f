"""`/dext import`: Dext exports, supplier lists and e-invoices into the inbox."""

from __future__ import annotations

import secrets

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import imports as blocks
from bot.slack.blocks.parts import message
from handlers import columns
from handlers.kit import Answer, Call, Entry, Feature

IMPORTING = "import items"


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
    await call.whisper(message("Reading the file. What it holds is shown in a moment."))


async def confirm(call: Call, services: Services) -> Answer | None:
    """The file lies in Slack and is read again: nothing of it waits anywhere else."""
    file, encoding = blocks.chosen(call.value)
    await services.importing.take(call.business, file, call.person, call.home, encoding)
    return None


async def after_confirm(call: Call, services: Services) -> None:
    del services
    await call.replace(blocks.taking())


async def read_as(call: Call, services: Services) -> Answer | None:
    """Another look at the file in the encoding that was chosen; what was shown gives way to it."""
    file, encoding = blocks.chosen(call.value)
    once = secrets.token_hex(4)
    await services.importing.ask(call.business, file, call.person, call.home, once, encoding)
    return None


async def after_read_as(call: Call, services: Services) -> None:
    del services
    await call.replace(blocks.read_again())


async def cancel(call: Call, services: Services) -> None:
    del services
    await call.replace(blocks.cancelled(call.value))


FEATURE = Feature(
    name="import",
    summary="Bring in items from a Dext CSV export, a supplier list or e-invoices",
    command=Entry(Role.MEMBER, IMPORTING, show=show),
    actions={
        **columns.ACTIONS,
        blocks.CONFIRM: Entry(Role.MEMBER, IMPORTING, decide=confirm, show=after_confirm),
        blocks.READ_AS: Entry(Role.MEMBER, IMPORTING, decide=read_as, show=after_read_as),
        blocks.CANCEL: Entry(Role.MEMBER, IMPORTING, show=cancel),
    },
    submissions={
        **columns.SUBMISSIONS,
        blocks.TAKE: Entry(Role.MEMBER, IMPORTING, decide=take, show=said),
    },
)
