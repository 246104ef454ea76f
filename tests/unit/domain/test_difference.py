"""What a refresh changed, whatever was known before and whatever came."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.comparison import NAMED
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, ListKind, Refresh
from tests.builders import ADA, NOON, an_entry, compared

ENTRIES = st.lists(
    st.builds(
        lambda number, name, active: Entry(EntryId(str(number)), name, active=active),
        st.integers(0, 7),
        st.sampled_from(["A", "B", "C"]),
        st.booleans(),
    ),
    unique_by=lambda entry: entry.id,
).map(lambda entries: {entry.id: entry for entry in entries})


@given(ENTRIES, ENTRIES)
def test_nothing_that_was_known_is_ever_lost(before: dict[EntryId, Entry], now: dict[EntryId, Entry]) -> None:
    """S40, S41: no data is lost by a refresh; what is gone stays, inactive."""
    _, entries = compared(ListKind.TAXES, before, now.values())
    after = {entry.id: entry for entry in entries}
    assert len(after) == len(entries)
    assert after == {
        identity: now.get(identity) or replace(before[identity], active=False) for identity in before | now
    }


@given(ENTRIES, ENTRIES)
def test_the_counts_are_of_what_people_can_pick(
    before: dict[EntryId, Entry], now: dict[EntryId, Entry]
) -> None:
    """S40."""
    change, _ = compared(ListKind.TAXES, before, now.values())
    was = {entry.id for entry in before.values() if entry.active}
    here = {entry.id for entry in now.values() if entry.active}
    assert change.total == len(here)
    assert change.added == (len(here - set(before)) if before else 0)
    assert change.vanished_count == len(was - here)
    assert change.renamed_count == sum(
        now[key].name != before[key].name for key in before.keys() & now.keys()
    )


@given(ENTRIES)
def test_a_refresh_that_brings_the_same_changes_nothing(known: dict[EntryId, Entry]) -> None:
    """S40."""
    change, entries = compared(ListKind.TAXES, known, known.values())
    assert (change.added, change.renamed, change.vanished) == (0, (), ())
    assert (change.renamed_count, change.vanished_count) == (0, 0)
    assert {entry.id: entry for entry in entries} == known


@given(ENTRIES, ENTRIES)
def test_what_comes_back_is_active_again(before: dict[EntryId, Entry], now: dict[EntryId, Entry]) -> None:
    """S41."""
    _, gone = compared(ListKind.TAXES, before, [])
    assert not any(entry.active for entry in gone)
    _, back = compared(ListKind.TAXES, {entry.id: entry for entry in gone}, now.values())
    assert [entry for entry in back if entry.active] == [entry for entry in now.values() if entry.active]


def test_a_report_names_a_handful_and_counts_them_all() -> None:
    """S40."""
    before = {entry.id: entry for entry in (an_entry(f"E{number}") for number in range(20))}
    now = [replace(entry, name=f"{entry.name}!") for entry in list(before.values())[:9]]
    change, _ = compared(ListKind.SUPPLIERS, before, now)
    assert (len(change.renamed), change.renamed_count) == (NAMED, 9)
    assert (len(change.vanished), change.vanished_count) == (NAMED, 11)


def test_a_refresh_has_lasted_nothing_until_it_ends() -> None:
    refresh = Refresh("r1", ADA, NOON)
    assert refresh.seconds == 0
    assert replace(refresh, finished_at=NOON + timedelta(seconds=4.2)).seconds == 4.2


def test_lists_are_named_as_people_read_them() -> None:
    assert ListKind.BANK_ACCOUNTS.words == "bank accounts"
