"""What came in together: one message, not a flood."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.domain.identity import ItemId
from bot.domain.reading import RefusedRow
from bot.slack.blocks.items.shown import LIST, PUBLISH_ALL
from bot.slack.blocks.parts import Block, Message, actions, button, context, message, section
from bot.slack.text import brief, count, mention

REFUSED_SHOWN = 20
NAME_LONGEST = 150
"""Of a file's name in a button's value, where each letter may take twelve."""


def summary(
    filename: str,
    by: str,
    new: Sequence[ItemId],
    known: int,
    ready: int,
    attention: int,
    refused: Sequence[RefusedRow],
    batch: str,
) -> Message:
    """Several at once come as one message, not as a flood."""
    who = f", by {mention(by)}" if by else ""
    text = f"{count(len(new), 'item')} from {brief(filename)}{who}"
    counts = f"{ready} ready · {attention} need attention · {known} already here"
    if refused:
        counts += f" · {len(refused)} refused"
    blocks = [section(f"📥 *{count(len(new), 'item')}* from {brief(filename)}{who}\n{counts}")]
    blocks += [refusals(refused)] if refused else []
    all_of_it = json.dumps({"batch": batch, "name": filename[:NAME_LONGEST]}, separators=(",", ":"))
    buttons = [button("Publish all", PUBLISH_ALL, all_of_it, style="primary")] if ready else []
    if new:
        blocks.append(actions(*buttons, button("Review", LIST, "review")))
    return message(text, *blocks)


def going(number: int) -> Block:
    """Of several that came in, how many are published by themselves."""
    return context(f"⏸ {number} of them go by themselves in some minutes; *Review* has *Undo*.")


def refusals(refused: Sequence[RefusedRow]) -> Block:
    """Row by row, what was refused and why."""
    lines = [
        f"Row {row.row}: {brief(row.reason)}" if row.row else brief(row.reason)
        for row in refused[:REFUSED_SHOWN]
    ]
    if len(refused) > REFUSED_SHOWN:
        lines.append(f"… and {len(refused) - REFUSED_SHOWN} more")
    return section("🔴 Refused\n" + "\n".join(lines))
