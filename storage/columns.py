"""Which column is what, of tables with the same headings."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

from bot.domain.columns import Columns
from storage import values
from storage.base import Base


@dataclass(frozen=True)
class RedisColumns(Base):
    async def get(self, key: str) -> Columns | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("columns"), key))
        return None if stored is None else values.load(Columns, stored)

    async def save(self, columns: Columns) -> None:
        await self.redis.hset(self.keys("columns"), columns.key, cast(str, values.dump(Columns, columns)))
