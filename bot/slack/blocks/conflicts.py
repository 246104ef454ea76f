"""**Conflicts**: rules that cannot do what they say, each with the buttons that mend it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.conflicts import Cause, Conflict
from bot.domain.items import Side
from bot.domain.settings import SupplierRule
from bot.slack.blocks.parts import Block, View, actions, button, context, modal, section
from bot.slack.blocks.rules import EDIT
from bot.slack.limits import cut
from bot.slack.text import brief, count

LIST = "conflicts.list"
TURN = "conflicts.turn"
CLEAR = "conflicts.clear"
MOVE = "conflicts.move"
REMOVE_HERE = "conflicts.remove"
EDIT_OTHER = EDIT + ".other"
ON_A_PAGE = 20
LONGEST = 600
_CHOSEN = (Cause.GONE, Cause.INACTIVE, Cause.OTHER_SIDE)


def page(conflicts: Sequence[Conflict], offset: int, meta: Mapping[str, Any]) -> View:
    offset = offset if offset < len(conflicts) else max(0, len(conflicts) - 1) // ON_A_PAGE * ON_A_PAGE
    if not conflicts:
        blocks: list[Block] = [section("✅ No rule is in conflict with another, or with Zoho Books.")]
    else:
        blocks = [context(f"{count(len(conflicts), 'conflict')}. A button changes the rule at once.")]
    for one in conflicts[offset : offset + ON_A_PAGE]:
        blocks += [section(f"🟡 {_who(one.rule)}: {brief(one.says, LONGEST)}"), actions(*_mends(one))]
    turns = [button("Previous", TURN + ".back", str(max(0, offset - ON_A_PAGE)))] if offset else []
    if offset + ON_A_PAGE < len(conflicts):
        turns.append(button("Show more", TURN + ".on", str(offset + ON_A_PAGE)))
    if turns:
        blocks.append(actions(*turns))
    return modal("Rule conflicts", blocks, callback=LIST, meta={**meta, "offset": offset})


def _who(rule: SupplierRule) -> str:
    return f"*{brief(rule.name, 80)}*" + (" (customer)" if rule.side is Side.SALE else "")


def _mends(one: Conflict) -> list[Block]:
    """The likeliest first."""
    key = one.rule.supplier
    edit = button("Choose another" if one.cause in _CHOSEN else "Edit", EDIT, key)
    buttons = [edit]
    if one.moves_to:
        to = cut(one.moves_to, 40)
        buttons.insert(0, button(f"Make it the rule of {to}", MOVE, key))
    if one.other:
        buttons.append(button(f"Edit {cut(one.other.name, 40)}", EDIT_OTHER, one.other.supplier))
    if one.field:
        buttons.append(button(_take_out(one.field), CLEAR, _value(key, one.field)))
    else:
        buttons.append(button("Remove this rule", REMOVE_HERE, key))
    return buttons


def _take_out(name: str) -> str:
    return "Switch auto-publish off" if name == "auto" else f"Take its {name.replace('_', ' ')} out"


def _value(key: str, what: str) -> str:
    return json.dumps([key, what], ensure_ascii=False, separators=(",", ":"))


def pair(value: str) -> tuple[str, str]:
    """Rule and what of it, as a button carries them."""
    key, what = json.loads(value)
    return str(key), str(what)
