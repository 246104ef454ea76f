"""What happened to a record in the accounting software between two looks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.standing import RecordStanding, State, edits, news, since_left
from tests.builders import NOON

LEFT = RecordStanding(
    State.OPEN, "NW-1001", "2026-03-03", "144.00", "s1", "Northwind Paper Ltd", "144.00", "GBP", NOON
)
texts = st.sampled_from(["", "NW-1001", "NW-1002", " NW-1001 "])
amounts = st.sampled_from(["", "0", "44", "144", "144.00", "150.5"])
standings = st.builds(
    RecordStanding,
    state=st.sampled_from(list(State)),
    number=texts,
    date=st.sampled_from(["", "2026-03-03", "2026-03-04"]),
    total=amounts,
    party=st.sampled_from(["", "s1", "s2"]),
    party_name=texts,
    balance=amounts,
    currency=st.sampled_from(["", "GBP", "JPY"]),
)


def said(before: RecordStanding, now: RecordStanding) -> list[tuple[str, str]]:
    return [(one.what, one.says) for one in news(before, now)]


@pytest.mark.parametrize(
    ("was", "state", "what"),
    [
        (State.OPEN, State.PAID, "paid"),
        (State.PARTLY_PAID, State.PAID, "paid"),
        (State.OPEN, State.VOID, "void"),
        (State.PAID, State.VOID, "void"),
        (State.OPEN, State.DELETED, "deleted"),
        (State.VOID, State.DELETED, "deleted"),
        (State.VOID, State.OPEN, "restored"),
        (State.DRAFT, State.OPEN, "opened"),
        (State.OPEN, State.WAITING, "submitted"),
        (State.WAITING, State.OPEN, "approved"),
        (State.WAITING, State.APPROVED, "approved"),
        (State.WAITING, State.REJECTED, "rejected"),
        (State.REJECTED, State.OPEN, "approved"),
        (State.OPEN, State.DRAFT, "made_draft"),
        (State.PAID, State.OPEN, "payment_taken_back"),
        (State.PAID, State.PARTLY_PAID, "payment_taken_back"),
    ],
)
def test_each_step_has_its_word(was: State, state: State, what: str) -> None:
    """C13 C18"""
    assert said(replace(LEFT, state=was), replace(LEFT, state=state)) == [(what, "")]


@pytest.mark.parametrize(
    ("was", "state"),
    [(State.APPROVED, State.OPEN), (State.OPEN, State.APPROVED), (State.UNKNOWN, State.PAID)],
)
def test_steps_that_say_nothing(was: State, state: State) -> None:
    assert said(replace(LEFT, state=was), replace(LEFT, state=state)) == []


def test_a_part_that_is_paid_says_what_is_left_and_each_further_part_again() -> None:
    """C18"""
    first = replace(LEFT, state=State.PARTLY_PAID, balance="44.00")
    assert said(LEFT, first) == [("partly_paid", "£44.00 left")]
    assert said(first, first) == []
    assert said(first, replace(first, balance="4.00")) == [("partly_paid", "£4.00 left")]


def test_a_void_record_that_is_paid_again_has_both_steps() -> None:
    void = replace(LEFT, state=State.VOID)
    assert said(void, replace(LEFT, state=State.PAID)) == [("restored", ""), ("paid", "")]


def test_what_was_edited_is_said_with_before_and_after() -> None:
    """C18: total, supplier, date and number."""
    now = RecordStanding(
        State.OPEN, "NW-9", "2026-03-04", "150.0", "s2", "Acme Paper Ltd", "150.0", "GBP", NOON
    )
    assert said(LEFT, now) == [
        (
            "changed",
            "number: NW-1001 → NW-9; date: 2026-03-03 → 2026-03-04; total: £144.00 → £150.00; "
            "supplier: Northwind Paper Ltd → Acme Paper Ltd",
        )
    ]
    assert since_left(LEFT, now).edits == edits(LEFT, now)


def test_what_is_the_same_to_a_person_or_not_said_is_no_edit() -> None:
    now = RecordStanding(State.OPEN, " NW-1001  ", "", "144", "s1", "Renamed Ltd", currency="GBP")
    assert edits(LEFT, now) == ()


def test_a_void_record_has_no_other_news() -> None:
    assert said(LEFT, replace(LEFT, state=State.VOID, total="0")) == [("void", "")]


@given(standings)
def test_a_look_that_finds_what_the_last_one_found_tells_nothing(standing: RecordStanding) -> None:
    """C13: whatever else moved its time: a comment, a file of ours."""
    later = replace(standing, changed_at=NOON + dt.timedelta(days=1))
    assert news(standing, later) == ()


@given(standings, standings)
def test_news_are_told_once_and_edits_taken_back_are_none(left: RecordStanding, now: RecordStanding) -> None:
    told = news(left, now)
    assert len({one.what for one in told}) == len(told)
    assert news(now, now) == ()
    assert since_left(left, left).edits == ()
    if now.state is left.state is not State.PARTLY_PAID and not edits(left, now):
        assert told == ()
