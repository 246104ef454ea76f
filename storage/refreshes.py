"""The refresh of a business: one at a time, and when the next is due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.domain.identity import MessageRef
from bot.domain.lists import Refresh, RefreshState
from storage import values
from storage.base import Base
from storage.keys import SharedKeys

LEASE_SECONDS = 600
"""A refresh that was not saved for so long has died with its process; the next may begin."""


@dataclass(frozen=True)
class RedisRefreshes(Base):
    """The message stands beside the refresh: it is posted while the job already saves its progress."""

    shared: SharedKeys
    lease_seconds: int = LEASE_SECONDS

    async def begin(self, refresh: Refresh) -> Refresh | None:
        return _read(
            await self.run(
                "begin_refresh",
                [self.keys("refresh"), self.keys("refresh-lease"), self.keys("lists-added")],
                refresh.id,
                values.dump(Refresh, refresh),
                self.lease_seconds,
                _message(refresh),
            )
        )

    async def read(self) -> Refresh | None:
        return _read(
            await cast(
                "Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("refresh"), ["is", "message"])
            )
        )

    async def save(self, refresh: Refresh) -> None:
        await self.run(
            "save_refresh",
            [self.keys("refresh"), self.keys("refresh-lease")],
            refresh.id,
            values.dump(Refresh, refresh),
            self.lease_seconds,
            _message(refresh),
            "" if refresh.state is RefreshState.IN_PROGRESS else "1",
        )

    async def schedule(self, at: dt.datetime | None) -> None:
        member = str(self.keys.business)
        if at is None:
            await self.redis.zrem(self.shared.due, member)
        else:
            await self.redis.zadd(self.shared.due, {member: at.timestamp()})

    async def due_at(self) -> dt.datetime | None:
        score = await self.redis.zscore(self.shared.due, str(self.keys.business))
        return None if score is None else dt.datetime.fromtimestamp(score, dt.UTC)


def _message(refresh: Refresh) -> bytes:
    return values.dump(MessageRef, refresh.message) if refresh.message else b""


def _read(found: Sequence[bytes | None]) -> Refresh | None:
    if not found or found[0] is None:
        return None
    refresh = values.load(Refresh, found[0])
    return replace(refresh, message=values.load(MessageRef, found[1])) if found[1] else refresh
