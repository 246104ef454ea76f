"""Books in which somebody works by hand, for the tests of looks at them."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from bot.domain.audit import IN_BOOKS
from bot.domain.identity import ItemId
from bot.domain.items import Item, PublishAs
from bot.domain.standing import RecordStanding, State
from bot.domain.watch import BooksRecord, Look
from bot.services.watch import WatchService
from bot.services.watching import LATE, PERHAPS, RECEIPT_PERHAPS
from tests.builders import NOON, an_item
from tests.integration.services.publishing import ITEM, OF, World

HEAD = RecordStanding(
    State.OPEN, "NW-1001", "2026-03-03", "144.00", "s1", "Northwind Paper Ltd", "144.00", "GBP"
)


def watching(world: World) -> WatchService:
    """A new process each time."""
    return WatchService(world.storage, {"zoho-books": world.books}, world.jobs, world.clock)


async def looks(world: World) -> Look:
    found = await watching(world).run(OF)
    assert found is not None
    return found


async def published(world: World, item: Item | None = None) -> Item:
    """The usual item, in the books as bill 7001."""
    await world.prepared(item)
    await world.publish.begin(OF, ITEM, "UADA")  # type: ignore[arg-type]
    await world.run_all()
    world.jobs.queue.clear()
    stands(world)
    return await world.item()


def stands(world: World, record_id: str = "7001", kind: PublishAs = PublishAs.BILL, **head: Any) -> None:
    """A record as it stands in the books from now on."""
    made_at = head.pop("made_at", None)
    reference = head.pop("reference", "")
    standing = replace(HEAD, changed_at=world.clock.now, **head)
    before = world.books.there.get(record_id)
    made_at = made_at or (before.made_at if before else world.clock.now)
    link = f"https://books.example/{record_id}"
    world.books.there[record_id] = BooksRecord(kind, record_id, link, standing, reference, made_at)


async def told(world: World, item: ItemId = ITEM) -> list[tuple[str, str]]:
    """What looks said of an item, in order."""
    entries = await world.storage.of(OF).history.of(item)
    begins = (IN_BOOKS, LATE, PERHAPS, RECEIPT_PERHAPS)
    words = [(one.what, one.after) for one in entries if one.what.startswith(begins)]
    return [(what.removeprefix(IN_BOOKS).removeprefix("item."), after) for what, after in words]


def waiting(**changes: Any) -> Item:
    usual: dict[str, Any] = {"id": ItemId("waits"), "external_id": "w"}
    return an_item(**usual | changes)


LATER = NOON + dt.timedelta(days=1)
