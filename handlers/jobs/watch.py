"""Looks at the books; cards of what was found are brought up to date at Slack's pace."""

from __future__ import annotations

import asyncio

import structlog

from bot.domain.identity import Business, PersonId
from bot.errors import BotError
from bot.slack.blocks import errors
from bot.slack.blocks.parts import message
from handlers.job_kit import Context, unforeseen
from handlers.showing import books_page, show_item

PACE_SECONDS = 1.1
"""Slack takes about one message a second and channel."""


async def watch(context: Context, business: str) -> None:
    """Nothing is posted: threads, cards and the digest tell what was found."""
    of = Business.parse(business)
    try:
        await context.services.watch.run(of)
    except BotError as fault:
        # Another process looks for so long, or Redis is away: it goes on where it stood.
        structlog.get_logger().warning("no look at the books", fault=fault.says)
    await _cards(context, of)


async def watch_for(context: Context, business: str, person: str, view_id: str) -> None:
    """The outermost edge: its end turns the open window of who asked, whatever came of it."""
    of, who = Business.parse(business), PersonId(person)
    slack = context.slack(of.workspace)
    try:
        await context.services.watch.run(of)
    except BotError as fault:
        await slack.direct(who, errors.refusal(fault))
    except Exception as fault:
        await slack.direct(who, message(errors.unforeseen(unforeseen("watch_for", fault))))
    await slack.turn(view_id, await books_page(context.services, of, who, 0, {}))
    await _cards(context, of)


async def _cards(context: Context, business: Business) -> None:
    """Each is taken off the list when it is shown: cut in between, the next look shows the rest."""
    slack, watched = context.slack(business.workspace), context.services.watch
    for item_id in await watched.cards(business):
        await show_item(slack, context.services, business, item_id, posts=False)
        await watched.card_shown(business, item_id)
        await asyncio.sleep(PACE_SECONDS)
