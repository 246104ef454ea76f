"""What people said that names of suppliers stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import cast

from bot.domain.matching import Alias
from storage import values
from storage.base import Base


@dataclass(frozen=True)
class RedisAliases(Base):
    async def all(self) -> Mapping[str, Alias]:
        stored = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("aliases")))
        return {key.decode(): values.load(Alias, alias) for key, alias in stored.items()}

    async def save(self, alias: Alias) -> None:
        stored = cast(str, values.dump(Alias, alias))
        await self.redis.hset(self.keys("aliases"), alias.key, stored)

    async def remove(self, key: str) -> Alias | None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hget(self.keys("aliases"), key)
            pipe.hdel(self.keys("aliases"), key)
            stored, _ = await pipe.execute()
        return None if stored is None else values.load(Alias, stored)
