"""Open Homes and Connections pages after something changed."""

from __future__ import annotations

from bot.domain.identity import Business
from handlers import home, pages
from handlers.job_kit import Context


async def homes(context: Context, business: str) -> None:
    of, services = Business.parse(business), context.services
    slack = context.slack(of.workspace)
    # Read before the pages are made, so that they know of no entry that they do not show.
    head = await services.status.log_head(of)
    await home.refreshed(slack, services, of)
    await pages.refreshed(slack, services, of)
    await services.status.homes_know(of, head)
