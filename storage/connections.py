"""The connection of a business and its credentials."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import cast

from bot.domain.connection import Connection, Credentials, Organisation
from bot.errors import RateLimited
from storage import values
from storage.base import Base
from storage.keys import SharedKeys

RENEWAL_SECONDS = 60.0
"""A token's renewal takes no longer; a killed process frees it after so long."""


@dataclass(frozen=True)
class RedisTokens(Base):
    """Credentials under one key, encrypted."""

    name: tuple[str, ...] = ("credentials",)
    milliseconds: int | None = None

    async def read(self) -> Credentials | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.get(self.keys(*self.name)))
        return None if stored is None else values.load(Credentials, self.cipher.decrypt(stored))

    async def write(self, credentials: Credentials) -> None:
        """Renewed credentials of a connection that was forgotten meanwhile are not kept."""
        only_renew = self.milliseconds is None
        await self.redis.set(
            self.keys(*self.name), self.sealed(credentials), px=self.milliseconds, xx=only_renew
        )

    def sealed(self, credentials: Credentials) -> bytes:
        return self.cipher.encrypt(values.dump(Credentials, credentials))

    def renewing(self) -> AbstractAsyncContextManager[None]:
        return self.lock(f"renew-{'-'.join(self.name)}", RENEWAL_SECONDS)

    async def count_renewal(self, most: int, seconds: float) -> None:
        milliseconds = int(
            await self.run(
                "count_renewal",
                [self.keys("renewals", *self.name)],
                most,
                int(seconds * 1000),
                secrets.token_hex(8),
            )
        )
        if milliseconds:
            raise RateLimited(
                "Our sign-in was renewed too often in a short time.", retry_after_seconds=milliseconds / 1000
            )


@dataclass(frozen=True)
class RedisConnections(Base):
    shared: SharedKeys

    @property
    def tokens(self) -> RedisTokens:
        return RedisTokens(self.redis, self.keys, self.cipher)

    async def read(self) -> Connection | None:
        return await self.value(Connection, "connection")

    async def save(self, connection: Connection, credentials: Credentials) -> None:
        # The index lies on another node than the business: first there, so that no crash leaves a connection
        # that the clock does not know.
        await self.redis.sadd(self.shared.businesses, str(self.keys.business))
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.set(self.keys("connection"), values.dump(Connection, connection))
            pipe.set(self.keys("credentials"), self.tokens.sealed(credentials))
            await pipe.execute()

    async def organisation(self) -> Organisation | None:
        connection = await self.read()
        return connection.organisation if connection else await self.value(Organisation, "organisation")

    async def mark(self, change: Callable[[Connection], Connection]) -> Connection | None:
        def changed(before: Connection | None) -> Connection:
            if before is None:
                raise _NoneThereError
            return change(before)

        try:
            _, after = await self.change_value(Connection, self.keys("connection"), changed)
        except _NoneThereError:
            return None
        return after

    async def forget(self) -> None:
        last = await self.organisation()
        async with self.redis.pipeline(transaction=True) as pipe:
            if last is not None:
                pipe.set(self.keys("organisation"), values.dump(Organisation, last))
            pipe.delete(self.keys("connection"), self.keys("credentials"))
            await pipe.execute()
        await self.redis.srem(self.shared.businesses, str(self.keys.business))


class _NoneThereError(Exception):
    """There is no connection to change."""
