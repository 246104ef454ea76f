"""What names of suppliers stand for: remembered at **New supplier**, shown and forgotten in `/dext rules`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, PersonId
from bot.domain.recoding import Recoding
from bot.ports import Clock, Jobs, Storage
from bot.services.recoding import tell_recoded


@dataclass(frozen=True)
class AliasService:
    storage: Storage
    jobs: Jobs
    clock: Clock

    async def forget(self, business: Business, person: PersonId, key: str) -> None:
        """The name stands for nothing any more: the next item of it is asked about. What was published
        stays."""
        store = self.storage.of(business)
        known = await store.aliases.get(key)
        if known is None:
            return
        before = Recoding(person, self.clock(), alias=known, written=known.written, alias_key=key)
        gone = await store.aliases.remove(key, before=[before])
        if gone is not None:
            await tell_recoded(self.jobs, business)
            await store.log.append(
                LogEntry(self.clock(), person, "alias.forgotten", gone.written, before=gone.name)
            )
