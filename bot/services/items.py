"""The inbox: looking at items, editing, rejecting, and picking values from the lists."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from bot.domain import claim_coding, claims, duplicates, holds, matching, transitions
from bot.domain.audit import LogEntry
from bot.domain.claim_coding import Joined
from bot.domain.claim_lines import Receipt
from bot.domain.coding import Coding, Problem
from bot.domain.connection import Connection, Organisation
from bot.domain.duplicates import Suspect
from bot.domain.identity import Business, EntryId, ItemId, MessageRef, PersonId, is_in_books
from bot.domain.items import Field, Hold, Item, ItemStage, ItemStatus, Side
from bot.domain.layers import named
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.matching import Alias
from bot.domain.resolving import KINDS, NEW, resolve, supplier_name, wanted
from bot.domain.rules import rule_key
from bot.domain.settings import BooksChanges, BusinessSettings, DuplicateMode, SupplierRule
from bot.errors import AlreadyDone, FieldErrors, NotFound, WrongInput
from bot.ports import Clock, Storage, Store
from bot.services import inbox
from bot.services.claim_views import joined
from bot.services.inbox import Page

AT_ONCE = 200


@dataclass(frozen=True)
class ItemView:
    """An item as it is shown."""

    item: Item
    coding: Coding
    status: ItemStatus
    connection: Connection | None
    settings: BusinessSettings
    rule: SupplierRule | None = None
    suspects: Sequence[Suspect] = ()
    """Other items that may be the same document; those that somebody must answer for come first."""
    claim: Item | None = None
    """The expense claim that it is a line of."""
    receipts: Sequence[Receipt] = ()
    """Of an expense claim that is not published: its lines, as each is coded by itself."""

    @property
    def only_asks(self) -> bool:
        """Whether all that is missing is the answer to a possible duplicate of this very item."""
        return any(one.asks for one in self.suspects) and len(self.coding.problems) == 1

    @property
    def question(self) -> str:
        """Whether it is a duplicate, where somebody must say so."""
        asks = next((one for one in self.suspects if one.asks), None)
        return duplicates.says(asks, self.item.received_at.date()) if asks else ""

    @property
    def warn_new_supplier(self) -> bool:
        return self.settings.warn_new_supplier


@dataclass(frozen=True)
class Viewer:
    """Resolves items of one business; settings and connection are read once for all of them."""

    store: Store
    settings: BusinessSettings
    connection: Connection | None
    refreshed_at: dt.datetime | None = None
    aliases: Mapping[str, Alias] = field(default_factory=dict)

    @classmethod
    async def of(cls, store: Store) -> Viewer:
        settings, connection = await store.settings.read(), await store.connection.read()
        refreshed_at = (await store.lists.state()).refreshed_at
        return cls(store, settings, connection, refreshed_at, await store.aliases.all())

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
        (view,) = await self.views([item])
        return view

    async def views(self, items: Sequence[Item]) -> Sequence[ItemView]:
        """As `view`; rules are read once for all of them, lists twice for some hundreds."""
        return await self._in_parts(items, [()] * len(items), {})

    async def look(self, items: Sequence[Item]) -> Sequence[ItemView]:
        """As `views`, of items that are not stored: they are compared with each other too."""
        return await self._in_parts(items, duplicates.among(items), {item.id: item for item in items})

    async def _in_parts(
        self,
        items: Sequence[Item],
        beside: Sequence[Sequence[Item]],
        at_hand: Mapping[ItemId, Item] | None,
    ) -> Sequence[ItemView]:
        """`at_hand` are items that claims may name before they are stored; with nothing, claims are not
        looked at."""
        views: list[ItemView] = []
        for start in range(0, len(items), AT_ONCE):
            part = slice(start, start + AT_ONCE)
            claims = Joined()
            if at_hand is not None:
                claims = await joined(self.store, items[part], at_hand, self._receipts)
            views += await self._views(items[part], beside[part], claims)
        return views

    async def _receipts(self, items: Sequence[Item]) -> Sequence[Receipt]:
        views = await self._in_parts(items, [()] * len(items), None)
        return [Receipt(view.item, view.coding, view.question) for view in views]

    async def _views(
        self, items: Sequence[Item], beside: Sequence[Sequence[Item]], claims: Joined
    ) -> Sequence[ItemView]:
        suspected = await self._suspects(items, beside)
        lists = await self._looked_up([(item, None) for item in items])
        rules = await self._rules(items, lists)
        if any(rule and rule.sets_something for rule in rules):
            lists = await self._looked_up(list(zip(items, rules, strict=True)))
        return [
            await self._view(item, rule, lists, suspects, claims)
            for item, rule, suspects in zip(items, rules, suspected, strict=True)
        ]

    async def _looked_up(self, coded: Sequence[tuple[Item, SupplierRule | None]]) -> Lists:
        looked_up = {
            text
            for item, rule in coded
            for text in wanted(item, rule, self.settings, self.organisation, self._alias(item))
        }
        return await self.store.lists.slice(looked_up)

    def _alias(self, item: Item) -> Alias | None:
        return matching.alias_of(self.aliases, named(item))

    async def _rules(self, items: Sequence[Item], lists: Lists) -> Sequence[SupplierRule | None]:
        """Whose rule counts: the supplier that was chosen or is known, else the one the document names."""
        known = [duplicates.party(item, lists, self.aliases) for item in items]
        names = [
            entry.name if entry else supplier_name(item) for entry, item in zip(known, items, strict=True)
        ]
        keys = [rule_key(item.document.side, name) for item, name in zip(items, names, strict=True)]
        if len(keys) == 1:
            return [await self.store.rules.of(keys[0]) if keys[0] else None]
        rules = {rule.supplier: rule for rule in await self.store.rules.all()}
        return [rules.get(key) for key in keys]

    async def _view(
        self,
        item: Item,
        rule: SupplierRule | None,
        lists: Lists,
        suspects: Sequence[Suspect],
        beside: Joined,
    ) -> ItemView:
        suspects = [one for one in suspects if self._counts(one)]
        if item.stage is ItemStage.PUBLISHED:
            publication = await self.store.publications.get(item.publication)
            if publication and publication.coding:
                return ItemView(
                    item,
                    publication.coding,
                    ItemStatus.PUBLISHED,
                    self.connection,
                    self.settings,
                    suspects=suspects,
                )
        coding = resolve(
            claim_coding.bare(item),
            rule,
            self.settings,
            lists,
            self.organisation,
            software=self.software,
            alias=self._alias(item),
        )
        base = self.organisation.currency if self.organisation else ""
        coding = claim_coding.beside_others(item, coding, beside, base, self.settings.rounding_tolerance)
        if ((rule and rule.duplicates) or self.settings.duplicates) is DuplicateMode.OFF:
            suspects = ()
        if suspects and suspects[0].asks:
            question = duplicates.says(suspects[0], item.received_at.date(), self.software)
            coding = replace(coding, problems=(*coding.problems, Problem(Field.DOCUMENT_NUMBER, question)))
        if not self._hold_stands(item, coding):
            item = transitions.mended(item)
        status = transitions.status(item, coding)
        claim, receipts = beside.claim_of(item), beside.receipts_of(item)
        return ItemView(item, coding, status, self.connection, self.settings, rule, suspects, claim, receipts)

    def _counts(self, suspect: Suspect) -> bool:
        """A record that we did not make counts in its own organisation, while such are looked for."""
        if not suspect.facts.in_books:
            return True
        is_looked_for = self.settings.books_changes is BooksChanges.EVERYTHING
        organisation = self.organisation.id if self.organisation else "none"
        return is_looked_for and is_in_books(suspect.other.id, organisation)

    async def _suspects(
        self, items: Sequence[Item], beside: Sequence[Sequence[Item]]
    ) -> Sequence[Sequence[Suspect]]:
        """For each item the others that may be the same document: one look for all of them, and one more
        at the lists where something was found."""
        stored = await self.store.duplicates.candidates(items)
        candidates = [
            [*known, *((other, None) for other in others)]
            for known, others in zip(stored, beside, strict=True)
        ]
        alike = [item for item, others in zip(items, candidates, strict=True) if others]
        if not alike:
            return [() for _ in items]
        compared = {one.id: one for one in alike}
        compared |= {other.id: other for others in candidates for other, _ in others}
        asked = {text for one in compared.values() for text in duplicates.wanted(one, self.aliases)}
        lists = await self.store.lists.slice(asked)
        base = self.organisation.currency if self.organisation else ""
        return [
            duplicates.suspects(item, others, lists, self.aliases, base) if others else ()
            for item, others in zip(items, candidates, strict=True)
        ]


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
        return await (await Viewer.of(store)).views(await store.items.many(ids))

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
        viewer = await Viewer.of(self.storage.of(business))
        return await inbox.page(viewer, wanted_status, offset, limit, cause)

    async def counts(self, business: Business) -> Mapping[ItemStatus, int]:
        """How many there are to do, by what they are."""
        return await inbox.counts(await Viewer.of(self.storage.of(business)))

    async def find(self, business: Business, text: str, offset: int = 0, limit: int = 10) -> Page:
        """Items of any state by supplier, customer, number or total; newest first."""
        return await inbox.find(await Viewer.of(self.storage.of(business)), text, offset, limit)

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
        await self._refuse_if_booked(store, item_id)
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

    @staticmethod
    async def _refuse_if_booked(store: Store, item_id: ItemId) -> None:
        """A receipt is as fixed as the claim that it is a line of."""
        item = await store.items.get(item_id)
        claim = await store.items.get(item.claim) if item and item.claim else None
        if claim is not None:
            claims.refuse_if_booked(claim)

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
