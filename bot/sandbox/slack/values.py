"""What a person has entered: `view.state.values` in Slack's exact shape, from initial values on.

https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
"""

from __future__ import annotations

import copy
from typing import Any

from bot.sandbox.slack.blocks import elements_of
from bot.sandbox.slack.models import Json
from bot.sandbox.slack.objects import all_options

_KEYS: dict[str, tuple[str, str | None]] = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", None),
}
"""Element type -> the key of its value, and the element's field that it starts from."""

_LISTS = frozenset(
    {"selected_options", "selected_users", "selected_conversations", "selected_channels", "files"}
)
_OFFERED = frozenset({"static_select", "multi_static_select", "radio_buttons", "checkboxes"})


def has_value(element: Json) -> bool:
    """Whether the element keeps a value (buttons and overflow menus do not)."""
    return element["type"] in _KEYS


def key_of(element: Json) -> str:
    """The key under which the element's value stands: `value`, `selected_option`, …"""
    return _KEYS[element["type"]][0]


def is_list(element: Json) -> bool:
    """Whether several can be chosen."""
    return key_of(element) in _LISTS


def initial(element: Json) -> Json:
    """The value of an untouched element."""
    key, source = _KEYS[element["type"]]
    empty: Any = [] if key in _LISTS else None
    value = element.get(source, empty) if source else empty
    return {"type": element["type"], key: copy.deepcopy(value)}


def starting_values(blocks: list[Json], kept: Json | None = None) -> Json:
    """Values of all elements. `kept` are those of the same view before: an element with the same block id,
    action id and type keeps what stands in it, whatever its new initial value says, as Slack does.
    """
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            if not has_value(element):
                continue
            before = (kept or {}).get(block["block_id"], {}).get(element["action_id"])
            fits = before is not None and _still_fits(element, before)
            fresh = copy.deepcopy(before) if fits else initial(element)
            values.setdefault(block["block_id"], {})[element["action_id"]] = fresh
    return values


def _still_fits(element: Json, before: Json) -> bool:
    if before["type"] != element["type"]:
        return False
    if element["type"] not in _OFFERED:
        return True
    chosen = before[key_of(element)]
    offered = [option["value"] for option in all_options(element)]
    if isinstance(chosen, list):
        return all(option["value"] in offered for option in chosen)
    return chosen is None or chosen["value"] in offered


def is_empty(element: Json, value: Json) -> bool:
    """Whether nothing has been entered."""
    return value[key_of(element)] in (None, "", [])
