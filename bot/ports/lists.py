"""Kept of the lists: entries, refreshes, what they changed, the way to another organisation's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.domain.columns import Columns
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, EntryChange, How, ListKind, Lists, ListsState, Refresh, Touch
from bot.domain.mapping import ListMapping, Moved
from bot.domain.matching import Alias
from bot.domain.recoding import Recoding


class ListStore(Protocol):
    """The lists as of the last refresh. A refresh writes a new generation beside the current one; `commit`
    makes it current in one step."""

    async def state(self) -> ListsState: ...
    async def slice(self, wanted: Iterable[tuple[ListKind, str]]) -> Lists:
        """The entries that these texts or ids may mean, in one round trip."""
        ...

    async def slices(self, wanted: Iterable[Iterable[tuple[ListKind, str]]]) -> Lists:
        """As `slice`, some hundreds of texts at a time, in one round trip all together."""
        ...

    async def search(self, kind: ListKind, typed: str, *, use: str = "", limit: int = 100) -> Sequence[Entry]:
        """Active entries of which a word (or the code) begins with each typed word, by name."""
        ...

    async def near(self, kind: ListKind, text: str) -> Sequence[Entry]:
        """Active entries of which a word begins as one of the text's, in one round trip; some hundreds at
        most, those that share more of a word before others."""
        ...

    async def active(self, kind: ListKind) -> Sequence[Entry]:
        """All active entries by name; for lists known to be small."""
        ...

    async def actives(self, kinds: Sequence[ListKind]) -> Sequence[Sequence[Entry]]:
        """As `active`, several lists in one round trip."""
        ...

    async def everything(self, kind: ListKind) -> Mapping[EntryId, Entry]: ...
    async def known(self, kind: ListKind, ids: Iterable[EntryId]) -> Mapping[EntryId, Entry]:
        """Those of these that the current generation has."""
        ...

    async def stage(self, generation: str, kind: ListKind, entries: Iterable[Entry]) -> None:
        """A list from its beginning; what was staged of it before is dropped."""
        ...

    async def stage_copy(self, generation: str, kind: ListKind) -> bool:
        """The current list as it stands, to be changed by `stage_more`; False when there is none."""
        ...

    async def stage_more(
        self,
        generation: str,
        kind: ListKind,
        entries: Iterable[Entry],
        known: Mapping[EntryId, Entry] | None = None,
    ) -> int:
        """Further entries; of an id the first stands. With `known` (as they were) they replace what was
        copied. Returns how many ids are new to the staged list."""
        ...

    def missing(self, generation: str, kind: ListKind) -> AsyncIterator[Sequence[Entry]]:
        """Entries of the current list that the staged one lacks, some hundred at a time."""
        ...

    async def staged_count(self, generation: str, kind: ListKind) -> int:
        """Active entries of a staged list."""
        ...

    async def commit(
        self,
        generation: str,
        kinds: Sequence[ListKind] | Mapping[ListKind, How],
        at: datetime,
        *,
        are_all: bool = True,
    ) -> None:
        """Makes them current in one step; `kinds` may say how each was read, whole by itself. `at`: when
        the reading began."""
        ...

    async def is_current(self, generation: str) -> bool:
        """Whether it was made current, and no later one since."""
        ...

    async def discard(self, generation: str) -> None: ...
    async def add(self, kind: ListKind, entry: Entry) -> None:
        """One more entry in the current generation: a supplier just created."""
        ...

    async def clear(self) -> None:
        """Forget all lists: another organisation was connected."""
        ...


class RefreshStore(Protocol):
    async def begin(self, refresh: Refresh) -> Refresh | None:
        """Claims the one place: nothing when claimed, else the refresh that runs already."""
        ...

    async def read(self) -> Refresh | None:
        """The latest, running or over."""
        ...

    async def save(self, refresh: Refresh) -> None: ...
    async def schedule(self, at: datetime | None) -> None:
        """When it is due next; nothing: never."""
        ...

    async def due_at(self) -> datetime | None: ...


class ReportStore(Protocol):
    """What refreshes changed, line by line; each report is kept for a month."""

    async def begin(self, refresh: str) -> None:
        """An empty report; one that a run which died had begun is forgotten."""
        ...

    async def append(self, refresh: str, changes: Sequence[EntryChange]) -> int:
        """Returns how many lines there are now."""
        ...

    async def page(
        self, refresh: str, offset: int, limit: int
    ) -> tuple[Sequence[tuple[EntryChange, Touch | None]], int]:
        """Lines with what each touches, and how many lines there are."""
        ...

    async def find(
        self, refresh: str, wanted: Sequence[tuple[ListKind, str]]
    ) -> Mapping[tuple[ListKind, str], tuple[int, EntryChange]]:
        """For ids or texts, as `lookup_keys` forms them: the line of an entry that was renamed or can no
        longer be used, and that this id or text meant before."""
        ...

    async def touched(self, refresh: str, touches: Sequence[Touch]) -> None:
        """What uses the entries of these lines."""
        ...

    async def touch(self, refresh: str, line: int) -> Touch | None: ...


class MappingStore(Protocol):
    """The way from one organisation's lists to another's."""

    async def pending(self) -> ListMapping | None:
        """The latest, done or not."""
        ...

    async def save(self, mapping: ListMapping) -> None: ...
    async def change(self, change: Callable[[ListMapping], ListMapping]) -> ListMapping:
        """Atomically. Raises NotFound."""
        ...

    async def remember(self, organisation: str, moves: Mapping[str, Moved]) -> None:
        """What choices held while this organisation was connected, by place."""
        ...

    async def remembered(self, organisation: str) -> Mapping[str, Moved]: ...


class AliasStore(Protocol):
    """What people said that names of suppliers and customers stand for, by `Alias.key`."""

    async def all(self) -> Mapping[str, Alias]: ...
    async def get(self, key: str) -> Alias | None: ...
    async def save(self, alias: Alias, before: Sequence[Recoding] = ()) -> None:
        """In one step with what is still to be told of it; so is `remove`."""
        ...

    async def remove(self, key: str, before: Sequence[Recoding] = ()) -> Alias | None:
        """What it was; nothing when it is gone already."""
        ...


class ColumnStore(Protocol):
    """Which column is what, by `columns.key_of` a table's headings."""

    async def get(self, key: str) -> Columns | None: ...
    async def save(self, columns: Columns) -> None: ...
