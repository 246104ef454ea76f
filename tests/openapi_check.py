"""Requests checked against Zoho's own OpenAPI description, where a copy of it lies beside the project.

The description is `shared/reference/zoho-books-openapi` in the folder above the project; SHARED_DIR names
another `shared`. Nothing here needs it: without it, every function answers None.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

PROJECT = Path(__file__).resolve().parent.parent
Schema = Mapping[str, Any]
KINDS: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int, float),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
}


def folder() -> Path:
    shared = os.environ.get("SHARED_DIR") or PROJECT.parent / "shared"
    return Path(shared) / "reference" / "zoho-books-openapi"


def spec_errors(method: str, path: str, body: object) -> list[str] | None:
    """What is wrong with a JSON body by the description: unknown and missing fields, wrong kinds.

    `path` is the part after `/books/v3`; the answer is None when there is no description here.
    """
    if not folder().is_dir():
        return None
    found = _operation(method, path)
    if found is None:
        return [f"{method} {path} is not described"]
    document, operation = found
    content = _whole(document, operation.get("requestBody", {})).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return [f"{method} {path} takes no JSON"]
    return list(_faults(document, schema, body, "body"))


def query_names(method: str, path: str) -> set[str] | None:
    """The query parameters that are described; None when there is no description here or no such call."""
    found = _operation(method, path) if folder().is_dir() else None
    if found is None:
        return None
    document, operation = found
    parameters = (_whole(document, one) for one in operation.get("parameters", []))
    return {str(one["name"]) for one in parameters if one.get("in") == "query"}


def field_names(method: str, path: str, *inner: str) -> set[str] | None:
    """The fields a body may have; `inner` leads into lists or objects in it (`line_items`)."""
    found = _operation(method, path) if folder().is_dir() else None
    if found is None:
        return None
    document, operation = found
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    for name in inner:
        schema = _whole(document, _whole(document, schema)["properties"][name])
        schema = schema.get("items", schema)
    return set(_whole(document, schema)["properties"])


def part_names(method: str, path: str) -> set[str] | None:
    """The parts a multipart body may have. Most uploads are described with their file as a query parameter,
    though they are multipart."""
    found = _operation(method, path) if folder().is_dir() else None
    if found is None:
        return None
    document, operation = found
    content = _whole(document, operation.get("requestBody", {})).get("content", {})
    schema = content.get("multipart/form-data", {}).get("schema", {})
    parameters = (_whole(document, one) for one in operation.get("parameters", []))
    files = {str(one["name"]) for one in parameters if one["schema"].get("format") == "binary"}
    return files | set(_whole(document, schema).get("properties", {}))


def answer_names(method: str, path: str, status: int, *inner: str) -> set[str] | None:
    """The fields that an answer of that status is described with; `inner` leads inwards as above.

    The set is empty where the description has no answer of that status.
    """
    found = _operation(method, path) if folder().is_dir() else None
    if found is None:
        return None
    document, operation = found
    if str(status) not in operation["responses"]:
        return set()
    schema = _whole(document, operation["responses"][str(status)])["content"]["application/json"]["schema"]
    for name in inner:
        schema = _whole(document, _whole(document, schema)["properties"][name])
        schema = schema.get("items", schema)
    return set(_whole(document, schema)["properties"])


@functools.cache
def _documents(where: Path) -> list[dict[str, Any]]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    names = (
        "bills", "expenses", "contacts", "chart-of-accounts", "taxes", "bank-accounts", "projects", "items",
        "currency", "locations", "organizations", "vendor-credits", "vendor-payments", "invoices",
        "credit-notes", "sales-receipt", "transaction-locking", "reporting-tags", "users",
    )  # fmt: skip
    files = (where / f"{name}.yml" for name in names)
    return [yaml.load(file.read_text(encoding="utf-8"), loader) for file in files]  # noqa: S506 - a safe one


def _operation(method: str, path: str) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The document and its operation; a path with its parameters by name comes before one with `{…}`."""
    found = []
    for document in _documents(folder()):
        for described, operations in document["paths"].items():
            pattern = re.sub(r"\\\{[^}]+\\\}", "[^/]+", re.escape(described))
            if method.lower() in operations and re.fullmatch(pattern, path):
                shared = operations.get("parameters", [])
                operation = operations[method.lower()]
                whole = operation | {"parameters": [*operation.get("parameters", []), *shared]}
                found.append((described.count("{"), document, whole))
    found.sort(key=lambda one: one[0])
    return found[0][1:] if found else None


def _whole(document: Schema, schema: Schema) -> Schema:
    """A schema, parameter or body with its `$ref` followed."""
    while "$ref" in schema:
        target: Any = document
        for part in str(schema["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema


def _faults(document: Schema, schema: Schema, value: object, where: str) -> Iterator[str]:
    schema = _whole(document, schema)
    kind = str(schema.get("type", ""))
    expected = KINDS.get(kind)
    is_wrong = expected is not None and not isinstance(value, expected)
    if is_wrong or (isinstance(value, bool) and kind in ("integer", "number")):
        yield f"{where} is {type(value).__name__}, described as {kind}"
        return
    allowed = schema.get("enum")
    if allowed and value not in allowed:
        yield f"{where} is {value!r}, not one of {allowed}"
    if isinstance(value, str) and len(value) > int(schema.get("maxLength", len(value))):
        yield f"{where} has {len(value)} characters, at most {schema['maxLength']} are described"
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _faults(document, schema.get("items", {}), one, f"{where}[{number}]")
    if isinstance(value, dict) and "properties" in schema:
        yield from (f"{where}.{name} is missing" for name in schema.get("required", []) if name not in value)
        for name, inner in value.items():
            if name in schema["properties"]:
                yield from _faults(document, schema["properties"][name], inner, f"{where}.{name}")
            else:
                yield f"{where}.{name} is not described"
