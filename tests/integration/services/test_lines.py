"""**Edit lines**: each line coded by itself, whatever the item and its rule say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.coding import Layer
from bot.domain.identity import ItemId
from bot.domain.items import DocumentType, Field, ItemStage, ItemStatus, Line
from bot.domain.line_edits import LineChange
from bot.errors import AlreadyDone, FieldErrors, NotFound
from bot.services.items import ItemView
from bot.services.lines import LineService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_item
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

ITEM = ItemId("item1")
PAPER = Line("Copier paper", Decimal(2), Decimal("30.00"), Decimal("60.00"), "429", "Standard Rate")
TONER = Line("Toner", None, None, Decimal("60.00"), "Nowhere", "Standard Rate")


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    """An item of two lines; the category of the second is on no list."""
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    await inbox.store.items.add([an_item(total="144.00", category="", lines=(PAPER, TONER))])
    return inbox


def lines(inbox: Inbox) -> LineService:
    return LineService(inbox.storage, inbox.clock)


async def save(inbox: Inbox, line: str, **said: str) -> ItemView:
    return await lines(inbox).save(OF, ITEM, line, ADA, LineChange(**said))


def coded(view: ItemView) -> list[tuple[str, str, str]]:
    return [(line.description, f"{line.amount:f}", line.category.text) for line in view.coding.lines]


async def test_one_line_is_coded_by_itself_and_says_who_did_it(inbox: Inbox) -> None:
    """S24 C22: “line 2: unknown category” is mended at line 2; line 1 stays as the document has it."""
    before = await inbox.items.view(OF, ITEM)
    assert [problem.says for problem in before.coding.problems] == [
        "line 2 (“Toner”): unknown category “Nowhere”"
    ]
    view = await save(inbox, "2", category="c493")
    assert view.status is ItemStatus.READY
    first, second = view.coding.lines
    assert (first.category.text, first.category.layer) == ("429 - Office Supplies", Layer.DOCUMENT)
    assert (second.category.text, second.category.layer) == ("493 - Travel", Layer.MANUAL)
    assert (second.category.why, second.category.by) == ("changed by", ADA)
    assert (await inbox.said())[-1] == (
        "item.edited.line 2 category", ITEM, "Nowhere", "493 - Travel"
    )  # fmt: skip


async def test_a_line_s_own_choice_wins_over_the_item_s_and_taking_it_back_brings_that_back(
    inbox: Inbox,
) -> None:
    """S24"""
    await save(inbox, "2", category="c493", tax="t0")
    view = await inbox.items.edit(OF, ITEM, BEN, {Field.CATEGORY: "c429", Field.TAX: "t20"})
    assert [line.category.text for line in view.coding.lines] == ["429 - Office Supplies", "493 - Travel"]
    assert [line.tax.text for line in view.coding.lines] == ["Standard Rate 20%", "Zero Rate 0%"]
    view = await save(inbox, "2", category="", tax="")
    assert [line.category.by for line in view.coding.lines] == [BEN, BEN]


async def test_an_amount_set_by_hand_is_checked_against_the_total(inbox: Inbox) -> None:
    """C22: and so is a line that was added."""
    view = await save(inbox, "2", amount="40,00", category="c493")
    assert [problem.says for problem in view.coding.problems] == [
        "lines and tax come to £120.00, £24.00 less than the total"
    ]
    view = await save(inbox, "+a1", description="Delivery", amount="20", category="c493", tax="t20")
    assert view.status is ItemStatus.READY
    assert coded(view)[2] == ("Delivery", "20.00", "493 - Travel")
    again = await save(inbox, "+a1", description="Delivery", amount="20", category="c493", tax="t20")
    assert len(again.coding.lines) == 3
    view = await lines(inbox).remove(OF, ITEM, "+a1", ADA)
    assert len(view.coding.lines) == 2
    assert ("item.edited.line 3", ITEM, "Delivery, 20.00, 493 - Travel, Standard Rate 20%", "") in (
        await inbox.said()
    )
    view = await lines(inbox).take_back(OF, ITEM, ADA)
    assert coded(view) == [
        ("Copier paper", "60.00", "429 - Office Supplies"),
        ("Toner", "60.00", "Nowhere"),
    ]


async def test_an_item_without_lines_gets_them_and_without_the_last_is_one_sum_again(inbox: Inbox) -> None:
    """C22"""
    whole = an_item(id=ItemId("w"), external_id="w", total="120.00", document_number="W-1")
    await inbox.store.items.add([whole])
    service = lines(inbox)
    for line, amount in (("+1", "60.00"), ("+2", "40.00")):
        await service.save(OF, ItemId("w"), line, ADA, LineChange(amount=amount, tax="t20"))
    view = await inbox.items.view(OF, ItemId("w"))
    assert view.status is ItemStatus.READY
    assert [line.category.text for line in view.coding.lines] == ["429 - Office Supplies"] * 2
    for line in ("+1", "+2"):
        view = await service.remove(OF, ItemId("w"), line, ADA)
    assert (view.coding.lines, view.status) == ((), ItemStatus.READY)


async def test_an_amount_of_a_negative_credit_is_what_is_booked(inbox: Inbox) -> None:
    """C20: the document's amounts stand below zero, a person writes them above."""
    credit = an_item(
        id=ItemId("c"),
        external_id="c",
        type=DocumentType.CREDIT_NOTE,
        total="-144.00",
        lines=(replace(PAPER, amount=Decimal("-60.00"), unit_price=None, quantity=None),) * 2,
    )
    await inbox.store.items.add([credit])
    view = await lines(inbox).save(OF, ItemId("c"), "1", ADA, LineChange(amount="60.00", category="c493"))
    assert view.status is ItemStatus.READY
    assert [line.amount for line in view.coding.lines] == [Decimal("60.00")] * 2


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"amount": "x"}, "amount"),
        ({"amount": ""}, "amount"),
        ({"category": "c999", "amount": "1"}, "category"),
        ({"tax": "t17", "amount": "1"}, "tax"),
        ({"project": "p9", "amount": "1"}, "project"),
        ({"description": "x" * 2001, "amount": "1"}, "description"),
    ],
)
async def test_what_cannot_be_is_told_at_its_field(inbox: Inbox, said: dict[str, str], fault: str) -> None:
    with pytest.raises(FieldErrors) as refused:
        await save(inbox, "+n", **said)
    assert list(refused.value.fields) == [fault]
    assert (await inbox.items.view(OF, ITEM)).item.line_edits is None


async def test_the_lines_of_a_claim_are_its_receipts_and_those_of_a_booked_one_stay(inbox: Inbox) -> None:
    """C25"""
    claim = an_item(id=ItemId("k"), external_id="k", receipts=(ITEM,))
    await inbox.store.items.add([claim])
    with pytest.raises(AlreadyDone, match="its receipts"):
        await lines(inbox).save(OF, ItemId("k"), "+1", ADA, LineChange(amount="1"))
    await inbox.store.items.change(ItemId("k"), lambda item: replace(item, stage=ItemStage.PUBLISHING))
    await inbox.store.items.change(ITEM, lambda item: replace(item, claim=ItemId("k")))
    with pytest.raises(AlreadyDone):
        await save(inbox, "2", category="c493")


async def test_a_line_that_is_gone_and_an_item_that_is_published_are_left_alone(inbox: Inbox) -> None:
    await lines(inbox).remove(OF, ITEM, "1", ADA)
    before = await inbox.store.items.get(ITEM)
    await save(inbox, "2")
    assert await inbox.store.items.get(ITEM) == before
    with pytest.raises(NotFound, match="no longer there"):
        await save(inbox, "1", category="c493")
    await inbox.store.items.change(ITEM, lambda item: replace(item, stage=ItemStage.PUBLISHING))
    with pytest.raises(AlreadyDone):
        await save(inbox, "2", category="c493")
