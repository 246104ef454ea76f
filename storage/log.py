"""The log of a business: append-only, each entry chained to those before it."""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.audit import LogEntry
from storage import values
from storage.base import Base


def chained(previous: str, content: bytes) -> str:
    """The hash of an entry: SHA-256 over the hash before it (empty for the first) and its content."""
    return hashlib.sha256(previous.encode() + content).hexdigest()


@dataclass(frozen=True)
class RedisLog(Base):
    async def append(self, *entries: LogEntry) -> None:
        contents = [values.dump(LogEntry, entry) for entry in entries]
        keys = [self.keys("log"), self.keys("log-head")]
        while contents:
            head = await cast("Awaitable[bytes | None]", self.redis.get(keys[1])) or b""
            last, arguments = head.decode(), list[str | bytes]()
            for content in contents:
                last = chained(last, content)
                arguments += [content, last]
            if await self.run("append_log", keys, head, *arguments):
                return

    async def latest(self, limit: int) -> Sequence[LogEntry]:
        stored = await cast(
            "Awaitable[list[tuple[bytes, dict[bytes, bytes]]]]",
            self.redis.xrevrange(self.keys("log"), count=limit),
        )
        return [values.load(LogEntry, fields[b"entry"]) for _, fields in stored]

    async def is_whole(self) -> bool:
        """Whether nothing was changed, taken out or put in by hand since it was written."""
        last = ""
        stored = await cast(
            "Awaitable[list[tuple[bytes, dict[bytes, bytes]]]]", self.redis.xrange(self.keys("log"))
        )
        for _, fields in stored:
            last = chained(last, fields[b"entry"])
            if last.encode() != fields[b"hash"]:
                return False
        head = await cast("Awaitable[bytes | None]", self.redis.get(self.keys("log-head")))
        return (head or b"").decode() == last
