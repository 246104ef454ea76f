"""Rules and remembered names as they were before changes whose effect on items is still to be told."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import cast

from redis.asyncio.client import Pipeline

from bot.domain.recoding import Recoding
from storage import values
from storage.base import Base
from storage.keys import Keys

PENDING, TOLD = "recodings", "recodings-told"


@dataclass(frozen=True)
class RedisRecodings(Base):
    async def take(self) -> Sequence[Recoding]:
        """Under its lock. What a process took that died is taken again, with nothing newer."""
        pending, told = self.keys(PENDING), self.keys(TOLD)
        async with self.redis.pipeline(transaction=False) as pipe:
            pipe.exists(told)
            pipe.exists(pending)
            is_there, is_more = await pipe.execute()
        if not is_there and not is_more:
            return []
        if not is_there:
            await self.redis.rename(pending, told)
        stored = await cast("Awaitable[list[bytes]]", self.redis.hvals(told))
        return [values.load(Recoding, one) for one in stored]

    async def done(self) -> None:
        await self.redis.delete(self.keys(TOLD))


def put(pipe: Pipeline, keys: Keys, recodings: Sequence[Recoding]) -> None:
    """In the same step as what changes; what stood before an earlier change stays."""
    for one in recodings:
        pipe.hsetnx(keys(PENDING), one.key, cast(str, values.dump(Recoding, one)))
