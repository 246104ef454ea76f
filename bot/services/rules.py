"""Rules of suppliers and customers: what items get when nobody set it by hand, and whether they go by
themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.domain import money
from bot.domain.audit import LogEntry
from bot.domain.auto_publish import switched
from bot.domain.identity import Business, EntryId, PersonId
from bot.domain.items import Field, PublishAs, Side
from bot.domain.kinds import OFFERED
from bot.domain.layers import NEW, party_field
from bot.domain.lists import ListKind
from bot.domain.recoding import Recoding
from bot.domain.rules import LONGEST_DESCRIPTION, MOST_DUE_DAYS, PARTIES, not_for, rule_key, words
from bot.domain.settings import LONGEST_NAME, DuplicateMode, SupplierRule
from bot.domain.uses import RULE_LISTS
from bot.errors import AlreadyDone, FieldErrors, NotFound, WrongInput
from bot.ports import Clock, Jobs, Storage, Store
from bot.services.items import ItemView
from bot.services.recoding import tell_recoded
from bot.services.rule_book import rule_views

NO_CATEGORY = (
    "There is no category in this rule: what the document says would be booked unseen. Set a category, or "
    "tick the second box as well."
)


@dataclass(frozen=True)
class RuleService:
    storage: Storage
    jobs: Jobs
    clock: Clock

    async def save(
        self,
        business: Business,
        person: PersonId,
        supplier: str,
        form: Mapping[str, str | None],
        side: Side = Side.COST,
    ) -> SupplierRule:
        """Sets the rule of a supplier, of sales: a customer, from a form's fields (ids of entries, texts); an
        empty one is left alone by the rule. `supplier` is an entry's id or `new:NAME`. Raises FieldErrors."""
        store = self.storage.of(business)
        name, who = await self._name(store, supplier, side), party_field(side).value
        key = rule_key(side, name)
        before = await store.rules.of(key) if key else None
        rule, faults = await self._read(store, SupplierRule(key, name=name, side=side), form)
        if not key:
            faults[who] = f"Choose a {who}."
        if len(name) > LONGEST_NAME:
            faults[who] = f"A {who}'s name has at most {LONGEST_NAME} characters."
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
        kinds = {**RULE_LISTS, "currency": ListKind.CURRENCIES}
        given = {name: form.get(name) or "" for name in kinds}
        lists = await store.lists.slice([(kinds[name], chosen) for name, chosen in given.items() if chosen])
        found = {name: lists.by_id(kinds[name], EntryId(chosen)) for name, chosen in given.items()}
        for name, entry in found.items():
            if given[name] and not (entry and entry.active):
                faults[name] = "This is no longer on the list. Choose another one."
            elif entry and (says := not_for(rule.side, name, entry)):
                faults[name] = says
        publish_as, mode = form.get("publish_as") or "", form.get("duplicates") or ""
        return replace(
            rule,
            category=EntryId(given["category"]) or None,
            tax=EntryId(given["tax"]) or None,
            payment_account=EntryId(given["payment_account"]) or None,
            currency=found["currency"].name if found["currency"] else "",
            description=(form.get("description") or "").strip()[:LONGEST_DESCRIPTION],
            publish_as=PublishAs(publish_as) if publish_as in OFFERED[rule.side] else None,
            due_days=_days(form.get("due_days") or "", faults),
            duplicates=DuplicateMode(mode) if mode in set(DuplicateMode) else None,
        ), faults

    async def learn(
        self,
        business: Business,
        person: PersonId,
        view: ItemView,
        *,
        auto: bool = False,
        cap: str = "",
        everywhere: bool = False,
    ) -> SupplierRule | None:
        """**Make this a rule**: an item's category and tax, as they are now, become its supplier's; what else
        the rule sets stays. With `auto` its items go by themselves from now on, up to `cap`; `everywhere`
        takes back what was set by hand on its other waiting items. Nothing where the item has no supplier, or
        neither category nor tax. Raises FieldErrors."""
        faults: dict[str, str] = {}
        limit = amount_above_zero(cap, "cap", faults)
        if faults:
            raise FieldErrors(faults)
        name, side = view.coding.party, view.item.document.side
        key = rule_key(side, name)
        category, tax = view.coding.entry(Field.CATEGORY), view.coding.entry(Field.TAX)
        if not key or not (category or tax):
            return None
        store = self.storage.of(business)
        before = await store.rules.of(key) or SupplierRule(key, side=side)
        rule = replace(
            before,
            name=name,
            category=category.id if category else before.category,
            tax=tax.id if tax else before.tax,
        )
        if auto:
            limit = limit or (before.auto.cap if before.auto else None)
            switch = switched(before.auto, on=True, by=person, now=self.clock(), cap=limit)
            rule = replace(rule, auto=switch)
        back = [Recoding(person, self.clock(), rule, takes_back_but=view.item.id)] if everywhere else []
        await self._keep(store, person, rule, back)
        return rule

    async def remove(self, business: Business, person: PersonId, supplier_key: str) -> None:
        """The rule sets nothing any more."""
        store = self.storage.of(business)
        before = await store.rules.of(supplier_key)
        if before is not None:
            await self._keep(store, person, SupplierRule(supplier_key, name=before.name, side=before.side))

    async def clear(self, business: Business, person: PersonId, key: str, name: str) -> None:
        """Takes one thing out of a rule that it cannot have; the rest of it stays. Raises NotFound."""
        store = self.storage.of(business)
        rule = await _rule(store, key)
        empty: dict[str, Any] = {name: getattr(SupplierRule(key), name)}
        await self._keep(store, person, replace(rule, **empty))

    async def move(self, business: Business, person: PersonId, key: str, name: str) -> None:
        """The rule becomes that of the supplier who is really called so. Raises NotFound, AlreadyDone where
        that one has a rule by now."""
        store = self.storage.of(business)
        rule = await _rule(store, key)
        moved = replace(rule, supplier=rule_key(rule.side, name), name=name)
        other = await store.rules.of(moved.supplier)
        if other and other.sets_something:
            raise AlreadyDone(f"{name} has a rule of its own by now.", advice="Look at both again.")
        await self._keep(store, person, moved)
        await self._keep(store, person, SupplierRule(key, name=rule.name, side=rule.side))

    async def _keep(
        self, store: Store, person: PersonId, rule: SupplierRule, more: Sequence[Recoding] = ()
    ) -> None:
        before = await store.rules.of(rule.supplier)
        former = before or SupplierRule(rule.supplier, name=rule.name, side=rule.side)
        await store.rules.save(rule, before=[Recoding(person, self.clock(), former), *more])
        await tell_recoded(self.jobs, store.business)
        views = await rule_views(store, [one for one in (before, rule) if one])
        names = {number: label for view in views for number, label in view.names.items()}
        await store.log.append(
            LogEntry(
                self.clock(), person, "rule.changed", rule.name, words(before, names), words(rule, names)
            )
        )

    async def _name(self, store: Store, supplier: str, side: Side) -> str:
        if supplier.startswith(NEW):
            return supplier.removeprefix(NEW).strip()
        lists = await store.lists.slice([(PARTIES[side], supplier)])
        entry = lists.by_id(PARTIES[side], EntryId(supplier))
        return entry.name if entry else ""


async def _rule(store: Store, key: str) -> SupplierRule:
    rule = await store.rules.of(key)
    if rule is None or not rule.sets_something:
        raise NotFound("This rule is gone already.", advice="Look at the rules again.")
    return rule


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
