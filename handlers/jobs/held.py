"""After reconnecting: what was held goes on by itself, and its results are told in one message."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Sequence

from bot.domain.identity import Business, ItemId
from bot.domain.items import ItemStatus
from bot.services.items import ItemView
from bot.slack.blocks import connection as blocks
from handlers.job_kit import Context
from handlers.showing import show_item, to_channel

PACE_SECONDS = 1.5
FOLLOWED_SECONDS = 600.0


async def release_held(context: Context, business: str) -> None:
    """Oldest first; the report comes when each has its result, or after ten minutes as it stands then."""
    of = Business.parse(business)
    services, slack = context.services, context.slack(of.workspace)
    held = await services.publish.release_held(of)
    for item_id in held:
        await show_item(slack, services, of, item_id)
    if held:
        counts = Counter(view.status for view in await _results(context, of, held))
        await to_channel(slack, services, of, blocks.went_on(len(held), counts))


async def _results(context: Context, business: Business, held: Sequence[ItemId]) -> Sequence[ItemView]:
    clock = asyncio.get_running_loop().time
    until = clock() + FOLLOWED_SECONDS
    while True:
        views = await context.services.items.views(business, held)
        if clock() > until or all(view.status is not ItemStatus.PUBLISHING for view in views):
            return views
        await asyncio.sleep(PACE_SECONDS)
