"""Amounts as people write and read them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import money
from bot.errors import WrongInput

AMOUNTS = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,250.00", "1250.00"),
        ("1.250,00", "1250.00"),
        ("1 250,00", "1250.00"),
        ("1\u202f250,5", "1250.5"),
        ("1'250.00", "1250.00"),
        ("1,50,000.25", "150000.25"),
        ("£12.50", "12.50"),
        ("-£12.50", "-12.50"),
        ("£-12.50", "-12.50"),
        ("(12.00)", "-12.00"),
        ("(£12.00)", "-12.00"),
        ("12.00-", "-12.00"),
        ("−3", "-3"),
        ("IDR 1,872,500.00", "1872500.00"),
        ("12,5 EUR", "12.5"),
        ("1,250", "1250"),
        ("1.872.500", "1872500"),
        ("0,125", "0.125"),
        ("12345,678", "12345.678"),
        (".50", "0.50"),
        ("-0", "0"),
    ],
)
def test_an_amount_is_understood_as_people_type_it(text: str, amount: str) -> None:
    assert money.parse(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text",
    ["", "-", "twelve", "NaN", "Infinity", "1e5", "12abc", "12 34", "--12", "£12€", "1,2,3", "1.25,00",
     "12,34.5.6", "(-12)", "£", "12/5"],
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_a_sentence_that_names_it(text: str) -> None:
    with pytest.raises(WrongInput) as caught:
        money.parse(text)
    assert caught.value.says == f"“{text}” is not an amount."
    assert caught.value.advice == "Write it like 1,250.00."


@pytest.mark.parametrize(
    ("text", "says"), [("1000000000000", "too large"), ("1.2345678", "more than 6 decimals")]
)
def test_an_amount_beyond_reason_is_refused(text: str, says: str) -> None:
    with pytest.raises(WrongInput, match=says):
        money.parse(text)


@given(AMOUNTS, st.sampled_from(["GBP", "EUR", "USD", "IDR", "KWD", "SEK"]))
def test_an_amount_that_is_shown_is_read_back_the_same(amount: Decimal, currency: str) -> None:
    assert money.parse(money.shown(amount, currency)) == amount
    assert money.parse(money.shown(-amount, currency)) == -amount


@given(AMOUNTS)
def test_the_continental_form_is_the_same_amount(amount: Decimal) -> None:
    continental = f"{amount:,.2f}".replace(",", " ").replace(".", ",").replace(" ", ".")
    assert money.parse(continental) == amount


@given(st.text(max_size=30))
def test_any_text_is_an_exact_amount_or_refused(text: str) -> None:
    try:
        amount = money.parse(text)
    except WrongInput:
        return
    assert amount.is_finite()
    assert abs(amount) < money.LARGEST


@pytest.mark.parametrize(("currency", "digits"), [
        ("GBP", 2), ("JPY", 0), ("KWD", 3), ("RSD", 2), ("ALL", 2), ("IQD", 3), ("LAK", 2), ("MMK", 2),
        ("LBP", 2), ("AFN", 2), ("IRR", 2), ("SYP", 2), ("YER", 2), ("MGA", 2), ("SOS", 2), ("KPW", 2),
        ("UYW", 4), ("CLF", 4), ("HUF", 2), ("ISK", 0), ("BHD", 3), ("IDR", 2),
    ],
)  # fmt: skip
def test_each_currency_has_its_own_minor_units(currency: str, digits: int) -> None:
    """C19."""
    assert money.minor_units(currency) == digits
    assert -int(money.rounded(Decimal("1.23456"), currency).as_tuple().exponent) == digits


def test_halves_are_rounded_away_from_zero_as_on_invoices() -> None:
    assert money.rounded(Decimal("0.125"), "GBP") == Decimal("0.13")
    assert money.rounded(Decimal("-0.125"), "GBP") == Decimal("-0.13")


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        ("144", "GBP", "£144.00"),
        ("240", "EUR", "€240.00"),
        ("9.5", "USD", "$9.50"),
        ("1872500", "IDR", "IDR 1,872,500.00"),
        ("1500", "JPY", "JPY 1,500"),
        ("1.25", "KWD", "KWD 1.250"),
        ("-12", "GBP", "-£12.00"),
        ("0", "GBP", "£0.00"),
        ("12.345", "GBP", "£12.345"),
        ("5", "", "5.00"),
    ],
)
def test_an_amount_is_shown_with_its_currency(amount: str, currency: str, shown: str) -> None:
    assert money.shown(Decimal(amount), currency) == shown


def test_only_currencies_are_currencies() -> None:
    assert money.is_currency("GBP")
    assert not any(money.is_currency(code) for code in ("", "GPB", "gbp", "XXX", "XTS", "£"))
    assert "KWD" in money.all_currencies()
