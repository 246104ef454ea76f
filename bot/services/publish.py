"""Publishing, as it is asked for: claimed once, queued, and taken up again after a pause or a crash.

The work itself is in `publishing`.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.domain import matching, mends, suppliers, transitions
from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.finding import TAX_NUMBER
from bot.domain.identity import BOT, Business, EntryId, ItemId, PersonId
from bot.domain.items import DUPLICATE, RECONNECT, Item, ItemStage
from bot.domain.layers import KINDS, named
from bot.domain.lists import Entry, ListKind
from bot.domain.matching import Alias
from bot.domain.publication import Publication, Readable, Record, Step
from bot.domain.recoding import Recoding
from bot.domain.suppliers import Alike
from bot.errors import (
    AlreadyDone,
    NotConnected,
    NotFound,
    NotReady,
)
from bot.ports import AccountingSoftware, Clock, Jobs, Storage, Store
from bot.services.items import ItemView, Viewer
from bot.services.publishing import Publisher, reconnect_hold
from bot.services.publishing.correcting import corrected
from bot.services.recoding import tell_recoded
from bot.services.roles import RoleService

STUCK_AFTER = timedelta(seconds=60)
COMPARED_MOST = 1000
"""Up to so many suppliers a new name is compared with all; of more with those that share a word's beginning:
a click is answered within three seconds."""


@dataclass(frozen=True)
class Begun:
    """Claimed and on the queue."""

    view: ItemView


@dataclass(frozen=True)
class AskSupplier:
    """Nothing was claimed: the supplier is new and the warning is on."""

    view: ItemView
    alike: Sequence[Alike]


@dataclass(frozen=True)
class Held:
    """Claimed; goes on by itself when the connection works again."""

    view: ItemView


Outcome = Begun | AskSupplier | Held


@dataclass(frozen=True)
class Preview:
    """An item's record as it will be sent, or as it was; nothing where the item is not ready for it."""

    view: ItemView
    record: Record | None = None
    readable: Readable | None = None
    call: tuple[str, bytes] | None = None
    """Where it goes, and the body's exact bytes."""
    is_sent: bool = False


REFERENCE_SHOWN = "DXT-0000000000000"
"""In place of the reference that each publication is given when it begins."""


def _reference() -> str:
    """Short, and unlike any other: what the record is found by."""
    return f"DXT-{base64.b32encode(secrets.token_bytes(8)).decode().rstrip('=')}"


def _previewed(
    view: ItemView, software: AccountingSoftware, record: Record, *, is_sent: bool = False
) -> Preview:
    return Preview(view, record, software.readable(record), software.call(record), is_sent)


@dataclass(frozen=True)
class PublishService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    roles: RoleService
    clock: Clock

    # --- asked for

    async def begin(
        self,
        business: Business,
        item_id: ItemId,
        person: PersonId,
        *,
        automatic: str = "",
        many: str = "",
    ) -> Outcome:
        """Claims an item and puts its publication on the queue; `automatic` says by what, where nobody
        pressed a button, `many` with which many it was asked for. Raises NotConnected, NotReady (naming each
        reason), AlreadyDone (saying who was first), NotFound."""
        asked = Publication(_reference(), item_id, person, self.clock())
        publication = replace(asked, automatic=automatic, many=many)
        return await self._begin(business, item_id, publication)

    async def begin_with_supplier(
        self,
        business: Business,
        item_id: ItemId,
        person: PersonId,
        *,
        supplier: EntryId | None,
        create: bool,
        remember: bool = False,
    ) -> Outcome:
        """The answer to **New supplier**: create it, or use an existing one, `remember`ed for later items of
        the name."""
        publication = Publication(
            _reference(), item_id, person, self.clock(), supplier=supplier, may_create_supplier=create
        )
        outcome = await self._begin(business, item_id, publication)
        if supplier and remember and not isinstance(outcome, AskSupplier):
            await self._remember(self.storage.of(business), outcome.view.item, supplier, person)
        return outcome

    async def _remember(self, store: Store, item: Item, supplier: EntryId, person: PersonId) -> None:
        said = named(item)
        lists = await store.lists.slice([(said.kind, supplier)])
        entry = lists.by_id(said.kind, supplier)
        if entry is None or not suppliers.key(said.written):
            return
        alias = Alias(said.written, entry.id, entry.name, person, self.clock(), said.kind)
        known = await store.aliases.get(alias.key)
        before = Recoding(person, alias.at, alias=known, written=alias.written, alias_key=alias.key)
        await store.aliases.save(alias, before=[before])
        await tell_recoded(self.jobs, store.business)
        what = "alias.remembered"
        await store.log.append(LogEntry(alias.at, person, what, said.written, after=entry.name))

    async def _begin(self, business: Business, item_id: ItemId, publication: Publication) -> Outcome:
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        item = await store.items.get(item_id)
        if item is None:
            raise NotFound("This item is no longer there.")
        if viewer.connection is None:
            raise NotConnected()
        chosen = transitions.choose_supplier(item, publication.supplier) if publication.supplier else item
        view = await viewer.view(chosen)
        transitions.claim(item, publication.id, publication.asked_by, publication.asked_at)
        if not view.coding.is_ready:
            missing = tuple(problem.says for problem in view.coding.problems)
            said = LogEntry(self.clock(), publication.asked_by, "item.not_ready", item_id)
            await store.log.append(replace(said, after=", ".join(missing)))
            cause = DUPLICATE if view.only_asks else ""
            helps = mends.mends(item, view.coding)
            raise NotReady(missing, action="item.edit", cause=cause, mends=helps)
        asks = view.warn_new_supplier and not publication.may_create_supplier
        if view.coding.new_supplier and (asks or view.coding.ambiguous_supplier):
            return AskSupplier(view, await self._closest(store, view))
        return await self._claim(store, viewer.connection, publication)

    async def _claim(self, store: Store, connection: Connection, publication: Publication) -> Outcome:
        def claim(item: Item) -> Item:
            if publication.supplier:
                item = transitions.choose_supplier(item, publication.supplier)
            claimed = transitions.claim(item, publication.id, publication.asked_by, publication.asked_at)
            return claimed if connection.works else transitions.wait(claimed, reconnect_hold(self.clock()))

        item = await store.items.change(publication.item, claim, publication)
        asked = LogEntry(publication.asked_at, publication.asked_by, "item.publish_asked", publication.item)
        held = item.hold.says if item.hold else ""
        await store.log.append(
            asked, *([replace(asked, who=BOT, what="item.held", after=held)] if held else [])
        )
        view = await (await Viewer.of(store)).view(item)
        if item.stage is ItemStage.WAITING:
            return Held(view)
        await self._enqueue(store.business, publication)
        return Begun(view)

    async def pay_again(self, business: Business, item_id: ItemId, person: PersonId) -> ItemView:
        """Of a bill with payment whose payment was refused: the files that are left, then the payment alone,
        looked up before it is sent. Raises AlreadyDone, NotFound."""
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        publication = await store.publications.get(item.publication) if item else None
        if item is None or publication is None:
            raise NotFound("This item is no longer there.")
        now = self.clock()
        paying = replace(publication, step=Step.PAYING, attempts=0, file_runs=0)
        item = await store.items.change(item_id, partial(transitions.pay_again, by=person, at=now), paying)
        await store.log.append(LogEntry(now, person, "item.payment_asked", item_id))
        await self._enqueue(business, paying, f":{secrets.token_hex(4)}")
        return await (await Viewer.of(store)).view(item)

    async def _enqueue(
        self, business: Business, publication: Publication, again: str = "", after_seconds: float = 0
    ) -> None:
        key = f"publish:{business}:{publication.item}:{publication.id}{again}"
        await self.jobs.enqueue(
            "publish", str(business), publication.item, publication.id, key=key, after_seconds=after_seconds
        )

    async def is_of_many(self, business: Business, publication_id: str) -> bool:
        """Whether it is shown with many others, and so needs no card of its own."""
        publication = await self.storage.of(business).publications.get(publication_id)
        return bool(publication and publication.many)

    async def waiting(self, business: Business) -> Sequence[ItemId]:
        """All that could be published: what is in the inbox and what failed, oldest first."""
        return await self.storage.of(business).items.ids(
            (ItemStage.INBOX, ItemStage.FAILED), oldest_first=True
        )

    async def preview(self, business: Business, item_id: ItemId) -> Preview:
        """The record as it stands, or as it would be sent now; asks nobody and changes nothing. Raises
        NotFound, NotConnected, Refused."""
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        if item is None:
            raise NotFound("This item is no longer there.")
        view = await (await Viewer.of(store)).view(item)
        if view.connection is None:
            raise NotConnected()
        software = self.softwares[view.connection.software]
        publication = await store.publications.get(item.publication) if item.publication else None
        if publication is not None and publication.record is not None:
            return _previewed(view, software, publication.record, is_sent=publication.step.may_be_booked)
        if not view.coding.is_ready:
            return Preview(view)
        party = view.coding.entry(view.coding.party_field) or Entry(EntryId("new"), view.coding.party)
        currencies = {entry.name: entry.id for entry in await store.lists.active(ListKind.CURRENCIES)}
        organisation = view.connection.organisation
        linked = await corrected(store, view.coding, party.id, organisation.id)
        coding = replace(view.coding, corrected=linked)
        record = software.record(coding, party, organisation, currencies, REFERENCE_SHOWN)
        return _previewed(view, software, record)

    async def closest(self, business: Business, item_id: ItemId) -> AskSupplier:
        """An item of an unknown supplier with the known ones most like it. Raises NotFound."""
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        if item is None:
            raise NotFound("This item is no longer there.")
        view = await (await Viewer.of(store)).view(item)
        return AskSupplier(view, await self._closest(store, view))

    async def _closest(self, store: Store, view: ItemView) -> Sequence[Alike]:
        said, kind = named(view.item), KINDS[view.coding.party_field]
        known = (await store.lists.state()).counts.get(kind, 0)
        name, near = view.coding.party, store.lists.near
        compared = await (store.lists.active(kind) if known <= COMPARED_MOST else near(kind, name))
        alike: Sequence[Alike] = matching.closest(name, compared)
        numbers = [f"{TAX_NUMBER}{number}" for number in said.tax_numbers]
        lists = await store.lists.slice([(kind, number) for number in numbers])
        for number in numbers:
            alike = matching.with_same_number(lists.find(kind, number), alike)
        return alike

    # --- the work

    async def run(self, business: Business, item_id: ItemId, publication_id: str) -> ItemView:
        """One run of a publication. Raises RetryLater, NotFound."""
        return await self._publisher.run(business, item_id, publication_id)

    async def stumbled(
        self, business: Business, item_id: ItemId, publication_id: str, reference: str
    ) -> None:
        """A run ended in a fault nobody foresaw. Raises RetryLater."""
        await self._publisher.stumbled(business, item_id, publication_id, reference)

    @property
    def _publisher(self) -> Publisher:
        return Publisher(self.storage, self.softwares, self.jobs, self.roles, self.clock)

    # --- going on later

    async def release_held(self, business: Business) -> Sequence[ItemId]:
        """After reconnecting: everything that waited for it goes on, oldest first."""
        store = self.storage.of(business)
        items, _ = await store.items.page((ItemStage.WAITING,), 0, 100_000)
        released: list[ItemId] = []
        for item in sorted(items, key=lambda waiting: waiting.asked_at or waiting.received_at):
            publication = await store.publications.get(item.publication)
            if publication is None or not (item.hold and item.hold.cause == RECONNECT):
                continue
            try:
                await store.items.change(
                    item.id, partial(transitions.go_on, publication=publication.id), publication
                )
            except AlreadyDone:
                continue
            await self._enqueue(business, publication, f":{secrets.token_hex(4)}")
            released.append(item.id)
        if released:
            now = self.clock()
            await store.log.append(
                LogEntry(now, PersonId(""), "items.released", after=f"{len(released)} held items go on"),
                *(LogEntry(now, BOT, "item.went_on", item_id) for item_id in released),
            )
        return released

    async def retry(self, business: Business, item_id: ItemId, publication_id: str, seconds: float) -> None:
        """Puts a publication that is to be run later on the queue."""
        publication = await self.storage.of(business).publications.get(publication_id)
        if publication is not None and publication.item == item_id:
            await self._enqueue(business, publication, f":{secrets.token_hex(4)}", seconds)

    async def resume_stuck(self) -> int:
        """The clock: publications whose last step is long ago lost their process; they go on."""
        resumed = 0
        now = self.clock()
        for business in await self.storage.businesses():
            for publication, since in await self.storage.of(business).publications.open():
                if now - since < STUCK_AFTER:
                    continue
                slot = int(now.timestamp() // STUCK_AFTER.total_seconds())
                await self._enqueue(business, publication, f":stuck:{slot}")
                resumed += 1
        return resumed
