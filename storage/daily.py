"""What the last probe found, and the last digest that was sent."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.digest import Sent
from bot.domain.probe import Probe
from storage import values
from storage.base import Base


@dataclass(frozen=True)
class RedisProbes(Base):
    async def read(self) -> Probe | None:
        return await self.value(Probe, "probe")

    async def save(self, probe: Probe) -> None:
        await self.redis.set(self.keys("probe"), values.dump(Probe, probe))


@dataclass(frozen=True)
class RedisDigests(Base):
    async def last(self) -> Sent | None:
        return await self.value(Sent, "digest")

    async def save(self, sent: Sent) -> None:
        await self.redis.set(self.keys("digest"), values.dump(Sent, sent))
