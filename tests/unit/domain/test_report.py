"""The month's report: Dext's headings, cells no spreadsheet runs, and sums by category and supplier."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import readers
from bot.domain.cells import safe
from bot.domain.items import DocumentType, Field, Item, ItemStage, ItemStatus, PublishAs, Side
from bot.domain.items import Line as DocumentLine
from bot.domain.report import Line, Month, by_category, headings, month_of, spend, table
from bot.errors import WrongInput
from tests.builders import an_item, published
from tests.unit.domain.resolved import coded

TODAY = dt.date(2026, 11, 24)


def line(item: Item | None = None, status: ItemStatus = ItemStatus.PUBLISHED) -> Line:
    item = item or an_item(stage=ItemStage.PUBLISHED, published=published())
    return Line(item, coded(item), status)


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_the_headings_are_dexts_in_dexts_order() -> None:
    """C29: then where each item went."""
    expected = (
        "Receipt ID,Type,Date,Due Date,Invoice Number,Supplier,Category,Customer,Project,Payment Method,"
        "Bank Account,Tax,Total,Currency,Tax (GBP),Total (GBP),Status,Owner,Note,Description,Image"
    )
    assert ",".join(headings("GBP")).startswith(expected)


def test_a_row_says_what_was_booked_and_where() -> None:
    """C29."""
    item = an_item(
        stage=ItemStage.PUBLISHED, published=published(), due_date=dt.date(2026, 4, 2), submitted_by="Mel"
    )
    (row,) = read(table([line(item)], "GBP"))
    assert (row["Receipt ID"], row["Type"], row["Date"], row["Due Date"]) == (
        "90000000010", "Invoice", "03-Mar-2026", "02-Apr-2026",
    )  # fmt: skip
    assert (row["Total"], row["Total (GBP)"], row["Tax"]) == ("144.00", "144.00", "24.00")
    assert (row["Category"], row["Status"], row["Owner"]) == ("429 - Office Supplies", "published", "Mel")
    assert (row["Published as"], row["Record"]) == ("Bill", "NW-1001")


def test_the_payment_method_is_the_documents_the_bank_account_the_one_it_stands_for() -> None:
    """C29 C21."""
    by_hand = an_item(payment_account="Visa *4242", manual={Field.PAYMENT_ACCOUNT: "b1"})
    (row,) = read(table([line(by_hand)], "GBP"))
    assert (row["Payment Method"], row["Bank Account"]) == ("Visa *4242", "Current Account")


def test_another_currency_has_its_base_amounts_where_the_rate_is_known() -> None:
    """C29 C19."""
    known = an_item(total="110.00", currency="EUR", base_currency="GBP", base_total="95.00")
    unknown = an_item(total="110.00", currency="EUR")
    first, second = read(table([line(known), line(unknown)], "GBP"))
    assert (first["Total"], first["Currency"], first["Total (GBP)"]) == ("110.00", "EUR", "95.00")
    assert second["Total (GBP)"] == ""


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    """C29."""
    assert safe(cell) == f"'{cell}"
    (row,) = read(table([line(an_item(description=cell.strip() or "x", supplier=f"={cell}"))], "GBP"))
    assert row["Supplier"].startswith("'=")


@given(st.text())
def test_every_cell_begins_harmlessly(text: str) -> None:
    """C29."""
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_what_is_reported_can_be_imported_again() -> None:
    """C28 C29: our own report is a Dext export."""
    items = [an_item(external_id=f"9{n}", document_number=f"N-{n}", total="12.50") for n in range(3)]
    text = table([line(item, ItemStatus.READY) for item in items], "GBP")
    reading = readers.read("report.csv", text.encode())
    assert not reading.refused
    assert [document.external_id for document in reading.documents] == ["90", "91", "92"]
    assert {(document.total, document.date) for document in reading.documents} == {
        (Decimal("12.50"), dt.date(2026, 3, 3))
    }


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("", Month(2026, 11)), ("this month", Month(2026, 11)), ("last month", Month(2026, 10)),
        ("2026-03", Month(2026, 3)), ("2026-3", Month(2026, 3)), ("March", Month(2026, 3)),
        ("dec", Month(2025, 12)), ("November", Month(2026, 11)), ("mar 2025", Month(2025, 3)),
    ],
)  # fmt: skip
def test_a_month_is_said_in_many_ways(said: str, expected: Month) -> None:
    """C29."""
    assert month_of(said, TODAY) == expected


@pytest.mark.parametrize("said", ["2026-13", "ma", "soon", "march 26", "2026", "13"])
def test_what_is_no_month_is_told(said: str) -> None:
    """C29."""
    with pytest.raises(WrongInput, match="is no month"):
        month_of(said, TODAY)


def test_spend_counts_published_costs_and_takes_credit_notes_off() -> None:
    """The picture: sales, and what is not published, are in no sum; what has no rate is counted apart."""
    lines = [
        line(an_item(total="100.00")),
        line(an_item(total="20.00", type=DocumentType.CREDIT_NOTE)),
        line(an_item(total="10.00", manual={Field.PUBLISH_AS: PublishAs.VENDOR_CREDIT.value})),
        line(an_item(total="50.00", manual={Field.CATEGORY: "c493"}, supplier="Kestrel Taxis")),
        line(an_item(total="999.00"), ItemStatus.READY),
        line(an_item(total="999.00", side=Side.SALE, customer="Harbour Books")),
        line(an_item(total="999.00", currency="EUR")),
    ]
    found = spend(lines, "GBP")
    assert found.total == Decimal("120.00")
    assert found.by_category == {
        "429 - Office Supplies": Decimal("70.00"),
        "493 - Travel": Decimal("50.00"),
    }
    assert list(found.by_supplier) == ["Northwind Paper Ltd", "Kestrel Taxis"]
    assert found.left_out == 1


PAPER = DocumentLine("Paper", amount=Decimal("100.00"), category="429", tax="Standard Rate")
TAXI = DocumentLine("Taxi", amount=Decimal("20.00"), category="493", tax="Zero Rate")


def test_an_item_coded_by_line_counts_for_each_category() -> None:
    """C29: with its tax; the table names them all."""
    lined = line(an_item(total="140.00", category="", lines=(PAPER, TAXI)))
    assert spend([lined], "GBP").by_category == {
        "429 - Office Supplies": Decimal("120.00"),
        "493 - Travel": Decimal("20.00"),
    }
    (row,) = read(table([lined], "GBP"))
    assert row["Category"] == "429 - Office Supplies; 493 - Travel"
    one = line(an_item(total="240.00", category="", lines=(PAPER, PAPER)))
    assert read(table([one], "GBP"))[0]["Category"] == "429 - Office Supplies"


@given(
    st.lists(st.sampled_from(["429", "493", "310", "Nowhere", ""]), max_size=6),
    st.decimals("0.01", "9999", places=2),
)
def test_shares_of_lines_come_to_the_whole(categories: list[str], total: Decimal) -> None:
    """C29: to the penny."""
    lines = tuple(replace(PAPER, category=category, amount=total / 7) for category in categories)
    coding = coded(an_item(total=total, lines=lines))
    assert sum(by_category(coding, total, "GBP").values()) == total


@given(st.lists(st.decimals("0.01", "9999", places=2), max_size=8))
def test_the_sums_agree(totals: list[Decimal]) -> None:
    """Both pictures show the same money."""
    found = spend([line(an_item(total=total)) for total in totals], "GBP")
    assert found.total == sum(found.by_category.values()) == sum(found.by_supplier.values()) == sum(totals)
