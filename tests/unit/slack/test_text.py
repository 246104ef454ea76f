"""Texts on their way to Slack."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.identity import BOT
from bot.slack import text
from bot.slack.limits import cut, cut_markup

ANY = st.text(st.characters(exclude_categories=["Cs"]))


@given(ANY)
def test_escaped_text_holds_no_angle_bracket_and_reads_as_before(outside: str) -> None:
    safe = text.escape(outside)
    assert "<" not in safe
    assert ">" not in safe
    visible = "".join(
        letter
        for letter in outside
        if letter not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
    )
    assert safe.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == visible


@given(ANY, st.integers(5, 60))
def test_cut_markup_keeps_the_limit_and_no_half_of_an_escape_or_mention(outside: str, longest: int) -> None:
    kept = cut_markup(f"{text.escape(outside)}<@UADA> &amp; <!date^1^{{time}}|noon>", longest)
    assert len(kept) <= longest
    assert kept.count("<") == kept.count(">")
    for piece in kept.rstrip("…").split("&")[1:]:
        assert piece.split(";")[0] in {"lt", "gt", "amp"}


def test_a_text_that_fits_is_not_touched() -> None:
    assert cut("12345", 5) == "12345"
    assert cut("123456", 5) == "1234…"


@pytest.mark.parametrize(
    ("people", "expected"),
    [(["UA"], "<@UA>"), (["UA", "UB"], "<@UA> and <@UB>"), (["UA", "UB", "UC"], "<@UA>, <@UB> and <@UC>")],
)
def test_people_are_named_as_one_writes_it(people: list[str], expected: str) -> None:
    assert text.mentions(people) == expected


def test_the_clock_is_named_in_words() -> None:
    assert text.mention(BOT) == "the clock"


def test_a_moment_is_shown_in_the_readers_own_zone_with_utc_to_fall_back_on() -> None:
    at = dt.datetime(2026, 10, 5, 14, 2, tzinfo=dt.UTC)
    assert text.moment(at, "{time}") == "<!date^1791208920^{time}|05 Oct 2026 14:02 UTC>"


@pytest.mark.parametrize(
    "address", ["", "javascript:alert(1)", "https://x.example/a|b", "https://x.example/>"]
)
def test_an_address_that_is_none_becomes_no_link(address: str) -> None:
    assert text.link(address, "View") == ""
    assert text.link("https://x.example/?a=1&b=2", "View") == "<https://x.example/?a=1&amp;b=2|View>"
