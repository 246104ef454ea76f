"""Amounts, dates, numbers, currency, and what an item is published as."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.amounts import tax_within
from bot.domain.coding import Layer
from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, Line, PublishAs, Side
from bot.domain.money import Precision
from bot.domain.refusable import _rate
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from tests.builders import (
    GBP_ORGANISATION,
    NORTHWIND,
    OFFICE_SUPPLIES,
    REDUCED_RATE,
    STANDARD_RATE,
    an_entry,
    an_item,
    lists_of,
    usual_lists,
)
from tests.unit.domain.resolved import DEFAULTS, coded, problems

# --- tax amounts


def test_a_tax_amount_has_no_more_decimals_than_its_currency() -> None:
    """S1: as a total; noughts behind the point are none."""
    yen = usual_lists(currencies=[an_entry("JPY", id=EntryId("jpy"))])
    changes: dict[str, Any] = {"total": "1100", "tax": "Standard Rate", "currency": "JPY"}
    assert problems(coded(an_item(tax_amount="183.4", **changes), lists=yen)) == [
        "tax amount 183.4 has more decimals than JPY has"
    ]
    assert problems(coded(an_item(tax_amount="183.00", **changes), lists=yen)) == []


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


@pytest.mark.parametrize(("tax_amount", "warned"), [("24.02", False), ("24.03", True), ("10.00", True)])
def test_a_bill_takes_the_documents_tax_and_more_than_pennies_are_told(tax_amount: str, warned: bool) -> None:
    """S1: the tax that is booked is the document's."""
    coding = coded(an_item(tax_amount=tax_amount))
    assert coding.is_ready
    assert (coding.own_tax, coding.tax_amount) == (STANDARD_RATE, Decimal(tax_amount))
    said = f"tax is £{tax_amount} on the document, £24.00 by Standard Rate 20%; £{tax_amount} is booked"
    assert coding.warnings == ((said,) if warned else ())


def test_a_tax_amount_that_the_rate_makes_is_not_sent_by_itself() -> None:
    assert coded(an_item(tax_amount="24.00")).own_tax is None


CREDIT: dict[str, Any] = {"type": DocumentType.CREDIT_NOTE}
STOPS = (
    "tax is £10.00 on the document, but on a vendor credit the accounting software books £24.00 by "
    "Standard Rate 20%: change the tax or an amount, or accept £24.00"
)


@pytest.mark.parametrize(
    ("tax_amount", "stops", "warned"),
    [
        ("24.02", False, False), ("24.03", False, True), ("24.05", False, True), ("24.06", True, False),
        ("10.00", True, False),
    ],
)  # fmt: skip
def test_where_no_tax_amount_is_taken_another_than_the_rates_stops(
    tax_amount: str, stops: bool, warned: bool
) -> None:
    """S1, S3: a vendor credit books what the rate makes: beyond the tolerance somebody must say so."""
    coding = coded(an_item(tax_amount=tax_amount, **CREDIT))
    assert (not coding.is_ready, bool(coding.warnings), coding.own_tax) == (stops, warned, None)
    assert problems(coding) == ([STOPS.replace("£10.00", f"£{tax_amount}")] if stops else [])


def test_the_tax_of_the_books_can_be_accepted() -> None:
    """S24: as a change by hand, which is kept."""
    stopped = coded(an_item(tax_amount="10.00", **CREDIT))
    accepted = coded(an_item(tax_amount="10.00", manual={Field.TAX_AMOUNT: str(stopped.rate_tax)}, **CREDIT))
    assert (accepted.is_ready, accepted.tax_amount, accepted.warnings) == (True, Decimal("24.00"), ())


@pytest.mark.parametrize(
    ("lines", "total", "said", "own", "rounding"),
    [
        (["120.00"], "130.00", "10.00", True, "0"),
        (["120.00"], "144.01", "24.01", True, "0"),
        (["120.00"], "144.00", "24.01", False, "0"),
        (["144.00"], "144.00", "10.00", True, "0"),
        (["120.00"], "144.01", "24.00", False, "0.01"),
        (["60.00", "60.00"], "130.02", "10.00", True, "0.02"),
    ],
)
def test_lines_agree_with_the_total_by_the_documents_tax(
    lines: list[str], total: str, said: str, own: bool, rounding: str
) -> None:
    """C22: what is said goes before what the rates make, where it brings lines and total closer."""
    given = tuple(Line("Paper", amount=Decimal(amount)) for amount in lines)
    coding = coded(an_item(total=total, tax_amount=said, lines=given))
    assert problems(coding) == []
    assert (coding.own_tax is not None, coding.rounding) == (own, Decimal(rounding))


def test_of_two_taxes_nobody_knows_which_the_amount_is_of() -> None:
    """C22."""
    lines = (
        Line("Paper", amount=Decimal(100), tax="Standard Rate"),
        Line("Books", amount=Decimal(20), tax="Reduced Rate"),
    )
    coding = coded(an_item(total="141.00", tax_amount="12.00", lines=lines))
    assert problems(coding) == [
        "tax is £12.00 on the document, but on a bill the accounting software books £21.00 by its lines: "
        "change the tax or an amount, or accept £21.00"
    ]


def test_tax_of_a_zero_rate_stops() -> None:
    """S1."""
    (says,) = problems(coded(an_item(tax_amount="24.00", tax="Zero Rate")))
    assert says.endswith("books £0.00 by Zero Rate 0%: change the tax or an amount, or accept £0.00")


def test_a_tax_amount_without_a_tax_is_told_where_there_are_taxes_to_choose() -> None:
    """S1: an organisation that is not registered for tax has none."""
    item = an_item(tax_amount="24.00")
    coding = coded(item, settings=BusinessSettings())
    said = "tax is £24.00 on the document, but no tax is chosen: none is booked"
    assert (coding.is_ready, coding.warnings) == (True, (said,))
    bare = lists_of(suppliers=[NORTHWIND], categories=[OFFICE_SUPPLIES])
    assert coded(item, settings=BusinessSettings(), lists=bare).warnings == ()


def test_without_a_tax_there_is_no_tax_amount() -> None:
    coding = coded(an_item(), settings=BusinessSettings())
    assert (coding.tax_amount, coding.values[Field.TAX_AMOUNT].layer) == (None, Layer.NONE)
    assert coding.is_ready


@given(st.decimals(min_value=Decimal("0.01"), max_value=1_000_000, places=2), st.integers(0, 30))
def test_the_tax_within_a_total_is_that_rate_of_the_rest(total: Decimal, rate: int) -> None:
    tax = tax_within(total, replace(REDUCED_RATE, percentage=str(rate)), Precision())
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
        (
            {"currency": "IDR", "total": "1872500.00", "base_currency": "GBP", "base_total": "92.10"},
            "0.0000491856",
        ),
    ],
)
def test_the_documents_rate_is_used_when_it_is_into_the_organisations_currency(
    changes: dict[str, Any], rate: str | None
) -> None:
    """C19."""
    assert coded(an_item(**changes)).exchange_rate == (Decimal(rate) if rate else None)


@given(st.integers(1, 10**13), st.integers(1, 10**9))
def test_the_documents_rate_brings_its_total_to_the_very_total_in_the_base_currency(
    units: int, base_units: int
) -> None:
    """C19: also of a currency of which a pound is tens of thousands."""
    total, base = Decimal(units).scaleb(-2), Decimal(base_units).scaleb(-2)
    rate = _rate(total, base, "GBP")
    assert rate is not None
    assert abs(total * rate - base) <= max(Decimal("0.005"), base * Decimal("1e-14"))
    assert len(rate.normalize().as_tuple().digits) <= 15


def test_amounts_have_the_decimals_that_the_organisation_keeps() -> None:
    """C19: rupiah without sen, where Zoho Books is set so; else as ISO 4217 has them."""
    item = an_item(currency="IDR", total="1000.00", tax="Standard Rate")
    for decimals, tax in (("0", "167"), ("2", "166.67"), ("", "166.67")):
        lists = usual_lists(currencies=[an_entry("IDR", id=EntryId("idr"), decimals=decimals)])
        assert coded(item, lists=lists).tax_amount == Decimal(tax)


def test_tax_is_rounded_once_where_the_organisation_rounds_so() -> None:
    """C22: three lines of 0.33 at 20%: 0.07 each, 0.20 together."""
    lines = tuple(Line("Stamp", amount=Decimal("0.33")) for _ in range(3))
    by_line = coded(an_item(total="1.20", lines=lines))
    assert (by_line.tax_amount, by_line.rounding) == (Decimal("0.21"), Decimal(0))
    organisation = replace(GBP_ORGANISATION, tax_by_document=True)
    item = an_item(total="1.19", lines=lines)
    once = resolve(item, None, DEFAULTS, usual_lists(), organisation)
    assert (once.tax_amount, once.rounding) == (Decimal("0.20"), Decimal(0))


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
