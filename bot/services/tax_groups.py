"""What tax groups are made of: a call each, so only where that may have changed."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.identity import EntryId
from bot.domain.lists import Entry, TaxPart
from bot.domain.schedule import WHOLE_EVERY
from bot.errors import NotFound, Refused
from bot.ports import Ledger


@dataclass(frozen=True)
class TaxGroups:
    """`known`: the taxes as they were known; `every`: all groups are asked for."""

    ledger: Ledger
    known: Mapping[EntryId, Entry]
    today: date
    every: bool = False

    async def completed(self, taxes: Sequence[Entry]) -> Sequence[Entry]:
        """The taxes as they were read, each group with what it is made of."""
        here = {tax.id: tax for tax in taxes}
        return [await self._with_parts(tax, here) if tax.is_group and tax.active else tax for tax in taxes]

    async def _with_parts(self, group: Entry, here: Mapping[EntryId, Entry]) -> Entry:
        before = self.known.get(group.id)
        parts, as_of = (before.parts, before.as_of) if before else ((), "")
        if self.every or before is None or self._may_differ(before, group):
            # Gone since the list was read, or not told: asked for again with the next refresh.
            with contextlib.suppress(NotFound, Refused):
                parts, as_of = tuple(await self.ledger.tax_parts(group.id)), self.today.isoformat()
        return replace(group, parts=tuple(self._as_it_is(part, here) for part in parts), as_of=as_of)

    def _may_differ(self, before: Entry, group: Entry) -> bool:
        """New parts may come to the same name and percentage: once a week it is asked for all the same."""
        is_old = not before.as_of or self.today - date.fromisoformat(before.as_of) >= WHOLE_EVERY
        same = (before.name, before.percentage, before.changed_at, before.active)
        return is_old or same != (group.name, group.percentage, group.changed_at, group.active)

    def _as_it_is(self, part: TaxPart, here: Mapping[EntryId, Entry]) -> TaxPart:
        """A tax that was on the list and no longer is can no longer be used; one that never was may be kept
        by the accounting software for groups alone."""
        found = here.get(part.id)
        return part._replace(active=found.active if found else part.id not in self.known)
