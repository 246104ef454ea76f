"""Rules of suppliers and customers: kept, handed out as a table, searched for conflicts."""

from __future__ import annotations

import pytest

from bot.domain.conflicts import Cause
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, Item, Side
from bot.domain.lists import ListKind
from bot.domain.settings import SupplierRule
from bot.errors import AlreadyDone, FieldErrors, NotFound
from storage.store import RedisStorage
from tests.builders import ADA, an_entry, an_item
from tests.fakes import FakeJobs
from tests.integration.services.inbox import LISTS, OF, Inbox, text
from tests.redis_fixtures import Clock

EUR = an_entry("EUR", id=EntryId("eur"))
CUSTOMERS = [an_entry("Harbour Books", id=EntryId("k1")), an_entry("Northwind Paper Ltd", id=EntryId("k2"))]


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    made = Inbox(storage, FakeJobs(), clock)
    await made.connected()
    await made.store.lists.stage("g2", ListKind.CUSTOMERS, CUSTOMERS)
    await made.store.lists.stage("g2", ListKind.CURRENCIES, [*LISTS[ListKind.CURRENCIES], EUR])
    await made.store.lists.commit("g2", [ListKind.CUSTOMERS, ListKind.CURRENCIES], clock())
    return made


def a_sale(number: int = 1, customer: str = "Harbour Books") -> Item:
    return an_item(
        id=ItemId(f"sale{number}"), external_id=f"sale{number}", side=Side.SALE, supplier="",
        customer=customer, category="",
    )  # fmt: skip


async def test_a_customers_rule_is_for_sales_and_a_suppliers_for_costs(inbox: Inbox) -> None:
    """C7: also where one company is both."""
    await inbox.rules.save(OF, ADA, "k2", {"category": "c200"}, Side.SALE)
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    sale, cost = a_sale(customer="NORTHWIND PAPER LIMITED"), an_item(category="")
    await inbox.store.items.add([sale, cost])
    views = {view.item.id: view for view in (await inbox.items.page(OF, None)).views}
    assert text(views[sale.id], Field.CATEGORY) == ("200 - Sales", "rule")
    assert text(views[cost.id], Field.CATEGORY) == ("493 - Travel", "rule")
    assert text(await inbox.items.view(OF, sale.id), Field.CATEGORY) == ("200 - Sales", "rule")


@pytest.mark.parametrize(
    ("chosen", "side", "form", "field"),
    [
        ("k1", Side.SALE, {"category": "c429"}, "category"),
        ("s1", Side.COST, {"category": "c200"}, "category"),
        ("s1", Side.SALE, {"category": "c200"}, "customer"),
        ("", Side.SALE, {"category": "c200"}, "customer"),
        ("s1", Side.COST, {"currency": "usd"}, "currency"),
    ],
)
async def test_what_is_not_for_its_side_is_refused_at_its_field(
    inbox: Inbox, chosen: str, side: Side, form: dict[str, str], field: str
) -> None:
    """C7."""
    with pytest.raises(FieldErrors) as refused:
        await inbox.rules.save(OF, ADA, chosen, form, side)
    assert set(refused.value.fields) == {field}
    assert list((await inbox.rule_book.read(OF)).views) == []


async def test_a_rules_currency_is_chosen_kept_and_used(inbox: Inbox) -> None:
    """C7 C8: by its code; taken out again it is the organisation's."""
    rule = await inbox.rules.save(OF, ADA, "s1", {"currency": "eur"})
    assert rule == SupplierRule("northwind paper", name="Northwind Paper Ltd", currency="EUR")
    await inbox.store.items.add([an_item(currency="")])
    view = await inbox.items.view(OF, ItemId("item1"))
    assert (text(view, Field.CURRENCY), view.coding.currency) == (("EUR", "rule"), "EUR")
    assert (await inbox.said())[-1][3] == "currency EUR"
    (standing,) = (await inbox.rule_book.read(OF)).views
    assert standing.entries["currency"] == EUR
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    assert text(await inbox.items.view(OF, ItemId("item1")), Field.CURRENCY) == ("GBP", "default")


async def test_a_sale_teaches_its_customers_rule(inbox: Inbox) -> None:
    """C7: **Edit item** → Rule."""
    await inbox.store.items.add([a_sale(), a_sale(2)])
    view = await inbox.items.edit(OF, ItemId("sale1"), ADA, {Field.CATEGORY: "c200"})
    rule = await inbox.rules.learn(OF, ADA, view)
    assert rule == SupplierRule("sale/harbour books", EntryId("c200"), None, "Harbour Books", side=Side.SALE)
    assert text(await inbox.items.view(OF, ItemId("sale2")), Field.CATEGORY) == ("200 - Sales", "rule")


# --- the table


async def test_the_table_comes_back_through_the_import(inbox: Inbox) -> None:
    """C7: exported, removed, imported: the same rules; and the export is logged."""
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493", "tax": "t20", "due_days": "14"})
    await inbox.rules.save(OF, ADA, "k1", {"category": "c200", "description": "=Books"}, Side.SALE)
    before = await inbox.store.rules.all()
    content, number = await inbox.rule_book.table(OF, ADA)
    assert number == 2
    assert (await inbox.said())[-1] == ("rules.exported", "", "", "2 rules")
    assert b"'=Books" in content
    seen = await inbox.importing.look(OF, "rules.csv", content)
    assert (seen.is_supplier_list, seen.has_news, seen.rules.same) == (True, False, 2)
    for rule in before:
        await inbox.rules.remove(OF, ADA, rule.supplier)
    done = await inbox.importing.run(OF, "rules.csv", content, ADA)
    assert (done.rules.added, done.refused) == (2, ())
    assert {rule.supplier: rule for rule in await inbox.store.rules.all()} == {
        rule.supplier: rule for rule in before
    }


async def test_asked_for_twice_the_table_is_sent_twice(inbox: Inbox) -> None:
    """C7: each click is a job of its own."""
    await inbox.rule_book.ask_table(OF, ADA, "1")
    await inbox.rule_book.ask_table(OF, ADA, "2")
    assert [name for name, _ in inbox.jobs.queue] == ["export_rules", "export_rules"]


# --- conflicts


async def test_conflicts_are_found_and_mended(inbox: Inbox) -> None:
    """C7: what is taken out is gone, what is moved counts, what is removed sets nothing."""
    lists = [an_entry("Brightwater Plc", id=EntryId("s9"), also_known_as=("BPL",))]
    await inbox.store.lists.stage("g3", ListKind.SUPPLIERS, lists)
    await inbox.store.lists.commit("g3", [ListKind.SUPPLIERS], inbox.clock())
    await inbox.store.rules.save(SupplierRule("bpl", EntryId("c493"), EntryId("t99"), "BPL"))
    found = await inbox.rule_book.conflicts(OF)
    assert [one.cause for one in found] == [Cause.GONE, Cause.UNUSED]
    await inbox.rules.clear(OF, ADA, "bpl", "tax")
    await inbox.rules.move(OF, ADA, "bpl", found[1].moves_to)
    assert await inbox.rule_book.conflicts(OF) == ()
    assert await inbox.store.rules.of("brightwater") == SupplierRule(
        "brightwater", EntryId("c493"), name="Brightwater Plc"
    )
    await inbox.store.items.add([an_item(supplier="bpl", category="")])
    assert text(await inbox.items.view(OF, ItemId("item1")), Field.CATEGORY) == ("493 - Travel", "rule")


async def test_a_conflict_that_somebody_mended_already_is_said(inbox: Inbox) -> None:
    """C7: two Admins at one list."""
    with pytest.raises(NotFound):
        await inbox.rules.clear(OF, ADA, "nobody", "tax")
    await inbox.rules.save(OF, ADA, "new:BPL", {"category": "c493"})
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    with pytest.raises(AlreadyDone):
        await inbox.rules.move(OF, ADA, "bpl", "Northwind Paper Ltd")
    assert (await inbox.store.rules.of("bpl")) is not None
