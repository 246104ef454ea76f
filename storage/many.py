"""Many items at once: each with how far it is, kept while anybody may look at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.many import Many, ManyState
from bot.errors import NotFound
from bot.ports import Clock
from storage.base import Base

KEPT_SECONDS = 30 * 86_400


@dataclass(frozen=True)
class RedisMany(Base):
    clock: Clock

    def _key(self, many: str) -> str:
        return self.keys("many", many)

    async def get(self, many: str) -> Many | None:
        return await self.value(Many, "many", many)

    async def add(self, many: Many) -> None:
        await self.change_value(Many, self._key(many.id), lambda _: many)
        await self._marked(many)

    async def change(self, many: str, change: Callable[[Many], Many]) -> Many:
        def changed(before: Many | None) -> Many:
            if before is None:
                raise NotFound("This is too long ago.", advice="Look with `/dext publish`.")
            return change(before)

        _, after = await self.change_value(Many, self._key(many), changed)
        await self._marked(after)
        return after

    async def _marked(self, many: Many) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.expire(self._key(many.id), KEPT_SECONDS)
            if many.state is ManyState.RUNNING:
                pipe.zadd(self.keys("many-open"), {many.id: self.clock().timestamp()})
            else:
                pipe.zrem(self.keys("many-open"), many.id)
            await pipe.execute()

    async def open(self) -> Sequence[tuple[str, dt.datetime]]:
        """Those that run, with the time of their last step."""
        members = await cast(
            "Awaitable[list[tuple[bytes, float]]]",
            self.redis.zrange(self.keys("many-open"), 0, -1, withscores=True),
        )
        return [(one.decode(), dt.datetime.fromtimestamp(score, dt.UTC)) for one, score in members]
