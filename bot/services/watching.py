"""One look at the books: page by page, each dealt with whole before the next is read.

A process may die between any two lines: the page it had read is read again, and what was told is not told
twice, since each word in the log carries the time at which its look began.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain import claims, duplicates, watch
from bot.domain.audit import IN_BOOKS, LogEntry
from bot.domain.identity import BOT, ItemId, is_in_books
from bot.domain.items import Item, ItemStage, PublishAs
from bot.domain.publication import Publication
from bot.domain.settings import BooksChanges
from bot.domain.standing import RecordStanding, State, news
from bot.domain.watch import BooksRecord, Look, Part
from bot.errors import NotFound, Refused
from bot.ports import AccountingSoftware, Clock, Ledger, Store
from bot.services.items import Viewer

PUBLISHED_LOOKED_AT = 1000
UNDO_LOCK_SECONDS = 30.0
"""An undo makes a record void before the item is back in the inbox: that is ours, not somebody's."""
PERHAPS = "item.perhaps_in_books"
LATE = "item.late_in_books"
RECEIPT_PERHAPS = "item.receipt_perhaps_in_books"


@dataclass
class Watcher:
    """Runs one look to its end, or to where it must wait."""

    store: Store
    ledger: Ledger
    software: AccountingSoftware
    mode: BooksChanges
    clock: Clock
    look: Look

    async def run(self) -> Look:
        """Raises AccountingError, ReconnectNeeded; what was dealt with stays so."""
        steps = watch.steps(self.software.tells_changes, self.software.tells_newest)
        while self.look.step < len(steps):
            part, kind = steps[self.look.step]
            try:
                has_more = await self._page(part, kind)
            except (NotFound, Refused) as fault:
                said = f"{kind.noun}s: {fault.says}"
                left_out = tuple(dict.fromkeys((*self.look.left_out, said)))
                await self._save(replace(self.look.then(), left_out=left_out))
                continue
            await self._save(self.look.then(has_more=has_more))
        await self._save(replace(self.look, finished_at=self.clock()))
        return self.look

    async def _save(self, look: Look) -> None:
        await self.store.watch.save(look)
        self.look = look

    async def _page(self, part: Part, kind: PublishAs) -> bool:
        if part is Part.CHANGED:
            sheet = await self.ledger.changed(kind, self.look.since, self.look.page)
            await self._deal_with(sheet.records)
            return sheet.has_more
        published, _ = await self.store.items.page((ItemStage.PUBLISHED,), 0, PUBLISHED_LOOKED_AT)
        found, _ = await self.store.watch.found(0, PUBLISHED_LOOKED_AT)
        others = [item for item in found if is_in_books(item.id)]
        known = [
            item
            for item in (*published, *others)
            if item.published and watch.family(item.published.kind) is kind
        ]
        tells_changes = kind in self.software.tells_changes
        if tells_changes and not known:
            return False
        sheet = await self.ledger.newest(kind)
        if not tells_changes:
            await self._deal_with([one for one in sheet.records if self._is_new(one)])
        for item in watch.missing(known, kind, sheet):
            await self._look_for(item)
        return False

    def _is_new(self, record: BooksRecord) -> bool:
        changed = record.standing.changed_at or record.made_at
        return changed is None or changed > self.look.since

    # --- ours

    async def _deal_with(self, records: Sequence[BooksRecord]) -> None:
        made = await self.store.publications.of_records(records)
        late = await self._late(made)
        others = []
        for record, publication in zip(records, made, strict=True):
            if publication is None or publication.id in late:
                others.append(record)
            else:
                await self._ours(publication, watch.compared(publication, record))
            if publication is not None and publication.id in late and not record.standing.state.is_gone:
                await self._tell([self._entry(late[publication.id], LATE, watch.named(record))], ever=True)
        if self.mode is BooksChanges.EVERYTHING:
            await self._others(others)

    async def _late(self, made: Sequence[Publication | None]) -> Mapping[str, Item]:
        """Publications that were given up, by id, with their items: a record of one that stands there after
        all is nobody's, beside what was or will be published since."""
        given_up = {}
        for one in made:
            if one is None or one.booked is not None:
                continue
            item = await self.store.items.get(one.item)
            if item is None or one.id in (item.publication, *item.doubtful):
                continue
            current = await self.store.publications.get(item.publication)
            if current is None or current.found != one.id:
                given_up[one.id] = item
        return given_up

    async def _look_for(self, item: Item) -> None:
        """A record that should be among the newest: deleted, or only made earlier than we think."""
        published = item.published
        if published is None:
            return
        record = await self.ledger.standing(watch.family(published.kind), published.record_id)
        publication = await self.store.publications.get(item.publication)
        if publication is None:
            await self._drop([item.id] if record is None else [])
        elif record is None:
            last = published.standing or watch.left(publication)
            await self._ours(publication, replace(last, state=State.DELETED, changed_at=None))
        elif record.record_id == published.record_id:
            await self._ours(publication, watch.compared(publication, record))

    async def _ours(self, publication: Publication, now: RecordStanding) -> None:
        """Told first, then kept: cut in between, it is found told."""
        if not self._happened(await self.store.items.get(publication.item), publication, now):
            return
        async with self.store.lock(f"undo-{publication.item}", UNDO_LOCK_SECONDS):
            item = await self.store.items.get(publication.item)
            happened = self._happened(item, publication, now)
            if item is None or not happened:
                return
            await self._tell([self._entry(item, f"{IN_BOOKS}{what}", says) for what, says in happened])
            await self.store.watch.note([item.id], self.look.begun_at)
            await self.store.watch.redraw([item.id])
            await self.store.items.change(item.id, partial(_stands, publication=publication.id, now=now))

    @staticmethod
    def _happened(
        item: Item | None, publication: Publication, now: RecordStanding
    ) -> Sequence[tuple[str, str]]:
        if item is None or item.publication != publication.id or item.stage is not ItemStage.PUBLISHED:
            return ()
        if item.published is None or publication.booked is None:
            return ()
        before = item.published.standing or watch.left(publication)
        party = watch.party_word(publication.booked.kind)
        return [(one.what, one.says) for one in news(before, now, party)]

    def _entry(self, item: Item, what: str, says: str) -> LogEntry:
        return LogEntry(self.look.begun_at, BOT, what, item.id, after=says)

    async def _tell(self, entries: Sequence[LogEntry], *, ever: bool = False) -> None:
        """What this look has not told yet; with `ever`, what no look has."""
        for entry in entries:
            told = await self.store.history.of(ItemId(entry.about))
            if not any(entry == (replace(one, at=entry.at) if ever else one) for one in told):
                await self.store.log.append(entry)

    # --- others'

    async def _others(self, records: Sequence[BooksRecord]) -> None:
        """Kept are those that are new, and those that may be an item which waits here."""
        organisation = self.look.organisation
        gone = [record for record in records if record.standing.state.is_gone]
        await self._drop([watch.stands_for(organisation, record) for record in gone])
        there = [record for record in records if not record.standing.state.is_gone]
        made = {
            watch.stands_for(organisation, one): watch.as_item(organisation, one, self.look.begun_at)
            for one in there
        }
        known = await self.store.watch.kept(list(made))
        beside = await self.store.duplicates.candidates(list(made.values()))
        alike = [[other for other, _ in others] for others in beside]
        waits = await self._waiting(other for others in alike for other in others)
        waiting = {
            record: [other for other in others if other.id in waits]
            for record, others in zip(made, alike, strict=True)
        }
        kept, anew = [], []
        for record, (name, item) in zip(there, made.items(), strict=True):
            entered = watch.is_entered(record, self.look.since, known.get(name))
            if entered or name in known or waiting[name]:
                kept.append(item)
            if entered and name in known:
                anew.append(name)
        # Before anybody is told, so that nothing goes out while it is told.
        await self.store.watch.keep(kept, self.look.begun_at, anew=anew)
        await self._flag({other.id: waits[other.id] for others in waiting.values() for other in others})

    async def _waiting(self, items: Iterable[Item]) -> Mapping[ItemId, _Waits]:
        """Those that are not booked yet, by id: in the inbox, or in a claim that is not published."""
        there = {item.id: item for item in items if item.stage in (*claims.IDLE, ItemStage.IN_CLAIM)}
        in_claim = {item.claim for item in there.values() if item.claim}
        found = {claim.id: claim for claim in await self.store.items.many(sorted(in_claim))}
        waits = {}
        for item in there.values():
            claim = found.get(item.claim) if item.claim else None
            if item.stage in claims.IDLE:
                waits[item.id] = _Waits(item)
            elif claim is not None and claim.stage is not ItemStage.PUBLISHED:
                waits[item.id] = _Waits(item, claim)
        return waits

    async def _drop(self, records: Sequence[ItemId]) -> None:
        """Items that waited because of them are ready again: their cards say so."""
        known = await self.store.watch.kept(records)
        beside = await self.store.duplicates.candidates(list(known.values()))
        waits = await self._waiting(other for others in beside for other, _ in others)
        await self.store.watch.redraw(card for one in waits.values() for card in one.cards)
        await self.store.watch.drop(records)

    async def _flag(self, waiting: Mapping[ItemId, _Waits]) -> None:
        if not waiting:
            return
        viewer = await Viewer.of(self.store)
        day = self.look.begun_at.date()
        for view in await viewer.views([one.item for one in waiting.values()]):
            like = [one for one in view.suspects if one.facts.in_books and one.asks]
            said = [f"{duplicates.named_beside(one, day)}: {one.finding.reason}" for one in like]
            item, claim = view.item, waiting[view.item.id].claim
            await self.store.watch.redraw(waiting[item.id].cards if like else [])
            await self._tell([self._entry(item, PERHAPS, one) for one in said], ever=True)
            if claim is not None:
                of_claim = [f"{claims.title(item)}: {one}" for one in said]
                await self._tell([self._entry(claim, RECEIPT_PERHAPS, one) for one in of_claim], ever=True)


@dataclass(frozen=True, slots=True)
class _Waits:
    """An item that is not booked yet."""

    item: Item
    claim: Item | None = None
    """That it is a line of."""

    @property
    def cards(self) -> Sequence[ItemId]:
        """Which say of it that it waits."""
        return [self.item.id, *([self.claim.id] if self.claim else [])]


def _stands(item: Item, publication: str, now: RecordStanding) -> Item:
    """Undone or published anew meanwhile, the item is another matter."""
    if item.publication != publication or item.published is None:
        return item
    return replace(item, published=replace(item.published, standing=now))
