"""The item API against its own description: valid OpenAPI 3.1, and kept in both directions."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, settings
from jsonschema_rs import Draft202012Validator

from bot.domain.api_keys import KeyRight
from bot.sandbox.listening import listening
from bot.services.api_keys import ApiKeyService
from handlers.api.description import EXAMPLE, ITEMS, description
from storage import client
from storage.crypto import Cipher
from storage.store import RedisStorage
from tests.builders import ADA
from tests.fakes import FakeJobs
from tests.integration.api.conftest import ITEM, Door, an_app
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

DESCRIPTION = description("https://bot.example")
A_FEW = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
schema = schemathesis.openapi.from_dict(DESCRIPTION)


class Live:
    """The API on a local port, in a thread with a loop of its own."""

    def __init__(self, redis_url: str, namespace: str, encryption_key: str) -> None:
        self._facts = redis_url, namespace, encryption_key
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self.key = self.url = ""

    def __enter__(self) -> Live:
        self._thread.start()
        assert self._ready.wait(20)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(20)

    async def _serve(self) -> None:
        url, namespace, encryption_key = self._facts
        redis = client.connect(url)
        storage = RedisStorage(redis, Cipher([encryption_key]), Clock(), namespace=namespace)
        inbox = Inbox(storage, FakeJobs(), Clock())
        await inbox.connected()
        keys = ApiKeyService(storage, Clock(), calls_a_minute=100_000)
        self.key = str(await keys.make(OF, ADA, "schemathesis", KeyRight.ADD))
        app = an_app(inbox, keys)
        config = uvicorn.Config(app, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        sock = listening("127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{sock.getsockname()[1]}"
        self._ready.set()
        await self._server.serve(sockets=[sock])
        await redis.aclose()


@pytest.fixture(scope="module")
def live(redis_url: str) -> Iterator[Live]:
    with Live(redis_url, "test-schemathesis", "k" * 40) as live:
        yield live


@pytest.mark.timeout(300)
@schema.parametrize()
@A_FEW
def test_every_answer_is_as_described_whatever_is_sent(case: schemathesis.Case, live: Live) -> None:
    """What the description allows is taken, what it forbids is refused, no answer is of another kind."""
    case.call_and_validate(base_url=live.url, headers={"Authorization": f"Bearer {live.key}"})


async def test_the_description_needs_no_key_and_is_what_the_models_say(door: Door) -> None:
    answer = await door.http.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(DESCRIPTION))
    assert answer.json()["openapi"].startswith("3.1")


def _schema(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}", "components": DESCRIPTION["components"]}


def test_its_examples_are_valid_by_it() -> None:
    post = DESCRIPTION["paths"][ITEMS]["post"]
    for example in post["requestBody"]["content"]["application/json"]["examples"].values():
        name = "BatchForm" if "items" in example["value"] else "ItemForm"
        Draft202012Validator(_schema(name)).validate(example["value"])
    for status in ("200", "201", "207"):
        example = post["responses"][status]["content"]["application/json"]["example"]
        Draft202012Validator(_schema("Results")).validate(example)
    assert EXAMPLE in [
        one["value"] for one in post["requestBody"]["content"]["application/json"]["examples"].values()
    ]


async def test_its_examples_do_what_it_says(door: Door) -> None:
    examples = DESCRIPTION["paths"][ITEMS]["post"]["requestBody"]["content"]["application/json"]["examples"]
    assert (await door.posts(examples["one"]["value"])).status_code == 201
    assert [one["result"] for one in (await door.posts(examples["several"]["value"])).json()["items"]] == [
        "known",
        "created",
    ]


@pytest.mark.parametrize(
    "wrong",
    [{"total": 144.0}, {"total": "1,00"}, {"currency": "ABC"}, {"side": "x"}, {"catagory": "x"}, {"date": 1},
     {"external_id": ""}, {"attachments": [{"filename": "a/b", "content": "QQ=="}]},
     {"attachments": [{"filename": "a", "content": "QQ="}]}, {"supplier": "x" * 201},
     {"side": "sale", "type": "expense_claim"}],
)  # fmt: skip
def test_what_is_refused_is_refused_by_the_description_too(wrong: dict[str, Any]) -> None:
    assert Draft202012Validator(_schema("ItemForm")).is_valid(ITEM)
    assert not Draft202012Validator(_schema("ItemForm")).is_valid(ITEM | wrong)


def test_every_field_of_the_contract_is_described() -> None:
    described = DESCRIPTION["components"]["schemas"]["ItemForm"]["properties"]
    assert set(described) == {
        "external_id", "side", "type", "supplier", "customer", "document_number", "date", "due_date",
        "currency", "total", "tax_amount", "category", "tax", "project", "payment_account", "paid",
        "description", "note", "line_items", "attachments", "submitted_by", "claimed",
    }  # fmt: skip
