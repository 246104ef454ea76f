"""Rules: the list of them, remembered names, and what is said of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.items import Side
from bot.domain.matching import Alias
from bot.slack.blocks import payment_methods
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    context,
    divider,
    message,
    modal,
    section,
)
from bot.slack.text import brief, count, escape, mention, moment

ADD, ADD_CUSTOMER = "rules.add", "rules.add_customer"
EDIT = "rules.edit"
REMOVE = "rules.remove"
FORGET = "rules.forget"
TURN = "rules.turn"
LIST = "rules.list"
EXPORT = "rules.export"
CONFLICTS = "rules.conflicts"
ON_A_PAGE = 20
MOST_NAMES = 20
LONGEST_WRITTEN = 100
"""A view holds 250,000 bytes."""


@dataclass(frozen=True)
class Line:
    """A rule as it is read."""

    key: str
    supplier: str
    words: str
    gone: tuple[str, ...] = ()
    side: Side = Side.COST


def page(
    lines: Sequence[Line],
    aliases: Sequence[Alias],
    conflicts: int | None,
    offset: int,
    meta: Mapping[str, Any],
    methods: Sequence[payment_methods.Shown] = (),
) -> View:
    """`conflicts` is how many there are of all rules; nothing: nobody has looked."""
    blocks: list[Block] = [
        context(
            "A rule is used for every item of its supplier or customer; what is changed by hand on an item "
            "wins over it."
        ),
        actions(*_heads(conflicts, are_some=bool(lines))),
    ]
    for line in lines[offset : offset + ON_A_PAGE]:
        whose = " · customer" if line.side is Side.SALE else ""
        text = f"*{brief(line.supplier)}*{whose}\n{brief(line.words, 600)}"
        if line.gone:
            names = " and ".join(name.replace("_", " ") for name in line.gone)
            text += f"\n🟡 Its {names} is no longer in Zoho Books: choose another one."
        blocks += [
            section(text),
            actions(button("Edit", EDIT, line.key), button("Remove", REMOVE, line.key)),
        ]
    if not lines:
        blocks.append(section("No rules yet."))
    turns = [button("Previous", TURN + ".back", str(max(0, offset - ON_A_PAGE)))] if offset else []
    if offset + ON_A_PAGE < len(lines):
        turns.append(button("Show more", TURN + ".on", str(offset + ON_A_PAGE)))
    if turns:
        blocks += [context(count(len(lines), "rule")), actions(*turns)]
    blocks += _aliases(aliases)
    blocks += payment_methods.remembered(methods)
    return modal("Supplier rules", blocks, callback=LIST, meta={**meta, "offset": offset})


def _heads(conflicts: int | None, *, are_some: bool) -> list[Block]:
    heads = [
        button("Add a rule", ADD, "add", style="primary"),
        button("Add a customer rule", ADD_CUSTOMER, "add"),
    ]
    if conflicts or conflicts is None:
        words = "Look for conflicts" if conflicts is None else f"Show {count(conflicts, 'conflict')}"
        heads.append(button(words, CONFLICTS, "0"))
    return [*heads, button("Export CSV", EXPORT, "export")] if are_some else heads


def _aliases(aliases: Sequence[Alias]) -> list[Block]:
    """Names that somebody said stand for a supplier."""
    if not aliases:
        return []
    blocks: list[Block] = [
        divider(),
        section("*Remembered names*: items of such a name are taken for that supplier."),
    ]
    for alias in aliases[:MOST_NAMES]:
        written, name = brief(alias.written, LONGEST_WRITTEN), brief(alias.name, LONGEST_WRITTEN)
        who = f"{mention(alias.by)}, {moment(alias.at, '{date_short_pretty}')}"
        words = f"“{written}” is *{name}*\nRemembered by {who}"
        blocks.append(section(words, button("Forget", FORGET, alias.key)))
    if len(aliases) > MOST_NAMES:
        blocks.append(context(f"… and {len(aliases) - MOST_NAMES} more: forget some to see them."))
    return blocks


def saved(supplier: str) -> Message:
    return message(f"Rule saved for {escape(supplier)}. It counts for waiting items at once.")


def export_asked() -> Message:
    return message("The rules come as a private message in a moment.")


def exported(number: int) -> str:
    """What stands beside the file."""
    return f"{count(number, 'rule')}. `/dext import` reads the file back, here or in another business."
