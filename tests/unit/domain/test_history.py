"""An item's history in words: what is one event, and what its thread tells."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.audit import LogEntry
from bot.domain.history import events, untold
from bot.domain.identity import BOT, PersonId
from tests.builders import ADA, BEN, NOON

ITEM = "item1"


def said(what: str, *, before: str = "", after: str = "", who: PersonId = ADA, minute: int = 0) -> LogEntry:
    return LogEntry(NOON + dt.timedelta(minutes=minute), who, what, ITEM, before, after)


@pytest.mark.parametrize(
    ("entry", "says", "in_thread"),
    [
        (said("item.publish_asked"), "asked to publish this item", False),
        (said("item.published", after="bill NW-1"), "published bill NW-1", False),
        (said("item.paid"), "booked the payment of this item", False),
        (
            said("item.payment_failed", after="It is closed."),
            "could not book the payment of this item: It is closed.",
            False,
        ),
        (said("item.rejected"), "rejected this item", False),
        (
            said("item.not_ready", after="no tax"),
            "could not publish this item, which is not ready: no tax",
            False,
        ),
        (
            said("item.goes_by_itself", after="all items"),
            "will publish this item by itself: all items",
            False,
        ),
        (
            said("item.auto_published", after="rule for Acme", who=BOT),
            "published this item by itself: rule for Acme",
            True,
        ),
        (said("item.kept_back"), "kept this item back from going by itself", True),
        (
            said("item.not_by_itself", after="it is above the limit of 100 GBP", who=BOT),
            "did not publish this item by itself: it is above the limit of 100 GBP",
            True,
        ),
        (said("item.publish_stopped", after="Locked."), "could not publish this item: Locked.", True),
        (said("item.held", after="Not connected.", who=BOT), "held this item: Not connected.", True),
        (said("item.went_on", who=BOT), "let this item go on", True),
        (said("item.restored"), "put back this item", True),
        (said("supplier.created", after="Acme"), "created the supplier Acme", True),
        (said("item.never_heard_of", after="x"), "item never heard of this item: none → x", True),
    ],
)  # fmt: skip
def test_an_entry_reads_as_a_sentence_and_is_told_where_the_card_does_not_say_it(
    entry: LogEntry, says: str, in_thread: bool
) -> None:
    """C12: an automatic decision says so in the item's thread."""
    (event,) = events([entry])
    assert (event.says, event.in_thread, event.who) == (says, in_thread, entry.who)


def test_what_was_changed_in_one_go_is_one_line_with_before_and_after() -> None:
    """C12."""
    entries = [
        said("item.edited.category", after="493 - Travel"),
        said("item.edited.due_date", before="2026-03-03", after=""),
        said("item.edited.total", before="£1.00", after="£2.00", minute=1),
        said("item.edited.total", before="£2.00", after="£3.00", minute=1, who=BEN),
    ]
    assert [(event.who, event.says) for event in events(entries)] == [
        (ADA, "changed category: none → 493 - Travel; due date: 2026-03-03 → none"),
        (ADA, "changed total: £1.00 → £2.00"),
        (BEN, "changed total: £2.00 → £3.00"),
    ]


@pytest.mark.parametrize("what", ["item.publish_stopped", "item.publish_failed"])
def test_asking_again_after_a_failure_is_told_and_the_first_time_is_not(what: str) -> None:
    """C15."""
    entries = [
        said("item.publish_asked"),
        said(what, after="Locked."),
        said("item.edited.date", before="2026-01-01", after="2026-03-03"),
        said("item.publish_asked", who=BEN),
        said("item.published", after="bill NW-1", who=BEN),
    ]
    told = [(event.who, event.says) for event in events(entries) if event.in_thread]
    assert told == [
        (ADA, "could not publish this item: Locked."),
        (ADA, "changed date: 2026-01-01 → 2026-03-03"),
        (BEN, "tried again to publish this item"),
    ]
    assert [event.says for event in untold(entries, 3)] == ["tried again to publish this item"]


def test_the_plain_way_leaves_the_thread_empty() -> None:
    entries = [said("item.added"), said("item.publish_asked"), said("item.published", after="bill NW-1")]
    assert untold(entries, 0) == []


WHAT = st.sampled_from(
    ["item.publish_asked", "item.publish_stopped", "item.published", "item.edited.total", "item.kept_back"]
)


@given(st.lists(WHAT, max_size=12), st.data())
def test_told_in_parts_is_told_once_and_in_order(whats: list[str], data: st.DataObject) -> None:
    """Whenever the thread is looked at in between, it has said the same in the end."""
    entries = [said(what, minute=minute) for minute, what in enumerate(whats)]
    stops = sorted(data.draw(st.lists(st.integers(0, len(entries)), max_size=4)))
    parts, told = [], 0
    for stop in [*stops, len(entries)]:
        parts += untold(entries[:stop], told)
        told = stop
    assert parts == [event for event in events(entries) if event.in_thread]
