"""Reports of refreshes, line by line, with an index by which items and rules find the line of their entry.

A report may have 100,000 lines, so it is written and read in parts; nothing of it is held in memory.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.finding import index_keys, lookup_keys
from bot.domain.lists import Change, EntryChange, ListKind, Touch
from storage import values
from storage.base import Base

KEPT_SECONDS = 30 * 86_400
_FOUND = (Change.RENAMED, Change.PARTS)
"""Changes that items, rules and settings find by their entry, besides those that end it."""


@dataclass(frozen=True)
class RedisReports(Base):
    def _key(self, refresh: str, part: str = "lines") -> str:
        return self.keys("report", refresh, part)

    async def begin(self, refresh: str) -> None:
        await self.redis.delete(*(self._key(refresh, part) for part in ("lines", "index", "touched")))

    async def append(self, refresh: str, changes: Sequence[EntryChange]) -> int:
        lines, index = self._key(refresh), self._key(refresh, "index")
        start = int(await self.redis.llen(lines))
        if not changes:
            return start
        found = {
            name: start + place
            for place, change in enumerate(changes)
            if change.before is not None and (change.what.ends or change.what in _FOUND)
            for name in _indexed(change)
        }
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.rpush(lines, *(values.dump(EntryChange, change) for change in changes))
            pipe.expire(lines, KEPT_SECONDS)
            if found:
                pipe.hset(index, mapping={name: str(line) for name, line in found.items()})
                pipe.expire(index, KEPT_SECONDS)
            await pipe.execute()
        return start + len(changes)

    async def page(
        self, refresh: str, offset: int, limit: int
    ) -> tuple[Sequence[tuple[EntryChange, Touch | None]], int]:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.lrange(self._key(refresh), offset, offset + limit - 1)
            pipe.llen(self._key(refresh))
            pipe.hmget(self._key(refresh, "touched"), [str(offset + place) for place in range(limit)])
            found, total, touched = await pipe.execute()
        lines = [
            (values.load(EntryChange, line), values.load(Touch, touch) if touch else None)
            for line, touch in zip(found, touched, strict=False)
        ]
        return lines, int(total)

    async def find(
        self, refresh: str, wanted: Sequence[tuple[ListKind, str]]
    ) -> Mapping[tuple[ListKind, str], tuple[int, EntryChange]]:
        names = [(pair, f"{pair[0]}|{name}") for pair in wanted for name in lookup_keys(*pair)]
        if not names:
            return {}
        found = await cast(
            "Awaitable[list[bytes | None]]",
            self.redis.hmget(self._key(refresh, "index"), [name for _, name in names]),
        )
        places: dict[tuple[ListKind, str], int] = {}
        for (pair, _), place in zip(names, found, strict=True):
            if place is not None:
                places.setdefault(pair, int(place))
        async with self.redis.pipeline(transaction=False) as pipe:
            for line in places.values():
                pipe.lindex(self._key(refresh), line)
            lines = await pipe.execute()
        return {
            pair: (line, values.load(EntryChange, stored))
            for (pair, line), stored in zip(places.items(), lines, strict=True)
            if stored is not None
        }

    async def touched(self, refresh: str, touches: Sequence[Touch]) -> None:
        if not touches:
            return
        key = self._key(refresh, "touched")
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(key, mapping={str(touch.line): values.dump(Touch, touch) for touch in touches})
            pipe.expire(key, KEPT_SECONDS)
            await pipe.execute()

    async def touch(self, refresh: str, line: int) -> Touch | None:
        stored = await cast(
            "Awaitable[bytes | None]", self.redis.hget(self._key(refresh, "touched"), str(line))
        )
        return None if stored is None else values.load(Touch, stored)


def _indexed(change: EntryChange) -> set[str]:
    """By its id, and by every name it had."""
    before = change.before
    names = index_keys(change.kind, before) if before else set()
    return {f"{change.kind}|{name}" for name in names | {f"i:{change.id}"}}
