"""The work of publishing: one run takes a publication from the step it had reached to the record.

Each step is written down before the next begins, so that a run which is cut anywhere goes on from there:
claimed → prepared (payload frozen) → sending → sent → recorded. Found at *sending*, the record is looked
up by our reference before anything is sent again. A bill with payment goes sent → paying → paid → recorded,
and the payment is looked up by a reference of its own.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from bot.domain import holds, suppliers, transitions
from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.identity import BOT, Business, ItemId, PersonId
from bot.domain.items import NEW_SUPPLIER, NUMBER_USED, RECONNECT, Field, Hold, Item, ItemStage, Published
from bot.domain.layers import KINDS
from bot.domain.lists import Entry, ListKind
from bot.domain.publication import Publication, Step, differences, number_key
from bot.domain.roles import Role
from bot.errors import (
    AccountingError,
    AlreadyDone,
    AnswerLost,
    BotError,
    NotAllowed,
    NotConnected,
    NotFound,
    NotReady,
    RateLimited,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from bot.ports import AccountingSoftware, Clock, Jobs, Ledger, Storage, Store
from bot.services.contacts import Contacts
from bot.services.items import ItemView, Viewer
from bot.services.numbers import name_holder, refuse_used_number
from bot.services.refresh import mark_broken
from bot.services.roles import RoleService

MOST_ATTEMPTS = 6
SUPPLIER_LOCK_SECONDS = 20.0
PUBLICATION_LOCK_SECONDS = 15.0
PUBLISH = "publish items"
LOOK_THERE = "It may have been booked: look for it there before you publish again."


class RetryLater(Exception):
    """The publication stands where it stood; run it again after so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def reconnect_hold(at: datetime) -> Hold:
    """What an item waits for while the connection is broken."""
    return Hold(RECONNECT, "Zoho Books is not connected.", "It goes on by itself after reconnecting.", at)


async def attach_later(
    jobs: Jobs, business: Business, item_id: ItemId, once: str, seconds: float = 0
) -> None:
    """Puts the sending of an item's files on the queue."""
    key = f"attach:{business}:{item_id}:{once}"
    await jobs.enqueue("attach_files", str(business), item_id, key=key, after_seconds=seconds)


@dataclass(frozen=True)
class Publisher:
    """Runs publications."""

    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    roles: RoleService
    clock: Clock

    async def run(self, business: Business, item_id: ItemId, publication_id: str) -> ItemView:
        """One run of a publication; goes on at the step it had reached. Raises RetryLater, NotFound."""
        store = self.storage.of(business)
        async with store.lock(f"publication-{publication_id}", PUBLICATION_LOCK_SECONDS):
            return await self._run(store, item_id, publication_id)

    async def _run(self, store: Store, item_id: ItemId, publication_id: str) -> ItemView:
        """One process at a time: a second one that was given the job finds what the first one did."""
        publication = await store.publications.get(publication_id)
        item = await store.items.get(item_id)
        if item is None or publication is None:
            raise NotFound("This item is no longer there.")
        if item.stage is ItemStage.WAITING and item.publication == publication_id:
            item = await self._mended(store, item, publication)
        if item.publication != publication_id or item.stage is not ItemStage.PUBLISHING:
            if item.stage is not ItemStage.WAITING:
                await store.publications.close(publication_id)
            return await (await Viewer.of(store)).view(item)
        try:
            item = await self._go_on(store, item, publication)
        except RetryLater:
            raise
        except BotError as fault:
            item = await self._stopped(store, publication_id, item, fault)
        return await (await Viewer.of(store)).view(item)

    async def _mended(self, store: Store, item: Item, publication: Publication) -> Item:
        """What began to wait in the very moment somebody reconnected was released by nobody: it goes on."""
        connection = await store.connection.read()
        if connection and connection.works and item.hold and item.hold.cause == RECONNECT:
            with contextlib.suppress(AlreadyDone):  # released just now: its own job goes on
                step = partial(transitions.go_on, publication=publication.id)
                return await store.items.change(item.id, step, publication)
        return item

    async def _go_on(self, store: Store, item: Item, publication: Publication) -> Item:
        if publication.step is Step.PAID or (publication.step is Step.SENT and not publication.owes_payment):
            return await self._record(store, publication)
        connection = await store.connection.read()
        if publication.step in (Step.SENT, Step.PAYING):
            return await self._settle(store, connection, publication)
        if connection is None and publication.step is Step.SENDING:
            # It may stand there already: given back, it could be booked a second time.
            raise ReconnectNeeded("Zoho Books was disconnected while this item was being sent.")
        if connection is None:
            raise NotConnected()
        if not connection.works:
            raise ReconnectNeeded(connection.reason or "Zoho Books no longer accepts our sign-in.")
        software, organisation = self.softwares[connection.software], connection.organisation.id
        ledger = self._ledger(store, connection)
        if publication.step in (Step.CLAIMED, Step.PREPARED):
            # Nothing has left yet: the role may have been taken away since the click.
            await self.roles.require(store.business, publication.asked_by, Role.APPROVER, PUBLISH)
        publication = self._for_organisation(publication, organisation)
        if publication.step is Step.CLAIMED:
            publication = await self._prepare(store, ledger, software, connection, item, publication)
        if publication.step is Step.SENDING:
            publication = await self._look_up(store, ledger, publication)
        if publication.step is Step.PREPARED:
            publication = await self._send(store, ledger, publication)
        if publication.owes_payment:
            return await self._pay(store, ledger, publication)
        return await self._record(store, publication)

    async def _settle(self, store: Store, connection: Connection | None, publication: Publication) -> Item:
        """The bill stands, its payment may be missing. Without its organisation the item is recorded with the
        reason: another one cannot take the payment."""
        if connection is None or connection.organisation.id != publication.organisation:
            fault = Refused("The organisation of the bill is not connected any more.", cause="organisation")
            return await self._record(store, publication, unpaid=fault.sentence)
        if not connection.works:
            raise ReconnectNeeded(connection.reason or "Zoho Books no longer accepts our sign-in.")
        return await self._pay(store, self._ledger(store, connection), publication)

    def _ledger(self, store: Store, connection: Connection) -> Ledger:
        organisation = connection.organisation.id
        software = self.softwares[connection.software]
        return software.ledger(store.connection.tokens, store.budget(organisation), organisation)

    async def _pay(self, store: Store, ledger: Ledger, publication: Publication) -> Item:
        """The payment of a bill that stands, once. Refused, the bill stays and the item says so."""
        record, booked = publication.record, publication.booked
        if record is None or booked is None:
            raise Refused("This publication has no record.", cause="broken")
        was_paying = publication.step is Step.PAYING
        paying = replace(publication, step=Step.PAYING)
        try:
            paid = await ledger.find_payment(record) if was_paying else None
            if paid is None:
                await store.publications.save(paying)
                paid = await ledger.pay(record, booked)
        except Refused as fault:
            return await self._record(store, paying, unpaid=fault.sentence)
        except (AnswerLost, RateLimited, Unavailable) as fault:
            unsure = was_paying or isinstance(fault, AnswerLost)
            later = await self._later(store, paying if unsure else publication, fault)
            if isinstance(later, RetryLater):
                raise later from fault
            return await self._record(store, paying, unpaid=later.sentence)
        done = replace(paying, step=Step.PAID, paid=paid)
        await store.publications.save(done)
        return await self._record(store, done)

    @staticmethod
    def _for_organisation(publication: Publication, organisation: str) -> Publication:
        """Another organisation was connected since the record was prepared: prepared anew where nothing was
        sent; what may have been sent cannot be looked up here. Raises Refused."""
        if publication.organisation in ("", organisation):
            return publication
        if publication.step is Step.SENDING:
            raise Refused(
                "Another organisation was connected while this item was being sent.",
                cause="organisation",
                advice="Look for it in the organisation from before, then publish again.",
            )
        return replace(publication, step=Step.CLAIMED, supplier=None, organisation="", record=None)

    async def _prepare(
        self,
        store: Store,
        ledger: Ledger,
        software: AccountingSoftware,
        connection: Connection,
        item: Item,
        publication: Publication,
    ) -> Publication:
        """Resolves, checks what would be refused, freezes the payload."""
        view = await (await Viewer.of(store)).view(item)
        if not view.coding.is_ready:
            raise NotReady(tuple(problem.says for problem in view.coding.problems))
        supplier = view.coding.entry(view.coding.party_field)
        if supplier is None:
            supplier = await self._supplier(store, ledger, view, publication)
        currencies = {entry.name: entry.id for entry in await store.lists.active(ListKind.CURRENCIES)}
        record = software.record(view.coding, supplier, connection.organisation, currencies, publication.id)
        await refuse_used_number(store, ledger, record)
        prepared = replace(
            publication,
            step=Step.PREPARED,
            supplier=supplier.id,
            organisation=connection.organisation.id,
            record=record,
            coding=view.coding.with_supplier(supplier),
        )
        await store.publications.save(prepared)
        return prepared

    async def _supplier(
        self, store: Store, ledger: Ledger, view: ItemView, publication: Publication
    ) -> Entry:
        """The unknown supplier, or customer of a sale, made once however many items wait for it."""
        name, kind = view.coding.party, KINDS[view.coding.party_field]
        if view.coding.ambiguous_supplier:
            raise _SupplierUnknown(name, f"fits two {kind.value} in Zoho Books.")
        if view.warn_new_supplier and not publication.may_create_supplier:
            raise _SupplierUnknown(name)
        contacts = Contacts(ledger, kind)
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

    async def _look_up(self, store: Store, ledger: Ledger, publication: Publication) -> Publication:
        """An earlier send may have got through: look before sending again."""
        if publication.record is None:
            raise Refused("This publication has no record.", cause="broken")
        try:
            found = await ledger.find(publication.record)
        except Refused as fault:
            fault.advice = f"{fault.advice} {LOOK_THERE}".strip()
            raise
        except (RateLimited, Unavailable) as fault:
            raise await self._later(store, publication, fault) from fault
        if found is not None:
            publication = replace(publication, step=Step.SENT, booked=found, attempts=0)
        else:
            publication = replace(publication, step=Step.PREPARED)
        await store.publications.save(publication)
        return publication

    async def _send(self, store: Store, ledger: Ledger, publication: Publication) -> Publication:
        if publication.record is None:
            raise Refused("This publication has no record.", cause="broken")
        sending = replace(publication, step=Step.SENDING)
        await store.publications.save(sending)
        try:
            booked = await ledger.send(publication.record)
        except Refused as fault:
            if fault.cause == NUMBER_USED:
                await name_holder(ledger, publication.record, fault)
            raise
        except AnswerLost as fault:
            # Zoho may still be writing: a later run looks, and only then sends again.
            raise await self._later(store, sending, fault) from fault
        except (RateLimited, Unavailable) as fault:
            # Certainly not written: nothing left this machine, or it was turned away at the door.
            raise await self._later(store, publication, fault) from fault
        sent = replace(sending, step=Step.SENT, booked=booked, attempts=0)
        await store.publications.save(sent)
        return sent

    async def _later(
        self, store: Store, publication: Publication, fault: AccountingError
    ) -> BotError | RetryLater:
        """Counts an attempt; what to raise: a later run, or after too many the fault itself."""
        attempts = publication.attempts + (0 if isinstance(fault, RateLimited) else 1)
        await store.publications.save(replace(publication, attempts=attempts))
        if attempts >= MOST_ATTEMPTS:
            where = f" {LOOK_THERE}" if publication.step in (Step.SENDING, Step.PAYING) else ""
            return Refused(f"{fault.says} We tried {attempts} times.{where}", cause="unavailable")
        if isinstance(fault, RateLimited):
            return RetryLater(fault.retry_after_seconds)
        return RetryLater(2.0**attempts)

    async def _record(self, store: Store, publication: Publication, unpaid: str = "") -> Item:
        booked, record = publication.booked, publication.record
        if booked is None or record is None:
            raise Refused("This publication has no record.", cause="broken")
        now = self.clock()
        published = Published(
            kind=booked.kind,
            record_id=booked.record_id,
            number=booked.number,
            link=booked.link,
            by=publication.asked_by,
            at=now,
            differences=differences(record, booked),
            automatic=publication.automatic,
            unpaid=unpaid,
            is_draft=booked.is_draft,
        )
        done = replace(publication, step=Step.RECORDED)
        standing = await store.items.get(publication.item)
        if standing is not None and standing.attachments:
            # Before the item is published: cut in between, the clock finds that its files are to be sent.
            await store.attachments.begin(standing.id, now)

        def finish(item: Item) -> Item:
            return transitions.publish_done(item, published) if item.publication == publication.id else item

        # Logged first: cut between the two, it is rather said twice than never.
        by, about = publication.asked_by, publication.item
        said = [LogEntry(now, by, "item.published", about, after=f"{booked.kind.noun} {booked.number}")]
        if publication.automatic:
            said.append(LogEntry(now, BOT, "item.auto_published", about, after=publication.automatic))
        await store.log.append(*said)
        if key := number_key(record.kind, record.party, booked.number):
            await store.numbers.remember(key)
        item = await store.items.change(publication.item, finish, done)
        await store.publications.save(done)
        if item.attachments:
            await attach_later(self.jobs, store.business, item.id, publication.id)
        return item

    async def _stopped(self, store: Store, publication_id: str, item: Item, fault: BotError) -> Item:
        """What becomes of the item when the publication cannot go on."""
        now = self.clock()
        if isinstance(fault, RateLimited | Unavailable):
            publication = await store.publications.get(publication_id)
            if publication is not None:
                later = await self._later(store, publication, fault)
                if isinstance(later, RetryLater):
                    raise later
                fault = later
            if publication is not None and publication.owes_payment:
                return await self._record(store, publication, unpaid=fault.sentence)
        sent = holds.fingerprint((await (await Viewer.of(store)).view(item)).coding, _cause(fault))
        step = self._step_for(publication_id, fault, sent)
        what = "item.not_ready" if isinstance(fault, NotReady) else "item.publish_stopped"
        what = "item.publish_failed" if isinstance(fault, Refused) else what
        await store.log.append(LogEntry(now, item.asked_by or PersonId(""), what, item.id, after=fault.says))
        stopped = await store.items.change(item.id, step)
        if stopped.stage is ItemStage.WAITING:
            if await mark_broken(store, fault.says):
                key = f"broken:{store.business}:{publication_id}"
                await self.jobs.enqueue("connection_broken", str(store.business), key=key)
        else:
            await store.publications.close(publication_id)
        return stopped

    def _step_for(self, publication_id: str, fault: BotError, sent: str) -> transitions.Step:
        link = fault.link if isinstance(fault, Refused) else ""
        hold = Hold(_cause(fault), fault.says, fault.advice, self.clock(), sent, link)
        if isinstance(fault, ReconnectNeeded):
            return lambda item: transitions.wait(item, reconnect_hold(self.clock()))
        if isinstance(fault, NotReady | NotAllowed | NotConnected | _SupplierUnknown):
            return lambda item: transitions.give_back(item, publication_id, hold)
        return lambda item: transitions.fail(item, publication_id, hold)

    async def stumbled(
        self, business: Business, item_id: ItemId, publication_id: str, reference: str
    ) -> None:
        """A run that ended in a fault nobody foresaw: counted, tried again later, and after too many
        attempts said on the item. Raises RetryLater."""
        store = self.storage.of(business)
        # Counting must not write over the step that another process has just reached.
        async with store.lock(f"publication-{publication_id}", PUBLICATION_LOCK_SECONDS):
            item = await store.items.get(item_id)
            if item is None or item.publication != publication_id or item.stage is not ItemStage.PUBLISHING:
                return
            fault = Unavailable(f"Something on our side broke (reference {reference}).")
            await self._stopped(store, publication_id, item, fault)


class _SupplierUnknown(BotError):
    """The warning was switched on, or the supplier vanished, after the click."""

    def __init__(self, name: str, why: str = "is not in Zoho Books yet.") -> None:
        super().__init__(f"{name} {why}", advice="Press Publish to choose or create it.")


def _cause(fault: BotError) -> str:
    if isinstance(fault, Refused):
        return fault.cause or "refused"
    return NEW_SUPPLIER if isinstance(fault, _SupplierUnknown) else type(fault).__name__
