"""Settings and supplier rules: what may be chosen, what a change does to the very next item."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.identity import ChannelId, EntryId, ItemId
from bot.domain.items import Field, ItemStage, Side
from bot.domain.lists import ListKind
from bot.domain.settings import BooksChanges, BusinessSettings, RefreshSchedule, SupplierRule
from bot.errors import FieldErrors
from storage.store import RedisStorage
from tests.builders import ADA, an_entry, an_item
from tests.fakes import FakeJobs
from tests.integration.services.inbox import LISTS, OF, Inbox, text
from tests.redis_fixtures import Clock

T20, T0, T5, GONE = EntryId("t20"), EntryId("t0"), EntryId("t5"), EntryId("t17")


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


async def test_only_active_taxes_of_the_last_refresh_are_offered(inbox: Inbox) -> None:
    """S23: for either side."""
    assert [entry.id for entry in (await inbox.settings.choices(OF)).taxes] == [T5, T20, T0]


@pytest.mark.parametrize("tax", [GONE, EntryId("t99"), EntryId("Standard Rate"), EntryId("c429")])
async def test_a_tax_that_is_not_on_the_list_is_refused_at_its_field(inbox: Inbox, tax: EntryId) -> None:
    """S23: an inactive one, a made-up one, a name, an id of another list; nothing is saved."""
    before = await inbox.settings.read(OF)
    for field, new in (
        ("default_tax_costs", BusinessSettings(warn_new_supplier=False, default_tax_costs=tax)),
        ("default_tax_sales", BusinessSettings(warn_new_supplier=False, default_tax_sales=tax)),
    ):
        with pytest.raises(FieldErrors) as refused:
            await inbox.settings.save(OF, ADA, new)
        assert set(refused.value.fields) == {field}
    assert await inbox.settings.read(OF) == before
    assert await inbox.said() == []


async def test_what_is_looked_for_in_the_books_is_logged_with_before_and_after(inbox: Inbox) -> None:
    """C13 C12"""
    before = await inbox.settings.read(OF)
    assert before.books_changes is BooksChanges.EVERYTHING, "unless somebody narrows it"
    said = await inbox.settings.save(OF, ADA, replace(before, books_changes=BooksChanges.OFF))
    assert said == ("Changes in Zoho Books: Off (was Flag everything, also what was entered there)",)
    assert await inbox.said() == [
        (
            "settings.changed", "Changes in Zoho Books",
            "Flag everything, also what was entered there", "Off",
        )
    ]  # fmt: skip


async def test_what_waits_is_counted_where_a_default_decides(inbox: Inbox) -> None:
    """S18: without a tax of its own, by hand, rule or document; what is published is not counted."""
    await inbox.store.rules.save(SupplierRule("kestrel taxis", tax=T5))
    items = [
        an_item(id=ItemId("i1"), external_id="1"),
        an_item(id=ItemId("i2"), external_id="2", tax="Standard Rate"),
        an_item(id=ItemId("i3"), external_id="3", manual={Field.TAX: "t0"}),
        an_item(id=ItemId("i4"), external_id="4", supplier="Kestrel Taxis"),
        an_item(id=ItemId("i5"), external_id="5", supplier="Brand New Supplier Co", stage=ItemStage.FAILED),
        an_item(id=ItemId("i6"), external_id="6", side=Side.SALE, customer="Harbour Books"),
        an_item(id=ItemId("i7"), external_id="7", stage=ItemStage.PUBLISHED),
    ]
    await inbox.store.items.add(items)
    waiting = await inbox.settings.waiting(OF)
    assert (waiting.costs, waiting.sales, waiting.is_all) == (2, 1, True)
    assert waiting.new_suppliers == 2  # a supplier and a customer


async def test_a_change_is_said_in_words_and_logged_with_before_and_after(inbox: Inbox) -> None:
    """S16 S18: only what changed."""
    new = BusinessSettings(
        warn_new_supplier=False,
        default_tax_costs=T20,
        channel=ChannelId("C1"),
        refresh_schedule=RefreshSchedule.EVERY_6_HOURS,
    )
    said = await inbox.settings.save(OF, ADA, new)
    assert said == (
        "Warn me when a new supplier will be created in Zoho Books: off (was on)",
        "Default tax for costs: Standard Rate 20% (was none)",
        "Channel: <#C1> (was none)",
        "Refresh schedule: Every 6 hours (was Every 24 hours)",
    )
    assert ("settings.changed", "Default tax for costs", "none", "Standard Rate 20%") in await inbox.said()
    assert await inbox.settings.save(OF, ADA, new) == ()
    assert len(await inbox.said()) == 4


async def test_the_schedule_counts_from_the_change(inbox: Inbox) -> None:
    """C17: off is never; without a connection nothing is due."""
    await inbox.settings.save(OF, ADA, BusinessSettings(refresh_schedule=RefreshSchedule.EVERY_6_HOURS))
    due = await inbox.store.refreshes.due_at()
    assert due is not None
    assert 0 < (due - inbox.clock()).total_seconds() <= 6 * 3600 + 600
    await inbox.settings.save(OF, ADA, BusinessSettings(refresh_schedule=RefreshSchedule.OFF))
    assert await inbox.store.refreshes.due_at() is None
    await inbox.store.connection.forget()
    await inbox.settings.save(OF, ADA, BusinessSettings(refresh_schedule=RefreshSchedule.EVERY_12_HOURS))
    assert await inbox.store.refreshes.due_at() is None


@pytest.mark.parametrize(
    ("settings", "side", "expected"),
    [
        (BusinessSettings(default_tax_costs=T20), Side.COST, "Standard Rate 20%"),
        (BusinessSettings(default_tax_costs=T20), Side.SALE, ""),
        (BusinessSettings(default_tax_sales=T0), Side.COST, ""),
        (BusinessSettings(default_tax_sales=T0), Side.SALE, "Zero Rate 0%"),
        (BusinessSettings(default_tax_costs=T20, default_tax_sales=T0), Side.COST, "Standard Rate 20%"),
        (BusinessSettings(default_tax_costs=T20, default_tax_sales=T0), Side.SALE, "Zero Rate 0%"),
    ],
)
async def test_a_default_tax_is_for_its_side_only(
    inbox: Inbox, settings: BusinessSettings, side: Side, expected: str
) -> None:
    """S23: never the one for costs on a sale, nor the other way round."""
    item = an_item(side=side, customer="Harbour Books")
    await inbox.store.items.add([item])
    await inbox.settings.save(OF, ADA, settings)
    view = await inbox.items.view(OF, item.id)
    assert text(view, Field.TAX)[0] == expected


async def test_manual_wins_over_the_rule_and_the_rule_over_document_and_default(inbox: Inbox) -> None:
    """S24: four taxes, taken away one by one."""
    item = an_item(tax="Reduced Rate")
    await inbox.store.items.add([item, an_item(id=ItemId("item2"), external_id="2")])
    await inbox.settings.save(OF, ADA, BusinessSettings(default_tax_costs=T20))
    await inbox.rules.save(OF, ADA, "s1", {"category": "", "tax": T0})
    view = await inbox.items.edit(OF, item.id, ADA, {Field.TAX: T20})
    assert text(view, Field.TAX) == ("Standard Rate 20%", "manual")
    view = await inbox.items.edit(OF, item.id, ADA, {Field.TAX: None})
    assert text(view, Field.TAX) == ("Zero Rate 0%", "rule")
    await inbox.rules.remove(OF, ADA, "northwind paper")
    assert text(await inbox.items.view(OF, item.id), Field.TAX) == ("Reduced Rate 5%", "document")
    assert text(await inbox.items.view(OF, ItemId("item2")), Field.TAX) == ("Standard Rate 20%", "default")


async def test_a_default_tax_that_vanished_is_said_and_named_when_replaced(inbox: Inbox) -> None:
    """S23 S41: the item needs attention, the settings can still be saved with another."""
    await inbox.store.items.add([an_item()])
    await inbox.settings.save(OF, ADA, BusinessSettings(default_tax_costs=T20))
    rates = [replace(one, active=one.id != T20) for one in LISTS[ListKind.TAXES]]
    await inbox.store.lists.stage("g2", ListKind.TAXES, rates)
    await inbox.store.lists.commit("g2", [ListKind.TAXES], inbox.clock())
    view = await inbox.items.view(OF, ItemId("item1"))
    assert [problem.field for problem in view.coding.problems] == [Field.TAX]
    (said,) = await inbox.settings.save(OF, ADA, BusinessSettings(default_tax_costs=T0))
    assert said == "Default tax for costs: Zero Rate 0% (was Standard Rate 20%)"


# --- supplier rules


async def test_a_rule_sets_what_items_of_its_supplier_get(inbox: Inbox) -> None:
    """S26 C7: under whatever form the name is written; the log has names of both."""
    rule = await inbox.rules.save(OF, ADA, "s1", {"category": "c493", "tax": T0})
    assert rule == SupplierRule("northwind paper", EntryId("c493"), T0, "Northwind Paper Ltd")
    await inbox.store.items.add([an_item(supplier="NORTHWIND PAPER LIMITED", category="")])
    view = await inbox.items.view(OF, ItemId("item1"))
    assert text(view, Field.CATEGORY) == ("493 - Travel", "rule")
    (found,) = (await inbox.rule_book.read(OF)).views
    assert (found.category, found.tax) == (LISTS[ListKind.CATEGORIES][1], LISTS[ListKind.TAXES][1])
    await inbox.rules.remove(OF, ADA, rule.supplier)
    assert list((await inbox.rule_book.read(OF)).views) == []
    assert [what for what, *_ in await inbox.said()] == ["rule.changed", "rule.changed"]


async def test_a_rule_for_a_supplier_not_there_yet_waits_for_it(inbox: Inbox) -> None:
    """C7: by its name."""
    await inbox.rules.save(OF, ADA, "new: Old Mill Hosting ", {"category": "c429", "tax": ""})
    await inbox.store.items.add([an_item(supplier="Old Mill Hosting", category="")])
    view = await inbox.items.view(OF, ItemId("item1"))
    assert text(view, Field.CATEGORY) == ("429 - Office Supplies", "rule")


@pytest.mark.parametrize(
    ("supplier", "category", "tax", "fields"),
    [
        ("", "c429", "", {"supplier"}),
        ("s99", "c429", "", {"supplier"}),
        ("new: ", "c429", "", {"supplier"}),
        ("s1", "", "", {"category"}),
        ("s1", "c99", "", {"category"}),
        ("s1", "c429", "t17", {"tax"}),
        ("", "c99", "t99", {"supplier", "category", "tax"}),
    ],
)
async def test_a_rule_of_nothing_known_is_refused_at_its_fields(
    inbox: Inbox, supplier: str, category: str, tax: str, fields: set[str]
) -> None:
    """C7: nothing is saved."""
    with pytest.raises(FieldErrors) as refused:
        await inbox.rules.save(OF, ADA, supplier, {"category": category, "tax": tax})
    assert set(refused.value.fields) == fields
    assert list((await inbox.rule_book.read(OF)).views) == []


async def test_a_rule_whose_entry_is_gone_is_shown_without_it(inbox: Inbox) -> None:
    """S41: the rule stays, the item needs attention."""
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493", "tax": ""})
    await inbox.store.lists.clear()
    await inbox.store.lists.stage("g2", ListKind.SUPPLIERS, [an_entry("Northwind Paper Ltd")])
    await inbox.store.lists.commit("g2", [ListKind.SUPPLIERS], inbox.clock())
    (found,) = (await inbox.rule_book.read(OF)).views
    assert (found.rule.category, found.category) == (EntryId("c493"), None)
    await inbox.store.items.add([an_item()])
    view = await inbox.items.view(OF, ItemId("item1"))
    assert Field.CATEGORY in {problem.field for problem in view.coding.problems}
