"""The words an item is found by."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain import searching
from bot.domain.items import Field, Side
from tests.builders import an_item, published


@pytest.mark.parametrize(
    ("changes", "typed"),
    [
        ({}, "northwind"),
        ({}, "NW-1001"),
        ({"document_number": "2026/0042"}, "2026-42"),
        ({"supplier": "Café Ægir & Söhne GmbH"}, "cafe aegir sohne"),
        ({"supplier": "A", "supplier_legal_name": "Harbour Books Limited"}, "harbour"),
        ({"side": Side.SALE, "customer": "Harbour Books"}, "harbour books"),
        ({"manual": {Field.SUPPLIER: "new:Kestrel Taxis"}}, "kestrel"),
        ({"manual": {Field.DOCUMENT_NUMBER: "K 7"}}, "k7"),
        ({"total": "1234.50"}, "1234.50"),
        ({"published": published(number="BILL-77")}, "bill-77"),
    ],
)
def test_an_item_is_found_by_what_people_know_of_it(changes: dict[str, Any], typed: str) -> None:
    """C1"""
    words = searching.words(an_item(**changes))
    asked = searching.typed(typed)
    assert asked
    found = [any(word.startswith(begin) for word in words) for begin in asked]
    assert all(found) or searching.whole(typed) in words


def test_an_entry_that_was_chosen_is_a_word_of_its_own() -> None:
    """C1: no name can be typed that is one."""
    words = searching.words(an_item(manual={Field.SUPPLIER: "s2"}))
    assert searching.entry_word("s2") in words
    assert all(searching.entry_word("s2") != word for word in searching.typed("=s2 s2"))
