"""Settings and supplier rules of a business."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain.recoding import Recoding
from bot.domain.settings import BusinessSettings, SupplierRule
from storage import values
from storage.base import Base
from storage.recodings import put


@dataclass(frozen=True)
class RedisSettings(Base):
    async def read(self) -> BusinessSettings:
        return await self.value(BusinessSettings, "settings") or BusinessSettings()

    async def change(
        self, change: Callable[[BusinessSettings], BusinessSettings]
    ) -> tuple[BusinessSettings, BusinessSettings]:
        def changed(before: BusinessSettings | None) -> BusinessSettings:
            return change(before or BusinessSettings())

        before, after = await self.change_value(BusinessSettings, self.keys("settings"), changed)
        return before or BusinessSettings(), after


@dataclass(frozen=True)
class RedisRules(Base):
    async def of(self, supplier_key: str) -> SupplierRule | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("rules"), supplier_key))
        return None if stored is None else values.load(SupplierRule, stored)

    async def save(self, *rules: SupplierRule, before: Sequence[Recoding] = ()) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            for rule in rules:
                pipe.hset(self.keys("rules"), rule.supplier, cast(str, values.dump(SupplierRule, rule)))
            put(pipe, self.keys, before)
            await pipe.execute()

    async def all(self) -> Sequence[SupplierRule]:
        stored = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("rules")))
        return [values.load(SupplierRule, rule) for rule in stored.values()]
