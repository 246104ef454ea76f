"""What becomes of an item whose publication cannot go on: it waits, is given back, or failed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain import holds, transitions
from bot.domain.audit import LogEntry
from bot.domain.identity import PersonId
from bot.domain.items import NEW_SUPPLIER, RECONNECT, Hold, Item, ItemStage
from bot.errors import (
    BotError,
    NotAllowed,
    NotConnected,
    NotReady,
    RateLimited,
    ReconnectNeeded,
    Refused,
    Unavailable,
)
from bot.ports import Clock, Jobs, Store
from bot.services.breaking import broke
from bot.services.items import Viewer
from bot.services.publishing.later import RetryLater, later
from bot.services.publishing.preparing import SupplierUnknown
from bot.services.publishing.recording import Recording


def reconnect_hold(at: datetime, why: str = "") -> Hold:
    """What an item waits for while the connection is broken."""
    says = why or "Zoho Books is not connected."
    return Hold(RECONNECT, says, "It goes on by itself after reconnecting.", at)


@dataclass(frozen=True)
class Stopping:
    jobs: Jobs
    clock: Clock
    recording: Recording

    async def stop(self, store: Store, publication_id: str, item: Item, fault: BotError) -> Item:
        """Says on the item why it stopped. Raises RetryLater where it is only put off."""
        now = self.clock()
        publication = await store.publications.get(publication_id)
        if isinstance(fault, RateLimited | Unavailable):
            if publication is not None:
                again = await later(store, publication, fault)
                if isinstance(again, RetryLater):
                    raise again
                fault = again
            if publication is not None and publication.owes_payment:
                return await self.recording.record(store, publication, unpaid=fault.sentence)
        sent = holds.fingerprint((await (await Viewer.of(store)).view(item)).coding, _cause(fault))
        in_doubt = publication is not None and publication.step.may_be_booked
        step = self._step_for(publication_id, fault, sent, in_doubt=in_doubt)
        await store.log.append(
            LogEntry(now, item.asked_by or PersonId(""), _logged(fault), item.id, after=fault.says)
        )
        stopped = await store.items.change(item.id, step)
        if stopped.stage is ItemStage.WAITING:
            if isinstance(fault, ReconnectNeeded):
                await broke(store, self.jobs, self.clock, fault)
        else:
            await store.publications.close(publication_id)
        return stopped

    def _step_for(
        self, publication_id: str, fault: BotError, sent: str, *, in_doubt: bool
    ) -> transitions.Step:
        link = fault.link if isinstance(fault, Refused) else ""
        hold = Hold(_cause(fault), fault.says, fault.advice, self.clock(), sent, link)
        if isinstance(fault, ReconnectNeeded):
            return lambda item: transitions.wait(item, reconnect_hold(self.clock(), fault.sentence))
        if isinstance(fault, NotReady | NotAllowed | NotConnected | SupplierUnknown) and not in_doubt:
            return lambda item: transitions.give_back(item, publication_id, hold)
        return lambda item: transitions.fail(item, publication_id, hold, in_doubt=in_doubt)


def _logged(fault: BotError) -> str:
    if isinstance(fault, Refused):
        return "item.publish_prevented" if fault.is_prevented else "item.publish_failed"
    return "item.not_ready" if isinstance(fault, NotReady) else "item.publish_stopped"


def _cause(fault: BotError) -> str:
    if isinstance(fault, Refused):
        return fault.cause or "refused"
    return NEW_SUPPLIER if isinstance(fault, SupplierUnknown) else type(fault).__name__
