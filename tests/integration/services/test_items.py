"""The inbox: looking, editing, rejecting, putting back, picking."""

from __future__ import annotations

import asyncio
import datetime as dt

import pytest

from bot.domain.identity import ChannelId, EntryId, ItemId, MessageRef
from bot.domain.items import Field, ItemStage, ItemStatus, Side
from bot.domain.lists import EntryUse, ListKind
from bot.errors import AlreadyDone, FieldErrors, NotFound
from storage.store import RedisStorage
from tests.builders import ADA, BEN, NOON, an_entry, an_item, published
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox, text
from tests.redis_fixtures import Clock

ITEM = ItemId("item1")


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


async def test_what_a_person_sets_wins_until_it_is_taken_back(inbox: Inbox) -> None:
    """C1 S24: with who and when; the document stays as it was."""
    await inbox.store.items.add([an_item()])
    view = await inbox.items.edit(
        OF, ITEM, BEN, {Field.CATEGORY: "c493", Field.TOTAL: "£1,250.00", Field.DUE_DATE: "2026-10-05"}
    )
    assert text(view, Field.CATEGORY) == ("493 - Travel", "manual")
    assert view.coding.values[Field.CATEGORY].by == BEN
    assert (str(view.coding.total), view.coding.due_date) == ("1250.00", dt.date(2026, 10, 5))
    assert view.item.manual[Field.TOTAL].at == inbox.clock()
    view = await inbox.items.edit(OF, ITEM, ADA, {Field.CATEGORY: None, Field.TOTAL: ""})
    assert set(view.item.manual) == {Field.DUE_DATE}
    assert text(view, Field.CATEGORY) == ("429 - Office Supplies", "document")
    assert view.item.document == an_item().document
    assert await inbox.said() == [
        ("item.edited.category", ITEM, "429 - Office Supplies", "493 - Travel"),
        ("item.edited.total", ITEM, "£144.00", "£1,250.00"),
        ("item.edited.due_date", ITEM, "", "2026-10-05"),
        ("item.edited.category", ITEM, "493 - Travel", "429 - Office Supplies"),
        ("item.edited.total", ITEM, "£1,250.00", "£144.00"),
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (Field.CATEGORY, "c99"),
        (Field.CATEGORY, "t20"),
        (Field.TAX, "t17"),
        (Field.SUPPLIER, "s99"),
        (Field.SUPPLIER, "new:  "),
        (Field.TOTAL, "twelve"),
        (Field.TOTAL, "-1"),
        (Field.DATE, "5.10.2026"),
        (Field.PUBLISH_AS, "cheque"),
        (Field.DOCUMENT_NUMBER, "9" * 101),
    ],
)
async def test_a_wrong_value_is_refused_at_its_field_and_the_rest_is_not_saved(
    inbox: Inbox, name: Field, value: str
) -> None:
    """C1: one sentence for each."""
    await inbox.store.items.add([an_item()])
    with pytest.raises(FieldErrors) as refused:
        await inbox.items.edit(OF, ITEM, ADA, {Field.DESCRIPTION: "Paper", name: value})
    assert set(refused.value.fields) == {name.value}
    assert (await inbox.items.view(OF, ITEM)).item.manual == {}
    assert await inbox.said() == []


async def test_a_missing_value_filled_in_makes_the_item_ready(inbox: Inbox) -> None:
    """C1: attention, then ready."""
    await inbox.store.items.add([an_item(category="", supplier="")])
    view = await inbox.items.view(OF, ITEM)
    assert view.status is ItemStatus.NEEDS_ATTENTION
    assert {problem.says for problem in view.coding.problems} == {"no category", "no supplier"}
    view = await inbox.items.edit(OF, ITEM, ADA, {Field.CATEGORY: "c429", Field.SUPPLIER: "s2"})
    assert (view.status, view.coding.text(Field.SUPPLIER)) == (ItemStatus.READY, "Kestrel Taxis")


async def test_a_supplier_typed_by_hand_gets_its_own_rule(inbox: Inbox) -> None:
    """C7: not the rule of the supplier that the document names."""
    await inbox.store.items.add([an_item(category="")])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429", "tax": ""})
    await inbox.rules.save(OF, ADA, "s2", {"category": "c493", "tax": ""})
    for chosen, category in ((None, "429 - Office Supplies"), ("s2", "493 - Travel"), ("new:Mel", "")):
        view = await inbox.items.edit(OF, ITEM, ADA, {Field.SUPPLIER: chosen})
        assert text(view, Field.CATEGORY)[0] == category
    assert view.coding.new_supplier


async def test_two_who_edit_at_once_both_count(inbox: Inbox) -> None:
    """C3: nobody's change is lost."""
    await inbox.store.items.add([an_item()])
    await asyncio.gather(
        inbox.items.edit(OF, ITEM, ADA, {Field.CATEGORY: "c493"}),
        inbox.items.edit(OF, ITEM, BEN, {Field.TAX: "t5"}),
        inbox.items.edit(OF, ITEM, BEN, {Field.DESCRIPTION: "Paper"}),
    )
    manual = (await inbox.items.view(OF, ITEM)).item.manual
    assert {name: value.by for name, value in manual.items()} == {
        Field.CATEGORY: ADA,
        Field.TAX: BEN,
        Field.DESCRIPTION: BEN,
    }


@pytest.mark.parametrize(
    ("stage", "more"),
    [
        (ItemStage.PUBLISHING, {"asked_by": BEN}),
        (ItemStage.WAITING, {}),
        (ItemStage.PUBLISHED, {"published": published()}),
        (ItemStage.REJECTED, {"rejected_by": BEN}),
    ],
)
async def test_what_is_under_way_or_done_is_not_edited(
    inbox: Inbox, stage: ItemStage, more: dict[str, object]
) -> None:
    """C3: who was first is said; nothing is changed."""
    item = an_item(**({"stage": stage} | more))  # type: ignore[arg-type]
    await inbox.store.items.add([item])
    with pytest.raises(AlreadyDone):
        await inbox.items.edit(OF, ITEM, ADA, {Field.CATEGORY: "c493"})
    assert (await inbox.items.view(OF, ITEM)).item == item
    assert await inbox.said() == []


async def test_a_rejected_item_leaves_the_inbox_and_can_be_put_back(inbox: Inbox) -> None:
    """C1: once each, and logged."""
    await inbox.store.items.add([an_item()])
    assert (await inbox.items.reject(OF, ITEM, BEN)).status is ItemStatus.REJECTED
    assert (await inbox.items.page(OF, None)).total == 0
    with pytest.raises(AlreadyDone, match=f"<@{BEN}> rejected"):
        await inbox.items.reject(OF, ITEM, ADA)
    assert (await inbox.items.restore(OF, ITEM, ADA)).status is ItemStatus.READY
    with pytest.raises(AlreadyDone):
        await inbox.items.restore(OF, ITEM, ADA)
    assert [what for what, *_ in await inbox.said()] == ["item.rejected", "item.restored"]


async def test_pages_show_a_status_newest_first_with_counts(inbox: Inbox) -> None:
    """C1: ready and not ready are told apart, pages do not overlap."""
    stages = [ItemStage.INBOX] * 5 + [ItemStage.FAILED, ItemStage.PUBLISHED]
    items = [
        an_item(
            id=ItemId(f"i{place}"),
            external_id=str(place),
            document_number=f"NW-{place}",
            stage=stage,
            received_at=NOON + dt.timedelta(minutes=place),
            category="" if place % 2 else "429",
        )
        for place, stage in enumerate(stages)
    ]
    await inbox.store.items.add(items)
    todo = [await inbox.items.page(OF, None, offset, 2) for offset in (0, 2, 4, 6)]
    assert [view.item.id for page in todo for view in page.views] == ["i5", "i4", "i3", "i2", "i1", "i0"]
    assert {page.total for page in todo} == {6}
    assert todo[0].counts == {ItemStatus.NEEDS_ATTENTION: 3, ItemStatus.READY: 3}
    ready = await inbox.items.page(OF, ItemStatus.READY)
    assert [view.item.id for view in ready.views] == ["i4", "i2", "i0"]
    done = await inbox.items.page(OF, ItemStatus.PUBLISHED)
    assert [view.item.id for view in done.views] == ["i6"]
    assert (await inbox.items.page(OF, ItemStatus.WAITING)).total == 0


async def test_an_item_that_is_not_there_is_said(inbox: Inbox) -> None:
    """C1: whatever is asked of it."""
    gone = ItemId("gone")
    for asked in (
        inbox.items.view(OF, gone),
        inbox.items.edit(OF, gone, ADA, {}),
        inbox.items.reject(OF, gone, ADA),
        inbox.items.restore(OF, gone, ADA),
    ):
        with pytest.raises(NotFound):
            await asked
    assert list(await inbox.items.views(OF, [gone])) == []


async def test_the_card_is_remembered_and_changes_nothing_else(inbox: Inbox) -> None:
    """C1: its message is edited in place."""
    await inbox.store.items.add([an_item()])
    card = MessageRef(ChannelId("C1"), "1.1")
    await inbox.items.remember_card(OF, ITEM, card)
    (view,) = await inbox.items.views(OF, [ITEM])
    assert (view.item.card, view.item.stage, view.item.manual) == (card, ItemStage.INBOX, {})


async def test_categories_are_offered_for_their_side_only(inbox: Inbox) -> None:
    """S18: active ones, by what is typed."""
    categories = [
        an_entry("Travel", id=EntryId("c493"), use=EntryUse.COST),
        an_entry("Trade sales", id=EntryId("c200"), use=EntryUse.SALE),
        an_entry("Transfers", id=EntryId("c9"), use=EntryUse.BOTH),
        an_entry("Trams", id=EntryId("c8"), use=EntryUse.COST, active=False),
    ]
    await inbox.store.lists.stage("g2", ListKind.CATEGORIES, categories)
    await inbox.store.lists.commit("g2", [ListKind.CATEGORIES], NOON)
    found = {
        side: [entry.id for entry in await inbox.items.options(OF, ListKind.CATEGORIES, "tra", side=side)]
        for side in (*Side, None)
    }
    assert found == {Side.COST: ["c9", "c493"], Side.SALE: ["c200", "c9"], None: ["c200", "c9", "c493"]}
    assert [one.id for one in await inbox.items.options(OF, ListKind.TAXES, "rate 5", side=Side.COST)] == []
    assert len(await inbox.items.options(OF, ListKind.TAXES, "", side=Side.COST, limit=2)) == 2
