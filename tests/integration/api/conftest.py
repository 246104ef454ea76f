"""The item API over real storage, asked as a program asks: `door` is one process of the bot."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.domain.api_keys import KeyRight
from bot.domain.identity import Business
from bot.services.answers import AnswerService
from bot.services.api_keys import ApiKeyService
from bot.services.arriving import ArrivingService
from handlers.routes.items_api import ItemsApiRoutes
from storage.store import RedisStorage
from tests.builders import ADA
from tests.fakes import FakeJobs
from tests.integration.handlers.slackside import services
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock, clock, encryption_key, namespace, redis, redis_url, storage, store

__all__ = ["clock", "encryption_key", "namespace", "redis", "redis_url", "storage", "store"]

ITEM: dict[str, Any] = {
    "external_id": "e1", "side": "cost", "type": "invoice", "supplier": "Northwind Paper Ltd",
    "document_number": "NW-1001", "date": "2026-03-03", "currency": "GBP", "total": "144.00",
    "category": "429 - Office Supplies",
}  # fmt: skip


@dataclass
class Door:
    inbox: Inbox
    http: httpx.AsyncClient
    keys: ApiKeyService
    app: Starlette

    async def key(self, right: KeyRight = KeyRight.ADD, business: Business = OF) -> str:
        return str(await self.keys.make(business, ADA, "Zapier", right))

    async def posts(self, body: Any, key: str = "", **headers: str) -> httpx.Response:
        """`body` as JSON, or as it is when it is bytes."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        usual = {"Authorization": f"Bearer {key or await self.key()}", "Content-Type": "application/json"}
        sent = usual | {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.http.post("/api/v1/items", content=content, headers=sent)

    async def gets(self, item: str, key: str) -> httpx.Response:
        return await self.http.get(f"/api/v1/items/{item}", headers={"Authorization": f"Bearer {key}"})


def an_app(inbox: Inbox, keys: ApiKeyService) -> Starlette:
    of_the_api = services(
        items=inbox.items,
        api_keys=keys,
        answers=AnswerService(inbox.storage, patience_seconds=5),
        arriving=ArrivingService(inbox.storage, inbox.importing, inbox.jobs, inbox.clock),
    )
    return Starlette(routes=ItemsApiRoutes(of_the_api, "https://bot.example").routes())


@pytest.fixture
async def door(storage: RedisStorage, clock: Clock) -> AsyncIterator[Door]:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    keys = ApiKeyService(storage, clock)
    app = an_app(inbox, keys)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://bot.example"
    ) as http:
        yield Door(inbox, http, keys, app)
