"""`/dext report`: a month's items as a table, and its spend as a picture."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import report as blocks
from handlers.kit import Answer, Call, Entry, Feature


async def ask(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement."""
    call.verdict = await services.report.ask(call.business, call.person, call.text)
    return None


async def asked(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.asked(call.verdict))


FEATURE = Feature(
    name="report",
    summary="A month's items as CSV and its spend as a picture, to you alone",
    command=Entry(Role.APPROVER, "have the report", decide=ask, show=asked),
)
