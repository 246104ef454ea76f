"""Items that may be one document, and what people said of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from bot.domain import duplicates
from bot.domain.duplicates import Verdict
from bot.domain.identity import ItemId
from bot.domain.items import Item
from storage import values
from storage.base import Arguments, Base

CHUNK = 200


@dataclass(frozen=True)
class RedisDuplicates(Base):
    async def candidates(self, items: Sequence[Item]) -> Sequence[Sequence[tuple[Item, Verdict | None]]]:
        calls: list[Arguments] = []
        keys = [self.keys("items"), self.keys("answers"), self.keys("in-books")]
        for start in range(0, len(items), CHUNK):
            asked = [
                part
                for item in items[start : start + CHUNK]
                for part in (item.id, "\n".join(sorted(duplicates.looked_for(item))))
            ]
            calls.append([self.keys("filed", ""), duplicates.MOST_OF_ONE_TERM, *asked])
        answers = await self.run_all("alike", keys, calls)
        return [_pairs(stored) for answer in answers for stored in answer]

    async def answer(self, one: ItemId, other: ItemId, verdict: Verdict) -> None:
        stored = cast(str, values.dump(Verdict, verdict))
        await self.redis.hset(self.keys("answers"), duplicates.pair(one, other), stored)

    async def take_back(self, one: ItemId, other: ItemId) -> bool:
        return bool(await self.redis.hdel(self.keys("answers"), duplicates.pair(one, other)))


def _pairs(stored: Sequence[bytes]) -> list[tuple[Item, Verdict | None]]:
    return [
        (values.load(Item, item), values.load(Verdict, verdict) if verdict else None)
        for item, verdict in zip(stored[::2], stored[1::2], strict=True)
    ]
