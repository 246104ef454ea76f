"""How many round trips to Redis something takes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline


@pytest.fixture
def round_trips(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Counts commands and pipelines sent since the last time it was asked."""
    sent = 0
    command, execute = Redis.execute_command, Pipeline.execute

    async def counted_command(self: Redis, *args: object, **options: object) -> object:
        nonlocal sent
        sent += 1
        return await command(self, *args, **options)

    async def counted_execute(self: Pipeline, raise_on_error: bool = True) -> object:
        nonlocal sent
        sent += 1
        return await execute(self, raise_on_error)

    monkeypatch.setattr(Redis, "execute_command", counted_command)
    monkeypatch.setattr(Pipeline, "execute", counted_execute)

    def asked() -> int:
        nonlocal sent
        counted, sent = sent, 0
        return counted

    return asked
