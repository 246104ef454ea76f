"""The whole way of an item into the simulated Zoho Books: what is booked, and with how many calls."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import httpx
import pytest

from bot.domain.attachments import FileContent, FileState, described
from bot.domain.connection import Connection, Organisation
from bot.domain.duplicates import Answer, Verdict
from bot.domain.identity import ItemId
from bot.domain.items import DocumentType, Field, Item, ItemStage, Line, ManualValue, Side
from bot.domain.lists import ListKind
from bot.domain.publication import Step
from bot.errors import NotFound, NotReady
from bot.services.publish import PublishService
from bot.services.roles import RoleService
from storage.store import RedisStorage
from tests.builders import ADA, NOON, an_item
from tests.fakes import FakeJobs, FakePeople
from tests.integration.services.publishing import ITEM, OF
from tests.integration.zoho_client.conftest import Bench
from tests.redis_fixtures import Clock

CREDIT, RECEIPT = DocumentType.CREDIT_NOTE, DocumentType.RECEIPT
SALE: dict[str, Any] = {"side": Side.SALE, "supplier": "", "customer": "Harbour Books", "category": "Sales"}
BY_HAND = {Field.PUBLISH_AS: "bill_with_payment"}
PAID: dict[str, Any] = {"paid": True, "payment_account": "Current Account"}


@dataclass
class Books:
    """A connected business whose software is the real client before the simulation."""

    bench: Bench
    storage: RedisStorage
    clock: Clock
    jobs: FakeJobs

    async def connected(self) -> None:
        credentials = await self.bench.connects()
        store = self.storage.of(OF)
        organisation = Organisation("60001", "Held Out Ltd", "GBP")
        await store.connection.save(Connection("zoho-books", organisation, ADA, NOON), credentials)
        kinds, generation = [], secrets.token_hex(4)
        for kind in ListKind:
            if kind is ListKind.PAYMENT_MODES:
                continue
            try:
                entries = [entry async for page in self.bench.ledger().fetch(kind) for entry in page]
            except NotFound:  # not switched on in this organisation
                continue
            await store.lists.stage(generation, kind, entries)
            kinds.append(kind)
        await store.lists.commit(generation, kinds, NOON)
        await store.settings.change(lambda settings: replace(settings, warn_new_supplier=False))
        self.bench.books.calls.clear()

    async def publishes(self, item: Item) -> Item:
        roles = RoleService(FakePeople(), self.storage, self.clock)
        service = PublishService(
            self.storage, {"zoho-books": self.bench.software()}, self.jobs, roles, self.clock
        )
        store = self.storage.of(OF)
        await store.items.add([item])
        # Of two alike somebody said: different.
        await store.duplicates.answer(ITEM, item.id, Verdict(Answer.DIFFERENT, ADA, NOON))
        await service.begin(OF, item.id, ADA)
        (*_, (_, ids)) = self.jobs.queue
        await service.run(OF, item.id, ids[2])
        found = await store.items.get(item.id)
        assert found is not None
        return found

    @property
    def called(self) -> list[str]:
        return [f"{call.method} {call.path}" for call in self.bench.books.calls]


@pytest.fixture
async def books(storage: RedisStorage, clock: Clock) -> AsyncIterator[Books]:
    async with httpx.AsyncClient(trust_env=False) as http:
        bench = Bench(http)
        clock.now = bench.watch.now
        await bench.server.start()
        try:
            found = Books(bench, storage, clock, FakeJobs())
            await found.connected()
            yield found
        finally:
            await bench.server.stop()


NEW = ["POST /contacts"]


@pytest.mark.parametrize(
    ("document", "manual", "calls", "total"),
    [
        ({}, {}, ["POST /bills"], 144.0),
        (PAID, {}, ["POST /expenses"], 144.0),
        (PAID, BY_HAND, ["POST /bills", "POST /vendorpayments"], 144.0),
        ({"type": CREDIT}, {}, ["POST /vendorcredits"], 144.0),
        (SALE, {}, ["POST /invoices"], 144.0),
        (SALE | {"type": CREDIT}, {}, ["POST /creditnotes"], 144.0),
        (SALE | {"type": RECEIPT, "paid": True}, {}, ["POST /salesreceipts"], 144.0),
        ({"supplier": "Old Mill Hosting"}, {}, [*NEW, "POST /bills"], 144.0),
        (SALE | {"customer": "Weir Gallery"}, {}, [*NEW, "POST /invoices"], 144.0),
        (
            PAID | {"supplier": "Old Mill Hosting"},
            BY_HAND,
            [*NEW, "POST /bills", "POST /vendorpayments"],
            144.0,
        ),
    ],
)
async def test_each_kind_costs_one_call_a_record_and_one_more_for_a_new_contact(
    books: Books, document: dict[str, Any], manual: dict[Field, str], calls: list[str], total: float
) -> None:
    """S1: none wasted, and what stands there is what was sent."""
    item = await books.publishes(an_item(manual=manual, **document))
    assert books.called == calls
    assert item.published is not None
    assert (item.stage, item.published.differences, item.published.unpaid) == (ItemStage.PUBLISHED, (), "")
    record = books.bench.held_out.rows[calls[-1].removeprefix("POST /")][0]
    assert record.get("total", record.get("amount")) == total
    assert item.published.link.startswith(f"{books.bench.server.origin}/app/60001#/")


async def test_the_payment_settles_the_bill(books: Books) -> None:
    await books.publishes(an_item(manual=BY_HAND, **PAID))
    (bill,) = books.bench.held_out.rows["bills"]
    (payment,) = books.bench.held_out.rows["vendorpayments"]
    assert (bill["status"], bill["balance"]) == ("paid", 0.0)
    assert payment["bills"][0]["bill_id"] == bill["bill_id"]
    assert (payment["paid_through_account_name"], payment["payment_mode"]) == (
        "Current Account",
        "Bank Transfer",
    )


async def test_files_of_a_bill_with_payment_go_before_the_payment_one_call_each(books: Books) -> None:
    """C14: the books refuse a file for a paid bill, and nothing is looked for."""
    files = described([FileContent(name, "application/pdf", b"%PDF-1.4") for name in ("a.pdf", "b.pdf")])
    attachments = books.storage.of(OF).attachments
    await attachments.stage(ITEM, [(file.id, content) for file, content in files])
    item = await books.publishes(
        an_item(manual=BY_HAND, attachments=tuple(file for file, _ in files), **PAID)
    )
    (bill,) = books.bench.held_out.rows["bills"]
    attached = f"POST /bills/{bill['bill_id']}/attachment"
    assert books.called == ["POST /bills", attached, attached, "POST /vendorpayments"]
    assert [document["file_name"] for document in bill["documents"]] == ["a.pdf", "b.pdf"]
    assert [file.state for file in item.attachments] == [FileState.SENT, FileState.SENT]
    assert (bill["status"], bill["balance"]) == ("paid", 0.0)


LINES = (
    Line("Copier paper", Decimal(3), Decimal("19.99"), None, "Office Supplies", "Standard Rate"),
    Line("Taxi", None, None, Decimal("33.33"), "Travel", "Reduced Rate"),
)
AS_SALE = tuple(
    replace(line, category="Sales" if number else "Other Revenue") for number, line in enumerate(LINES)
)


@pytest.mark.parametrize(
    ("document", "manual", "kind"),
    [
        ({}, {}, "bills"),
        (PAID, {}, "expenses"),
        ({"type": CREDIT}, {}, "vendorcredits"),
        (SALE, {}, "invoices"),
        (SALE | {"type": CREDIT}, {}, "creditnotes"),
        (SALE | {"type": RECEIPT, "paid": True}, {}, "salesreceipts"),
    ],
)
@pytest.mark.parametrize("total", ["106.96", "106.98", "106.92"])
async def test_lines_are_booked_with_their_coding_and_come_to_the_total(
    books: Books, document: dict[str, Any], manual: dict[Field, str], kind: str, total: str
) -> None:
    """C22: 59.97 + 11.99 + 33.33 + 1.67 is 106.96; a few pence less or more are rounding."""
    lines = AS_SALE if document.get("side") is Side.SALE else LINES
    item = await books.publishes(an_item(manual=manual, total=total, lines=lines, **document))
    assert item.published is not None
    assert item.published.differences == ()
    (record,) = books.bench.held_out.rows[kind]
    assert Decimal(str(record["total"])) == Decimal(total)
    assert [line["account_name"] for line in record["line_items"][:2]] == [line.category for line in lines]
    assert [line["tax_name"] for line in record["line_items"][:2]] == ["Standard Rate", "Reduced Rate"]
    if kind != "expenses":
        assert [line["quantity"] for line in record["line_items"][:2]] == [3, 1]


@pytest.mark.parametrize(("currency", "precision", "total"), [("KWD", 3, "12.345"), ("JPY", 0, "1234")])
async def test_a_currency_keeps_its_own_smallest_unit(books: Books, currency, precision, total: str) -> None:
    """C19: fils and yen, with the organisation's own rate."""
    row = {
        "currency_id": "900", "currency_code": currency, "price_precision": precision, "exchange_rate": 2.5
    }  # fmt: skip
    books.bench.held_out.rows["currencies"].append(row)
    await books.connected()
    item = await books.publishes(an_item(currency=currency, total=total))
    assert item.published is not None
    assert item.published.differences == ()
    (bill,) = books.bench.held_out.rows["bills"]
    assert (bill["currency_code"], Decimal(str(bill["total"]))) == (currency, Decimal(total))
    assert bill["exchange_rate"] == 2.5


async def test_a_lock_date_over_there_is_known_after_a_refresh_and_nothing_is_sent(books: Books) -> None:
    """C23 S3."""
    books.bench.held_out.lock_date = "2026-03-31"
    await books.connected()
    with pytest.raises(NotReady, match="Zoho Books is locked up to 31 Mar 2026"):
        await books.publishes(an_item())
    assert books.called == []


async def test_a_lock_that_came_since_is_a_refusal_in_words(books: Books) -> None:
    """C23 C16."""
    books.bench.held_out.lock_date = "2026-03-31"
    item = await books.publishes(an_item())
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.FAILED, "locked")


async def test_a_number_of_somebody_elses_bill_comes_with_its_page(books: Books) -> None:
    """C16: the refusal, and one look for the record that has it."""
    await books.publishes(an_item(document_number="nw-1001"))
    await books.storage.of(OF).numbers.forget(f"bill:{_vendor(books)}:nw-1001")
    books.bench.books.calls.clear()
    item = await books.publishes(an_item(id=ItemId("item2"), external_id="2"))
    (bill,) = books.bench.held_out.rows["bills"]
    assert item.hold is not None
    assert (item.hold.cause, item.hold.link.rpartition("/")[2]) == ("number_used", bill["bill_id"])
    assert books.called == ["POST /bills", "GET /bills"]


async def test_a_number_of_our_own_is_found_before_it_is_sent(books: Books) -> None:
    """S3: a look instead of a refusal."""
    await books.publishes(an_item())
    books.bench.books.calls.clear()
    item = await books.publishes(an_item(id=ItemId("item2"), external_id="2"))
    assert item.hold is not None
    assert (item.hold.cause, books.called) == ("number_used", ["GET /bills"])


async def test_an_invoice_stands_there_as_a_draft_and_that_is_known(books: Books) -> None:
    item = await books.publishes(an_item(**SALE))
    assert item.published is not None
    assert item.published.is_draft
    assert item.id == ITEM


def _vendor(books: Books) -> str:
    return str(books.bench.row("contacts", "contact_name", "Northwind Paper Ltd")["contact_id"])


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        ({}, "bills"),
        (PAID, "expenses"),
        ({"type": CREDIT}, "vendorcredits"),
        (SALE, "invoices"),
        (SALE | {"type": CREDIT}, "creditnotes"),
        (SALE | {"type": RECEIPT, "paid": True}, "salesreceipts"),
    ],
)
@pytest.mark.parametrize("edited", [False, True], ids=["as it was", "edited since"])
async def test_what_an_earlier_try_booked_is_found_and_compared(
    books: Books, document: dict[str, Any], kind: str, edited: bool
) -> None:
    """C3: a look and the record itself, no POST; what differs from the item as it is now is said."""
    first = await books.publishes(an_item(**document))
    store = books.storage.of(OF)
    earlier = await store.publications.get(first.publication)
    assert earlier is not None
    await store.publications.save(replace(earlier, step=Step.SENDING, booked=None))
    manual = {Field.TOTAL: ManualValue("150.00", ADA, NOON)} if edited else {}

    def in_doubt(item: Item) -> Item:
        failed = replace(item, stage=ItemStage.FAILED, publication="", published=None, manual=manual)
        return replace(failed, doubtful=(earlier.id,))

    await store.items.change(ITEM, in_doubt)
    books.bench.books.calls.clear()
    item = await books.publishes(first)
    assert books.called[0] == f"GET /{kind}"
    assert [call for call in books.called if call.startswith("POST")] == []
    assert item.published is not None
    assert (item.stage, item.doubtful, item.publication != earlier.id) == (ItemStage.PUBLISHED, (), True)
    said = " ".join(item.published.differences)
    assert said == "" or edited, said
    assert ("total is 144" in said and "the item says 150.00" in said) is edited
    assert len(books.bench.held_out.rows[kind]) == 1
