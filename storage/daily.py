"""What the last probe found, the last digest that was sent, and digests of single people."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import cast

from bot.domain.digest import OwnDigest, Sent
from bot.domain.identity import PersonId
from bot.domain.probe import Probe
from storage import values
from storage.auto import BETWEEN
from storage.base import Base
from storage.keys import SharedKeys


@dataclass(frozen=True)
class RedisProbes(Base):
    async def read(self) -> Probe | None:
        return await self.value(Probe, "probe")

    async def save(self, probe: Probe) -> None:
        await self.redis.set(self.keys("probe"), values.dump(Probe, probe))


@dataclass(frozen=True)
class RedisDigests(Base):
    shared: SharedKeys

    async def last(self) -> Sent | None:
        return await self.value(Sent, "digest")

    async def save(self, sent: Sent) -> None:
        await self.redis.set(self.keys("digest"), values.dump(Sent, sent))

    async def own(self, person: PersonId) -> OwnDigest | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("own-digests"), person))
        return None if stored is None else values.load(OwnDigest, stored)

    async def save_own(self, own: OwnDigest, due_at: dt.datetime) -> None:
        # When it is due lies on another node: first there, so that no crash leaves one that is never sent.
        await self.redis.zadd(self.shared.own_digests, {self._member(own.person): due_at.timestamp()})
        stored = cast(str, values.dump(OwnDigest, own))
        await self.redis.hset(self.keys("own-digests"), own.person, stored)

    async def forget_own(self, person: PersonId) -> None:
        await self.redis.hdel(self.keys("own-digests"), person)
        await self.redis.zrem(self.shared.own_digests, self._member(person))

    def _member(self, person: PersonId) -> str:
        return f"{self.keys.business}{BETWEEN}{person}"
