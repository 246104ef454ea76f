"""The bytes of an item's files, encrypted, and which items have files on their way to a record."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Iterable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.identity import ItemId
from storage.base import Base

STAGED = dt.timedelta(days=7)
"""Bytes whose item never came in (the process died in between) go by themselves after so long."""


@dataclass(frozen=True)
class RedisAttachments(Base):
    def _key(self, item: ItemId, file: str) -> str:
        return self.keys("attachment", item, file)

    async def stage(self, item: ItemId, files: Iterable[tuple[str, bytes]]) -> None:
        """Before the item is there; `keep` when it is."""
        for file, content in files:
            sealed = await asyncio.to_thread(self.cipher.encrypt, content)
            # Of an item that is known already, the bytes that it has stay, with the time they have left.
            await self.redis.set(self._key(item, file), sealed, ex=STAGED, nx=True)

    async def keep(self, item: ItemId, files: Sequence[str], until: dt.datetime | None = None) -> None:
        """For ever, or until a time."""
        async with self.redis.pipeline(transaction=False) as pipe:
            for file in files:
                if until is None:
                    pipe.persist(self._key(item, file))
                else:
                    pipe.expireat(self._key(item, file), until)
            await pipe.execute()

    async def read(self, item: ItemId, file: str) -> bytes | None:
        """Nothing when it is no longer kept."""
        stored = await cast("Awaitable[bytes | None]", self.redis.get(self._key(item, file)))
        return None if stored is None else await asyncio.to_thread(self.cipher.decrypt, stored)

    async def begin(self, item: ItemId, at: dt.datetime) -> None:
        """The item's files are on their way: the clock looks after them until `end`."""
        await self.redis.zadd(self.keys("attaching"), {item: at.timestamp()})

    async def end(self, item: ItemId) -> None:
        await self.redis.zrem(self.keys("attaching"), item)

    async def under_way(self, before: dt.datetime) -> Sequence[ItemId]:
        """Items whose files were last begun before a time, the longest ago first."""
        members = await cast(
            "Awaitable[list[bytes]]",
            self.redis.zrangebyscore(self.keys("attaching"), "-inf", before.timestamp()),
        )
        return [ItemId(member.decode()) for member in members]
