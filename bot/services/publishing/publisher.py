"""One run of a publication, step by step; each step's work is in a module of its own beside this one."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from bot.domain import transitions
from bot.domain.connection import Connection
from bot.domain.identity import Business, ItemId
from bot.domain.items import RECONNECT, Item, ItemStage
from bot.domain.publication import Publication, Step
from bot.domain.roles import Role
from bot.errors import AlreadyDone, BotError, NotConnected, NotFound, ReconnectNeeded, Unavailable
from bot.ports import AccountingSoftware, Clock, Jobs, Storage, Store
from bot.services.items import ItemView, Viewer
from bot.services.ledgers import ledger_of
from bot.services.publishing.doubtful import Doubtful
from bot.services.publishing.later import RetryLater
from bot.services.publishing.paying import Paying
from bot.services.publishing.preparing import Preparing, for_organisation
from bot.services.publishing.recording import Recording
from bot.services.publishing.sending import look_up, send
from bot.services.publishing.stopping import Stopping
from bot.services.roles import RoleService

PUBLICATION_LOCK_SECONDS = 15.0
PUBLISH = "publish items"


@dataclass(frozen=True)
class Publisher:
    """Runs publications."""

    storage: Storage
    softwares: Mapping[str, AccountingSoftware]
    jobs: Jobs
    roles: RoleService
    clock: Clock

    @property
    def _recording(self) -> Recording:
        return Recording(self.jobs, self.clock)

    @property
    def _paying(self) -> Paying:
        return Paying(self.softwares, self._recording, self.clock)

    @property
    def _stopping(self) -> Stopping:
        return Stopping(self.jobs, self.clock, self._recording)

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
            item = await self._stopping.stop(store, publication_id, item, fault)
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
            return await self._recording.record(store, publication)
        connection = await store.connection.read()
        if publication.step not in (Step.SENT, Step.PAYING):
            connection = self._working(connection, publication)
            publication = await self._book(store, connection, item, publication)
        if publication.owes_payment:
            return await self._paying.settle(store, connection, publication)
        return await self._recording.record(store, publication)

    @staticmethod
    def _working(connection: Connection | None, publication: Publication) -> Connection:
        """Raises NotConnected, ReconnectNeeded."""
        if connection is None and publication.step is Step.SENDING:
            # It may stand there already: given back, it could be booked a second time.
            raise ReconnectNeeded("Zoho Books was disconnected while this item was being sent.")
        if connection is None:
            raise NotConnected()
        if not connection.works:
            raise ReconnectNeeded(connection.reason or "Zoho Books no longer accepts our sign-in.")
        return connection

    async def _book(
        self, store: Store, connection: Connection, item: Item, publication: Publication
    ) -> Publication:
        """From the claim to the record that stands."""
        ledger = ledger_of(self.softwares, store, connection)
        if publication.step in (Step.CLAIMED, Step.PREPARED):
            # Nothing has left yet: the role may have been taken away since the click.
            await self.roles.require(store.business, publication.asked_by, Role.APPROVER, PUBLISH)
        publication = for_organisation(publication, connection.organisation.id)
        software = self.softwares[connection.software]
        if item.doubtful and publication.step in (Step.CLAIMED, Step.PREPARED):
            doubtful = Doubtful(store, ledger, software, connection, self.clock)
            publication = await doubtful.settle(item, publication)
        if publication.step is Step.CLAIMED:
            preparing = Preparing(store, ledger, self.clock)
            publication = await preparing.prepare(software, connection, item, publication)
        if publication.step is Step.SENDING:
            publication = await look_up(store, ledger, publication)
        if publication.step is Step.PREPARED:
            publication = await send(store, ledger, publication)
        return publication

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
            if publication := await store.publications.get(publication_id):
                await self._paying.stumbled(store, publication, reference)
            fault = Unavailable(f"Something on our side broke (reference {reference}).")
            await self._stopping.stop(store, publication_id, item, fault)
