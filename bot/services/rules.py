"""Supplier rules: what items get when nobody set it by hand, and whether they go by themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain import money
from bot.domain.audit import LogEntry
from bot.domain.auto_publish import switched
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.items import Field, PublishAs
from bot.domain.layers import NEW
from bot.domain.lists import Entry, ListKind
from bot.domain.settings import LONGEST_NAME, DuplicateMode, SupplierRule
from bot.domain.suppliers import key
from bot.errors import FieldErrors, WrongInput
from bot.ports import Clock, Storage, Store
from bot.services.items import ItemView

KINDS = {
    "category": ListKind.CATEGORIES,
    "tax": ListKind.TAXES,
    "payment_account": ListKind.BANK_ACCOUNTS,
}
"""The fields of a rule that come from a list."""
MOST_DUE_DAYS = 730
NO_CATEGORY = (
    "There is no category in this rule: what the document says would be booked unseen. Set a category, or "
    "tick the second box as well."
)


@dataclass(frozen=True)
class RuleView:
    """A rule with its entries by field; nothing where an entry is no longer known."""

    rule: SupplierRule
    entries: Mapping[str, Entry | None]

    @property
    def category(self) -> Entry | None:
        return self.entries.get("category")

    @property
    def tax(self) -> Entry | None:
        return self.entries.get("tax")

    @property
    def gone(self) -> tuple[str, ...]:
        """The fields whose entry vanished from the accounting software, or is inactive there."""
        return tuple(
            name
            for name, chosen in _chosen(self.rule).items()
            if chosen and not ((entry := self.entries.get(name)) and entry.active)
        )


@dataclass(frozen=True)
class RuleService:
    storage: Storage
    clock: Clock

    async def all(self, business: Business) -> Sequence[RuleView]:
        """Every rule that sets something, by supplier."""
        store = self.storage.of(business)
        rules = [rule for rule in await store.rules.all() if rule.sets_something]
        views = await self._views(store, rules)
        return sorted(views, key=lambda view: view.rule.name.casefold())

    async def of(self, business: Business, supplier_key: str) -> RuleView | None:
        store = self.storage.of(business)
        rule = await store.rules.of(supplier_key)
        return (await self._views(store, [rule]))[0] if rule else None

    async def _views(self, store: Store, rules: Sequence[SupplierRule]) -> list[RuleView]:
        wanted = [
            (KINDS[name], str(chosen)) for rule in rules for name, chosen in _chosen(rule).items() if chosen
        ]
        lists = await store.lists.slice(wanted)
        return [
            RuleView(
                rule,
                {
                    name: lists.by_id(KINDS[name], chosen) if chosen else None
                    for name, chosen in _chosen(rule).items()
                },
            )
            for rule in rules
        ]

    async def save(
        self, business: Business, person: PersonId, supplier: str, form: Mapping[str, str | None]
    ) -> SupplierRule:
        """Sets a supplier's rule from a form's fields (ids of entries, texts); an empty one is left alone by
        the rule. `supplier` is an entry's id or `new:NAME`. Raises FieldErrors."""
        store = self.storage.of(business)
        name = await self._name(store, supplier)
        before = await store.rules.of(key(name)) if name else None
        # The form has no currency: what a supplier list said of it stays.
        bare = SupplierRule(key(name), name=name, currency=before.currency if before else "")
        rule, faults = await self._read(store, bare, form)
        if not name:
            faults["supplier"] = "Choose a supplier."
        if len(name) > LONGEST_NAME:
            faults["supplier"] = f"A supplier's name has at most {LONGEST_NAME} characters."
        ticked = (form.get("auto") or "").split(",")
        auto, cap = "on" in ticked, amount_above_zero(form.get("cap") or "", "cap", faults)
        if auto and not rule.category and "sure" not in ticked and "category" not in faults:
            faults["auto"] = NO_CATEGORY
        rule = replace(
            rule,
            auto=switched(before.auto if before else None, on=auto, by=person, now=self.clock(), cap=cap),
        )
        if not rule.sets_something and not faults:
            faults["category"] = "Choose at least one thing that the rule sets."
        if faults:
            raise FieldErrors(faults)
        await self._keep(store, person, rule)
        return rule

    async def _read(
        self, store: Store, rule: SupplierRule, form: Mapping[str, str | None]
    ) -> tuple[SupplierRule, dict[str, str]]:
        faults: dict[str, str] = {}
        given = {name: form.get(name) or "" for name in KINDS}
        lists = await store.lists.slice([(KINDS[name], chosen) for name, chosen in given.items() if chosen])
        for name, chosen in given.items():
            entry = lists.by_id(KINDS[name], EntryId(chosen)) if chosen else None
            if chosen and not (entry and entry.active):
                faults[name] = "This is no longer on the list. Choose another one."
        publish_as, mode = form.get("publish_as") or "", form.get("duplicates") or ""
        return replace(
            rule,
            category=EntryId(given["category"]) or None,
            tax=EntryId(given["tax"]) or None,
            payment_account=EntryId(given["payment_account"]) or None,
            description=(form.get("description") or "").strip()[:500],
            publish_as=PublishAs(publish_as) if publish_as in set(PublishAs) else None,
            due_days=_days(form.get("due_days") or "", faults),
            duplicates=DuplicateMode(mode) if mode in set(DuplicateMode) else None,
        ), faults

    async def learn(
        self, business: Business, person: PersonId, view: ItemView, *, auto: bool = False
    ) -> SupplierRule | None:
        """**Make this a rule**: an item's category and tax, as they are now, become its supplier's; what else
        the rule sets stays. With `auto` its items go by themselves from now on. Nothing where the item has no
        supplier, or neither category nor tax."""
        name = view.coding.party
        category, tax = view.coding.entry(Field.CATEGORY), view.coding.entry(Field.TAX)
        if not name or not (category or tax):
            return None
        store = self.storage.of(business)
        before = await store.rules.of(key(name)) or SupplierRule(key(name))
        rule = replace(
            before,
            name=name,
            category=category.id if category else before.category,
            tax=tax.id if tax else before.tax,
        )
        if auto:
            rule = replace(rule, auto=before.auto or switched(None, on=True, by=person, now=self.clock()))
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
        views = await self._views(store, [one for one in (before, rule) if one])
        entries = [entry for view in views for entry in view.entries.values() if entry]
        names = {str(entry.id): entry.label for entry in entries}
        await store.log.append(
            LogEntry(
                self.clock(), person, "rule.changed", rule.name, words(before, names), words(rule, names)
            )
        )

    async def _name(self, store: Store, supplier: str) -> str:
        if supplier.startswith(NEW):
            return supplier.removeprefix(NEW).strip()
        lists = await store.lists.slice([(ListKind.SUPPLIERS, supplier)])
        entry = lists.by_id(ListKind.SUPPLIERS, EntryId(supplier))
        return entry.name if entry else ""


def _chosen(rule: SupplierRule) -> dict[str, EntryId | None]:
    return {"category": rule.category, "tax": rule.tax, "payment_account": rule.payment_account}


def _days(text: str, faults: dict[str, str]) -> int | None:
    text = text.strip()
    if not text:
        return None
    if not text.isdecimal() or int(text) > MOST_DUE_DAYS:
        faults["due_days"] = f"Write a number of days from 0 to {MOST_DUE_DAYS}."
        return None
    return int(text)


def amount_above_zero(text: str, name: str, faults: dict[str, str]) -> Decimal | None:
    """A form's limit; what is wrong with it goes to `faults` under the field's name."""
    if not text.strip():
        return None
    try:
        amount = money.parse(text)
    except WrongInput as fault:
        faults[name] = fault.sentence
        return None
    if amount <= 0:
        faults[name] = "The limit must be above zero; leave it empty for none."
    return amount


def words(rule: SupplierRule | None, names: Mapping[str, str]) -> str:
    """A rule in a few words, for the log and for people."""
    if rule is None or not rule.sets_something:
        return "none"
    said = [
        f"{name.replace('_', ' ')} {names.get(str(chosen), str(chosen))}"
        for name, chosen in _chosen(rule).items()
        if chosen
    ]
    said += [f"currency {rule.currency}"] if rule.currency else []
    said += [f"due after {rule.due_days} days"] if rule.due_days is not None else []
    said += [f"description “{rule.description}”"] if rule.description else []
    said += [f"publish as {rule.publish_as.words.lower()}"] if rule.publish_as else []
    said += [f"possible duplicates: {rule.duplicates.words.lower()}"] if rule.duplicates else []
    if rule.auto:
        said.append("auto-publish" + (f" up to {rule.auto.cap}" if rule.auto.cap is not None else ""))
    return ", ".join(said)
