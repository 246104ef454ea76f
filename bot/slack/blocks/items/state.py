"""The first lines of an item: what state it is in, and why."""

from __future__ import annotations

from bot.domain.items import RECONNECT, AutoHold, Hold, Item, ItemStatus
from bot.slack.blocks import claim_card, standing
from bot.slack.blocks.items.shown import Shown
from bot.slack.blocks.mending import doubt
from bot.slack.blocks.parts import Block, context, section
from bot.slack.text import brief, escape, link, mention, moment

STATE_WORDS = {
    ItemStatus.NEEDS_ATTENTION: "Needs attention",
    ItemStatus.READY: "",
    ItemStatus.WAITING: "Held",
    ItemStatus.PUBLISHING: "Publishing",
    ItemStatus.PUBLISHED: "Published",
    ItemStatus.FAILED: "Publishing failed",
    ItemStatus.REJECTED: "Rejected",
    ItemStatus.IN_CLAIM: "In an expense claim",
}


def state(shown: Shown) -> list[Block]:
    """The first line: what state the item is in, and why."""
    item, hold = shown.item, shown.item.hold
    held = _held(shown, hold) if hold else ""
    reasons = escape(", ".join(problem.says for problem in shown.coding.problems))
    lines = {
        ItemStatus.NEEDS_ATTENTION: f"🟡 *Needs attention*: {reasons}",
        ItemStatus.PUBLISHING: f"🟢 *Publishing*, asked by {mention(item.asked_by or '')}",
        ItemStatus.WAITING: f"⏸ *Held*: {held or 'it waits.'}",
        ItemStatus.REJECTED: f"*Rejected* by {mention(item.rejected_by or '')}",
        ItemStatus.FAILED: f"🔴 *Publishing failed*: {held}",
    }
    if shown.status is ItemStatus.PUBLISHED:
        return _published(item)
    if shown.status is ItemStatus.IN_CLAIM:
        return claim_card.state(shown.claim, shown.coding)
    if shown.status is ItemStatus.READY and item.auto:
        return [section(_goes_by_itself(item.auto))]
    if shown.status is ItemStatus.READY:
        return [context("✅ Ready"), *_hold_line(shown), *doubt(item)]
    line = [section(lines[shown.status])]
    if shown.status is ItemStatus.NEEDS_ATTENTION:
        line += [*standing.beside(shown.suspects), *_hold_line(shown)]
    return [*line, *doubt(item)]


def _goes_by_itself(auto: AutoHold) -> str:
    when = moment(auto.at, "{time}")
    return f"⏸ *Published by itself* at {when} ({brief(auto.because)}, set by {mention(auto.by)})"


def _hold_line(shown: Shown) -> list[Block]:
    """What kept an item from being published the last time it was tried."""
    hold = shown.item.hold
    if hold is None or hold.cause == RECONNECT:
        return []
    return [context(f"🟡 Not published: {_held(shown, hold)}")]


def _held(shown: Shown, hold: Hold) -> str:
    """Where only a person's rights over there help, who that is."""
    ask = f" Ask {mention(shown.connected_by)}, who connected Zoho Books." if shown.connected_by else ""
    return f"{escape(hold.says)} {escape(hold.advice)}{ask if hold.cause == 'rights' else ''}"


def _published(item: Item) -> list[Block]:
    published = item.published
    if published is None:
        return [section("✅ *Published*")]
    by = f"by {mention(published.by)}"
    if published.automatic:
        by = f"by itself ({brief(published.automatic)}, set by {mention(published.by)})"
    by += f", {moment(published.at, '{time}')}"
    draft = "draft " if standing.is_draft(published) else ""
    record = f"{draft}{published.kind.noun} {brief(published.number)}"
    blocks = [section(f"✅ *Published* as {record} {by}{link(published.link, 'View in Zoho Books', ' · ')}")]
    blocks += standing.on_card(published)
    if standing.is_draft(published):
        blocks.append(context("Zoho Books counts it when it is marked as sent there."))
    if standing.owes_payment(published):
        blocks.append(section(f"🔴 *The payment is not booked*: {escape(published.unpaid)}"))
    if published.differences:
        blocks.append(context("🟡 Zoho Books has it otherwise: " + escape("; ".join(published.differences))))
    return blocks
