"""Taking back what was published: the record is made void there, then the item is in the inbox again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain import holds, transitions
from bot.domain.audit import LogEntry
from bot.domain.identity import Business, ItemId, PersonId, is_in_books
from bot.domain.items import Item, ItemStage, Published
from bot.domain.kinds import NEVER_VOID
from bot.domain.publication import Publication
from bot.domain.roles import Role
from bot.errors import AlreadyDone, BotError, NotConnected, NotFound, ReconnectNeeded, Refused
from bot.ports import AccountingSoftware, Clock, Jobs, Ledger, Storage, Store
from bot.services.items import ItemView, Viewer
from bot.services.ledgers import ledger_of
from bot.services.roles import RoleService

UNDOING = "undo what was published"
LOCK_SECONDS = 30.0
MOST = 100_000


@dataclass(frozen=True)
class Undone:
    """The item as it is in the inbox again, and others of which something else is true now."""

    view: ItemView
    others: Sequence[ItemId] = ()


@dataclass(frozen=True)
class UndoService:
    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    roles: RoleService
    clock: Clock

    async def ask(self, business: Business, item_id: ItemId, person: PersonId) -> None:
        """Puts it on the queue, once for each publication. Raises AlreadyDone, NotFound."""
        item, published = await self._published(self.storage.of(business), item_id)
        key = f"undo:{business}:{item_id}:{published.record_id}"
        await self.jobs.enqueue("undo", str(business), item.id, published.record_id, person, key=key)

    async def run(
        self, business: Business, item_id: ItemId, record_id: str, person: PersonId
    ) -> Undone | None:
        """Void there first, then cleared here; each is logged when it happens, and so is a refusal. Cut
        between the two, it is asked for again and changes nothing twice. Nothing where somebody was quicker.
        Raises NotAllowed, NotConnected, ReconnectNeeded, AccountingError."""
        store = self.storage.of(business)
        async with store.lock(f"undo-{item_id}", LOCK_SECONDS):
            item, published = await self._published(store, item_id)
            if published.record_id != record_id:
                return None
            await self.roles.require(business, person, Role.APPROVER, UNDOING)
            said = LogEntry(self.clock(), person, "item.undo_failed", item_id, published.words)
            try:
                await self._take_back_there(store, item, published)
            except BotError as fault:
                await store.log.append(replace(said, after=fault.says))
                raise
            gone = "item.deleted_there" if published.kind in NEVER_VOID else "item.void_there"
            await store.log.append(replace(said, at=self.clock(), what=gone))
            freed = await self._freed(store, published)
            # Logged first: cut between the two, it is rather said twice than never.
            await store.log.append(replace(said, at=self.clock(), what="item.undone"))
            item = await store.items.change(item_id, partial(transitions.taken_back, record_id=record_id))
            view = await (await Viewer.of(store)).view(item)
            alike = [one.other.id for one in view.suspects if not is_in_books(one.other.id)]
            return Undone(view, (*freed, *alike))

    @staticmethod
    async def _freed(store: Store, published: Published) -> Sequence[ItemId]:
        """Items that were told that this record has their number: it has it no longer."""
        items, _ = await store.items.page((ItemStage.FAILED, ItemStage.INBOX), 0, MOST)
        told = [item.id for item in items if holds.speaks_of(item.hold, published.link)]
        free = partial(transitions.freed, link=published.link)
        return [(await store.items.change(item_id, free)).id for item_id in told]

    async def _take_back_there(self, store: Store, item: Item, published: Published) -> None:
        publication = await store.publications.get(item.publication)
        ledger = await self._ledger(store, publication)
        paid, record = (publication.paid, publication.record) if publication else (None, None)
        if paid is None and published.unpaid and record and record.payment:
            # Its answer may have been lost: void without it, the bill published again would be paid twice.
            paid = await ledger.find_payment(record)
        payment = paid.payment_id if paid else ""
        kind = publication.booked.kind if publication and publication.booked else published.kind
        await ledger.undo(kind, published.record_id, payment)

    async def _published(self, store: Store, item_id: ItemId) -> tuple[Item, Published]:
        item = await store.items.get(item_id)
        if item is None:
            raise NotFound("This item is no longer there.")
        if item.stage is not ItemStage.PUBLISHED or item.published is None:
            raise AlreadyDone("This item is not published any more.")
        return item, item.published

    async def _ledger(self, store: Store, publication: Publication | None) -> Ledger:
        connection = await store.connection.read()
        if connection is None:
            raise NotConnected()
        if not connection.works:
            raise ReconnectNeeded(
                "Zoho Books no longer accepts our sign-in.", advice="Undo it again after reconnecting."
            )
        organisation = connection.organisation.id
        if publication and publication.organisation != organisation:
            raise Refused(
                "This record stands in another organisation than the one that is connected now.",
                cause="organisation",
                advice="Make it void there.",
            )
        return ledger_of(self.softwares, store, connection)
