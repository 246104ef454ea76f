"""When two names are one supplier, and which come close."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import suppliers
from bot.domain.identity import EntryId

KNOWN = [
    (EntryId(str(place)), name)
    for place, name in enumerate(
        ["Northwind Paper Ltd", "Paper Northwind", "Kestrel Taxis", "Northwind Papers GmbH", "City Agency"]
    )
]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Northwind Paper Ltd", "Northwind Paper Limited"),
        ("Northwind Paper Ltd", "NORTHWIND  PAPER"),
        ("Northwind Paper Ltd", "Northwind Paper, LTD."),
        ("Atelier Lumière SARL", "atelier lumiere"),
        ("Copper & Pine, Inc.", "Copper and Pine Incorporated"),
        ("PT Samudra Jaya", "Samudra Jaya"),
        ("Beauty S.p.A.", "Beauty SPA"),
        ("Bar S.L.", "Bar S.L.U."),
        ("Acme GmbH & Co. KG", "ACME gmbh & co kg"),
        ("Toyota Co., Ltd.", "Toyota Limited"),
    ],
)
def test_case_accents_punctuation_and_legal_form_do_not_make_another_supplier(name: str, other: str) -> None:
    """S21: a differently cased name counts as known."""
    assert suppliers.key(name) == suppliers.key(other)
    assert suppliers.agree(name, other)


@pytest.mark.parametrize(
    ("name", "other"),
    [("The Co-op", "The"), ("Smith & Co", "Smith"), ("AB Foods", "Foods"), ("Hosting UK", "Hosting"),
     ("Twins 6", "Twins 5"), ("Inc", "Ltd")],
)  # fmt: skip
def test_words_that_only_look_like_a_legal_form_stay(name: str, other: str) -> None:
    assert suppliers.key(name) != suppliers.key(other)


def test_two_legal_forms_are_two_companies() -> None:
    assert suppliers.key("Acme Ltd") == suppliers.key("Acme GmbH")
    assert not suppliers.agree("Acme Ltd", "Acme GmbH")
    assert suppliers.agree("Acme", "Acme GmbH")


@pytest.mark.parametrize(
    ("name", "other", "same"),
    [
        ("Acme", "acme GmbH", True),
        ("张伟", "章伟", False),
        ("株式会社山田", "株式会社山田", True),
        ("李记 Trading Ltd", "李记 TRADING LIMITED", True),
        ("Zhangwei", "张伟", False),
    ],
)
def test_names_that_only_sound_alike_are_two_suppliers(name: str, other: str, same: bool) -> None:
    """S21: a name in characters is known by its characters; many of them share one sound."""
    assert suppliers.key(name) == suppliers.key(other)
    assert suppliers.agree(name, other) is same
    assert suppliers.agree(other, name) is same


@pytest.mark.parametrize(
    ("level", "name", "other"),
    [
        ("strict", "Sainsbury", "Sainsburys"),
        ("close", "Fine Food Ltd", "Fine Foods Limited"),
        ("similar", "Twins 6", "Twins 5"),
        ("rough", "Smart Agency", "City Agency"),
    ],
)
def test_dexts_levels_of_similarity_are_offered_and_never_taken_for_one(
    level: str, name: str, other: str
) -> None:
    """S21: a close name is a question to a person; only one that differs in its form is known."""
    assert suppliers.key(name) != suppliers.key(other), level
    assert [one.name for one in suppliers.closest(name, [(EntryId("1"), other)])] == [other]


def test_the_closer_level_has_the_higher_score() -> None:
    """S21: closest names first."""
    pairs = [("Sainsbury", "Sainsburys"), ("Twins 6", "Twins 5"), ("Smart Agency", "City Agency")]
    scores = [suppliers.closest(name, [(EntryId("1"), other)])[0].score for name, other in pairs]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)


def test_a_name_that_shares_no_word_is_offered_for_its_spelling() -> None:
    assert suppliers.closest("Nortwynd", [(EntryId("1"), "Northwind")])[0].reason == "two letters differ"
    assert suppliers.closest("Nortwyndy", [(EntryId("1"), "Northwind")])[0].reason == "similar spelling"


@given(st.text(max_size=40) | st.sampled_from([name for _, name in KNOWN]))
def test_the_key_of_a_key_is_itself(name: str) -> None:
    assert suppliers.key(suppliers.key(name)) == suppliers.key(name)


@given(st.lists(st.sampled_from(["acme", "and", "co", "ltd", "pt", "gmbh", "s", "l", "kg"]), max_size=6))
def test_the_key_of_a_key_is_itself_among_legal_forms(words: list[str]) -> None:
    name = " ".join(words)
    assert suppliers.key(suppliers.key(name)) == suppliers.key(name)
    assert bool(suppliers.key(name)) == bool(words)


@pytest.mark.parametrize(
    ("name", "first", "reason"),
    [
        ("Northwind Papers Ltd", "Northwind Papers GmbH", "same but for the legal form"),
        ("Taxis Kestrel", "Kestrel Taxis", "same words, other order"),
        ("Kestrel Taxi", "Kestrel Taxis", "one letter differs"),
        ("Kestral Taxi", "Kestrel Taxis", "two letters differ"),
        ("Kestreltaxis", "Kestrel Taxis", "same but for spaces"),
        ("Smart Agency", "City Agency", "shares “agency”"),
    ],
)
def test_the_closest_supplier_comes_first_with_its_reason(name: str, first: str, reason: str) -> None:
    """S21: closest names first."""
    alike = suppliers.closest(name, KNOWN)
    assert (alike[0].name, alike[0].reason) == (first, reason)
    assert [one.score for one in alike] == sorted((one.score for one in alike), reverse=True)
    assert all(0 <= one.score <= 100 for one in alike)


def test_what_is_like_nothing_has_no_closest() -> None:
    assert suppliers.closest("Zzyzx", KNOWN) == []
    assert suppliers.closest("!!!", KNOWN) == []
    assert suppliers.closest("Kestrel Taxis", []) == []


def test_no_more_are_offered_than_asked_for() -> None:
    assert len(suppliers.closest("Northwind", KNOWN * 20, limit=3)) == 3
