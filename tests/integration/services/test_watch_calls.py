"""Looks of the whole bot at the simulated Zoho Books over HTTP: what is done there by hand, and the calls."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator

import pytest

from bot.domain.identity import ItemId
from bot.domain.items import ItemStage, ItemStatus
from bot.domain.standing import State
from bot.domain.watch import Look
from bot.sandbox.visitor import Visitor
from bot.services.items import ItemService
from bot.services.watch import WatchService
from tests.builders import an_item
from tests.integration.services import test_calls
from tests.integration.services.publishing import ITEM, OF
from tests.integration.services.test_calls import PAID, Books

books = test_calls.books
A_DAY = ["GET /bills", "GET /vendorcredits", "GET /invoices", "GET /creditnotes", "GET /expenses"]
A_DAY += ["GET /salesreceipts"]


class Bookkeeper:
    """Somebody in the pages of the books."""

    def __init__(self, books: Books, visitor: Visitor) -> None:
        self.books, self.visitor = books, visitor
        self.app = f"{books.bench.server.origin}/app/60001"

    async def at(self, section: str, record: str) -> None:
        await self.visitor.opens(f"{self.app}/{section}/{record}")

    async def enters(self, **fields: str) -> str:
        await self.visitor.opens(f"{self.app}/bills")
        usual = {"supplier": "Northwind Paper Ltd", "number": "NW-1001", "date": "2026-03-03", "total": "144"}
        text = await self.visitor.presses("Enter the bill", **usual | fields)
        assert "Entered: bill" in text, text
        return self.visitor.address.partition("?")[0].rpartition("/")[2]


@pytest.fixture
async def hand(books: Books) -> AsyncIterator[Bookkeeper]:
    async with Visitor() as visitor:
        yield Bookkeeper(books, visitor)


async def looks(books: Books, **later: float) -> Look:
    """A later look, by a new process."""
    span = dt.timedelta(**later or {"hours": 24})
    books.bench.watch.passes(span.total_seconds())
    books.clock.now = books.bench.watch.now
    books.bench.books.calls.clear()
    service = WatchService(books.storage, {"zoho-books": books.bench.software()}, books.jobs, books.clock)
    look = await service.run(OF)
    assert look is not None
    assert look.is_over, look.unfinished
    return look


async def told(books: Books, item: ItemId = ITEM) -> list[str]:
    entries = await books.storage.of(OF).history.of(item)
    return [f"{one.what.removeprefix('item.')} {one.after}".strip() for one in entries if "books" in one.what]


async def test_our_own_publishing_is_no_news_and_a_day_costs_a_call_a_list(books: Books) -> None:
    """C18: bill, expense and bill with payment with what Zoho makes of them."""
    await books.connected()
    await books.publishes(an_item())
    second = {"id": ItemId("i2"), "external_id": "2", "document_number": "NW-2"}
    await books.publishes(an_item(manual=test_calls.BY_HAND, **second, **PAID))
    expense = an_item(id=ItemId("i3"), external_id="3", document_number="NW-3", **PAID)
    await books.publishes(expense)
    look = await looks(books)
    assert look.left_out == ()
    assert [await told(books, item) for item in (ITEM, ItemId("i2"), ItemId("i3"))] == [[], [], []]
    assert books.called == [*A_DAY, "GET /bills"], "the last one: whether any of ours is gone"


async def test_paid_edited_and_made_void_by_hand(books: Books, hand: Bookkeeper) -> None:
    """C13 C18: each once; void at the end, it offers what Undo offers."""
    await books.connected()
    item = await books.publishes(an_item())
    assert item.published is not None
    record = item.published.record_id
    await looks(books)
    await hand.at("bills", record)
    await hand.visitor.presses("Save", number="NW-1001", date="2026-03-03", total="150.00")
    await hand.visitor.presses("Record payment", amount="50")
    await looks(books)
    await looks(books)
    assert await told(books) == [
        "books_partly_paid £100.00 left",
        "books_changed total: £144.00 → £150.00",
    ]
    await hand.at("bills", record)
    assert "payments are associated" in await hand.visitor.presses("Make void")
    await hand.visitor.presses("Record payment", amount="100")
    await looks(books)
    other = await books.publishes(an_item(id=ItemId("i2"), external_id="2", document_number="NW-2"))
    assert other.published is not None
    await hand.at("bills", other.published.record_id)
    await hand.visitor.presses("Make void")
    await looks(books)
    assert (await told(books))[2:] == ["books_paid"]
    assert await told(books, ItemId("i2")) == ["books_void"]
    found = await books.storage.of(OF).items.get(ItemId("i2"))
    assert found is not None
    assert found.published is not None
    assert found.published.standing is not None
    assert (found.stage, found.published.standing.state) == (ItemStage.PUBLISHED, State.VOID)


async def test_a_deleted_bill_and_a_deleted_expense(books: Books, hand: Bookkeeper) -> None:
    """C18"""
    await books.connected()
    bill = await books.publishes(an_item())
    expense = await books.publishes(an_item(id=ItemId("i2"), external_id="2", document_number="N2", **PAID))
    await looks(books)
    for section, item in (("bills", bill), ("expenses", expense)):
        assert item.published is not None
        await hand.at(section, item.published.record_id)
        await hand.visitor.presses("Delete")
    assert books.bench.held_out.rows["bills"] == books.bench.held_out.rows["expenses"] == []
    await looks(books)
    assert await told(books) == await told(books, ItemId("i2")) == ["books_deleted"]
    one_by_one = [call for call in books.called if call.count("/") > 1]
    assert len(one_by_one) == 2


async def test_a_bill_entered_by_hand_holds_the_item_until_it_is_void_there(
    books: Books, hand: Bookkeeper
) -> None:
    """C13"""
    await books.connected()
    await books.storage.of(OF).items.add([an_item()])
    await looks(books, minutes=10)
    record = await hand.enters()
    await hand.enters(number="ELSE-1", total="9.50")
    await looks(books)
    views = ItemService(books.storage, books.clock)
    assert (await views.view(OF, ITEM)).status is ItemStatus.NEEDS_ATTENTION
    (said,) = await told(books)
    assert said.endswith("same supplier, number and total")
    assert (await books.storage.of(OF).watch.found(0, 9))[1] == 2
    await hand.at("bills", record)
    await hand.visitor.presses("Make void")
    await looks(books)
    assert (await views.view(OF, ITEM)).status is ItemStatus.READY


async def test_a_bill_that_waited_for_approval_there_is_told_when_it_counts(
    books: Books, hand: Bookkeeper
) -> None:
    """C13: approved behind the tool's back, ours and another's."""
    await books.connected()
    item = await books.publishes(an_item())
    assert item.published is not None
    other = await hand.enters(number="ELSE-1", total="9.50")
    for record in (item.published.record_id, other):
        await hand.at("bills", record)
        await hand.visitor.presses("Submit for approval")
    await looks(books)
    since = books.clock.now
    for record in (item.published.record_id, other):
        await hand.at("bills", record)
        await hand.visitor.presses("Approve")
    await looks(books)
    assert await told(books) == ["books_submitted", "books_approved"]
    news = await books.storage.of(OF).watch.found_since(since)
    assert sorted(one.rpartition(":")[2] for one in news) == sorted([ITEM, other])


async def test_three_pages_are_three_calls(books: Books) -> None:
    """C13: nothing is read twice."""
    await books.connected()
    store = books.storage.of(OF)
    rows, now = books.bench.held_out.rows["bills"], books.bench.books.now
    for number in range(450):
        rows.append(
            {
                "bill_id": str(number + 1), "bill_number": f"B-{number}", "vendor_id": "1",
                "vendor_name": "Somebody", "date": "2026-03-03", "total": 1.0 + number, "balance": 1.0,
                "status": "open", "currency_code": "GBP", "created_time": now, "last_modified_time": now,
            }
        )  # fmt: skip
    service = WatchService(books.storage, {"zoho-books": books.bench.software()}, books.jobs, books.clock)
    look = await service.run(OF)
    assert look is not None
    bills = [call.query["page"] for call in books.bench.books.calls if call.path == "/bills"]
    assert bills == ["1", "2", "3", "1"], "the last one: whether any of them is gone"
    assert (await store.watch.found(0, 1))[1] == 450
