"""The card of what may be a duplicate, and both items side by side."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain import duplicates as rules
from bot.domain.coding import Problem
from bot.domain.duplicates import Answer, Verdict
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, Item, ItemStage
from bot.domain.suppliers import Alike, Level
from bot.domain.transitions import status
from bot.slack.blocks import duplicates, items, supplier
from bot.slack.blocks.items import Shown
from tests.builders import ADA, NOON, an_item, published, usual_lists
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, texts

EARLIER = NOON - dt.timedelta(days=2)
OTHER = an_item(received_at=EARLIER, submitted_by="Ben Li", received_from="march.csv")
THIS = an_item(id=ItemId("item2"), submitted_by="Ada Okafor", received_from="again.csv")


def beside(other: Item = OTHER, answer: Answer | None = None, this: Item = THIS) -> Shown:
    verdict = Verdict(answer, ADA, NOON) if answer else None
    found = rules.suspects(this, [(other, verdict)], usual_lists(), {}, "GBP")
    plain = views.shown(this)
    problems = tuple(
        Problem(Field.DOCUMENT_NUMBER, rules.says(one, NOON.date())) for one in found if one.asks
    )  # fmt: skip
    coding = replace(plain.coding, problems=(*plain.coding.problems, *problems))
    return Shown(this, coding, status(this, coding), suspects=found)


def primary(shown: Shown) -> str:
    blocks = items.card_blocks(shown)[-1]["elements"]
    (first,) = [one["text"]["text"] for one in blocks if one.get("style") == "primary"]
    return str(first)


def test_the_card_says_what_it_may_be_a_duplicate_of_and_offers_no_publish() -> None:
    """C6."""
    booked = replace(OTHER, stage=ItemStage.PUBLISHED, published=published(at=EARLIER))
    card = items.card(beside(booked))
    assert "may be a duplicate of Northwind Paper Ltd NW-1001, published 3 Oct" in texts(card)
    assert buttons(card) == ["Duplicate?", "Edit", "Reject"]
    assert primary(beside(booked)) == "Duplicate?"


def test_with_another_problem_edit_comes_first() -> None:
    shown = beside(this=replace(THIS, document=replace(THIS.document, category="")))
    assert (primary(shown), buttons(items.card(shown))) == ("Edit", ["Edit", "Reject", "Duplicate?"])


@pytest.mark.parametrize(
    ("answer", "stage", "other_stage", "words", "labels"),
    [
        (Answer.DIFFERENT, ItemStage.INBOX, ItemStage.INBOX,
         "Not a duplicate of Northwind Paper Ltd NW-1001, says",
         ["Publish", "Edit", "Reject", "Duplicate?"]),
        (Answer.SAME, ItemStage.REJECTED, ItemStage.INBOX, "The same as Northwind Paper Ltd NW-1001, says",
         ["Put back", "Duplicate?"]),
        (Answer.REPLACED, ItemStage.INBOX, ItemStage.REJECTED, "Stands for Northwind Paper Ltd NW-1001, says",
         ["Publish", "Edit", "Reject", "Duplicate?"]),
    ],
)  # fmt: skip
def test_the_card_says_what_was_answered(
    answer: Answer, stage: ItemStage, other_stage: ItemStage, words: str, labels: list[str]
) -> None:
    """C6: remembered, and open to be taken back."""
    card = items.card(beside(replace(OTHER, stage=other_stage), answer, replace(THIS, stage=stage)))
    assert words in texts(card)
    assert buttons(card) == labels


def question(other: Item = OTHER, answer: Answer | None = None, asking: int = 1) -> dict[str, object]:
    this = beside(other, answer)
    return duplicates.question(this, views.shown(other), this.suspects[0], asking, views.META)


def test_both_items_stand_side_by_side_with_their_differences_marked() -> None:
    """C6: side-by-side card."""
    read = texts(question())
    assert "The same document" in read
    assert "same supplier, number and total" in read
    assert "*Owner* ≠\nAda Okafor\n*Owner* ≠\nBen Li" in read
    assert "*Total*\n£144.00\n*Total*\n£144.00" in read
    assert "from march.csv" in read


def test_it_says_who_published_the_other_where_and_when() -> None:
    """C6: what is published cannot be replaced."""
    view = question(replace(OTHER, stage=ItemStage.PUBLISHED, published=published()))
    assert "Published as bill NW-1001 by <@UADA>" in texts(view)
    assert "<https://books.example/app#/bills/7001|View in Zoho Books>" in texts(view)
    assert buttons(view) == ["Same: reject this one", "Different: keep both"]


def test_what_is_not_published_can_be_replaced() -> None:
    assert buttons(question())[-1] == "Replace the other"
    assert "Replace the other" not in buttons(question(replace(OTHER, stage=ItemStage.PUBLISHING)))
    assert "2 more items to compare" in texts(question(asking=3))


def test_an_answer_is_shown_with_who_gave_it_and_can_be_asked_again() -> None:
    """C6: reversible."""
    view = question(answer=Answer.DIFFERENT)
    assert "they are different" in texts(view)
    assert buttons(view) == ["Ask again"]
    this = beside(answer=Answer.DIFFERENT)
    done = duplicates.settled(this, this.suspects[0], this.suspects[0].verdict, views.META)
    assert "Both are kept" in texts(done)
    assert buttons(done) == ["Ask again"]
    assert buttons(duplicates.settled(this, this.suspects[0], None, views.META)) == []


def test_a_button_knows_the_two_items() -> None:
    value = str(question()).split("'value': '")[1].split("'")[0]
    assert duplicates.pair(value) == ("item2", "item1")


@pytest.mark.parametrize(
    ("level", "words"),
    [(Level.CLOSE, "Use an existing one:"), (Level.ROUGH, "Use an existing one, if it is meant:")],
)
def test_new_supplier_offers_the_closest_with_percentage_and_reason_and_to_remember(
    level: Level, words: str
) -> None:
    """S21 C8."""
    shown = views.shown(an_item(supplier="Brand New Co"))
    alike = [Alike(EntryId("s1"), "Brand & New", 84, "shares “brand new”", level)]
    view = supplier.question(shown.item.id, shown.coding, alike, views.META)
    read = texts(view).splitlines()
    assert words in read
    assert "84% alike: shares “brand new”" in read
    assert "Remember this choice for “Brand New Co”" in read
    assert buttons(view) == ["Create supplier and publish", "Use the chosen one"]
    assert "Remember" not in texts(supplier.question(shown.item.id, shown.coding, [], views.META))


def test_where_two_suppliers_fit_none_is_created() -> None:
    """S21: which one is meant is asked."""
    shown = views.shown(an_item(supplier="Acme"))
    coding = replace(shown.coding, ambiguous_supplier=True)
    alike = [Alike(EntryId("s1"), "Acme", 100, "same name", Level.STRICT)]
    view = supplier.question(shown.item.id, coding, alike, views.META)
    assert "fits two suppliers in Zoho Books" in texts(view)
    assert buttons(view) == ["Use the chosen one"]
    assert "fits two in Zoho Books" in texts(items.card(replace(shown, coding=coding)))
    assert buttons(supplier.question(shown.item.id, coding, [], views.META)) == []
