"""A real embedded Redis for tests: one server for the session, a namespace of its own for each test."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
from cryptography.fernet import Fernet
from redis.asyncio import Redis

from bot.domain.identity import Business, BusinessId, WorkspaceId
from storage import client, embedded
from storage.crypto import Cipher
from storage.store import RedisStorage, RedisStore

BUSINESS = Business(WorkspaceId("T123"), BusinessId("b1"))


class Clock:
    """The time of a test: stands still until it is told to move."""

    def __init__(self, now: dt.datetime | None = None) -> None:
        self.now = now or dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the session's server; the last to go stops it."""
    serving = embedded.server(tmp_path_factory.mktemp("redis"))
    with asyncio.Runner() as runner:
        yield runner.run(serving.__aenter__())
        runner.run(serving.__aexit__(None, None, None))


@pytest.fixture
def namespace() -> str:
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    connected = client.connect(redis_url)
    yield connected
    await connected.aclose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def encryption_key() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def storage(redis: Redis, namespace: str, clock: Clock, encryption_key: str) -> RedisStorage:
    return RedisStorage(redis, Cipher([encryption_key]), clock, namespace=namespace)


@pytest.fixture
def store(storage: RedisStorage) -> RedisStore:
    return storage.of(BUSINESS)
