"""Supplier rules: the list of them, and the form of one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.items import PublishAs
from bot.domain.layers import NEW
from bot.domain.lists import Entry
from bot.domain.matching import Alias
from bot.domain.settings import LONGEST_NAME, DuplicateMode, SupplierRule
from bot.slack.blocks.edit_item import PICK
from bot.slack.blocks.parts import (
    Block,
    Message,
    Option,
    View,
    actions,
    button,
    checkboxes,
    context,
    divider,
    lookup,
    message,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.slack.blocks.parts import field as form_field
from bot.slack.text import brief, count, escape, mention, moment

ADD = "rules.add"
EDIT = "rules.edit"
REMOVE = "rules.remove"
FORGET = "rules.forget"
TURN = "rules.turn"
LIST = "rules.list"
SAVE = "rules.save"
SWITCH_AUTO = "rules.switch_auto"
ON_A_PAGE = 20
MOST_NAMES = 20
LONGEST_WRITTEN = 100
"""A view holds 250,000 bytes."""
AUTO = "Publish its items by themselves from now on"
SURE = "Even without a category in this rule"


@dataclass(frozen=True)
class Line:
    """A rule as it is read."""

    key: str
    supplier: str
    words: str
    gone: tuple[str, ...] = ()


def page(lines: Sequence[Line], aliases: Sequence[Alias], offset: int, meta: Mapping[str, Any]) -> View:
    blocks: list[Block] = [
        context(
            "A rule is used for every item of its supplier; what is changed by hand on an item wins over it."
        ),
        actions(button("Add a rule", ADD, "add", style="primary")),
    ]
    for line in lines[offset : offset + ON_A_PAGE]:
        text = f"*{brief(line.supplier)}*\n{brief(line.words, 600)}"
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
    return modal("Supplier rules", blocks, callback=LIST, meta={**meta, "offset": offset})


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


@dataclass(frozen=True)
class Standing:
    """The rule that a form changes, with its entries by field."""

    rule: SupplierRule
    entries: Mapping[str, Entry | None] = field(default_factory=dict)

    def chosen(self, name: str) -> Option | None:
        entry = self.entries.get(name)
        return option(entry.label, entry.id) if entry and entry.active else None


def form(standing: Standing | None, meta: Mapping[str, Any]) -> View:
    """A new rule, or one that stands: then its supplier is fixed."""
    rule = standing.rule if standing else SupplierRule("")

    def pick(name: str) -> Block:
        return lookup(PICK + name, standing.chosen(name) if standing else None)

    blocks: list[Block] = (
        [section(f"*{brief(rule.name)}*")]
        if standing
        else [form_field("Supplier", "supplier", lookup(PICK + "supplier"))]
    )
    kinds = [option(kind.words, kind.value) for kind in PublishAs]
    blocks += [
        form_field("Category", "category", pick("category"), optional=True),
        form_field("Tax", "tax", pick("tax"), optional=True),
        form_field("Due after days", "due_days", text_input(initial=_days(rule), longest=3), optional=True),
        form_field("Paid from", "payment_account", pick("payment_account"), optional=True),
        form_field(
            "Description", "description", text_input(initial=rule.description, longest=500), optional=True
        ),
        form_field(
            "Publish as",
            "publish_as",
            select(kinds, chosen=rule.publish_as or "", placeholder="As the document says"),
            optional=True,
        ),
        form_field(
            "Possible duplicates",
            "duplicates",
            select(
                [option(mode.words, mode.value) for mode in DuplicateMode],
                chosen=rule.duplicates or "",
                placeholder="As in the settings",
            ),
            optional=True,
        ),
        form_field(
            "Auto-publish",
            "auto",
            checkboxes([option(AUTO, "on"), option(SURE, "sure")], _ticked(rule)),
            optional=True,
            hint="Best for recurring suppliers with one category. Only items that arrive afterwards.",
        ),
        form_field(
            "Limit",
            "cap",
            text_input(initial=str(rule.auto.cap) if rule.auto and rule.auto.cap is not None else ""),
            optional=True,
            hint="Items above this total, in the organisation's currency, wait for a person.",
        ),
    ]
    whole = {**meta, "supplier": f"{NEW}{rule.name[:LONGEST_NAME]}"} if standing else meta
    return modal("Supplier rule", blocks, callback=SAVE, submit="Save", close="Cancel", meta=whole)


def _ticked(rule: SupplierRule) -> list[str]:
    on = ["on"] if rule.auto else []
    return [*on, "sure"] if rule.auto and not rule.category else on


def _days(rule: SupplierRule) -> str:
    return "" if rule.due_days is None else str(rule.due_days)


def saved(supplier: str) -> Message:
    return message(f"Rule saved for {escape(supplier)}. It counts for waiting items at once.")


def suggestion(supplier: str, item_id: str, times: int) -> Message:
    """After several equal publishes by hand, to the Admin who pressed the button."""
    text = (
        f"The last {times} items of *{brief(supplier)}* were published with the same category and tax. "
        "They could go by themselves: each is held some minutes first, with *Undo*."
    )
    return message(
        text,
        section(text),
        actions(button("Publish them by themselves", SWITCH_AUTO, item_id)),
    )


def switched_on(supplier: str) -> Message:
    return message(
        f"✅ Items of {brief(supplier)} that arrive from now on are published by themselves. "
        "`/dext rules` switches it off."
    )
