"""Checks of blocks and views, and their normal form: every block and element gets its id.

https://docs.slack.dev/reference/block-kit/blocks , https://docs.slack.dev/reference/views
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Callable, Iterator
from typing import Any

from bot.sandbox.slack import limits
from bot.sandbox.slack.elements import (
    IN_ACTIONS,
    IN_CONTEXT,
    IN_INPUT,
    IN_SECTION,
    Seen,
    check_element,
    check_image,
)
from bot.sandbox.slack.models import Json, SlackRefusal
from bot.sandbox.slack.objects import (
    Findings,
    check_fields,
    check_identifier,
    check_string,
    check_text,
)

_EVERYWHERE = frozenset({"section", "header", "divider", "actions", "context", "image", "rich_text", "video"})
_ON: dict[str, frozenset[str]] = {
    "message": _EVERYWHERE | {"markdown", "table", "file"},
    "modal": _EVERYWHERE | {"input"},
    "home": _EVERYWHERE | {"input"},
}
_LOOSE = {"rich_text": "elements", "table": "rows", "file": "external_id", "video": "video_url"}
"""Blocks of which only the field that makes them what they are is checked."""


def checked_blocks(value: Any, surface: str) -> list[Json]:
    """Blocks as Slack would keep them. Refuses with `invalid_blocks`, every fault named.

    `surface` is `message`, `modal` or `home`.
    """
    findings = Findings()
    if not isinstance(value, list):
        raise SlackRefusal("invalid_blocks_format")
    most = limits.MESSAGE_BLOCKS if surface == "message" else limits.VIEW_BLOCKS
    where = "/blocks" if surface == "message" else "/view/blocks"
    if len(value) > most:
        findings.add(f"no more than {most} items allowed", where)
    seen = Seen(surface)
    for number, block in enumerate(value):
        _block(block, f"{where}/{number}", findings, seen)
    if seen.focused > 1:
        findings.add("only one element may set focus_on_load", where)
    if findings:
        raise SlackRefusal("invalid_blocks" if surface == "message" else "invalid_arguments", *findings)
    return _with_ids(value)


def checked_view(value: Any, expected: str) -> Json:
    """A view as Slack would keep it. Refuses with `invalid_arguments`; `expected` is `modal` or `home`."""
    if not isinstance(value, dict):
        raise SlackRefusal("invalid_arguments", "must provide an object [json-pointer:/view]")
    if value.get("type") != expected:
        message = f"unsupported type: {value.get('type')} [json-pointer:/view/type]"
        raise SlackRefusal("invalid_arguments", message)
    if len(json.dumps(value, ensure_ascii=False).encode()) > limits.VIEW_BYTES:
        raise SlackRefusal("view_too_large")
    findings = Findings()
    optional = ["private_metadata", "callback_id", "external_id"]
    required = ["blocks"]
    if expected == "modal":
        required.append("title")
        optional += ["close", "submit", "clear_on_close", "notify_on_close", "submit_disabled"]
    check_fields(value, "/view", findings, required=required, optional=optional)
    for name in ("title", "submit", "close"):
        if value.get(name) is not None and name in (*required, *optional):
            check_text(value[name], limits.TITLE, f"/view/{name}", findings, plain_only=True)
    if value.get("private_metadata"):
        check_string(value["private_metadata"], limits.PRIVATE_METADATA, "/view/private_metadata", findings)
    for name in ("callback_id", "external_id"):
        if value.get(name):
            check_identifier(value[name], f"/view/{name}", findings)
    blocks: list[Json] = []
    try:
        blocks = checked_blocks(value.get("blocks", []), expected)
    except SlackRefusal as refusal:
        findings += refusal.messages or ["must be a list [json-pointer:/view/blocks]"]
    has_input = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if expected == "modal" and has_input and not value.get("submit"):
        findings.add("missing required field: submit", "/view")
    if findings:
        raise SlackRefusal("invalid_arguments", *findings)
    return {**copy.deepcopy(value), "blocks": blocks}


def _block(block: Any, where: str, findings: Findings, seen: Seen) -> None:
    if not isinstance(block, dict):
        findings.add("must provide an object", where)
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in _ON[seen.surface]:
        findings.add(f"unsupported type: {kind}", f"{where}/type")
        return
    if "block_id" in block:
        check_identifier(block["block_id"], f"{where}/block_id", findings)
        block_id = str(block["block_id"])
        if block_id in seen.block_ids:
            findings.add(f"block_id already exists: {block_id}", f"{where}/block_id")
        seen.block_ids.add(block_id)
    if kind in _LOOSE:
        if block.get(_LOOSE[kind]) is None:
            findings.add(f"missing required field: {_LOOSE[kind]}", where)
        return
    _BLOCKS[kind](block, where, findings, seen)


def _section(block: Json, where: str, findings: Findings, seen: Seen) -> None:
    optional = ("block_id", "text", "fields", "accessory", "expand")
    check_fields(block, where, findings, optional=optional)
    if "text" not in block and "fields" not in block:
        findings.add("must provide text or fields", where)
    if "text" in block:
        check_text(block["text"], limits.SECTION_TEXT, f"{where}/text", findings)
    if "fields" in block:
        fields = block["fields"]
        if not isinstance(fields, list) or not 1 <= len(fields) <= limits.SECTION_FIELDS:
            findings.add(f"from 1 to {limits.SECTION_FIELDS} items allowed", f"{where}/fields")
        for number, text in enumerate(fields if isinstance(fields, list) else []):
            check_text(text, limits.SECTION_FIELD, f"{where}/fields/{number}", findings)
    if "accessory" in block:
        check_element(block["accessory"], IN_SECTION, f"{where}/accessory", findings, seen)


def _header(block: Json, where: str, findings: Findings, _seen: Seen) -> None:
    if check_fields(block, where, findings, required=("text",), optional=("block_id",)):
        check_text(block["text"], limits.HEADER_TEXT, f"{where}/text", findings, plain_only=True)


def _divider(block: Json, where: str, findings: Findings, _seen: Seen) -> None:
    check_fields(block, where, findings, optional=("block_id",))


def _markdown(block: Json, where: str, findings: Findings, _seen: Seen) -> None:
    if check_fields(block, where, findings, required=("text",), optional=("block_id",)):
        check_string(block["text"], limits.MARKDOWN_TEXT, f"{where}/text", findings, least=1)


def _image(block: Json, where: str, findings: Findings, _seen: Seen) -> None:
    optional = ("block_id", "image_url", "slack_file", "alt_text", "title")
    check_fields(block, where, findings, optional=optional)
    check_image(block, where, findings)
    if "title" in block:
        check_text(block["title"], limits.IMAGE_TITLE, f"{where}/title", findings, plain_only=True)


def _actions(block: Json, where: str, findings: Findings, seen: Seen) -> None:
    if not check_fields(block, where, findings, required=("elements",), optional=("block_id",)):
        return
    elements = block["elements"]
    if not isinstance(elements, list) or not 1 <= len(elements) <= limits.ACTIONS_ELEMENTS:
        findings.add(f"from 1 to {limits.ACTIONS_ELEMENTS} items allowed", f"{where}/elements")
        return
    for number, element in enumerate(elements):
        check_element(element, IN_ACTIONS, f"{where}/elements/{number}", findings, seen)
    ids = [
        element["action_id"] for element in elements if isinstance(element, dict) and "action_id" in element
    ]
    for repeated in sorted({str(name) for name in ids if ids.count(name) > 1}):
        findings.add(f"`action_id` {repeated} already exists for another element", f"{where}/elements")


def _context(block: Json, where: str, findings: Findings, seen: Seen) -> None:
    if not check_fields(block, where, findings, required=("elements",), optional=("block_id",)):
        return
    elements = block["elements"]
    if not isinstance(elements, list) or not 1 <= len(elements) <= limits.CONTEXT_ELEMENTS:
        findings.add(f"from 1 to {limits.CONTEXT_ELEMENTS} items allowed", f"{where}/elements")
        return
    for number, element in enumerate(elements):
        here = f"{where}/elements/{number}"
        if isinstance(element, dict) and element.get("type") in ("plain_text", "mrkdwn"):
            check_text(element, limits.CONTEXT_TEXT, here, findings)
        else:
            check_element(element, IN_CONTEXT, here, findings, seen)


def _input(block: Json, where: str, findings: Findings, seen: Seen) -> None:
    optional = ("block_id", "hint", "optional", "dispatch_action")
    if not check_fields(block, where, findings, required=("label", "element"), optional=optional):
        return
    check_text(block["label"], limits.LABEL, f"{where}/label", findings, plain_only=True)
    if "hint" in block:
        check_text(block["hint"], limits.HINT, f"{where}/hint", findings, plain_only=True)
    check_element(block["element"], IN_INPUT, f"{where}/element", findings, seen)
    is_file = isinstance(block["element"], dict) and block["element"].get("type") == "file_input"
    if is_file and block.get("dispatch_action"):
        findings.add("dispatch_action is not allowed with file_input", f"{where}/dispatch_action")


_BLOCKS: dict[str, Callable[[Json, str, Findings, Seen], None]] = {
    "section": _section,
    "header": _header,
    "divider": _divider,
    "markdown": _markdown,
    "image": _image,
    "actions": _actions,
    "context": _context,
    "input": _input,
}


def elements_of(block: Json) -> Iterator[Json]:
    """The interactive elements of one block, in the order they are seen."""
    if block["type"] == "section" and block.get("accessory", {}).get("type", "image") != "image":
        yield block["accessory"]
    elif block["type"] == "actions":
        yield from block["elements"]
    elif block["type"] == "input":
        yield block["element"]


def _with_ids(blocks: list[Json]) -> list[Json]:
    """A copy in which every block and interactive element has an id, as Slack gives them."""
    kept = copy.deepcopy(blocks)
    for block in kept:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return kept
