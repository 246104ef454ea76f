"""What a changed rule or remembered name did to items that wait: one line each, on those that it changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import replace

import pytest

from bot.domain.audit import LogEntry, words
from bot.domain.history import events
from bot.domain.identity import ChannelId, ItemId, MessageRef
from bot.domain.items import DocumentType, Field, Item, ItemStage, Side
from bot.domain.matching import Alias
from bot.services.aliases import AliasService
from bot.services.history import HistoryService, Telling
from storage.store import RedisStorage
from tests.builders import ADA, BEN, NOON, NORTHWIND, an_item
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox, text
from tests.redis_fixtures import Clock
from tests.round_trips import round_trips

__all__ = ["round_trips"]
CARD = MessageRef(ChannelId("C1"), "7.0")
RULE = "rule for Northwind Paper Ltd"


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


def numbered(number: int, **changes: object) -> Item:
    usual = {"document_number": f"N-{number}", "total": f"{number + 1}.00", "category": "", "card": CARD}
    return an_item(id=ItemId(f"item{number}"), external_id=f"e{number}", **{**usual, **changes})  # type: ignore[arg-type]


async def told(inbox: Inbox) -> dict[str, list[LogEntry]]:
    """What the job logged, by item."""
    await inbox.recoding.tell(OF)
    found: dict[str, list[LogEntry]] = {}
    for entry in await inbox.store.log.latest(1000):
        if entry.what == "item.recoded":
            found.setdefault(entry.about, []).append(entry)
    return found


def said(entries: Sequence[LogEntry]) -> list[str]:
    return [entry.after for entry in entries]


async def test_each_item_that_a_rule_changed_says_so_in_one_line(inbox: Inbox) -> None:
    """C7 C12: before and after with why; what did not change says nothing."""
    await inbox.store.items.add(
        [
            numbered(1),
            numbered(2, category="493", tax="Standard Rate"),
            numbered(3, supplier="Kestrel Taxis"),
            numbered(4, manual={Field.CATEGORY: "c429", Field.TAX: "t0"}),
            numbered(5, stage=ItemStage.REJECTED),
        ]
    )
    await inbox.rules.save(OF, BEN, "s1", {"category": "c493", "tax": "t20"})
    assert [name for name, _ in inbox.jobs.queue] == ["recoded"]
    found = await told(inbox)
    assert {item: said(entries) for item, entries in found.items()} == {
        "item1": [f"category: none → 493 - Travel; tax: none → Standard Rate 20% ({RULE})"],
    }
    (entry,) = found["item1"]
    assert entry.who == BEN
    assert words(entry, "Northwind NW-1").startswith("changed Northwind NW-1: category: none → 493 - Travel")
    (event,) = events(await inbox.store.history.of(ItemId("item1")))
    assert (event.in_thread, event.says) == (True, f"changed this item: {entry.after}")


async def test_it_is_told_once_and_a_second_change_from_where_the_first_ended(inbox: Inbox) -> None:
    """C12: a job that finds nothing says nothing."""
    await inbox.store.items.add([numbered(1)])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    assert said((await told(inbox))["item1"]) == [f"category: none → 493 - Travel ({RULE})"]
    assert await inbox.recoding.tell(OF) == 0
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    assert said((await told(inbox))["item1"])[0] == f"category: 493 - Travel → 429 - Office Supplies ({RULE})"


async def test_two_changes_before_anything_was_told_are_one_line(inbox: Inbox) -> None:
    """C12: from what stood before the first; there and back again is nothing."""
    await inbox.store.items.add([numbered(1)])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    assert said((await told(inbox))["item1"]) == [f"category: none → 429 - Office Supplies ({RULE})"]
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    assert await inbox.recoding.tell(OF) == 0


async def test_a_rule_that_was_removed_is_told_too(inbox: Inbox) -> None:
    """C7 C12."""
    await inbox.store.items.add([numbered(1)])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    await inbox.recoding.tell(OF)
    await inbox.rules.remove(OF, BEN, "northwind paper")
    entry = (await told(inbox))["item1"][0]
    assert entry.after == "category: 493 - Travel → none (the rule for Northwind Paper Ltd was removed)"
    assert entry.who == BEN


async def test_a_remembered_name_brings_its_suppliers_rule_along(inbox: Inbox) -> None:
    """S21 C12: name and what follows from it in one line; forgotten, back again."""
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    await inbox.recoding.tell(OF)
    await inbox.store.items.add([numbered(1, supplier="Paper People"), numbered(2, supplier="Somebody")])
    await inbox.publish.begin_with_supplier(
        OF, (await _ready(inbox, 3)).id, BEN, supplier=NORTHWIND.id, create=False, remember=True
    )
    found = await told(inbox)
    line = "supplier: Paper People → Northwind Paper Ltd; category: none → 493 - Travel"
    why = "“PAPER PEOPLE” is remembered as Northwind Paper Ltd"
    assert {item: said(entries) for item, entries in found.items()} == {"item1": [f"{line} ({why})"]}
    assert found["item1"][0].who == BEN
    alias = Alias("Paper People", NORTHWIND.id, NORTHWIND.name, BEN, NOON)
    await AliasService(inbox.storage, inbox.jobs, inbox.clock).forget(OF, ADA, alias.key)
    assert said((await told(inbox))["item1"])[0] == (
        "supplier: Northwind Paper Ltd → Paper People; category: 493 - Travel → none "
        "(“PAPER PEOPLE” is no longer remembered)"
    )


async def _ready(inbox: Inbox, number: int) -> Item:
    """Another item of the unknown name, ready but for its supplier."""
    item = numbered(number, supplier="PAPER PEOPLE", category="493")
    await inbox.store.items.add([item])
    return item


async def test_an_imported_list_tells_each_item_once(inbox: Inbox) -> None:
    """C7 C28 C12: many rules at once, one job."""
    await inbox.store.items.add([numbered(1), numbered(2, supplier="Kestrel Taxis")])
    rules = b"Name,Category\nNorthwind Paper Ltd,493\nKestrel Taxis,493\nNobody,493\n"
    await inbox.importing.run(OF, "rules.csv", rules, ADA)
    assert [name for name, _ in inbox.jobs.queue] == ["recoded"]
    assert {item: len(entries) for item, entries in (await told(inbox)).items()} == {"item1": 1, "item2": 1}


async def test_what_stands_by_hand_goes_where_it_was_asked_for(inbox: Inbox) -> None:
    """C7: **Also on its waiting items**: one line each; other suppliers' items stay, and the item itself."""
    by_hand = {Field.CATEGORY: "c429", Field.DESCRIPTION: "Mine"}
    await inbox.store.items.add(
        [
            numbered(1, manual={Field.CATEGORY: "c493"}),
            numbered(2, manual=by_hand, stage=ItemStage.FAILED),
            numbered(3, manual=by_hand, supplier="Kestrel Taxis"),
        ]
    )
    view = await inbox.items.view(OF, ItemId("item1"))
    await inbox.rules.learn(OF, BEN, view, everywhere=True)
    found = await told(inbox)
    assert {item: said(entries) for item, entries in found.items()} == {
        "item2": [f"category: 429 - Office Supplies → 493 - Travel ({RULE})"],
    }
    layers = {}
    for number in (1, 2, 3):
        view = await inbox.items.view(OF, ItemId(f"item{number}"))
        layers[number] = text(view, Field.CATEGORY)
    assert layers == {
        1: ("493 - Travel", "manual"),
        2: ("493 - Travel", "rule"),
        3: ("429 - Office Supplies", "manual"),
    }
    assert text(await inbox.items.view(OF, ItemId("item2")), Field.DESCRIPTION) == ("Mine", "manual")


async def test_without_being_asked_a_hand_stays_before_the_rule(inbox: Inbox) -> None:
    """S24 C7."""
    await inbox.store.items.add(
        [numbered(1, manual={Field.CATEGORY: "c493"}), numbered(2, manual={Field.CATEGORY: "c429"})]
    )
    await inbox.rules.learn(OF, BEN, await inbox.items.view(OF, ItemId("item1")))
    assert await told(inbox) == {}


async def test_a_job_that_died_is_done_again_and_newer_changes_after_it(inbox: Inbox) -> None:
    """C12: taken by a process that died, what was before is still known."""
    await inbox.store.items.add([numbered(1)])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    assert len(await inbox.store.recodings.take()) == 1  # and died
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    assert said((await told(inbox))["item1"]) == [f"category: none → 429 - Office Supplies ({RULE})"]
    (last,) = await inbox.store.recodings.take()
    assert last.rule is not None
    assert last.rule.category == "c493"


async def test_five_hundred_items_take_as_many_round_trips_as_their_pages(
    inbox: Inbox, round_trips: Callable[[], int]
) -> None:
    """C12: bounded work: three pages of them; and each is told once."""
    await inbox.store.items.add([numbered(number) for number in range(500)])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    await inbox.recoding.tell(OF)
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    round_trips()
    assert await inbox.recoding.tell(OF) == 500
    assert round_trips() <= 24
    assert len(await inbox.store.history.of(ItemId("item77"))) == 2


async def test_the_thread_tells_that_its_card_shows_former_values(inbox: Inbox) -> None:
    """C12: so that the card is drawn again first."""
    await inbox.store.items.add([numbered(1), numbered(2, supplier="Kestrel Taxis")])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    await inbox.recoding.tell(OF)
    await inbox.items.edit(OF, ItemId("item2"), BEN, {Field.TOTAL: "9"})
    tellings = {one.item: one.is_recoded for one in await _tellings(inbox)}
    assert tellings == {"item1": True, "item2": False}


async def _tellings(inbox: Inbox) -> list[Telling]:
    async with aclosing(HistoryService(inbox.storage, inbox.jobs).tellings(OF)) as tellings:
        return [telling async for telling in tellings]


async def test_customers_rules_are_told_on_sales(inbox: Inbox) -> None:
    """C7 C12: a supplier of the same name has nothing to say."""
    await inbox.store.items.add(
        [numbered(1), numbered(2, side=Side.SALE, supplier="", customer="Northwind Paper Ltd")]
    )
    await inbox.rules.save(OF, ADA, "new:Northwind Paper Ltd", {"category": "c200"}, Side.SALE)
    assert {item: said(entries) for item, entries in (await told(inbox)).items()} == {
        "item2": [f"category: none → 200 - Sales ({RULE})"]
    }


async def test_a_receipt_of_a_claim_says_so_and_its_claim_does_not_repeat_it(inbox: Inbox) -> None:
    """C7 C12 C25: until the claim is booked; then both stay."""
    claim = numbered(1, type=DocumentType.EXPENSE_CLAIM, supplier="Ada Okafor", receipts=(ItemId("item2"),))
    receipt = numbered(2, type=DocumentType.RECEIPT, stage=ItemStage.IN_CLAIM, claim=claim.id)
    await inbox.store.items.add([claim, receipt])
    await inbox.rules.save(OF, ADA, "s1", {"category": "c493"})
    assert {item: said(entries) for item, entries in (await told(inbox)).items()} == {
        "item2": [f"category: none → 493 - Travel ({RULE})"]
    }
    await inbox.store.items.change(claim.id, lambda item: replace(item, stage=ItemStage.PUBLISHED))
    await inbox.rules.save(OF, ADA, "s1", {"category": "c429"})
    assert await inbox.recoding.tell(OF) == 0
