"""The rules as a file, to the Admin who asked for it."""

from __future__ import annotations

from bot.domain.identity import Business, PersonId
from bot.slack.blocks import rules as blocks
from handlers.job_kit import Context

NAME = "dext-rules.csv"


async def export_rules(context: Context, business: str, person: str) -> None:
    of, who = Business.parse(business), PersonId(person)
    content, number = await context.services.rule_book.table(of, who)
    await context.slack(of.workspace).send_file(who, NAME, content, blocks.exported(number))
