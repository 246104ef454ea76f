"""What happened to items, told in the threads under their cards."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.domain.identity import Business
from bot.slack.blocks import history as blocks
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_item

PACE_SECONDS = 1.1
"""Slack takes about one message a second and channel."""
PASSING = {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
"""Errors after which the same message may be taken a little later."""


async def tell_threads(context: Context, business: str) -> None:
    """One reply an item, however much there is to say. Where Slack is not to be had it stops: the clock
    begins again."""
    of = Business.parse(business)
    history, slack = context.services.history, context.slack(of.workspace)
    async with aclosing(history.tellings(of)) as tellings:
        async for telling in tellings:
            try:
                if telling.is_recoded:
                    await show_item(slack, context.services, of, telling.item, posts=False)
                await slack.reply(telling.card, blocks.thread(telling.events))
            except (SlackApiError, ClientError, TimeoutError, OSError) as fault:
                if isinstance(fault, SlackApiError) and fault.response.get("error") not in PASSING:
                    unforeseen("tell_threads", fault)
                    continue
                structlog.get_logger().warning("thread not told", fault=type(fault).__name__)
                await history.not_told(of, telling)
                return
            await asyncio.sleep(PACE_SECONDS)
