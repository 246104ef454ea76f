"""What looking at items needs, read together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain import duplicates
from bot.domain.connection import Connection
from bot.domain.duplicates import Verdict
from bot.domain.finding import ListSlice
from bot.domain.identity import ItemId
from bot.domain.items import Item, ItemStage
from bot.domain.matching import Alias
from bot.domain.publication import Publication
from bot.domain.rules import BEFORE_NAMES
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.domain.uses import RULE_LISTS
from bot.ports.views import Asked, Desk, LookedUp, Others, Seen
from storage import values
from storage.base import Arguments, Base
from storage.lists import SAME_NAME, asked_names, read_entries, read_state

_BEFORE = json.dumps({kind.value: before for kind, before in BEFORE_NAMES.items()})
_FIELDS = json.dumps({name: kind.value for name, kind in RULE_LISTS.items()})


@dataclass(frozen=True)
class RedisViews(Base):
    async def desk(self) -> Desk:
        return (await self.items([])).desk

    async def rules(self) -> tuple[Desk, Sequence[SupplierRule]]:
        beside = [*self._desk_commands, ("HVALS", self.keys("rules"))]
        *desk, rules = await self.run_all("look_up", (), (), beside=beside)
        return _read_desk(*desk), [values.load(SupplierRule, rule) for rule in rules]

    @property
    def _desk_commands(self) -> list[tuple[str, str]]:
        return [
            ("GET", self.keys("settings")),
            ("GET", self.keys("connection")),
            ("HGETALL", self.keys("lists")),
            ("HGETALL", self.keys("aliases")),
        ]

    async def items(self, ids: Sequence[ItemId]) -> Seen:
        return await self._seen((), ids)

    async def page(self, stages: Sequence[ItemStage], offset: int, limit: int) -> Seen:
        return await self._seen([self.keys("stage", stage.value) for stage in stages], (offset, limit))

    async def _seen(self, stages: Sequence[str], wanted: Iterable[str | float]) -> Seen:
        keys = [*map(self.keys, ("items", "answers", "looked-for", "in-books")), *stages]
        calls: list[Arguments] = [[self.keys("filed", ""), duplicates.MOST_OF_ONE_TERM, *wanted]]
        *answers, (total, *found) = await self.run_all("beside", keys, calls, beside=self._desk_commands)
        return Seen(_read_desk(*answers), [_beside(stored) for stored in found], total)

    async def look_up(self, asked: Sequence[Asked], publications: Sequence[str] = ()) -> LookedUp:
        calls: list[Arguments] = []
        for some in asked:
            names = asked_names(some.texts)
            head: Arguments = [self.keys("list", ""), SAME_NAME, _BEFORE, _FIELDS, len(names) // 2]
            calls.append([*head, *names, *some.rules])
        beside = [("HMGET", self.keys("publications"), *publications)] if publications else []
        answers = await self.run_all(
            "look_up", [self.keys("lists"), self.keys("rules")], calls, beside=beside
        )
        stored = answers.pop(0) if publications else []
        rules = [values.load(SupplierRule, rule) for _, found in answers for rule in found]
        return LookedUp(
            ListSlice(entry for found, _ in answers for entry in read_entries(found)),
            {rule.supplier: rule for rule in rules},
            {one.id: one for one in (values.load(Publication, row) for row in stored if row)},
        )


def _read_desk(
    settings: bytes | None,
    connection: bytes | None,
    lists: Mapping[bytes, bytes],
    aliases: Mapping[bytes, bytes],
) -> Desk:
    return Desk(
        values.load(BusinessSettings, settings) if settings else BusinessSettings(),
        values.load(Connection, connection) if connection else None,
        read_state(lists),
        {key.decode(): values.load(Alias, alias) for key, alias in aliases.items()},
    )


def _beside(stored: Sequence[Any]) -> tuple[Item, Others]:
    item, *others = stored
    return values.load(Item, item), [
        (values.load(Item, other), values.load(Verdict, answer) if answer else None)
        for other, answer in zip(others[::2], others[1::2], strict=True)
    ]
