"""A Redis from an address, whoever runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from bot.errors import StorageUnavailable

RETRIES = 5
"""With the back-off below a command is tried for about two seconds: a restart of Redis is waited out."""
MOST_CONNECTIONS = 128


class Client(Redis):
    """redis-py's client; when Redis cannot be reached it raises the bot's own StorageUnavailable."""

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        with _translated():
            return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> Pipeline:
        return _Pipeline(self.connection_pool, self.response_callbacks, transaction, shard_hint)


class _Pipeline(Pipeline):
    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        with _translated():
            return await super().execute(raise_on_error)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (RedisConnectionError, RedisTimeoutError, OSError) as fault:
        raise StorageUnavailable(
            f"Redis does not answer ({type(fault).__name__}).",
            advice="Check REDIS_URL and that the server runs, or leave REDIS_URL empty for the embedded one.",
        ) from fault


def connect(url: str) -> Client:
    """A client for `redis://`, `rediss://` or `unix://`, password and all; nothing is sent yet.

    A lost connection is made anew and the command tried again with back-off. Raises StorageUnavailable for
    an address that is none; the address itself is never repeated, it may hold a password.
    """
    try:
        return cast(
            Client,
            Client.from_url(
                url,
                decode_responses=False,
                socket_timeout=10,
                socket_connect_timeout=5,
                health_check_interval=30,
                max_connections=MOST_CONNECTIONS,
                retry=Retry(ExponentialWithJitterBackoff(base=0.05, cap=1), RETRIES),
                retry_on_error=[RedisConnectionError, RedisTimeoutError],
            ),
        )
    except ValueError:
        raise StorageUnavailable(
            "REDIS_URL is no address of a Redis.", advice="Write it like rediss://user:password@host:6379/0."
        ) from None


async def ping(redis: Redis) -> None:
    """Raises StorageUnavailable when Redis does not answer, or refuses the password."""
    try:
        await redis.ping()
    except RedisError as fault:
        raise StorageUnavailable(
            f"Redis answers with an error ({type(fault).__name__}).",
            advice="Check the user and the password in REDIS_URL.",
        ) from fault
