"""Sending an item's files to its record, and showing what came of it."""

from __future__ import annotations

from bot.domain.attachments import FileState
from bot.domain.identity import Business, ItemId
from bot.errors import StorageUnavailable
from bot.services.publishing import RetryLater
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_item


async def attach_files(context: Context, business: str, item: str) -> None:
    """One run; a later one is put on the queue where the accounting software wants us to wait."""
    of, item_id = Business.parse(business), ItemId(item)
    service = context.services.attaching
    try:
        if await service.run(of, item_id) is None:
            return
    except StorageUnavailable:
        return  # another process is at it, or Redis is away: the clock takes it up again
    except RetryLater as later:
        await service.again(of, item_id, later.seconds)
    except Exception as fault:
        reference = unforeseen("attach_files", fault)
        try:
            await service.stumbled(of, item_id, reference)
        except RetryLater as later:
            await service.again(of, item_id, later.seconds)
    view = await context.services.items.view(of, item_id)
    record = view.item.published.record_id if view.item.published else ""
    # Of many published at once only those that need a person get a card.
    refused = any(file.state_for(record) is FileState.REFUSED for file in view.item.attachments if record)
    await show_item(context.slack(of.workspace), context.services, of, item_id, posts=refused)
