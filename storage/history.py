"""What the log says of each item, and how far each card's thread has told it."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.audit import LogEntry
from bot.domain.identity import ItemId
from storage import values
from storage.base import Base

HISTORY, BEHIND, TOLD = "history", "threads-behind", "threads-told"
BETWEEN, BEHIND_BETWEEN = "|", "}"
"""An item's members lie between `item|` and `item}`, in the order of characters."""


@dataclass(frozen=True)
class RedisHistory(Base):
    async def of(self, item: ItemId) -> Sequence[LogEntry]:
        members = await cast(
            "Awaitable[list[bytes]]",
            self.redis.zrangebylex(self.keys(HISTORY), f"[{item}{BETWEEN}", f"({item}{BEHIND_BETWEEN}"),
        )
        places = sorted((_place(member) for member in members), key=_moment)
        async with self.redis.pipeline(transaction=False) as pipe:
            for place in places:
                pipe.xrange(self.keys("log"), place, place)
            rows = await pipe.execute() if places else []
        return [values.load(LogEntry, fields[b"entry"]) for row in rows for _, fields in row]

    async def told(self, item: ItemId) -> int:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys(TOLD), item))
        return int(stored or 0)

    async def tell(self, item: ItemId, before: int, now: int, seen: int) -> bool:
        keys = [self.keys(HISTORY), self.keys(BEHIND), self.keys(TOLD)]
        return bool(await self.run("tell", keys, item, before, now, seen))

    async def put_behind(self, item: ItemId, told: int | None = None) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            if told is not None:
                pipe.hset(self.keys(TOLD), item, str(told))
            pipe.zadd(self.keys(BEHIND), {item: 0})
            await pipe.execute()

    async def behind(self, limit: int) -> Sequence[ItemId]:
        members = await cast("Awaitable[list[bytes]]", self.redis.zrange(self.keys(BEHIND), 0, limit - 1))
        return [ItemId(member.decode()) for member in members]


def _place(member: bytes) -> str:
    return member.decode().rpartition(BETWEEN)[2]


def _moment(place: str) -> tuple[int, int]:
    milliseconds, _, number = place.partition("-")
    return int(milliseconds), int(number)
