"""Default taxes of what is in one currency: those that stand, what another one would change, setting them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain import default_taxes
from bot.domain.audit import LogEntry
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.items import Side
from bot.domain.lists import Entry, ListKind
from bot.domain.settings import BusinessSettings
from bot.errors import FieldErrors
from bot.ports import Clock, Storage, Store
from bot.services.settings import INBOX, LOOKED_AT, taking_default
from bot.services.viewing import Viewer

GONE = "This {} is no longer on the list. Choose another one."


@dataclass(frozen=True)
class Exceptions:
    """Those that stand, what may be chosen, and what waits."""

    settings: BusinessSettings
    known: Mapping[str, Entry | None]
    """Their taxes as the list has them now, by `default_taxes.key`."""
    taxes: Sequence[Entry]
    currencies: Sequence[Entry]
    waiting: Mapping[str, int]
    """How many items of the inbox have a default tax, by `default_taxes.key`."""
    is_all: bool = True
    """False where only the newest of the inbox were looked at."""

    def code(self, currency: EntryId) -> str:
        """What a currency that may be chosen is called; empty for another one."""
        return next((one.name for one in self.currencies if one.id == currency), "")

    def would_change(self, exception: str, tax: EntryId | None) -> int:
        """How many waiting items this exception, or taking it out, would change."""
        after = default_taxes.excepted(self.settings, exception, tax)
        return default_taxes.changed(self.settings, after, self.waiting)


@dataclass(frozen=True)
class TaxExceptionService:
    storage: Storage
    clock: Clock

    async def seen(self, business: Business) -> Exceptions:
        store = self.storage.of(business)
        seen = await store.views.page(INBOX, 0, LOOKED_AT)
        views = await Viewer.at(store, seen.desk).seen(seen.items)
        taxes, currencies = await store.lists.actives([ListKind.TAXES, ListKind.CURRENCIES])
        settings = seen.desk.settings
        lists = await store.lists.slice((ListKind.TAXES, tax) for tax in settings.tax_exceptions.values())
        known = {one: lists.by_id(ListKind.TAXES, tax) for one, tax in settings.tax_exceptions.items()}
        return Exceptions(settings, known, taxes, currencies, taking_default(views), seen.total <= len(views))

    async def choose(
        self, business: Business, person: PersonId, side: Side, currency: EntryId, tax: EntryId
    ) -> tuple[str, ...]:
        """Sentences of what changed. Raises FieldErrors for what is not, or no longer, on the lists."""
        store = self.storage.of(business)
        lists = await store.lists.slice([(ListKind.TAXES, tax), (ListKind.CURRENCIES, currency)])
        named, chosen = lists.by_id(ListKind.CURRENCIES, currency), lists.by_id(ListKind.TAXES, tax)
        faults = {
            name: GONE.format(name)
            for name, entry in (("currency", named), ("tax", chosen))
            if not (entry and entry.active)
        }
        if faults or named is None:
            raise FieldErrors(faults)
        return await self._change(store, person, default_taxes.key(side, named.name), tax)

    async def remove(self, business: Business, person: PersonId, exception: str) -> tuple[str, ...]:
        """Sentences of what changed; none where somebody else took it out before."""
        return await self._change(self.storage.of(business), person, exception, None)

    async def _change(
        self, store: Store, person: PersonId, exception: str, tax: EntryId | None
    ) -> tuple[str, ...]:
        before, after = await store.settings.change(
            partial(default_taxes.excepted, exception=exception, tax=tax)
        )
        held, holds = before.tax_exceptions.get(exception), after.tax_exceptions.get(exception)
        if held == holds:
            return ()
        lists = await store.lists.slice((ListKind.TAXES, one) for one in (held, holds) if one)
        entries = [(one, lists.by_id(ListKind.TAXES, one)) for one in (held, holds) if one]
        names = {one: entry.label if entry else str(one) for one, entry in entries}
        old, new = (names[one] if one else "none" for one in (held, holds))
        what = default_taxes.words(exception)
        await store.log.append(LogEntry(self.clock(), person, "settings.changed", what, old, new))
        return (f"{what}: {new} (was {old})",)
