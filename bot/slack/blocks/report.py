"""The words beside a month's report."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain import money
from bot.domain.items import ItemStatus
from bot.domain.report import Month, Spend
from bot.slack.blocks.parts import Message, message
from bot.slack.text import brief, count


def asked(month: Month) -> Message:
    return message(f"The report of {month.words} comes as a private message in a moment.")


def nothing(month: Month) -> Message:
    return message(f"There are no items of {month.words}.")


def made(
    month: Month, organisation: str, currency: str, counts: Mapping[ItemStatus, int], spend: Spend
) -> str:
    """What stands beside the files."""
    number = sum(counts.values())
    states = ", ".join(
        f"{counts[status]:,} {status.value.replace('_', ' ')}" for status in ItemStatus if counts.get(status)
    )
    said = f"*{brief(organisation)}, {month.words}*: {count(number, 'item')} ({states}). "
    said += f"Published costs: {money.shown(spend.total, currency)} with tax."
    if spend.left_out:
        are = "is in no sum: it is" if spend.left_out == 1 else "are in no sum: they are"
        said += f" {count(spend.left_out, 'item')} {are} in another currency, without a rate."
    return said
