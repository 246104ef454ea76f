"""A business's settings: what may be chosen, what a change did."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.items import Side
from bot.domain.lists import Entry, ListKind
from bot.domain.schedule import next_refresh
from bot.domain.settings import BusinessSettings
from bot.errors import FieldErrors
from bot.ports import Clock, Storage, Store


@dataclass(frozen=True)
class SettingsService:
    storage: Storage
    clock: Clock

    async def read(self, business: Business) -> BusinessSettings:
        return await self.storage.of(business).settings.read()

    async def taxes(self, business: Business) -> Sequence[Entry]:
        """Active taxes of the last refresh; any of them may be either side's default (S23)."""
        return await self.storage.of(business).lists.active(ListKind.TAXES)

    async def save(self, business: Business, person: PersonId, new: BusinessSettings) -> tuple[str, ...]:
        """Sentences of what changed. Raises FieldErrors for a tax that is not, or no longer, on the list."""
        store = self.storage.of(business)
        names = await self._tax_names(store, new)
        before, after = await store.settings.change(lambda _: new)
        changes = _changes(before, after, names)
        now = self.clock()
        await store.log.append(
            *(
                LogEntry(now, person, "settings.changed", about=what, before=old, after=to)
                for what, old, to in changes
            )
        )
        if before.refresh_schedule is not after.refresh_schedule and await store.connection.read():
            spread = secrets.randbelow(1000) / 1000
            await store.refreshes.schedule(next_refresh(after.refresh_schedule, now, spread))
        return tuple(f"{what}: {to} (was {old})" for what, old, to in changes)

    async def _tax_names(self, store: Store, new: BusinessSettings) -> dict[EntryId, str]:
        before = await store.settings.read()
        chosen = {Side.COST: new.default_tax_costs, Side.SALE: new.default_tax_sales}
        known = {*chosen.values(), before.default_tax_costs, before.default_tax_sales} - {None}
        lists = await store.lists.slice((ListKind.TAXES, tax) for tax in known if tax)
        faults = {}
        for side, tax in chosen.items():
            entry = lists.by_id(ListKind.TAXES, tax) if tax else None
            if tax and not (entry and entry.active):
                field = "default_tax_costs" if side is Side.COST else "default_tax_sales"
                faults[field] = "This tax is no longer on the list. Choose another one."
        if faults:
            raise FieldErrors(faults)
        found = {tax: lists.by_id(ListKind.TAXES, tax) for tax in known if tax}
        return {tax: entry.label if entry else str(tax) for tax, entry in found.items()}


def _changes(
    before: BusinessSettings, after: BusinessSettings, taxes: dict[EntryId, str]
) -> list[tuple[str, str, str]]:
    def tax(chosen: EntryId | None) -> str:
        return taxes.get(chosen, str(chosen)) if chosen else "none"

    def words(settings: BusinessSettings) -> dict[str, str]:
        return {
            "Warn me when a new supplier will be created in Zoho Books": "on"
            if settings.warn_new_supplier
            else "off",
            "Default tax for costs": tax(settings.default_tax_costs),
            "Default tax for sales": tax(settings.default_tax_sales),
            "Channel": f"<#{settings.channel}>" if settings.channel else "none",
            "Refresh schedule": settings.refresh_schedule.words,
        }

    old, new = words(before), words(after)
    return [(what, old[what], new[what]) for what in old if old[what] != new[what]]
