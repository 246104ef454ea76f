"""Open Homes after something changed."""

from __future__ import annotations

from bot.domain.identity import Business
from handlers import home
from handlers.job_kit import Context


async def homes(context: Context, business: str) -> None:
    of = Business.parse(business)
    await home.refreshed(context.slack(of.workspace), context.services, of)
