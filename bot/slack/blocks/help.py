"""Help: for this person, here, now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.needs import Needs
from bot.slack.blocks import topics
from bot.slack.blocks.parts import Message, context, message, section
from bot.slack.text import brief, count, escape

MOST_WANTED = 4
NAMED = 12
NEEDS = "needs"
"""The topic that is made of the organisation's own lists."""


def page(
    state: str, commands: Sequence[tuple[str, str]], wanted: Sequence[str], unknown: str = ""
) -> Message:
    """`commands` are name and summary; `wanted` the likeliest next. `unknown` is a word nobody knows."""
    lines = [f"`/dext {name}`  {escape(summary)}" for name, summary in commands]
    first = [f"`/dext {name}`" for name in wanted[:MOST_WANTED]]
    blocks = []
    if unknown:
        blocks.append(section(unknown))
    blocks += [section(f"*{state}*"), section("Next: " + " · ".join(first)), section("\n".join(lines))]
    blocks.append(
        context(
            "A paid cost needs the bank, cash or card account it was paid from; a bill needs a category. "
            f"`/dext help {NEEDS}` has the whole list."
        )
    )
    blocks.append(context(topics.offered()))
    return message(unknown or state, *blocks)


def needs(of: Needs) -> Message:
    """What an item needs to become each kind of record, with the organisation's own lists."""
    title = f"What {escape(of.software)} needs of {escape(of.organisation)}'s items"
    taxes = f"one of {_named(of.taxes)}" if of.taxes else "none: the organisation has no taxes"
    costs, sales = (count(one, "category", "categories") for one in (of.cost_categories, of.sale_categories))
    lines = [
        "*All of them*  a supplier (of a sale a customer), a total, and a date after the lock dates",
        f"*Bill, expense, vendor credit*  one of {costs} for costs",
        f"*Invoice, credit note, sales receipt*  one of {sales} for sales",
        f"*Expense, bill with payment*  the account it was paid from: {_named(of.payment_accounts)}",
        "*Bill*  a number that this supplier has not used yet",
        f"*Tax*  {taxes}",
        f"*Currency*  {_named(of.currencies)}",
    ]
    return message(title, section(f"*{title}*"), section("\n".join(lines)))


def _named(names: Sequence[str]) -> str:
    if not names:
        return "there is none yet; `/dext refresh` after it was made there"
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    return ", ".join(brief(name, 60) for name in names[:NAMED]) + more


def unknown_word(word: str, nearest: str) -> str:
    """“There is no `/dext refesh`. Did you mean `/dext refresh`?”"""
    says = f"There is no `/dext {escape(word[:40])}`."
    return f"{says} Did you mean `/dext {nearest}`?" if nearest else says
