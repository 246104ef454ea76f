"""A business's settings: what may be chosen, what a change did."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain import default_taxes, kinds
from bot.domain.audit import LogEntry
from bot.domain.auto_publish import switched, words_of
from bot.domain.digest import next_digest
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.items import AutoPublish, ItemStage, Side
from bot.domain.line_coding import takes_default_tax
from bot.domain.lists import Entry, ListKind
from bot.domain.schedule import Daily, next_refresh
from bot.domain.settings import BusinessSettings, Concerned, Waiting
from bot.errors import FieldErrors
from bot.ports import Clock, Storage, Store
from bot.services.rules import amount_above_zero
from bot.services.viewing import ItemView, Viewer

EVERYTHING = (
    "Everything that is ready would stand in Zoho Books before anybody has looked at it. Better: set it per "
    "supplier with /dext rules. To go on all the same, tick the second box as well."
)


PAID_FROM = (
    "Everything paid from {} would stand in Zoho Books before anybody has looked at it, whoever the supplier "
    "is. To go on all the same, tick the box below as well."
)


@dataclass(frozen=True)
class AutoForm:
    """Auto-publish as a form has it."""

    everything: bool
    sure: bool
    cap: str
    accounts: tuple[EntryId, ...]
    accounts_sure: bool = False
    accounts_cap: str = ""


@dataclass(frozen=True)
class Choices:
    """What may be chosen, by name."""

    taxes: Sequence[Entry]
    accounts: Sequence[Entry]
    """What costs may be paid from."""


LOOKED_AT = 500
INBOX = (ItemStage.INBOX, ItemStage.FAILED)


def taking_default(views: Sequence[ItemView]) -> Mapping[str, int]:
    """How many items have a default tax, by side and currency (`default_taxes.key`)."""
    return Counter(
        default_taxes.key(view.item.document.side, view.coding.currency)
        for view in views
        if takes_default_tax(view.item, view.rule)
    )


@dataclass(frozen=True)
class SettingsService:
    storage: Storage
    clock: Clock

    async def read(self, business: Business) -> BusinessSettings:
        return await self.storage.of(business).settings.read()

    async def choices(self, business: Business) -> Choices:
        """What the form offers, in one round trip; any active tax may be either side's default (S23)."""
        store = self.storage.of(business)
        taxes, accounts = await store.lists.actives([ListKind.TAXES, ListKind.BANK_ACCOUNTS])
        return Choices(taxes, accounts)

    async def concerned(self, business: Business) -> Concerned:
        """Waiting items whose kind the settings decide; of very many, the newest."""
        seen = await self.storage.of(business).views.page(INBOX, 0, LOOKED_AT)
        return kinds.concerned(item for item, _ in seen.items)

    async def waiting(self, business: Business) -> Waiting:
        """What a change of the default taxes, the warning or the kinds would touch, among the newest of the
        inbox."""
        store = self.storage.of(business)
        seen = await store.views.page(INBOX, 0, LOOKED_AT)
        views = await Viewer.at(store, seen.desk).seen(seen.items)
        taking, own = taking_default(views), dict.fromkeys(Side, 0)
        for one, number in taking.items():
            if one not in seen.desk.settings.tax_exceptions:
                own[default_taxes.side_of(one)] += number
        new = sum(view.coding.new_supplier for view in views)
        concerned = kinds.concerned(view.item for view in views)
        return Waiting(own[Side.COST], own[Side.SALE], new, seen.total <= len(views), concerned)

    async def save(
        self, business: Business, person: PersonId, new: BusinessSettings, auto: AutoForm | None = None
    ) -> tuple[str, ...]:
        """Sentences of what changed. Raises FieldErrors for a tax that is not, or no longer, on the list, and
        for auto-publish of everything that is not confirmed."""
        store = self.storage.of(business)
        names = await self._tax_names(store, new)
        names |= await self._account_names(store, [*new.auto_accounts, *(auto.accounts if auto else ())])
        if auto is not None:
            new = self._switched(new, person, auto, names)
        # What has a form of its own and was changed while this one was open stays.
        before, after = await store.settings.change(
            lambda now: replace(new, payment_methods=now.payment_methods, tax_exceptions=now.tax_exceptions)
        )
        changes = _changes(before, after, names)
        now = self.clock()
        await store.log.append(
            *(
                LogEntry(now, person, "settings.changed", about=what, before=old, after=to)
                for what, old, to in changes
            )
        )
        is_due_anew = (before.refresh_schedule, before.refresh_hour) != (
            after.refresh_schedule,
            after.refresh_hour,
        )
        if is_due_anew and (connection := await store.connection.read()):
            spread = secrets.randbelow(1000) / 1000
            due = next_refresh(
                after.refresh_schedule,
                now,
                spread,
                time_zone=connection.organisation.time_zone,
                hour=after.refresh_hour,
            )
            await store.refreshes.schedule(due)
        if before.digest_hour != after.digest_hour and (connection := await store.connection.read()):
            at = next_digest(after.digest_hour, connection.organisation.time_zone, now)
            await store.daily(Daily.DIGEST).schedule(at)
        return tuple(f"{what}: {to} (was {old})" for what, old, to in changes)

    async def hold_for(self, business: Business, person: PersonId, minutes: int) -> None:
        """How long what goes by itself can be kept back."""
        store = self.storage.of(business)
        before, after = await store.settings.change(lambda now: replace(now, auto_hold_minutes=minutes))
        for what, old, to in _changes(before, after, {}):
            await store.log.append(LogEntry(self.clock(), person, "settings.changed", what, old, to))

    def _switched(
        self, new: BusinessSettings, person: PersonId, auto: AutoForm, names: dict[EntryId, str]
    ) -> BusinessSettings:
        """Auto-publish as the form has it; what stays on keeps since when and by whom."""
        faults: dict[str, str] = {}
        cap = amount_above_zero(auto.cap, "auto_cap", faults)
        accounts_cap = amount_above_zero(auto.accounts_cap, "auto_accounts_cap", faults)
        added = [names[account] for account in auto.accounts if account not in new.auto_accounts]
        if added and not auto.accounts_sure:
            faults["auto_accounts"] = PAID_FROM.format(" or ".join(added))
        if auto.everything and not auto.sure and new.auto_publish is None:
            faults["auto_publish"] = EVERYTHING
        if faults:
            raise FieldErrors(faults)
        now = self.clock()
        accounts = {
            account: replace(new.auto_accounts.get(account) or AutoPublish(person, now), cap=accounts_cap)
            for account in auto.accounts
        }
        everything = switched(new.auto_publish, on=auto.everything, by=person, now=now, cap=cap)
        return replace(new, auto_publish=everything, auto_accounts=accounts)

    @staticmethod
    async def _account_names(store: Store, chosen: Sequence[EntryId]) -> dict[EntryId, str]:
        known = {*chosen, *(await store.settings.read()).auto_accounts}
        lists = await store.lists.slice((ListKind.BANK_ACCOUNTS, account) for account in known)
        found = {account: lists.by_id(ListKind.BANK_ACCOUNTS, account) for account in known}
        return {account: entry.label if entry else str(account) for account, entry in found.items()}

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
    before: BusinessSettings, after: BusinessSettings, names: dict[EntryId, str]
) -> list[tuple[str, str, str]]:
    def tax(chosen: EntryId | None) -> str:
        return names.get(chosen, str(chosen)) if chosen else "none"

    def auto(switch: AutoPublish | None) -> str:
        limit = f"up to {switch.cap}" if switch and switch.cap is not None else "on"
        return limit if switch else "off"

    def words(settings: BusinessSettings) -> dict[str, str]:
        return {
            "Warn me when a new supplier will be created in Zoho Books": "on"
            if settings.warn_new_supplier
            else "off",
            "Default tax for costs": tax(settings.default_tax_costs),
            "Default tax for sales": tax(settings.default_tax_sales),
            "Channel": f"<#{settings.channel}>" if settings.channel else "none",
            "Refresh schedule": settings.refresh_schedule.words,
            "Refresh at": f"{settings.refresh_hour:02}:00",
            "Quiet": "on" if settings.quiet else "off",
            "A second Admin for another organisation": "on" if settings.second_admin else "off",
            "Possible duplicates": settings.duplicates.words,
            "Changes in Zoho Books": settings.books_changes.words,
            "Auto-publish all items": auto(settings.auto_publish),
            "Auto-publish what was paid from": ", ".join(
                f"{tax(account)} ({auto(switch)})" for account, switch in settings.auto_accounts.items()
            )
            or "none",
            "Never by themselves": ", ".join(map(words_of, settings.auto_except)) or "none",
            "Time for Undo": f"{settings.auto_hold_minutes} minutes",
            "Daily digest": "Off" if settings.digest_hour is None else f"{settings.digest_hour}:00",
            "Digest channel": f"<#{settings.digest_channel}>" if settings.digest_channel else "the same",
            "Paid costs become": settings.paid_costs.words,
            "Receipts that are not paid become": settings.unpaid_receipts.words,
            "Rounding": str(settings.rounding_tolerance),
            "Lock date": settings.lock_date.isoformat() if settings.lock_date else "none",
        }

    old, new = words(before), words(after)
    return [(what, old[what], new[what]) for what in old if old[what] != new[what]]
