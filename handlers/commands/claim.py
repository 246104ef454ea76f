"""`/dext claim`: an expense claim of receipts that wait; its windows and buttons are in `handlers.claims`."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import claims as blocks
from handlers import claims
from handlers.kit import Call, Entry, Feature


async def show(call: Call, services: Services) -> None:
    """`/dext claim Ada Okafor` begins with that person."""
    await claims.show(call, services, owner=call.text.strip())


FEATURE = Feature(
    name="claim",
    summary="An expense claim: receipts of one person as one bill, a line each",
    command=Entry(Role.MEMBER, claims.CLAIMING, show=show),
    actions=claims.ACTIONS,
    submissions=claims.SUBMISSIONS,
    options={blocks.OWNER: claims.people},
)
