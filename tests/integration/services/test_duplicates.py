"""Duplicates in the flow: asked before publishing, answered once, taken back; names remembered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.digest import happened
from bot.domain.duplicates import Answer
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import DUPLICATE, Field, Item, ItemStage, ItemStatus, PublishAs, Side
from bot.domain.lists import ListKind
from bot.domain.many import Many, ManyState, Outcome, Wanted
from bot.domain.publication import Booked, number_key
from bot.domain.settings import BusinessSettings, DuplicateMode, SupplierRule
from bot.domain.suppliers import key
from bot.errors import AlreadyDone, NotFound, NotReady, Refused
from bot.services.aliases import AliasService
from bot.services.duplicates import DuplicateService
from bot.services.items import ItemService
from bot.services.many import ManyService
from bot.services.publish import AskSupplier, Begun
from bot.services.rules import RuleService
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA, BEN, NOON, an_entry, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

SECOND, THIRD = ItemId("item2"), ItemId("item3")


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), FakePeople({ADA, BEN}), clock)
    await world.prepared()
    return world


def items(world: World) -> ItemService:
    return ItemService(world.storage, world.clock)


def duplicates(world: World) -> DuplicateService:
    return DuplicateService(world.storage, items(world), world.clock)


def store(world: World) -> RedisStore:
    return world.storage.of(OF)


async def arrives(world: World, item: ItemId = SECOND, **changes: Any) -> Item:
    usual = {"received_at": NOON + dt.timedelta(hours=1)}
    new = an_item(id=item, external_id=item, **(usual | changes))
    await store(world).items.add([new])
    return new


async def status(world: World, item: ItemId) -> ItemStatus:
    return (await items(world).view(OF, item)).status


async def settles(world: World, answer: Answer, item: ItemId = SECOND, other: ItemId = ITEM) -> None:
    await duplicates(world).settle(OF, item, other, ADA, answer)


async def said(world: World) -> list[tuple[str, str, str, str]]:
    entries = reversed(await store(world).log.latest(100))
    return [(one.what, one.about, one.before, one.after) for one in entries]


async def _all_of_the_file(world: World) -> Many:
    """**Publish all** of what came in together, until each has its result."""
    service = ManyService(world.storage, world.publish, world.jobs, world.clock, slice_seconds=0.0)
    many = await service.ask(OF, ADA, Wanted.FILE, (await world.item()).batch)
    for turn in range(50):
        async for _ in service.run(OF, many.id, turn):
            pass
        await world.run_all_but_many()
        known = await service.get(OF, many.id)
        assert known is not None
        if known.state is ManyState.OVER:
            return known
    raise AssertionError(f"never over: {known}")


async def published(world: World, item: ItemId = ITEM) -> None:
    assert isinstance(await world.publish.begin(OF, item, ADA), Begun)
    await world.run_all()


async def test_the_later_of_two_waits_for_an_answer_and_the_first_goes_on(world: World) -> None:
    """C4 C6: an open question keeps an item from being published, by Publish and by Publish all."""
    await arrives(world)
    view = await items(world).view(OF, SECOND)
    assert view.status is ItemStatus.NEEDS_ATTENTION
    (problem,) = view.coding.problems
    assert problem.says.startswith("may be a duplicate of Northwind Paper Ltd NW-1001, in the inbox since")
    with pytest.raises(NotReady, match="may be a duplicate"):
        await world.publish.begin(OF, SECOND, ADA)
    done = await _all_of_the_file(world)
    assert (done.count(Outcome.PUBLISHED), done.of_cause(Outcome.LEFT)) == (1, {DUPLICATE: (SECOND,)})
    answered = await items(world).page(OF, ItemStatus.NEEDS_ATTENTION, cause=DUPLICATE)
    assert [one.item.id for one in answered.views] == [SECOND]
    assert await status(world, ITEM) is ItemStatus.PUBLISHED
    assert "published" in (await items(world).view(OF, SECOND)).coding.problems[0].says
    assert len(world.books.records) == 1


async def test_different_keeps_both_and_is_never_asked_again(world: World) -> None:
    """C6: answered once, remembered per pair, logged."""
    await published(world)
    await arrives(world)
    await settles(world, Answer.DIFFERENT)
    assert await status(world, SECOND) is ItemStatus.READY
    await items(world).edit(OF, SECOND, ADA, {Field.DOCUMENT_NUMBER: "NW-1002"})
    await items(world).edit(OF, SECOND, ADA, {Field.DOCUMENT_NUMBER: "NW 1001"})
    assert await status(world, SECOND) is ItemStatus.READY
    await published(world, SECOND)
    assert len(world.books.records) == 2
    named = f"Northwind Paper Ltd NW-1001, published {world.clock().day} {world.clock():%b}"
    assert ("duplicate.different", SECOND, "", named) in await said(world)


async def test_an_answer_for_one_pair_is_none_for_another(world: World) -> None:
    """C6."""
    await arrives(world)
    await settles(world, Answer.DIFFERENT)
    await arrives(world, THIRD, received_at=NOON + dt.timedelta(hours=2))
    found = await duplicates(world).compare(OF, THIRD)
    assert found is not None
    assert found.asking == 2
    await settles(world, Answer.DIFFERENT, THIRD, ITEM)
    assert await status(world, THIRD) is ItemStatus.NEEDS_ATTENTION
    await settles(world, Answer.DIFFERENT, THIRD, SECOND)
    assert await status(world, THIRD) is ItemStatus.READY


async def test_same_rejects_and_putting_back_asks_again(world: World) -> None:
    """C6: never deleted, reversible."""
    await arrives(world)
    await settles(world, Answer.SAME)
    view = await items(world).view(OF, SECOND)
    assert (view.status, view.item.rejected_by) == (ItemStatus.REJECTED, ADA)
    assert view.suspects[0].verdict is not None
    assert await status(world, ITEM) is ItemStatus.READY
    assert (await items(world).restore(OF, SECOND, BEN)).status is ItemStatus.NEEDS_ATTENTION
    assert [what for what, *_ in await said(world)][-3:] == [
        "item.rejected", "duplicate.same", "item.restored",
    ]  # fmt: skip


async def test_who_answers_second_hears_who_was_first(world: World) -> None:
    """C6: answered once, also by two people with the question open."""
    await arrives(world)
    await settles(world, Answer.SAME)
    for answer in (Answer.DIFFERENT, Answer.REPLACED):
        with pytest.raises(AlreadyDone, match="<@UADA> answered this already"):
            await duplicates(world).settle(OF, SECOND, ITEM, BEN, answer)
    assert await status(world, ITEM) is ItemStatus.READY


async def test_replace_rejects_the_other_unless_it_is_on_its_way(world: World) -> None:
    """C6: replace only what is not published."""
    await arrives(world)
    await settles(world, Answer.REPLACED)
    assert await status(world, ITEM) is ItemStatus.REJECTED
    assert await status(world, SECOND) is ItemStatus.READY
    await items(world).restore(OF, ITEM, ADA)
    assert await status(world, SECOND) is ItemStatus.NEEDS_ATTENTION
    await published(world)
    with pytest.raises(AlreadyDone, match="published this item already"):
        await settles(world, Answer.REPLACED)
    assert await status(world, SECOND) is ItemStatus.NEEDS_ATTENTION


async def test_an_answer_can_be_taken_back_once(world: World) -> None:
    """C6: Ask again."""
    await arrives(world)
    await settles(world, Answer.DIFFERENT)
    view = await duplicates(world).ask_again(OF, SECOND, ITEM, BEN)
    assert view.status is ItemStatus.NEEDS_ATTENTION
    with pytest.raises(AlreadyDone):
        await duplicates(world).ask_again(OF, SECOND, ITEM, BEN)
    with pytest.raises(AlreadyDone, match="not alike any more"):
        await settles(world, Answer.SAME, SECOND, ItemId("none"))
    with pytest.raises(NotFound):
        await settles(world, Answer.SAME, ItemId("none"), SECOND)
    named = [before for what, _, before, _ in await said(world) if what == "duplicate.asked_again"]
    assert named == ["Northwind Paper Ltd NW-1001, in the inbox since 5 Oct"]


async def test_side_by_side_shows_the_other_as_it_stands_and_nothing_when_it_was_edited_away(
    world: World,
) -> None:
    """C4 C6: detection is redone when an item is edited."""
    await published(world)
    await arrives(world)
    found = await duplicates(world).compare(OF, SECOND)
    assert found is not None
    assert (found.other.status, found.suspect.other.id, found.asking) == (ItemStatus.PUBLISHED, ITEM, 1)
    await items(world).edit(OF, SECOND, ADA, {Field.TOTAL: "1.00"})
    assert await duplicates(world).compare(OF, SECOND) is None
    assert await status(world, SECOND) is ItemStatus.READY
    await items(world).edit(OF, SECOND, ADA, {Field.TOTAL: None})
    assert await status(world, SECOND) is ItemStatus.NEEDS_ATTENTION


async def test_what_was_rejected_before_is_compared_too(world: World) -> None:
    """C4: items in any state; what is rejected later does not stop the first."""
    await items(world).reject(OF, ITEM, ADA)
    await arrives(world)
    assert "rejected" in (await items(world).view(OF, SECOND)).coding.problems[0].says
    await items(world).reject(OF, SECOND, ADA)
    await items(world).restore(OF, ITEM, ADA)
    assert await status(world, ITEM) is ItemStatus.READY


async def test_two_that_were_claimed_at_once_do_not_both_go_out(world: World) -> None:
    """C3 C4: looked at again before anything is sent; the later one is given back with the reason."""
    await published_claim(world)
    await arrives(world, received_at=NOON - dt.timedelta(hours=1))
    with pytest.raises(NotReady):
        await world.publish.begin(OF, SECOND, ADA)
    await arrives(world, THIRD, document_number="OTHER-7", received_at=NOON + dt.timedelta(hours=3))
    assert isinstance(await world.publish.begin(OF, THIRD, ADA), Begun)
    await store(world).items.change(
        THIRD, lambda item: _with_number(item, "NW-1001")
    )  # fmt: skip
    await world.run_all()
    item = await store(world).items.get(THIRD)
    assert item is not None
    assert (item.stage, item.hold.cause if item.hold else "") == (ItemStage.INBOX, "NotReady")
    assert len(world.books.records) == 1


async def published_claim(world: World) -> None:
    assert isinstance(await world.publish.begin(OF, ITEM, ADA), Begun)


def _with_number(item: Item, number: str) -> Item:
    return replace(item, document=replace(item.document, document_number=number))


@pytest.mark.parametrize(
    ("business", "supplier", "asks"),
    [
        (DuplicateMode.REVIEW, None, True),
        (DuplicateMode.OFF, None, False),
        (DuplicateMode.OFF, DuplicateMode.REVIEW, True),
        (DuplicateMode.REVIEW, DuplicateMode.OFF, False),
    ],
)
async def test_a_business_or_a_supplier_may_be_left_unasked(
    world: World, business: DuplicateMode, supplier: DuplicateMode | None, asks: bool
) -> None:
    """C6 C7: Review or Off, a supplier's rule before the settings."""
    await store(world).settings.change(lambda _: BusinessSettings(duplicates=business))
    await store(world).rules.save(SupplierRule(key("Northwind Paper Ltd"), duplicates=supplier))
    await arrives(world)
    view = await items(world).view(OF, SECOND)
    assert (view.status is ItemStatus.NEEDS_ATTENTION, bool(view.suspects)) == (asks, asks)


async def test_a_rule_says_how_a_suppliers_duplicates_are_handled(world: World) -> None:
    """C7: set in the form, said in the log, left to the settings again."""
    rules = RuleService(world.storage, world.jobs, world.clock)
    rule = await rules.save(OF, ADA, "s1", {"duplicates": "off"})
    assert rule.duplicates is DuplicateMode.OFF
    assert (await said(world))[-1][3] == "possible duplicates: off"
    await rules.save(OF, ADA, "s1", {"category": "c1", "duplicates": None})
    standing = await store(world).rules.of(rule.supplier)
    assert standing is not None
    assert standing.duplicates is None


async def test_pages_and_counts_know_of_duplicates(world: World) -> None:
    """C1 C4."""
    await arrives(world)
    page = await items(world).page(OF, None)
    assert page.counts == {ItemStatus.NEEDS_ATTENTION: 1, ItemStatus.READY: 1}


async def test_a_number_that_the_books_have_already_names_the_record_there(world: World) -> None:
    """C5 S3: also one that the bot did not make; the refusal stands when it cannot be looked up."""
    used = Refused("The bill number is used already.", cause="number_used", advice="Change it.")
    world.books.faults = [used]
    world.books.rival = Booked(
        PublishAs.BILL, "7", "NW-1001", "https://books.example/7", {"date": "2026-03-01", "total": "144.00"}
    )
    await published(world)
    item = await world.item()
    assert item.stage is ItemStage.FAILED
    assert item.hold is not None
    assert item.hold.says == "The bill number is used already. It is the bill of 2026-03-01 over 144.00."
    assert (item.hold.cause, item.hold.link) == ("number_used", "https://books.example/7")
    world.books.faults = [Refused("Used already.", cause="number_used")]
    world.books.rival = None
    await published(world)
    hold = (await world.item()).hold
    assert hold is not None
    assert (hold.says, hold.link) == ("Used already.", "")


@pytest.mark.parametrize("before", [True, False], ids=["before sending", "by the books"])
async def test_a_used_number_counts_by_who_found_it(world: World, before: bool) -> None:
    """S3: found before anything was sent it is prevented, else it was returned."""
    if before:
        await world.storage.of(OF).numbers.remember(number_key(PublishAs.BILL, "s1", "NW-1001"))
    else:
        world.books.faults = [Refused("Used already.", cause="number_used")]
    world.books.rival = Booked(PublishAs.BILL, "7", "NW-1001", "https://books.example/7")
    await published(world)
    assert (await world.item()).stage is ItemStage.FAILED
    counted = happened(await world.storage.of(OF).log.latest(20))
    assert (counted.prevented, counted.returned) == ((1, 0) if before else (0, 1))


# --- suppliers


async def test_a_remembered_choice_counts_for_the_next_item_of_the_name(world: World) -> None:
    """S21 C8: alias remembered, with who and when, logged; forgotten again."""
    await arrives(world, supplier="NW Stationers", document_number="1")
    outcome = await world.publish.begin(OF, SECOND, ADA)
    assert isinstance(outcome, AskSupplier)
    await world.publish.begin_with_supplier(
        OF, SECOND, ADA, supplier=EntryId("s1"), create=False, remember=True
    )
    await arrives(world, THIRD, supplier="NW STATIONERS", document_number="2")
    view = await items(world).view(OF, THIRD)
    value = view.coding.values[Field.SUPPLIER]
    assert (value.text, value.why, view.status) == (
        "Northwind Paper Ltd", "remembered choice", ItemStatus.READY,
    )  # fmt: skip
    assert isinstance(await world.publish.begin(OF, THIRD, ADA), Begun)
    aliases = AliasService(world.storage, world.jobs, world.clock)
    (alias,) = (await store(world).aliases.all()).values()
    assert (alias.written, alias.entry, alias.by, alias.at) == ("NW Stationers", "s1", ADA, world.clock())
    await aliases.forget(OF, BEN, alias.key)
    await aliases.forget(OF, BEN, alias.key)
    assert await store(world).aliases.all() == {}
    assert [line[0] for line in await said(world) if line[0].startswith("alias")] == [
        "alias.remembered", "alias.forgotten",
    ]  # fmt: skip


async def test_a_choice_of_a_customer_is_remembered_for_sales_only(world: World) -> None:
    """S21 C8: the sale side asks and remembers in the same way."""
    sale: dict[str, Any] = {
        "side": Side.SALE,
        "supplier": "",
        "customer": "Harbour Bookshop",
        "category": "Sales",
    }
    await arrives(world, document_number="S-1", **sale)
    outcome = await world.publish.begin(OF, SECOND, ADA)
    assert isinstance(outcome, AskSupplier)
    assert [one.name for one in outcome.alike] == ["Harbour Books"]
    await world.publish.begin_with_supplier(
        OF, SECOND, ADA, supplier=EntryId("k1"), create=False, remember=True
    )
    await arrives(world, THIRD, document_number="S-2", **sale)
    value = (await items(world).view(OF, THIRD)).coding.values[Field.CUSTOMER]
    assert (value.text, value.why) == ("Harbour Books", "remembered choice")
    await arrives(world, ItemId("item4"), supplier="Harbour Bookshop", document_number="3")
    assert (await items(world).view(OF, ItemId("item4"))).coding.new_supplier


async def test_two_sales_to_one_customer_are_asked_about(world: World) -> None:
    """C4: same customer, number and total; a cost of the same number is something else."""
    sale: dict[str, Any] = {
        "side": Side.SALE,
        "supplier": "",
        "customer": "Harbour Books",
        "category": "Sales",
    }
    await arrives(world, **sale)
    assert await status(world, SECOND) is ItemStatus.READY
    await arrives(world, THIRD, received_at=NOON + dt.timedelta(hours=2), **sale)
    (problem,) = (await items(world).view(OF, THIRD)).coding.problems
    assert "same customer, number and total" in problem.says


async def test_without_the_tick_nothing_is_remembered(world: World) -> None:
    """S21: for this item only."""
    await arrives(world, supplier="NW Stationers", document_number="1")
    await world.publish.begin_with_supplier(OF, SECOND, ADA, supplier=EntryId("s1"), create=False)
    assert await store(world).aliases.all() == {}


@pytest.mark.parametrize(
    "document", [{"supplier": "Nordwind", "supplier_tax_number": "GB980780684"}, {"supplier": "NWP plc"}]
)
async def test_the_rule_of_a_supplier_counts_whatever_the_document_calls_it(
    world: World, document: dict[str, Any]
) -> None:
    """S24 C7: the rule is found by the supplier that was known by company name or tax number."""
    known = an_entry(
        "Northwind Paper Ltd", id=EntryId("s1"), tax_number="GB980780684", also_known_as=("NWP plc",)
    )  # fmt: skip
    await store(world).lists.add(ListKind.SUPPLIERS, known)
    await store(world).rules.save(SupplierRule(key("Northwind Paper Ltd"), category=EntryId("c1")))
    await arrives(world, category="", document_number="1", **document)
    view = await items(world).view(OF, SECOND)
    assert view.coding.text(Field.CATEGORY) == "429 - Office Supplies"


async def test_of_very_many_suppliers_the_closest_are_offered_without_reading_all(world: World) -> None:
    """S21: a click is answered within three seconds."""
    many = [an_entry(f"Company {n:04} Ltd") for n in range(1200)]
    await store(world).lists.stage("g2", ListKind.SUPPLIERS, [*many, an_entry("Northwind Paper Ltd")])
    await store(world).lists.commit("g2", [ListKind.SUPPLIERS], NOON)
    await arrives(world, supplier="Nortwind Papers", document_number="1")
    asked = await world.publish.closest(OF, SECOND)
    assert [one.name for one in asked.alike][:1] == ["Northwind Paper Ltd"]


@pytest.mark.parametrize("warns", [True, False])
async def test_of_two_suppliers_that_fit_none_is_chosen_unasked(world: World, warns: bool) -> None:
    """S21: an ambiguous match is offered, also where new suppliers are created without a question."""
    await store(world).settings.change(lambda _: BusinessSettings(warn_new_supplier=warns))
    kestrel = an_entry("Kestrel Taxis", id=EntryId("s2"), tax_number="GB980780684")
    await store(world).lists.add(ListKind.SUPPLIERS, kestrel)
    await arrives(world, supplier_tax_number="GB 980780684", document_number="1")
    for asked in (
        await world.publish.begin(OF, SECOND, ADA),
        await world.publish.begin_with_supplier(OF, SECOND, ADA, supplier=None, create=True),
    ):
        assert isinstance(asked, AskSupplier)
        assert [(one.name, one.reason) for one in asked.alike] == [
            ("Kestrel Taxis", "same tax number"), ("Northwind Paper Ltd", "same name"),
        ]  # fmt: skip
    await world.publish.begin_with_supplier(OF, SECOND, ADA, supplier=EntryId("s2"), create=False)
    await world.run_all()
    assert [record.body["vendor_id"] for record in world.books.records] == ["s2"]
    assert world.books.suppliers == []


async def test_a_supplier_that_becomes_ambiguous_after_the_click_is_asked_about(world: World) -> None:
    """S21: resolved again before anything is sent."""
    await store(world).settings.change(lambda _: BusinessSettings(warn_new_supplier=False))
    assert isinstance(await world.publish.begin(OF, ITEM, ADA), Begun)
    twin = an_entry("Northwind Paper Ltd", id=EntryId("twin"))
    await store(world).lists.add(ListKind.SUPPLIERS, twin)
    await world.run_all()
    item = await world.item()
    assert item.stage is ItemStage.INBOX
    assert item.hold is not None
    assert item.hold.says == "Northwind Paper Ltd fits two suppliers in Zoho Books."
    assert world.books.records == []
