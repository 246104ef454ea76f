"""What a document says beyond the fields of a record: noted, or told that it has no place."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.domain import line_edits
from bot.domain.coding import Coding
from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, Line, PublishAs, Side
from bot.domain.line_edits import LineChange
from tests.builders import ADA, NOON, an_entry, an_item, usual_lists
from tests.unit.domain.resolved import coded

SAID: dict[str, Any] = {
    "note": "Ask Mel first", "order_reference": "PO-9", "project_2": "Annexe", "corrects": "NW-1000",
    "description": "Paper and pens", "lines": (Line("Paper", amount=Decimal("120.00")),),
    "project": "Refit 2026",
}  # fmt: skip
SALE: dict[str, Any] = {"side": Side.SALE, "supplier": "", "customer": "Harbour Books", "category": "200"}


def of(publish_as: PublishAs, **changes: Any) -> Coding:
    manual = {Field.PUBLISH_AS: publish_as.value, Field.PAYMENT_ACCOUNT: "b1", Field.TAX: "t20"}
    return coded(an_item(manual=manual, **changes))


@pytest.mark.parametrize("kind", [PublishAs.BILL, PublishAs.BILL_WITH_PAYMENT, PublishAs.VENDOR_CREDIT])
def test_a_costs_notes_say_all_that_no_field_says(kind: PublishAs) -> None:
    """S1: description, note, order, second project, and what it corrects."""
    notes = "Paper and pens\nAsk Mel first\nOrder PO-9\nProject 2: Annexe\nCorrects NW-1000"
    coding = of(kind, **SAID, type=DocumentType.CREDIT_NOTE)
    assert (coding.notes, coding.remarks) == (notes, ())


@pytest.mark.parametrize("kind", [PublishAs.INVOICE, PublishAs.CREDIT_NOTE])
def test_what_is_only_for_the_house_is_not_told_to_a_customer(kind: PublishAs) -> None:
    """C31: and that it is not sent is said."""
    coding = of(kind, **SALE, **SAID)
    assert coding.notes == "Paper and pens\nOrder PO-9\nCorrects NW-1000"
    assert coding.remarks == (
        "the note is not sent: the customer would read it",
        "the second project is not sent: the customer would read it",
    )


def test_an_expense_has_no_notes_and_says_so() -> None:
    """S1: its description is its own field, cut where it must be, and never without a word."""
    coding = of(PublishAs.EXPENSE, **SAID | {"description": "x" * 101})
    assert coding.notes == ""
    assert coding.remarks == (
        "the note is not sent: an expense has no place for it",
        "the order number is not sent: an expense has no place for it",
        "the second project is not sent: an expense has no place for it",
        "the number of the corrected invoice is not sent: an expense has no place for it",
        "the description is cut to 100 characters: an expense takes no more",
    )
    assert of(PublishAs.EXPENSE, description="x" * 100).remarks == ()


def test_a_description_that_the_one_line_says_is_not_said_twice() -> None:
    assert of(PublishAs.BILL, description="Paper").notes == ""


def test_with_lines_by_hand_a_description_is_said_once_as_with_the_documents_own() -> None:
    """S1 C22: no line says it where a line was added; the one line does where all were removed."""
    split = line_edits.added(an_item(description="Paper"), "+a", LineChange(amount="120"), ADA, NOON)
    assert coded(split).notes == "Paper"
    lined = an_item(description="Paper", lines=(Line("Pens", amount=Decimal("120.00")),))
    whole = line_edits.removed(lined, "1", ADA, NOON)
    assert (coded(whole).lines, coded(whole).notes) == ((), "")


def test_a_vendor_credit_says_that_it_drops_the_customer() -> None:
    """S1."""
    coding = of(PublishAs.VENDOR_CREDIT, customer="Harbour Books", type=DocumentType.CREDIT_NOTE)
    assert coding.remarks == ("customer Harbour Books is not sent: a vendor credit has no place for it",)


def test_a_sales_receipt_says_that_it_drops_the_project() -> None:
    """S1."""
    coding = of(PublishAs.SALES_RECEIPT, **SALE, project="Refit 2026", type=DocumentType.RECEIPT)
    assert coding.remarks == ("project Refit 2026 is not sent: a sales receipt has no place for it",)


@pytest.mark.parametrize(
    ("changes", "remark"),
    [
        ({"date": None}, "the document has no date: the day it came in is taken"),
        ({"document_number": ""}, "the document has no number: the sender's id is taken"),
    ],
)
def test_what_was_taken_for_want_of_better_is_said(changes: dict[str, Any], remark: str) -> None:
    """DOMAIN: a missing date falls back, with a note. It holds nothing back."""
    coding = coded(an_item(**changes))
    assert (coding.remarks, coding.warnings, coding.is_ready) == ((remark,), (), True)


def test_supplier_total_dates_and_number_say_where_they_come_from() -> None:
    """C7: why this value, on every field."""
    lists = usual_lists(suppliers=[an_entry("Acme", id=EntryId("s9"))])
    coding = coded(an_item(manual={Field.TOTAL: "120.00"}, supplier="Acme"), lists=lists)
    why = {name: coding.values[name].why for name in (Field.SUPPLIER, Field.TOTAL, Field.DATE)}
    assert why == {Field.SUPPLIER: "document", Field.TOTAL: "changed by", Field.DATE: "document"}
    assert coding.values[Field.DOCUMENT_NUMBER].why == "document"
