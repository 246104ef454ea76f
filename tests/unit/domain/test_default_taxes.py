"""Default taxes: of a currency, else of a side; which items a change of them is for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import default_taxes
from bot.domain.coding import Layer
from bot.domain.default_taxes import changed, excepted, key
from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, Side
from bot.domain.resolving import wanted
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import GBP_ORGANISATION, an_entry, an_item, usual_lists
from tests.unit.domain.resolved import coded, problems

T20, T0, T5 = EntryId("t20"), EntryId("t0"), EntryId("t5")
PLAIN = BusinessSettings(default_tax_costs=T20, default_tax_sales=T20)
EUROS = replace(PLAIN, tax_exceptions={"cost:EUR": T0, "sale:EUR": T5})


def a_sale(**changes: Any) -> Item:
    return an_item(side=Side.SALE, customer="Harbour Books", category="200", **changes)


@pytest.mark.parametrize(
    ("item", "rule", "tax", "why"),
    [
        (an_item(), None, T20, "default"),
        (an_item(currency="EUR"), None, T0, "default for EUR"),
        (an_item(currency="eur"), None, T0, "default for EUR"),
        (a_sale(), None, T20, "default"),
        (a_sale(currency="EUR"), None, T5, "default for EUR"),
        (an_item(manual={Field.CURRENCY: "eur"}), None, T0, "default for EUR"),
        (an_item(currency="EUR", manual={Field.CURRENCY: "gbp"}), None, T20, "default"),
        (an_item(currency=""), SupplierRule("northwind paper", currency="EUR"), T0, "default for EUR"),
        (an_item(currency="EUR"), SupplierRule("northwind paper", tax=T5), T5,
         "rule for Northwind Paper Ltd"),
        (an_item(currency="EUR", tax="Reduced Rate"), None, T5, "document"),
        (an_item(currency="EUR", manual={Field.TAX: "t5"}), None, T5, "changed by"),
    ],
)  # fmt: skip
def test_the_tax_of_the_currency_goes_before_that_of_the_side_and_before_nothing_else(
    item: Item, rule: SupplierRule | None, tax: EntryId, why: str
) -> None:
    """S23 S24: the currency is the one that the item is booked in, whoever said it."""
    value = coded(item, rule=rule, settings=EUROS).values[Field.TAX]
    assert (value.entry and value.entry.id, value.why) == (tax, why)


def test_an_exception_stands_where_its_side_has_no_default() -> None:
    """S23"""
    alone = BusinessSettings(tax_exceptions={"cost:EUR": T0})
    assert coded(an_item(currency="EUR"), settings=alone).values[Field.TAX].layer is Layer.DEFAULT
    assert coded(an_item(), settings=alone).values[Field.TAX].layer is Layer.NONE
    assert coded(a_sale(currency="EUR"), settings=alone).values[Field.TAX].layer is Layer.NONE


def test_an_exception_that_is_gone_is_named_and_the_plain_default_does_not_take_its_place() -> None:
    """S3 S41: nobody decided that what was taxed apart is taxed like the rest."""
    lost = replace(PLAIN, tax_exceptions={"cost:EUR": EntryId("t99")})
    said = problems(coded(an_item(currency="EUR"), settings=lost, software="Zoho Books"))
    assert said == ["the default tax for EUR is no longer in Zoho Books"]
    old = usual_lists(taxes=[an_entry("Old", id=EntryId("t99"), active=False)])
    said = problems(coded(an_item(currency="EUR"), settings=lost, lists=old, software="Zoho Books"))
    assert said == ["tax “Old” is no longer active in Zoho Books"]


def test_the_tax_of_the_currency_decides_between_two_of_a_rate() -> None:
    """S23 C16"""
    capital = an_entry("Capital Goods", id=EntryId("t20c"), percentage="20")
    settings = replace(PLAIN, tax_exceptions={"cost:EUR": capital.id})
    lists = usual_lists(taxes=[capital])
    found = coded(an_item(currency="EUR", tax="20%"), settings=settings, lists=lists).values[Field.TAX]
    assert (found.entry, found.why) == (capital, "document: 20%, the default for EUR of two")


SIDES = st.sampled_from(Side)
CURRENCIES = st.sampled_from(["GBP", "EUR", "USD"])
TAXES = st.sampled_from([T20, T0, T5])
EXCEPTIONS = st.dictionaries(st.builds(key, SIDES, CURRENCIES), TAXES)
SETTINGS = st.builds(
    lambda costs, sales, exceptions: BusinessSettings(
        default_tax_costs=costs, default_tax_sales=sales, tax_exceptions=exceptions
    ),
    st.none() | TAXES,
    st.none() | TAXES,
    EXCEPTIONS,
)
LISTS = usual_lists(currencies=[an_entry("USD")])


@given(SETTINGS, SIDES, CURRENCIES, st.none() | TAXES, st.none() | TAXES)
def test_hand_then_rule_then_currency_then_side(
    settings: BusinessSettings,
    side: Side,
    currency: str,
    by_hand: EntryId | None,
    ruled: EntryId | None,
) -> None:
    """S23 S24: and every tax that may decide is asked of the lists beforehand."""
    item = an_item(side=side, customer="Harbour Books", currency=currency, manual={Field.TAX: by_hand or ""})
    rule = SupplierRule("northwind paper", tax=ruled) if ruled else None
    own = settings.default_tax_costs if side is Side.COST else settings.default_tax_sales
    expected = by_hand or ruled or settings.tax_exceptions.get(f"{side}:{currency}") or own
    value = coded(item, rule=rule, settings=settings, lists=LISTS)
    assert (value.values[Field.TAX].entry or an_entry("", id=None)).id == expected
    asked = {text for _, text in wanted(item, rule, settings, GBP_ORGANISATION)}
    assert expected is None or expected in asked


@given(
    SETTINGS,
    st.builds(key, SIDES, CURRENCIES),
    st.none() | TAXES,
    st.lists(st.tuples(SIDES, CURRENCIES), max_size=12),
)
def test_what_an_exception_would_change_is_what_it_changes(
    settings: BusinessSettings, exception: str, tax: EntryId | None, waiting: list[tuple[Side, str]]
) -> None:
    """S18 S23: the number that is said beforehand is that of the items whose default is another one after."""
    after = excepted(settings, exception, tax)
    counts = {key(*one): waiting.count(one) for one in waiting}

    def of(known: BusinessSettings, one: tuple[Side, str]) -> EntryId | None:
        found = default_taxes.default_for(known, *one)
        return found.tax if found else None

    assert changed(settings, after, counts) == sum(of(settings, one) != of(after, one) for one in waiting)
    assert after.tax_exceptions.get(exception) == tax
    others = settings.tax_exceptions.keys() - {exception}
    assert all(after.tax_exceptions[one] == settings.tax_exceptions[one] for one in others)
    assert excepted(after, exception, settings.tax_exceptions.get(exception)) == settings
