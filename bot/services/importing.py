"""Bringing in items from files."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.audit import LogEntry
from bot.domain.identity import BOT, Business, ChannelId, ItemId, PersonId
from bot.domain.items import Document, Item, ItemStatus
from bot.domain.reading import RefusedRow
from bot.ports import Clock, Jobs, ReadFile, Storage
from bot.services.auto_publish import AutoPublishService
from bot.services.items import Viewer


@dataclass(frozen=True)
class Imported:
    """What came of a file."""

    filename: str
    new: tuple[ItemId, ...]
    known: int
    ready: int
    needs_attention: int
    refused: tuple[RefusedRow, ...]
    going: int = 0
    """Of the ready ones, how many are published by themselves."""


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
        self, business: Business, file: str, person: PersonId, channel: ChannelId, once: str
    ) -> None:
        """Puts the reading of a file that lies in Slack on the queue."""
        key = f"import:{business}:{file}:{once}"
        await self.jobs.enqueue("import_file", str(business), file, person, channel, key=key)

    async def run(self, business: Business, filename: str, content: bytes, by: PersonId) -> Imported:
        """Reads a file and puts its documents into the inbox. Raises WrongInput when it is unreadable."""
        reading = self.read_file(filename, content)
        store = self.storage.of(business)
        now = self.clock()

        def item(place: int, document: Document) -> Item:
            # The inbox shows the newest first; within a file its first row is to come first.
            return Item(
                id=item_id(business, document.external_id),
                document=document,
                received_at=now - timedelta(microseconds=place),
                received_from=filename,
                received_by=None if by == BOT else by,
            )

        added = await store.items.add([item(*numbered) for numbered in enumerate(reading.documents)])
        viewer = await Viewer.of(store)
        fresh = [found for found, is_new in added if is_new]
        views = [await viewer.view(found) for found in fresh]
        ready = sum(view.status is ItemStatus.READY for view in views)
        going = await self.auto.arrived(business, views)
        await store.log.append(
            LogEntry(
                now,
                by,
                "items.imported",
                about=filename,
                after=f"{len(fresh)} new, {len(added) - len(fresh)} known, {len(reading.refused)} refused",
            )
        )
        return Imported(
            filename=filename,
            new=tuple(found.id for found in fresh),
            known=len(added) - len(fresh),
            ready=ready,
            needs_attention=len(fresh) - ready,
            refused=reading.refused,
            going=len(going),
        )
