"""How many calls an organisation allows, counted across all processes.

A sliding log and leased slots in one Lua step: token buckets and GCRA let twice the limit through after a
pause. Zoho Books allows 100 calls a minute and 5 at once
(https://www.zoho.com/books/api/v3/introduction/#api-call-limit); 95 are used, for the way there.
"""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from bot.errors import RateLimited
from bot.ports import Clock, Patience
from storage.base import Base

LONGEST_WAIT_SECONDS = 90.0
TOLD_FROM_SECONDS = 2.0
"""Waits of background work that are shorter are not worth a word."""
_SAYS = {
    "turn": "Too many calls to the accounting software wait already.",
    "minute": "The calls that the accounting software allows in a minute are used up.",
    "block": "The accounting software asked us to wait.",
    "day": "The accounting software allows no more calls today.",
    "reserve": "The rest of today's calls to the accounting software is kept for publishing.",
}


@dataclass(frozen=True)
class Allowance:
    """What an organisation allows. `kept_for_people`: the last calls of a window, for who waits."""

    calls: int = 95
    kept_for_people: int = 10
    window_seconds: float = 60.0
    slots: int = 5
    """At once, unless the organisation's plan allows more."""
    lease_seconds: float = 60.0
    reserve_percent: int = 20
    """Of the day's calls; background work leaves them to publishing."""


@dataclass(frozen=True)
class RedisBudget(Base):
    organisation: str
    clock: Clock
    allowance: Allowance = Allowance()
    patience: Patience | None = None

    def _key(self, name: str) -> str:
        return self.keys("budget", self.organisation, name)

    @asynccontextmanager
    async def call(self, *, urgent: bool = False) -> AsyncIterator[None]:
        call = secrets.token_hex(8)
        await self._wait_for_turn(call, urgent)
        try:
            yield
        finally:
            await asyncio.shield(self.redis.zrem(self._key("slots"), call))

    async def _wait_for_turn(self, call: str, urgent: bool) -> None:
        now = asyncio.get_running_loop().time
        deadline = now() + LONGEST_WAIT_SECONDS
        while True:
            milliseconds, why = await self._ask(call, urgent)
            if milliseconds == 0:
                return
            seconds = milliseconds / 1000
            until = self.clock() + timedelta(seconds=seconds)
            if self.patience is not None and why in ("turn", "minute"):
                # Its turn comes: nothing is wrong, however long the list.
                if seconds >= TOLD_FROM_SECONDS:
                    await self.patience.tell(_SAYS[why], until)
            elif self.patience is not None or now() + seconds > deadline:
                await self.wait_out(RateLimited(_SAYS[why], retry_after_seconds=seconds, until=until))
                continue
            await asyncio.sleep(seconds + random.uniform(0, 0.05))  # noqa: S311 - spreads, guards nothing

    async def wait_out(self, limit: RateLimited) -> None:
        if self.patience is None:
            raise limit
        await self.patience.wait(limit)

    async def _ask(self, call: str, urgent: bool) -> tuple[int, str]:
        """Milliseconds to wait, 0 for go, and why."""
        allowance = self.allowance
        is_urgent = urgent and self.patience is None
        milliseconds, why = await self.run(
            "budget",
            [self._key(name) for name in ("minute", "slots", "block", "day", "at-once")],
            call,
            int(allowance.window_seconds * 1000),
            allowance.calls if is_urgent else allowance.calls - allowance.kept_for_people,
            allowance.slots,
            int(allowance.lease_seconds * 1000),
            allowance.reserve_percent if self.patience else 0,
        )
        return int(milliseconds), why.decode()

    async def allow_at_once(self, calls: int) -> None:
        await self.redis.set(self._key("at-once"), calls)

    async def learn(self, *, day_limit: int, day_remaining: int, reset_seconds: int) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(self._key("day"), mapping={"limit": str(day_limit), "remaining": str(day_remaining)})
            pipe.expire(self._key("day"), max(1, reset_seconds))
            await pipe.execute()

    async def block(self, seconds: float, why: str) -> None:
        await self.run("block", [self._key("block")], why, max(1, int(seconds * 1000)))

    async def used_today(self) -> tuple[int, int] | None:
        day = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self._key("day")))
        if not day:
            return None
        limit = int(day[b"limit"])
        return limit - int(day[b"remaining"]), limit
