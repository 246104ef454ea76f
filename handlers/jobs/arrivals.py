"""What came in through the item API or by hand, shown in the business's channel."""

from __future__ import annotations

import mimetypes

from slack_sdk.errors import SlackApiError

from bot.domain.attachments import FileContent
from bot.domain.identity import Business, ItemId, PersonId
from bot.domain.items import ItemStatus
from bot.errors import BotError, WrongInput
from bot.slack.blocks import errors
from bot.slack.blocks import items as blocks
from bot.slack.client import Slack
from handlers.job_kit import Context
from handlers.showing import show_item, shown

UNKNOWN = "application/octet-stream"


async def items_arrived(context: Context, business: str, key: str, batch: str, *items: str) -> None:
    """One item comes as its card, several of one request as one summary. Where there is no channel yet, or
    the bot may not post there, to who made the key."""
    of = Business.parse(business)
    services, slack = context.services, context.slack(of.workspace)
    arrived = await services.arriving.of_batch(of, key, batch, [ItemId(item) for item in items])
    if not arrived.views:
        return
    channel = (await services.settings.read(of)).channel or ""
    if len(arrived.views) == 1:
        item = arrived.views[0].item
        await show_item(slack, services, of, item.id)
        view = await services.items.view(of, item.id)
        if view.item.card is None and arrived.made_by:
            posted = await slack.direct(arrived.made_by, blocks.card(shown(view)))
            if posted is not None:
                await services.items.remember_card(of, item.id, posted)
        return
    new = [view.item.id for view in arrived.views]
    ready = sum(view.status is ItemStatus.READY for view in arrived.views)
    said = blocks.summary(
        arrived.came_from, "", new, len(items) - len(new), ready, len(new) - ready, (), batch
    )
    if going := sum(view.item.auto is not None for view in arrived.views):
        said["blocks"].insert(1, blocks.going(going))
    if (not channel or await slack.post(channel, said) is None) and arrived.made_by:
        await slack.direct(arrived.made_by, said)


async def item_added(
    context: Context, business: str, item: str, person: str, channel: str, *files: str
) -> None:
    """Fetches the files of an item that somebody typed in, then shows its card. A file that cannot be had is
    said to who added it; the item stands."""
    of, item_id, who = Business.parse(business), ItemId(item), PersonId(person)
    services, slack = context.services, context.slack(of.workspace)
    if not await services.arriving.is_there(of, item_id):
        return
    contents = []
    for file in files:
        try:
            contents.append(await _fetched(slack, file))
        except WrongInput as fault:
            await slack.whisper(channel, who, errors.refusal(fault))
    if contents:
        await services.arriving.add_files(of, item_id, contents)
    await show_item(slack, services, of, item_id, channel)


async def _fetched(slack: Slack, file: str) -> FileContent:
    """Raises WrongInput, with what became of the item."""
    advice = "The item was added without it."
    try:
        name, content = await slack.file(file)
    except SlackApiError as fault:
        error = str(fault.response.get("error", ""))
        raise WrongInput(f"Slack did not hand out the file ({error}).", advice=advice) from None
    except BotError as fault:
        raise WrongInput(fault.says, advice=advice) from None
    return FileContent(name, mimetypes.guess_type(name)[0] or UNKNOWN, content)
