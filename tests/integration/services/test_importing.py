"""Bringing in files: every document once, refused rows with their reason."""

from __future__ import annotations

import asyncio
import csv
import io

import pytest

from bot.domain.identity import BOT, Business, BusinessId, ChannelId, WorkspaceId
from bot.domain.items import Field, ItemStatus
from bot.errors import WrongInput
from bot.services.importing import ImportingService, item_id
from storage.store import RedisStorage
from tests.builders import ADA, BEN
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

ROW = {
    "Receipt ID": "90000000010",
    "Type": "Invoice",
    "Date": "31-Aug-2026",
    "Due Date": "30-Sep-2026",
    "Invoice Number": "NW-1001",
    "Supplier": "Northwind Paper Ltd",
    "Category": "429 - Office Supplies",
    "Tax": "24.00",
    "Total": "144.00",
    "Currency": "GBP",
    "Description": "Paper",
}


def export(*rows: dict[str, str]) -> bytes:
    """A Dext export of rows that differ from the usual one by so much."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(ROW))
    writer.writeheader()
    writer.writerows(ROW | row for row in rows)
    return file.getvalue().encode()


FIRST, SECOND, THIRD = ({"Receipt ID": f"9000000001{place}"} for place in range(3))


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


async def test_a_file_comes_in_with_counts_in_its_own_order(inbox: Inbox) -> None:
    """C28: what is ready, what needs attention; the first row first."""
    file = export(FIRST, SECOND | {"Category": ""}, THIRD)
    done = await inbox.importing.run(OF, "costs.csv", file, ADA)
    assert (len(done.new), done.known, done.ready, done.needs_attention, done.refused) == (3, 0, 2, 1, ())
    page = await inbox.items.page(OF, None)
    assert [view.item.id for view in page.views] == list(done.new)
    assert [view.status for view in page.views] == [
        ItemStatus.READY,
        ItemStatus.NEEDS_ATTENTION,
        ItemStatus.READY,
    ]
    assert {(view.item.received_from, view.item.received_by) for view in page.views} == {("costs.csv", ADA)}
    assert await inbox.said() == [("items.imported", "costs.csv", "", "3 new, 0 known, 0 refused")]


async def test_the_same_file_again_brings_nothing_in_and_changes_nothing(inbox: Inbox) -> None:
    """C28 C3: also after it was edited, and under another name by somebody else."""
    first = await inbox.importing.run(OF, "costs.csv", export(FIRST, SECOND), ADA)
    await inbox.items.edit(OF, first.new[0], ADA, {Field.CATEGORY: "c493"})
    before = await inbox.store.items.many(first.new)
    file = export(FIRST | {"Total": "999.00"}, SECOND, THIRD)
    again = await inbox.importing.run(OF, "again.csv", file, BEN)
    assert (again.known, len(again.new)) == (2, 1)
    assert await inbox.store.items.many(first.new) == before
    third = await inbox.importing.run(OF, "again.csv", file, BEN)
    assert (third.known, third.new, third.ready, third.needs_attention) == (3, (), 0, 0)
    assert (await inbox.items.page(OF, None)).total == 3


async def test_a_document_twice_in_one_file_is_one_item(inbox: Inbox) -> None:
    """C28: by its Receipt ID."""
    done = await inbox.importing.run(OF, "costs.csv", export(FIRST, FIRST, SECOND), ADA)
    assert len(set(done.new)) == len(done.new) == 2
    assert (await inbox.items.page(OF, None)).total == 2


async def test_two_processes_that_read_one_file_bring_it_in_once(inbox: Inbox) -> None:
    """C3: a job delivered twice."""
    file = export(FIRST, SECOND, THIRD)
    done = await asyncio.gather(*(inbox.importing.run(OF, "costs.csv", file, ADA) for _ in range(4)))
    assert sum(len(one.new) for one in done) == 3
    assert sum(one.known for one in done) == 9
    assert (await inbox.items.page(OF, None)).total == 3


async def test_refused_rows_are_told_and_the_others_come_in(inbox: Inbox) -> None:
    """C28: each by its row in the spreadsheet."""
    file = export(FIRST, SECOND | {"Total": "twelve"}, THIRD)
    done = await inbox.importing.run(OF, "costs.csv", file, ADA)
    assert [row.row for row in done.refused] == [3]
    assert "twelve" in done.refused[0].reason
    assert len(done.new) == 2
    assert (await inbox.said())[-1][3] == "2 new, 0 known, 1 refused"


async def test_a_file_that_cannot_be_read_leaves_everything_as_it_is(inbox: Inbox) -> None:
    """C28: said, nothing logged."""
    for content in (b"", b"hello", b"\xff\xfe\x00"):
        with pytest.raises(WrongInput):
            await inbox.importing.run(OF, "costs.csv", content, ADA)
    assert (await inbox.items.page(OF, None)).total == 0
    assert await inbox.said() == []


async def test_what_nobody_brought_in_has_no_person(inbox: Inbox) -> None:
    """C28: from the command line."""
    done = await inbox.importing.run(OF, "costs.csv", export(FIRST), BOT)
    (view,) = await inbox.items.views(OF, done.new)
    assert view.item.received_by is None


async def test_two_businesses_never_share_an_item(inbox: Inbox) -> None:
    """C26: the same document in another business is another item."""
    other = Business(WorkspaceId("T1"), BusinessId("b2"))
    mine = await inbox.importing.run(OF, "costs.csv", export(FIRST), ADA)
    theirs = await inbox.importing.run(other, "costs.csv", export(FIRST), ADA)
    assert mine.new != theirs.new
    assert mine.new == (item_id(OF, FIRST["Receipt ID"]),)
    assert (await inbox.items.page(other, None)).total == 1


async def test_a_file_asked_for_twice_by_one_delivery_is_read_once(inbox: Inbox) -> None:
    """C3: Slack tells again what it was not heard to tell."""
    importing: ImportingService = inbox.importing
    for once in ("Ev1", "Ev1", "Ev2"):
        await importing.ask(OF, "F1", ADA, ChannelId("C1"), once)
    assert inbox.jobs.named("look_at_file") == [(str(OF), "F1", ADA, "C1")] * 2
