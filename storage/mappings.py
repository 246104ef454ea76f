"""The way from one organisation's lists to another's, and what each organisation's choices were."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from bot.domain.mapping import ListMapping, Moved
from bot.errors import NotFound
from storage import values
from storage.base import Base


@dataclass(frozen=True)
class RedisMappings(Base):
    async def pending(self) -> ListMapping | None:
        return await self.value(ListMapping, "mapping")

    async def save(self, mapping: ListMapping) -> None:
        await self.redis.set(self.keys("mapping"), values.dump(ListMapping, mapping))

    async def change(self, change: Callable[[ListMapping], ListMapping]) -> ListMapping:
        def changed(before: ListMapping | None) -> ListMapping:
            if before is None:
                raise NotFound("There is nothing left to map.")
            return change(before)

        _, after = await self.change_value(ListMapping, self.keys("mapping"), changed)
        return after

    async def remember(self, organisation: str, moves: Mapping[str, Moved]) -> None:
        if moves:
            fields: Any = {place: values.dump(Moved, move) for place, move in moves.items()}
            await self.redis.hset(self.keys("former", organisation), mapping=fields)

    async def remembered(self, organisation: str) -> Mapping[str, Moved]:
        found = await cast(
            "Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("former", organisation))
        )
        return {place.decode(): values.load(Moved, move) for place, move in found.items()}
