"""What looking at items needs, read together: the same as read one by one, in one round trip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.duplicates import Answer, Verdict
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, Item, ItemStage, ManualValue
from bot.domain.lists import ListKind
from bot.domain.recoding import Recoding
from bot.domain.settings import SupplierRule
from bot.ports.views import Asked
from storage.store import RedisStore
from tests.builders import ADA, NOON, an_entry, an_item
from tests.redis_fixtures import Clock

STAGES = (ItemStage.INBOX, ItemStage.FAILED)


def numbered(number: int, **changes: object) -> Item:
    usual = {"document_number": f"N-{number}", "total": f"{number + 1}.00", "received_at": NOON}
    return an_item(id=ItemId(f"item{number:03}"), external_id=f"e{number}", **{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(("offset", "limit"), [(0, 10), (10, 10), (35, 10), (40, 10), (0, 500)])
async def test_a_page_is_that_of_the_items(
    store: RedisStore, round_trips: Callable[[], int], offset: int, limit: int
) -> None:
    """C1: newest first, those of one moment in one order, each on one page only."""
    stages = [ItemStage.INBOX, ItemStage.FAILED, ItemStage.REJECTED]
    await store.items.add([numbered(number, stage=stages[number % 3]) for number in range(60)])
    await store.views.page(STAGES, 0, 1)
    expected, total = await store.items.page(STAGES, offset, limit)
    round_trips()
    seen = await store.views.page(STAGES, offset, limit)
    assert round_trips() == 1
    assert ([item for item, _ in seen.items], seen.total) == (list(expected), total)


async def test_beside_each_item_lies_what_may_be_the_same(store: RedisStore) -> None:
    """C4: as `candidates` finds it, with what was answered; also after an edit and back again."""
    one, other = numbered(1), numbered(2, document_number="N 1", total="2.00")
    await store.items.add([one, other])
    await store.duplicates.answer(one.id, other.id, Verdict(Answer.DIFFERENT, ADA, NOON))
    ((_, beside),) = (await store.views.items([one.id])).items
    assert [beside] == list(await store.duplicates.candidates([one]))
    ((found, verdict),) = beside
    assert (found.id, verdict and verdict.answer) == (other.id, Answer.DIFFERENT)

    def edited(item: Item) -> Item:
        manual = {Field.DATE: ManualValue("2020-01-01", ADA, NOON), Field.TOTAL: ManualValue("7", ADA, NOON)}
        return replace(item, manual=manual)

    await store.items.change(one.id, edited)
    ((_, beside),) = (await store.views.items([one.id])).items
    assert beside == []
    await store.items.change(one.id, lambda item: replace(item, manual={}))
    ((_, beside),) = (await store.views.items([one.id])).items
    assert len(beside) == 1


async def test_what_is_not_there_is_left_out(store: RedisStore) -> None:
    await store.items.add([numbered(1)])
    seen = await store.views.items([ItemId("nobody"), ItemId("item001")])
    assert [item.id for item, _ in seen.items] == ["item001"]
    assert (await store.views.desk()).connection is None


async def test_a_rule_is_found_by_every_name_of_its_supplier_with_what_it_names(store: RedisStore) -> None:
    """C7: by id, other name or tax number; a customer's of that name is another one."""
    acme = an_entry("Acme Ltd", id=EntryId("s1"), also_known_as=("Roadrunner",), tax_number="GB123456789")
    lists = {
        ListKind.SUPPLIERS: [acme],
        ListKind.CUSTOMERS: [an_entry("ACME LIMITED", id=EntryId("k1"))],
        ListKind.CATEGORIES: [an_entry("Travel", id=EntryId("c1"))],
        ListKind.CURRENCIES: [an_entry("EUR", id=EntryId("cur-1"))],
    }
    for kind, entries in lists.items():
        await store.lists.stage("g1", kind, entries)
    await store.lists.commit("g1", list(lists), NOON)
    supplier = SupplierRule("acme", EntryId("c1"), name="Acme", currency="EUR")
    customer = SupplierRule("sale/acme", EntryId("c9"), name="Acme")
    await store.rules.save(supplier, customer, SupplierRule("other", EntryId("c1")))
    for text in ("s1", "Roadrunner", "tax-number:GB123456789", "acme"):
        found = await store.views.look_up([Asked([(ListKind.SUPPLIERS, text)], [])])
        assert found.rules == {"acme": supplier}, text
        assert found.lists.by_id(ListKind.CATEGORIES, EntryId("c1")) is not None
        assert found.lists.find(ListKind.CURRENCIES, "EUR") is not None
    found = await store.views.look_up([Asked([(ListKind.CUSTOMERS, "acme")], ["other", "nobody"])])
    assert set(found.rules) == {"sale/acme", "other"}
    assert found.lists.find(ListKind.SUPPLIERS, "Acme Ltd") is None


async def test_a_supplier_that_was_just_made_brings_its_rule_too(store: RedisStore) -> None:
    """S21 C7: added between two refreshes, and copied by the next one."""
    await store.lists.stage("g1", ListKind.SUPPLIERS, [])
    await store.lists.commit("g1", [ListKind.SUPPLIERS], NOON)
    await store.lists.add(ListKind.SUPPLIERS, an_entry("Old Mill Ltd", id=EntryId("s5")))
    await store.rules.save(SupplierRule("old mill", EntryId("c1"), name="Old Mill"))
    asked = [Asked([(ListKind.SUPPLIERS, "s5")], [])]
    assert set((await store.views.look_up(asked)).rules) == {"old mill"}
    assert (await store.lists.known(ListKind.SUPPLIERS, [EntryId("s5")]))[
        EntryId("s5")
    ].name == "Old Mill Ltd"


# --- what is still to be told


def was(name: str, at: Clock, category: str = "") -> Recoding:
    return Recoding(ADA, at(), SupplierRule(name, EntryId(category) if category else None, name=name))


async def test_what_stood_before_the_first_change_counts_until_it_is_told(
    store: RedisStore, clock: Clock
) -> None:
    """C12: rule and record of it in one step; what comes while it is told waits for the next time."""
    await store.rules.save(SupplierRule("acme", EntryId("c1")), before=[was("acme", clock)])
    await store.rules.save(SupplierRule("acme", EntryId("c2")), before=[was("acme", clock, "c1")])
    taken = await store.recodings.take()
    assert [one.rule and one.rule.category for one in taken] == [None]
    await store.rules.save(SupplierRule("acme", EntryId("c3")), before=[was("acme", clock, "c2")])
    assert await store.recodings.take() == taken
    await store.recodings.done()
    assert [one.rule and one.rule.category for one in await store.recodings.take()] == ["c2"]
    await store.recodings.done()
    assert await store.recodings.take() == []
