"""The inbox: looking at items, editing, rejecting, and picking values from the lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from bot.domain import transitions
from bot.domain.audit import LogEntry
from bot.domain.identity import Business, EntryId, ItemId, MessageRef, PersonId
from bot.domain.items import Field, Hold, Item, ItemStage, ItemStatus, Side
from bot.domain.lists import Entry, ListKind
from bot.domain.resolving import KINDS, NEW
from bot.errors import AlreadyDone, FieldErrors, NotFound, WrongInput
from bot.ports import Clock, Storage, Store
from bot.services import inbox
from bot.services.editing import edited
from bot.services.inbox import Page
from bot.services.viewing import ItemView, Viewer, views_of

__all__ = ["ItemService", "ItemView", "Page", "Viewer"]


@dataclass(frozen=True)
class ItemService:
    storage: Storage
    clock: Clock

    async def view(self, business: Business, item_id: ItemId) -> ItemView:
        """Raises NotFound."""
        found = await self.views(business, [item_id])
        if not found:
            raise NotFound("This item is no longer there.")
        return found[0]

    async def views(self, business: Business, ids: Sequence[ItemId]) -> Sequence[ItemView]:
        return await views_of(self.storage.of(business), ids)

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
        return await inbox.page(self.storage.of(business), wanted_status, offset, limit, cause)

    async def counts(self, business: Business) -> Mapping[ItemStatus, int]:
        """How many there are to do, by what they are."""
        return await inbox.counts(self.storage.of(business))

    async def find(self, business: Business, text: str, offset: int = 0, limit: int = 10) -> Page:
        """Items of any state by supplier, customer, number or total; newest first."""
        return await inbox.find(self.storage.of(business), text, offset, limit)

    async def number_to_do(self, business: Business) -> int:
        """How many there are to look through, in one quick look."""
        known = await self.storage.of(business).items.counts()
        return sum(known[stage] for stage in inbox.RESOLVED)

    async def edit(
        self, business: Business, item_id: ItemId, person: PersonId, changes: Mapping[Field, str | None]
    ) -> ItemView:
        """Sets what a person says of fields; None takes it back. Raises FieldErrors, AlreadyDone."""
        store = self.storage.of(business)
        checked = await self._checked(store, changes)
        now = self.clock()
        changed = await edited(store, item_id, lambda item: transitions.edit(item, checked, person, now))
        before, after = await (await Viewer.of(store)).views(changed)
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
        is_published = item is not None and item.stage is ItemStage.PUBLISHED
        if waits is not None and waits.step.may_be_booked and not is_published:
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

    async def not_booked(self, business: Business, item_id: ItemId, person: PersonId) -> ItemView:
        """A person looked there: what was in doubt is not. Raises AlreadyDone."""
        return await self._step(business, item_id, person, "item.not_booked", transitions.not_booked)

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
        mended: list[ItemId] = []
        async for items in store.items.walk(inbox.RESOLVED):
            held = [item for item in items if item.hold is not None]
            for item, view in zip(held, await viewer.views(held), strict=True):
                if view.item.hold is None and item.hold is not None:
                    await store.items.change(item.id, partial(_mended, said=item.hold))
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


def _mended(item: Item, said: Hold) -> Item:
    return transitions.mended(item) if item.hold == said else item
