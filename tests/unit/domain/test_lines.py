"""The arithmetic of lines: what each comes to, and that rounding always settles exactly what is missing."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import money
from bot.domain.items import Line
from bot.domain.lines import agreement, priced, tax_of, tax_of_all
from bot.domain.money import Precision

POUNDS = Precision()


def line(quantity: str = "", price: str = "", amount: str = "") -> Line:
    one, two, three = (Decimal(text) if text else None for text in (quantity, price, amount))
    return Line("x", one, two, three)


@pytest.mark.parametrize(
    ("given_line", "currency", "sign", "quantity", "rate", "amount", "is_rebuilt"),
    [
        (line("2", "50.00"), "GBP", 1, "2", "50.00", "100.00", False),
        (line("2", "50.00", "100.00"), "GBP", 1, "2", "50.00", "100.00", False),
        (line("", "50.00"), "GBP", 1, "1", "50.00", "50.00", False),
        (line("", "", "50.00"), "GBP", 1, "1", "50.00", "50.00", False),
        (line("3", "", "100.00"), "GBP", 1, "1", "100.00", "100.00", False),
        (line("4", "", "100.00"), "GBP", 1, "4", "25.000000", "100.00", False),
        (line("3", "4.00", "11.50"), "GBP", 1, "1", "11.50", "11.50", True),
        (line("0.333", "3.00"), "GBP", 1, "0.333", "3.00", "1.00", False),
        (line("3", "33.4"), "JPY", 1, "3", "33.4", "100", False),
        (line("2", "0.0015"), "KWD", 1, "2", "0.0015", "0.003", False),
        (line("2", "-50.00"), "GBP", -1, "2", "50.00", "100.00", False),
        (line("-2", "50.00"), "GBP", -1, "2", "50.00", "100.00", False),
        (line("-1", "5.00"), "GBP", 1, "1", "-5.00", "-5.00", False),
        (line("", "", "0"), "GBP", 1, "1", "0.00", "0.00", False),
    ],
)
def test_quantity_and_price_are_kept_where_they_give_the_amount(
    given_line, currency, sign, quantity, rate, amount, is_rebuilt
) -> None:
    """C22 C20."""
    found = priced(given_line, Precision.of(currency), sign)
    assert found is not None
    assert (found.quantity, found.rate, found.amount) == (Decimal(quantity), Decimal(rate), Decimal(amount))
    assert found.is_rebuilt is is_rebuilt
    assert money.rounded(found.quantity * found.rate, currency) == found.amount


def test_a_line_without_amount_and_price_is_none() -> None:
    assert priced(line("2"), POUNDS) is None


@pytest.mark.parametrize(("currency", "pence"), [("GBP", "0.05"), ("JPY", "5"), ("KWD", "0.005")])
def test_a_tolerance_is_in_each_currencys_smallest_units(currency: str, pence: str) -> None:
    """C19."""
    assert Precision.of(currency).units(5) == Decimal(pence)


CURRENCIES = st.sampled_from(["JPY", "GBP", "KWD"])
RATES = st.sampled_from(["", "0", "5", "7.5", "20", "22"])


@st.composite
def splits(draw: st.DrawFn) -> tuple[str, list[tuple[Decimal, str]], Decimal]:
    """A currency, lines in its smallest units with their rates, and any total."""
    currency = draw(CURRENCIES)
    units = -money.minor_units(currency)
    lines = draw(st.lists(st.tuples(st.integers(-10_000, 10_000_000), RATES), min_size=1, max_size=12))
    total = Decimal(draw(st.integers(1, 200_000_000))).scaleb(units)
    return currency, [(Decimal(amount).scaleb(units), rate) for amount, rate in lines], total


@given(splits())
def test_lines_with_their_tax_and_rounding_are_the_total_for_any_split(split) -> None:
    """C22: to the smallest unit, in yen, pounds and dinars."""
    currency, lines, total = split
    precision = Precision.of(currency)
    found = agreement(lines, total, precision, precision.units(5))
    net = sum(amount for amount, _ in lines)
    tax = sum(tax_of(amount, rate, precision, includes_tax=found.includes_tax) for amount, rate in lines)
    assert net + (0 if found.includes_tax else tax) + found.rounding == total
    assert found.rounding == money.rounded(found.rounding, currency)
    assert found.tax == tax


@given(CURRENCIES, st.integers(1, 10_000_000), RATES, st.integers(-5, 5))
def test_amounts_without_tax_are_believed_first(currency: str, units: int, rate: str, pence: int) -> None:
    """C22: a document that adds up without tax is never taken as with tax."""
    precision = Precision.of(currency)
    amount = precision.units(units)
    tax = tax_of(amount, rate, precision, includes_tax=False)
    off = precision.units(pence)
    found = agreement([(amount, rate)], amount + tax + off, precision, precision.units(5))
    assert (found.includes_tax, found.rounding) == (False, off)


def test_amounts_that_only_add_up_with_tax_are_taken_so() -> None:
    """C22: `100 + 20 = 120` at 20 % within, although amounts are promised without."""
    lines = [(Decimal("100.00"), "20"), (Decimal("20.00"), "20")]
    found = agreement(lines, Decimal("120.00"), POUNDS, Decimal("0.05"))
    assert (found.includes_tax, found.tax, found.rounding) == (True, Decimal("20.00"), Decimal(0))


@given(st.lists(st.tuples(st.integers(1, 10_000), RATES), min_size=1, max_size=12), st.booleans())
def test_tax_rounded_once_for_the_document_is_nearest_to_the_exact_one(
    given_lines: list[tuple[int, str]], includes_tax: bool
) -> None:
    """C22: by the line it may be a penny for each line off; once for each rate it is half of one at most."""
    lines = [(POUNDS.units(amount), rate) for amount, rate in given_lines]
    exact = sum(
        amount * (rate := Decimal(percentage or 0)) / (100 + rate if includes_tax else 100)
        for amount, percentage in lines
    )
    once = tax_of_all(lines, Precision(2, tax_by_document=True), includes_tax=includes_tax)
    by_line = tax_of_all(lines, POUNDS, includes_tax=includes_tax)
    rates = {percentage for _, percentage in lines}
    assert abs(once - exact) <= POUNDS.units(1) / 2 * len(rates)
    assert abs(by_line - exact) <= POUNDS.units(1) / 2 * len(lines)
