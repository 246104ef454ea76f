"""A file from Slack into the inbox, and what came of it."""

from __future__ import annotations

import secrets

import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.identity import Business, PersonId
from bot.errors import BotError, WrongInput
from bot.services.importing import Imported
from bot.slack.blocks import errors
from bot.slack.blocks import items as blocks
from bot.slack.blocks.parts import message, section
from bot.slack.client import Slack
from bot.slack.text import escape
from handlers.job_kit import Context
from handlers.showing import show_item


async def import_file(context: Context, business: str, file: str, person: str, channel: str) -> None:
    of, who = Business.parse(business), PersonId(person)
    slack = context.slack(of.workspace)
    try:
        name, content = await slack.file(file)
        imported = await context.services.importing.run(of, name, content, who)
    except BotError as fault:
        await slack.whisper(channel, who, errors.refusal(fault))
        return
    except SlackApiError as fault:
        error = str(fault.response.get("error", ""))
        refused = WrongInput(f"Slack did not hand out the file ({error}).", advice="Try again.")
        await slack.whisper(channel, who, errors.refusal(refused))
        return
    except Exception as fault:
        # The outermost edge of this job: who handed the file over hears that it was not read.
        reference = secrets.token_hex(2).upper()
        structlog.get_logger().error("unforeseen", reference=reference, exc_info=fault)
        await slack.whisper(channel, who, message(errors.unforeseen(reference)))
        return
    await _show(context, slack, of, imported, who, channel)


async def announce(context: Context, business: Business, imported: Imported) -> None:
    """What came in from a terminal, in the business's channel; nothing where there is none yet."""
    channel = (await context.services.settings.read(business)).channel
    if channel and imported.new:
        await _show(context, context.slack(business.workspace), business, imported, PersonId(""), channel)


async def _show(
    context: Context, slack: Slack, business: Business, imported: Imported, who: PersonId, channel: str
) -> None:
    """One item comes as its card, several as one summary; what was refused is said row by row."""
    services = context.services
    if len(imported.new) == 1 and not imported.refused and not imported.known:
        await show_item(slack, services, business, imported.new[0], channel)
        return
    target = (await services.settings.read(business)).channel or channel
    if imported.new:
        said = blocks.summary(
            imported.filename,
            who,
            imported.new,
            imported.known,
            imported.ready,
            imported.needs_attention,
            imported.refused,
            imported.filename,
        )
        if imported.going:
            said["blocks"].insert(1, blocks.going(imported.going))
        if await slack.post(target, said) is None and who:
            await slack.direct(who, said)
        return
    text = f"Nothing new in {escape(imported.filename)}: {imported.known} already here."
    parts = [section(text)] + ([blocks.refusals(imported.refused)] if imported.refused else [])
    await slack.whisper(channel, who, message(text, *parts))
