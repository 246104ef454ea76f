"""Earlier publications of an item that may have booked it: looked up before anything is sent again.

An answer that was lost, and that could not be looked up either, leaves an item *in doubt*. Its next
publication looks for the earlier record under the earlier reference: found, it is this item's record; surely
not there, the doubt is over; where it cannot be looked up, nothing is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial

from bot.domain import transitions
from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.items import Item
from bot.domain.lists import ListKind
from bot.domain.publication import Booked, Publication, Record, Step
from bot.errors import RateLimited, Refused, Unavailable
from bot.ports import AccountingSoftware, Clock, Ledger, Store
from bot.services.items import Viewer
from bot.services.publishing.later import LOOK_THERE, later

KIND = "kind"
LOOK = "Look for it there. If it is not there, say so on the card."


@dataclass(frozen=True)
class Doubtful:
    store: Store
    ledger: Ledger
    software: AccountingSoftware
    connection: Connection
    clock: Clock

    async def settle(self, item: Item, publication: Publication) -> Publication:
        """The publication as it goes on: with the earlier record where there is one, else unchanged, and
        nothing is in doubt. Raises RetryLater, Refused."""
        for reference in item.doubtful:
            earlier = await self.store.publications.get(reference)
            if earlier is None or earlier.record is None:
                raise Refused(
                    "An earlier try of this item is not known any more.", cause="broken", advice=LOOK
                )
            found = await self._look(earlier, earlier.record, publication)
            if found is not None:
                return await self._taken_over(item, earlier, found, publication)
            await self.store.items.change(item.id, partial(transitions.looked_up, publication=reference))
        return publication

    async def _look(self, earlier: Publication, record: Record, publication: Publication) -> Booked | None:
        if earlier.organisation != self.connection.organisation.id:
            raise Refused(
                "An earlier try may have booked this item in the organisation that was connected before.",
                cause="organisation",
                advice=LOOK,
            )
        try:
            return await self.ledger.find(record)
        except Refused as fault:
            fault.advice = f"{fault.advice} {LOOK_THERE}".strip()
            raise
        except (RateLimited, Unavailable) as fault:
            again = await later(self.store, publication, fault)
            if isinstance(again, Refused):
                again.advice = LOOK_THERE
            raise again from fault

    async def _taken_over(
        self, item: Item, earlier: Publication, found: Booked, publication: Publication
    ) -> Publication:
        """The earlier record is this publication's, as if it had sent it."""
        taken = replace(
            publication,
            step=earlier.step if earlier.step in (Step.SENT, Step.PAYING, Step.PAID) else Step.SENT,
            supplier=earlier.supplier,
            organisation=earlier.organisation,
            record=await self._beside_the_item(item, earlier),
            coding=earlier.coding,
            booked=replace(found, read_back={**found.read_back, KIND: found.kind.noun}),
            paid=earlier.paid,
            attempts=0,
            found=earlier.id,
        )
        said = f"{found.kind.noun} {found.number}"
        entry = LogEntry(self.clock(), publication.asked_by, "item.found", item.id, after=said)
        await self.store.log.append(entry)
        await self.store.items.change(item.id, partial(transitions.looked_up, publication=earlier.id), taken)
        return taken

    async def _beside_the_item(self, item: Item, earlier: Publication) -> Record | None:
        """What was sent then, to be compared with what would be sent now under its reference: the item may
        have been edited meanwhile. Where that cannot be told, with what was sent."""
        record, view = earlier.record, await (await Viewer.of(self.store)).view(item)
        party = view.coding.entry(view.coding.party_field)
        if record is None or party is None or not view.coding.is_ready:
            return record
        active = await self.store.lists.active(ListKind.CURRENCIES)
        currencies = {entry.name: entry.id for entry in active}
        organisation = self.connection.organisation
        try:
            now = self.software.record(view.coding, party, organisation, currencies, earlier.id)
        except Refused:
            return record
        expects = {**now.expects, KIND: now.kind.noun}
        return replace(record, expects=expects, names={**record.names, **now.names})
