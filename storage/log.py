"""The log of a business: append-only, each entry chained to those before it."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Awaitable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.audit import Chain, LogEntry
from storage import values
from storage.base import Base
from storage.history import BEHIND, HISTORY

CHUNK = 500
Rows = list[tuple[bytes, dict[bytes, bytes]]]


def chained(previous: str, content: bytes) -> str:
    """The hash of an entry: SHA-256 over the hash before it (empty for the first) and its content."""
    return hashlib.sha256(previous.encode() + content).hexdigest()


@dataclass(frozen=True)
class RedisLog(Base):
    async def append(self, *entries: LogEntry) -> None:
        contents = [values.dump(LogEntry, entry) for entry in entries]
        keys = [self.keys(name) for name in ("log", "log-head", HISTORY, BEHIND)]
        while contents:
            head = await cast("Awaitable[bytes | None]", self.redis.get(keys[1])) or b""
            last, arguments = head.decode(), list[str | bytes]()
            for entry, content in zip(entries, contents, strict=True):
                last = chained(last, content)
                arguments += [content, last, entry.item]
            if await self.run("append_log", keys, head, *arguments):
                return

    async def latest(self, limit: int) -> Sequence[LogEntry]:
        return [entry for _, entry in await self.older("", limit)]

    async def older(self, place: str, limit: int) -> Sequence[tuple[str, LogEntry]]:
        """Entries before a place, newest first, each with its place; `""` is after the last one."""
        stored = await cast(
            "Awaitable[Rows]",
            self.redis.xrevrange(self.keys("log"), max=f"({place}" if place else "+", count=limit),
        )
        return [(one.decode(), values.load(LogEntry, fields[b"entry"])) for one, fields in stored]

    async def all(self) -> AsyncIterator[LogEntry]:
        """Every entry, oldest first, a few at a time in memory."""
        async for _, fields in self._rows():
            yield values.load(LogEntry, fields[b"entry"])

    async def _rows(self) -> AsyncIterator[tuple[bytes, dict[bytes, bytes]]]:
        after = "-"
        while True:
            rows = await cast("Awaitable[Rows]", self.redis.xrange(self.keys("log"), min=after, count=CHUNK))
            for row in rows:
                yield row
            if len(rows) < CHUNK:
                return
            after = f"({rows[-1][0].decode()}"

    async def verify(self) -> Chain:
        """Whether nothing was changed, taken out or put in by hand since it was written."""
        head = await self.head()
        last, number, passed_head = "", 0, not head
        async for _, fields in self._rows():
            last, number = chained(last, fields[b"entry"]), number + 1
            if last.encode() != fields[b"hash"]:
                return Chain(await self._length(), False, values.load(LogEntry, fields[b"entry"]).at)
            passed_head = passed_head or last == head
        # What was appended while we read lies behind the head that was read first.
        return Chain(number, passed_head)

    async def head(self) -> str:
        """The last entry's hash: another one, and something was logged."""
        return (await cast("Awaitable[bytes | None]", self.redis.get(self.keys("log-head"))) or b"").decode()

    async def _length(self) -> int:
        return await self.redis.xlen(self.keys("log"))

    async def is_whole(self) -> bool:
        return (await self.verify()).is_whole
