"""Kept of items: themselves, their files, their publications."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.auto_publish import Streak
from bot.domain.duplicates import Verdict
from bot.domain.identity import ItemId
from bot.domain.items import Item, ItemStage
from bot.domain.many import Many
from bot.domain.publication import Publication
from bot.domain.watch import BooksRecord, Look


class ItemStore(Protocol):
    async def add(self, items: Sequence[Item]) -> Sequence[tuple[Item, bool]]:
        """Each with whether it is new; one whose external id is known comes back as it stands."""
        ...

    async def known(self, external_ids: Sequence[str]) -> set[str]:
        """Those of which there is an item already."""
        ...

    async def get(self, item: ItemId) -> Item | None: ...
    async def many(self, items: Sequence[ItemId]) -> Sequence[Item]: ...
    async def change(
        self, item: ItemId, change: Callable[[Item], Item], publication: Publication | None = None
    ) -> Item:
        """Atomically (compare and set, repeated when another was first); `change` is pure and may raise to
        leave all as it is; the publication is written in the same step. Raises NotFound."""
        ...

    async def change_together(
        self, items: Sequence[ItemId], change: Callable[[Mapping[ItemId, Item]], Sequence[Item]]
    ) -> Sequence[Item]:
        """As `change`, of several items in one step: all of what `change` gives is written, or nothing. It is
        told those of the items that are there; what it gives beyond them is new."""
        ...

    def all(self) -> AsyncIterator[Sequence[Item]]:
        """Every item once, in no order, some hundred at a time."""
        ...

    async def page(self, stages: Sequence[ItemStage], offset: int, limit: int) -> tuple[Sequence[Item], int]:
        """Newest first, and how many there are."""
        ...

    async def ids(self, stages: Sequence[ItemStage], *, oldest_first: bool = False) -> Sequence[ItemId]:
        """Of all items of these stages, newest first unless said otherwise."""
        ...

    def walk(
        self, stages: Sequence[ItemStage], *, oldest_first: bool = False
    ) -> AsyncIterator[Sequence[Item]]:
        """The items of `ids`, each once, some hundred at a time."""
        ...

    async def find(self, typed: Sequence[str], or_one_of: Sequence[str] = ()) -> Sequence[ItemId]:
        """Items that have a word of `searching.words` beginning with each typed one, or that have one of the
        further words; newest first, of a word as many as anybody would look through."""
        ...

    async def counts(self) -> Mapping[ItemStage, int]: ...


class DuplicateStore(Protocol):
    """Items that may be one document. What an item is found by is kept by `ItemStore` itself, in the step
    that adds or changes the item."""

    async def candidates(self, items: Sequence[Item]) -> Sequence[Sequence[tuple[Item, Verdict | None]]]:
        """For each item the others that share something with it, with what was answered of the two; in one
        round trip, however many items there are."""
        ...

    async def answer(self, one: ItemId, other: ItemId, verdict: Verdict) -> None: ...
    async def take_back(self, one: ItemId, other: ItemId) -> bool:
        """Whether there was an answer."""
        ...


class PublicationStore(Protocol):
    async def get(self, publication: str) -> Publication | None: ...
    async def save(self, publication: Publication) -> None:
        """Also takes it off the open ones when its step is RECORDED."""
        ...

    async def close(self, publication: str) -> None:
        """No longer open: refused, or given back."""
        ...

    async def open(self) -> Sequence[tuple[Publication, datetime]]:
        """Not recorded yet, with the time of the last step."""
        ...

    async def of_records(self, records: Sequence[BooksRecord]) -> Sequence[Publication | None]:
        """For each record the publication that made it: by its id, or where that was not heard of yet, by our
        reference in it."""
        ...


class AutoStore(Protocol):
    """Items that are published by themselves, and the suppliers it may be suggested for."""

    async def put(self, items: Sequence[ItemId], at: datetime) -> None:
        """Due then."""
        ...

    async def drop(self, item: ItemId) -> None: ...
    async def streak(self, supplier: str) -> Streak: ...
    async def keep_streak(self, supplier: str, streak: Streak) -> None: ...


class WatchStore(Protocol):
    """How far the look at the books is, and what it found."""

    async def look(self) -> Look | None:
        """The latest, under way or over."""
        ...

    async def save(self, look: Look) -> None: ...
    async def keep(self, records: Sequence[Item], at: datetime, *, anew: Iterable[ItemId] = ()) -> None:
        """Records that we did not make, in the form of items; one that is kept already takes on how it stands
        now and stays where it was in the list of what was found, unless it is among `anew`."""
        ...

    async def kept(self, records: Sequence[ItemId]) -> Mapping[ItemId, Item]:
        """Those of these that are kept."""
        ...

    async def drop(self, records: Sequence[ItemId]) -> None:
        """They are void, or gone."""
        ...

    async def clear(self) -> None:
        """Forget what was found: another organisation was connected."""
        ...

    async def note(self, items: Sequence[ItemId], at: datetime) -> None:
        """Items of ours whose record is not as we left it, for the list of what was found."""
        ...

    async def found(self, offset: int, limit: int) -> tuple[Sequence[Item], int]:
        """What was found, ours and others', the latest first; and how much there is."""
        ...

    async def found_since(self, at: datetime) -> Sequence[ItemId]: ...
    async def redraw(self, items: Iterable[ItemId]) -> None:
        """Their cards are behind."""
        ...

    async def behind(self, limit: int) -> Sequence[ItemId]: ...
    async def redrawn(self, item: ItemId) -> None: ...


class ManyStore(Protocol):
    """Many items at once, each with how far it is."""

    async def get(self, many: str) -> Many | None: ...
    async def add(self, many: Many) -> None: ...
    async def change(self, many: str, change: Callable[[Many], Many]) -> Many:
        """Atomically. Raises NotFound when it was too long ago."""
        ...

    async def open(self) -> Sequence[tuple[str, datetime]]:
        """Ids of those that run, with the time of the last step."""
        ...


class NumberStore(Protocol):
    """Numbers of the records we made, by `publication.number_key`."""

    async def remember(self, number: str) -> None: ...
    async def forget(self, number: str) -> None:
        """Its record is void or gone: the number is free."""
        ...

    async def is_used(self, number: str) -> bool: ...


class AttachmentStore(Protocol):
    """The bytes of items' files, encrypted where they lie."""

    async def stage(self, item: ItemId, files: Iterable[tuple[str, bytes]]) -> None:
        """Before the item is there; forgotten by themselves unless `keep` follows."""
        ...

    async def keep(self, item: ItemId, files: Sequence[str], until: datetime | None = None) -> None:
        """For ever, or until a time."""
        ...

    async def read(self, item: ItemId, file: str) -> bytes | None: ...
    async def begin(self, item: ItemId, at: datetime) -> None:
        """The item's files are on their way to a record: the clock looks after them until `end`."""
        ...

    async def end(self, item: ItemId) -> None: ...
    async def under_way(self, before: datetime) -> Sequence[ItemId]: ...
