"""Which receipt is in which expense claim: every step, and what it refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import claims, line_edits, transitions
from bot.domain.attachments import Attachment
from bot.domain.duplicates import Facts, asks, compare
from bot.domain.identity import ItemId
from bot.domain.items import AutoHold, DocumentType, Item, ItemStage, Side
from bot.domain.line_edits import LineChange
from bot.errors import AlreadyDone, NotFound, WrongInput
from tests.builders import ADA, NOON, an_item, published

IDS = [ItemId(f"r{number}") for number in range(5)]


def a_receipt(item: str = "r0", day: int = 3, **changes: Any) -> Item:
    usual: dict[str, Any] = {
        "type": DocumentType.RECEIPT,
        "supplier": "Kestrel Taxis",
        "document_number": "",
        "date": dt.date(2026, 3, day),
        "submitted_by": "Ada Okafor",
        "external_id": f"ext-{item}",
    }
    return an_item(id=ItemId(item), **usual | changes)


def a_claim(item: str = "claim", **changes: Any) -> Item:
    usual: dict[str, Any] = {
        "type": DocumentType.EXPENSE_CLAIM,
        "supplier": "Ada Okafor",
        "submitted_by": "Ada Okafor",
        "document_number": "EC-1",
        "category": "",
        "total": None,
        "external_id": f"ext-{item}",
    }
    return an_item(id=ItemId(item), **usual | changes)


def after(changed: Iterable[Item], there: Iterable[Item] = ()) -> dict[ItemId, Item]:
    return {item.id: item for item in (*there, *changed)}


def joined(claim: Item, receipts: Sequence[Item]) -> dict[ItemId, Item]:
    """A claim with these receipts."""
    there = {item.id: item for item in receipts}
    return after(claims.with_receipts(claim, list(there), there), (claim, *receipts))


def test_receipts_in_a_claim_name_it_and_it_names_them_in_order_of_their_days() -> None:
    """C25: both sides of the link, written together."""
    late, early = a_receipt("r0", 9), a_receipt("r1", 2)
    held = joined(a_claim(), [late, early])
    assert held[ItemId("claim")].receipts == ("r1", "r0")
    assert [(held[item].stage, held[item].claim) for item in held[ItemId("claim")].receipts] == [
        (ItemStage.IN_CLAIM, "claim")
    ] * 2


def test_a_claim_with_lines_by_hand_takes_no_receipts_until_they_are_removed() -> None:
    """C25: they would be gone without a word."""
    by_hand = line_edits.added(a_claim(), "+a", LineChange(amount="50"), ADA, NOON)
    with pytest.raises(AlreadyDone, match="has lines by hand") as refused:
        joined(by_hand, [a_receipt()])
    assert refused.value.advice.startswith("Remove them at Edit lines first")
    assert not claims.is_open(by_hand)
    free = line_edits.removed(by_hand, "+a", ADA, NOON)
    assert joined(free, [a_receipt()])[free.id].receipts == ("r0",)


@given(st.sets(st.sampled_from(IDS), min_size=1), st.sets(st.sampled_from(IDS)))
def test_taking_out_and_putting_back_is_the_identity(inside: set[ItemId], out: set[ItemId]) -> None:
    """C25: whatever was taken out, in whatever order it comes back."""
    receipts = [a_receipt(item, day) for day, item in enumerate(IDS, start=1)]
    there = {item.id: item for item in receipts}
    claim = a_claim()
    before = after(claims.with_receipts(claim, sorted(inside), there), (claim, *receipts))
    claim = before[claim.id]
    without = after(claims.with_receipts(claim, sorted(inside - out), before), before.values())
    assert {item for item in IDS if without[item].claim} == inside - out
    back = claims.with_receipts(without[claim.id], sorted(inside, reverse=True), without)
    assert after(back, without.values()) == before


@given(st.sets(st.sampled_from(IDS), min_size=1))
def test_dissolved_its_receipts_are_as_they_were(inside: set[ItemId]) -> None:
    """C25."""
    receipts = [a_receipt(item, day) for day, item in enumerate(IDS, start=1)]
    before = after(receipts)
    there = joined(a_claim(), [before[item] for item in sorted(inside)])
    gone = after(claims.dissolved(there[ItemId("claim")], there, ADA), there.values())
    assert [gone[item] for item in sorted(inside)] == [before[item] for item in sorted(inside)]
    claim = gone[ItemId("claim")]
    assert (claim.receipts, claim.stage, claim.rejected_by) == ((), ItemStage.REJECTED, ADA)


def test_a_claim_that_came_from_outside_stays_when_it_is_dissolved() -> None:
    """C25: it states a total of its own, and may be given other receipts."""
    there = joined(a_claim(total="18.40"), [a_receipt(total="18.40")])
    gone = after(claims.dissolved(there[ItemId("claim")], there, ADA))
    assert gone[ItemId("claim")].stage is ItemStage.INBOX


@pytest.mark.parametrize(
    ("receipt", "says"),
    [
        (a_receipt(stage=ItemStage.IN_CLAIM, claim=ItemId("other")), "is in another expense claim already"),
        (a_receipt(stage=ItemStage.PUBLISHED, published=published()), "it is published"),
        (a_receipt(stage=ItemStage.PUBLISHING), "it is being published"),
        (a_receipt(stage=ItemStage.REJECTED), "it is rejected"),
        (a_receipt(side=Side.SALE, customer="Harbour Books"), "it is a sale"),
        (a_claim("r0"), "it is a claim itself"),
        (a_receipt(stage=ItemStage.FAILED, doubtful=("DXT-1",)), "may be booked already"),
    ],
)
def test_what_cannot_join_is_named(receipt: Item, says: str) -> None:
    """C25 C3: nothing is in two claims, and nothing that may be booked is booked again."""
    with pytest.raises(AlreadyDone, match=says):
        claims.with_receipts(a_claim(), [receipt.id], {receipt.id: receipt})


def test_a_claim_that_may_be_booked_keeps_its_receipts() -> None:
    """C25 C3: one that went back to the inbox could be booked a second time, alone."""
    receipt, other = a_receipt(), a_receipt("r1")
    claim, joined = claims.with_receipts(a_claim(), [receipt.id], {receipt.id: receipt})
    doubtful = replace(claim, stage=ItemStage.FAILED, doubtful=("DXT-1",))
    there = {joined.id: joined, other.id: other}
    for wanted in ([], [receipt.id, other.id]):
        with pytest.raises(AlreadyDone, match="may be booked already"):
            claims.with_receipts(doubtful, wanted, there)
    with pytest.raises(AlreadyDone, match="may be booked already"):
        claims.dissolved(doubtful, there, ADA)


def test_what_is_gone_and_what_is_too_much_is_said() -> None:
    """C25."""
    with pytest.raises(NotFound):
        claims.with_receipts(a_claim(), [ItemId("gone")], {})
    many = [a_receipt(f"m{number}") for number in range(claims.MOST_RECEIPTS + 1)]
    with pytest.raises(WrongInput, match="up to 100 receipts"):
        claims.with_receipts(a_claim(), [one.id for one in many], after(many))


def test_who_looked_at_an_older_state_changes_nothing() -> None:
    """C25: another receipt came in meanwhile."""
    claim = joined(a_claim(), [a_receipt()])[ItemId("claim")]
    with pytest.raises(AlreadyDone, match="just changed this claim"):
        claims.with_receipts(claim, [], {})


@pytest.mark.parametrize(
    ("stage", "advice"),
    [
        (ItemStage.PUBLISHED, "Undo its bill first"),
        (ItemStage.PUBLISHING, "Wait for"),
        (ItemStage.WAITING, "Wait for"),
        (ItemStage.REJECTED, "Put it back first"),
    ],
)
def test_a_claim_that_is_on_its_way_is_closed(stage: ItemStage, advice: str) -> None:
    """C25 C3: its lines are frozen with the publication."""
    claim = a_claim(stage=stage)
    with pytest.raises(AlreadyDone, match=advice):
        claims.with_receipts(claim, [], {})


def test_a_receipt_in_a_claim_is_neither_published_nor_rejected_alone() -> None:
    """C25."""
    receipt = a_receipt(stage=ItemStage.IN_CLAIM, claim=ItemId("claim"))
    for step in (
        lambda: transitions.claim(receipt, "p1", ADA, NOON),
        lambda: transitions.reject(receipt, ADA),
        lambda: transitions.restore(receipt),
    ):
        with pytest.raises(AlreadyDone, match="booked with its expense claim"):
            step()
    assert transitions.edit(receipt, {}, ADA, NOON).stage is ItemStage.IN_CLAIM


def test_a_claim_with_receipts_is_dissolved_and_not_rejected() -> None:
    """C25: else its receipts would lie in a rejected claim."""
    claim = joined(a_claim(), [a_receipt()])[ItemId("claim")]
    with pytest.raises(AlreadyDone, match="Dissolve it"):
        transitions.reject(claim, ADA)


def test_what_was_to_go_by_itself_waits_with_its_claim() -> None:
    """C25 S26."""
    receipt = a_receipt(auto=AutoHold(NOON, ADA, "all items"))
    assert joined(a_claim(), [receipt])[receipt.id].auto is None


def test_a_receipt_claimed_elsewhere_is_asked_about_once() -> None:
    """C25: who says that it is published alone is remembered; in a claim and out again, it is asked anew."""
    receipt = a_receipt(claimed=True)
    assert claims.is_asked_about(receipt)
    alone = claims.put_alone(receipt, ADA)
    assert not claims.is_asked_about(alone)
    with pytest.raises(AlreadyDone, match="answered already"):
        claims.put_alone(alone, ADA)
    there = joined(a_claim(), [alone])
    with pytest.raises(AlreadyDone, match="in an expense claim by now"):
        claims.put_alone(there[receipt.id], ADA)
    out = after(claims.with_receipts(there[ItemId("claim")], [], there))
    assert claims.is_asked_about(out[receipt.id])


# --- files


def a_file(name: str, digest: str) -> Attachment:
    return Attachment(f"{name}-{digest}", name, "application/pdf", 10, digest)


def test_the_files_of_all_receipts_go_with_the_claim_each_once() -> None:
    """C25 C14: a scan of two receipts is one file; two files of one name are told apart."""
    own = a_file("cover.pdf", "0")
    one = a_receipt("r0", attachments=(a_file("scan.pdf", "1"), a_file("both.pdf", "2")))
    two = a_receipt("r1", 4, attachments=(a_file("scan.pdf", "3"), a_file("both.pdf", "2")))
    there = joined(a_claim(attachments=(own,)), [one, two])
    claim = there[ItemId("claim")]
    assert [(file.filename, file.kept_with) for file in claim.attachments] == [
        ("cover.pdf", ""),
        ("scan.pdf", "r0"),
        ("both.pdf", "r0"),
        ("scan (2).pdf", "r1"),
    ]
    assert claims.with_receipts(claim, [], there)[0].attachments == (own,)


def test_a_file_that_comes_later_goes_with_the_claim_too() -> None:
    """C25 C14: a form's files are fetched after the item is there."""
    there = joined(a_claim(), [a_receipt()])
    receipt = a_receipt(stage=ItemStage.IN_CLAIM, attachments=(a_file("late.pdf", "1"),))
    claim = claims.with_files_of(there[ItemId("claim")], receipt)
    assert [(file.filename, file.kept_with) for file in claim.attachments] == [("late.pdf", "r0")]
    assert claims.with_files_of(claim, receipt) is claim


# --- duplicates


def facts(item: Item) -> Facts:
    document = item.document
    return Facts(
        document.side, document.type, None, document.supplier, document.document_number, document.date,
        document.total, "GBP", "GBP", "ada okafor", frozenset(),
    )  # fmt: skip


def test_a_claim_is_no_duplicate_of_a_receipt_but_of_another_claim() -> None:
    """C25 C4."""
    claim, receipt = a_claim(total="18.40"), a_receipt(supplier="Ada Okafor", total="18.40")
    assert compare(facts(claim), facts(receipt)) is None
    assert compare(facts(claim), facts(a_claim("again", total="18.40"))) is not None


def test_a_receipt_that_arrives_later_asks_and_not_the_one_in_a_claim() -> None:
    """C25 C4: what is on its way goes first."""
    inside = a_receipt(stage=ItemStage.IN_CLAIM, claim=ItemId("claim"))
    earlier = a_receipt("r1", received_at=NOON - dt.timedelta(days=1))
    later = a_receipt("r2", received_at=NOON + dt.timedelta(days=1))
    assert [asks(one, inside) for one in (earlier, later)] == [True, True]
    assert [asks(inside, one) for one in (earlier, later)] == [False, False]
    assert asks(inside, a_receipt("r3", stage=ItemStage.PUBLISHED, published=published()))
