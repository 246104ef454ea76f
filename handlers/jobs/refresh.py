"""The refresh itself, shown in one message that is edited as lists arrive."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.domain.identity import BOT, Business, MessageRef, PersonId
from bot.domain.items import ItemStage
from bot.domain.lists import Refresh, RefreshState
from bot.slack.blocks import mapping as mapping_blocks
from bot.slack.blocks import refresh as blocks
from bot.slack.blocks.parts import Message
from handlers.job_kit import Context, unforeseen
from handlers.showing import show_item, show_mended, to_channel

PACE_SECONDS = 1.1
"""Slack takes about one message a second and channel."""
BANNER_SECONDS = 3.0
"""Who asked posts the banner; a job that is quicker waits for it so long, then posts its own."""
MOST_CARDS = 20
"""So many cards of items that need attention now are brought up to date; others are when they are used."""


async def refresh(context: Context, business: str, refresh_id: str) -> None:
    """The outermost edge: a fault nobody foresaw ends the refresh in words, with the old lists whole."""
    of = Business.parse(business)
    screen = Screen(context, of)
    try:
        await screen.begins()
        await context.services.refresh.run(of, refresh_id, screen.shows)
        await _cards(context, of, screen.last)
        await _look_too(context, of, screen.last)
    except Exception as fault:
        failed = await context.services.refresh.stumbled(of, refresh_id, unforeseen("refresh", fault))
        if failed is not None:
            await screen.shows(failed)


@dataclass
class Screen:
    """The one message of a refresh, at Slack's pace. In quiet mode only news are shown."""

    context: Context
    business: Business
    name: str = "Zoho Books"
    lists: int = 0
    is_quiet: bool = False
    message: MessageRef | None = None
    shown_at: float = 0.0
    last: Refresh | None = field(default=None)

    async def begins(self) -> None:
        services = self.context.services
        connection = await services.connection.current(self.business)
        if connection is not None:
            self.name = connection.organisation.name
            self.lists = len(services.connection.software(connection.software).lists)
        self.is_quiet = (await services.settings.read(self.business)).quiet

    async def shows(self, snapshot: Refresh) -> None:
        """The lists do not wait for Slack: what cannot be shown now shows with the next snapshot."""
        self.last = snapshot
        is_over = snapshot.state is not RefreshState.IN_PROGRESS
        if self.is_quiet and snapshot.asked_by == BOT and not (is_over and snapshot.is_news):
            return
        since = asyncio.get_running_loop().time() - self.shown_at
        if self.message is not None and since < PACE_SECONDS:
            if not (is_over or snapshot.waits_for):
                return
            await asyncio.sleep(PACE_SECONDS - since)
        try:
            await self._shows(snapshot)
        except (SlackApiError, ClientError, TimeoutError, OSError) as fault:
            structlog.get_logger().warning("refresh not shown", fault=type(fault).__name__)
        self.shown_at = asyncio.get_running_loop().time()

    async def _shows(self, snapshot: Refresh) -> None:
        if self.message is None:
            self.message = await _banner(self.context, self.business, snapshot, self.name, self.lists)
        status = blocks.status(snapshot, self.name, 1 if snapshot.only else self.lists)
        slack = self.context.slack(self.business.workspace)
        if self.message is None or not await slack.update(self.message, status):
            self.message = await _placed(self.context, self.business, status, snapshot.asked_by)


async def _cards(context: Context, business: Business, done: Refresh | None) -> None:
    """Items that use what is gone say so on their cards; what is mended says so too."""
    if done is None or done.state is not RefreshState.COMPLETE:
        return
    await show_mended(context.slack(business.workspace), context.services, business)
    ids = [item_id for touch in done.touches if touch.is_broken for item_id in touch.items]
    slack = context.slack(business.workspace)
    for item_id in list(dict.fromkeys(ids))[:MOST_CARDS]:
        await asyncio.sleep(PACE_SECONDS)
        view = await context.services.items.view(business, item_id)
        if view.item.stage is not ItemStage.PUBLISHING:
            await show_item(slack, context.services, business, item_id, posts=False)


async def _look_too(context: Context, business: Business, done: Refresh | None) -> None:
    """Who refreshes by hand wants to know how things stand: what was done in the books besides."""
    if done and done.state is RefreshState.COMPLETE and done.asked_by != BOT and done.only is None:
        await context.services.watch.ask(business)


async def lists_mapped(context: Context, business: str) -> None:
    """After another organisation was connected: what was carried over to it, and what is left to pick."""
    of = Business.parse(business)
    mapping = await context.services.mapping.told(of)
    if mapping is not None and mapping.lines:
        await _placed(context, of, mapping_blocks.told(mapping), mapping.person)


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
        known: Refresh | None = None
        deadline = asyncio.get_running_loop().time() + BANNER_SECONDS
        while asyncio.get_running_loop().time() < deadline:
            known = await services.refresh.latest(business)
            if known is None or known.id != snapshot.id or known.message:
                break
            await asyncio.sleep(0.1)
        snapshot = known if known and known.id == snapshot.id else snapshot
    if snapshot.message is not None:
        return snapshot.message
    posted = await _placed(context, business, blocks.status(snapshot, name, lists), snapshot.asked_by)
    if posted is None:
        return None
    kept = await services.refresh.remember_message(business, snapshot.id, posted)
    if kept is None or kept.message is None or kept.message == posted:
        return posted
    await context.slack(business.workspace).delete(posted)
    return kept.message
