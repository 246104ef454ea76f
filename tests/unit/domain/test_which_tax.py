"""Which tax a document means, where its rate alone does not tell."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.domain.coding import Coding, Layer
from bot.domain.identity import EntryId
from bot.domain.items import Field, Line, Side
from bot.domain.lists import Entry, EntryUse
from bot.domain.settings import BusinessSettings
from tests.builders import NORTHWIND, OFFICE_SUPPLIES, an_entry, an_item, lists_of
from tests.unit.domain.resolved import coded, problems

STANDARD = an_entry("Standard Rate", id=EntryId("t20"), percentage="20")
CAPITAL = an_entry("Capital Goods", id=EntryId("t20c"), percentage="20")
ZERO = an_entry("Zero Rate", id=EntryId("tz"), percentage="0")
EXEMPT = an_entry("Exempt", id=EntryId("te"), percentage="0")
REVERSE = an_entry("Reverse Charge", id=EntryId("tr"), percentage="0")
SCOPE = an_entry("Out of Scope", id=EntryId("to"), percentage="0")
INTRA = an_entry("EC Acquisitions", id=EntryId("tk"), percentage="0")
ALL = (STANDARD, ZERO, EXEMPT, REVERSE, SCOPE, INTRA)


def of(*taxes: Entry, default: str = "", **changes: Any) -> Coding:
    lists = lists_of(suppliers=[NORTHWIND], categories=[OFFICE_SUPPLIES], taxes=list(taxes))
    settings = BusinessSettings(default_tax_costs=EntryId(default) if default else None)
    return coded(an_item(**changes), lists=lists, settings=settings, software="Zoho Books")


# --- two of one rate


def test_two_taxes_of_one_rate_are_both_named_and_offered() -> None:
    """C16: fresh lists would not help."""
    coding = of(STANDARD, CAPITAL, tax="20%")
    (problem,) = coding.problems
    assert problem.says == "tax “20%” may be Standard Rate 20% or Capital Goods 20%"
    assert problem.choices == (STANDARD, CAPITAL)


def test_the_default_tax_decides_between_two() -> None:
    """S23: what was set once is remembered for all that follow."""
    value = of(STANDARD, CAPITAL, tax="20%", default="t20c").values[Field.TAX]
    assert (value.entry, value.layer, value.why) == (
        CAPITAL, Layer.DOCUMENT, "document: 20%, the default of two"
    )  # fmt: skip
    assert of(STANDARD, CAPITAL, tax="20%", default="tz").problems


def test_a_tax_of_the_other_side_is_none_of_the_two() -> None:
    """S23."""
    sales = an_entry("Sales 20", id=EntryId("ts"), percentage="20", use=EntryUse.SALE)
    assert of(STANDARD, CAPITAL, sales, tax="20%").problems[0].choices == (STANDARD, CAPITAL)


def test_what_a_person_chose_is_the_end_of_it() -> None:
    """S24."""
    coding = of(STANDARD, CAPITAL, tax="20%", manual={Field.TAX: "t20c"})
    assert (coding.is_ready, coding.entry(Field.TAX)) == (True, CAPITAL)


def test_of_one_line_among_others_nothing_is_offered_since_it_would_count_for_all() -> None:
    """C22."""
    lines = (
        Line("Paper", amount=coded(an_item()).total, tax="20%"),
        Line("Pens", amount=None, tax="Zero Rate"),
    )
    coding = of(STANDARD, CAPITAL, ZERO, lines=lines)
    of_tax = [problem for problem in coding.problems if problem.field is Field.TAX]
    assert [problem.says for problem in of_tax] == [
        "line 1 (“Paper”): tax “20%” may be Standard Rate 20% or Capital Goods 20%"
    ]
    assert of_tax[0].choices == ()


# --- no tax, and why


@pytest.mark.parametrize(
    ("category", "tax"),
    [("Z", ZERO), ("E", EXEMPT), ("AE", REVERSE), ("O", SCOPE), ("K", INTRA)],
)
def test_what_is_not_taxed_gets_the_tax_of_its_category(category: str, tax: Entry) -> None:
    """C28: by its name; all of them have nought per cent."""
    coding = of(*ALL, tax="0%", tax_category=category)
    assert (coding.entry(Field.TAX), coding.is_ready) == (tax, True)
    assert coding.values[Field.TAX].why.startswith("document: ")


@pytest.mark.parametrize("category", ["E", "AE", "O", "K", "G"])
def test_the_one_zero_rate_is_not_taken_for_everything(category: str) -> None:
    """S1: what is exempt is not zero-rated; a person says what it is, or names it as the default."""
    (problem,) = of(STANDARD, ZERO, tax="0%", tax_category=category).problems
    assert problem.says.endswith("is on no list by that name: is it Zero Rate 0%?")
    assert problem.choices == (ZERO,)
    assert of(STANDARD, ZERO, tax="0%", tax_category=category, default="tz").entry(Field.TAX) == ZERO


def test_a_zero_rate_is_zero_rated_whatever_it_is_called() -> None:
    steuerfrei = an_entry("VAT 0", id=EntryId("v0"), percentage="0")
    assert of(STANDARD, steuerfrei, tax="0%", tax_category="Z").entry(Field.TAX) == steuerfrei
    assert problems(of(STANDARD, EXEMPT, tax="0%", tax_category="Z")) == []


def test_several_of_one_category_are_all_offered() -> None:
    goods = an_entry("Reverse Charge Goods", id=EntryId("tg"), percentage="0")
    (problem,) = of(STANDARD, ZERO, REVERSE, goods, tax="0%", tax_category="AE").problems
    assert problem.says == "tax “0% reverse charge” may be Reverse Charge 0% or Reverse Charge Goods 0%"
    assert problem.choices == (REVERSE, goods)


def test_lines_have_each_their_own() -> None:
    """C22."""
    lines = (
        Line("Book", amount=Decimal(72), tax="0%", tax_category="Z"),
        Line("Insurance", amount=Decimal(72), tax="0%", tax_category="E"),
    )
    coding = of(*ALL, lines=lines, tax="0%")
    assert [line.tax.entry for line in coding.lines] == [ZERO, EXEMPT]


def test_where_no_tax_is_listed_none_is_asked_for() -> None:
    """S2: an organisation that is not registered for tax."""
    coding = of(tax="0%", tax_category="E")
    assert (coding.is_ready, coding.text(Field.TAX)) == (True, "")


def test_the_names_are_found_on_the_side_that_they_are_for() -> None:
    sales = an_entry("Exempt Sales", id=EntryId("xs"), percentage="0", use=EntryUse.SALE)
    lists = lists_of(
        customers=[an_entry("Harbour Books", id=EntryId("k1"))],
        categories=[an_entry("Sales", id=EntryId("c200"), use=EntryUse.SALE)],
        taxes=[sales, an_entry("Exempt Costs", id=EntryId("xc"), percentage="0", use=EntryUse.COST)],
    )
    item = an_item(
        side=Side.SALE, supplier="", customer="Harbour Books", category="Sales", tax="0%", tax_category="E"
    )
    assert coded(item, lists=lists, settings=BusinessSettings()).entry(Field.TAX) == sales
