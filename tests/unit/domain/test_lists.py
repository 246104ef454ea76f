"""Finding entries by what people write, and what a refresh changed."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.finding import index_keys, lookup_keys
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, ListKind, fold
from tests.builders import (
    NORTHWIND,
    OFFICE_SUPPLIES,
    STANDARD_RATE,
    an_entry,
    compared,
    lists_of,
    usual_lists,
)

NAMES = st.text(min_size=1, max_size=20).filter(lambda text: bool(fold(text)))


@pytest.mark.parametrize(
    "text",
    ["c429", "429", "Office Supplies", "office  SUPPLIES", "429 - Office Supplies", "429 Office Supplies"],
)
def test_a_category_is_found_by_id_code_name_or_both(text: str) -> None:
    assert usual_lists().find(ListKind.CATEGORIES, text) == OFFICE_SUPPLIES


@pytest.mark.parametrize("text", ["429 - Office Supplies", "429: Office Supplies", "429 – office supplies"])
def test_a_code_before_the_name_does_not_hide_a_category_without_code(text: str) -> None:
    plain = replace(OFFICE_SUPPLIES, code="")
    assert lists_of(categories=[plain]).find(ListKind.CATEGORIES, text) == plain


@pytest.mark.parametrize(("text", "name"), [("Pre-Press", "Press"), ("Travel - Taxis", "Taxis"), ("", "x")])
def test_half_a_name_is_not_the_name(text: str, name: str) -> None:
    assert lists_of(categories=[an_entry(name)]).find(ListKind.CATEGORIES, text) is None


def test_a_tax_is_found_by_its_name_and_by_its_label() -> None:
    lists = usual_lists()
    assert lists.find(ListKind.TAXES, "standard rate") == STANDARD_RATE
    assert lists.find(ListKind.TAXES, "20.00 %") == STANDARD_RATE
    assert lists.find(ListKind.TAXES, "20") is None
    assert lists.find(ListKind.TAXES, "Standard Rate 20%") == STANDARD_RATE


@pytest.mark.parametrize("text", ["NORTHWIND PAPER LTD", "Northwind Paper Limited", "Northwind  Paper"])
def test_a_supplier_is_known_whatever_case_and_legal_form(text: str) -> None:
    """S21."""
    assert usual_lists().find(ListKind.SUPPLIERS, text) == NORTHWIND


def test_a_supplier_of_another_legal_form_is_not_the_supplier() -> None:
    assert usual_lists().find(ListKind.SUPPLIERS, "Northwind Paper GmbH") is None


def test_a_supplier_is_known_by_its_other_names() -> None:
    entry = an_entry("Ada Okafor", also_known_as=("Okafor Print Ltd",))
    assert lists_of(suppliers=[entry]).find(ListKind.SUPPLIERS, "OKAFOR PRINT") == entry


def test_an_active_entry_comes_before_an_inactive_one() -> None:
    gone = an_entry("Acme", id=EntryId("1"), active=False)
    here = an_entry("Acme", id=EntryId("2"))
    assert lists_of(suppliers=[gone, here]).find(ListKind.SUPPLIERS, "acme") == here
    assert lists_of(suppliers=[gone]).find(ListKind.SUPPLIERS, "acme") == gone


def test_two_active_entries_that_fit_equally_are_no_answer() -> None:
    twins = [an_entry("Acme", id=EntryId(place)) for place in "12"]
    assert lists_of(suppliers=twins).find(ListKind.SUPPLIERS, "acme") is None
    assert lists_of(suppliers=twins).find(ListKind.SUPPLIERS, "1") == twins[0]


def test_the_exact_name_wins_over_one_that_only_comes_close() -> None:
    limited = an_entry("Acme Limited", id=EntryId("1"))
    plain = an_entry("Acme", id=EntryId("2"))
    assert lists_of(suppliers=[limited, plain]).find(ListKind.SUPPLIERS, "acme") == plain


@given(NAMES, st.sampled_from(["", "429"]), st.sampled_from(list(ListKind)))
def test_what_an_entry_is_called_leads_back_to_it(name: str, code: str, kind: ListKind) -> None:
    entry = Entry(EntryId("1"), name, code)
    lists = lists_of(**{kind.value: [entry]})
    texts = [name, name.upper(), f"  {name} ", entry.label, str(entry.id), *([code] if code else [])]
    for text in texts:
        if fold(text) in {fold(name), fold(entry.label), fold(code), "1"}:
            assert set(lookup_keys(kind, text)) & index_keys(kind, entry)
            assert lists.find(kind, text) == entry


def test_a_refresh_tells_what_was_added_renamed_and_vanished() -> None:
    """S40, S41: what vanished is kept, inactive."""
    before = {entry.id: entry for entry in (an_entry("A"), an_entry("B"), an_entry("C"))}
    now = [
        replace(before[EntryId("id-A")], name="A2"),
        replace(before[EntryId("id-B")], active=False),
        an_entry("D"),
    ]
    change, entries = compared(ListKind.TAXES, before, now)
    assert (change.total, change.added, change.renamed, change.vanished) == (2, 1, (("A", "A2"),), ("B", "C"))
    assert {entry.id: entry.active for entry in entries} == {
        "id-A": True, "id-B": False, "id-C": False, "id-D": True,
    }  # fmt: skip


def test_the_first_refresh_adds_nothing_it_is_all_new() -> None:
    change, entries = compared(ListKind.TAXES, {}, [an_entry("A")])
    assert (change.total, change.added, len(entries)) == (1, 0, 1)


def test_a_tax_is_found_by_its_rate_where_only_one_has_it() -> None:
    """S23 C28: an e-invoice names no tax, only its rate; a tax that is called so goes before."""
    eu, home = an_entry("EU goods", percentage="20"), an_entry("Standard", percentage="20")
    called_so = an_entry("20%", percentage="20")
    old = an_entry("Old", percentage="20", active=False)
    assert lists_of(taxes=[home, old]).find(ListKind.TAXES, "20%") == home
    assert lists_of(taxes=[home, eu]).find(ListKind.TAXES, "20%") is None
    assert lists_of(taxes=[home, eu, called_so]).find(ListKind.TAXES, "20%") == called_so
    assert lists_of(taxes=[an_entry("Odd", percentage="17.5")]).find(ListKind.TAXES, "17.50%") is not None
    assert lists_of(categories=[an_entry("x", percentage="20")]).find(ListKind.CATEGORIES, "20%") is None
