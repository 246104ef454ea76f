"""Items as they are shown: resolved anew each time they are looked at, in two round trips for all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain import claim_coding, duplicates, holds, matching, transitions
from bot.domain.claim_coding import Joined
from bot.domain.claim_lines import Receipt
from bot.domain.coding import Coding, Problem
from bot.domain.connection import Connection, Organisation
from bot.domain.duplicates import Suspect
from bot.domain.identity import ItemId, is_in_books
from bot.domain.items import Field, Item, ItemStage, ItemStatus
from bot.domain.layers import named, supplier_name
from bot.domain.lists import ListKind
from bot.domain.matching import Alias
from bot.domain.resolving import resolve, wanted
from bot.domain.rules import rule_key
from bot.domain.settings import BooksChanges, BusinessSettings, DuplicateMode, SupplierRule
from bot.domain.uses import of_rule
from bot.ports import Store
from bot.ports.views import Asked, Desk, LookedUp, Others
from bot.services.claim_views import joined

AT_ONCE = 200
"""So many items are looked up by one run of a script."""
Beside = tuple[Item, Others]
NONE: Mapping[ItemId, Item] = {}


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
    instead: Mapping[str, SupplierRule] = field(default_factory=dict)
    """Rules, by key, as they are to be taken rather than as they stand."""

    @classmethod
    async def of(cls, store: Store) -> Viewer:
        return cls.at(store, await store.views.desk())

    @classmethod
    def at(cls, store: Store, desk: Desk) -> Viewer:
        return cls(store, desk.settings, desk.connection, desk.lists.refreshed_at, desk.aliases)

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

    async def view(self, item: Item) -> ItemView:
        """Resolved anew each time, until it is published: that stays as it was booked. What was said of a
        failure is left out once its cause is gone."""
        (view,) = await self.views([item])
        return view

    async def views(self, items: Sequence[Item]) -> Sequence[ItemView]:
        """As `view`, of items at hand: one look at the others beside them, one at lists and rules."""
        return await self.seen(list(zip(items, await self.store.duplicates.candidates(items), strict=True)))

    async def look(self, items: Sequence[Item]) -> Sequence[ItemView]:
        """As `views`, of items that are not stored: they are compared with each other too."""
        stored = await self.store.duplicates.candidates(items)
        among = duplicates.among(items)
        return await self.seen(
            [
                (item, [*known, *((other, None) for other in others)])
                for item, known, others in zip(items, stored, among, strict=True)
            ],
            {item.id: item for item in items},
        )

    async def seen(
        self, items: Sequence[Beside], at_hand: Mapping[ItemId, Item] = NONE
    ) -> Sequence[ItemView]:
        """As `views`, where the others beside each item are at hand too; `at_hand` are items that claims may
        name before they are stored."""
        claims = await joined(self.store, [item for item, _ in items], at_hand, self._receipts)
        return await self._resolved(items, claims)

    async def _receipts(self, items: Sequence[Item]) -> Sequence[Receipt]:
        """Each by itself: the claims they are in are not looked at."""
        beside = zip(items, await self.store.duplicates.candidates(items), strict=True)
        views = await self._resolved(list(beside), Joined())
        return [Receipt(view.item, view.coding, view.question) for view in views]

    async def _resolved(self, items: Sequence[Beside], claims: Joined) -> Sequence[ItemView]:
        if not items:
            return []
        parts = [items[start : start + AT_ONCE] for start in range(0, len(items), AT_ONCE)]
        published = [item.publication for item, _ in items if item.stage is ItemStage.PUBLISHED]
        found = await self.store.views.look_up([self._asked(part) for part in parts], published)
        found = replace(found, rules={**found.rules, **self.instead})
        return [self._view(item, others, found, claims) for item, others in items]

    def _asked(self, items: Sequence[Beside]) -> Asked:
        texts: set[tuple[ListKind, str]] = set()
        rules: set[str] = set()
        for item, others in items:
            texts |= wanted(item, None, self.settings, self.organisation, self._alias(item))
            for one in (item, *(other for other, _ in others)):
                texts |= duplicates.wanted(one, self.aliases) if others else set()
                rules.add(rule_key(one.document.side, supplier_name(one)))
        for rule in self.instead.values():
            texts |= {(kind, str(entry_id)) for _, kind, entry_id in of_rule(rule)}
            texts |= {(ListKind.CURRENCIES, rule.currency)} if rule.currency else set()
        return Asked(texts, rules - {""})

    def _alias(self, item: Item) -> Alias | None:
        return matching.alias_of(self.aliases, named(item))

    def _rule(self, item: Item, found: LookedUp) -> SupplierRule | None:
        """Whose rule counts: the supplier that was chosen or is known, else the one the document names."""
        known = duplicates.party(item, found.lists, self.aliases)
        return found.rules.get(rule_key(item.document.side, known.name if known else supplier_name(item)))

    def _view(self, item: Item, others: Others, found: LookedUp, beside: Joined) -> ItemView:
        base = self.organisation.currency if self.organisation else ""
        suspects: Sequence[Suspect] = ()
        if others:
            alike = duplicates.suspects(item, others, found.lists, self.aliases, base, found.rules)
            suspects = [one for one in alike if self._counts(one)]
        publication = found.publications.get(item.publication)
        if item.stage is ItemStage.PUBLISHED and publication and publication.coding:
            return ItemView(
                item,
                publication.coding,
                ItemStatus.PUBLISHED,
                self.connection,
                self.settings,
                suspects=suspects,
            )
        rule = self._rule(item, found)
        coding = resolve(
            claim_coding.bare(item),
            rule,
            self.settings,
            found.lists,
            self.organisation,
            software=self.software,
            alias=self._alias(item),
        )
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

    def _hold_stands(self, item: Item, coding: Coding) -> bool:
        connected_at = self.connection.connected_at if self.connection else None
        return item.hold is None or holds.stands(
            item.hold, coding, connected_at=connected_at, refreshed_at=self.refreshed_at
        )


async def views_of(store: Store, ids: Sequence[ItemId]) -> Sequence[ItemView]:
    """Those of these items that are there."""
    seen = await store.views.items(ids)
    return await Viewer.at(store, seen.desk).seen(seen.items)
