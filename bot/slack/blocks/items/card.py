"""The card: what an item looks like in the channel."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.duplicates import Answer
from bot.domain.identity import BOT
from bot.domain.items import BY_HAND, Field, Item, ItemStatus
from bot.slack.blocks import claim_card, files
from bot.slack.blocks.items.acts import buttons, more
from bot.slack.blocks.items.details import beside, image
from bot.slack.blocks.items.shown import Shown
from bot.slack.blocks.items.state import STATE_WORDS, state
from bot.slack.blocks.items.values import heading, values
from bot.slack.blocks.parts import Block, Message, actions, context, message, section
from bot.slack.text import brief, escape, mention


def card(shown: Shown) -> Message:
    """What an item looks like in the channel, whatever its state."""
    coding = shown.coding
    title = f"{coding.party or f'No {coding.party_field}'} {coding.text(Field.TOTAL)}"
    words = STATE_WORDS[shown.status]
    return message(f"{words}: {brief(title)}" if words else brief(title), *card_blocks(shown))


def card_blocks(shown: Shown) -> list[Block]:
    item, coding = shown.item, shown.coding
    blocks = [*state(shown), section(heading(shown), more(item)), section(values(shown))]
    small = [_origin(item), *beside(shown)]
    if coding.text(Field.DESCRIPTION):
        small.insert(0, brief(coding.text(Field.DESCRIPTION), 300))
    images = [image(item.document)] if image(item.document) else []
    blocks += [*claim_card.lines(item, coding), context(" · ".join(small), *images)]
    blocks += files.blocks(item)
    if shown.status is not ItemStatus.PUBLISHED:
        blocks += [context("🟡 " + escape("; ".join(coding.warnings)))] if coding.warnings else []
        blocks += [context(_remarks(coding.remarks))] if coding.remarks else []
    blocks += _answers(shown)
    if offered := buttons(shown):
        blocks.append(actions(*offered))
    return blocks


def _remarks(remarks: Sequence[str]) -> str:
    said = brief("; ".join(remarks), 1000)
    return said[:1].upper() + said[1:]


def _answers(shown: Shown) -> list[Block]:
    """What people said of items that are like this one."""
    words = {
        Answer.SAME: "The same as {}, says {}",
        Answer.REPLACED: "Stands for {}, says {}",
        Answer.DIFFERENT: "Not a duplicate of {}, says {}",
    }
    lines = []
    for one in shown.suspects:
        if one.verdict:
            answer = one.verdict.answer
            if answer is not Answer.DIFFERENT:
                # Which of the two was rejected stands on its card; here only that they are one.
                answer = Answer.SAME if shown.status is ItemStatus.REJECTED else Answer.REPLACED
            title = brief(f"{one.facts.name} {one.facts.number}".strip()) or "another item"
            lines.append(words[answer].format(title, mention(one.verdict.by)))
    return [context(" · ".join(lines))] if lines else []


def _origin(item: Item) -> str:
    if item.received_from == BY_HAND and item.received_by:
        return f"Added by {mention(item.received_by)}"
    source = brief(item.received_from or "an import")
    by = f", by {mention(item.received_by)}" if item.received_by and item.received_by != BOT else ""
    owner = f", for {brief(item.document.submitted_by)}" if item.document.submitted_by else ""
    return f"From {source}{by}{owner}"
