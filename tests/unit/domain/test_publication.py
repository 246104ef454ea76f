"""Where a record read back is not what was sent, what a number is used for, what a step means."""

from __future__ import annotations

import pytest

from bot.domain.items import PublishAs
from bot.domain.publication import Booked, Record, Step, differences, number_key

EXPECTS = {
    "supplier": "s1",
    "number": "NW-1001",
    "date": "2026-03-03",
    "due date": "2026-04-02",
    "category": "c429",
    "tax": "t20",
    "total": "144.00",
    "line 2 price": "1.50",
}
RECORD = Record(PublishAs.BILL, "r1", expects=EXPECTS, names={"s1": "Northwind Paper Ltd", "t20": "Standard"})


def booked(**read_back: str) -> Booked:
    changed = {name.replace("_", " "): value for name, value in read_back.items()}
    return Booked(PublishAs.BILL, "7001", "NW-1001", "", EXPECTS | changed, names={"t0": "Zero", "t20": "x"})


def test_a_record_that_is_as_sent_has_no_differences() -> None:
    """S1: a field-by-field read-back; 144 and 144.00 are one amount, outer spaces nothing."""
    assert differences(RECORD, booked()) == ()
    assert differences(RECORD, booked(total="144", line_2_price="1.5", number=" NW-1001")) == ()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("supplier", "s2", "supplier is s2, we sent Northwind Paper Ltd"),
        ("number", "NW-1001-2", "number is NW-1001-2, we sent NW-1001"),
        ("date", "2026-03-04", "date is 2026-03-04, we sent 2026-03-03"),
        ("due_date", "2026-04-03", "due date is 2026-04-03, we sent 2026-04-02"),
        ("category", "c310", "category is c310, we sent c429"),
        ("tax", "t0", "tax is Zero, we sent Standard"),
        ("total", "120.00", "total is 120.00, we sent 144.00"),
        ("line_2_price", "1.51", "line 2 price is 1.51, we sent 1.50"),
    ],
)
def test_each_difference_is_named(field: str, value: str, says: str) -> None:
    """S1: by the names people know, where there are any."""
    assert differences(RECORD, booked(**{field: value})) == (says,)


def test_what_the_answer_is_silent_about_is_no_difference() -> None:
    """S1."""
    assert differences(RECORD, Booked(PublishAs.BILL, "1", "", "")) == ()


def test_what_the_answer_has_empty_is_a_difference() -> None:
    """S1: the value was dropped."""
    assert differences(RECORD, booked(supplier="", total="")) == (
        "supplier is empty, we sent Northwind Paper Ltd",
        "total is empty, we sent 144.00",
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ((PublishAs.BILL, "s1", "N-1"), (PublishAs.BILL_WITH_PAYMENT, "s1", " n-1"), True),
        ((PublishAs.BILL, "s1", "N-1"), (PublishAs.BILL, "s2", "N-1"), False),
        ((PublishAs.INVOICE, "k1", "N-1"), (PublishAs.INVOICE, "k2", "N-1"), True),
        ((PublishAs.INVOICE, "k1", "N-1"), (PublishAs.CREDIT_NOTE, "k1", "N-1"), False),
        ((PublishAs.VENDOR_CREDIT, "s1", "N-1"), (PublishAs.BILL, "s1", "N-1"), False),
    ],
)
def test_a_number_is_used_where_zoho_books_says_so(one, other, same: bool) -> None:
    """S3: a bill's for its supplier, the others' for the whole organisation."""
    assert (number_key(*one) == number_key(*other)) is same


@pytest.mark.parametrize("kind", [PublishAs.EXPENSE, PublishAs.SALES_RECEIPT])
def test_what_may_share_a_number_has_no_key(kind: PublishAs) -> None:
    assert number_key(kind, "s1", "N-1") == ""
    assert number_key(PublishAs.BILL, "s1", "  ") == ""


def test_only_before_sending_is_it_certain_that_nothing_stands_there() -> None:
    """C3."""
    assert [step for step in Step if not step.may_be_booked] == [Step.CLAIMED, Step.PREPARED]
