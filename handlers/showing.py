"""Showing domain things in Slack: what several features and jobs do alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.claim_coding import first_faulty
from bot.domain.connection import Connection
from bot.domain.identity import BOT, Business, ChannelId, ItemId, MessageRef, PersonId, is_in_books
from bot.domain.lists import Refresh
from bot.domain.roles import Role
from bot.services import Services
from bot.services.connection import Finished
from bot.services.items import ItemView
from bot.slack.blocks import connection as connecting
from bot.slack.blocks import connections_page as page
from bot.slack.blocks import items as item_blocks
from bot.slack.blocks import refresh as refresh_blocks
from bot.slack.blocks import standing as standing_blocks
from bot.slack.blocks import suggestion as suggestion_blocks
from bot.slack.blocks.parts import Block, Message, View
from bot.slack.client import Slack
from handlers.kit import Call

REDRAWS = 5


def shown(view: ItemView) -> item_blocks.Shown:
    return item_blocks.Shown(
        view.item,
        view.coding,
        view.status,
        connected=view.connection is not None,
        connected_by=view.connection.connected_by if view.connection else "",
        suspects=view.suspects,
        claim=view.claim,
        faulty=first_faulty(view.receipts),
    )


async def show_item(
    slack: Slack,
    services: Services,
    business: Business,
    item_id: ItemId,
    channel: str = "",
    *,
    posts: bool = True,
) -> None:
    """Brings an item's card up to date; with `posts`, one is posted where there is none: to the business's
    channel, else to `channel`, else to who brought or published the item. The item is read again after
    each edit, so that of two who edit the card at once the newer state stays."""
    view = await services.items.view(business, item_id)
    for _ in range(REDRAWS):
        card = item_blocks.card(shown(view))
        if view.item.card is None and not posts:
            return
        if view.item.card is None or not await slack.update(view.item.card, card):
            target = (await services.settings.read(business)).channel or channel
            posted = await slack.post(target, card) if target else None
            person = view.item.asked_by or view.item.received_by
            if posted is None and person and person != BOT:
                posted = await slack.direct(person, card)
            if posted is not None:
                await services.items.remember_card(business, item_id, posted)
        latest = await services.items.view(business, item_id)
        if item_blocks.card(shown(latest)) == card:
            return
        view = latest


async def suggest_auto(slack: Slack, services: Services, business: Business, view: ItemView) -> None:
    """To the Admin who published by hand the last of several items that were coded alike; where an Approver
    did, to the Admins: only they can switch it on. Once for a supplier that goes on being coded alike."""
    published = view.item.published
    times = await services.auto.counted(business, view)
    if published is None or not times:
        return
    is_admin = await services.roles.role(business, published.by) >= Role.ADMIN
    asked = [published.by] if is_admin else await services.roles.admins(business)
    by = "" if is_admin else published.by
    said = suggestion_blocks.suggestion(view.coding.party, view.item.id, times, by)
    if any([await slack.direct(person, said) for person in asked]):
        await services.auto.suggested(business, view)


async def show_mended(slack: Slack, services: Services, business: Business) -> None:
    """After something changed: what was said of failures whose cause is gone goes off the cards."""
    for item_id in await services.items.mend(business):
        await show_item(slack, services, business, item_id, posts=False)


async def connection_blocks(
    services: Services,
    business: Business,
    person: PersonId,
    *,
    managing: bool = False,
    bot_in_channel: bool | None = None,
) -> list[Block]:
    """The Connections page for this person."""
    overview = await services.connection.overview(business)
    is_admin = await services.roles.role(business, person) >= Role.ADMIN
    admins = [] if is_admin else await services.roles.admins(business)
    return page.page_blocks(
        overview.connection,
        overview.lists,
        overview.next_refresh_at,
        overview.held,
        overview.calls,
        services.connection.checklist(overview, bot_in_channel=bot_in_channel),
        is_admin=is_admin,
        admins=admins,
        managing=managing,
        changes=await services.connection.last_changes(business) if managing and is_admin else (),
        checked_at=(overview.probe.checked_at or overview.probe.at) if overview.probe else None,
    )


async def books_page(
    services: Services,
    business: Business,
    person: PersonId,
    offset: int,
    meta: Mapping[str, Any],
    *,
    looking: bool = False,
) -> View:
    """What was changed or entered in the accounting software without us, for this person."""
    found = await services.watch.page(business, offset, standing_blocks.ON_A_PAGE)
    ours = [item.id for item in found.items if not is_in_books(item.id)]
    seen = await services.items.views(business, ours) if ours else []
    codings = {view.item.id: view.coding for view in seen}
    return standing_blocks.page(
        found,
        codings,
        meta,
        may_look=await services.roles.role(business, person) >= Role.APPROVER,
        looking=looking,
    )


async def to_channel(
    slack: Slack, services: Services, business: Business, message: Message
) -> MessageRef | None:
    """To the business's channel; nothing where there is none or the bot may not post there."""
    channel = (await services.settings.read(business)).channel or ChannelId("")
    return await slack.post(channel, message) if channel else None


async def show_connected(call: Call, services: Services, finished: Finished) -> None:
    """Says in the channel what is connected, and shows the first refresh there."""
    if finished.already:
        return
    said = connecting.connected(finished.connection)
    if await to_channel(call.slack, services, call.business, said) is None:
        await call.whisper(said)
    if finished.refresh is not None:
        await show_refresh(call, services, finished.connection, finished.refresh)


async def show_refresh(call: Call, services: Services, connection: Connection, refresh: Refresh) -> None:
    """The green banner at once. Where the job was quicker and posted its own, this one goes away."""
    lists = len(services.connection.software(connection.software).lists)
    status = refresh_blocks.status(refresh, connection.organisation.name, lists)
    posted = await to_channel(call.slack, services, call.business, status)
    if posted is None:
        await call.whisper(connecting.no_channel((await services.settings.read(call.business)).channel or ""))
        posted = await call.slack.direct(call.person, status)
    if posted is None:
        return
    kept = await services.refresh.remember_message(call.business, refresh.id, posted)
    if kept is not None and kept.message != posted:
        await call.slack.delete(posted)
