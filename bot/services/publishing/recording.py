"""The last step: the record stands, the item says so, and its files follow."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain import transitions
from bot.domain.audit import LogEntry
from bot.domain.connection import Connection
from bot.domain.identity import BOT, Business, ItemId
from bot.domain.items import Item, Published
from bot.domain.publication import EDITED_SINCE, Booked, Publication, Step, differences, number_key
from bot.errors import Refused
from bot.ports import Clock, Jobs, Store


async def attach_later(
    jobs: Jobs, business: Business, item_id: ItemId, once: str, seconds: float = 0
) -> None:
    """Puts the sending of an item's files on the queue."""
    key = f"attach:{business}:{item_id}:{once}"
    await jobs.enqueue("attach_files", str(business), item_id, key=key, after_seconds=seconds)


@dataclass(frozen=True)
class Recording:
    jobs: Jobs
    clock: Clock

    async def record(self, store: Store, publication: Publication, unpaid: str = "") -> Item:
        """The item as published; `unpaid` says why a bill's payment was not booked."""
        booked, record = publication.booked, publication.record
        if booked is None or record is None:
            raise Refused("This publication has no record.", cause="broken")
        now, ours_are = self.clock(), EDITED_SINCE if publication.found else "we sent"
        published = Published(
            kind=booked.kind,
            record_id=booked.record_id,
            number=booked.number,
            link=booked.link,
            by=publication.asked_by,
            at=now,
            differences=differences(record, booked, publication.paid, ours_are),
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
        if standing is not None and standing.published is not None:
            paying = LogEntry(now, standing.asked_by or by, "item.paid", about)
            said = [replace(paying, what="item.payment_failed", after=unpaid) if unpaid else paying]
        else:
            said = [LogEntry(now, by, "item.published", about, after=f"{booked.kind.noun} {booked.number}")]
            if publication.automatic:
                said.append(LogEntry(now, BOT, "item.auto_published", about, after=publication.automatic))
        await store.log.append(*said)
        if key := number_key(record.kind, record.party, booked.number):
            await store.numbers.remember(key)
        await _learn_rounding(store, booked)
        item = await store.items.change(publication.item, finish, done)
        await store.publications.save(done)
        if item.attachments:
            await attach_later(self.jobs, store.business, item.id, publication.id)
        return item


async def _learn_rounding(store: Store, booked: Booked) -> None:
    """How the organisation rounds tax stands in its records alone: the next ones are computed so."""
    by_document = booked.tax_by_document
    connection = await store.connection.read() if by_document is not None else None
    if connection is None or by_document is None or connection.organisation.tax_by_document == by_document:
        return

    def learn(standing: Connection) -> Connection:
        if standing.organisation.id != connection.organisation.id:
            return standing
        return replace(standing, organisation=replace(standing.organisation, tax_by_document=by_document))

    await store.connection.mark(learn)
