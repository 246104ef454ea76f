"""Which receipts belong to which claim: found only where there is one answer."""

from __future__ import annotations

import itertools
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.claim_matching import matched, split
from bot.domain.identity import ItemId
from bot.domain.items import DocumentType, ItemStage
from tests.builders import ADA
from tests.unit.domain.test_claims import a_claim, a_receipt

AMOUNTS = st.decimals(min_value=-30, max_value=30, places=2).filter(bool)
POSITIVE = st.decimals(min_value="0.01", max_value=30, places=2)


def every_way(claims: list[Decimal], receipts: list[Decimal]) -> list[tuple[int, ...]]:
    """By trying all."""
    return [
        dealt
        for dealt in itertools.product(range(len(claims)), repeat=len(receipts))
        if all(
            sum((amount for amount, to in zip(receipts, dealt, strict=True) if to == place), Decimal(0))
            == total
            for place, total in enumerate(claims)
        )
    ]


@given(st.lists(POSITIVE | AMOUNTS, min_size=1, max_size=6), st.data())
@settings(max_examples=200)
def test_a_split_is_the_only_one_there_is(receipts: list[Decimal], data: st.DataObject) -> None:
    """C25: sound and complete, beside trying every way; claims that the receipts do make, or nearly."""
    number = data.draw(st.integers(1, 3))
    to = data.draw(st.lists(st.integers(0, number - 1), min_size=len(receipts), max_size=len(receipts)))
    claims = [
        sum((amount for amount, one in zip(receipts, to, strict=True) if one == place), Decimal(0))
        for place in range(number)
    ]
    claims[0] += data.draw(st.sampled_from([Decimal(0), Decimal(0), Decimal("0.01")]))
    ways = every_way(claims, receipts)
    assert split(claims, receipts) == (list(ways[0]) if len(ways) == 1 else None)


@pytest.mark.parametrize(
    ("claims", "receipts", "dealt"),
    [
        (["36.80"], ["18.40", "18.40"], [0, 0]),
        (["36.81"], ["18.40", "18.40"], None),  # not to the cent
        (["30", "12"], ["12", "10", "20"], [1, 0, 0]),
        (["30", "30"], ["10", "20", "30"], None),  # either claim may have either
        (["10", "10"], ["10", "10"], None),
        (["15", "5"], ["10", "5", "5"], None),  # which of the two fives
        (["8", "20"], ["10", "-2", "20"], [0, 0, 1]),  # a refund
        (["5"], [], None),
        ([], ["5"], None),
    ],
)
def test_some_splits(claims: list[str], receipts: list[str], dealt: list[int] | None) -> None:
    """C25."""
    assert split([Decimal(one) for one in claims], [Decimal(one) for one in receipts]) == dealt


def test_the_search_is_bounded_and_then_nothing_is_guessed() -> None:
    """C25: a hundred receipts and eight claims with one hidden answer among very many."""
    receipts = [Decimal(100 + place) + Decimal(place % 7) / 100 for place in range(100)]
    claims = [sum(receipts[place::8], Decimal(0)) for place in range(8)]
    begun = time.perf_counter()
    assert split(claims, receipts) is None
    assert time.perf_counter() - begun < 10


# --- items


def claimed(item: str, total: str | None, **changes: Any) -> Any:
    return a_receipt(item, total=total, claimed=True, **changes)


def test_receipts_of_one_person_that_make_the_claim_are_its_lines() -> None:
    """C25: spelling of the person aside; other people's, unclaimed and taken ones are not looked at."""
    items = [
        a_claim(total="36.80", supplier="ADA  Okafor"),
        claimed("r1", "18.40"),
        claimed("r2", "18.40", submitted_by="ada okafor"),
        claimed("r3", "5.00", submitted_by="Ben Li"),
        a_receipt("r4", total="7.00"),
        claimed("r5", "9.00", stage=ItemStage.IN_CLAIM, claim=ItemId("other")),
        claimed("r6", "9.00", alone=ADA),
    ]
    assert matched(items, "GBP") == {"claim": ["r1", "r2"]}


def test_a_sum_that_does_not_agree_is_for_a_person() -> None:
    """C25."""
    assert matched([a_claim(total="20.00"), claimed("r1", "18.40")], "GBP") == {}
    assert matched([a_claim(total="18.40"), claimed("r1", "18.40"), claimed("r2", None)], "GBP") == {}
    assert matched([a_claim(), claimed("r1", "18.40")], "GBP") == {}


def test_two_claims_are_dealt_out_where_there_is_one_way() -> None:
    """C25."""
    items = [a_claim("c1", total="30.00"), a_claim("c2", total="12.00"), claimed("r1", "12.00")]
    more = [claimed("r2", "10.00"), claimed("r3", "20.00")]
    assert matched([*items, *more], "GBP") == {"c1": ["r2", "r3"], "c2": ["r1"]}
    assert matched([*items, claimed("r2", "18.00"), claimed("r3", "12.00")], "GBP") == {}


def test_another_currency_counts_with_what_the_file_says_it_is() -> None:
    """C25 C19: and a refund is taken off."""
    foreign = claimed("r1", "20.00", currency="EUR", base_currency="GBP", base_total="17.09")
    refund = claimed("r2", "2.09", type=DocumentType.CREDIT_NOTE)
    assert matched([a_claim(total="15.00"), foreign, refund], "GBP") == {"claim": ["r1", "r2"]}
    untold = claimed("r1", "20.00", currency="EUR")
    assert matched([a_claim(total="20.00"), untold], "GBP") == {}
