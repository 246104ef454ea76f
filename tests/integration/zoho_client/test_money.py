"""What an item says of money, and what the simulated Zoho Books makes of the record it becomes."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.coding import Coding
from bot.domain.connection import Organisation
from bot.domain.finding import ListSlice
from bot.domain.items import DocumentType, Item, Line, PublishAs
from bot.domain.lists import Entry, ListKind
from bot.domain.publication import Booked, differences
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from bot.errors import Refused
from tests.builders import an_item
from tests.integration.zoho_client.conftest import Bench

REFERENCE = "DXT-1"
LISTS = (
    ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS, ListKind.CUSTOMERS, ListKind.BANK_ACCOUNTS,
    ListKind.CURRENCIES, ListKind.PROJECTS,
)  # fmt: skip


class Desk:
    """Items resolved against the lists of the simulated organisation, and sent to it."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.organisation = Organisation("60001", "Held Out Ltd", "GBP")
        self.lists: list[tuple[ListKind, Entry]] = []

    async def fetch(self) -> None:
        await self.bench.connects()
        self.lists = [
            (kind, entry)
            for kind in LISTS
            async for page in self.bench.ledger().fetch(kind)
            for entry in page
        ]

    def coded(self, item: Item) -> Coding:
        settings = BusinessSettings()
        return resolve(item, None, settings, ListSlice(self.lists), self.organisation, software="Zoho Books")

    async def booked(self, item: Item, corrected: str = "") -> tuple[Booked, tuple[str, ...]]:
        coding = replace(self.coded(item), corrected=corrected)
        assert coding.is_ready, coding.problems
        party = coding.entry(coding.party_field)
        assert party is not None
        currencies = {entry.name: entry.id for kind, entry in self.lists if kind is ListKind.CURRENCIES}
        record = self.bench.software().record(coding, party, self.organisation, currencies, REFERENCE)
        booked = await self.bench.ledger().send(record)
        return booked, differences(record, booked)

    def row(self, kind: str) -> dict[str, Any]:
        return self.bench.held_out.rows[kind][-1]


@pytest.fixture
async def desk(bench: Bench) -> Desk:
    desk = Desk(bench)
    await desk.fetch()
    return desk


LINES = (Line("Paper", amount=Decimal("80.00")), Line("Pens", amount=Decimal("40.00")))


@pytest.mark.parametrize(
    ("kind", "changes", "net", "tax"),
    [
        ("bills", {}, 134.0, 10.0),
        ("bills", {"lines": LINES, "total": "130.00"}, 120.0, 10.0),
        ("bills", {"lines": LINES, "total": "144.01", "tax_amount": "24.01"}, 120.0, 24.01),
        ("expenses", {"paid": True, "payment_account": "Petty Cash"}, 134.0, 10.0),
    ],
)
async def test_the_tax_that_is_booked_is_the_documents(
    desk: Desk, kind: str, changes: dict[str, Any], net: float, tax: float
) -> None:
    """S1."""
    item = an_item(**{"tax": "Standard Rate", "tax_amount": "10.00", "category": "Travel"} | changes)
    booked, differs = await desk.booked(item)
    row = desk.row(kind)
    assert (row["sub_total"], row["tax_amount" if kind == "expenses" else "tax_total"]) == (net, tax)
    assert Decimal(booked.read_back["total"]) == item.document.total
    assert differs == ()


async def test_another_tax_than_a_vendor_credit_would_have_is_not_ready(desk: Desk) -> None:
    """S1, S3."""
    item = an_item(type=DocumentType.CREDIT_NOTE, tax="Standard Rate", tax_amount="10.00", category="Travel")
    coding = desk.coded(item)
    assert (coding.publish_as, coding.is_ready) == (PublishAs.VENDOR_CREDIT, False)


async def test_where_tax_is_rounded_once_for_a_document_the_first_record_tells(desk: Desk) -> None:
    """C22: after it lines and total agree to the penny."""
    desk.bench.held_out.tax_rounding = "entity_level"
    first, _ = await desk.booked(an_item(tax="Standard Rate", category="Travel"))
    assert first.tax_by_document is True
    desk.organisation = replace(desk.organisation, tax_by_document=first.tax_by_document)
    lines = tuple(Line("Stamp", amount=Decimal("0.33")) for _ in range(3))
    item = an_item(document_number="2", tax="Standard Rate", category="Travel", lines=lines, total="1.19")
    assert desk.coded(item).rounding == 0
    _, differs = await desk.booked(item)
    assert differs == ()
    assert desk.row("bills")["total"] == 1.19


async def test_a_rate_of_many_noughts_is_booked_to_the_penny(desk: Desk) -> None:
    """C19."""
    rupiah = {"currency_id": "9", "currency_code": "IDR", "exchange_rate": 0.00005, "price_precision": 2}
    desk.bench.held_out.rows["currencies"].append(rupiah)
    await desk.fetch()
    item = an_item(
        category="Travel", currency="IDR", total="1872500.00", base_currency="GBP", base_total="92.10"
    )
    _, differs = await desk.booked(item)
    assert differs == ()
    row = desk.row("bills")
    assert round(row["total"] * row["exchange_rate"], 2) == 92.1


CREDIT: dict[str, Any] = {
    "type": DocumentType.CREDIT_NOTE, "category": "Travel", "document_number": "C-1", "total": "24.00",
    "corrects": "NW-1001",
}  # fmt: skip


async def test_a_vendor_credit_is_tied_to_its_bill(desk: Desk) -> None:
    """C20: beside the body, as the description has it."""
    bill, _ = await desk.booked(an_item(category="Travel"))
    _, differs = await desk.booked(an_item(**CREDIT), corrected=bill.record_id)
    assert differs == ()
    (call,) = [one for one in desk.bench.books.calls if one.path == "/vendorcredits" and one.method == "POST"]
    assert (call.query["bill_id"], call.status) == (bill.record_id, 201)


@pytest.mark.parametrize("status", ["void", "paid"])
async def test_a_credit_stands_alone_where_zoho_does_not_tie_it(desk: Desk, status: str) -> None:
    """C20: one record, and no loss of the credit over a tie."""
    bill, _ = await desk.booked(an_item(category="Travel"))
    desk.row("bills")["status"] = status
    await desk.booked(an_item(**CREDIT), corrected=bill.record_id)
    calls = [one for one in desk.bench.books.calls if one.path == "/vendorcredits" and one.method == "POST"]
    assert [(one.status, "bill_id" in one.query) for one in calls] == [(400, True), (201, False)]
    assert len(desk.bench.held_out.rows["vendorcredits"]) == 1


async def test_a_refusal_that_is_not_for_the_tie_stays_one(desk: Desk) -> None:
    """C16."""
    bill, _ = await desk.booked(an_item(category="Travel"))
    desk.bench.held_out.lock_date = "2026-12-31"
    with pytest.raises(Refused, match="locked"):
        await desk.booked(an_item(**CREDIT), corrected=bill.record_id)
