"""Who opened App Home or the Connections page lately, what each of them sees there, and of which entry of the
log it knows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.identity import PersonId
from bot.domain.status import OpenPage
from storage import values
from storage.base import Base
from storage.keys import SharedKeys

KEPT_SECONDS = 86_400
_HEAD = ""
"""The field that holds the log's entry; no person is called so."""


@dataclass(frozen=True)
class RedisHomes(Base):
    """One hash a business: person to what they see."""

    shared: SharedKeys

    async def opened(self, person: PersonId, seen: str, at: dt.datetime) -> None:
        member = str(self.keys.business)
        await self.redis.zadd(self.shared.homes, {member: at.timestamp()})
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(self.keys("homes"), person, seen)
            pipe.expire(self.keys("homes"), KEPT_SECONDS)
            await pipe.execute()

    async def openers(self) -> Mapping[PersonId, str]:
        found = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("homes")))
        return {PersonId(who.decode()): seen.decode() for who, seen in found.items() if who.decode() != _HEAD}

    async def shown(self, person: PersonId, seen: str) -> None:
        await self.redis.hset(self.keys("homes"), person, seen)

    async def page_opened(self, page: OpenPage, at: dt.datetime) -> None:
        await self.redis.zadd(self.shared.homes, {str(self.keys.business): at.timestamp()})
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(self.keys("pages"), page.view, cast(str, values.dump(OpenPage, page)))
            pipe.expire(self.keys("pages"), KEPT_SECONDS)
            await pipe.execute()

    async def pages(self) -> Sequence[OpenPage]:
        stored = await cast("Awaitable[list[bytes]]", self.redis.hvals(self.keys("pages")))
        return [values.load(OpenPage, page) for page in stored]

    async def page_shown(self, before: OpenPage, after: OpenPage | None) -> None:
        """What was written of it meanwhile, by who opened it anew, stays."""
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("pages"), before.view))
        if stored is None or values.load(OpenPage, stored) != before:
            return
        if after is None:
            await self.redis.hdel(self.keys("pages"), before.view)
        else:
            await self.redis.hset(self.keys("pages"), after.view, cast(str, values.dump(OpenPage, after)))

    async def head(self) -> str:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("homes"), _HEAD))
        return (stored or b"").decode()

    async def knows(self, head: str) -> None:
        await self.redis.hset(self.keys("homes"), _HEAD, head)
