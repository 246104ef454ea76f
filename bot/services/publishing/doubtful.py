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
from bot.domain.coding import Coding
from bot.domain.connection import Connection
from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, PublishAs
from bot.domain.kinds import BILLS
from bot.domain.lists import Entry, ListKind
from bot.domain.publication import Booked, Paid, Publication, Record, Step
from bot.errors import NotReady, RateLimited, Refused, Unavailable
from bot.ports import AccountingSoftware, Clock, Ledger, Store
from bot.services.items import Viewer
from bot.services.publishing.later import LOOK_THERE, later

KIND = "kind"
PAYMENT = (Field.PAYMENT_ACCOUNT, Field.PAYMENT_MODE)
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
        nothing is in doubt. Raises RetryLater, Refused, NotReady."""
        for reference in item.doubtful:
            earlier = await self.store.publications.get(reference)
            if earlier is None or earlier.record is None:
                raise Refused(
                    "An earlier try of this item is not known any more.", cause="broken", advice=LOOK
                )
            found, paid = await self._look(earlier, earlier.record, publication)
            if found is not None:
                return await self._taken_over(item, replace(earlier, paid=paid), found, publication)
            await self.store.items.change(item.id, partial(transitions.looked_up, publication=reference))
        return publication

    async def _look(
        self, earlier: Publication, record: Record, publication: Publication
    ) -> tuple[Booked | None, Paid | None]:
        """The record, and the payment where one may have been sent."""
        if earlier.organisation != self.connection.organisation.id:
            raise Refused(
                "An earlier try may have booked this item in the organisation that was connected before.",
                cause="organisation",
                advice=LOOK,
            )
        try:
            found, paid = await self.ledger.find(record), earlier.paid
            if found is not None and earlier.step is Step.PAYING:
                paid = await self.ledger.find_payment(record)
            return found, paid
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
        record, coding = await self._beside_the_item(item, earlier)
        if record is not None and found.kind in BILLS:
            found = replace(found, kind=record.kind)
        taken = replace(
            publication,
            step=Step.PAID if earlier.paid else Step.SENT,
            supplier=earlier.supplier,
            organisation=earlier.organisation,
            record=record,
            coding=coding,
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

    async def _beside_the_item(self, item: Item, earlier: Publication) -> tuple[Record | None, Coding | None]:
        """What was sent then, to be compared with what would be sent now under its reference: the item may
        have been edited meanwhile. Where that cannot be told, with what was sent. A payment that was not sent
        yet is what the item says now, or none. Raises NotReady, Refused."""
        record, coding = earlier.record, earlier.coding
        now = (await (await Viewer.of(self.store)).view(item)).coding
        if record is None:
            return record, coding
        if record.kind in BILLS and earlier.paid is None:
            record = await self._to_be_paid(record, now)
            coding = _paid_as(coding, now, record.kind) if coding else coding
        party = now.entry(now.party_field)
        if party is None or not now.is_ready:
            return record, coding
        try:
            sent = await self._made(now, party, record.reference)
        except Refused:
            return record, coding
        expects = {**sent.expects, KIND: sent.kind.noun}
        told = sent.expects_of_payment or record.expects_of_payment
        names = {**record.names, **sent.names}
        return replace(record, expects=expects, expects_of_payment=told, names=names), coding

    async def _to_be_paid(self, record: Record, now: Coding) -> Record:
        """The bill that stands, with the payment that the item asks for now: of that bill's supplier."""
        if now.publish_as is not PublishAs.BILL_WITH_PAYMENT:
            return replace(record, kind=PublishAs.BILL, payment={}, expects_of_payment={})
        if not now.is_ready:
            raise NotReady(tuple(problem.says for problem in now.problems))
        party = Entry(EntryId(record.party), record.names.get(record.party, now.party))
        sent = await self._made(now, party, record.reference)
        return replace(
            record, kind=sent.kind, payment=sent.payment, expects_of_payment=sent.expects_of_payment
        )

    async def _made(self, coding: Coding, party: Entry, reference: str) -> Record:
        """Raises Refused."""
        active = await self.store.lists.active(ListKind.CURRENCIES)
        currencies = {entry.name: entry.id for entry in active}
        return self.software.record(coding, party, self.connection.organisation, currencies, reference)


def _paid_as(then: Coding, now: Coding, kind: PublishAs) -> Coding:
    """What is shown of a bill that stands: its payment as the item says it now."""
    payment = {name: now.values[name] for name in PAYMENT if name in now.values}
    others = {name: value for name, value in then.values.items() if name not in PAYMENT}
    return replace(then, publish_as=kind, values=others | payment)
