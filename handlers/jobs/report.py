"""A month's report, drawn and sent to who asked for it."""

from __future__ import annotations

import asyncio

from bot.domain.identity import Business, PersonId
from bot.domain.report import month_of
from bot.errors import NotConnected
from bot.services.report import Report
from bot.slack import pictures
from bot.slack.blocks import errors
from bot.slack.blocks import report as blocks
from bot.slack.blocks.parts import message
from bot.slack.client import Upload
from handlers.job_kit import Context, unforeseen


async def report(context: Context, business: str, person: str, month: str) -> None:
    """The outermost edge: who asked hears of whatever comes between."""
    of, who = Business.parse(business), PersonId(person)
    slack = context.slack(of.workspace)
    try:
        made = await context.services.report.make(of, month_of(month, context.services.report.clock().date()))
        if not made.counts:
            await slack.direct(who, blocks.nothing(made.month))
            return
        says = blocks.made(made.month, made.organisation, made.currency, made.counts, made.spend)
        await slack.send_files(who, await _files(made), says)
    except NotConnected as fault:
        await slack.direct(who, errors.refusal(fault))
    except Exception as fault:
        await slack.direct(who, message(errors.unforeseen(unforeseen("report", fault))))


async def _files(made: Report) -> list[Upload]:
    """The table, and a picture where something was spent; it is drawn beside the other jobs."""
    name = f"dext-{made.month.code}"
    files = [Upload(f"{name}.csv", made.table)]
    if made.spend.by_category:
        drawn = await asyncio.to_thread(
            pictures.spend, made.spend, made.month, made.organisation, made.currency
        )
        words = pictures.spend_in_words(made.spend, made.month, made.currency)
        files.append(Upload(f"{name}.png", drawn, words))
    return files
