"""A month's report over a real Redis: which items it has, and what it sums."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace

import pytest

from bot import readers
from bot.domain.identity import ItemId
from bot.domain.items import Field, ItemStage, ItemStatus
from bot.domain.report import Month
from bot.errors import NotConnected, WrongInput
from bot.services.report import ReportService
from storage.store import RedisStorage
from tests.builders import ADA, an_item, published
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

MARCH = Month(2026, 3)


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


def a_report(inbox: Inbox) -> ReportService:
    return ReportService(inbox.storage, inbox.jobs, inbox.clock)


async def test_the_report_has_the_items_of_its_month_by_day(inbox: Inbox) -> None:
    """C29: by the day a person set, the document says, or it came in."""
    march, april = dt.date(2026, 3, 31), dt.date(2026, 4, 1)
    in_march = dt.datetime(2026, 3, 9, tzinfo=dt.UTC)
    items = [
        an_item(id=ItemId("a"), document_number="NW-a", external_id="last day", date=march),
        an_item(id=ItemId("b"), document_number="NW-b", external_id="next month", date=april),
        an_item(
            id=ItemId("c"),
            document_number="NW-c",
            external_id="moved in",
            date=april,
            manual={Field.DATE: "2026-03-01"},
        ),
        an_item(
            id=ItemId("d"),
            document_number="NW-d",
            external_id="moved out",
            date=march,
            manual={Field.DATE: "2026-04-01"},
        ),
        an_item(
            id=ItemId("e"), document_number="NW-e", external_id="no date", date=None, received_at=in_march
        ),
        an_item(
            id=ItemId("f"),
            document_number="NW-f",
            external_id="booked",
            stage=ItemStage.PUBLISHED,
            published=published(),
        ),
    ]
    await inbox.store.items.add(items)
    made = await a_report(inbox).make(OF, MARCH)
    rows = list(csv.DictReader(io.StringIO(made.table.decode("utf-8-sig"))))
    assert [row["Receipt ID"] for row in rows] == ["moved in", "booked", "no date", "last day"]
    assert made.counts == {ItemStatus.READY: 3, ItemStatus.PUBLISHED: 1}
    assert (made.organisation, made.currency, str(made.spend.total)) == ("Held Out Ltd", "GBP", "144.00")


async def test_a_report_reads_back_through_our_own_reader(inbox: Inbox) -> None:
    """C29 C28: the same items by the same ids, formulas and all."""
    items = [
        an_item(id=ItemId(f"i{number}"), external_id=f"{number}", description="=1+1", total=f"{number}.50")
        for number in range(1, 4)
    ]
    await inbox.store.items.add(items)
    made = await a_report(inbox).make(OF, MARCH)
    reading = readers.read("dext-2026-03.csv", made.table)
    assert [(one.external_id, str(one.total)) for one in reading.documents] == [
        ("1", "1.50"),
        ("2", "2.50"),
        ("3", "3.50"),
    ]
    assert reading.refused == ()


async def test_every_item_is_walked_once_however_many(inbox: Inbox) -> None:
    number = 1500
    await inbox.store.items.add(
        [replace(an_item(external_id=f"x{one}"), id=ItemId(f"i{one}")) for one in range(number)]
    )
    chunks = [[item.id for item in chunk] async for chunk in inbox.store.items.all()]
    assert sorted(item for chunk in chunks for item in chunk) == sorted(f"i{one}" for one in range(number))
    assert max(map(len, chunks)) < number / 2


async def test_what_is_no_month_is_refused_and_nothing_is_queued(inbox: Inbox) -> None:
    with pytest.raises(WrongInput, match="no month"):
        await a_report(inbox).ask(OF, ADA, "Marchember")
    assert inbox.jobs.queue == []
    month = await a_report(inbox).ask(OF, ADA, "2026-03")
    assert inbox.jobs.named("report") == [(str(OF), ADA, month.code)]


async def test_without_a_connection_there_is_no_currency_to_sum_in(
    storage: RedisStorage, clock: Clock
) -> None:
    bare = Inbox(storage, FakeJobs(), clock)
    with pytest.raises(NotConnected):
        await a_report(bare).ask(OF, ADA, "")
    with pytest.raises(NotConnected):
        await a_report(bare).make(OF, MARCH)
