"""What payment methods stand for: asked once on an item, remembered, shown and forgotten in `/dext rules`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.domain import payment_methods
from bot.domain.audit import LogEntry
from bot.domain.identity import Business, EntryId, ItemId, PersonId
from bot.domain.items import ItemStage
from bot.domain.lists import Entry, ListKind
from bot.domain.payment_methods import PaymentMethod
from bot.domain.settings import BusinessSettings
from bot.errors import FieldErrors, NotFound
from bot.ports import Clock, Storage, Store

LOOKED_AT = 500
LONGEST_MODE = 100


@dataclass(frozen=True)
class MethodView:
    """A payment method with what it stands for, where somebody said so."""

    key: str
    written: str
    method: PaymentMethod | None = None
    account: Entry | None = None
    """As the list has it now."""
    likely: Entry | None = None
    """Where nobody said so yet: the one account whose own name is that of the method."""
    waiting: Sequence[ItemId] = ()
    """Items in the inbox that were paid with it; of very many, the newest."""

    @property
    def is_gone(self) -> bool:
        """Its account is no longer in the accounting software, or inactive there."""
        return self.method is not None and not (self.account and self.account.active)


@dataclass(frozen=True)
class PaymentMethodService:
    storage: Storage
    clock: Clock

    async def all(self, business: Business) -> Sequence[MethodView]:
        """Every remembered one, by how it was written."""
        store = self.storage.of(business)
        methods = (await store.settings.read()).payment_methods
        accounts = await store.lists.slice((ListKind.BANK_ACCOUNTS, one.account) for one in methods.values())
        views = [
            MethodView(key, one.written, one, accounts.by_id(ListKind.BANK_ACCOUNTS, one.account))
            for key, one in methods.items()
        ]
        return sorted(views, key=lambda view: view.written.casefold())

    async def of_item(self, business: Business, item_id: ItemId) -> MethodView:
        """The payment method that an item's document names. Raises NotFound."""
        return await self._view(business, await self.written_on(business, item_id))

    async def written_on(self, business: Business, item_id: ItemId) -> str:
        """As the document writes it. Raises NotFound."""
        item = await self.storage.of(business).items.get(item_id)
        if item is None:
            raise NotFound("This item is no longer there.")
        if not payment_methods.key(item.document.payment_account):
            raise NotFound("This document names no payment method.", advice="Choose the account with Edit.")
        return item.document.payment_account

    async def of_key(self, business: Business, key: str) -> MethodView:
        """One that is remembered. Raises NotFound."""
        return await self._view(business, await self.written_as(business, key))

    async def written_as(self, business: Business, key: str) -> str:
        """One that is remembered, as it was written then. Raises NotFound."""
        known = (await self.storage.of(business).settings.read()).payment_methods.get(key)
        if known is None:
            raise NotFound("This payment method is no longer remembered.")
        return known.written

    async def _view(self, business: Business, written: str) -> MethodView:
        store, key = self.storage.of(business), payment_methods.key(written)
        method = (await store.settings.read()).payment_methods.get(key)
        lists = await store.lists.slice([(ListKind.BANK_ACCOUNTS, method.account)] if method else [])
        account = lists.by_id(ListKind.BANK_ACCOUNTS, method.account) if method else None
        accounts = [] if method else await store.lists.active(ListKind.BANK_ACCOUNTS)
        named = [one for one in accounts if payment_methods.key(one.name) == key]
        likely = named[0] if len(named) == 1 else None
        return MethodView(key, written, method, account, likely, await self.waiting(business, written))

    async def waiting(self, business: Business, written: str) -> Sequence[ItemId]:
        """Items in the inbox that were paid with it; of very many, the newest."""
        stages, key = (ItemStage.INBOX, ItemStage.FAILED), payment_methods.key(written)
        items, _ = await self.storage.of(business).items.page(stages, 0, LOOKED_AT)
        return [item.id for item in items if payment_methods.key(item.document.payment_account) == key]

    async def choose(
        self, business: Business, person: PersonId, written: str, account: str, mode: str = ""
    ) -> PaymentMethod:
        """From now on the method stands for this account, and its payments are made by this mode; empty: by
        the kind of the account. It counts for what waits as well. Raises FieldErrors."""
        store, mode = self.storage.of(business), " ".join(mode.split())
        asked = {ListKind.BANK_ACCOUNTS: account, ListKind.PAYMENT_MODES: mode}
        lists = await store.lists.slice([(kind, text) for kind, text in asked.items() if text])
        entry = lists.by_id(ListKind.BANK_ACCOUNTS, EntryId(account))
        if entry is None or not entry.active:
            says = "This is no longer on the list. Choose another one." if account else "Choose the account."
            raise FieldErrors({"payment_account": says})
        if len(mode) > LONGEST_MODE:
            raise FieldErrors({"payment_mode": f"A payment mode has at most {LONGEST_MODE} characters."})
        known = lists.find(ListKind.PAYMENT_MODES, mode) if mode else None
        if mode and known is None:
            await store.lists.add(ListKind.PAYMENT_MODES, Entry(EntryId(mode), mode))
        name = known.name if known else mode
        chosen = PaymentMethod(written, entry.id, entry.label, person, self.clock(), name)
        before = await self._keep(store, payment_methods.key(written), chosen)
        if before is None or (before.account, before.mode) != (chosen.account, chosen.mode):
            await self._log(store, person, chosen.written, before, chosen)
        return chosen

    async def forget(self, business: Business, person: PersonId, key: str) -> None:
        """It stands for nothing any more: the next item of it is asked about. What was published stays."""
        store = self.storage.of(business)
        if (before := await self._keep(store, key, None)) is not None:
            await self._log(store, person, before.written, before, None)

    @staticmethod
    async def _keep(store: Store, key: str, method: PaymentMethod | None) -> PaymentMethod | None:
        """What it was before."""

        def keep(settings: BusinessSettings) -> BusinessSettings:
            others = {known: one for known, one in settings.payment_methods.items() if known != key}
            return replace(settings, payment_methods=others | ({key: method} if method else {}))

        before, _ = await store.settings.change(keep)
        return before.payment_methods.get(key)

    async def _log(
        self,
        store: Store,
        person: PersonId,
        written: str,
        before: PaymentMethod | None,
        after: PaymentMethod | None,
    ) -> None:
        old, new = (one.words if one else "none" for one in (before, after))
        await store.log.append(LogEntry(self.clock(), person, "payment_method.changed", written, old, new))
