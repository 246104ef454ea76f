"""Keys of the item API: kept within their business, so that one read finds a key and no other business's."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.domain.api_keys import ApiKey
from storage import values
from storage.base import Base

WINDOW_MS = 60_000


@dataclass(frozen=True)
class RedisApiKeys(Base):
    async def add(self, key: ApiKey, most: int) -> bool:
        """False when there are so many already."""
        names = [self.keys("api-keys")]
        return bool(await self.run("add_api_key", names, key.id, values.dump(ApiKey, key), most))

    async def get(self, key_id: str) -> ApiKey | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("api-keys"), key_id))
        return None if stored is None else values.load(ApiKey, stored)

    async def all(self) -> Sequence[ApiKey]:
        """Oldest first, each with when it was last used."""
        async with self.redis.pipeline(transaction=False) as pipe:
            pipe.hgetall(self.keys("api-keys"))
            pipe.hgetall(self.keys("api-keys-used"))
            stored, used = await pipe.execute()
        keys = [
            replace(values.load(ApiKey, one), used_at=_moment(used.get(key_id)))
            for key_id, one in stored.items()
        ]
        return sorted(keys, key=lambda key: (key.made_at, key.id))

    async def remove(self, key_id: str) -> ApiKey | None:
        """Of two who remove it, one gets it."""
        names = [self.keys("api-keys"), self.keys("api-keys-used"), self.keys("api-calls", key_id)]
        stored = await self.run("remove_api_key", names, key_id)
        return values.load(ApiKey, stored) if stored else None

    async def turn(self, key_id: str, calls_a_minute: int) -> int:
        """Counts a call and notes when the key was used; else after how many seconds one fits again."""
        names = [self.keys("api-calls", key_id), self.keys("api-keys-used")]
        milliseconds = await self.run("api_turn", names, key_id, WINDOW_MS, calls_a_minute)
        return math.ceil(int(milliseconds) / 1000)


def _moment(stored: bytes | None) -> dt.datetime | None:
    return None if stored is None else dt.datetime.fromtimestamp(int(stored) / 1000, dt.UTC)
