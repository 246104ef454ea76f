"""The lists, by generation: a refresh writes beside the current one, one step makes it current.

A generation of a list is three keys: entries by id (hash), ids by folded name (hash), and words for picking
(sorted set in lexicographic order, `word NUL name NUL whole text NUL id NUL use`; every active entry also
stands under the empty word), so that picking from 100,000 suppliers costs what picking from ten costs.
Which generation is current stands in one hash that every script reads first: nobody sees half of a switch.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from itertools import islice
from typing import Any, cast

from bot.domain import suppliers
from bot.domain.finding import ListSlice, index_keys, lookup_keys
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, EntryUse, How, ListKind, Lists, ListsState, TaxPart
from bot.domain.rules import BEFORE_NAMES
from bot.errors import StorageUnavailable
from storage.base import Arguments, Base
from storage.values import VERSION

CHUNK = 500
TYPED_MOST = 100
LOOKED_AT = 5000
"""How many words are looked at for one pick; more than that begin with every typed word only where anybody
would go on typing."""
NEAR_MOST, NEAR_WORDS = 400, 12
"""How many entries are looked at for a word of a name, and how many of its words."""
SAME_NAME = 200
"""How many entries of one name are read."""
STAGED_SECONDS = 86_400
"""What a refresh left behind that died goes by itself."""
BETWEEN = "\0"
_KEY = "k"
_DEFAULTS = {field.name: field.default for field in fields(Entry) if field.default is not MISSING}


@dataclass(frozen=True)
class RedisLists(Base):
    @property
    def _beginning(self) -> str:
        return self.keys("list", "")

    def _key(self, generation: str, kind: ListKind, part: str) -> str:
        return self.keys("list", generation, kind.value, part)

    async def state(self) -> ListsState:
        found = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("lists")))
        return read_state(found)

    async def slice(self, wanted: Iterable[tuple[ListKind, str]]) -> Lists:
        return await self.slices([wanted])

    async def slices(self, wanted: Iterable[Iterable[tuple[ListKind, str]]]) -> Lists:
        asked = [asked_names(some) for some in wanted]
        calls: list[Arguments] = [[self._beginning, SAME_NAME, *some] for some in asked if some]
        found = await self.run_all("slice", [self.keys("lists")], calls)
        return ListSlice(entry for some in found for entry in read_entries(some))

    async def search(
        self, kind: ListKind, typed: str, *, use: str = "", limit: int = TYPED_MOST
    ) -> Sequence[Entry]:
        words = suppliers.plain(typed).split()
        if typed.strip() and not words:
            return []
        found = await self.run(
            "search", [self.keys("lists")], self._beginning, kind.value, use, limit, LOOKED_AT, *words
        )
        return [_entry(stored) for stored in found]

    async def near(self, kind: ListKind, text: str) -> Sequence[Entry]:
        words = suppliers.key(text).split()[:NEAR_WORDS]
        found = await self.run("near", [self.keys("lists")], self._beginning, kind.value, NEAR_MOST, *words)
        return [_entry(stored) for stored in found]

    async def active(self, kind: ListKind) -> Sequence[Entry]:
        (entries,) = await self.actives([kind])
        return entries

    async def actives(self, kinds: Sequence[ListKind]) -> Sequence[Sequence[Entry]]:
        calls: list[Arguments] = [[self._beginning, kind.value] for kind in kinds]
        return [
            sorted(
                (entry for entry in map(_entry, found) if entry.active),
                key=lambda entry: (entry.name.casefold(), entry.id),
            )
            for found in await self.run_all("all_entries", [self.keys("lists")], calls)
        ]

    async def everything(self, kind: ListKind) -> Mapping[EntryId, Entry]:
        found = await self.run("all_entries", [self.keys("lists")], self._beginning, kind.value)
        return {entry.id: entry for entry in map(_entry, found)}

    async def known(self, kind: ListKind, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        found = await self.run("known_entries", [self.keys("lists")], self._beginning, kind.value, *ids)
        return {entry.id: entry for entry in map(_entry, found)}

    async def stage(self, generation: str, kind: ListKind, entries: Iterable[Entry]) -> None:
        """Writes the list anew when it was staged before; what is current already is left alone."""
        if await self._drop(generation, [kind]):
            return
        remaining = iter(entries)
        while chunk := list(islice(remaining, CHUNK)):
            await self.stage_more(generation, kind, chunk)

    async def stage_copy(self, generation: str, kind: ListKind) -> bool:
        keys = [self.keys("lists")]
        return bool(
            await self.run("copy_list", keys, self._beginning, generation, kind.value, STAGED_SECONDS)
        )

    async def stage_more(
        self,
        generation: str,
        kind: ListKind,
        entries: Iterable[Entry],
        known: Mapping[EntryId, Entry] | None = None,
    ) -> int:
        staged = [_staged(kind, entry, (known or {}).get(entry.id)) for entry in entries]
        if not staged:
            return 0
        return int(
            await self.run(
                "stage_entries",
                [self.keys("lists")],
                self._beginning,
                generation,
                kind.value,
                STAGED_SECONDS,
                "" if known is None else "1",
                json.dumps(staged),
            )
        )

    async def missing(self, generation: str, kind: ListKind) -> AsyncIterator[Sequence[Entry]]:
        cursor = "0"
        while True:
            found, missing = await self.run(
                "missing_entries",
                [self.keys("lists")],
                self._beginning,
                generation,
                kind.value,
                cursor,
                CHUNK,
            )
            if missing:
                yield [_entry(stored) for stored in missing]
            cursor = found.decode()
            if cursor == "0":
                return

    async def staged_count(self, generation: str, kind: ListKind) -> int:
        words = self._key(generation, kind, "words")
        return int(await self.redis.zlexcount(words, "[\0", "(\1"))

    async def commit(
        self,
        generation: str,
        kinds: Sequence[ListKind] | Mapping[ListKind, How],
        at: dt.datetime,
        *,
        are_all: bool = True,
    ) -> None:
        read = kinds if isinstance(kinds, Mapping) else dict.fromkeys(kinds, How.WHOLE)
        await self.run(
            "commit_lists",
            [self.keys("lists"), self.keys("lists-added")],
            self._beginning,
            generation,
            at.isoformat(),
            VERSION,
            "1" if are_all else "",
            *(part for kind, how in read.items() for part in (kind.value, how.value)),
        )

    async def is_current(self, generation: str) -> bool:
        found = await cast("Awaitable[dict[bytes, bytes]]", self.redis.hgetall(self.keys("lists")))
        return any(name.startswith(b"g:") and one.decode() == generation for name, one in found.items())

    async def discard(self, generation: str) -> None:
        await self._drop(generation, list(ListKind))

    async def _drop(self, generation: str, kinds: Sequence[ListKind]) -> int:
        names = [kind.value for kind in kinds]
        return int(await self.run("drop_lists", [self.keys("lists")], self._beginning, generation, *names))

    async def add(self, kind: ListKind, entry: Entry) -> None:
        addition = {
            "kind": kind.value,
            "id": entry.id,
            "entry": _stored(kind, entry),
            "names": sorted(_names(kind, entry)),
            "members": _members(entry),
        }
        keys = [self.keys("lists"), self.keys("lists-added")]
        await self.run("add_entry", keys, self._beginning, json.dumps(addition))

    async def clear(self) -> None:
        await self.run("clear_lists", [self.keys("lists"), self.keys("lists-added")], self._beginning)


def asked_names(wanted: Iterable[tuple[ListKind, str]]) -> list[str]:
    """What scripts look texts up by: kind and folded name, one after the other."""
    return [part for kind, text in wanted for name in lookup_keys(kind, text) for part in (kind.value, name)]


def read_entries(found: Sequence[bytes]) -> list[tuple[ListKind, Entry]]:
    """Entries as scripts give them: kind and entry, one after the other."""
    return [
        (ListKind(kind.decode()), _entry(stored))
        for kind, stored in zip(found[::2], found[1::2], strict=True)
    ]


def read_state(found: Mapping[bytes, bytes]) -> ListsState:
    """The hash that says which generation is current."""
    if not found:
        return ListsState()
    if int(found[b"v"]) != VERSION:
        raise StorageUnavailable("Redis holds lists of a newer version of this program.")
    at = found.get(b"at")
    return ListsState(
        dt.datetime.fromisoformat(at.decode()) if at else None,
        {kind: int(count) for kind, count in _of_each("n", found)},
        {kind: dt.datetime.fromisoformat(read.decode()) for kind, read in _of_each("t", found)},
        {kind: dt.datetime.fromisoformat(read.decode()) for kind, read in _of_each("w", found)},
    )


def _of_each(what: str, found: Mapping[bytes, bytes]) -> list[tuple[ListKind, bytes]]:
    named = ((kind, found.get(f"{what}:{kind.value}".encode())) for kind in ListKind)
    return [(kind, value) for kind, value in named if value is not None]


def _staged(kind: ListKind, entry: Entry, before: Entry | None) -> dict[str, Any]:
    """What Redis writes for an entry, and what it takes away of the entry as it was known."""
    return {
        "id": entry.id,
        "entry": _stored(kind, entry),
        "names": sorted(_names(kind, entry)),
        "members": _members(entry),
        "old_names": sorted(_names(kind, before)) if before else [],
        "old_members": _members(before) if before else [],
    }


def _names(kind: ListKind, entry: Entry) -> set[str]:
    return {name for name in index_keys(kind, entry) if not name.startswith("i:")}


def _members(entry: Entry) -> list[str]:
    if not entry.active:
        return []
    name = suppliers.plain(entry.name)
    text = suppliers.plain(f"{entry.code} {entry.name} {' '.join(entry.also_known_as)}")
    tail = BETWEEN.join(("", name, text, entry.id, entry.use.value))
    return [f"{word}{tail}" for word in ("", *sorted(set(text.split())))]


def _stored(kind: ListKind, entry: Entry) -> str:
    """Small, since there may be 100,000: what is usual is left out. The version stands once for all lists.
    Suppliers and customers have with them what their rule is kept under, so that it is found in one go."""
    values = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    small = {name: value for name, value in values.items() if _DEFAULTS.get(name, MISSING) != value}
    if kind in BEFORE_NAMES:
        small[_KEY] = suppliers.key(entry.name)
    return json.dumps(small, separators=(",", ":"))


def _entry(stored: bytes) -> Entry:
    values = json.loads(stored)
    values.pop(_KEY, None)
    values["use"] = EntryUse(values.get("use", EntryUse.BOTH))
    values["also_known_as"] = tuple(values.get("also_known_as", ()))
    values["parts"] = tuple(TaxPart(*part) for part in values.get("parts", ()))
    return Entry(**values)
