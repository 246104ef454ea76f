"""**Supplier rule**, **Customer rule**: the form of one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.items import Side
from bot.domain.kinds import OFFERED
from bot.domain.layers import NEW, party_field
from bot.domain.lists import Entry
from bot.domain.rules import LONGEST_DESCRIPTION
from bot.domain.settings import LONGEST_NAME, DuplicateMode, SupplierRule
from bot.slack.blocks.edit_item import PICK
from bot.slack.blocks.parts import (
    Block,
    Option,
    View,
    checkboxes,
    lookup,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.slack.blocks.parts import field as form_field
from bot.slack.text import brief

SAVE = "rules.save"
AUTO = "Publish its items by themselves from now on"
SURE = "Even without a category in this rule"


@dataclass(frozen=True)
class Standing:
    """The rule that a form changes, with its entries by field."""

    rule: SupplierRule
    entries: Mapping[str, Entry | None] = field(default_factory=dict)

    def chosen(self, name: str) -> Option | None:
        entry = self.entries.get(name)
        return option(entry.label, entry.id) if entry and entry.active else None


def form(standing: Standing | None, meta: Mapping[str, Any], side: Side = Side.COST) -> View:
    """A new rule, or one that stands: then its supplier, or customer, is fixed."""
    rule = standing.rule if standing else SupplierRule("", side=side)
    who = party_field(rule.side)
    blocks: list[Block] = (
        [section(f"*{brief(rule.name)}*")]
        if standing
        else [form_field(who.words, who.value, lookup(PICK + who.value))]
    )
    blocks += [*_coding(rule, standing), *_handling(rule)]
    whole = {**meta, "side": rule.side.value}
    if standing:
        whole["supplier"] = f"{NEW}{rule.name[:LONGEST_NAME]}"
    return modal(f"{who.words} rule", blocks, callback=SAVE, submit="Save", close="Cancel", meta=whole)


def _coding(rule: SupplierRule, standing: Standing | None) -> list[Block]:
    """What the rule sets. Sales are booked without the account that the money comes into."""

    def pick(label: str, name: str, hint: str = "") -> Block:
        chosen = standing.chosen(name) if standing else None
        return form_field(label, name, lookup(PICK + name, chosen), optional=True, hint=hint)

    days = "" if rule.due_days is None else str(rule.due_days)
    kinds = [option(kind.words, kind.value) for kind in OFFERED[rule.side]]
    return [
        pick("Category", "category"),
        pick("Tax", "tax"),
        form_field("Due after days", "due_days", text_input(initial=days, longest=3), optional=True),
        *([pick("Paid from", "payment_account")] if rule.side is Side.COST else []),
        pick("Currency", "currency", "Where the document names none"),
        form_field(
            "Description",
            "description",
            text_input(initial=rule.description, longest=LONGEST_DESCRIPTION),
            optional=True,
        ),
        form_field(
            "Publish as",
            "publish_as",
            select(kinds, chosen=rule.publish_as or "", placeholder="As the document says"),
            optional=True,
        ),
    ]


def _handling(rule: SupplierRule) -> list[Block]:
    modes = [option(mode.words, mode.value) for mode in DuplicateMode]
    ticked = ["on"] if rule.auto else []
    if rule.auto and not rule.category:
        ticked.append("sure")
    return [
        form_field(
            "Possible duplicates",
            "duplicates",
            select(modes, chosen=rule.duplicates or "", placeholder="As in the settings"),
            optional=True,
        ),
        form_field(
            "Auto-publish",
            "auto",
            checkboxes([option(AUTO, "on"), option(SURE, "sure")], ticked),
            optional=True,
            hint="Best for recurring ones with one category. Only items that arrive afterwards.",
        ),
        form_field(
            "Limit",
            "cap",
            text_input(initial=str(rule.auto.cap) if rule.auto and rule.auto.cap is not None else ""),
            optional=True,
            hint="Items above this total, in the organisation's currency, wait for a person.",
        ),
    ]
