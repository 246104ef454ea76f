"""Looking at the books for what was done there without us: what a look reads and makes of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from bot.domain.digest import next_digest
from bot.domain.identity import IN_BOOKS, EntryId, ItemId, PersonId
from bot.domain.items import Document, DocumentType, Item, ItemStage, PublishAs, Published, Side
from bot.domain.kinds import BILLS, CREDITS, NEVER_VOID, OFFERED
from bot.domain.publication import Publication
from bot.domain.settings import BooksChanges
from bot.domain.standing import RecordStanding, State, since_left

OVERLAP = dt.timedelta(minutes=5)
"""Two clocks are never quite the same: a look begins so long before the last one began."""
LONGEST_BACK = dt.timedelta(days=30)
"""After a long pause no more than this is read."""
CHECKED_MOST = 20
"""So many records of ours that are not among the newest are looked at one by one, in one look."""
HOUR = 6
"""When a look is due where there is no digest, by the organisation's clock."""


@dataclass(frozen=True, slots=True)
class BooksRecord:
    """A record as a list of the accounting software shows it: without its lines."""

    kind: PublishAs
    record_id: str
    link: str
    standing: RecordStanding
    reference: str = ""
    """May hold ours."""
    made_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of records."""

    records: Sequence[BooksRecord]
    has_more: bool = False
    whole_since: dt.datetime | None = None
    """Of the newest records: all that were made since then are here; nothing where that cannot be told."""


class Part(StrEnum):
    CHANGED = "changed"
    """What changed since a time, page by page."""
    NEWEST = "newest"
    """The records made last, one page: what is gone among them, and what is not told otherwise."""


@dataclass(frozen=True, slots=True)
class Look:
    """A reading of what changed, as far as it has come; kept until the next begins."""

    organisation: str
    since: dt.datetime
    begun_at: dt.datetime
    step: int = 0
    page: int = 1
    finished_at: dt.datetime | None = None
    unfinished: str = ""
    """Why it waits to go on, in a sentence."""
    left_out: tuple[str, ...] = ()
    """Lists that could not be read, and why."""

    @property
    def is_over(self) -> bool:
        return self.finished_at is not None

    def then(self, *, has_more: bool = False) -> Look:
        """After a page was dealt with."""
        if has_more:
            return replace(self, page=self.page + 1, unfinished="")
        return replace(self, step=self.step + 1, page=1, unfinished="")


@dataclass(frozen=True, slots=True)
class Found:
    """A part of what the looks found, the latest first."""

    items: Sequence[Item]
    total: int
    offset: int
    mode: BooksChanges
    look: Look | None
    next_at: dt.datetime | None = None


def steps(
    tells_changes: Sequence[PublishAs], others: Sequence[PublishAs]
) -> Sequence[tuple[Part, PublishAs]]:
    """What a look reads, in order."""
    return [
        *((Part.CHANGED, kind) for kind in tells_changes),
        *((Part.NEWEST, kind) for kind in (*others, *tells_changes)),
    ]


def begun(last: Look | None, organisation: str, connected_at: dt.datetime, now: dt.datetime) -> Look:
    """The look to run: the one under way, or one that begins where the last one began. The first of an
    organisation reads nothing from before it was connected."""
    if last is None or last.organisation != organisation:
        return Look(organisation, max(connected_at, now - LONGEST_BACK), now)
    if not last.is_over:
        return last
    return Look(organisation, max(last.begun_at - OVERLAP, now - LONGEST_BACK), now)


def next_look(
    digest_hour: int | None, time_zone: str, now: dt.datetime, spread: dt.timedelta
) -> dt.datetime | None:
    """Within the hour before the digest, which tells of it."""
    hour = HOUR if digest_hour is None else (digest_hour - 1) % 24
    at = next_digest(hour, time_zone, now)
    return at + spread if at else None


# --- what we made


def left(publication: Publication) -> RecordStanding:
    """How we left a record: what was read back, and where the answer was silent, what was sent."""
    record, booked = publication.record, publication.booked
    if record is None or booked is None:
        return RecordStanding()
    said = {**record.expects, **{name: text for name, text in booked.read_back.items() if text}}
    state = State.DRAFT if booked.is_draft else State.OPEN
    party = said.get("supplier") or said.get("customer", "")
    return RecordStanding(
        state=State.PAID if publication.paid else state,
        number=booked.number,
        date=said.get("date", ""),
        total=said.get("total", ""),
        party=party,
        party_name=booked.names.get(party) or record.names.get(party, ""),
    )


def compared(publication: Publication, record: BooksRecord) -> RecordStanding:
    """A record of ours as it stands now, beside how we left it."""
    return since_left(left(publication), record.standing, party_word(record.kind))


def party_word(kind: PublishAs) -> str:
    return "customer" if kind in OFFERED[Side.SALE] else "supplier"


def family(kind: PublishAs) -> PublishAs:
    """Two kinds of ours may be one list there: a bill with payment is a bill."""
    return PublishAs.BILL if kind in BILLS else kind


def missing(published: Sequence[Item], kind: PublishAs, sheet: Sheet) -> Sequence[Item]:
    """Items whose record should be among the newest and is not; each must be looked at by itself."""
    if sheet.whole_since is None:
        return ()
    here = {record.record_id for record in sheet.records}
    found = []
    for item in published:
        record = item.published
        if record is None or family(record.kind) is not kind or record.record_id in here:
            continue
        if record.standing and record.standing.state.is_gone:
            continue
        if record.at > sheet.whole_since + OVERLAP:
            found.append(item)
    return found[:CHECKED_MOST]


# --- what others made


def named(record: BooksRecord) -> str:
    """`bill NW-1001: https://…`."""
    return f"{family(record.kind).noun} {record.standing.number}".strip() + f": {record.link}"


def stands_for(organisation: str, record: BooksRecord) -> ItemId:
    return ItemId(f"{IN_BOOKS}{organisation}:{family(record.kind).value}:{record.record_id}")


def as_item(organisation: str, record: BooksRecord, now: dt.datetime) -> Item:
    """A record that we did not make, in the form in which items are compared."""
    standing, kind = record.standing, family(record.kind)
    side = Side.SALE if kind in OFFERED[Side.SALE] else Side.COST
    kept = ItemId(stands_for(organisation, record))
    at = record.made_at or now
    return Item(
        id=kept,
        document=Document(
            external_id=kept,
            side=side,
            type=_type(kind),
            supplier=standing.party_name if side is Side.COST else "",
            customer=standing.party_name if side is Side.SALE else "",
            document_number=standing.number,
            date=dt.date.fromisoformat(standing.date) if standing.date else None,
            currency=standing.currency,
            total=Decimal(standing.total) if standing.total else None,
        ),
        received_at=at,
        stage=ItemStage.PUBLISHED,
        supplier_entry=EntryId(standing.party) if standing.party else None,
        published=Published(
            kind, record.record_id, standing.number, record.link, PersonId(""), at, standing=standing
        ),
    )


def _type(kind: PublishAs) -> DocumentType:
    if kind in CREDITS:
        return DocumentType.CREDIT_NOTE
    return DocumentType.RECEIPT if kind in NEVER_VOID else DocumentType.INVOICE


_NOT_YET = (State.DRAFT, State.WAITING, State.REJECTED)


def is_entered(record: BooksRecord, since: dt.datetime, known: Item | None) -> bool:
    """Whether a record that we did not make came up since a time: entered, or approved without us."""
    state = record.standing.state
    if state.is_gone:
        return False
    if known is not None:
        return was_approved(record, known)
    return state is State.APPROVED or record.made_at is None or record.made_at > since


def was_approved(record: BooksRecord, known: Item) -> bool:
    """What waited there when we saw it last counts now."""
    last = known.published.standing if known.published else None
    state = record.standing.state
    counts = state not in _NOT_YET and state is not State.UNKNOWN and not state.is_gone
    return last is not None and last.state in _NOT_YET and counts
