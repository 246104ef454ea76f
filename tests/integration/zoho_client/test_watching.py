"""What changed in Zoho Books, as its lists tell it: filtered by time, page by page, checked again."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest

from bot.domain.items import PublishAs
from bot.domain.standing import State
from bot.domain.watch import Sheet
from bot.errors import Unavailable
from tests.integration.zoho_client.conftest import Bench

LISTS = {
    PublishAs.BILL: ("bills", "bill_id", "bill_number", "vendor"),
    PublishAs.VENDOR_CREDIT: ("vendorcredits", "vendor_credit_id", "vendor_credit_number", "vendor"),
    PublishAs.INVOICE: ("invoices", "invoice_id", "invoice_number", "customer"),
    PublishAs.CREDIT_NOTE: ("creditnotes", "creditnote_id", "creditnote_number", "customer"),
    PublishAs.EXPENSE: ("expenses", "expense_id", "reference_number", "vendor"),
    PublishAs.SALES_RECEIPT: ("salesreceipts", "sales_receipt_id", "receipt_number", "customer"),
}
SINCE = dt.datetime(2026, 6, 1, 12, 0, 0, 500_000, tzinfo=dt.UTC)


def a_row(bench: Bench, kind: PublishAs, **changes: Any) -> dict[str, Any]:
    """A record that stands there since yesterday of `SINCE`."""
    rows, key, number, party = LISTS[kind]
    count = len(bench.held_out.rows[rows])
    row = {
        key: bench.books.new_id(), number: f"N-{count}", f"{party}_id": "77", f"{party}_name": "Acme",
        "date": "2026-05-30", "total": 120.5, "balance": 120.5, "status": "open", "currency_code": "GBP",
        "created_time": "2026-05-31T12:00:00+0000", "last_modified_time": "2026-05-31T12:00:00+0000",
    } | changes  # fmt: skip
    bench.held_out.rows[rows].append(row)
    return row


async def changed(bench: Bench, kind: PublishAs, page: int = 1) -> Sheet:
    bench.books.calls.clear()
    return await bench.ledger().changed(kind, SINCE, page)


@pytest.mark.parametrize("kind", [kind for kind in LISTS if kind not in ("expense", "sales_receipt")])
async def test_only_what_changed_since_comes_in_one_call(bench: Bench, kind: PublishAs) -> None:
    """C13 C18"""
    await bench.connects()
    a_row(bench, kind)
    late = a_row(bench, kind, last_modified_time="2026-06-01T12:00:01+0000", balance=20.5)
    sheet = await changed(bench, kind)
    (found,) = sheet.records
    assert found.record_id == late[LISTS[kind][1]]
    assert found.link.endswith(found.record_id)
    standing = found.standing
    assert (standing.state, standing.balance) == (State.PARTLY_PAID, "20.5")
    assert (standing.number, standing.date, standing.total) == ("N-1", "2026-05-30", "120.5")
    assert (standing.party, standing.party_name, standing.currency) == ("77", "Acme", "GBP")
    assert found.made_at == dt.datetime(2026, 5, 31, 12, tzinfo=dt.UTC)
    (call,) = bench.books.calls
    assert call.query["last_modified_time"] == "2026-06-01T12:00:00+0000"
    assert call.query["sort_column"] == "created_time"
    assert bench.budget.calls[-1] is False, "background work leaves the reserve"


async def test_more_than_a_page_is_read_page_by_page(bench: Bench) -> None:
    """C13: calls are pages."""
    await bench.connects()
    for _ in range(203):
        a_row(bench, PublishAs.BILL, last_modified_time="2026-06-02T12:00:00+0000")
    first, second = await changed(bench, PublishAs.BILL), await changed(bench, PublishAs.BILL, 2)
    assert (len(first.records), first.has_more) == (200, True)
    assert (len(second.records), second.has_more) == (3, False)
    ids = {one.record_id for one in (*first.records, *second.records)}
    assert len(ids) == 203


async def test_a_filter_that_was_ignored_is_seen(bench: Bench) -> None:
    """C13: the whole history must not pass for what changed."""
    await bench.connects()
    a_row(bench, PublishAs.BILL)

    async def without(request: httpx.Request) -> None:
        request.url = request.url.copy_remove_param("last_modified_time")

    bench.http.event_hooks["request"].append(without)
    with pytest.raises(Unavailable, match="did not keep to the time"):
        await changed(bench, PublishAs.BILL)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("draft", State.DRAFT),
        ("pending_approval", State.WAITING),
        ("approved", State.APPROVED),
        ("rejected", State.REJECTED),
        ("overdue", State.OPEN),
        ("sent", State.OPEN),
        ("partially_paid", State.PARTLY_PAID),
        ("paid", State.PAID),
        ("void", State.VOID),
        ("something new", State.UNKNOWN),
    ],
)
async def test_each_state_is_told(bench: Bench, said: str, state: State) -> None:
    """C18"""
    await bench.connects()
    a_row(bench, PublishAs.BILL, status=said, last_modified_time="2026-06-02T12:00:00+0000")
    (found,) = (await changed(bench, PublishAs.BILL)).records
    assert found.standing.state is state


@pytest.mark.parametrize("kind", LISTS)
async def test_the_newest_come_first_and_say_since_when_they_are_whole(bench: Bench, kind: PublishAs) -> None:
    """C18: what is not among them was deleted, or made before."""
    await bench.connects()
    rows = LISTS[kind][0]
    for number in range(205):
        a_row(bench, kind, created_time=f"2026-05-{1 + number // 24:02}T{number % 24:02}:00:00+0000")
    bench.books.calls.clear()
    sheet = await bench.ledger().newest(kind)
    assert len(bench.books.calls) == 1
    newest = {str(row[LISTS[kind][1]]) for row in bench.held_out.rows[rows][5:]}
    assert {one.record_id for one in sheet.records} == newest
    assert sheet.whole_since == dt.datetime(2026, 5, 1, 5, tzinfo=dt.UTC)


async def test_a_list_that_fits_on_a_page_is_whole_however_it_is_sorted(bench: Bench) -> None:
    """C18: also where nothing is left on it."""
    await bench.connects()
    for number in range(3):
        found = await bench.ledger().newest(PublishAs.BILL)
        assert found.whole_since is not None
        assert (len(found.records), found.whole_since.year) == (number, 2000)
        a_row(bench, PublishAs.BILL, created_time="")


async def test_where_the_order_is_not_kept_nothing_is_made_of_it(bench: Bench) -> None:
    """C18: nobody is told that a record is gone which only stands on another page."""
    await bench.connects()
    for number in range(205):
        at = f"2026-05-{1 + number // 24:02}T10:00:{number % 24:02}+0000"
        a_row(bench, PublishAs.EXPENSE, created_time=at)

    async def unsorted(request: httpx.Request) -> None:
        request.url = request.url.copy_remove_param("sort_order")

    bench.http.event_hooks["request"].append(unsorted)
    assert (await bench.ledger().newest(PublishAs.EXPENSE)).whole_since is None


@pytest.mark.parametrize("kind", LISTS)
async def test_one_record_is_read_by_itself_and_a_deleted_one_is_none(bench: Bench, kind: PublishAs) -> None:
    """C18"""
    await bench.connects()
    row = a_row(bench, kind)
    record = str(row[LISTS[kind][1]])
    found = await bench.ledger().standing(kind, record)
    assert found is not None
    assert (found.record_id, found.standing.total) == (record, "120.5")
    bench.held_out.rows[LISTS[kind][0]].remove(row)
    assert await bench.ledger().standing(kind, record) is None
