"""Items and publications of a business."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from bot.domain import duplicates, searching
from bot.domain.identity import ItemId
from bot.domain.items import Item, ItemStage
from bot.domain.publication import Publication, Step, record_key, references_in
from bot.domain.watch import BooksRecord
from bot.errors import NotFound
from bot.ports import Clock
from storage import values
from storage.base import Base

CHUNK = 200
WORD = "w:"
"""Before a word an item is found by, among what items are filed under."""
WORDS_MOST, OF_ONE_WORD = 200, 2000
"""How many words that begin with a typed one are looked at, and how many of the newest items of each."""
FIRST_STAGE_KEY = 5
FIRST_STAGE_KEY_TO_ADD = 4


@dataclass(frozen=True)
class RedisItems(Base):
    clock: Clock

    def _stage(self, stage: ItemStage) -> str:
        return self.keys("stage", stage.value)

    async def add(self, items: Sequence[Item]) -> Sequence[tuple[Item, bool]]:
        added: list[tuple[Item, bool]] = []
        stages = list(ItemStage)
        keys = [*map(self.keys, ("items", "externals", "looked-for")), *map(self._stage, stages)]
        for start in range(0, len(items), CHUNK):
            chunk = items[start : start + CHUNK]
            arguments: list[str | bytes | float] = [self.keys("filed", "")]
            for item in chunk:
                score = item.received_at.timestamp()
                place = FIRST_STAGE_KEY_TO_ADD + stages.index(item.stage)
                arguments += [item.document.external_id, item.id, values.dump(Item, item), score, place]
                arguments += ["\n".join(_filed(item)), "\n".join(duplicates.looked_for(item))]
            stands = await self.run("add_items", keys, *arguments)
            added += [
                (values.load(Item, known), False) if known else (item, True)
                for item, known in zip(chunk, stands, strict=True)
            ]
        return added

    async def known(self, external_ids: Sequence[str]) -> set[str]:
        if not external_ids:
            return set()
        found = await cast(
            "Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("externals"), list(external_ids))
        )
        return {external for external, item in zip(external_ids, found, strict=True) if item is not None}

    async def get(self, item: ItemId) -> Item | None:
        stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("items"), item))
        return None if stored is None else values.load(Item, stored)

    async def many(self, items: Sequence[ItemId]) -> Sequence[Item]:
        if not items:
            return []
        stored = await cast(
            "Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("items"), list(items))
        )
        return [values.load(Item, one) for one in stored if one is not None]

    async def change(
        self, item: ItemId, change: Callable[[Item], Item], publication: Publication | None = None
    ) -> Item:
        stages = list(ItemStage)
        names = ("items", "publications", "open", "looked-for")
        keys = [*map(self.keys, names), *map(self._stage, stages)]
        while True:
            stored = await cast("Awaitable[bytes | None]", self.redis.hget(self.keys("items"), item))
            if stored is None:
                raise NotFound("This item is no longer there.")
            before = values.load(Item, stored)
            changed = change(before)
            if changed is before and publication is None:
                return before
            after = replace(changed, revision=before.revision + 1)
            was, now = _filed(before), _filed(after)
            done = await self.run(
                "change_item",
                keys,
                item,
                stored,
                values.dump(Item, after),
                after.received_at.timestamp(),
                FIRST_STAGE_KEY + stages.index(after.stage),
                publication.id if publication else "",
                values.dump(Publication, publication) if publication else "",
                "" if publication and publication.step is Step.RECORDED else self.clock().timestamp(),
                self.keys("filed", ""),
                "\n".join(was - now),
                "\n".join(now - was),
                "\n".join(duplicates.looked_for(after)) if was != now else "=",
            )
            if done:
                return after

    async def change_together(
        self, items: Sequence[ItemId], change: Callable[[Mapping[ItemId, Item]], Sequence[Item]]
    ) -> Sequence[Item]:
        ids, stages = list(dict.fromkeys(items)), list(ItemStage)
        keys = [*map(self.keys, ("items", "externals", "looked-for")), *map(self._stage, stages)]
        while True:
            found = await cast("Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("items"), ids))
            stored = {item: one for item, one in zip(ids, found, strict=True) if one is not None}
            there = {item: values.load(Item, one) for item, one in stored.items()}
            changed = [
                replace(item, revision=there[item.id].revision + 1) if item.id in there else item
                for item in change(there)
            ]
            arguments: list[str | bytes | float] = [self.keys("filed", "")]
            for item in changed:
                was = _filed(there[item.id]) if item.id in there else frozenset()
                now = _filed(item)
                place = FIRST_STAGE_KEY_TO_ADD + stages.index(item.stage)
                arguments += [item.id, stored.get(item.id, b""), values.dump(Item, item)]
                arguments += [item.received_at.timestamp(), place, item.document.external_id]
                arguments += ["\n".join(was - now), "\n".join(now - was)]
                arguments.append("\n".join(duplicates.looked_for(item)))
            if not changed or await self.run("change_items", keys, *arguments):
                return changed

    async def all(self) -> AsyncIterator[Sequence[Item]]:
        """As HSCAN goes: what comes twice while the table is rebuilt is handed out once."""
        seen: set[bytes] = set()
        cursor = 0
        while True:
            cursor, rows = await cast(
                "Awaitable[tuple[int, dict[bytes, bytes]]]",
                self.redis.hscan(self.keys("items"), cursor, count=CHUNK),
            )
            yield [values.load(Item, stored) for item, stored in rows.items() if item not in seen]
            seen |= rows.keys()
            if not cursor:
                return

    async def page(self, stages: Sequence[ItemStage], offset: int, limit: int) -> tuple[Sequence[Item], int]:
        async with self.redis.pipeline(transaction=True) as pipe:
            for stage in stages:
                pipe.zrevrange(self._stage(stage), 0, offset + limit - 1, withscores=True)
                pipe.zcard(self._stage(stage))
            answers = await pipe.execute()
        # As ZREVRANGE sorts: items of one file came at one moment, and each must be on one page only.
        found = sorted(((score, member) for answer in answers[::2] for member, score in answer), reverse=True)
        ids = [ItemId(member.decode()) for _, member in found[offset : offset + limit]]
        return await self.many(ids), sum(answers[1::2])

    async def ids(self, stages: Sequence[ItemStage], *, oldest_first: bool = False) -> Sequence[ItemId]:
        async with self.redis.pipeline(transaction=True) as pipe:
            for stage in stages:
                pipe.zrange(self._stage(stage), 0, -1, withscores=True)
            answers = await pipe.execute()
        found = sorted((score, member) for answer in answers for member, score in answer)
        ids = [ItemId(member.decode()) for _, member in found]
        return ids if oldest_first else ids[::-1]

    async def walk(
        self, stages: Sequence[ItemStage], *, oldest_first: bool = False
    ) -> AsyncIterator[Sequence[Item]]:
        """By their ids as they are now, so that each comes once whatever happens to it meanwhile."""
        ids = await self.ids(stages, oldest_first=oldest_first)
        for start in range(0, len(ids), CHUNK):
            yield await self.many(ids[start : start + CHUNK])

    async def find(self, typed: Sequence[str], or_one_of: Sequence[str] = ()) -> Sequence[ItemId]:
        if not typed and not or_one_of:
            return []
        base = self.keys("filed", WORD)
        keys = [self.keys("filed", "words")]
        bounds = (WORDS_MOST, OF_ONE_WORD, len(typed))
        found = await self.run("find_items", keys, base, *bounds, *typed, *or_one_of)
        return [ItemId(item.decode()) for item in found]

    async def counts(self) -> Mapping[ItemStage, int]:
        async with self.redis.pipeline(transaction=False) as pipe:
            for stage in ItemStage:
                pipe.zcard(self._stage(stage))
            return dict(zip(ItemStage, await pipe.execute(), strict=True))


def _filed(item: Item) -> frozenset[str]:
    """What an item is filed under: what a duplicate would share with it, and the words it is found by."""
    return duplicates.terms(item) | {f"{WORD}{word}" for word in searching.words(item)}


@dataclass(frozen=True)
class RedisPublications(Base):
    clock: Clock

    async def get(self, publication: str) -> Publication | None:
        stored = await cast(
            "Awaitable[bytes | None]", self.redis.hget(self.keys("publications"), publication)
        )
        return None if stored is None else values.load(Publication, stored)

    async def save(self, publication: Publication) -> None:
        async with self.redis.pipeline(transaction=True) as pipe:
            pipe.hset(
                self.keys("publications"), publication.id, cast(str, values.dump(Publication, publication))
            )
            if publication.booked is not None:
                made = record_key(publication.booked.kind, publication.booked.record_id)
                pipe.hset(self.keys("records"), made, publication.id)
            if publication.step is Step.RECORDED:
                pipe.zrem(self.keys("open"), publication.id)
            else:
                pipe.zadd(self.keys("open"), {publication.id: self.clock().timestamp()})
            await pipe.execute()

    async def close(self, publication: str) -> None:
        await self.redis.zrem(self.keys("open"), publication)

    async def open(self) -> Sequence[tuple[Publication, dt.datetime]]:
        members = await cast(
            "Awaitable[list[tuple[bytes, float]]]",
            self.redis.zrange(self.keys("open"), 0, -1, withscores=True),
        )
        if not members:
            return []
        stored = await cast(
            "Awaitable[list[bytes | None]]",
            self.redis.hmget(self.keys("publications"), [member.decode() for member, _ in members]),
        )
        return [
            (values.load(Publication, one), dt.datetime.fromtimestamp(score, dt.UTC))
            for one, (_, score) in zip(stored, members, strict=True)
            if one is not None
        ]

    async def of_records(self, records: Sequence[BooksRecord]) -> Sequence[Publication | None]:
        if not records:
            return []
        made = [record_key(record.kind, record.record_id) for record in records]
        by_id = await cast("Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("records"), made))
        asked = [
            [found.decode()] if found else list(references_in(record.reference))
            for found, record in zip(by_id, records, strict=True)
        ]
        ids = list(dict.fromkeys(one for some in asked for one in some))
        stored = (
            await cast("Awaitable[list[bytes | None]]", self.redis.hmget(self.keys("publications"), ids))
            if ids
            else []
        )
        known = {
            one: values.load(Publication, value) for one, value in zip(ids, stored, strict=True) if value
        }
        return [
            next((known[one] for one in some if one in known and _made(known[one], record)), None)
            for some, record in zip(asked, records, strict=True)
        ]


def _made(publication: Publication, record: BooksRecord) -> bool:
    """A copy that somebody made of our record has our reference too, but another id."""
    return publication.booked is None or publication.booked.record_id == record.record_id
