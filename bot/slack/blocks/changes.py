"""What a refresh changed: in the status message the changes that touch something, in a modal all of them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.lists import Change, EntryChange, ListChange, Refresh, Touch
from bot.slack.blocks.parts import Block, View, actions, button, context, divider, modal, section
from bot.slack.text import brief, count

OPEN = "refresh.report"
TURN = "refresh.report_turn"
ITEMS = "refresh.items"
EDIT = "item.edit"
RULES = "rules.edit"
SETTINGS = "settings.open"
METHOD = "payment_method.change"
ON_A_PAGE = 20
NAMED = 3
"""So many names of a list's new, renamed and vanished entries stand in the message."""


def in_short(refresh: Refresh) -> list[Block]:
    """A line with its button for each change that touches something, then names of the others."""
    blocks: list[Block] = []
    for touch in refresh.touches:
        blocks.append(section(f"🟡 {_sentence(touch.change)}{_users(touch)}"))
        if buttons := _mending(refresh.id, touch):
            blocks.append(actions(*buttons))
    shown = {touch.change.name for touch in refresh.touches}
    blocks += [context(line) for change in refresh.changes if (line := _names(change, shown))]
    return blocks


def _names(change: ListChange, shown: set[str]) -> str:
    parts = []
    for name in change.vanished[:NAMED]:
        if name not in shown:
            parts.append(f"🟡 *{brief(name, 80)}* ({change.kind.words}) is gone from Zoho Books")
    for old, new in change.renamed[:NAMED]:
        if new not in shown:
            parts.append(f"*{brief(old, 80)}* ({change.kind.words}) is now called *{brief(new, 80)}*")
    for name in change.regrouped[:NAMED]:
        if name not in shown:
            parts.append(f"*{brief(name, 80)}* ({change.kind.words}) is made of other taxes now")
    if change.added_names:
        names = ", ".join(brief(name, 80) for name in change.added_names[:NAMED])
        more = f" and {change.added - NAMED:,} more" if change.added > NAMED else ""
        parts.append(f"New in {change.kind.words}: {names}{more}")
    if change.active_again:
        names = ", ".join(brief(name, 80) for name in change.active_again[:NAMED])
        parts.append(f"Active again in {change.kind.words}: {names}")
    return ". ".join(parts) + "." if parts else ""


def _sentence(change: EntryChange) -> str:
    name, kind = brief(change.name), change.kind.words
    old = brief(change.before.name) if change.before else ""
    was = brief(change.before.made_of) if change.before else ""
    return {
        Change.ADDED: f"*{name}* ({kind}) is new in Zoho Books",
        Change.RENAMED: f"*{old}* ({kind}) is now called *{name}*",
        Change.INACTIVE: f"*{name}* ({kind}) is inactive in Zoho Books now",
        Change.ACTIVE: f"*{name}* ({kind}) is active again in Zoho Books",
        Change.GONE: f"*{name}* ({kind}) is gone from Zoho Books",
        Change.PARTS: f"*{name}* ({kind}) is made of {brief(change.made_of)} now, before: {was}",
    }[change.what]


def _users(touch: Touch | None) -> str:
    """`; 3 items and 1 rule use it.`"""
    if touch is None or not touch.weight:
        return "."
    users = [count(touch.item_count, "item")] if touch.item_count else []
    users += [count(len(touch.rules), "rule")] if touch.rules else []
    users += [brief(name) for name in touch.settings]
    users += [f"payment method {brief(name)}" for name in touch.methods]
    words = users[0] if len(users) == 1 else f"{', '.join(users[:-1])} and {users[-1]}"
    is_one = touch.weight == 1
    if touch.change.what is Change.RENAMED and touch.is_broken:
        return f"; {words} still {'calls' if is_one else 'call'} it by its old name."
    return f"; {words} {'uses' if is_one else 'use'} it."


def _mending(refresh_id: str, touch: Touch) -> list[Block]:
    """A button for each thing that must choose another entry now."""
    if not touch.is_broken:
        return []
    buttons = []
    if touch.item_count == 1:
        buttons.append(button("Choose another", EDIT, touch.items[0]))
    elif touch.item_count:
        place = json.dumps({"refresh": refresh_id, "line": touch.line}, separators=(",", ":"))
        buttons.append(button("Show items", ITEMS, place))
    if touch.rules:
        label = "Choose another" if not buttons else "Change the rule"
        buttons.append(button(label, RULES, touch.rules[0]))
    if touch.settings:
        label = "Choose another" if not buttons else "Settings"
        buttons.append(button(label, SETTINGS, "settings"))
    if touch.methods:
        label = "Choose another" if not buttons else "Change the payment method"
        buttons.append(button(label, METHOD, touch.methods[0]))
    return buttons


def page(
    refresh_id: str,
    lines: Sequence[tuple[EntryChange, Touch | None]],
    total: int,
    offset: int,
    meta: Mapping[str, Any],
) -> View:
    """All changes, a page at a time."""
    blocks: list[Block] = [context(f"{count(total, 'change')} of this refresh")]
    for change, touch in lines:
        mark = "🟡 " if touch and touch.is_broken else ""
        blocks.append(section(f"{mark}{_sentence(change)}{_users(touch)}"))
        if touch and (buttons := _mending(refresh_id, touch)):
            blocks.append(actions(*buttons))
    if not lines:
        blocks.append(section("This report is no longer kept."))
    turns = []
    if offset:
        turns.append(button("Previous", f"{TURN}.back", str(max(0, offset - ON_A_PAGE))))
    if offset + len(lines) < total:
        turns.append(button("Show more", f"{TURN}.on", str(offset + ON_A_PAGE)))
    if turns:
        blocks += [divider(), actions(*turns)]
    return modal("Changes", blocks, callback=OPEN, meta={**meta, "refresh": refresh_id})


def items(rows: Sequence[Block], touch: Touch, meta: Mapping[str, Any]) -> View:
    """The items of one change."""
    more = touch.item_count - len(touch.items)
    blocks = [section(f"🟡 {_sentence(touch.change)}{_users(touch)}"), *rows]
    if more > 0:
        blocks.append(context(f"… and {count(more, 'item')} more: `/dext items needs attention` has them."))
    return modal("Items", blocks, meta=meta)
