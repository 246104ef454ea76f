"""`/dext digest`: a daily digest for oneself, by one's own clock."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import digest as blocks
from handlers.kit import Answer, Call, Entry, Feature

HAVING = "have a digest"


async def show(call: Call, services: Services) -> None:
    hour, time_zone = await services.own_digest.of(call.business, call.person)
    await call.open(blocks.form(hour, time_zone, call.carried))


async def save(call: Call, services: Services) -> Answer | None:
    chosen = call.values.get(blocks.HOUR) or ""
    hour = int(chosen) if chosen.isdecimal() else None
    call.verdict = hour, await services.own_digest.set(call.business, call.person, hour)
    return None


async def saved(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.set_to(*call.verdict))


FEATURE = Feature(
    name="digest",
    summary="A daily digest for you alone, at an hour by your own clock",
    command=Entry(Role.MEMBER, HAVING, show=show),
    submissions={blocks.SAVE: Entry(Role.MEMBER, HAVING, decide=save, show=saved)},
)
