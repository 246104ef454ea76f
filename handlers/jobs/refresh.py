"""The refresh itself, shown in one message that is edited as lists arrive."""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.domain.identity import BOT, Business, MessageRef, PersonId
from bot.domain.lists import Refresh, RefreshState
from bot.slack.blocks import refresh as blocks
from bot.slack.blocks.parts import Message
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_mended, to_channel

PACE_SECONDS = 1.1
"""Slack takes about one message a second and channel."""
BANNER_SECONDS = 3.0
"""Who asked posts the banner; a job that is quicker waits for it so long, then posts its own."""


async def refresh(context: Context, business: str, refresh_id: str) -> None:
    """The outermost edge: a fault nobody foresaw ends the refresh in words, with the old lists whole."""
    try:
        await _run(context, business, refresh_id)
    except Exception as fault:
        of = Business.parse(business)
        failed = await context.services.refresh.stumbled(of, refresh_id, unforeseen("refresh", fault))
        connection = await context.services.connection.current(of)
        if failed is not None and connection is not None:
            status = blocks.status(failed, connection.organisation.name, 0)
            if failed.message is None or not await context.slack(of.workspace).update(failed.message, status):
                await _placed(context, of, status, failed.asked_by)


async def _run(context: Context, business: str, refresh_id: str) -> None:
    of = Business.parse(business)
    services, slack = context.services, context.slack(of.workspace)
    connection = await services.connection.current(of)
    name = connection.organisation.name if connection else "Zoho Books"
    lists = len(services.connection.software(connection.software).lists) if connection else 0
    clock = asyncio.get_running_loop().time
    shown_at = clock()
    message: MessageRef | None = None
    async for snapshot in services.refresh.run(of, refresh_id):
        is_over = snapshot.state is not RefreshState.IN_PROGRESS
        if message is not None and not is_over and clock() - shown_at < PACE_SECONDS:
            continue
        if message is not None and is_over:
            await asyncio.sleep(max(0.0, PACE_SECONDS - (clock() - shown_at)))
        try:
            if message is None:
                message = await _banner(context, of, snapshot, name, lists)
            status = blocks.status(snapshot, name, lists)
            if message is None or not await slack.update(message, status):
                message = await _placed(context, of, status, snapshot.asked_by)
        except (SlackApiError, ClientError, TimeoutError, OSError) as fault:
            # The lists do not wait for Slack: what cannot be shown now shows with the next snapshot.
            structlog.get_logger().warning("refresh not shown", fault=type(fault).__name__)
        shown_at = clock()
        if snapshot.state is RefreshState.COMPLETE:
            await show_mended(slack, services, of)


async def _placed(
    context: Context, business: Business, status: Message, person: PersonId
) -> MessageRef | None:
    """In the business's channel; where the bot may not post, to who asked."""
    slack = context.slack(business.workspace)
    posted = await to_channel(slack, context.services, business, status)
    if posted is None and person != BOT:
        posted = await slack.direct(person, status)
    return posted


async def _banner(
    context: Context, business: Business, snapshot: Refresh, name: str, lists: int
) -> MessageRef | None:
    """The message of this refresh: the banner of who asked, or one of our own."""
    services = context.services
    if snapshot.message is None and snapshot.asked_by != BOT:
        deadline = asyncio.get_running_loop().time() + BANNER_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            known = await services.refresh.latest(business)
            if known is None or known.id != snapshot.id or known.message:
                break
            await asyncio.sleep(0.1)
        snapshot = known if known and known.id == snapshot.id else snapshot
    if snapshot.message is not None:
        return snapshot.message
    slack = context.slack(business.workspace)
    posted = await _placed(context, business, blocks.status(snapshot, name, lists), snapshot.asked_by)
    if posted is None:
        return None
    kept = await services.refresh.remember_message(business, snapshot.id, posted)
    if kept is None or kept.message is None or kept.message == posted:
        return posted
    await slack.delete(posted)
    return kept.message
