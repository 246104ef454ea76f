"""Publishing one item, or many at once, and showing what came of it."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.domain.identity import Business, ItemId
from bot.domain.items import ItemStatus
from bot.domain.many import Many, ManyState
from bot.errors import NotFound
from bot.services.publishing import RetryLater
from bot.slack.blocks import many as blocks
from bot.slack.blocks.parts import Message
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_item, suggest_auto, to_channel

PACE_SECONDS = 1.5


async def publish(context: Context, business: str, item: str, publication: str) -> None:
    """One run; a later one is put on the queue where the accounting software wants us to wait."""
    of, item_id = Business.parse(business), ItemId(item)
    try:
        await context.services.publish.run(of, item_id, publication)
    except RetryLater as later:
        await context.services.publish.retry(of, item_id, publication, later.seconds)
    except NotFound:
        return
    except Exception as fault:
        reference = unforeseen("publish", fault)
        try:
            await context.services.publish.stumbled(of, item_id, publication, reference)
        except RetryLater as later:
            await context.services.publish.retry(of, item_id, publication, later.seconds)
    view = await context.services.items.view(of, item_id)
    # Who pressed the button posts the card; many at once are shown together.
    posts = view.status not in (
        ItemStatus.PUBLISHED,
        ItemStatus.PUBLISHING,
    ) and not await context.services.publish.is_of_many(of, publication)
    await show_item(context.slack(of.workspace), context.services, of, item_id, posts=posts)
    if view.status is ItemStatus.PUBLISHED:
        await suggest_auto(context.slack(of.workspace), context.services, of, view)


async def publish_many(context: Context, business: str, many_id: str, turn: str) -> None:
    """One run of many at once, in one message that is edited no faster than Slack takes it."""
    of = Business.parse(business)
    clock = asyncio.get_running_loop().time
    shown: Message | None = None
    shown_at = -PACE_SECONDS
    async for many in context.services.many.run(of, many_id, int(turn)):
        said = blocks.progress(many)
        if said == shown or (many.state is not ManyState.OVER and clock() - shown_at < PACE_SECONDS):
            continue
        await asyncio.sleep(max(0.0, PACE_SECONDS - (clock() - shown_at)))
        try:
            await _show_many(context, of, many, said)
        except (SlackApiError, ClientError, TimeoutError, OSError) as fault:
            # Publishing does not wait for Slack: what cannot be shown now shows the next time.
            structlog.get_logger().warning("many not shown", fault=type(fault).__name__)
            continue
        shown, shown_at = said, clock()


async def _show_many(context: Context, business: Business, many: Many, said: Message) -> None:
    """In the message there is; else in the business's channel, or privately to who asked."""
    services, slack = context.services, context.slack(business.workspace)
    known = await services.many.get(business, many.id)
    if known is not None and known.message is not None and await slack.update(known.message, said):
        return
    posted = None
    if many.total or many.items is None:
        posted = await to_channel(slack, services, business, said)
    if posted is None:
        posted = await slack.direct(many.asked_by, said)
    if posted is not None:
        await services.many.remember_message(business, many.id, posted)
