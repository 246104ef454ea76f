"""`/dext report`: a month's items as a table, and its spend as a picture."""

from __future__ import annotations

import calendar

from bot.domain.roles import Role
from bot.errors import WrongInput
from bot.services import Services
from bot.slack.blocks import report as blocks
from handlers.kit import Answer, Call, Entry, Feature
from handlers.nearest import nearest

_MONTHS = [name.lower() for name in calendar.month_name if name]


async def ask(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement."""
    try:
        call.verdict = await services.report.ask(call.business, call.person, call.text)
    except WrongInput as fault:
        name, *year = call.text.split()
        if not (month := nearest(name, _MONTHS)):
            raise
        said = " ".join([month.capitalize(), *year])[:40]
        raise WrongInput(fault.says, advice=f"Did you mean `/dext report {said}`?") from None
    return None


async def asked(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.asked(call.verdict))


FEATURE = Feature(
    name="report",
    summary="A month's items as CSV and its spend as a picture, to you alone",
    command=Entry(Role.APPROVER, "have the report", decide=ask, show=asked),
)
