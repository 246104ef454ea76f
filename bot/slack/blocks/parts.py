"""The few pieces all views are made of, each within Slack's limits. Plain dicts, as Slack takes them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.slack import limits
from bot.slack.limits import cut, cut_markup

Block = dict[str, Any]
View = dict[str, Any]
Message = dict[str, Any]
Option = dict[str, Any]


def plain(text: str, longest: int = limits.SECTION) -> Block:
    return {"type": "plain_text", "text": cut(text, longest) or " ", "emoji": True}


def mrkdwn(text: str, longest: int = limits.SECTION) -> Block:
    """`verbatim`: a bare `@here` or `evil.example` in a text from outside stays plain words."""
    return {"type": "mrkdwn", "text": cut_markup(text, longest) or " ", "verbatim": True}


def section(text: str, accessory: Block | None = None) -> Block:
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if accessory:
        block["accessory"] = accessory
    return block


def header(text: str) -> Block:
    return {"type": "header", "text": plain(text, 150)}


def context(*texts: str) -> Block:
    return {"type": "context", "elements": [mrkdwn(text, limits.CONTEXT) for text in texts]}


def divider() -> Block:
    return {"type": "divider"}


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(
    label: str,
    action: str,
    value: str = "",
    *,
    style: str = "",
    url: str = "",
    confirm: Block | None = None,
) -> Block:
    block: Block = {"type": "button", "text": plain(label, limits.BUTTON), "action_id": action}
    if value:
        block["value"] = value[: limits.BUTTON_VALUE]
    if style:
        block["style"] = style
    if url:
        block["url"] = url
    if confirm:
        block["confirm"] = confirm
    return block


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> Block:
    """A question before an act (https://docs.slack.dev/reference/block-kit/composition-objects/confirmation-dialog-object)."""
    return {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(yes, 30),
        "deny": plain(no, 30),
    }


def overflow(action: str, options: Sequence[Option]) -> Block:
    """The `⋯` beside a section: one to five further acts (https://docs.slack.dev/reference/block-kit/)."""
    return {"type": "overflow", "action_id": action, "options": list(options)[: limits.OVERFLOW_OPTIONS]}


def option(label: str, value: str, description: str = "") -> Option:
    one: Option = {"text": plain(label, limits.OPTION), "value": value[: limits.OPTION_VALUE]}
    if description:
        one["description"] = plain(description, limits.OPTION)
    return one


def radio(action: str, options: Sequence[Option]) -> Block:
    return {"type": "radio_buttons", "action_id": action, "options": list(options)[: limits.RADIO_OPTIONS]}


def checkboxes(options: Sequence[Option], ticked: Sequence[str] = (), *, action: str = "value") -> Block:
    element: Block = {"type": "checkboxes", "action_id": action, "options": list(options)}
    if chosen := [one for one in options if one["value"] in ticked]:
        element["initial_options"] = chosen
    return element


def field(
    label: str, name: str, element: Block, *, optional: bool = False, hint: str = "", tells: bool = False
) -> Block:
    """An input: its block id is the field's name, by which its value and its fault are told. With `tells` the
    bot hears of a change at once, as of a button."""
    block: Block = {
        "type": "input",
        "block_id": name,
        "label": plain(label, 2000),
        "element": element,
        "optional": optional,
    }
    if hint:
        block["hint"] = plain(hint, 2000)
    if tells:
        block["dispatch_action"] = True
    return block


def text_input(
    action: str = "value", initial: str = "", *, multiline: bool = False, longest: int = 3000
) -> Block:
    element: Block = {
        "type": "plain_text_input",
        "action_id": action,
        "multiline": multiline,
        "max_length": longest,
    }
    if initial:
        element["initial_value"] = initial[:longest]
    return element


def select(
    options: Sequence[Option], *, chosen: str = "", placeholder: str = "Choose", action: str = "value"
) -> Block:
    """A pick list; more than Slack takes in one come in numbered groups."""
    element: Block = {
        "type": "static_select",
        "action_id": action,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
    }
    if len(options) <= limits.OPTIONS:
        element["options"] = list(options)
    else:
        element["option_groups"] = [
            {
                "label": plain(f"From {start + 1}", limits.OPTION),
                "options": list(options[start : start + limits.OPTIONS]),
            }
            for start in range(0, len(options), limits.OPTIONS)
        ][: limits.OPTIONS]
    for one in options:
        if chosen and one["value"] == chosen:
            element["initial_option"] = one
    return element


def multi_select(
    options: Sequence[Option],
    chosen: Sequence[Option] = (),
    *,
    groups: Sequence[tuple[str, Sequence[Option]]] = (),
    action: str = "value",
) -> Block:
    """Several of a list; with `groups`, which hold all of the options, under their headings."""
    element: Block = {
        "type": "multi_static_select",
        "action_id": action,
        "placeholder": plain("Choose", limits.PLACEHOLDER),
    }
    if groups:
        element["option_groups"] = [
            {"label": plain(heading, limits.OPTION), "options": list(held)} for heading, held in groups
        ]
    else:
        element["options"] = list(options)
    if chosen:
        element["initial_options"] = list(chosen)
    return element


def lookup(action: str, chosen: Option | None = None, *, placeholder: str = "Type to find") -> Block:
    """A pick list that asks the bot as one types."""
    element: Block = {
        "type": "external_select",
        "action_id": action,
        "min_query_length": 0,
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
    }
    if chosen:
        element["initial_option"] = chosen
    return element


def people_select(chosen: Sequence[str] = (), *, placeholder: str = "Choose people") -> Block:
    """Several people of the workspace."""
    element: Block = {
        "type": "multi_users_select",
        "action_id": "value",
        "placeholder": plain(placeholder, limits.PLACEHOLDER),
    }
    if chosen:
        element["initial_users"] = list(chosen)
    return element


def date_input(initial: str = "") -> Block:
    element: Block = {"type": "datepicker", "action_id": "value"}
    if initial:
        element["initial_date"] = initial
    return element


def modal(
    title: str,
    blocks: Sequence[Block],
    *,
    callback: str = "",
    submit: str = "",
    close: str = "Close",
    meta: Mapping[str, Any] | None = None,
    notify_on_close: bool = False,
) -> View:
    view: View = {
        "type": "modal",
        "title": plain(title, limits.TITLE),
        "close": plain(close, limits.TITLE),
        "blocks": list(blocks)[: limits.VIEW_BLOCKS],
        "callback_id": callback or "none",
        "private_metadata": json.dumps(dict(meta or {}), separators=(",", ":")),
        "notify_on_close": notify_on_close,
    }
    if submit:
        view["submit"] = plain(submit, limits.TITLE)
    return view


def message(text: str, *blocks: Block) -> Message:
    """A message; `text` is what notifications and screen readers say."""
    shown = list(blocks)[: limits.MESSAGE_BLOCKS] or [section(text)]
    return {"text": cut_markup(text, limits.MESSAGE_TEXT) or " ", "blocks": shown}
