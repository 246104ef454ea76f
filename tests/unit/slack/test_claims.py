"""What people see of expense claims: within Slack's limits whatever stands in it; the promised buttons."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain import line_edits
from bot.domain.claim_coding import Joined, bare, beside_others, first_faulty
from bot.domain.claim_lines import Receipt
from bot.domain.identity import ItemId
from bot.domain.items import DocumentType, Item, ItemStage, ItemStatus, Line
from bot.domain.line_edits import LineChange
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from bot.domain.transitions import status as item_status
from bot.slack.blocks import claim_card, claims, edit_item, items, record
from bot.slack.blocks.items import Shown
from bot.slack.blocks.parts import View
from tests.builders import ADA, GBP_ORGANISATION, NOON, a_document, an_item, published, usual_lists
from tests.unit.slack.checking import NASTY, buttons, takes_message, takes_view, texts
from tests.unit.slack.views import META, shown


def every_claim(text: str = "Ada Okafor") -> list[Shown]:
    """Claims and their receipts, in each state, every text of them from outside."""
    document = a_document(
        type=DocumentType.EXPENSE_CLAIM,
        supplier=text,
        document_number=text,
        category="",
        total=None,
        description=text,
        submitted_by=text,
    )
    ids = tuple(ItemId(f"r{number}") for number in range(100))
    claim = an_item(id=ItemId("claim"), document=document, receipts=ids)
    paid = a_document(type=DocumentType.RECEIPT, supplier=text, description=text, category=text)
    receipts = [an_item(id=one, document=paid, stage=ItemStage.IN_CLAIM, claim=claim.id) for one in ids]
    coded = [Receipt(one, shown(one).coding) for one in receipts]
    joined = Joined({claim.id: claim}, {one.item.id: one for one in coded})

    def as_shown(item: Item, **more: Any) -> Shown:
        own = resolve(bare(item), None, BusinessSettings(), usual_lists(), GBP_ORGANISATION)
        coding = beside_others(item, own, joined, "GBP", 0)
        return Shown(item, coding, item_status(item, coding), claim=joined.claim_of(item), **more)

    faulty = first_faulty(coded)
    empty = replace(claim, receipts=())
    stated = replace(empty, document=replace(document, lines=(Line(text, amount=Decimal(5)),)))
    asked = an_item(document=replace(paid, claimed=True, category="429"))
    booked = replace(claim, stage=ItemStage.PUBLISHED, published=published(number=text))
    of_booked = Shown(receipts[0], as_shown(receipts[0]).coding, ItemStatus.IN_CLAIM, claim=booked)
    return [
        as_shown(claim, faulty=faulty), as_shown(empty), as_shown(stated), as_shown(asked), as_shown(booked),
        as_shown(receipts[0]), of_booked, Shown(receipts[0], coded[0].coding, ItemStatus.IN_CLAIM),
    ]  # fmt: skip


def claim_windows(text: str) -> list[View]:
    """Everything `/dext claim` opens."""
    every = every_claim(text)
    claim, receipt = every[0], every[5]
    offered = [claims.Offered(replace(receipt.item, id=ItemId(f"r{n}")), receipt.coding) for n in range(130)]
    groups = [
        claims.Group(text, offered),
        claims.Group(text, []),
        claims.Group("x", [claims.Offered(every[3].item, every[3].coding)]),
    ]
    ticked = [one.item.id for one in offered[:90]]
    chosen = claims.Chosen(claim.coding, 90)
    many = [replace(claim.item, id=ItemId(f"c{n}")) for n in range(120)]
    return [
        claims.new(text, text[:100], NOON.date(), groups, ticked, chosen, META | {"round": 3}),
        claims.new("", "", NOON.date(), groups, [], claims.Chosen(None), META),
        claims.receipts(claim.item, groups, ticked, chosen, META),
        claims.receipts(
            replace(claim.item, document=a_document(total="5.00")), groups, [], claims.Chosen(None), META
        ),
        claims.put_in(receipt.item, many, META),
        claims.nothing_waits(META),
    ]


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_every_claim_and_its_windows_keep_slacks_limits_and_notify_nobody(text: str) -> None:
    """C25 C31."""
    for one in every_claim(text):
        takes_message(items.card(one))
        takes_view(edit_item.edit_form(one, META))
        takes_view(record.preview(one.coding, None, False, META))
        counts = dict.fromkeys(ItemStatus, 1)
        takes_view(items.inbox([one], 1, 0, counts, None, META))
    for view in claim_windows(text):
        takes_view(view)


def test_the_card_of_a_claim_has_the_buttons_its_state_allows() -> None:
    """C25: first the receipt that keeps it back; no Publish before."""
    faulty, empty, stated, asked, booked, inside, over, alone = every_claim()
    assert [one for one in buttons(items.card(faulty)) if one != "Refresh lists"] == [
        "Edit Ada Okafor, 3 Mar 2026",
        "Edit",
        "Choose receipts",
        "Dissolve",
    ]
    assert buttons(items.card(empty)) == ["Choose receipts", "Edit", "Reject"]
    assert "Choose receipts" not in buttons(items.card(stated))
    lined = line_edits.added(empty.item, "+a", LineChange(amount="50"), ADA, NOON)
    assert "Choose receipts" not in buttons(items.card(replace(empty, item=lined)))
    assert buttons(items.card(asked)) == ["Add to a claim", "Publish alone", "Edit", "Reject"]
    assert buttons(items.card(booked)) == []
    assert buttons(items.card(inside)) == ["Take out", "Receipts of the claim", "Edit"]
    assert (buttons(items.card(over)), buttons(items.card(alone))) == ([], [])


def test_the_card_of_a_receipt_says_in_which_claim_it_is_and_what_it_lacks() -> None:
    """C25."""
    inside = every_claim()[5]
    said = texts(items.card(inside))
    assert "In an expense claim*: *Ada Okafor of Ada Okafor*" in said
    assert "The claim waits for it: unknown category “Ada Okafor”" in said


def test_of_a_claim_with_receipts_only_what_is_its_own_is_edited() -> None:
    """C25: category and tax are changed on each receipt."""
    claim, empty, *_ = every_claim()
    assert not set(edit_item.OF_RECEIPTS) & {
        block.get("block_id") for block in edit_item.edit_form(claim, META)["blocks"]
    }
    assert set(edit_item.OF_RECEIPTS) <= {
        block.get("block_id") for block in edit_item.edit_form(empty, META)["blocks"]
    }
    (kinds,) = (
        block for block in edit_item.edit_form(empty, META)["blocks"] if block.get("block_id") == "publish_as"
    )
    assert [one["value"] for one in kinds["element"]["options"]] == ["bill"]


def test_the_chooser_says_what_is_ticked_comes_to_and_what_is_not_shown() -> None:
    """C25."""
    said = texts(claim_windows("x")[0])
    assert "90 receipts" in said
    assert "30 more are not shown" in str(claim_windows("x")[0])
    assert "Nothing is ticked yet." in texts(claim_windows("x")[1])
    assert texts({"blocks": [claim_card.joined(1)]}) != texts({"blocks": [claim_card.joined(2)]})


def test_what_is_ticked_is_offered_however_much_waits() -> None:
    """C25: Slack takes a hundred in a group; the one that was asked for is among them."""
    one = an_item(document=a_document(type=DocumentType.RECEIPT, submitted_by=""))
    offered = [
        claims.Offered(replace(one, id=ItemId(f"r{number}")), shown(one).coding) for number in range(130)
    ]
    ticked = [ItemId("r120")]
    chosen = claims.Chosen(shown(one).coding, 1)
    view = claims.new("Ada", "EC-1", NOON.date(), [claims.Group("Waiting", offered)], ticked, chosen, META)
    takes_view(view)
    (field,) = [block for block in view["blocks"] if block.get("block_id") == claims.receipts_field(0)]
    assert [option["value"] for option in field["element"]["initial_options"]] == ["r120"]


def test_a_claim_whose_receipts_are_nowhere_says_what_to_do() -> None:
    """C25: Slack takes no pick list without an entry."""
    claim = an_item(document=a_document(type=DocumentType.EXPENSE_CLAIM, supplier="Ada Okafor"))
    view = claims.nowhere(claim, META)
    takes_view(view)
    assert "Import the receipts" in texts(view)
