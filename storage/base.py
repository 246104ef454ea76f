"""What every repository stands on: a Redis, the keys of one business, the cipher, scripts."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar, cast

from redis.asyncio import Redis
from redis.asyncio.lock import Lock
from redis.exceptions import LockError, NoScriptError

from bot.errors import StorageUnavailable
from storage import values
from storage.crypto import Cipher
from storage.keys import Keys
from storage.scripts import source

T = TypeVar("T")
Arguments = Sequence[str | bytes | float]
LOCK_WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Base:
    """A repository of one business."""

    redis: Redis
    keys: Keys
    cipher: Cipher

    async def run(self, script: str, keys: Sequence[str], *arguments: str | bytes | float) -> Any:
        """Runs `scripts/<script>.lua`; Redis keeps its compiled form by hash."""
        return await self.redis.register_script(source(script))(keys=keys, args=list(arguments))

    async def run_all(
        self,
        script: str,
        keys: Sequence[str],
        calls: Sequence[Arguments],
        *,
        beside: Sequence[Sequence[str]] = (),
    ) -> list[Any]:
        """Several runs of one script, each with its arguments, and plain commands `beside` them, whose
        answers come first; in one round trip, and one more where Redis does not have the script yet."""
        if not calls and not beside:
            return []
        registered = self.redis.register_script(source(script))
        try:
            return await self._all(registered.sha, keys, calls, beside)
        except NoScriptError:
            await self.redis.script_load(registered.script)
            return await self._all(registered.sha, keys, calls, beside)

    async def _all(
        self, sha: str, keys: Sequence[str], calls: Sequence[Arguments], beside: Sequence[Sequence[str]]
    ) -> list[Any]:
        async with self.redis.pipeline(transaction=False) as pipe:
            for command in beside:
                pipe.execute_command(*command)
            for arguments in calls:
                pipe.evalsha(sha, len(keys), *keys, *arguments)
            return list(await pipe.execute())

    async def value(self, kind: type[T], *key: str) -> T | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.get(self.keys(*key)))
        return None if stored is None else values.load(kind, stored)

    async def change_value(
        self, kind: type[T], key: str, change: Callable[[T | None], T]
    ) -> tuple[T | None, T]:
        """Compare and set, repeated while somebody else was first."""
        while True:
            stored = await cast("Awaitable[bytes | None]", self.redis.get(key))
            before = None if stored is None else values.load(kind, stored)
            after = change(before)
            if await self.run("compare_and_set", [key], stored or b"", values.dump(kind, after)):
                return before, after

    @asynccontextmanager
    async def lock(self, name: str, seconds: float) -> AsyncIterator[None]:
        """Held by one process at a time and renewed while it lives; a killed one's is free after `seconds`.
        Raises StorageUnavailable when it cannot be had within a minute."""
        lock = self.redis.lock(
            self.keys("lock", name),
            timeout=seconds,
            sleep=0.02,
            blocking_timeout=LOCK_WAIT_SECONDS,
            thread_local=False,
        )
        if not await lock.acquire(token=secrets.token_hex(8)):
            raise StorageUnavailable("Another process is busy with this for too long.", advice="Try again.")
        over = asyncio.Event()
        renewing = asyncio.create_task(_renew(lock, seconds / 3, over))
        try:
            yield
        finally:
            # Also where a cancellation is lost in the middle of a command, nobody renews it from now on.
            over.set()
            renewing.cancel()
            # Its time may be over and somebody else hold it: theirs to release.
            with contextlib.suppress(LockError):
                await asyncio.shield(lock.release())


async def _renew(lock: Lock, every_seconds: float, over: asyncio.Event) -> None:
    with contextlib.suppress(LockError):
        while not over.is_set():
            await asyncio.sleep(every_seconds)
            with contextlib.suppress(StorageUnavailable):  # perhaps it answers again next time
                await lock.reacquire()
