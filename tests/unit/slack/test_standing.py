"""What became of a record in Zoho Books: on its card, in the digest, in the list."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain import duplicates as rules
from bot.domain.coding import Problem
from bot.domain.digest import Digest, Happened
from bot.domain.duplicates import Answer, Verdict
from bot.domain.items import Field, ItemStage, PublishAs
from bot.domain.settings import BooksChanges
from bot.domain.standing import RecordStanding, State
from bot.domain.transitions import status
from bot.domain.watch import BooksRecord, Found, as_item
from bot.slack.blocks import digest, duplicates, items, standing
from bot.slack.blocks.items import Shown
from tests.builders import ADA, NOON, an_item, published, usual_lists
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, texts

STANDING = RecordStanding(
    State.OPEN, "NW-1001", "2026-03-03", "144.00", "s1", "Northwind Paper Ltd", "44.00", "GBP", NOON
)


def card(state: State, *edits: str, **more: Any) -> dict[str, Any]:
    stands = replace(STANDING, state=state, edits=edits)
    record = published(standing=stands, **more)
    return items.card(views.shown(an_item(stage=ItemStage.PUBLISHED, published=record)))


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (State.PAID, "✅ Paid in Zoho Books · changed there 5 Oct 2026"),
        (State.PARTLY_PAID, "🟡 Partly paid in Zoho Books, £44.00 left · changed there 5 Oct 2026"),
        (State.WAITING, "🟡 Waits for approval in Zoho Books · changed there 5 Oct 2026"),
        (State.APPROVED, "✅ Approved in Zoho Books · changed there 5 Oct 2026"),
        (State.REJECTED, "🔴 Rejected in Zoho Books · changed there 5 Oct 2026"),
    ],
)
def test_the_card_says_how_it_stands_now(state: State, words: str) -> None:
    """C18"""
    assert words in texts(card(state)).splitlines()
    assert buttons(card(state)) == []


@pytest.mark.parametrize(("state", "word"), [(State.VOID, "Void"), (State.DELETED, "Deleted")])
def test_what_is_void_or_deleted_can_be_put_back(state: State, word: str) -> None:
    """C18 C24: to be published again, deliberately."""
    shown = card(state, "total: £1.00 → £2.00", unpaid="No account.")
    assert f"🔴 *{word} in Zoho Books* · changed there 5 Oct 2026" in texts(shown)
    assert "£1.00" not in texts(shown)
    assert buttons(shown) == ["Put back"]
    item = an_item(stage=ItemStage.PUBLISHED, published=published(standing=replace(STANDING, state=state)))
    question = items.undo_question(views.shown(item), {})
    assert f"The bill NW-1001 is {word.lower()} in Zoho Books already." in texts(question)


def test_an_open_record_says_only_what_was_edited() -> None:
    """C18: drift."""
    shown = texts(card(State.OPEN, "total: £144.00 → £150.00"))
    assert "🟡 Changed in Zoho Books: total: £144.00 → £150.00" in shown
    assert "changed there" not in shown


def test_a_draft_that_was_sent_is_no_draft_any_more() -> None:
    invoice: dict[str, Any] = {"kind": PublishAs.INVOICE, "is_draft": True}
    assert "as draft invoice" in texts(card(State.DRAFT, **invoice))
    assert "draft" not in texts(card(State.OPEN, **invoice))


def test_what_somebody_paid_there_is_not_paid_again() -> None:
    """C21"""
    owes: dict[str, Any] = {"kind": PublishAs.BILL_WITH_PAYMENT, "unpaid": "The account is closed."}
    assert buttons(card(State.OPEN, **owes)) == ["Retry payment"]
    assert buttons(card(State.PAID, **owes)) == []
    assert "not booked" not in texts(card(State.PAID, **owes))


def test_a_credit_is_used_up_and_not_paid() -> None:
    """C20"""
    assert "Used up in Zoho Books" in texts(card(State.PAID, kind=PublishAs.VENDOR_CREDIT))


# --- perhaps in the books


RECORD = as_item("60001", BooksRecord(PublishAs.BILL, "9", "https://books.example/9", STANDING), NOON)


def asking(answer: Answer | None = None) -> tuple[Shown, Shown]:
    verdict = Verdict(answer, ADA, NOON) if answer else None
    this = an_item()
    found = rules.suspects(this, [(RECORD, verdict)], usual_lists(), {}, "GBP")
    plain = views.shown(this)
    asks = [rules.says(one, NOON.date(), "Zoho Books") for one in found if one.asks]
    problems = tuple(Problem(Field.DOCUMENT_NUMBER, one) for one in asks)
    coding = replace(plain.coding, problems=problems)
    return Shown(this, coding, status(this, coding), suspects=found), views.shown(RECORD)


def test_the_card_of_what_is_perhaps_entered_already_leads_to_the_record() -> None:
    """C13"""
    shown = items.card(asking()[0])
    assert "perhaps entered in Zoho Books already: Northwind Paper Ltd NW-1001" in texts(shown)
    assert "<https://books.example/9|View bill NW-1001 in Zoho Books>" in texts(shown)
    assert buttons(shown) == ["Duplicate?", "Edit", "Reject"]


def test_beside_it_the_record_is_said_to_be_one_of_the_books() -> None:
    """C13 C6: the same is rejected, different goes on; there is nothing to replace."""
    this, other = asking()
    view = duplicates.question(this, other, this.suspects[0], 1, {})
    assert buttons(view) == ["Same: reject this one", "Different: keep both"]
    assert "Entered in Zoho Books as bill NW-1001" in texts(view)
    assert "Published as" not in texts(view)


# --- the list and the digest


def found(*parts: Any, **more: Any) -> dict[str, Any]:
    values: dict[str, Any] = {"total": len(parts), "offset": 0, "mode": BooksChanges.EVERYTHING, "look": None}
    return standing.page(Found(parts, **values | more), {}, {}, may_look=True)


def test_the_list_tells_ours_from_what_was_entered_there() -> None:
    """C13"""
    gone = published(standing=replace(STANDING, state=State.DELETED))
    ours = an_item(stage=ItemStage.PUBLISHED, published=gone)
    text = texts(found(RECORD, ours, an_item(supplier="Kestrel Taxis")))
    assert "*Northwind Paper Ltd*   £144.00\nBill NW-1001 of 3 Mar 2026 · Entered there" in text
    assert "Ours · Deleted in Zoho Books" in text
    assert text.count("View in Zoho Books") == 1, "what is deleted has no page"
    assert "Ours · not published any more" in text


def test_it_is_turned_page_by_page() -> None:
    assert buttons(found(RECORD, total=30, offset=10)) == ["Newer", "Older", "Look now"]
    assert buttons(found(mode=BooksChanges.OFF)) == []


def test_the_digest_has_a_line_and_the_way_to_the_list() -> None:
    """C27 C13"""
    said = digest.daily(Digest("2026-10-05", Happened(), changed_there=1, entered_there=12), "Held Out Ltd")
    assert "🟡 1 record of ours changed in Zoho Books, 12 records entered or approved there" in texts(said)
    assert buttons(said) == ["Show changes"]
    assert buttons(digest.daily(Digest("2026-10-05", Happened()), "Held Out Ltd")) == []
