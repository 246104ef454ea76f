"""What Slack's own client checks before it sends: required fields, lengths, numbers, addresses, files.

https://docs.slack.dev/reference/block-kit/block-elements
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation
from urllib.parse import urlsplit

from bot.sandbox.slack.models import Json, View
from bot.sandbox.slack.values import is_empty, key_of

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def complaints(view: View) -> dict[str, str]:
    """What the client writes under the fields of a modal instead of submitting it; by block id."""
    found: dict[str, str] = {}
    for block in view.blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = view.values[block["block_id"]][element["action_id"]]
        if is_empty(element, value):
            said = "" if block.get("optional") else REQUIRED
        else:
            said = _complaint(element, value[key_of(element)])
        if said:
            found[block["block_id"]] = said
    return found


def _complaint(element: Json, value: object) -> str:
    match element["type"]:
        case "plain_text_input":
            least, most = element.get("min_length", 0), element.get("max_length", 3000)
            length = len(str(value))
            if length < least:
                return f"Your response must have at least {least} characters."
            return f"Your response must have at most {most} characters." if length > most else ""
        case "number_input":
            return _number(element, str(value))
        case "email_text_input":
            return "" if _EMAIL.fullmatch(str(value)) else "Enter a valid email address."
        case "url_text_input":
            return "" if urlsplit(str(value)).scheme and "." in str(value) else "Enter a valid URL."
    return ""


def _number(element: Json, text: str) -> str:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Enter a whole number."
    least, most = element.get("min_value"), element.get("max_value")
    if least is not None and number < Decimal(least):
        return f"Enter a number of at least {least}."
    if most is not None and number > Decimal(most):
        return f"Enter a number of at most {most}."
    return ""


def typed_value(element: Json, text: str) -> str | int:
    """What a field holds after this was entered. ValueError when its picker has no such day or time."""
    match element["type"]:
        case "datepicker":
            return date.fromisoformat(text).isoformat()
        case "timepicker":
            return time.fromisoformat(text).strftime("%H:%M")
        case "datetimepicker":
            return int(text)
    return text


def accepts_file(element: Json, name: str, already: int) -> str:
    """Why a file input does not take a file; empty when it does."""
    kinds = element.get("filetypes")
    suffix = name.rpartition(".")[2].lower()
    if kinds and suffix not in [kind.lower().lstrip(".") for kind in kinds]:
        return f"{name} is not one of {', '.join(kinds)}"
    most = element.get("max_files", 10)
    return f"no more than {most} files" if already >= most else ""
