"""Killing the process at a step of publishing, and going on as the next process would."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain.items import ItemStage
from storage.crypto import Cipher
from storage.store import RedisStorage
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

Act = Callable[[World], Awaitable[object]]
Look = Callable[[World, str], Awaitable[None]]
LIVES = 6
"""So many lives after the first are enough for whatever was left."""


class Died(BaseException):
    """The process was killed: nothing after it runs."""


class Cut:
    """Kills the process at its n-th step, a call to Redis, to the books or to the queue; before the call is
    made, or after it when `after`. Dead, it does nothing more."""

    def __init__(self) -> None:
        self.steps, self.at, self.after, self.dead = 0, 0, False, False

    def arm(self, at: int, *, after: bool) -> None:
        self.steps, self.at, self.after, self.dead = 0, at, after, False

    def disarm(self) -> None:
        self.at, self.dead = 0, False

    async def step(self) -> None:
        self._count()

    def _count(self) -> bool:
        if self.dead:
            raise Died
        self.steps += 1
        if self.at and self.steps == self.at:
            self.dead = True
            if not self.after:
                raise Died
            return True
        return False

    def around(self, call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        async def counted(*arguments: Any, **options: Any) -> Any:
            dies = self._count()
            answer = await call(*arguments, **options)
            if dies:
                raise Died
            return answer

        return counted


@dataclass(frozen=True)
class Lives:
    """A business that `prepare` sets up anew for each life, and `ask` wants an item published of."""

    redis: Redis
    key: str
    clock: Clock
    prepare: Act
    ask: Act
    locks: tuple[str, ...] = ()
    """Held by more than the publication and the sending of its files."""

    async def killed_everywhere(
        self,
        monkeypatch: pytest.MonkeyPatch,
        *,
        after: bool,
        ends_well: Callable[[World, str], Awaitable[None]],
    ) -> int:
        """Killed at every single call to Redis, the books and the queue, one life each; `ends_well` looks at
        what came of it. After how many steps there was nothing left to kill."""
        cut, at, died = Cut(), 0, True
        monkeypatch.setattr(Redis, "execute_command", cut.around(Redis.execute_command))
        monkeypatch.setattr(Pipeline, "execute", cut.around(Pipeline.execute))
        while died:
            at += 1
            world, died = await self._lived(cut, at, after=after)
            await ends_well(world, f"killed at step {at}")
        return at

    async def _lived(self, cut: Cut, at: int, *, after: bool) -> tuple[World, bool]:
        """One life that ends at its `at`-th step, and the next lives until the item is published."""
        cut.disarm()
        namespace = f"test-{secrets.token_hex(6)}"
        storage = RedisStorage(self.redis, Cipher([self.key]), self.clock, namespace=namespace)
        world = World(storage, FakeBooks(step=cut.step), FakeJobs(step=cut.step), FakePeople(), self.clock)
        await self.prepare(world)
        cut.arm(at, after=after)
        died = False
        try:
            await self.ask(world)
            await world.run_all(files=True)
        except Died:
            died = True
        cut.disarm()
        for _ in range(LIVES):
            await self._free(world)
            if await self._is_over(world):
                break
            self.clock.forward(seconds=61)
            await world.goes_on()
        return world, died

    async def _free(self, world: World) -> None:
        """The leases of its locks are over: the dead do not renew."""
        store = world.storage.of(OF)
        names = [f"publication-{publication.id}" for publication, _ in await store.publications.open()]
        for name in (*names, f"attach-{ITEM}", *self.locks):
            await self.redis.delete(store._base[1]("lock", name))

    async def _is_over(self, world: World) -> bool:
        """Published, and no file is on its way. What was never asked for is asked for again."""
        item = await world.item()
        if item.stage is ItemStage.INBOX:
            await self.ask(world)
        attachments, ever = world.storage.of(OF).attachments, self.clock() + dt.timedelta(days=1)
        return item.stage is ItemStage.PUBLISHED and not await attachments.under_way(ever)
