"""How far the look at the books is, the records found there that we did not make, and what else it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain import duplicates
from bot.domain.identity import ItemId, is_in_books
from bot.domain.items import Item
from bot.domain.watch import Look
from storage import values
from storage.base import Base

KEPT_MOST = 2000
"""So much of what was found is kept, the newest."""


@dataclass(frozen=True)
class RedisWatch(Base):
    """Written by one process at a time, which holds the look's lock."""

    async def look(self) -> Look | None:
        return await self.value(Look, "watch")

    async def save(self, look: Look) -> None:
        await self.redis.set(self.keys("watch"), values.dump(Look, look))

    async def keep(self, records: Sequence[Item], at: dt.datetime, *, anew: Iterable[ItemId] = ()) -> None:
        """All in one step, so that a record is never filed without being there."""
        if not records:
            return
        before, again = await self.kept([record.id for record in records]), set(anew)
        async with self.redis.pipeline(transaction=True) as pipe:
            for record in records:
                was = duplicates.terms(before[record.id]) if record.id in before else frozenset()
                now = duplicates.terms(record)
                for term in was - now:
                    pipe.zrem(self.keys("filed", term), record.id)
                for term in now - was:
                    pipe.zadd(self.keys("filed", term), {record.id: record.received_at.timestamp()})
                pipe.hset(self.keys("in-books"), record.id, cast(str, values.dump(Item, record)))
                pipe.zadd(self.keys("found"), {record.id: at.timestamp()}, nx=record.id not in again)
            await pipe.execute()
        await self._trim()

    async def kept(self, records: Sequence[ItemId]) -> Mapping[ItemId, Item]:
        if not records:
            return {}
        stored = await cast(
            "Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("in-books"), list(records))
        )
        return {record: values.load(Item, one) for record, one in zip(records, stored, strict=True) if one}

    async def drop(self, records: Sequence[ItemId]) -> None:
        before = await self.kept(records)
        if not records:
            return
        async with self.redis.pipeline(transaction=True) as pipe:
            for record, item in before.items():
                for term in duplicates.terms(item):
                    pipe.zrem(self.keys("filed", term), record)
            pipe.hdel(self.keys("in-books"), *records)
            pipe.zrem(self.keys("found"), *records)
            await pipe.execute()

    async def clear(self) -> None:
        members = await cast("Awaitable[list[bytes]]", self.redis.hkeys(self.keys("in-books")))
        await self.drop([ItemId(member.decode()) for member in members])
        await self.redis.delete(self.keys("found"))

    async def note(self, items: Sequence[ItemId], at: dt.datetime) -> None:
        if items:
            await self.redis.zadd(self.keys("found"), dict.fromkeys(items, at.timestamp()))
            await self._trim()

    async def _trim(self) -> None:
        oldest = await cast(
            "Awaitable[list[bytes]]", self.redis.zrange(self.keys("found"), 0, -KEPT_MOST - 1)
        )
        await self.drop([ItemId(member.decode()) for member in oldest])

    async def found(self, offset: int, limit: int) -> tuple[Sequence[Item], int]:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.zrevrange(self.keys("found"), offset, offset + limit - 1)
            pipe.zcard(self.keys("found"))
            members, total = await pipe.execute()
        ids = [ItemId(member.decode()) for member in members]
        async with self.redis.pipeline(transaction=False) as pipe:
            for one in ids:
                pipe.hget(self.keys("in-books" if is_in_books(one) else "items"), one)
            stored = await pipe.execute() if ids else []
        return [values.load(Item, one) for one in stored if one is not None], total

    async def found_since(self, at: dt.datetime) -> Sequence[ItemId]:
        members = await cast(
            "Awaitable[list[bytes]]",
            self.redis.zrangebyscore(self.keys("found"), f"({at.timestamp()}", "+inf"),
        )
        return [ItemId(member.decode()) for member in members]

    async def redraw(self, items: Iterable[ItemId]) -> None:
        if ids := list(items):
            await self.redis.sadd(self.keys("cards-behind"), *ids)

    async def behind(self, limit: int) -> Sequence[ItemId]:
        members = await cast(
            "Awaitable[list[bytes]]", self.redis.srandmember(self.keys("cards-behind"), limit)
        )
        return [ItemId(member.decode()) for member in sorted(members)]

    async def redrawn(self, item: ItemId) -> None:
        await self.redis.srem(self.keys("cards-behind"), item)
