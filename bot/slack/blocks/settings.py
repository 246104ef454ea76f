"""The Settings modal: General, Default tax, Publishing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.lists import Entry
from bot.domain.settings import BusinessSettings, RefreshSchedule
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    context,
    field,
    header,
    message,
    modal,
    option,
    section,
    select,
)
from bot.slack.text import escape

OPEN = "settings.open"
SAVE = "settings.save"
_CHANNEL = re.compile(r"&lt;#([CDG][A-Z0-9]+)&gt;")
WARN = "Warn me when a new supplier will be created in Zoho Books"


def form(settings: BusinessSettings, taxes: Sequence[Entry], meta: Mapping[str, Any]) -> View:
    blocks: list[Block] = [
        header("General"),
        field("New suppliers", "warn_new_supplier", _warning(settings.warn_new_supplier), optional=True),
        field("Channel", "channel", _channel(settings)),
        field(
            "Refresh schedule",
            "refresh_schedule",
            select(
                [option(one.words, str(one.value)) for one in RefreshSchedule],
                chosen=str(settings.refresh_schedule.value),
            ),
        ),
        header("Default tax"),
    ]
    if taxes:
        offered = [option(tax.label, tax.id) for tax in taxes]
        blocks += [
            field(label, name, select(offered, chosen=chosen or "", placeholder="None"), optional=True)
            for label, name, chosen in (
                ("Default tax for costs", "default_tax_costs", settings.default_tax_costs),
                ("Default tax for sales", "default_tax_sales", settings.default_tax_sales),
            )
        ]
        blocks.append(context("Never overrides a rule or a change made by hand."))
    else:
        blocks.append(section("No taxes yet: they come with the first refresh of the lists."))
    blocks += [
        header("Publishing"),
        context("An unpaid cost becomes a bill, a paid one an expense. Change it on an item with *Edit*."),
    ]
    return modal("Settings", blocks, callback=SAVE, submit="Save", close="Cancel", meta=meta)


def _warning(is_on: bool) -> Block:
    one = option(WARN, "on")
    element: Block = {"type": "checkboxes", "action_id": "value", "options": [one]}
    if is_on:
        element["initial_options"] = [one]
    return element


def _channel(settings: BusinessSettings) -> Block:
    element: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if settings.channel:
        element["initial_conversation"] = settings.channel
    return element


def saved(changes: Sequence[str]) -> Message:
    if not changes:
        return message("Nothing was changed.")
    return message("Settings saved. " + " · ".join(escape_keeping_channels(change) for change in changes))


def escape_keeping_channels(text: str) -> str:
    """Channel mentions are ours; everything else is from outside."""
    return _CHANNEL.sub(r"<#\1>", escape(text)) if text.startswith("Channel: ") else escape(text)
