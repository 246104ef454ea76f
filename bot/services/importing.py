"""Bringing in items from files: a look at what would come in, then the import."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from bot.domain.attachments import FileContent
from bot.domain.audit import LogEntry
from bot.domain.identity import BOT, Business, ChannelId, ItemId, PersonId
from bot.domain.items import DocumentType, Item, ItemStatus
from bot.domain.reading import ReadAs, Reading, RefusedRow, from_its_side
from bot.domain.rule_rows import Plan
from bot.ports import Clock, Jobs, ReadFile, Storage
from bot.services import claim_matching, filing
from bot.services.auto_publish import AutoPublishService
from bot.services.items import ItemView, Viewer
from bot.services.recoding import tell_recoded
from bot.services.supplier_lists import adopt, plan

DIRECT = "D"
"""A direct message's id begins with it."""


@dataclass(frozen=True)
class Imported:
    """What came of a file."""

    filename: str
    new: tuple[ItemId, ...]
    known: int
    ready: int
    needs_attention: int
    refused: tuple[RefusedRow, ...]
    batch: str = ""
    """What came in together by this import, whatever other files are called."""
    going: int = 0
    """Of the ready ones, how many are published by themselves."""
    in_claims: int = 0
    """How many are receipts of an expense claim that came with them."""
    notes: tuple[str, ...] = ()
    rules: Plan = field(default_factory=Plan)
    """What a supplier list changed."""


@dataclass(frozen=True)
class Preview:
    """What would come of a file; nothing was stored."""

    filename: str
    new: tuple[ItemView, ...]
    known: int
    refused: tuple[RefusedRow, ...]
    notes: tuple[str, ...] = ()
    rules: Plan = field(default_factory=Plan)
    is_supplier_list: bool = False
    read_as: tuple[ReadAs, ...] = ()
    """Where the file does not say its encoding: the one that was taken first, then others."""
    is_doubtful: bool = False
    """Another encoding may well be the right one."""

    @property
    def is_plain(self) -> bool:
        """One item and nothing to decide: it may come in without a question."""
        asks = self.known or self.refused or self.is_supplier_list or self.is_doubtful
        return len(self.new) == 1 and not asks

    @property
    def has_news(self) -> bool:
        """Whether an import would change anything."""
        return bool(self.new or self.rules.changes)

    @property
    def ready(self) -> int:
        return _ready(self.new)

    @property
    def in_claims(self) -> int:
        """How many are receipts of an expense claim that comes with them."""
        return _in_claims(self.new)

    @property
    def totals(self) -> Mapping[str, Decimal]:
        """What the new items come to, by currency; credit notes are taken off, and receipts that are in a
        claim are counted with it."""
        totals: dict[str, Decimal] = {}
        for view in self.new:
            if view.status is ItemStatus.IN_CLAIM:
                continue
            total = view.coding.total or Decimal(0)
            is_credit = view.item.document.type is DocumentType.CREDIT_NOTE
            currency = view.coding.currency
            totals[currency] = totals.get(currency, Decimal(0)) + (-total if is_credit else total)
        return totals


def item_id(business: Business, external_id: str) -> ItemId:
    """The same document of the same business has the same id, so a file that is read twice, even by two
    processes at once, brings nothing in twice."""
    digest = hashlib.sha256(f"{business}\0{external_id}".encode()).digest()
    return ItemId(base64.b32encode(digest[:10]).decode().lower())


@dataclass(frozen=True)
class ImportingService:
    storage: Storage
    read_file: ReadFile
    jobs: Jobs
    auto: AutoPublishService
    clock: Clock

    async def ask(
        self,
        business: Business,
        file: str,
        person: PersonId,
        channel: ChannelId,
        once: str,
        encoding: str = "",
    ) -> None:
        """Puts a look at a file that lies in Slack on the queue; in the encoding that the person chose."""
        key = f"look:{business}:{file}:{once}"
        chosen = [encoding] if encoding else []
        await self.jobs.enqueue("look_at_file", str(business), file, person, channel, *chosen, key=key)

    async def dropped(self, business: Business, file: str, person: PersonId, channel: ChannelId) -> None:
        """As `ask`, of a file that was shared in a conversation: in a direct message or in the business's
        channel. Elsewhere it is none of ours."""
        home = (await self.storage.of(business).settings.read()).channel
        if not channel.startswith(DIRECT) and channel != home:
            return
        key = f"look:{business}:{file}:{channel}"
        await self.jobs.enqueue("look_at_dropped", str(business), file, person, channel, key=key)

    async def take(
        self, business: Business, file: str, person: PersonId, channel: ChannelId, encoding: str = ""
    ) -> None:
        """Puts the import of a file on the queue that was looked at."""
        key = f"import:{business}:{file}"
        chosen = [encoding] if encoding else []
        await self.jobs.enqueue("import_file", str(business), file, person, channel, *chosen, key=key)

    async def arrive(self, business: Business, items: Sequence[Item]) -> Sequence[tuple[Item, bool]]:
        """The one way into the inbox, from files, from outside and by hand: each item with whether it is new;
        one whose external id is known comes back as it stands."""
        return await self.storage.of(business).items.add(items)

    async def look(self, business: Business, filename: str, content: bytes, encoding: str = "") -> Preview:
        """What would come in. Stores nothing. Raises WrongInput when the file is unreadable."""
        reading = self.read_file(filename, content, encoding)
        digest = await _digest(content, reading)
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        known = await store.items.known([one.external_id for one in reading.documents])
        items = [
            item
            for item in self._items(viewer, filename, reading, BOT, digest)
            if item.document.external_id not in known
        ]
        items = await claim_matching.expected(store, items, _base(viewer))
        rules = await plan(store, reading.suppliers, PersonId(""), self.clock())
        return Preview(
            filename=filename,
            new=tuple(await viewer.look(items)),
            known=len(known),
            refused=(*reading.refused, *rules.refused),
            notes=reading.notes,
            rules=rules,
            is_supplier_list=bool(reading.suppliers),
            read_as=reading.read_as,
            is_doubtful=reading.is_doubtful,
        )

    async def run(
        self, business: Business, filename: str, content: bytes, by: PersonId, encoding: str = ""
    ) -> Imported:
        """Reads a file, puts its documents into the inbox and its suppliers' categories into rules. Raises
        WrongInput when it is unreadable."""
        reading = self.read_file(filename, content, encoding)
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        batch, digest = secrets.token_hex(10), await _digest(content, reading)
        items = [replace(item, batch=batch) for item in self._items(viewer, filename, reading, by, digest)]
        items = await filing.with_files(store, items, [_files(reading, item) for item in items])
        added = await self.arrive(business, items)
        new = [item for item, is_new in added if is_new]
        await filing.keep(store, new)
        if await claim_matching.match(store, [item for item, _ in added], _base(viewer), by, self.clock()):
            new = list(await store.items.many([item.id for item in new]))
        views = await viewer.views(new)
        going = await self.auto.arrived(business, views)
        rules = await adopt(store, reading.suppliers, by, self.clock())
        if rules.changes:
            await tell_recoded(self.jobs, business)
        refused = (*reading.refused, *rules.refused)
        counts = [f"{len(new)} new", f"{len(added) - len(new)} known", f"{len(refused)} refused"]
        if reading.suppliers:
            counts = [f"{rules.added} rules new", f"{rules.changed} changed", *counts[2:]]
        await store.log.append(
            LogEntry(self.clock(), by, "items.imported", about=filename, after=", ".join(counts))
        )
        return Imported(
            filename=filename,
            new=tuple(item.id for item in new),
            known=len(added) - len(new),
            ready=_ready(views),
            needs_attention=len(new) - _ready(views) - _in_claims(views),
            refused=refused,
            batch=batch,
            going=len(going),
            in_claims=_in_claims(views),
            notes=reading.notes,
            rules=rules,
        )

    def _items(
        self, viewer: Viewer, filename: str, reading: Reading, by: PersonId, digest: str
    ) -> list[Item]:
        """The inbox shows the newest first; within a file its first row is to come first."""
        now = self.clock()
        organisation = viewer.organisation.name if viewer.organisation else ""
        return [
            Item(
                id=item_id(viewer.store.business, document.external_id),
                document=replace(from_its_side(document, organisation), file_hash=digest),
                received_at=now - timedelta(microseconds=place),
                received_from=filename,
                received_by=None if by == BOT else by,
            )
            for place, document in enumerate(reading.documents)
        ]


async def _digest(content: bytes, reading: Reading) -> str:
    """Of the file that the documents are; empty for a table, whose rows are no files."""
    return await asyncio.to_thread(_sha256, content) if reading.attachments else ""


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _ready(views: Sequence[ItemView]) -> int:
    return sum(1 for view in views if view.status is ItemStatus.READY)


def _in_claims(views: Sequence[ItemView]) -> int:
    return sum(1 for view in views if view.status is ItemStatus.IN_CLAIM)


def _base(viewer: Viewer) -> str:
    """The organisation's currency."""
    return viewer.organisation.currency if viewer.organisation else ""


def _files(reading: Reading, item: Item) -> list[FileContent]:
    """The PDF an item was read from and what was embedded in it. XML is left out: it is read by now, and no
    accounting software takes it."""
    return [
        FileContent(one.name, one.content_type, one.content)
        for one in reading.attachments.get(item.document.external_id, ())
        if not one.content_type.endswith("xml")
    ]
