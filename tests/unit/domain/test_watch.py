"""Looks at the books: where each begins and goes on, what counts as ours, as entered, as the same."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import duplicates, watch
from bot.domain.identity import ItemId, is_in_books
from bot.domain.items import DocumentType, ItemStage, PublishAs, Side
from bot.domain.publication import Booked, Paid, Publication, Record, Step, record_key, references_in
from bot.domain.standing import RecordStanding, State
from bot.domain.watch import BooksRecord, Look, Part, Sheet
from tests.builders import ADA, NOON, an_item, published, usual_lists

DAY = dt.timedelta(days=1)
STANDING = RecordStanding(
    State.OPEN, "NW-1001", "2026-03-03", "144.00", "s1", "Northwind Paper Ltd", "144.00", "GBP", NOON
)


def a_record(**changes: Any) -> BooksRecord:
    standing = replace(STANDING, **changes.pop("standing", {}))
    values: dict[str, Any] = {
        "kind": PublishAs.BILL,
        "record_id": "9001",
        "link": "https://books.example/9001",
    }
    return BooksRecord(**values | {"standing": standing, "made_at": NOON} | changes)


def a_publication(**changes: Any) -> Publication:
    record = Record(
        PublishAs.BILL,
        "DXT-1",
        expects={"supplier": "s1", "number": "NW-1001", "date": "2026-03-03", "total": "144.00"},
        names={"s1": "Northwind Paper Ltd"},
    )
    booked = Booked(PublishAs.BILL, "7001", "NW-1001", "https://books.example/7001")
    return replace(
        Publication("DXT-1", ItemId("item1"), ADA, NOON, Step.RECORDED, record=record, booked=booked),
        **changes,
    )


# --- looks


def test_the_first_look_reads_nothing_from_before_the_connection() -> None:
    """C13"""
    assert watch.begun(None, "60001", NOON, NOON + DAY).since == NOON
    other = Look("60001", NOON - DAY, NOON - DAY, finished_at=NOON)
    assert watch.begun(other, "60002", NOON, NOON + DAY).since == NOON


def test_a_look_begins_where_the_last_one_began_or_goes_on_where_it_stood() -> None:
    """C13"""
    cut = Look("60001", NOON - DAY, NOON, step=2, page=3)
    assert watch.begun(cut, "60001", NOON - DAY, NOON + DAY) is cut
    over = replace(cut, finished_at=NOON + dt.timedelta(minutes=5))
    assert watch.begun(over, "60001", NOON - DAY, NOON + DAY) == Look(
        "60001", NOON - watch.OVERLAP, NOON + DAY
    )
    assert watch.begun(over, "60001", NOON - DAY, NOON + 90 * DAY).since == NOON + 60 * DAY


@given(st.lists(st.booleans(), max_size=30))
def test_a_look_reads_each_page_of_each_step_once_and_ends(more: list[bool]) -> None:
    steps = watch.steps((PublishAs.BILL, PublishAs.INVOICE), (PublishAs.EXPENSE,))
    look, seen = Look("60001", NOON, NOON), []
    for has_more in [*more, *[False] * len(steps)]:
        if look.step < len(steps):
            seen.append((look.step, look.page))
            look = look.then(has_more=has_more)
    assert len(seen) == len(set(seen))
    assert seen == sorted(seen)
    assert look.step == len(steps)


def test_what_changed_is_read_before_the_newest() -> None:
    assert watch.steps((PublishAs.BILL,), (PublishAs.EXPENSE,)) == [
        (Part.CHANGED, PublishAs.BILL),
        (Part.NEWEST, PublishAs.EXPENSE),
        (Part.NEWEST, PublishAs.BILL),
    ]


@pytest.mark.parametrize(("hour", "at"), [(8, 7), (0, 23), (None, 6)])
def test_a_look_is_due_in_the_hour_before_the_digest(hour: int | None, at: int) -> None:
    """C27"""
    due = watch.next_look(hour, "Europe/London", NOON, dt.timedelta(minutes=20))
    assert due is not None
    assert (due.hour, due.minute) == ((at - 1) % 24, 20), "British summer time"


# --- ours


def test_how_we_left_a_record_is_what_was_read_back_else_what_was_sent() -> None:
    """C18"""
    found = watch.left(a_publication())
    assert (found.state, found.number, found.total, found.party) == (State.OPEN, "NW-1001", "144.00", "s1")
    assert found.party_name == "Northwind Paper Ltd"
    rounded = replace(a_publication().booked, read_back={"total": "144.01"})  # type: ignore[type-var]
    assert watch.left(a_publication(booked=rounded)).total == "144.01"
    draft = replace(a_publication().booked, is_draft=True)  # type: ignore[type-var]
    assert watch.left(a_publication(booked=draft)).state is State.DRAFT


def test_our_own_payment_is_no_news() -> None:
    """C18: what the bot itself did is not flagged."""
    paid = a_publication(paid=Paid("8001", "144.00"))
    assert watch.left(paid).state is State.PAID
    assert watch.compared(paid, a_record(standing={"state": State.PAID})).edits == ()


def test_edits_are_told_beside_how_we_left_it() -> None:
    """C18"""
    now = watch.compared(a_publication(), a_record(standing={"total": "150"}))
    assert now.edits == ("total: £144.00 → £150.00",)
    sale = a_record(kind=PublishAs.INVOICE, standing={"party": "k2", "party_name": "Quayside"})
    assert watch.compared(a_publication(), sale).edits == ("customer: Northwind Paper Ltd → Quayside",)


def test_a_record_that_should_be_among_the_newest_and_is_not_is_looked_for() -> None:
    """C18: deleted ones leave no trace."""
    here = an_item(id=ItemId("i1"), published=published(record_id="1"))
    gone = an_item(id=ItemId("i2"), published=published(record_id="2"))
    other = an_item(id=ItemId("i3"), published=published(record_id="3", kind=PublishAs.EXPENSE))
    known = an_item(
        id=ItemId("i4"), published=published(record_id="4", standing=RecordStanding(State.DELETED))
    )
    paid = an_item(id=ItemId("i5"), published=published(record_id="5", kind=PublishAs.BILL_WITH_PAYMENT))
    items = [here, gone, other, known, paid]
    sheet = Sheet([a_record(record_id="1")], whole_since=NOON - DAY)
    assert watch.missing(items, PublishAs.BILL, sheet) == [gone, paid]
    assert watch.missing(items, PublishAs.BILL, replace(sheet, whole_since=NOON)) == []
    assert watch.missing(items, PublishAs.BILL, replace(sheet, whole_since=None)) == ()


def test_our_reference_is_found_beside_a_number() -> None:
    assert references_in("NW-1001 / DXT-ABC") == ("DXT-ABC",)
    assert references_in("") == ()
    assert record_key(PublishAs.BILL_WITH_PAYMENT, "7") == record_key(PublishAs.BILL, "7") == "bill:7"


# --- others'


@pytest.mark.parametrize(
    ("kind", "side", "document"),
    [
        (PublishAs.BILL, Side.COST, DocumentType.INVOICE),
        (PublishAs.EXPENSE, Side.COST, DocumentType.RECEIPT),
        (PublishAs.VENDOR_CREDIT, Side.COST, DocumentType.CREDIT_NOTE),
        (PublishAs.INVOICE, Side.SALE, DocumentType.INVOICE),
        (PublishAs.CREDIT_NOTE, Side.SALE, DocumentType.CREDIT_NOTE),
        (PublishAs.SALES_RECEIPT, Side.SALE, DocumentType.RECEIPT),
    ],
)
def test_a_record_that_we_did_not_make_is_compared_as_what_it_was_made_of(
    kind: PublishAs, side: Side, document: DocumentType
) -> None:
    """C13"""
    item = watch.as_item("60001", a_record(kind=kind), NOON)
    assert (item.document.side, item.document.type) == (side, document)
    assert is_in_books(item.id, "60001")
    assert not is_in_books(item.id, "6000")
    assert not is_in_books(ItemId("item1"))


def suspect(**standing: str) -> duplicates.Suspect | None:
    """What a waiting NW-1001 over 144.00 of 3 March finds in the books."""
    record = watch.as_item("60001", a_record(standing=standing), NOON)
    item = an_item()
    terms = duplicates.looked_for(item) & duplicates.terms(record)
    assert bool(terms) == bool(duplicates.looked_for(record) & duplicates.terms(item)), "both ways"
    found = duplicates.suspects(item, [(record, None)] if terms else [], usual_lists(), {}, "GBP")
    return found[0] if found else None


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        ({}, "same supplier, number and total"),
        ({"number": "nw 1001"}, "same supplier and total, and the number is written otherwise"),
        ({"number": ""}, "same supplier, date and total"),
        ({"number": "", "date": "2026-03-05"}, "same supplier and total, 2 days apart"),
        ({"total": "150.00"}, "same supplier and number, but another total"),
    ],
)
def test_a_waiting_item_that_is_like_it_asks_first(standing: dict[str, str], reason: str) -> None:
    """C13 C5: by the keys of duplicates, and by supplier and number alone."""
    found = suspect(**standing)
    assert found is not None
    assert (found.asks, found.finding.reason) == (True, reason)
    says = duplicates.says(found, NOON.date(), "Zoho Books")
    number = standing.get("number", "NW-1001")
    title = f"Northwind Paper Ltd {number}".strip()
    assert says == f"perhaps entered in Zoho Books already: {title}, entered there 5 Oct: {reason}"


@pytest.mark.parametrize(
    "standing",
    [
        {"party": "s2", "party_name": "Kestrel Taxis"},
        {"number": "NW-2", "date": "2026-04-03"},
        {"number": "NW-2"},
        {"total": "150.00", "date": "2025-03-03"},
        {"total": "150.00", "number": ""},
    ],
)
def test_what_is_another_document_is_not_asked_about(standing: dict[str, str]) -> None:
    assert suspect(**standing) is None


def test_two_items_of_one_number_with_other_totals_are_two_documents_still() -> None:
    other = an_item(id=ItemId("item2"), total="150.00")
    found = duplicates.suspects(an_item(), [(other, None)], usual_lists(), {}, "GBP")
    assert found == ()


@pytest.mark.parametrize(
    ("state", "made_at", "known", "entered"),
    [
        (State.OPEN, NOON + DAY, None, True),
        (State.OPEN, NOON - DAY, None, False),
        (State.PAID, NOON - DAY, None, False),
        (State.OPEN, None, None, True),
        (State.APPROVED, NOON - DAY, None, True),
        (State.VOID, NOON + DAY, None, False),
        (State.OPEN, NOON + DAY, State.OPEN, False),
        (State.OPEN, NOON + DAY, State.WAITING, True),
        (State.APPROVED, NOON - DAY, State.WAITING, True),
        (State.WAITING, NOON - DAY, State.DRAFT, False),
        (State.PAID, NOON + DAY, State.OPEN, False),
    ],
)
def test_entered_is_what_was_made_or_approved_since(
    state: State, made_at: dt.datetime | None, known: State | None, entered: bool
) -> None:
    """C13: bills approved behind the tool's back."""
    record = a_record(standing={"state": state}, made_at=made_at)
    last = watch.as_item("60001", a_record(standing={"state": known}), NOON) if known else None
    assert watch.is_entered(record, NOON, last) is entered


def test_what_is_known_of_it_stays_with_it() -> None:
    item = watch.as_item("60001", a_record(standing={"total": "", "date": ""}), NOON)
    assert item.stage is ItemStage.PUBLISHED
    assert (item.document.total, item.document.date) == (None, None)
    assert watch.as_item("60001", a_record(), NOON).document.total == Decimal("144.00")
