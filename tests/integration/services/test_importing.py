"""Bringing in files: every document once, refused rows with their reason."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.identity import BOT, Business, BusinessId, ChannelId, WorkspaceId
from bot.domain.items import Field, ItemStatus, Side
from bot.domain.many import Wanted
from bot.errors import WrongInput
from bot.services.importing import ImportingService, item_id
from bot.services.many import ManyService
from storage.store import RedisStorage
from tests import invoice_samples as samples
from tests.builders import ADA, BEN, GBP_ORGANISATION
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox, text
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


FIRST, SECOND, THIRD = (
    {"Receipt ID": f"9000000001{place}", "Invoice Number": f"NW-100{place + 1}"} for place in range(3)
)


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


async def test_two_files_of_one_name_are_two_batches(inbox: Inbox) -> None:
    """C2: **Publish all** under a file means what came in with it, not with another `costs.csv`."""
    first = await inbox.importing.run(OF, "costs.csv", export(FIRST, SECOND), ADA)
    second = await inbox.importing.run(OF, "costs.csv", export(THIRD), ADA)
    many = ManyService(inbox.storage, inbox.publish, inbox.jobs, inbox.clock, slice_seconds=0.0)
    chosen = {}
    for imported in (first, second):
        asked = await many.ask(OF, ADA, Wanted.FILE, imported.batch, title=imported.filename)
        async for one in many.run(OF, asked.id, 0):
            chosen[imported.batch] = one.items
            assert one.what == "costs.csv"
    assert chosen == {first.batch: first.new[::-1], second.batch: second.new}


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


# --- the look


async def test_a_look_tells_what_would_come_in_and_stores_nothing(inbox: Inbox) -> None:
    """C28: what is ready, what is here already, what it comes to."""
    await inbox.importing.run(OF, "costs.csv", export(FIRST), ADA)
    said = await inbox.said()
    credit = THIRD | {"Type": "Credit note/refund", "Total": "44.00", "Tax": ""}
    euro = {"Receipt ID": "4", "Currency": "EUR", "Total": "10.00", "Tax": "", "Category": ""}
    file = export(FIRST, SECOND, credit, euro, {"Receipt ID": "5", "Total": "twelve"})
    found = await inbox.importing.look(OF, "more.csv", file)
    assert [view.item.document.external_id for view in found.new] == [
        SECOND["Receipt ID"],
        THIRD["Receipt ID"],
        "4",
    ]
    assert (found.known, len(found.refused), found.is_plain, found.has_news) == (1, 1, False, True)
    assert dict(found.totals) == {"GBP": Decimal("100.00"), "EUR": Decimal("10.00")}
    assert found.ready == sum(view.status is ItemStatus.READY for view in found.new)
    assert (await inbox.items.page(OF, None)).total == 1
    assert await inbox.said() == said


async def test_a_look_sees_what_the_import_then_brings(inbox: Inbox) -> None:
    """C28: the same items in the same states, rules and lists looked up for all at once."""
    await inbox.rules.save(OF, ADA, "new:Kestrel Taxis", {"category": "c493", "tax": "t0"})
    rows = [
        {"Receipt ID": str(number), "Supplier": ("Northwind Paper Ltd", "Kestrel Taxis", "")[number % 3],
         "Category": ("429", "", "nothing")[number % 2]}
        for number in range(450)
    ]  # fmt: skip
    seen = await inbox.importing.look(OF, "costs.csv", export(*rows))
    done = await inbox.importing.run(OF, "costs.csv", export(*rows), ADA)
    views = await inbox.items.views(OF, done.new)
    assert [view.status for view in views] == [view.status for view in seen.new]
    assert [view.coding.values[Field.CATEGORY] for view in views] == [
        view.coding.values[Field.CATEGORY] for view in seen.new
    ]
    assert (done.ready, done.needs_attention) == (seen.ready, len(seen.new) - seen.ready)
    assert 0 < seen.ready < 450


async def test_a_file_of_one_new_item_is_plain(inbox: Inbox) -> None:
    assert (await inbox.importing.look(OF, "costs.csv", export(FIRST))).is_plain
    await inbox.importing.run(OF, "costs.csv", export(FIRST), ADA)
    again = await inbox.importing.look(OF, "costs.csv", export(FIRST))
    assert (again.is_plain, again.has_news, again.known) == (False, False, 1)


async def test_an_e_invoice_comes_in_once_in_whichever_form_it_is_sent(inbox: Inbox) -> None:
    """C28: as XML, then inside a PDF."""
    first = await inbox.importing.run(OF, "re.xml", samples.cii(), ADA)
    second = await inbox.importing.run(OF, "re.pdf", samples.pdf(("factur-x.xml", samples.cii())), ADA)
    assert (len(first.new), second.new, second.known) == (1, (), 1)
    (view,) = await inbox.items.views(OF, first.new)
    assert view.item.document.lines[0].tax_rate == 19
    assert view.item.document.supplier_tax_number == "DE136695976"


async def test_an_invoice_the_business_wrote_itself_is_a_sale(inbox: Inbox) -> None:
    """C28: and on a cost the business is not its own customer."""
    own = samples.cii(seller=f"<ram:Name>{GBP_ORGANISATION.name.upper()}</ram:Name>")
    sold = own.replace(b"<ram:Name>Held Out Ltd</ram:Name>", b"<ram:Name>Harbour Books</ram:Name>")
    for content, side, supplier, customer in (
        (samples.cii(), Side.COST, "Werkstatt Süd GmbH", ""),
        (sold, Side.SALE, "", "Harbour Books"),
    ):
        done = await inbox.importing.run(OF, "re.xml", content, ADA)
        (view,) = await inbox.items.views(OF, done.new)
        found = view.item.document
        assert (found.side, found.supplier, found.customer) == (side, supplier, customer)


async def test_only_the_direct_message_and_the_business_s_channel_take_dropped_files(inbox: Inbox) -> None:
    """C28 C31."""
    await inbox.store.settings.change(lambda settings: replace(settings, channel=ChannelId("C1")))
    for channel in ("C1", "C2", "D7"):
        await inbox.importing.dropped(OF, "F1", ADA, ChannelId(channel))
    assert [ids[3] for ids in inbox.jobs.named("look_at_dropped")] == ["C1", "D7"]


async def test_import_pressed_twice_is_one_job(inbox: Inbox) -> None:
    """C3."""
    for _ in range(2):
        await inbox.importing.take(OF, "F1", ADA, ChannelId("C1"))
    assert inbox.jobs.named("import_file") == [(str(OF), "F1", ADA, "C1")]


# --- supplier lists

LIST = """Supplier Code,Supplier Name,Category,Currency Code
NW01,Northwind Paper Ltd,429 - Office Supplies,GBP
KT01,Kestrel Taxis,Travel (20%),
AL01,Atelier Lumière SARL,461 - Printing,EUR
,Old Mill Hosting,,
SO01,Sold Out Ltd,200,GBP
"""


async def test_a_supplier_list_becomes_rules(inbox: Inbox) -> None:
    """C7 C28: by name or code; what cannot be mapped is said row by row, the rest of the row counts."""
    done = await inbox.importing.run(OF, "suppliers.csv", LIST.encode(), ADA)
    assert [(row.row, row.reason) for row in done.refused] == [
        (4, "Atelier Lumière SARL: category “461 - Printing” is not in the chart of accounts"),
        (6, "Sold Out Ltd: category “200” is not for costs"),
    ]
    rules = {rule.name: (rule.category, rule.currency) for rule in await inbox.store.rules.all()}
    assert rules == {
        "Northwind Paper Ltd": ("c429", "GBP"),
        "Kestrel Taxis": ("c493", ""),
        "Atelier Lumière SARL": (None, "EUR"),
        "Sold Out Ltd": (None, "GBP"),
    }
    assert (done.rules.added, done.rules.changed, done.rules.bare) == (4, 0, 1)
    said = await inbox.said()
    assert (
        "rule.changed",
        "Northwind Paper Ltd",
        "none",
        "category 429 - Office Supplies, currency GBP",
    ) in said
    assert said[-1] == ("items.imported", "suppliers.csv", "", "4 rules new, 0 changed, 2 refused")


async def test_a_supplier_list_leaves_alone_what_it_does_not_say_and_changes_nothing_twice(
    inbox: Inbox,
) -> None:
    """C7: the tax of a rule stays; only what differs is written."""
    await inbox.rules.save(OF, ADA, "new:NORTHWIND PAPER LIMITED", {"category": "c493", "tax": "t0"})
    seen = await inbox.importing.look(OF, "suppliers.csv", LIST.encode())
    assert (seen.rules.added, seen.rules.changed, seen.is_supplier_list, seen.is_plain) == (3, 1, True, False)
    assert len(await inbox.store.rules.all()) == 1
    await inbox.importing.run(OF, "suppliers.csv", LIST.encode(), ADA)
    rule = await inbox.store.rules.of("northwind paper")
    assert rule is not None
    assert (rule.category, rule.tax, rule.currency) == ("c429", "t0", "GBP")
    await inbox.rules.save(
        OF, ADA, "new:Northwind Paper Ltd", {"category": "c429", "tax": "t0", "currency": "gbp"}
    )
    again = await inbox.importing.look(OF, "suppliers.csv", LIST.encode())
    assert (again.rules.changes, again.rules.same, again.has_news) == ((), 4, False)


async def test_a_category_of_the_list_is_what_the_next_item_gets(inbox: Inbox) -> None:
    """S24: the rule's."""
    await inbox.importing.run(OF, "suppliers.csv", LIST.encode(), ADA)
    done = await inbox.importing.run(OF, "costs.csv", export(FIRST | {"Category": "Travel"}), ADA)
    (view,) = await inbox.items.views(OF, done.new)
    assert text(view, Field.CATEGORY) == ("429 - Office Supplies", "rule")


# --- the files of e-invoices


async def test_a_pdf_with_an_invoice_inside_stays_with_its_item(inbox: Inbox) -> None:
    """C14 C28: it is sent with the record; brought in again, it is there once."""
    content = samples.pdf(("factur-x.xml", samples.cii()))
    done = await inbox.importing.run(OF, "re.pdf", content, ADA)
    again = await inbox.importing.run(OF, "re.pdf", content, BEN)
    assert (len(done.new), again.new, again.known) == (1, (), 1)
    (item,) = await inbox.store.items.many(done.new)
    file, embedded = item.attachments
    assert (file.filename, file.size, embedded.filename) == ("re.pdf", len(content), "plan.png")
    assert await inbox.store.attachments.read(item.id, file.id) == content


async def test_of_an_invoice_in_xml_only_what_is_embedded_stays(inbox: Inbox) -> None:
    """C14: no accounting software takes XML; on the card it would be a file that was not sent."""
    done = await inbox.importing.run(OF, "re.xml", samples.cii(), ADA)
    (item,) = await inbox.store.items.many(done.new)
    assert [file.filename for file in item.attachments] == ["plan.png"]
