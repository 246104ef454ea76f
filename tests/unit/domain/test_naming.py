"""The list a person means by a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.lists import ListKind
from bot.domain.naming import ALSO, list_named

ALL = tuple(ListKind)


@pytest.mark.parametrize("kind", ALL)
def test_every_list_is_found_by_its_own_words(kind: ListKind) -> None:
    """S45: in any case, with or without the line below."""
    for said in (kind.words, kind.value, kind.words.upper(), f"  {kind.words} "):
        assert list_named(said, ALL) is kind


@pytest.mark.parametrize(("said", "kind"), sorted(ALSO.items()))
def test_other_usual_names_lead_there_too(said: str, kind: ListKind) -> None:
    """S45."""
    assert list_named(said, ALL) is kind
    assert list_named(said, [one for one in ALL if one is not kind]) is not kind


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("supplier", ListKind.SUPPLIERS),
        ("supliers", ListKind.SUPPLIERS),
        ("custommers", ListKind.CUSTOMERS),
        ("projcts", ListKind.PROJECTS),
        ("weather", None),
        ("", None),
        ("x", None),
    ],
)
def test_the_nearest_one_is_meant_or_none(said: str, kind: ListKind | None) -> None:
    """S45 C33."""
    assert list_named(said, ALL) is kind


@given(st.text(max_size=40), st.lists(st.sampled_from(ALL), unique=True))
def test_never_a_list_that_the_software_has_not(said: str, kinds: list[ListKind]) -> None:
    """S45."""
    assert list_named(said, kinds) in (None, *kinds)
