"""What looking at items costs: round trips to Redis, counted."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, Item, ItemStage, ItemStatus
from bot.domain.matching import Alias
from bot.domain.publication import Publication, Step
from bot.domain.settings import SupplierRule
from storage.store import RedisStorage
from tests.builders import ADA, NOON, an_item, usual_lists
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock
from tests.round_trips import round_trips
from tests.unit.domain.resolved import coded

__all__ = ["round_trips"]
Count = Callable[[], int]


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    """Five hundred items of fifty suppliers, half of them with a rule, some remembered, some twice there."""
    made = Inbox(storage, FakeJobs(), clock)
    await made.connected()
    await made.store.items.add([numbered(number) for number in range(500)])
    for number in range(0, 50, 2):
        rule = SupplierRule(f"supplier {number}", EntryId("c493"), EntryId("t5"), f"Supplier {number}")
        await made.store.rules.save(rule)
    await made.store.aliases.save(Alias("Supplier 1", EntryId("s1"), "Northwind Paper Ltd", ADA, NOON))
    return made


def numbered(number: int) -> Item:
    twin = number - number % 100 // 99  # each hundredth is the document before it once more
    return an_item(
        id=ItemId(f"item{number}"), external_id=f"e{number}", supplier=f"Supplier {twin % 50}",
        document_number=f"N-{twin}", total=f"{twin + 1}.00", category="",
    )  # fmt: skip


async def counted(count: Count, work: Callable[[], Awaitable[object]]) -> int:
    """The second time: the first brings the scripts to Redis."""
    await work()
    count()
    await work()
    return count()


@pytest.mark.parametrize("item", ["item7", "item8", "item51", "item99", "item98"])
async def test_one_items_view_takes_two_round_trips(inbox: Inbox, round_trips: Count, item: str) -> None:
    """C1 C4 C7: with a rule or without, remembered, and where it may be a duplicate."""
    assert await counted(round_trips, lambda: inbox.items.view(OF, ItemId(item))) == 2


@pytest.mark.parametrize("status", [None, ItemStatus.READY])
async def test_the_list_of_items_takes_two_round_trips(
    inbox: Inbox, round_trips: Count, status: ItemStatus | None
) -> None:
    """C1: of five hundred items."""
    assert await counted(round_trips, lambda: inbox.items.page(OF, status)) == 2


async def test_published_items_bring_their_publications_in_the_same_two(
    inbox: Inbox, round_trips: Count
) -> None:
    """C1 S24: not one round trip each; each stays as it was booked."""
    for number in range(600, 650):
        item = replace(numbered(number), stage=ItemStage.PUBLISHED, publication=f"p{number}")
        booked = coded(item, lists=usual_lists())
        await inbox.store.items.add([item])
        publication = Publication(item.publication, item.id, ADA, NOON, Step.RECORDED, coding=booked)
        await inbox.store.publications.save(publication)
    page = await inbox.items.page(OF, ItemStatus.PUBLISHED, 0, 50)
    assert len(page.views) == 50
    assert {view.coding.text(Field.TAX) for view in page.views} == {"Standard Rate 20%"}
    assert await counted(round_trips, lambda: inbox.items.page(OF, ItemStatus.PUBLISHED)) == 2


async def test_what_a_setting_would_change_takes_two_round_trips_for_all(
    inbox: Inbox, round_trips: Count
) -> None:
    """C31: the preview of **Settings** resolves five hundred items together."""
    assert (await inbox.settings.waiting(OF)).costs == 245
    assert await counted(round_trips, lambda: inbox.settings.waiting(OF)) == 2
    assert await counted(round_trips, lambda: inbox.settings.choices(OF)) == 1
    assert await counted(round_trips, lambda: inbox.settings.concerned(OF)) == 1


async def test_what_is_seen_together_is_what_is_seen_one_by_one(inbox: Inbox) -> None:
    """C1 C4 C7: the list and the card agree."""
    page = await inbox.items.page(OF, None, 0, 500)
    assert len(page.views) == 500
    for view in page.views[::25]:
        alone = await inbox.items.view(OF, view.item.id)
        assert alone == replace(view, suspects=alone.suspects)
        assert [one.other.id for one in alone.suspects] == [one.other.id for one in view.suspects]
    by_id = {view.item.id: view for view in page.views}
    assert by_id[ItemId("item4")].coding.text(Field.CATEGORY) == "493 - Travel"
    assert by_id[ItemId("item1")].coding.party == "Northwind Paper Ltd"
    assert by_id[ItemId("item98")].suspects or by_id[ItemId("item99")].suspects


async def test_the_rules_page_takes_two_round_trips(inbox: Inbox, round_trips: Count) -> None:
    """C7: rules, remembered names and conflicts together."""
    assert await counted(round_trips, lambda: inbox.rule_book.read(OF)) == 2
    assert await counted(round_trips, lambda: inbox.rule_book.conflicts(OF)) == 2
