"""An item whose hold is over, published in the name of who switched it on."""

from __future__ import annotations

from bot.domain.identity import Business, ItemId
from handlers.job_kit import Context
from handlers.showing import show_item


async def auto_publish(context: Context, business: str, item: str) -> None:
    """Its card is posted where there is none yet: what goes by itself is to be seen."""
    of, item_id = Business.parse(business), ItemId(item)
    await context.services.auto.run(of, item_id)
    await show_item(context.slack(of.workspace), context.services, of, item_id)
