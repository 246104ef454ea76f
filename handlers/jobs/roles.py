"""Somebody's role changed: they hear it once, privately."""

from __future__ import annotations

from bot.domain.identity import Business, PersonId
from bot.domain.roles import Role
from bot.slack.blocks import roles as blocks
from handlers.job_kit import Context


async def role_changed(
    context: Context, business: str, person: str, by: str, before: str, after: str
) -> None:
    slack = context.slack(Business.parse(business).workspace)
    await slack.direct(PersonId(person), blocks.told(by, Role[before], Role[after]))
