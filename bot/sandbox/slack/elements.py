"""Checks of Block Kit's elements: which fields, how long, in which block and on which surface.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.models import Json
from bot.sandbox.slack.objects import (
    Findings,
    check_confirm,
    check_fields,
    check_identifier,
    check_initial_options,
    check_option,
    check_option_groups,
    check_options,
    check_string,
    check_style,
    check_text,
)

SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
CHOICES = frozenset({"checkboxes", "radio_buttons"})
TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
INPUT_ONLY = TEXT_INPUTS | {"file_input", "rich_text_input"}

IN_SECTION = (
    SELECTS | CHOICES | {"button", "overflow", "datepicker", "timepicker", "image", "workflow_button"}
)
IN_ACTIONS = SELECTS | CHOICES | PICKERS | {"button", "overflow", "workflow_button"}
IN_INPUT = SELECTS | CHOICES | PICKERS | INPUT_ONLY
IN_CONTEXT = frozenset({"image"})

MODAL_ONLY = frozenset({"file_input"})
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_FOCUS = ("focus_on_load",)
_COMMON = ("action_id", "confirm", *_FOCUS)


@dataclass
class Seen:
    """What must be unique within one view or message, and what is asked at most once."""

    surface: str
    block_ids: set[str] = field(default_factory=set)
    focused: int = 0


def check_element(value: Any, allowed: frozenset[str], where: str, findings: Findings, seen: Seen) -> None:
    """An element that stands where only `allowed` types may."""
    if not isinstance(value, dict):
        findings.add("must provide an object", where)
        return
    kind = value.get("type")
    if not isinstance(kind, str) or kind not in allowed:
        findings.add(f"unsupported type: {kind}", f"{where}/type")
        return
    if kind in MODAL_ONLY and seen.surface != "modal":
        findings.add(f"{kind} is only allowed in modals", f"{where}/type")
    if "action_id" in value:
        check_identifier(value["action_id"], f"{where}/action_id", findings)
    if "confirm" in value:
        check_confirm(value["confirm"], f"{where}/confirm", findings)
    if "placeholder" in value:
        placed = f"{where}/placeholder"
        check_text(value["placeholder"], limits.PLACEHOLDER, placed, findings, plain_only=True)
    if value.get("focus_on_load"):
        seen.focused += 1
    _CHECKS[kind](value, where, findings)


def _button(element: Json, where: str, findings: Findings) -> None:
    optional = ("action_id", "url", "value", "style", "confirm", "accessibility_label")
    if check_fields(element, where, findings, required=("text",), optional=optional):
        check_text(element["text"], limits.BUTTON_TEXT, f"{where}/text", findings, plain_only=True)
    for name, most in (
        ("url", limits.BUTTON_URL),
        ("value", limits.BUTTON_VALUE),
        ("accessibility_label", limits.ACCESSIBILITY_LABEL),
    ):
        if name in element:
            check_string(element[name], most, f"{where}/{name}", findings, least=1)
    if "url" in element and not re.match(r"[a-z][a-z0-9+.-]*:", str(element["url"]), re.IGNORECASE):
        findings.add("must be a valid URL", f"{where}/url")
    check_style(element, where, findings)


def _workflow_button(element: Json, where: str, findings: Findings) -> None:
    required = ("text", "workflow", "action_id")
    optional = ("style", "accessibility_label")
    if check_fields(element, where, findings, required=required, optional=optional):
        check_text(element["text"], limits.BUTTON_TEXT, f"{where}/text", findings, plain_only=True)


def _overflow(element: Json, where: str, findings: Findings) -> None:
    optional = ("action_id", "confirm")
    if check_fields(element, where, findings, required=("options",), optional=optional):
        check_options(element["options"], limits.OVERFLOW_OPTIONS, f"{where}/options", findings, url=True)


def _static_select(element: Json, where: str, findings: Findings) -> None:
    many = element["type"].startswith("multi_")
    initial = ("initial_options", "max_selected_items") if many else ("initial_option",)
    optional = (*_COMMON, "placeholder", "options", "option_groups", *initial)
    check_fields(element, where, findings, optional=optional)
    if ("options" in element) == ("option_groups" in element):
        findings.add("must provide either options or option_groups", where)
    elif "options" in element:
        check_options(element["options"], limits.SELECT_OPTIONS, f"{where}/options", findings)
    else:
        check_option_groups(element["option_groups"], f"{where}/option_groups", findings)
    check_initial_options(element, where, findings)
    _most_selected(element, where, findings)


def _external_select(element: Json, where: str, findings: Findings) -> None:
    many = element["type"].startswith("multi_")
    initial = ("initial_options", "max_selected_items") if many else ("initial_option",)
    check_fields(element, where, findings, optional=(*_COMMON, "placeholder", "min_query_length", *initial))
    least = element.get("min_query_length", 3)
    if not isinstance(least, int) or isinstance(least, bool) or least < 0:
        findings.add("must be a whole number from 0", f"{where}/min_query_length")
    given = element.get("initial_options", [])
    if not isinstance(given, list) or ("initial_options" in element and not given):
        findings.add("must provide at least one option", f"{where}/initial_options")
        given = []
    for option in [*given, *([element["initial_option"]] if "initial_option" in element else [])]:
        check_option(option, f"{where}/initial_option", findings)
    _most_selected(element, where, findings)


def _list_select(element: Json, where: str, findings: Findings) -> None:
    kind = element["type"].removeprefix("multi_").removesuffix("_select")
    many = element["type"].startswith("multi_")
    singular = {"users": "user", "conversations": "conversation", "channels": "channel"}[kind]
    optional = [*_COMMON, "placeholder", f"initial_{kind if many else singular}"]
    if many:
        optional.append("max_selected_items")
    if kind == "conversations":
        optional += ["default_to_current_conversation", "filter"]
    if kind != "users" and not many:
        optional.append("response_url_enabled")
    check_fields(element, where, findings, optional=optional)
    _most_selected(element, where, findings)


def _most_selected(element: Json, where: str, findings: Findings) -> None:
    most = element.get("max_selected_items", 1)
    if not isinstance(most, int) or most < 1:
        findings.add("must be a whole number from 1", f"{where}/max_selected_items")


def _choices(element: Json, where: str, findings: Findings) -> None:
    initial = "initial_options" if element["type"] == "checkboxes" else "initial_option"
    optional = (*_COMMON, initial)
    if check_fields(element, where, findings, required=("options",), optional=optional):
        check_options(element["options"], limits.CHOICES, f"{where}/options", findings, plain_only=False)
        check_initial_options(element, where, findings)


def _text_input(element: Json, where: str, findings: Findings) -> None:
    kind = element["type"]
    optional = ["action_id", *_FOCUS, "placeholder", "initial_value", "dispatch_action_config"]
    required: tuple[str, ...] = ()
    if kind == "plain_text_input":
        optional += ["multiline", "min_length", "max_length"]
    if kind == "number_input":
        required = ("is_decimal_allowed",)
        optional += ["min_value", "max_value"]
    check_fields(element, where, findings, required=required, optional=optional)
    if "initial_value" in element:
        most = element.get("max_length")
        most = most if isinstance(most, int) else limits.INPUT_LENGTH
        check_string(element["initial_value"], most, f"{where}/initial_value", findings)
    for name in ("min_length", "max_length"):
        size = element.get(name, 1)
        if not isinstance(size, int) or not 0 <= size <= limits.INPUT_LENGTH:
            findings.add(f"must be from 0 to {limits.INPUT_LENGTH}", f"{where}/{name}")
    for name in ("min_value", "max_value"):
        if name in element and not _NUMBER.fullmatch(str(element[name])):
            findings.add("must be a number in a string", f"{where}/{name}")


def _picker(element: Json, where: str, findings: Findings) -> None:
    kind = element["type"]
    initial = {
        "datepicker": "initial_date",
        "timepicker": "initial_time",
        "datetimepicker": "initial_date_time",
    }[kind]
    optional = [*_COMMON, initial]
    if kind != "datetimepicker":
        optional.append("placeholder")
    if kind == "timepicker":
        optional.append("timezone")
    check_fields(element, where, findings, optional=optional)
    value = element.get(initial)
    if value is None:
        if initial in element:
            findings.add("must not be null", f"{where}/{initial}")
    elif kind == "datetimepicker":
        if not isinstance(value, int):
            findings.add("must be unix seconds", f"{where}/{initial}")
    elif not (_DATE if kind == "datepicker" else _TIME).fullmatch(str(value)):
        findings.add("has the wrong format", f"{where}/{initial}")


def _file_input(element: Json, where: str, findings: Findings) -> None:
    check_fields(element, where, findings, optional=("action_id", "filetypes", "max_files"))
    most = element.get("max_files", limits.FILES_IN_INPUT)
    if not isinstance(most, int) or not 1 <= most <= limits.FILES_IN_INPUT:
        findings.add(f"must be from 1 to {limits.FILES_IN_INPUT}", f"{where}/max_files")
    kinds = element.get("filetypes", ["any"])
    if not isinstance(kinds, list) or not kinds or not all(isinstance(kind, str) for kind in kinds):
        findings.add("must name at least one type", f"{where}/filetypes")


def _rich_text_input(element: Json, where: str, findings: Findings) -> None:
    optional = (*_FOCUS, "placeholder", "initial_value", "dispatch_action_config")
    check_fields(element, where, findings, required=("action_id",), optional=optional)


def check_image(element: Json, where: str, findings: Findings) -> None:
    """An image, as an element or a block: a URL or a Slack file, and always an alternative text."""
    if ("image_url" in element) == ("slack_file" in element):
        findings.add("must provide either image_url or slack_file", where)
    if "image_url" in element:
        check_string(element["image_url"], limits.IMAGE_URL, f"{where}/image_url", findings, least=1)
    check_string(element.get("alt_text"), limits.ALT_TEXT, f"{where}/alt_text", findings)


def _image(element: Json, where: str, findings: Findings) -> None:
    check_fields(element, where, findings, optional=("image_url", "slack_file", "alt_text"))
    check_image(element, where, findings)


_CHECKS: dict[str, Callable[[Json, str, Findings], None]] = {
    "button": _button,
    "workflow_button": _workflow_button,
    "overflow": _overflow,
    "image": _image,
    "file_input": _file_input,
    "rich_text_input": _rich_text_input,
    **dict.fromkeys(("static_select", "multi_static_select"), _static_select),
    **dict.fromkeys(("external_select", "multi_external_select"), _external_select),
    **dict.fromkeys(
        (
            f"{many}{kind}_select"
            for many in ("", "multi_")
            for kind in ("users", "conversations", "channels")
        ),
        _list_select,
    ),
    **dict.fromkeys(CHOICES, _choices),
    **dict.fromkeys(TEXT_INPUTS, _text_input),
    **dict.fromkeys(PICKERS, _picker),
}
