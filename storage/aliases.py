"""What people said that names of suppliers stand for."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.matching import Alias
from bot.domain.recoding import Recoding
from storage import values
from storage.base import Base
from storage.recodings import put


@dataclass(frozen=True)
class RedisAliases(Base):
    async def all(self) -> Mapping[str, Alias]:
        stored = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("aliases")))
        return {key.decode(): values.load(Alias, alias) for key, alias in stored.items()}

    async def get(self, key: str) -> Alias | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("aliases"), key))
        return None if stored is None else values.load(Alias, stored)

    async def save(self, alias: Alias, before: Sequence[Recoding] = ()) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(self.keys("aliases"), alias.key, cast(str, values.dump(Alias, alias)))
            put(pipe, self.keys, before)
            await pipe.execute()

    async def remove(self, key: str, before: Sequence[Recoding] = ()) -> Alias | None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hget(self.keys("aliases"), key)
            pipe.hdel(self.keys("aliases"), key)
            put(pipe, self.keys, before)
            stored, *_ = await pipe.execute()
        return None if stored is None else values.load(Alias, stored)
