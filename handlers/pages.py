"""Connections pages in windows: each is kept as its business is, for as long as its window shows it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.identity import Business
from bot.domain.status import OpenPage
from bot.services import Services
from bot.slack.blocks import connections_page as blocks
from bot.slack.blocks.parts import Block
from bot.slack.client import Slack
from handlers.kit import Call
from handlers.showing import connection_blocks


async def show(call: Call, services: Services, *, managing: bool = False, turns: bool = False) -> None:
    """In a window of its own, upon the one that is open, or (`turns`) in place of what that one shows.

    Shown before Slack is asked whether the bot is in its channel: a window must open within three seconds.
    """
    page = await connection_blocks(services, call.business, call.person, managing=managing)
    view = blocks.page(page, call.carried)
    if turns:
        window = await call.slack.redraw(call.view_id, view, call.view_hash)
    else:
        window = await call.slack.window(call.trigger_id, view, upon=bool(call.view_id))
    if window is None:
        return
    opened = OpenPage(window.id, window.state, seen(page), call.person, call.home, managing)
    await services.status.page_opened(call.business, opened)
    if await _bot_in_channel(call.slack, services, call.business) is False:
        await _redrawn(call.slack, services, call.business, opened, bot_in_channel=False)


async def keep(call: Call, services: Services) -> None:
    """From now on the page in this window is kept up to date, which an answer to **Finish** has put there.
    Shown once more, since only then Slack says in which state it stands; not where **Manage** was pressed."""
    if all(page.view != call.view_id for page in await services.status.pages(call.business)):
        await show(replace(call, view_hash=""), services, turns=True)


async def refreshed(slack: Slack, services: Services, business: Business) -> None:
    """Every page that stands open, where it changed. One whose window shows something else is let go."""
    pages = await services.status.pages(business)
    is_in = await _bot_in_channel(slack, services, business) if pages else None
    for page in pages:
        await _redrawn(slack, services, business, page, bot_in_channel=is_in)


async def _redrawn(
    slack: Slack, services: Services, business: Business, was: OpenPage, *, bot_in_channel: bool | None
) -> None:
    page = await connection_blocks(
        services, business, was.person, managing=was.managing, bot_in_channel=bot_in_channel
    )
    if seen(page) == was.seen:
        return
    window = await slack.redraw(was.view, blocks.page(page, {"channel": was.channel}), was.state)
    now = replace(was, state=window.state, seen=seen(page)) if window else None
    await services.status.page_shown(business, was, now)


async def _bot_in_channel(slack: Slack, services: Services, business: Business) -> bool | None:
    channel = (await services.settings.read(business)).channel
    return await slack.is_in(channel) if channel else None


def seen(page: Sequence[Block]) -> str:
    """One state of a page from another, in few letters."""
    return hashlib.sha256(json.dumps(page, sort_keys=True).encode()).hexdigest()[:16]
