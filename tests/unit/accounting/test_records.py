"""Bodies of bills and expenses, and reading answers back."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pytest

from bot.accounting.zoho_books.answers import paid
from bot.accounting.zoho_books.records import booked, record
from bot.domain.coding import Coding, Layer, Value
from bot.domain.identity import EntryId
from bot.domain.items import Field, PublishAs
from bot.domain.publication import Booked, Record, differences
from tests.builders import GBP_ORGANISATION, NORTHWIND, OFFICE_SUPPLIES, STANDARD_RATE, an_entry

CURRENCIES = {"GBP": EntryId("gbp"), "EUR": EntryId("eur")}
REFERENCE = "DX-7KQ2M9"


def a_coding(**changes: Any) -> Coding:
    """Resolved values of an invoice; `values` are added to the usual ones."""
    values = {
        Field.CATEGORY: Value("429 - Office Supplies", Layer.DOCUMENT, OFFICE_SUPPLIES),
        Field.TAX: Value("Standard Rate 20%", Layer.DEFAULT, STANDARD_RATE),
        Field.DOCUMENT_NUMBER: Value("NW-1001", Layer.DOCUMENT),
        Field.DESCRIPTION: Value("Paper & pens", Layer.DOCUMENT),
    } | changes.pop("values", {})
    usual: dict[str, Any] = {
        "publish_as": PublishAs.BILL,
        "date": dt.date(2026, 3, 3),
        "due_date": dt.date(2026, 4, 2),
        "total": Decimal("144.00"),
        "tax_amount": Decimal("24.00"),
        "currency": "GBP",
    }
    return Coding(values, **usual | changes)


def made(coding: Coding, currencies: dict[str, EntryId] = CURRENCIES) -> Record:
    return record(coding, NORTHWIND, GBP_ORGANISATION, currencies, REFERENCE)


def picked(name: str, entry_id: str, **changes: Any) -> Value:
    return Value(name, Layer.MANUAL, an_entry(name, id=EntryId(entry_id), **changes))


def test_a_bill_holds_what_the_card_showed() -> None:
    """S1: every detail of the item is in the one record."""
    more = {Field.CUSTOMER: picked("Harbour Books", "k1"), Field.PROJECT: picked("Refit 2026", "p1")}
    record = made(a_coding(values=more))
    assert (record.kind, record.reference, record.query, record.payment) == (
        PublishAs.BILL, REFERENCE, {}, {}
    )  # fmt: skip
    assert record.body == (
        {
            "vendor_id": "s1",
            "bill_number": "NW-1001",
            "reference_number": REFERENCE,
            "date": "2026-03-03",
            "due_date": "2026-04-02",
            "is_inclusive_tax": True,
            "line_items": [
                {
                    "account_id": "c429",
                    "description": "Paper & pens",
                    "quantity": "1",
                    "rate": "144.00",
                    "tax_id": "t20",
                    "customer_id": "k1",
                    "project_id": "p1",
                }
            ],
        }
    )


def test_an_expense_holds_what_the_card_showed() -> None:
    """S1."""
    paid = {Field.PAYMENT_ACCOUNT: picked("Current Account", "b1")}
    assert made(a_coding(publish_as=PublishAs.EXPENSE, values=paid)).body == {
        "account_id": "c429",
        "date": "2026-03-03",
        "amount": "144.00",
        "paid_through_account_id": "b1",
        "vendor_id": "s1",
        "tax_id": "t20",
        "is_inclusive_tax": True,
        "reference_number": f"NW-1001 / {REFERENCE}",
        "description": "Paper & pens",
    }


def test_what_is_not_known_is_left_out_of_the_body() -> None:
    empty = {name: Value("", Layer.NONE) for name in (Field.TAX, Field.DESCRIPTION)}
    body = made(a_coding(values=empty, due_date=None)).body
    assert "due_date" not in body
    assert body["line_items"] == [{"account_id": "c429", "quantity": "1", "rate": "144.00"}]


def test_an_inactive_entry_is_never_sent() -> None:
    """S41."""
    old = {Field.TAX: picked("Old rate", "t17", active=False)}
    assert "tax_id" not in made(a_coding(values=old)).body["line_items"][0]


@pytest.mark.parametrize(
    ("currency", "rate", "sent"),
    [
        ("GBP", None, {}),
        ("GBP", Decimal("1.5"), {}),
        ("EUR", Decimal("0.8612"), {"currency_id": "eur", "exchange_rate": "0.8612"}),
        ("EUR", None, {"currency_id": "eur"}),
    ],
)
def test_a_currency_is_named_only_when_it_is_not_the_organisations(currency, rate, sent) -> None:
    body = made(a_coding(currency=currency, exchange_rate=rate)).body
    assert {name: body[name] for name in ("currency_id", "exchange_rate") if name in body} == sent


def test_long_texts_are_cut_to_what_zoho_takes() -> None:
    """S3: an expense's texts end at 100 characters, our reference always fits."""
    long = {
        Field.DESCRIPTION: Value("d" * 3000, Layer.DOCUMENT),
        Field.DOCUMENT_NUMBER: Value("n" * 300, Layer.DOCUMENT),
    }
    bill = made(a_coding(values=long)).body
    assert (len(bill["bill_number"]), len(bill["line_items"][0]["description"])) == (100, 2000)
    expense = made(a_coding(values=long, publish_as=PublishAs.EXPENSE)).body
    assert (len(expense["reference_number"]), len(expense["description"])) == (100, 100)
    assert expense["reference_number"].split()[-1] == REFERENCE


def test_an_expense_without_a_number_carries_our_reference_alone() -> None:
    none = {Field.DOCUMENT_NUMBER: Value("", Layer.NONE)}
    assert made(a_coding(values=none, publish_as=PublishAs.EXPENSE)).body["reference_number"] == REFERENCE


def test_a_stored_record_comes_back_the_same() -> None:
    """A publication keeps its record as JSON between its steps."""
    body = dict(made(a_coding()).body)
    assert json.loads(json.dumps(body)) == body


BILL_ROW = {
    "bill_id": 460000000026051,
    "vendor_id": "s1",
    "bill_number": "NW-1001",
    "reference_number": REFERENCE,
    "date": "2026-03-03",
    "due_date": "2026-04-02",
    "total": 144.0,
    "currency_id": "gbp",
    "currency_code": "GBP",
    "line_items": [{"account_id": "c429", "tax_id": "t20"}],
}


def test_a_bills_answer_is_read_back_as_text() -> None:
    """S1: what Zoho Books holds is compared with what was sent."""
    found = booked(PublishAs.BILL, BILL_ROW, "https://books.example/1")
    assert (found.record_id, found.number, found.link) == (
        "460000000026051", "NW-1001", "https://books.example/1"
    )  # fmt: skip
    assert found.read_back == {
        "supplier": "s1",
        "number": "NW-1001",
        "reference": REFERENCE,
        "date": "2026-03-03",
        "due date": "2026-04-02",
        "total": "144.0",
        "currency": "gbp",
        "lines": "1",
        "category": "c429",
        "tax": "t20",
    }
    assert found.names["gbp"] == "GBP"
    assert differences(made(a_coding()), found) == ()


def test_an_expenses_answer_is_read_back_from_its_head() -> None:
    row = {
        "expense_id": "9",
        "account_id": "c429",
        "tax_id": "t20",
        "total": "18.40",
        "reference_number": "R",
    }
    found = booked(PublishAs.EXPENSE, row, "")
    assert (found.record_id, found.number) == ("9", "R")
    assert found.read_back == {"reference": "R", "category": "c429", "tax": "t20", "total": "18.40"}


@pytest.mark.parametrize("row", [{}, {"line_items": None}, {"line_items": ["?"]}])
def test_an_answer_that_says_nothing_is_read_back_as_nothing(row) -> None:
    assert booked(PublishAs.BILL, row, "") == Booked(PublishAs.BILL, "", "", "", {})


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"vendor_id": "s2"}, "supplier is s2, we sent Northwind Paper Ltd"),
        ({"bill_number": "NW-1"}, "number is NW-1, we sent NW-1001"),
        ({"date": "2026-03-04"}, "date is 2026-03-04, we sent 2026-03-03"),
        ({"due_date": "2026-03-04"}, "due date is 2026-03-04, we sent 2026-04-02"),
        (
            {"line_items": [{"account_id": "c1", "tax_id": "t20"}]},
            "category is c1, we sent 429 - Office Supplies",
        ),
        ({"line_items": [{"account_id": "c429", "tax_id": "t5"}]}, "tax is t5, we sent Standard Rate 20%"),
        ({"total": 120}, "total is 120, we sent 144.00"),
        ({"total": 144.01}, "total is 144.01, we sent 144.00"),
    ],
)
def test_a_difference_is_said_in_words(changed, says: str) -> None:
    assert differences(made(a_coding()), booked(PublishAs.BILL, BILL_ROW | changed, "")) == (says,)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"due_date": ""}, "due date is empty, we sent 2026-04-02"),
        ({"reference_number": None}, f"reference is empty, we sent {REFERENCE}"),
        ({"exchange_rate": 0.5}, "exchange rate is 0.5, we sent 0.86"),
        ({"line_items": []}, None),
        ({"line_items": [{"account_id": "c429", "tax_id": "t20"}] * 2}, "lines is 2, we sent 1"),
        (
            {"line_items": [{"account_id": "c429", "tax_id": "t20", "customer_id": "", "project_id": "p2"}]},
            "customer is empty, we sent Harbour Books",
        ),
        (
            {"line_items": [{"account_id": "c429", "tax_id": "t20", "description": "Paper"}]},
            "description is Paper, we sent Paper & pens",
        ),
    ],
)
def test_what_was_dropped_or_changed_is_a_difference_wherever_it_was_sent(changed, says: str | None) -> None:
    """S1: customer, project, description, rate, reference; what is empty there is told, silence is not."""
    more = {Field.CUSTOMER: picked("Harbour Books", "k1"), Field.PROJECT: picked("Refit 2026", "p2")}
    sent = made(a_coding(values=more, currency="EUR", exchange_rate=Decimal("0.86")))
    row = {**BILL_ROW, "currency_id": "eur"} | changed
    assert differences(sent, booked(PublishAs.BILL, row, "")) == ((says,) if says else ())


def test_an_expenses_head_is_read_back_too() -> None:
    """S1."""
    more = {Field.PROJECT: picked("Refit 2026", "p2"), Field.CUSTOMER: picked("Harbour Books", "k1")}
    sent = made(a_coding(publish_as=PublishAs.EXPENSE, values=more))
    row = {"project_id": "", "customer_id": "k1", "description": "Paper & pens"}
    assert differences(sent, booked(PublishAs.EXPENSE, row, "")) == ("project is empty, we sent Refit 2026",)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({}, ()),
        ({"amount": 100}, ("payment's amount is 100, we sent 144.00",)),
        ({"paid_through_account_id": ""}, ("payment's account is empty, we sent Current Account",)),
        ({"date": "2026-03-04"}, ("payment's date is 2026-03-04, we sent 2026-03-03",)),
    ],
)
def test_a_payment_is_read_back_like_its_bill(changed: dict[str, Any], says: tuple[str, ...]) -> None:
    """S1."""
    account = {Field.PAYMENT_ACCOUNT: picked("Current Account", "b1")}
    sent = made(a_coding(publish_as=PublishAs.BILL_WITH_PAYMENT, values=account))
    row = {"payment_id": "9", "amount": 144.0, "paid_through_account_id": "b1", "date": "2026-03-03"}
    assert differences(sent, booked(PublishAs.BILL_WITH_PAYMENT, BILL_ROW, ""), paid(row | changed)) == says


def test_an_expense_is_compared_by_its_amount() -> None:
    sent = made(a_coding(publish_as=PublishAs.EXPENSE))
    assert differences(sent, booked(PublishAs.EXPENSE, {"total": 144}, "")) == ()
    assert differences(sent, booked(PublishAs.EXPENSE, {"total": 14.4}, "")) == (
        "total is 14.4, we sent 144.00",
    )


def test_where_the_answer_is_silent_there_is_no_difference() -> None:
    assert differences(made(a_coding()), booked(PublishAs.BILL, {"bill_id": "1"}, "")) == ()
