"""What publishing still needs, on the Connections page and on App Home."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.checklist import Check, missing
from bot.slack.blocks.parts import Block, actions, button, context, section
from bot.slack.text import brief


def checklist(checks: Sequence[Check], *, has_buttons: bool) -> list[Block]:
    """What is still needed before publishing, ticked as it is mended; a button for the first that is not, and
    what would help besides."""
    needed, helpful = [one for one in checks if one.is_needed], [one for one in checks if not one.is_needed]
    first = next((one for one in missing(checks) if one.action), None)
    if not missing(checks):
        number = len(needed)
        blocks = [context(f"✅ Everything that publishing needs is there ({number} of {number})")]
    else:
        lines = [f"{'✅' if one.is_done else '🟡'}  {brief(one.words)}" for one in needed]
        mends = button(first.label, first.action, first.value) if first and has_buttons else None
        blocks = [section("*Before publishing*\n" + "\n".join(lines), mends)]
    if has_buttons and (left := [one for one in helpful if not one.is_done]):
        blocks.append(context("Also helpful: " + " · ".join(brief(one.words) for one in left)))
        blocks.append(actions(*(button(one.label, one.action, one.value) for one in left)))
    return blocks
