"""Amounts, dates, numbers, currency, and what an item is published as."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coding import Layer
from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, PublishAs, Side
from bot.domain.resolving import tax_within
from bot.domain.settings import BusinessSettings
from tests.builders import REDUCED_RATE, an_entry, an_item, usual_lists
from tests.unit.domain.resolved import coded, problems

# --- tax amounts


@pytest.mark.parametrize(
    ("changes", "manual", "amount", "layer"),
    [
        ({}, {}, "24.00", Layer.DEFAULT),
        ({"tax_amount": "0.00"}, {}, "24.00", Layer.DEFAULT),
        ({"tax_amount": "20.00"}, {}, "20.00", Layer.DOCUMENT),
        ({"tax_amount": "0.00", "tax": "Zero Rate"}, {}, "0.00", Layer.DOCUMENT),
        ({"tax_amount": "20.00"}, {Field.TAX_AMOUNT: "0"}, "0", Layer.MANUAL),
        ({"tax": "Reduced Rate"}, {}, "6.86", Layer.DEFAULT),
    ],
)
def test_a_tax_amount_is_by_hand_else_the_documents_else_the_rates(
    changes: dict[str, Any], manual: dict[Field, str], amount: str, layer: Layer
) -> None:
    coding = coded(an_item(manual=manual, **changes))
    assert (coding.tax_amount, coding.values[Field.TAX_AMOUNT].layer) == (Decimal(amount), layer)


@pytest.mark.parametrize(("tax_amount", "warned"), [("24.02", False), ("24.03", True), ("23.97", True)])
def test_a_tax_amount_that_is_not_the_rates_is_said_but_stops_nothing(tax_amount: str, warned: bool) -> None:
    coding = coded(an_item(tax_amount=tax_amount))
    assert coding.is_ready
    said = f"tax is £{tax_amount} on the document, £24.00 by Standard Rate 20%"
    assert coding.warnings == ((said,) if warned else ())


def test_without_a_tax_there_is_no_tax_amount() -> None:
    coding = coded(an_item(), settings=BusinessSettings())
    assert (coding.tax_amount, coding.values[Field.TAX_AMOUNT].layer) == (None, Layer.NONE)
    assert coding.is_ready


@given(st.decimals(min_value=Decimal("0.01"), max_value=1_000_000, places=2), st.integers(0, 30))
def test_the_tax_within_a_total_is_that_rate_of_the_rest(total: Decimal, rate: int) -> None:
    tax = tax_within(total, replace(REDUCED_RATE, percentage=str(rate)), "GBP")
    assert tax is not None
    assert abs((total - tax) * rate / 100 - tax) <= Decimal("0.0066")


# --- dates, numbers, publishing as, currency


def test_a_missing_date_is_the_day_it_came_in_and_says_so() -> None:
    coding = coded(an_item(date=None))
    value = coding.values[Field.DATE]
    assert (coding.date, value.layer, value.why) == (dt.date(2026, 10, 5), Layer.DEFAULT, "date received")


@pytest.mark.parametrize(
    ("changes", "manual", "kind"),
    [
        ({}, {}, PublishAs.BILL),
        ({"paid": True}, {}, PublishAs.EXPENSE),
        ({"type": DocumentType.RECEIPT}, {}, PublishAs.EXPENSE),
        ({"type": DocumentType.RECEIPT, "paid": True}, {Field.PUBLISH_AS: "bill"}, PublishAs.BILL),
    ],
)
def test_what_is_paid_becomes_an_expense_and_the_rest_a_bill(
    changes: dict[str, Any], manual: dict[Field, str], kind: PublishAs
) -> None:
    coding = coded(an_item(manual=manual, payment_account="current account", **changes))
    assert coding.publish_as is kind
    assert coding.is_ready
    assert coding.text(Field.PAYMENT_ACCOUNT) == "Current Account"


def test_a_bill_without_number_takes_the_senders_id() -> None:
    value = coded(an_item(document_number="")).values[Field.DOCUMENT_NUMBER]
    assert (value.text, value.layer, value.why) == ("90000000010", Layer.DEFAULT, "sender's id")
    expense = coded(an_item(document_number="", paid=True))
    assert expense.text(Field.DOCUMENT_NUMBER) == ""


def test_without_a_currency_it_is_the_organisations() -> None:
    value = coded(an_item(currency="")).values[Field.CURRENCY]
    assert (value.text, value.layer) == ("GBP", Layer.DEFAULT)


@pytest.mark.parametrize(
    ("changes", "rate"),
    [
        ({"currency": "EUR", "base_currency": "GBP", "base_total": "123.12"}, "0.855000"),
        ({"currency": "EUR", "base_currency": "USD", "base_total": "123.12"}, None),
        ({"currency": "EUR"}, None),
        ({"currency": "GBP", "base_currency": "GBP", "base_total": "144.00"}, None),
        ({"currency": "EUR", "base_currency": "GBP", "base_total": "0.000001"}, None),
    ],
)
def test_the_documents_rate_is_used_when_it_is_into_the_organisations_currency(
    changes: dict[str, Any], rate: str | None
) -> None:
    """C19."""
    assert coded(an_item(**changes)).exchange_rate == (Decimal(rate) if rate else None)


def test_the_documents_rate_is_not_used_for_a_currency_set_by_hand() -> None:
    """C19."""
    item = an_item(currency="USD", base_currency="GBP", base_total="123.12", manual={Field.CURRENCY: "eur"})
    coding = coded(item)
    assert (coding.currency, coding.exchange_rate) == ("EUR", None)


def test_a_currency_that_is_no_longer_active_is_named() -> None:
    """C19, S41."""
    lists = usual_lists(currencies=[an_entry("USD", id=EntryId("usd"), active=False)])
    for item in (an_item(currency="USD"), an_item(manual={Field.CURRENCY: "usd"})):
        assert problems(coded(item, lists=lists)) == ["currency USD is not in the accounting software"]


def test_a_document_may_be_due_on_its_own_day() -> None:
    coding = coded(an_item(due_date=dt.date(2026, 3, 3)))
    assert coding.is_ready
    assert coding.due_date == coding.date == dt.date(2026, 3, 3)


def test_what_a_sale_leaves_out_is_not_said_while_sales_are_not_published() -> None:
    assert coded(an_item(side=Side.SALE, category="200", customer="Nobody")).warnings == ()
