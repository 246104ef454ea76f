"""A request's body into items, and every fault with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, from_json
from rapidfuzz import fuzz, process

from bot.services.arriving import Incoming
from handlers.api.answers import WrongField
from handlers.api.forms import MOST_ITEMS, AttachmentForm, ItemForm, LineForm

NEAR = 70
_FIELDS: dict[str, list[str]] = {
    "line_items": list(LineForm.model_fields), "attachments": list(AttachmentForm.model_fields)
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One item of a request: what comes in, or what is wrong with it."""

    external_id: str | None
    incoming: Incoming | None = None
    faults: Sequence[WrongField] = ()


@dataclass(frozen=True)
class Body:
    entries: Sequence[Entry] = ()
    is_batch: bool = False
    fault: str = ""
    """What is wrong with the body as a whole."""
    faults: Sequence[WrongField] = field(default=())


def read(content: bytes) -> Body:
    """Takes its time for a large body: keep it off the event loop then."""
    try:
        found = from_json(content, allow_inf_nan=False)
    except ValueError as fault:
        return Body(fault=f"The body is not JSON: {fault}.")
    if not isinstance(found, dict):
        return Body(fault='Send one item, or {"items": [...]}.')
    if "items" not in found:
        return Body([_entry(found, "")])
    return _batch(found)


def _batch(found: dict[str, Any]) -> Body:
    others = [WrongField(pointer=f"/{_escaped(name)}", detail="Send nothing beside `items`.")
              for name in found if name != "items"]  # fmt: skip
    items = found["items"]
    if not isinstance(items, list) or not items or len(items) > MOST_ITEMS:
        others.append(WrongField(pointer="/items", detail=f"Send a list of 1 to {MOST_ITEMS} items."))
    if others:
        return Body(is_batch=True, fault="Nothing came in.", faults=others)
    return Body([_entry(one, f"/items/{place}") for place, one in enumerate(items)], is_batch=True)


def _entry(found: Any, where: str) -> Entry:
    said = found.get("external_id") if isinstance(found, dict) else None
    external_id = said[:128] if isinstance(said, str) else None
    try:
        return Entry(external_id, ItemForm.model_validate(found).incoming())
    except ValidationError as fault:
        errors = fault.errors(include_url=False, include_input=False, include_context=True)
        return Entry(external_id, faults=[_fault(one, where) for one in errors])


def _fault(error: ErrorDetails, where: str) -> WrongField:
    pointer = where + "".join(f"/{_escaped(str(part))}" for part in error["loc"])
    return WrongField(pointer=pointer, detail=_detail(error))


def _escaped(part: str) -> str:
    """https://www.rfc-editor.org/rfc/rfc6901#section-3"""
    return part.replace("~", "~0").replace("/", "~1")


def _detail(error: ErrorDetails) -> str:
    limits = error.get("ctx") or {}
    words = {
        "missing": "This field is required.",
        "string_too_long": f"At most {limits.get('max_length')} characters.",
        "string_too_short": "It must not be empty.",
        "string_type": "Send text.",
        "bool_type": "Send true or false.",
        "list_type": "Send a list.",
        "model_type": "Send an object.",
        "model_attributes_type": "Send an object.",
        "too_long": f"At most {limits.get('max_length')} entries.",
        "literal_error": f"One of: {str(limits.get('expected', '')).replace(chr(39), '')}.",
    }
    if error["type"] == "extra_forbidden":
        return _no_such_field(error["loc"])
    if error["type"] == "string_pattern_mismatch":
        return _patterns(str(error["loc"][-1]))
    if error["type"] == "value_error":
        return error["msg"].removeprefix("Value error, ")
    return words.get(error["type"], f"{error['msg']}.")


def _patterns(name: str) -> str:
    return {
        "filename": "A file's name, without folders.",
        "content_type": 'A media type, such as "application/pdf".',
        "external_id": "It must not be blank.",
    }.get(name, "It has signs that are not allowed.")


def _no_such_field(loc: tuple[int | str, ...]) -> str:
    names = _FIELDS.get(str(loc[-3]), []) if len(loc) > 2 else list(ItemForm.model_fields)  # noqa: PLR2004
    nearest = process.extractOne(str(loc[-1]), names, scorer=fuzz.ratio, score_cutoff=NEAR)
    return f"There is no such field. Did you mean `{nearest[0]}`?" if nearest else "There is no such field."
