"""When two ways of writing a tax number are one number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import tax_numbers

WRITTEN = [
    "GB980780684", "GB 980 7806 84", "980780684", "XI980780684", "NL8200.98.395.B.01", "BE697449992",
    "BE 0697.449.992", "EL094259216", "GR094259216", "FR 61 954 506 077", "27AAPFU0939F1ZV", "NO123456789MVA",
    "201/113/40209", "DE 123456789", "123456789", "XAXX010101000", "", "n/a", "000000000",
]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GB980780684", "gb 980-7806-84"),
        ("GB980780684", "980780684"),
        ("GB980780684", "XI980780684"),
        ("NL820098395B01", "NL8200.98.395.B.01"),
        ("BE697449992", "BE 0697.449.992"),
        ("EL094259216", "GR 094259216"),
        ("27AAPFU0939F1ZV", "27 AAPFU 0939 F1ZV"),
        ("DE 123456789", "DE123456789"),
    ],
)
def test_separators_case_and_country_do_not_make_another_number(one: str, other: str) -> None:
    """S21 C8: VAT id compared."""
    assert tax_numbers.same(one, other)
    assert tax_numbers.key(one) == tax_numbers.key(other)
    assert not tax_numbers.contradict(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GB980780684", "GB980780685"),
        ("DE123456789", "DK123456789"),
        ("DE123456789", "123456789"),  # the check digits do not agree: nine digits may be anybody's
        ("XAXX010101000", "XAXX010101000"),  # Mexico's number for the public
        ("", ""),
        ("n/a", "n/a"),
        ("000000000", "000000000"),
        ("GB1", "GB1"),
    ],
)
def test_what_may_be_two_companies_is_not_one_number(one: str, other: str) -> None:
    assert not tax_numbers.same(one, other)


def test_two_numbers_contradict_each_other_only_within_a_country() -> None:
    assert tax_numbers.contradict("DE123456789", "DE987654321")
    assert not tax_numbers.contradict("DE123456789", "FR61954506077")
    assert not tax_numbers.contradict("DE123456789", "")


@given(st.sampled_from(WRITTEN), st.sampled_from(WRITTEN))
def test_sameness_has_no_order_and_is_found_by_the_key(one: str, other: str) -> None:
    assert tax_numbers.same(one, other) == tax_numbers.same(other, one)
    assert tax_numbers.contradict(one, other) == tax_numbers.contradict(other, one)
    if tax_numbers.same(one, other):
        assert tax_numbers.key(one) == tax_numbers.key(other) != ""


@given(st.text(max_size=30))
def test_any_text_has_a_key_or_none(text: str) -> None:
    assert tax_numbers.key(text) in (
        "",
        tax_numbers.key(tax_numbers.key(text)),
        tax_numbers.key(text.upper()),
    )
    assert tax_numbers.same(text, text) == bool(tax_numbers.key(text))
