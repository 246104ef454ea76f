"""What names of suppliers stand for: remembered at **New supplier**, shown and forgotten in `/dext rules`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, PersonId
from bot.ports import Clock, Storage


@dataclass(frozen=True)
class AliasService:
    storage: Storage
    clock: Clock

    async def forget(self, business: Business, person: PersonId, key: str) -> None:
        """The name stands for nothing any more: the next item of it is asked about. What was published
        stays."""
        store = self.storage.of(business)
        gone = await store.aliases.remove(key)
        if gone is not None:
            await store.log.append(
                LogEntry(self.clock(), person, "alias.forgotten", gone.written, before=gone.name)
            )
