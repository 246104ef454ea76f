"""Publishing one item, or all of a batch, and showing what came of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping

from bot.domain.identity import Business, ItemId, MessageRef, PersonId
from bot.domain.items import ItemStatus
from bot.errors import NotConnected, NotFound
from bot.services.publish import AllBegun
from bot.services.publishing import RetryLater
from bot.slack.blocks import errors
from bot.slack.blocks import items as blocks
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_item, suggest_auto, to_channel

PACE_SECONDS = 1.5
FOLLOWED_SECONDS = 600.0


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
    if view.status is ItemStatus.PUBLISHED:
        await suggest_auto(context.slack(of.workspace), context.services, of, view)
    # Who pressed the button posts the card; of many at once only those that need a person get one.
    posts = view.status not in (ItemStatus.PUBLISHED, ItemStatus.PUBLISHING)
    await show_item(context.slack(of.workspace), context.services, of, item_id, posts=posts)


async def publish_all(context: Context, business: str, batch: str, person: str) -> None:
    """Everything of a file that is ready; what is not stays, counted by reason."""
    of = Business.parse(business)
    services, slack = context.services, context.slack(of.workspace)
    try:
        done = await services.publish.begin_all(
            of, await services.publish.of_batch(of, batch), PersonId(person)
        )
    except NotConnected as fault:
        await slack.direct(PersonId(person), errors.refusal(fault))
        return
    await _follow(context, of, done, PersonId(person))


async def _follow(context: Context, business: Business, done: AllBegun, person: PersonId) -> None:
    """One message that is edited until each has its result, or for ten minutes."""
    services, slack = context.services, context.slack(business.workspace)
    clock = asyncio.get_running_loop().time
    until = clock() + FOLLOWED_SECONDS
    message: MessageRef | None = None
    last: Mapping[ItemStatus, int] = {}
    while True:
        views = await services.items.views(business, done.begun)
        counts = Counter(view.status for view in views)
        if counts != last or message is None:
            said = blocks.all_progress(counts, done.skipped)
            if message is None:
                message = await to_channel(slack, services, business, said) or await slack.direct(
                    person, said
                )
            else:
                await slack.update(message, said)
            last = counts
        if message is None or not counts[ItemStatus.PUBLISHING] or clock() > until:
            return
        await asyncio.sleep(PACE_SECONDS)


async def release_held(context: Context, business: str) -> None:
    """After reconnecting: what was held goes on."""
    of = Business.parse(business)
    held = await context.services.publish.release_held(of)
    for item_id in held:
        await show_item(context.slack(of.workspace), context.services, of, item_id)
