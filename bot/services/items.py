"""The inbox: looking at items, editing, rejecting, and picking values from the lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import holds, transitions
from bot.domain.audit import LogEntry
from bot.domain.coding import Coding
from bot.domain.connection import Connection, Organisation
from bot.domain.identity import Business, EntryId, ItemId, MessageRef, PersonId
from bot.domain.items import NEW_SUPPLIER, Field, Hold, Item, ItemStage, ItemStatus, Side
from bot.domain.layers import party_field
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.resolving import KINDS, NEW, resolve, supplier_name, wanted
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.domain.suppliers import key
from bot.errors import AlreadyDone, FieldErrors, NotFound, WrongInput
from bot.ports import Clock, Storage, Store

STAGES: Mapping[ItemStatus | None, tuple[ItemStage, ...]] = {
    None: (ItemStage.INBOX, ItemStage.WAITING, ItemStage.PUBLISHING, ItemStage.FAILED),
    ItemStatus.NEEDS_ATTENTION: (ItemStage.INBOX, ItemStage.FAILED),
    ItemStatus.READY: (ItemStage.INBOX, ItemStage.FAILED),
    ItemStatus.WAITING: (ItemStage.WAITING,),
    ItemStatus.PUBLISHING: (ItemStage.PUBLISHING,),
    ItemStatus.PUBLISHED: (ItemStage.PUBLISHED,),
    ItemStatus.FAILED: (ItemStage.FAILED,),
    ItemStatus.REJECTED: (ItemStage.REJECTED,),
}
"""Where items of a status are looked for; nothing: all that is still to do."""
AT_ONCE = 200
LOOKED_AT = 500
"""Of so many newest items it is told whether they are ready; older ones come when these are done."""


@dataclass(frozen=True)
class ItemView:
    """An item as it is shown."""

    item: Item
    coding: Coding
    status: ItemStatus
    connection: Connection | None
    settings: BusinessSettings
    rule: SupplierRule | None = None

    @property
    def warn_new_supplier(self) -> bool:
        return self.settings.warn_new_supplier


@dataclass(frozen=True)
class Page:
    views: Sequence[ItemView]
    total: int
    offset: int
    counts: Mapping[ItemStatus, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Viewer:
    """Resolves items of one business; settings and connection are read once for all of them."""

    store: Store
    settings: BusinessSettings
    connection: Connection | None
    refreshed_at: dt.datetime | None = None

    @classmethod
    async def of(cls, store: Store) -> Viewer:
        settings, connection = await store.settings.read(), await store.connection.read()
        return cls(store, settings, connection, (await store.lists.state()).refreshed_at)

    async def _supplier_name(self, item: Item) -> str:
        """Whose rule counts: the supplier (or customer) chosen by hand, else the one the document names."""
        name = party_field(item.document.side)
        manual, kind = item.manual.get(name), KINDS[name]
        chosen = item.supplier_entry or (manual.value if manual else "")
        if chosen and not chosen.startswith(NEW):
            lists = await self.store.lists.slice([(kind, chosen)])
            if entry := lists.by_id(kind, EntryId(chosen)):
                return entry.name
        return supplier_name(item)

    @property
    def software(self) -> str:
        """As problems name it: `Zoho Books`."""
        return (
            self.connection.software.replace("-", " ").title()
            if self.connection
            else "the accounting software"
        )

    @property
    def organisation(self) -> Organisation | None:
        return self.connection.organisation if self.connection else None

    def _hold_stands(self, item: Item, coding: Coding) -> bool:
        connected_at = self.connection.connected_at if self.connection else None
        return item.hold is None or holds.stands(
            item.hold, coding, connected_at=connected_at, refreshed_at=self.refreshed_at
        )

    async def view(self, item: Item) -> ItemView:
        """Resolved anew each time, until it is published: that stays as it was booked. What was said of a
        failure is left out once its cause is gone."""
        if item.stage is ItemStage.PUBLISHED:
            publication = await self.store.publications.get(item.publication)
            if publication and publication.coding:
                return ItemView(
                    item, publication.coding, ItemStatus.PUBLISHED, self.connection, self.settings
                )
        name = await self._supplier_name(item)
        rule = await self.store.rules.of(key(name)) if name else None
        lists = await self.store.lists.slice(wanted(item, rule, self.settings, self.organisation))
        return self._resolved(item, rule, lists)

    async def fresh(self, items: Sequence[Item]) -> Sequence[ItemView]:
        """As `view`, of items that just came in and nobody has touched: rules are read once for all of them,
        lists once for some hundreds."""
        rules = {rule.supplier: rule for rule in await self.store.rules.all()}
        views: list[ItemView] = []
        for start in range(0, len(items), AT_ONCE):
            coded = [(item, rules.get(key(supplier_name(item)))) for item in items[start : start + AT_ONCE]]
            looked_up = {
                text for item, rule in coded for text in wanted(item, rule, self.settings, self.organisation)
            }
            lists = await self.store.lists.slice(looked_up)
            views += [self._resolved(item, rule, lists) for item, rule in coded]
        return views

    def _resolved(self, item: Item, rule: SupplierRule | None, lists: Lists) -> ItemView:
        organisation = self.organisation
        coding = resolve(item, rule, self.settings, lists, organisation, software=self.software)
        if not self._hold_stands(item, coding):
            item = transitions.mended(item)
        status = transitions.status(item, coding)
        return ItemView(item, coding, status, self.connection, self.settings, rule)


def _is_for(view: ItemView, cause: str) -> bool:
    if cause == NEW_SUPPLIER:
        return view.coding.new_supplier
    return not cause or bool(view.item.hold and view.item.hold.cause == cause)


@dataclass(frozen=True)
class ItemService:
    storage: Storage
    clock: Clock

    async def view(self, business: Business, item_id: ItemId) -> ItemView:
        """Raises NotFound."""
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        if item is None:
            raise NotFound("This item is no longer there.")
        return await (await Viewer.of(store)).view(item)

    async def views(self, business: Business, ids: Sequence[ItemId]) -> Sequence[ItemView]:
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        return [await viewer.view(item) for item in await store.items.many(ids)]

    async def page(
        self,
        business: Business,
        wanted_status: ItemStatus | None,
        offset: int = 0,
        limit: int = 10,
        cause: str = "",
    ) -> Page:
        """Items of a status, newest first; with none, all that is still to do. With a cause, those that wait
        or failed for it."""
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        items, _ = await store.items.page(STAGES[wanted_status], 0, LOOKED_AT)
        views = [await viewer.view(item) for item in items]
        if wanted_status is not None:
            views = [view for view in views if view.status is wanted_status and _is_for(view, cause)]
        counts: dict[ItemStatus, int] = {}
        for view in views:
            counts[view.status] = counts.get(view.status, 0) + 1
        return Page(views[offset : offset + limit], len(views), offset, counts)

    async def edit(
        self, business: Business, item_id: ItemId, person: PersonId, changes: Mapping[Field, str | None]
    ) -> ItemView:
        """Sets what a person says of fields; None takes it back. Raises FieldErrors, AlreadyDone."""
        store = self.storage.of(business)
        checked = await self._checked(store, changes)
        now = self.clock()
        read: list[Item] = []

        def edit(item: Item) -> Item:
            read[:] = [item]
            return transitions.edit(item, checked, person, now)

        item = await store.items.change(item_id, edit)
        viewer = await Viewer.of(store)
        before, after = await viewer.view(read[0]), await viewer.view(item)
        said = [(name, before.coding.text(name), after.coding.text(name)) for name in checked]
        await store.log.append(
            *(LogEntry(now, person, f"item.edited.{name}", item_id, old, new) for name, old, new in said)
        )
        return after

    async def _checked(self, store: Store, changes: Mapping[Field, str | None]) -> dict[Field, str | None]:
        checked: dict[Field, str | None] = {}
        faults: dict[str, str] = {}
        for name, value in changes.items():
            try:
                checked[name] = None if value is None else transitions.checked(name, value)
            except WrongInput as fault:
                faults[name.value] = fault.sentence
                continue
            if value and name in KINDS and not value.startswith(NEW):
                lists = await store.lists.slice([(KINDS[name], value)])
                entry = lists.by_id(KINDS[name], EntryId(value))
                if entry is None or not entry.active:
                    faults[name.value] = "This is no longer on the list. Choose another one."
        if faults:
            raise FieldErrors(faults)
        return checked

    async def reject(self, business: Business, item_id: ItemId, person: PersonId) -> ItemView:
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        waits = await store.publications.get(item.publication) if item and item.publication else None
        if waits is not None and waits.step.may_be_booked:
            # Given back now, it could be booked a second time under another reference.
            raise AlreadyDone(
                "This item may stand in the accounting software already.",
                advice="It goes on by itself after reconnecting.",
            )

        def reject(current: Item) -> Item:
            if item is not None and current.publication != item.publication:
                raise AlreadyDone("Somebody else was quicker with this item.", advice="Look at it again.")
            return transitions.reject(current, person)

        return await self._step(business, item_id, person, "item.rejected", reject)

    async def restore(self, business: Business, item_id: ItemId, person: PersonId) -> ItemView:
        return await self._step(business, item_id, person, "item.restored", transitions.restore)

    async def _step(
        self, business: Business, item_id: ItemId, person: PersonId, what: str, step: transitions.Step
    ) -> ItemView:
        store = self.storage.of(business)
        item = await store.items.change(item_id, step)
        await store.log.append(LogEntry(self.clock(), person, what, item_id))
        return await (await Viewer.of(store)).view(item)

    async def mend(self, business: Business) -> Sequence[ItemId]:
        """Takes what was said of failures off the items whose cause is gone; which they are."""
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        items, _ = await store.items.page((ItemStage.FAILED, ItemStage.INBOX), 0, LOOKED_AT)
        mended: list[ItemId] = []
        for item in items:
            if item.hold is not None and (await viewer.view(item)).item.hold is None:
                said = item.hold

                def mend(current: Item, said: Hold = said) -> Item:
                    return transitions.mended(current) if current.hold == said else current

                await store.items.change(item.id, mend)
                mended.append(item.id)
        return mended

    async def remember_card(self, business: Business, item_id: ItemId, card: MessageRef) -> None:
        """What happened before there was a card is told in its thread as well."""
        store = self.storage.of(business)
        await store.items.change(item_id, lambda item: transitions.with_card(item, card))
        await store.history.put_behind(item_id)

    async def options(
        self, business: Business, kind: ListKind, typed: str, *, side: Side | None = None, limit: int = 100
    ) -> Sequence[Entry]:
        """Active entries for a pick list; categories only of the side."""
        use = side.value if side and kind is ListKind.CATEGORIES else ""
        return await self.storage.of(business).lists.search(kind, typed, use=use, limit=limit)

    async def name_of(self, business: Business, kind: ListKind, entry_id: str) -> str:
        """The name of an entry that was picked; empty when it is gone."""
        entry = (await self.storage.of(business).lists.slice([(kind, entry_id)])).by_id(
            kind, EntryId(entry_id)
        )
        return entry.name if entry else ""
