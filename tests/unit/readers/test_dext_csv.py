"""Dext's exports in every form they come in, and what is refused in them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import readers
from bot.domain.finding import ListSlice
from bot.domain.identity import EntryId
from bot.domain.items import Document, DocumentType, Field, Item, Side
from bot.domain.reading import Reading
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from bot.errors import WrongInput
from bot.readers import dext_csv, table
from tests.builders import GBP_ORGANISATION, an_entry, an_item, lists_of

SAMPLES = resources.files("bot").joinpath("sample_data")
COSTS, WITH_TAXES = "costs_default_21col.csv", "costs_with_tax_columns_24col.csv"
EXPECTED = json.loads(SAMPLES.joinpath("expected.json").read_text())
ROW = {
    "Receipt ID": "90000000010",
    "Type": "Invoice",
    "Date": "31-Aug-2026",
    "Due Date": "30-Sep-2026",
    "Invoice Number": "NW-1001",
    "Supplier": "Northwind Paper Ltd",
    "Category": "429 - Office Supplies",
    "Payment Method": "",
    "Bank Account": "",
    "Tax": "24.00",
    "Total": "144.00",
    "Currency": "GBP",
    "Description": "Paper",
}


def sample(name: str) -> dict[str, Document]:
    reading = readers.read(name, SAMPLES.joinpath(name).read_bytes())
    return {document.external_id: document for document in reading.documents}


def written(rows: Sequence[Mapping[str, str]], delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    """The rows as a file under the headings of the first."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue().encode(encoding)


def read(*rows: Mapping[str, str]) -> Reading:
    return readers.read("costs.csv", written(rows))


def document(**changes: str) -> Document:
    """The document of one row in which the columns named (with _ for a space) are changed."""
    changed = {name.replace("_", " "): value for name, value in changes.items()}
    return read(ROW | changed).documents[0]


def refusal(**changes: str) -> str:
    changed = {name.replace("_", " "): value for name, value in changes.items()}
    reading = read(ROW | changed)
    assert not reading.documents
    return reading.refused[0].reason


# --- the samples


def test_a_default_export_is_read_with_everything_it_says() -> None:
    """C28."""
    found = sample(COSTS)["90000000080"]
    assert found == Document(
        external_id="90000000080",
        side=Side.COST,
        type=DocumentType.INVOICE,
        supplier="Atelier Lumière SARL",
        customer="Harbour Books",
        document_number="2026/0042",
        date=dt.date(2026, 3, 10),
        due_date=dt.date(2026, 4, 9),
        currency="EUR",
        total=Decimal("240.00"),
        tax_amount=Decimal("40.00"),
        category="461 - Printing",
        project="Spring List",
        base_currency="GBP",
        base_total=Decimal("205.07"),
        base_tax_amount=Decimal("34.18"),
        description="Cover proofs",
        submitted_by="Ada Okafor",
        image_url="https://example.invalid/i/a8",
    )


def test_a_line_break_and_a_comma_inside_a_cell_stay_inside_it() -> None:
    assert sample(WITH_TAXES)["90000001030"].description == "Milk\nand coffee (line break inside a cell)"
    found = sample(COSTS)["90000000100"]
    assert (found.supplier, found.total) == ("Copper & Pine, Inc.", Decimal("1250.00"))


def test_an_expense_claim_is_one_and_says_nothing_of_its_receipts() -> None:
    """C25 C28."""
    reading = readers.read(COSTS, SAMPLES.joinpath(COSTS).read_bytes())
    claims = [found for found in reading.documents if found.is_claim]
    assert [claim.external_id for claim in claims] == EXPECTED[COSTS]["claim_header_rows"]
    (claim,) = claims
    assert (claim.side, claim.supplier, claim.submitted_by, claim.total, claim.paid) == (
        Side.COST, "Ben Li", "Ben Li", Decimal("36.80"), False,
    )  # fmt: skip
    assert (len(reading.documents), reading.refused) == (12, ())


def test_what_dext_has_in_a_claim_is_marked() -> None:
    """C25: by its status; a claim's own status says nothing, nor does a sale's."""
    assert document(Status="Claimed").claimed
    assert not document(Status="processed").claimed
    assert not document(Type="Expense claim", Status="claimed").claimed
    assert not document(Type="Sales invoice", Status="claimed").claimed


def test_a_list_of_suppliers_is_no_export_of_costs() -> None:
    assert dext_csv.read("list.csv", SAMPLES.joinpath("suppliers_import.csv").read_bytes()) is None


def books() -> ListSlice:
    """Lists in which every supplier and category of the samples is known."""
    names = {**sample(COSTS), **sample(WITH_TAXES)}.values()
    categories = {found.category.split(" (")[0] for found in names} - {""}
    return lists_of(
        suppliers=[an_entry(name) for name in {found.supplier for found in names}],
        categories=[
            an_entry(name, code=code) for code, name in (category.split(" - ") for category in categories)
        ],
        taxes=[
            an_entry("Standard Rate", id=EntryId("default"), percentage="20"),
            an_entry("20% (VAT on Expenses)", percentage="20"),
            an_entry("Zero Rated", percentage="0"),
        ],
        currencies=[an_entry(code) for code in ("GBP", "EUR", "USD", "IDR")],
        bank_accounts=[an_entry("Current Account"), an_entry("Petty Cash")],
    )


def coded(found: Document) -> Any:
    item: Item = an_item(document=found)
    settings = BusinessSettings(default_tax_costs=EntryId("default"))
    return resolve(item, None, settings, books(), GBP_ORGANISATION)


def test_what_the_sample_lacks_is_what_needs_attention() -> None:
    """C1, C28."""
    lacking = {
        identity: [problem.field.words for problem in coded(found).problems]
        for identity, found in sample(COSTS).items()
        if found.type is not DocumentType.CREDIT_NOTE and not found.is_claim
    }
    assert {key: fields for key, fields in lacking.items() if fields} == EXPECTED[COSTS]["incomplete"]


def test_a_rate_suffix_is_left_in_the_documents_words_and_not_in_the_category() -> None:
    for identity in EXPECTED[COSTS]["category_suffix_to_strip"]:
        found = sample(COSTS)[identity]
        assert found.category.endswith(" (0%)")
        assert coded(found).text(Field.CATEGORY) == found.category.removesuffix(" (0%)")


def test_documents_in_other_currencies_carry_their_rate() -> None:
    """C19."""
    foreign = {key for key, found in sample(COSTS).items() if found.currency != found.base_currency}
    assert foreign == set(EXPECTED[COSTS]["foreign_currency"])
    assert {key for key, found in sample(COSTS).items() if coded(found).exchange_rate} == foreign


def test_a_tax_that_is_named_is_kept_and_the_default_is_for_the_rest() -> None:
    """S23."""
    found = {key: coded(one).values[Field.TAX] for key, one in sample(WITH_TAXES).items()}
    by_default = [key for key, value in found.items() if value.layer == "default"]
    assert by_default == EXPECTED[WITH_TAXES]["default_tax_applies"]
    assert [key for key in found if key not in by_default] == EXPECTED[WITH_TAXES]["explicit_tax_kept"]


# --- headings, delimiters, encodings


@settings(deadline=None)  # the words of a language are read when they are first asked for
@given(
    st.permutations(list(ROW)),
    st.tuples(
        st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"])
    ),
    st.sampled_from([str.upper, str.lower, str.title, lambda heading: f"  {heading}  "]),
    st.sampled_from(["Receipt ID", "Item ID"]),
    # Words, since letters without one are nobody's: which encoding it is shows in them.
    st.lists(st.sampled_from(["Café", "Größe", "für", 'a "b"', ";", "c,d", "e\tf", "g\nh", "-"]), max_size=8)
    .map(" ".join),
)  # fmt: skip
def test_columns_are_found_by_name_in_any_order_delimiter_and_encoding(
    order: list[str], form: tuple[str, str], spelt: Any, identity: str, description: str
) -> None:
    """C28."""
    row = {name: ROW[name] for name in order} | {"Description": description, "Colour": "red"}
    respelt = {spelt(identity if name == "Receipt ID" else name): value for name, value in row.items()}
    [found] = readers.read("costs.csv", written([respelt], *form)).documents
    assert found == replace(document(), description=description.strip())


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_signs_of_currencies_survive_every_encoding(encoding: str) -> None:
    content = written([ROW | {"Description": "Café, 5 € or £4", "Total": "£144.00"}], encoding=encoding)
    [found] = readers.read("costs.csv", content).documents
    assert (found.description, found.total) == ("Café, 5 € or £4", Decimal("144.00"))


def test_the_listing_export_is_read() -> None:
    """C28."""
    row = {"Item ID": "7", "Status": "To review", "Submitted by": "Ada", "Date": "03-Mar-2026",
           "Supplier": "Acme", "Total Amount": "£12.00", "Permalink": "https://x.invalid/7"}  # fmt: skip
    [found] = read(row).documents
    assert (found.external_id, found.total, found.submitted_by, found.image_url) == (
        "7", Decimal("12.00"), "Ada", "https://x.invalid/7",
    )  # fmt: skip
    assert (found.type, found.paid) == (DocumentType.INVOICE, False)


def test_two_projects_and_another_base_currency_are_read() -> None:
    row = ROW | {"Project": "One", "Project 2": "Two", "Tax (AUD)": "50", "Total (AUD)": "280.50"}
    [found] = read(row).documents
    assert (found.project, found.project_2) == ("One", "Two")
    assert (found.base_currency, found.base_total, found.base_tax_amount) == (
        "AUD", Decimal("280.50"), Decimal(50),
    )  # fmt: skip


def test_excels_own_first_line_is_passed_over_and_rows_keep_their_numbers() -> None:
    content = b"sep=;\r\n" + written([ROW, ROW | {"Type": "Memo"}], ";")
    reading = readers.read("costs.csv", content)
    assert len(reading.documents) == 1
    assert reading.refused[0].row == 4


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    empty = dict.fromkeys(ROW, "")
    reading = read(ROW | {"Description": "two\nlines"}, empty, ROW | {"Receipt ID": ""})
    assert [(row.row, row.reason) for row in reading.refused] == [
        (4, "the id (Receipt ID or Item ID) is missing")
    ]


# --- values


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31-Aug-2026", (2026, 8, 31)),
        ("31 Aug 2026", (2026, 8, 31)),
        ("31/08/2026", (2026, 8, 31)),
        ("03/04/2026", (2026, 4, 3)),
        ("31.08.2026", (2026, 8, 31)),
        ("2026-08-31", (2026, 8, 31)),
        ("31-Aug-26", (2026, 8, 31)),
        ("29-Feb-2024", (2024, 2, 29)),
    ],
)
def test_a_date_is_read_in_every_form_a_spreadsheet_leaves_it_in(
    text: str, day: tuple[int, int, int]
) -> None:
    assert document(Date=text, Due_Date="").date == dt.date(*day)


@pytest.mark.parametrize("text", ["31-Feb-2026", "29/02/2026", "31/13/2026", "soon", "01/01/0026", "46000"])
def test_an_impossible_date_refuses_its_row_and_names_it(text: str) -> None:
    assert refusal(Date=text) == f"date “{text}” is not a date"


@pytest.mark.parametrize(
    ("said", "side", "kind", "paid"),
    [
        ("Invoice", Side.COST, DocumentType.INVOICE, False),
        ("RECEIPT", Side.COST, DocumentType.RECEIPT, True),
        ("Credit note/refund", Side.COST, DocumentType.CREDIT_NOTE, False),
        ("credit note / refund", Side.COST, DocumentType.CREDIT_NOTE, False),
        ("Sales Invoice", Side.SALE, DocumentType.INVOICE, False),
        ("", Side.COST, DocumentType.INVOICE, False),
    ],
)
def test_each_type_is_a_side_and_a_kind(said: str, side: Side, kind: DocumentType, paid: bool) -> None:
    found = document(Type=said)
    assert (found.side, found.type, found.paid) == (side, kind, paid)
    assert (found.supplier or found.customer) == "Northwind Paper Ltd"


def test_a_payment_method_means_paid_and_the_bank_account_is_what_paid() -> None:
    """C21."""
    by_card = document(Payment_Method="Visa 4242")
    assert (by_card.paid, by_card.payment_account) == (True, "Visa 4242")
    linked = document(Payment_Method="Visa 4242", Bank_Account="Current Account")
    assert linked.payment_account == "Current Account"


def test_a_negative_invoice_is_a_credit_note() -> None:
    """C20."""
    found = document(Total="-144.00", Tax="-24.00")
    assert (found.type, found.total, found.tax_amount) == (
        DocumentType.CREDIT_NOTE, Decimal("144.00"), Decimal("24.00"),
    )  # fmt: skip


def test_what_may_be_missing_is_simply_missing() -> None:
    optional = {name.replace(" ", "_"): "" for name in ROW if name != "Receipt ID"}
    found = document(**optional)
    assert (found.total, found.tax_amount, found.date) == (None, None, None)
    assert (found.currency, found.supplier, found.category) == ("", "", "")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"Total": "twelve"}, "total “twelve” is not an amount"),
        ({"Tax": "n/a"}, "tax “n/a” is not an amount"),
        ({"Type": "Statement"}, "type “Statement” is not known"),
        ({"Currency": "GPB"}, "currency “GPB” is not known"),
        ({"Receipt_ID": "9.0E+10"}, "the id 9.0E+10 was shortened by a spreadsheet"),
        ({"Supplier": "x" * 201}, "the supplier is longer than 200 characters"),
        ({"Invoice_Number": "x" * 101}, "the document number is longer than 100 characters"),
        ({"Due_Date": "31-Nov-2026"}, "due date “31-Nov-2026” is not a date"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason(changes: dict[str, str], reason: str) -> None:
    """C28."""
    assert refusal(**changes) == reason


@pytest.mark.parametrize("owner", ["Ben Li", "BEN  LI"])
def test_without_a_type_a_supplier_who_is_the_owner_is_an_expense_claim(owner: str) -> None:
    """C25 C28: how DOMAIN.md tells a claim where the export has no types."""
    untyped = {name: value for name, value in ROW.items() if name != "Type"}
    claim = untyped | {"Supplier": "Ben Li", "Category": "", "Owner": owner}
    assert read(claim).documents[0].is_claim
    for is_none in ({"Category": "429"}, {"Owner": "Ada"}, {"Owner": "", "Supplier": ""}):
        assert not read(claim | is_none).documents[0].is_claim
    assert not read(claim | {"Type": "Invoice"}).documents[0].is_claim


def test_one_bad_row_refuses_that_row_only() -> None:
    reading = read(ROW, ROW | {"Receipt ID": "2", "Total": "?"}, ROW | {"Receipt ID": "3"})
    assert [found.external_id for found in reading.documents] == ["90000000010", "3"]
    assert [refused.row for refused in reading.refused] == [3]


def test_an_id_that_stands_twice_is_taken_once() -> None:
    reading = read(ROW, ROW)
    assert len(reading.documents) == 1
    assert [(one.row, one.reason) for one in reading.refused] == [
        (3, "id 90000000010 stands in row 2 already")
    ]


def test_a_row_with_more_or_fewer_cells_than_headings_is_refused() -> None:
    content = b"Receipt ID,Supplier,Total\r\n1,Acme,5,oops\r\n2,Acme\r\n3,Acme,7,,\r\n"
    reading = readers.read("costs.csv", content)
    assert [found.external_id for found in reading.documents] == ["3"]
    assert [(one.row, one.reason) for one in reading.refused] == [
        (2, "the row has more cells than there are headings"),
        (3, "the row has 2 cells, but there are 3 headings"),
    ]


# --- files that are no export


def test_a_heading_that_is_missing_is_named() -> None:
    lacking = {name: value for name, value in ROW.items() if name not in ("Receipt ID", "Total")}
    with pytest.raises(WrongInput) as caught:
        read(lacking)
    assert caught.value.says == "costs.csv lacks the heading Receipt ID or Item ID, Total."


def test_a_quote_that_never_ends_is_a_sentence() -> None:
    broken = written([ROW]) + b'2,"' + b"x\r\n" * (table.LARGEST_CELL // 2)
    with pytest.raises(WrongInput, match=r"^Row 3 of the file cannot be read"):
        readers.read("costs.csv", broken)


def test_more_rows_than_the_most_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [ROW | {"Receipt ID": str(number)} for number in range(3)]
    monkeypatch.setattr(dext_csv, "MOST_ROWS", 3)
    assert len(read(*rows).documents) == 3
    monkeypatch.setattr(dext_csv, "MOST_ROWS", 2)
    with pytest.raises(WrongInput, match=r"more than 2 rows"):
        read(*rows)
