"""The OpenAPI 3.1 description, made from the models that check and answer."""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.domain.attachments import MOST_FILES
from bot.services.api_keys import CALLS_A_MINUTE
from handlers.api.answers import ItemState, Problem, Results
from handlers.api.forms import MOST_ITEMS, BatchForm, ItemForm

ITEMS, ONE, DESCRIPTION = "/api/v1/items", "/api/v1/items/{id}", "/api/v1/openapi.json"
LARGEST_BODY = 140_000_000
"""Bytes: an item with ten files of 10 MB, in base64."""
LONGEST_IDEMPOTENCY_KEY = 255
ABOUT = f"""Items for the inbox, from Dext, Zapier, Make or your own scripts.

**Keys.** An Admin makes one in Slack with `/dext api-key`; it opens one business. Send it as
`Authorization: Bearer dxt_…`. A key may call {CALLS_A_MINUTE} times a minute; beyond that the answer is
429 and `Retry-After` says how many seconds to wait.

**Amounts are text** (`"144.00"`). JSON numbers are refused: on their way most programs make floats of
them, and digits are lost.

**Unknown fields are refused**, since a mistyped name would be a value lost in silence. `null` is the same
as leaving a field out.

**Again is harmless.** The same `external_id` is the same item: it is answered with what is there, and
nothing is changed. With an `Idempotency-Key` the same request within 7 days is answered exactly as the
first time, also while the first is still running; another body under the same key is refused with 409.
What was refused with 400 is not kept: correct it and send it under the same key.

**Batches.** Up to {MOST_ITEMS} items. Each has its result in `items`, in the order they were sent. One that
is wrong is refused by itself (`"result": "refused"`, with its `errors`) and the others come in: the status
is 207 then, else 201 when at least one item is new, else 200. When all of them are wrong nothing comes in
and the status is 400.

**Files.** Up to {MOST_FILES} of 10 MB for an item, {LARGEST_BODY // 1_000_000} MB for a request. They are
sent to the accounting software after the item was published, each on its own; `GET {ONE}` tells
how far each is.
"""
EXAMPLE = {
    "external_id": "90000000010",
    "side": "cost",
    "type": "invoice",
    "supplier": "Northwind Paper Ltd",
    "document_number": "NW-1001",
    "date": "2026-03-03",
    "due_date": "2026-04-02",
    "currency": "GBP",
    "total": "144.00",
    "tax_amount": "24.00",
    "category": "429 - Office Supplies",
    "attachments": [
        {"filename": "NW-1001.pdf", "content_type": "application/pdf", "content": "JVBERi0xLjQKJSVFT0YK"}
    ],
}
CREATED = {
    "result": "created",
    "id": "kd4m7qzd2v5xw3ha",
    "external_id": "90000000010",
    "status": "ready",
    "missing": [],
}
RECEIPT = {"external_id": "90000000011", "side": "cost", "type": "receipt", "total": "18.40"}
BATCH = {"items": [EXAMPLE, RECEIPT]}
REFUSED = {
    "result": "refused",
    "external_id": "90000000011",
    "errors": [
        {
            "pointer": "/items/1/total",
            "detail": 'Send amounts as text, such as "144.00": JSON numbers lose digits on their way.',
        }
    ],
}
_PROBLEMS = {
    400: "Wrong fields, each with its place; or no JSON.",
    401: "No key, or none that is known: it may have been withdrawn.",
    403: "The key may only read.",
    404: "There is no such item in this business.",
    408: "The body did not arrive in time.",
    409: "The Idempotency-Key was used for another body, or its first request is still at work.",
    413: f"The body is larger than {LARGEST_BODY // 1_000_000} MB.",
    415: "Not `application/json`, or compressed.",
    429: "Too many calls; `Retry-After` says how many seconds to wait.",
    503: "Not able to serve just now; `Retry-After` says how many seconds to wait.",
}


@cache
def description(server: str) -> dict[str, Any]:
    """OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html)."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Dext for Slack: items", "version": "1", "description": ABOUT},
        "servers": [{"url": server}],
        "security": [{"key": []}],
        "paths": {
            ITEMS: {"post": _post()},
            ONE: {"get": _get()},
            DESCRIPTION: {"get": _self()},
        },
        "components": {
            "securitySchemes": {
                "key": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`dxt_…`, made with `/dext api-key`",
                }
            },
            "schemas": _schemas(),
        },
    }


def _schemas() -> dict[str, Any]:
    sent: list[type[BaseModel]] = [ItemForm, BatchForm]
    answered: list[type[BaseModel]] = [Results, ItemState, Problem]
    _, schema = models_json_schema(
        [*((one, "validation") for one in sent), *((one, "serialization") for one in answered)],
        ref_template="#/components/schemas/{model}",
    )
    found: dict[str, Any] = schema["$defs"]
    return found


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _post() -> dict[str, Any]:
    return {
        "operationId": "addItems",
        "summary": "Add one item or several",
        "parameters": [
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": False,
                "description": "Any text of your own, different for each request; kept for 7 days.",
                "schema": {
                    "type": "string",
                    "minLength": 1,
                    "maxLength": LONGEST_IDEMPOTENCY_KEY,
                    "pattern": "^[!-~]+$",
                },
                "example": "import-2026-03-03-1",
            }
        ],
        "requestBody": {
            "required": True,
            "content": {
                "application/json": {
                    "schema": {"oneOf": [_ref(ItemForm), _ref(BatchForm)]},
                    "examples": {
                        "one": {"summary": "One item", "value": EXAMPLE},
                        "several": {"summary": "Two items", "value": BATCH},
                    },
                }
            },
        },
        "responses": {
            "200": _results("Everything was there already.", [CREATED | {"result": "known"}]),
            "201": _results("At least one item is new.", [CREATED]),
            "207": _results("Some came in, some were refused.", [CREATED, REFUSED]),
            **_problems(400, 401, 403, 408, 409, 413, 415, 429, 503),
        },
    }


def _get() -> dict[str, Any]:
    return {
        "operationId": "getItem",
        "summary": "An item as it stands: state, publication, link, what is missing",
        "parameters": [
            {
                "name": "id",
                "in": "path",
                "required": True,
                "schema": {"type": "string", "pattern": "^[a-z0-9]{1,32}$"},
                "example": CREATED["id"],
            }
        ],
        "responses": {
            "200": {
                "description": "The item.",
                "content": {"application/json": {"schema": _ref(ItemState)}},
            },
            **_problems(401, 404, 429, 503),
        },
    }


def _self() -> dict[str, Any]:
    return {
        "operationId": "getDescription",
        "summary": "This description; needs no key",
        "security": [],
        "responses": {
            "200": {
                "description": "OpenAPI 3.1.",
                "content": {"application/json": {"schema": {"type": "object"}}},
            }
        },
    }


def _results(says: str, items: list[dict[str, Any]]) -> dict[str, Any]:
    content = {"schema": _ref(Results), "example": {"items": items}}
    return {"description": says, "content": {"application/json": content}}


def _problems(*statuses: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in statuses:
        headers = {
            401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
            429: {"Retry-After": {"schema": {"type": "integer"}}},
            503: {"Retry-After": {"schema": {"type": "integer"}}},
        }.get(status)
        found[str(status)] = {
            "description": _PROBLEMS[status],
            "content": {"application/problem+json": {"schema": _ref(Problem)}},
            **({"headers": headers} if headers else {}),
        }
    return found
