"""Items that are published by themselves: when each is due, and how often a supplier's were coded alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.auto_publish import Streak
from bot.domain.identity import ItemId
from storage import values
from storage.base import Base
from storage.keys import SharedKeys

BETWEEN = "|"


@dataclass(frozen=True)
class RedisAuto(Base):
    shared: SharedKeys

    async def put(self, items: Sequence[ItemId], at: dt.datetime) -> None:
        if items:
            await self.redis.zadd(self.shared.auto, {self._member(item): at.timestamp() for item in items})

    async def drop(self, item: ItemId) -> None:
        await self.redis.zrem(self.shared.auto, self._member(item))

    def _member(self, item: ItemId) -> str:
        return f"{self.keys.business}{BETWEEN}{item}"

    async def streak(self, supplier: str) -> Streak:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("streaks"), supplier))
        return values.load(Streak, stored) if stored else Streak()

    async def keep_streak(self, supplier: str, streak: Streak) -> None:
        await self.redis.hset(self.keys("streaks"), supplier, cast(str, values.dump(Streak, streak)))
