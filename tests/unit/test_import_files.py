"""`dext-bot import`: how documents and refusals are shown, and which files are not even read."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import replace
from decimal import Decimal
from importlib import resources
from pathlib import Path

import pytest

from bot import import_files
from bot.domain.items import Document, DocumentType, Line, Side
from bot.domain.reading import Reading, RefusedRow, SupplierLine
from bot.errors import WrongInput
from tests import invoice_samples as samples

ITEM_FIELDS = {
    "external_id", "side", "type", "supplier", "customer", "document_number", "date", "due_date", "currency",
    "total", "tax_amount", "category", "tax", "project", "payment_account", "paid", "description", "note",
    "line_items", "attachments", "submitted_by",
}  # fmt: skip
LINE_FIELDS = {"description", "quantity", "unit_price", "amount", "category", "tax"}
"""Of `POST /api/v1/items`."""

FULL = Document(
    external_id="R-1",
    side=Side.COST,
    type=DocumentType.CREDIT_NOTE,
    supplier="Held & Sons",
    document_number="HS-1",
    date=dt.date(2026, 11, 3),
    currency="GBP",
    total=Decimal("1E+3"),
    tax_amount=Decimal("0.10"),
    lines=(Line(description="Paper", quantity=Decimal(2), amount=Decimal("9.90")),),
)
BARE = Document(external_id="R-2", side=Side.SALE, type=DocumentType.INVOICE, customer="Ada")


def read(filename: str, content: bytes) -> Reading:
    """A reader that finds the same in every file but noise."""
    if content == b"noise":
        raise WrongInput("This is no CSV.", advice="Export it again.")
    return Reading((FULL,), (RefusedRow(3, "31-Feb-2026 is no date."),))


def test_a_document_takes_the_form_of_the_item_api() -> None:
    assert import_files.api_form(FULL) == {
        "external_id": "R-1",
        "side": "cost",
        "type": "credit_note",
        "supplier": "Held & Sons",
        "document_number": "HS-1",
        "date": "2026-11-03",
        "currency": "GBP",
        "total": "1000",
        "tax_amount": "0.10",
        "paid": False,
        "line_items": [{"description": "Paper", "quantity": "2", "amount": "9.90"}],
    }


def test_json_has_items_and_refusals() -> None:
    seen = json.loads(import_files.preview({Path("costs.csv"): b"rows"}, read).as_json())
    assert set(seen) == {"items", "refused"}
    assert seen["items"][0]["external_id"] == "R-1"
    assert seen["refused"] == [{"row": 3, "reason": "31-Feb-2026 is no date."}]


def test_text_has_a_line_each_and_the_counts() -> None:
    assert import_files.preview({Path("costs.csv"): b"rows"}, read).as_text().splitlines() == [
        "cost credit note: 2026-11-03, Held & Sons, HS-1, GBP 1000",
        "refused row 3: 31-Feb-2026 is no date.",
        "1 would come in, 1 refused.",
    ]


def test_what_a_document_lacks_is_said() -> None:
    outcome = import_files.Outcome((BARE,), (RefusedRow(0, "The file ends early."),), new=1, known=0)
    assert outcome.as_text().splitlines() == [
        "sale invoice: no date, Ada, no number, no total",
        "refused: The file ends early.",
        "1 new, 0 there already, 1 refused.",
    ]
    assert json.loads(outcome.as_json())["new"] == 1


def test_suppliers_and_notes_of_a_file_are_shown() -> None:
    """C28: a supplier list has no items; what was decided for a file is said."""
    line = SupplierLine(2, "Held & Sons", "429", "GBP", "HS")
    outcome = import_files.Outcome((), (), (line,), ("Days are read day first.",))
    assert outcome.as_text().splitlines() == [
        "supplier: Held & Sons, 429, GBP",
        "Days are read day first.",
        "0 would come in, 1 supplier, 0 refused.",
    ]
    assert json.loads(outcome.as_json()) == {
        "items": [],
        "refused": [],
        "suppliers": [{"name": "Held & Sons", "category": "429", "currency": "GBP", "code": "HS"}],
        "notes": ["Days are read day first."],
    }
    done = replace(outcome, new=0, known=0, rules=1)
    assert done.as_text().endswith("0 new, 0 there already, 1 supplier rule changed, 0 refused.")
    assert json.loads(done.as_json())["rules"] == 1


@pytest.mark.parametrize(
    "name",
    ["costs_default_21col.csv", "costs_with_tax_columns_24col.csv", "costs_with_expense_claims.csv"],
)
def test_every_row_of_the_samples_is_an_item_or_refused(name: str) -> None:
    """C28: `--dry-run --json` needs no Redis."""
    path = Path(str(resources.files("bot").joinpath("sample_data", name)))
    seen = json.loads(import_files.preview({path: path.read_bytes()}).as_json())
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode(), newline="")))
    assert len(seen["items"]) + len(seen["refused"]) == len(rows)
    assert {item["external_id"] for item in seen["items"]} <= {row["Receipt ID"] for row in rows}


def test_an_e_invoice_takes_the_form_of_the_item_api() -> None:
    """C28: only names that the item API takes."""
    seen = json.loads(import_files.preview({Path("re.xml"): samples.cii()}).as_json())
    (item,) = seen["items"]
    assert set(item) <= ITEM_FIELDS
    assert all(set(line) <= LINE_FIELDS for line in item["line_items"])
    assert (item["document_number"], item["total"], item["due_date"]) == (
        "RE-2026/17",
        "291.55",
        "2026-09-30",
    )


def test_with_several_files_a_reason_names_its_file() -> None:
    outcome = import_files.preview({Path("a/one.csv"): b"rows", Path("two.csv"): b"rows"}, read)
    assert [row.reason for row in outcome.refused] == [
        "one.csv: 31-Feb-2026 is no date.",
        "two.csv: 31-Feb-2026 is no date.",
    ]


def test_a_file_that_no_reader_takes_is_named() -> None:
    with pytest.raises(WrongInput, match=r"^noise.bin: This is no CSV\. Export it again\.$"):
        import_files.preview({Path("noise.bin"): b"noise"}, read)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    huge = tmp_path / "huge.csv"
    with huge.open("wb") as file:
        file.truncate(import_files.LARGEST_FILE + 1)
    with pytest.raises(WrongInput, match=r"huge\.csv is larger than 50 MB"):
        import_files.contents([huge])


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="cannot be read"):
        import_files.contents([tmp_path])
