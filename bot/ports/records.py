"""Kept of what happened: the log, what it says of each item, and what callers of the item API got."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from bot.domain.answers import Answer, Begun
from bot.domain.api_keys import ApiKey
from bot.domain.audit import Chain, LogEntry
from bot.domain.identity import ItemId
from bot.domain.recoding import Recoding


class ApiKeyStore(Protocol):
    async def add(self, key: ApiKey, most: int) -> bool:
        """False when there are so many already."""
        ...

    async def get(self, key_id: str) -> ApiKey | None: ...
    async def all(self) -> Sequence[ApiKey]:
        """Oldest first, each with when it was last used."""
        ...

    async def remove(self, key_id: str) -> ApiKey | None: ...
    async def turn(self, key_id: str, calls_a_minute: int) -> int:
        """Counts a call, across all processes: 0, or after how many seconds one fits again."""
        ...


class AnswerStore(Protocol):
    """What was answered under an Idempotency-Key."""

    async def begin(self, api_key: str, idempotency_key: str, body: str, lease_seconds: float) -> Begun: ...
    async def finish(self, api_key: str, idempotency_key: str, answer: Answer) -> None: ...
    async def give_up(self, api_key: str, idempotency_key: str, mine: str) -> None: ...


class LogStore(Protocol):
    async def append(self, *entries: LogEntry) -> None: ...
    async def latest(self, limit: int) -> Sequence[LogEntry]: ...
    async def older(self, place: str, limit: int) -> Sequence[tuple[str, LogEntry]]:
        """Entries before a place, newest first, each with its place; `""` is after the last one."""
        ...

    def all(self) -> AsyncIterator[LogEntry]:
        """Every entry, oldest first."""
        ...

    async def verify(self) -> Chain:
        """Whether nothing was changed, taken out or put in by hand since it was written."""
        ...

    async def head(self) -> str:
        """Another one, and something was logged."""
        ...


class RecodingStore(Protocol):
    """Rules and remembered names as they were before changes whose effect on items is still to be told."""

    async def take(self) -> Sequence[Recoding]:
        """What is to be told now; again, until it is `done`."""
        ...

    async def done(self) -> None: ...


class HistoryStore(Protocol):
    """What the log says of each item. Each entry puts its item among those whose card's thread is behind."""

    async def of(self, item: ItemId) -> Sequence[LogEntry]:
        """Oldest first."""
        ...

    async def told(self, item: ItemId) -> int:
        """So many of its entries the thread has told."""
        ...

    async def tell(self, item: ItemId, before: int, now: int, seen: int) -> bool:
        """Atomically from `before` told entries to `now`; False when another process was first. Of `seen`
        entries all are done; the thread stays behind where more were logged meanwhile."""
        ...

    async def put_behind(self, item: ItemId, told: int | None = None) -> None:
        """Its thread is looked at again, with so many entries told."""
        ...

    async def behind(self, limit: int) -> Sequence[ItemId]:
        """Items whose thread may have more to tell, the longest behind first."""
        ...
