"""What is due for a business once a day: when, and who does it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from storage.base import Base


@dataclass(frozen=True)
class RedisDue(Base):
    """One kind of daily work; `key` holds all businesses by the time they are due."""

    key: str

    async def schedule(self, at: dt.datetime | None) -> None:
        member = str(self.keys.business)
        if at is None:
            await self.redis.zrem(self.key, member)
        else:
            await self.redis.zadd(self.key, {member: at.timestamp()})

    async def plan(self, at: dt.datetime) -> None:
        """Only where nothing is planned yet."""
        await self.redis.zadd(self.key, {str(self.keys.business): at.timestamp()}, nx=True)

    async def due_at(self) -> dt.datetime | None:
        score = await self.redis.zscore(self.key, str(self.keys.business))
        return None if score is None else dt.datetime.fromtimestamp(score, dt.UTC)
