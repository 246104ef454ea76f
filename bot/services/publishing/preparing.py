"""Before anything leaves: resolved, checked for what would be refused, frozen."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import suppliers
from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.items import Field, Item
from bot.domain.layers import KINDS
from bot.domain.lists import Entry, ListKind
from bot.domain.publication import Publication, Step
from bot.errors import BotError, NotReady, Refused
from bot.ports import AccountingSoftware, Clock, Ledger, Store
from bot.services.contacts import Contacts
from bot.services.items import ItemView, Viewer
from bot.services.numbers import refuse_used_number
from bot.services.publishing.correcting import corrected

SUPPLIER_LOCK_SECONDS = 20.0


class SupplierUnknown(BotError):
    """The warning was switched on, or the supplier vanished, after the click."""

    def __init__(self, name: str, why: str = "is not in Zoho Books yet.") -> None:
        super().__init__(f"{name} {why}", advice="Press Publish to choose or create it.")


def for_organisation(publication: Publication, organisation: str) -> Publication:
    """Another organisation was connected since the record was prepared: prepared anew where nothing was
    sent; what may have been sent cannot be looked up here. Raises Refused."""
    if publication.organisation in ("", organisation):
        return publication
    if publication.step is Step.SENDING:
        raise Refused(
            "Another organisation was connected while this item was being sent.",
            cause="organisation",
            advice="Look for it in the organisation from before. If it is not there, say so on the card.",
        )
    return replace(publication, step=Step.CLAIMED, supplier=None, organisation="", record=None)


@dataclass(frozen=True)
class Preparing:
    store: Store
    ledger: Ledger
    clock: Clock

    async def prepare(
        self, software: AccountingSoftware, connection: Connection, item: Item, publication: Publication
    ) -> Publication:
        """Resolves, checks what would be refused, freezes the payload."""
        store = self.store
        view = await (await Viewer.of(store)).view(item)
        if not view.coding.is_ready:
            raise NotReady(tuple(problem.says for problem in view.coding.problems))
        supplier = view.coding.entry(view.coding.party_field)
        if supplier is None:
            supplier = await self._supplier(view, publication)
        currencies = {entry.name: entry.id for entry in await store.lists.active(ListKind.CURRENCIES)}
        organisation = connection.organisation
        linked = await corrected(store, view.coding, supplier.id, organisation.id)
        coding = replace(view.coding, corrected=linked)
        record = software.record(coding, supplier, organisation, currencies, publication.id)
        await refuse_used_number(store, self.ledger, record)
        prepared = replace(
            publication,
            step=Step.PREPARED,
            supplier=supplier.id,
            organisation=organisation.id,
            record=record,
            coding=coding.with_supplier(supplier),
        )
        await store.publications.save(prepared)
        return prepared

    async def _supplier(self, view: ItemView, publication: Publication) -> Entry:
        """The unknown supplier, or customer of a sale, made once however many items wait for it."""
        store = self.store
        name, kind = view.coding.party, KINDS[view.coding.party_field]
        if view.coding.ambiguous_supplier:
            raise SupplierUnknown(name, f"fits two {kind.value} in Zoho Books.")
        if view.warn_new_supplier and not publication.may_create_supplier:
            raise SupplierUnknown(name)
        contacts = Contacts(self.ledger, kind)
        async with store.lock(f"supplier-{suppliers.key(name)}", SUPPLIER_LOCK_SECONDS):
            known = (await store.lists.slice([(kind, name)])).find(kind, name)
            if known is not None:
                return known
            currency = view.coding.entry(Field.CURRENCY)
            base = view.connection.organisation.currency if view.connection else ""
            foreign = currency.id if currency and currency.name != base else ""
            supplier, is_new = await contacts.make(name, foreign)
            await store.lists.add(kind, supplier)
        if is_new:
            what = f"{view.coding.party_field}.created"
            await store.log.append(
                LogEntry(self.clock(), publication.asked_by, what, view.item.id, after=name)
            )
        return supplier
