"""The same file under two ids: by import, item API and by hand; a table of many items is none."""

from __future__ import annotations

import base64
from collections.abc import Sequence

import pytest

from bot.domain.attachments import FileContent
from bot.domain.duplicates import Strength
from bot.domain.identity import ItemId
from bot.domain.items import ItemStatus
from bot.services.arriving import ArrivingService
from tests import invoice_samples as samples
from tests.builders import ADA, a_document
from tests.integration.api.conftest import ITEM, Door
from tests.integration.services.inbox import OF

PDF = samples.pdf(("factur-x.xml", samples.cii()))
BARE = {"external_id": "bare", "side": "cost", "type": "invoice"}
HEADINGS = "Receipt ID,Type,Date,Invoice Number,Supplier,Category,Total,Currency"


def sent(external_id: str, *files: bytes, **fields: str) -> dict[str, object]:
    """An item that says nothing but its file."""
    known = [
        {"filename": f"{number}.pdf", "content": base64.b64encode(one).decode()}
        for number, one in enumerate(files)
    ]
    return {**BARE, "external_id": external_id, "attachments": known, **fields}


async def posted(door: Door, item: object) -> ItemId:
    door.inbox.clock.forward(minutes=1)
    return ItemId((await door.posts(item)).json()["items"][0]["id"])


async def reasons(door: Door, item: ItemId) -> Sequence[tuple[str, Strength, bool]]:
    view = await door.inbox.items.view(OF, item)
    return [(one.finding.reason, one.finding.strength, one.asks) for one in view.suspects]


SAME = [("the same file", Strength.CERTAIN, True)]


async def test_an_e_invoice_that_was_imported_and_is_sent_again_is_asked_about(door: Door) -> None:
    """C4 C5 C14: the PDF that was read, under an id of the sender's own."""
    await door.inbox.importing.run(OF, "re.pdf", PDF, ADA)
    again = await posted(door, sent("other", PDF))
    assert await reasons(door, again) == SAME
    view = await door.inbox.items.view(OF, again)
    assert view.status is ItemStatus.NEEDS_ATTENTION
    assert any("the same file" in problem.says for problem in view.coding.problems)


async def test_an_item_that_was_sent_and_is_imported_again_is_shown_before_the_import(door: Door) -> None:
    """C5 C28: the look at a file knows of it already."""
    await posted(door, sent("other", PDF))
    seen = await door.inbox.importing.look(OF, "re.pdf", PDF)
    (view,) = seen.new
    assert [one.finding.reason for one in view.suspects] == ["the same file"]
    door.inbox.clock.forward(minutes=1)
    done = await door.inbox.importing.run(OF, "re.pdf", PDF, ADA)
    assert await reasons(door, done.new[0]) == SAME


async def test_the_same_file_twice_through_the_item_api(door: Door) -> None:
    """C5: whatever it is called, and among several."""
    await posted(door, sent("one", b"%PDF-1.4 a"))
    assert await reasons(door, await posted(door, sent("two", b"%PDF-1.4 b", b"%PDF-1.4 a"))) == SAME
    assert await reasons(door, await posted(door, sent("three", b"%PDF-1.4 c"))) == []


async def test_a_file_added_by_hand_is_found_with_the_items_fields_silent(door: Door) -> None:
    """C5: the file comes after the item."""
    await posted(door, sent("one", b"%PDF-1.4 a"))
    arriving = ArrivingService(door.inbox.storage, door.inbox.importing, door.inbox.jobs, door.inbox.clock)
    document = a_document(
        external_id="by-hand-1",
        supplier="",
        document_number="",
        date=None,
        currency="",
        total=None,
        category="",
    )
    door.inbox.clock.forward(minutes=1)
    await arriving.add_by_hand(OF, ADA, document, [], "C1")  # type: ignore[arg-type]
    (added,) = [view.item for view in (await door.inbox.items.page(OF, None)).views if view.item.received_by]
    assert await reasons(door, added.id) == []
    await arriving.add_files(OF, added.id, [FileContent("scan.pdf", "application/pdf", b"%PDF-1.4 a")])
    assert await reasons(door, added.id) == SAME


@pytest.mark.parametrize("fields", [{"document_number": "N-2"}, {"total": "5.00"}, {"date": "2026-04-01"}])
async def test_conditions_that_come_with_every_invoice_make_no_duplicates(
    door: Door, fields: dict[str, str]
) -> None:
    """C5: two documents with one file between them say different things."""
    await posted(door, {**sent("one", b"terms"), **ITEM, "external_id": "one"})
    other = {**sent("two", b"terms"), **ITEM, "external_id": "two", **fields}
    assert "the same file" not in [reason for reason, *_ in await reasons(door, await posted(door, other))]


async def test_rows_of_one_table_are_not_the_same_file(door: Door) -> None:
    """C5 C28: forty items of one CSV file, imported twice under other ids."""
    rows = [f"{n},Receipt,2026-03-{n % 28 + 1:02},,Supplier {n},429,{n + 1}.00,GBP" for n in range(40)]
    done = await door.inbox.importing.run(OF, "costs.csv", "\n".join([HEADINGS, *rows]).encode(), ADA)
    assert len(done.new) == 40
    for item in done.new:
        assert await reasons(door, item) == []


async def test_invoices_of_one_envelope_are_not_each_other(door: Door) -> None:
    """C5: one file, two documents."""
    invoices = [samples.cii(), samples.cii(number="<ram:ID>RE-2026/18</ram:ID>")]
    inside = b"".join(one.partition(b"?>")[2] for one in invoices)
    envelope = b'<StandardBusinessDocument xmlns="urn:sbdh">%s</StandardBusinessDocument>' % inside
    done = await door.inbox.importing.run(OF, "both.xml", envelope, ADA)
    assert len(done.new) == 2
    for item in done.new:
        assert await reasons(door, item) == []
