"""How the log reads, what is found in it, and what no spreadsheet takes for a formula."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import audit
from bot.domain.audit import Chain, LogEntry, concerns, latest_managed, person_in, words
from bot.domain.cells import safe
from bot.domain.identity import PersonId
from tests.builders import ADA, NOON

ROOT = Path(__file__).parents[3]


def entry(what: str, about: str = "", before: str = "", after: str = "") -> LogEntry:
    return LogEntry(NOON, ADA, what, about, before, after)


@pytest.mark.parametrize(
    ("found", "about", "says"),
    [
        (entry("item.published", "i1", after="bill NW-1001"), "", "published bill NW-1001"),
        (entry("item.published", "i1", after="bill 7"), "Acme 7", "published bill 7 (Acme 7)"),
        (entry("item.rejected", "i1"), "Acme NW-1", "rejected Acme NW-1"),
        (entry("item.edited.due_date", "i1", "", "2026-01-02"), "",
         "changed the due date of i1: none → 2026-01-02"),
        (entry("settings.changed", "Channel", "none", "#x"), "", "changed Channel: none → #x"),
        (entry("roles.changed", "Admins", "U1", "U1 U2"), "", "changed who the Admins are: U1 → U1 U2"),
        (entry("refused.role", "publish items", "MEMBER", "APPROVER"), "",
         "was refused, not being an Approver: publish items"),
        (entry("connection.finished", "zoho-books", after="Held Out Ltd"), "", "connected Held Out Ltd"),
        (entry("lists.refresh_asked"), "", "asked to refresh the lists"),
        (entry("something.new", "x", "1", "2"), "", "something new x: 1 → 2"),
    ],
)  # fmt: skip
def test_an_entry_reads_as_a_sentence(found: LogEntry, about: str, says: str) -> None:
    """C12"""
    assert words(found, about) == says


def test_everything_that_is_logged_has_its_words() -> None:
    """C12: no entry shows as the bare name it is kept under."""
    source = "\n".join(path.read_text() for path in (ROOT / "bot").rglob("*.py"))
    logged = set(re.findall(r'LogEntry\([^"]*"([a-z]+\.[a-z_]+)"', source))
    assert {"item.published", "settings.changed", "items.imported", "refused.role"} <= logged
    known = {*audit._DONE, *audit._CHANGED}
    assert logged - known == set(), "give each its words in bot/domain/audit.py"


@pytest.mark.parametrize(
    ("word", "hit"),
    [
        ("", True), ("published", True), ("nw-1001", True), ("acme", True), ("<@UADA>", True), ("ada", True),
        ("@Ada", True), ("<@UADA|ada>", True), ("<@UBEN>", False), ("rejected", False),
    ],
)  # fmt: skip
def test_a_word_or_a_person_is_found(word: str, hit: bool) -> None:
    found = entry("item.published", "i1", after="bill NW-1001")
    assert concerns(found, word, {ADA: "Ada"}, "Acme Paper") is hit


def test_who_a_change_of_roles_is_about_is_found_too() -> None:
    found = LogEntry(NOON, ADA, "roles.changed", "Admins", "UADA", "UADA UBEN")
    assert concerns(found, "<@UBEN>")
    assert person_in("<@UBEN|ben>") == PersonId("UBEN")
    assert person_in("ben") is None


@given(st.text())
def test_no_cell_begins_a_formula(text: str) -> None:
    """C29"""
    cell = safe(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert cell in (text, f"'{text}")


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        (Chain(142, True), "142 entries, chain unbroken"),
        (Chain(1, True), "1 entry, chain unbroken"),
        (Chain(3, False, NOON),
         "3 entries, chain BROKEN at the entry of 05 Oct 2026, 12:00 UTC: the log was changed by hand"),
        (Chain(3, False), "3 entries, chain BROKEN at its end: the log was changed by hand"),
    ],
)  # fmt: skip
def test_the_chain_is_said_in_words(chain: Chain, says: str) -> None:
    """C12"""
    assert chain.words == says


@pytest.mark.parametrize(
    ("what", "found"),
    [
        ("item.auto_published", True),
        ("item.kept_back", True),
        ("item.not_by_itself", True),
        ("item.published", False),
    ],
)
def test_auto_finds_what_went_by_itself_and_what_did_not(what: str, found: bool) -> None:
    """S27: `/dext log auto`."""
    assert concerns(LogEntry(NOON, ADA, what, "item1", after="bill NW-1"), "auto") is found


def test_the_latest_of_each_thing_that_is_managed() -> None:
    """S16: beside what is managed stands what was done last."""
    said = [
        "item.published",
        "connection.broken",
        "lists.refreshed",
        "lists.refresh_asked",
        "connection.finished",
    ]
    entries = [LogEntry(NOON, ADA, what) for what in said]
    assert [entry.what for entry in latest_managed(entries)] == ["lists.refreshed", "connection.broken"]
    assert latest_managed([]) == []
