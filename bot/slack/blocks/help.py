"""Help: for this person, here, now."""

from __future__ import annotations

from collections.abc import Sequence

from bot.slack.blocks import topics
from bot.slack.blocks.parts import Message, context, message, section
from bot.slack.text import escape

MOST_WANTED = 4


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
        context("A paid cost needs the bank, cash or card account it was paid from; a bill needs a category.")
    )
    blocks.append(context(topics.offered()))
    return message(unknown or state, *blocks)


def unknown_word(word: str, nearest: str) -> str:
    """“There is no `/dext refesh`. Did you mean `/dext refresh`?”"""
    says = f"There is no `/dext {escape(word[:40])}`."
    return f"{says} Did you mean `/dext {nearest}`?" if nearest else says
