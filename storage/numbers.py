"""Numbers that records of ours have in the accounting software, so that one is not used twice."""

from __future__ import annotations

from dataclasses import dataclass

from storage.base import Base


@dataclass(frozen=True)
class RedisNumbers(Base):
    async def remember(self, number: str) -> None:
        await self.redis.sadd(self.keys("numbers"), number)

    async def forget(self, number: str) -> None:
        await self.redis.srem(self.keys("numbers"), number)

    async def is_used(self, number: str) -> bool:
        return bool(await self.redis.sismember(self.keys("numbers"), number))
