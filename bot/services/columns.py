"""Which column of a supplier list is what: chosen once, remembered for every list with the same headings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain import columns
from bot.domain.audit import LogEntry
from bot.domain.columns import MEANINGS, Columns
from bot.domain.identity import Business, PersonId
from bot.errors import FieldErrors
from bot.ports import Clock, Storage


@dataclass(frozen=True)
class ColumnService:
    storage: Storage
    headings: Callable[[bytes], tuple[str, ...]]
    """Of a table; nothing of anything else."""
    rename: Callable[[bytes, Sequence[str]], bytes]
    clock: Clock

    async def known(self, business: Business, content: bytes) -> tuple[bytes, Columns | None]:
        """The file under the headings that were chosen for it, and what was chosen; as it is where nobody
        did."""
        named = self.headings(content)
        chosen = await self.storage.of(business).columns.get(columns.key_of(named)) if named else None
        if chosen is None:
            return content, None
        return self.rename(content, columns.renamed(named, chosen.places)), chosen

    async def choose(
        self,
        business: Business,
        person: PersonId,
        key: str,
        headings: Sequence[str],
        places: Mapping[str, int],
    ) -> None:
        """Raises FieldErrors."""
        if faults := columns.faults(places):
            raise FieldErrors(faults)
        store, now = self.storage.of(business), self.clock()
        await store.columns.save(Columns(key, dict(places), person, now))
        said = ", ".join(f"{MEANINGS[meaning]} is “{headings[place]}”" for meaning, place in places.items())
        await store.log.append(LogEntry(now, person, "columns.chosen", after=said))
