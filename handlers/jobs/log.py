"""The log as a file, to the Admin who asked for it."""

from __future__ import annotations

from bot.domain.identity import Business, PersonId
from bot.slack.blocks import log as blocks
from handlers.job_kit import Context

NAME = "dext-log.csv"


async def export_log(context: Context, business: str, person: str, word: str) -> None:
    of, who = Business.parse(business), PersonId(person)
    content, number = await context.services.log.export(of, who, word)
    chain = await context.services.log.chain(of)
    says = blocks.exported(number, word, chain.words)
    await context.slack(of.workspace).send_file(who, NAME, content, says)
