"""Reading the log of a business: by page and word, as CSV, and whether it is whole."""

from __future__ import annotations

import csv
import io
import secrets
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.audit import Chain, Line, LogEntry, concerns, words
from bot.domain.cells import safe
from bot.domain.identity import BOT, Business, ItemId, PersonId
from bot.errors import BotError
from bot.ports import Clock, Jobs, People, Storage, Store

CHUNK = 200
LOOKED_AT = 20_000
"""So many entries are looked through for one page; a word that is rarer is what the export is for."""
HEADINGS = ("At (UTC)", "Who", "Name", "What", "In words", "About", "Before", "After")


@dataclass(frozen=True)
class LogPage:
    lines: Sequence[Line]
    older: str
    """The place where the next page begins; empty at the end."""


@dataclass
class _Reader:
    """Names of people and items, each asked for once."""

    business: Business
    store: Store
    people: People
    names: dict[PersonId, str]
    items: dict[str, str]

    async def lines(self, entries: Iterable[LogEntry]) -> list[Line]:
        entries = list(entries)
        await self._name({entry.who for entry in entries})
        await self._call({entry.item for entry in entries if entry.item})
        return [
            Line(entry, self.names[entry.who], words(entry, self.items.get(entry.about, "")))
            for entry in entries
        ]

    async def _name(self, people: set[PersonId]) -> None:
        for one in people - self.names.keys():
            self.names[one] = await self._asked(one)

    async def _asked(self, person: PersonId) -> str:
        if not person or person == BOT:
            return "Dext"
        try:
            return (await self.people.person(self.business.workspace, person)).name
        except BotError:
            return person

    async def _call(self, items: set[str]) -> None:
        """`Northwind Paper Ltd NW-1001` for an item's id."""
        asked = [ItemId(one) for one in items - self.items.keys()]
        for item in await self.store.items.many(asked):
            document = item.document
            name = document.supplier or document.customer or "an item"
            self.items[item.id] = f"{name} {document.document_number}".strip()


@dataclass(frozen=True)
class LogService:
    storage: Storage
    people: People
    jobs: Jobs
    clock: Clock

    async def latest(self, business: Business, limit: int) -> Sequence[LogEntry]:
        return await self.storage.of(business).log.latest(limit)

    async def page(self, business: Business, word: str = "", before: str = "", limit: int = 15) -> LogPage:
        """The newest entries before a place that a word or a person is in."""
        reader, store = self._reader(business), self.storage.of(business)
        found: list[Line] = []
        place, looked = before, 0
        while looked < LOOKED_AT:
            chunk = await store.log.older(place, CHUNK)
            for at, line in zip(chunk, await reader.lines(entry for _, entry in chunk), strict=True):
                if len(found) == limit:
                    return LogPage(found, place)
                place = at[0]
                if self._fits(reader, line, word):
                    found.append(line)
            looked += len(chunk)
            if len(chunk) < CHUNK:
                return LogPage(found, "")
        return LogPage(found, place)

    def _reader(self, business: Business) -> _Reader:
        return _Reader(business, self.storage.of(business), self.people, {}, {})

    @staticmethod
    def _fits(reader: _Reader, line: Line, word: str) -> bool:
        return concerns(line.entry, word, reader.names, reader.items.get(line.entry.about, ""))

    async def chain(self, business: Business) -> Chain:
        """Reads the whole log and says whether it is what was written."""
        return await self.storage.of(business).log.verify()

    async def lines(self, business: Business, word: str = "") -> AsyncIterator[Line]:
        """Every entry that a word or a person is in, oldest first."""
        reader = self._reader(business)
        chunk: list[LogEntry] = []
        async for entry in self.storage.of(business).log.all():
            chunk.append(entry)
            if len(chunk) == CHUNK:
                for line in await reader.lines(chunk):
                    if self._fits(reader, line, word):
                        yield line
                chunk = []
        for line in await reader.lines(chunk):
            if self._fits(reader, line, word):
                yield line

    async def ask_export(self, business: Business, person: PersonId, word: str) -> None:
        key = f"export-log:{business}:{person}:{secrets.token_hex(4)}"
        await self.jobs.enqueue("export_log", str(business), person, word, key=key)

    async def export(self, business: Business, person: PersonId, word: str = "") -> tuple[bytes, int]:
        """The log as CSV with formula-safe cells, and how many entries; logged itself."""
        file = io.StringIO()
        table = csv.writer(file)
        table.writerow(HEADINGS)
        number = 0
        async for line in self.lines(business, word):
            table.writerow([safe(cell) for cell in cells(line)])
            number += 1
        await self.storage.of(business).log.append(
            LogEntry(self.clock(), person, "log.exported", about=word, after=f"{number} entries")
        )
        return file.getvalue().encode("utf-8-sig"), number


def cells(line: Line) -> tuple[str, ...]:
    """One row of the export, in the order of `HEADINGS`."""
    entry = line.entry
    return (
        f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, line.name, entry.what, line.says, entry.about,
        entry.before, entry.after,
    )  # fmt: skip


def as_json(line: Line) -> Mapping[str, str]:
    """An entry as the terminal prints it."""
    entry = line.entry
    return {
        "at": entry.at.isoformat(), "who": entry.who, "name": line.name, "what": entry.what,
        "says": line.says, "about": entry.about, "before": entry.before, "after": entry.after,
    }  # fmt: skip
