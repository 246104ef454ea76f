"""Supplier rules: what items of a supplier get when nobody set it by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.lists import Entry, ListKind
from bot.domain.resolving import NEW
from bot.domain.settings import SupplierRule
from bot.domain.suppliers import key
from bot.errors import FieldErrors
from bot.ports import Clock, Storage, Store


@dataclass(frozen=True)
class RuleView:
    """A rule with its entries; nothing where an entry is no longer known."""

    rule: SupplierRule
    category: Entry | None
    tax: Entry | None


@dataclass(frozen=True)
class RuleService:
    storage: Storage
    clock: Clock

    async def all(self, business: Business) -> Sequence[RuleView]:
        """Every rule that sets something, by supplier."""
        store = self.storage.of(business)
        rules = [rule for rule in await store.rules.all() if rule.category or rule.tax]
        wanted = [(ListKind.CATEGORIES, rule.category) for rule in rules if rule.category]
        wanted += [(ListKind.TAXES, rule.tax) for rule in rules if rule.tax]
        lists = await store.lists.slice(wanted)
        views = [
            RuleView(
                rule,
                lists.by_id(ListKind.CATEGORIES, rule.category) if rule.category else None,
                lists.by_id(ListKind.TAXES, rule.tax) if rule.tax else None,
            )
            for rule in rules
        ]
        return sorted(views, key=lambda view: view.rule.name.casefold())

    async def save(
        self, business: Business, person: PersonId, supplier: str, category: str, tax: str
    ) -> SupplierRule:
        """Sets a supplier's rule: ids of entries, empty for what the rule leaves alone. `supplier` is an
        entry's id or `new:NAME`. Raises FieldErrors."""
        store = self.storage.of(business)
        name = await self._name(store, supplier)
        lists = await store.lists.slice([(ListKind.CATEGORIES, category), (ListKind.TAXES, tax)])
        faults: dict[str, str] = {}
        if not name:
            faults["supplier"] = "Choose a supplier."
        for kind, chosen in ((ListKind.CATEGORIES, category), (ListKind.TAXES, tax)):
            entry = lists.by_id(kind, EntryId(chosen)) if chosen else None
            if chosen and not (entry and entry.active):
                field = "category" if kind is ListKind.CATEGORIES else "tax"
                faults[field] = "This is no longer on the list. Choose another one."
        if not (category or tax):
            faults["category"] = "Choose a category, a tax, or both."
        if faults:
            raise FieldErrors(faults)
        rule = SupplierRule(key(name), EntryId(category) or None, EntryId(tax) or None, name)
        await self._keep(store, person, rule)
        return rule

    async def remove(self, business: Business, person: PersonId, supplier_key: str) -> None:
        """The rule sets nothing any more."""
        store = self.storage.of(business)
        before = await store.rules.of(supplier_key)
        if before is not None:
            await self._keep(store, person, SupplierRule(supplier_key, name=before.name))

    async def _keep(self, store: Store, person: PersonId, rule: SupplierRule) -> None:
        before = await store.rules.of(rule.supplier)
        await store.rules.save(rule)
        await store.log.append(
            LogEntry(self.clock(), person, "rule.changed", rule.name, _words(before), _words(rule))
        )

    async def _name(self, store: Store, supplier: str) -> str:
        if supplier.startswith(NEW):
            return supplier.removeprefix(NEW).strip()
        lists = await store.lists.slice([(ListKind.SUPPLIERS, supplier)])
        entry = lists.by_id(ListKind.SUPPLIERS, EntryId(supplier))
        return entry.name if entry else ""


def _words(rule: SupplierRule | None) -> str:
    if rule is None or not (rule.category or rule.tax):
        return "none"
    return f"category {rule.category or '–'}, tax {rule.tax or '–'}"
