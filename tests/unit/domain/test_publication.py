"""Where a record read back is not what was sent."""

from __future__ import annotations

import pytest

from bot.domain.items import PublishAs
from bot.domain.publication import Booked, Record, differences

BODY = {
    "vendor_id": "s1",
    "bill_number": "NW-1001",
    "date": "2026-03-03",
    "line_items": [{"account_id": "c429", "tax_id": "t20", "rate": "144.00"}],
}
READ_BACK = {
    "supplier_id": "s1",
    "number": "NW-1001",
    "date": "2026-03-03",
    "category_id": "c429",
    "tax_id": "t20",
    "total": "144.0",
}


def booked(**read_back: str) -> Booked:
    return Booked(PublishAs.BILL, "7001", "NW-1001", "", READ_BACK | read_back)


def test_a_record_that_is_as_sent_has_no_differences() -> None:
    """S1: a field-by-field read-back."""
    assert differences(Record(PublishAs.BILL, "r1", BODY), booked()) == ()


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("supplier_id", "s2", "supplier is s2, we sent s1"),
        ("date", "2026-03-04", "date is 2026-03-04, we sent 2026-03-03"),
        ("tax_id", "t0", "tax is t0, we sent t20"),
        ("total", "120.00", "total is 120.00, we sent 144.00"),
    ],
)
def test_each_difference_is_named(field: str, value: str, says: str) -> None:
    """S1."""
    assert differences(Record(PublishAs.BILL, "r1", BODY), booked(**{field: value})) == (says,)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("number", "NW-1001-2", "number is NW-1001-2, we sent NW-1001"),
        ("category_id", "c310", "category is c310, we sent c429"),
    ],
)
def test_a_number_or_category_that_changed_is_named(field: str, value: str, says: str) -> None:
    """S1."""
    assert differences(Record(PublishAs.BILL, "r1", BODY), booked(**{field: value})) == (says,)


def test_a_due_date_that_changed_is_named() -> None:
    """S1."""
    record = Record(PublishAs.BILL, "r1", BODY | {"due_date": "2026-04-02"})
    assert differences(record, booked(due_date="2026-04-03")) == (
        "due date is 2026-04-03, we sent 2026-04-02",
    )


def test_an_expense_is_compared_by_its_own_form() -> None:
    """S1: an expense holds its category, tax and amount beside it, not in lines."""
    body = {"account_id": "c493", "tax_id": "t0", "amount": "18.40", "date": "2026-03-05"}
    record = Record(PublishAs.EXPENSE, "r1", body)
    same = {"category_id": "c493", "tax_id": "t0", "total": "18.4", "date": "2026-03-05"}
    assert differences(record, Booked(PublishAs.EXPENSE, "1", "", "", same)) == ()
    other = same | {"category_id": "c1", "total": "18.41"}
    assert differences(record, Booked(PublishAs.EXPENSE, "1", "", "", other)) == (
        "category is c1, we sent c493",
        "total is 18.41, we sent 18.40",
    )


def test_what_the_answer_is_silent_about_is_no_difference() -> None:
    """S1."""
    assert differences(Record(PublishAs.BILL, "r1", BODY), Booked(PublishAs.BILL, "1", "", "")) == ()
