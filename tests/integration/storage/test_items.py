"""Items, publications, settings, rules, log, people and deliveries."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest
from redis.asyncio import Redis

from bot.domain import transitions
from bot.domain.audit import LogEntry
from bot.domain.identity import ChannelId, EntryId, ItemId, MessageRef, PersonId, WorkspaceId
from bot.domain.items import (
    AutoHold,
    Document,
    DocumentType,
    Field,
    Hold,
    Item,
    ItemStage,
    Line,
    LineEdit,
    ManualValue,
    PublishAs,
    Published,
    Side,
)
from bot.domain.publication import Booked, Publication, Record, Step
from bot.domain.roles import Person
from bot.domain.settings import BusinessSettings, RefreshSchedule, SupplierRule
from bot.errors import AlreadyDone, NotFound
from storage.store import RedisStorage, RedisStore
from tests.redis_fixtures import BUSINESS, Clock

AT = dt.datetime(2026, 11, 1, 12, tzinfo=dt.UTC)
ANA = PersonId("U1")


def item(number: int, minutes: int = 0, **more: object) -> Item:
    document = Document(
        f"x{number}", Side.COST, DocumentType.INVOICE, supplier="Acme", total=Decimal("12.50")
    )
    new = Item(ItemId(f"i{number}"), document, AT + dt.timedelta(minutes=minutes))
    return replace(new, **more)  # type: ignore[arg-type]


def publication(step: Step = Step.CLAIMED, number: int = 1) -> Publication:
    return Publication(f"p{number}", ItemId("i1"), ANA, AT, step)


WHOLE = Item(
    ItemId("i1"),
    Document(
        "x1", Side.COST, DocumentType.RECEIPT, "Ümlaut “Ltd”", "Customer", "N-1", dt.date(2026, 10, 1),
        dt.date(2026, 10, 31), "EUR", Decimal("144.00"), Decimal("0.10"), "429", "20%", "P", "Bank", True,
        "GBP", Decimal("120.001"), "text", "note", "mel", "https://image.test",
        (Line("a", Decimal(2), Decimal("1.5"), Decimal("3.0"), "c", "t"),),
    ),
    AT, "costs.csv", ANA, ItemStage.PUBLISHED, {Field.TOTAL: ManualValue("5.00", ANA, AT)}, EntryId("7"),
    "p1", ANA, AT, Hold("cause", "says", "advice", AT),
    Published(PublishAs.BILL, "r1", "B-1", "https://books.test", ANA, AT, ("total",), "all items"), ANA,
    AutoHold(AT, ANA, "rule for Acme"), MessageRef(ChannelId("C1"), "1.2"), 3,
    line_edits=(LineEdit("1", ANA, AT, "b", Decimal("2.0"), EntryId("c")), LineEdit("+1", ANA, AT)),
)  # fmt: skip


async def test_an_item_comes_back_as_it_went(store: RedisStore) -> None:
    await store.items.add([WHOLE])
    assert await store.items.get(WHOLE.id) == WHOLE
    assert await store.items.counts() == dict.fromkeys(ItemStage, 0) | {ItemStage.PUBLISHED: 1}


async def test_the_same_external_id_is_the_same_item(store: RedisStore) -> None:
    """S21: bringing a file in twice brings nothing in twice."""
    first = await store.items.add([item(1), item(2)])
    again = await store.items.add([replace(item(1), id=ItemId("other")), item(3), item(3)])
    assert first == [(item(1), True), (item(2), True)]
    assert again == [(item(1), False), (item(3), True), (item(3), False)]
    assert await store.items.get(ItemId("other")) is None
    assert (await store.items.counts())[ItemStage.INBOX] == 3


async def test_many_that_bring_in_one_file_at_once_bring_it_in_once(store: RedisStore) -> None:
    """S21"""
    added = await asyncio.gather(*(store.items.add([item(n) for n in range(450)]) for _ in range(3)))
    assert sum(new for answer in added for _, new in answer) == 450
    _, count = await store.items.page([ItemStage.INBOX], 0, 1)
    assert count == 450


async def test_an_item_that_is_not_there_is_nothing(store: RedisStore) -> None:
    assert await store.items.get(ItemId("none")) is None
    assert await store.items.many([]) == []
    await store.items.add([item(1)])
    assert await store.items.many([ItemId("none"), ItemId("i1")]) == [item(1)]
    with pytest.raises(NotFound):
        await store.items.change(ItemId("none"), lambda before: before)


async def test_fifty_changes_at_once_lose_none(store: RedisStore) -> None:
    await store.items.add([item(1)])

    def one_more(before: Item) -> Item:
        return replace(before, received_from=before.received_from + "x")

    await asyncio.gather(*(store.items.change(ItemId("i1"), one_more) for _ in range(50)))
    after = await store.items.get(ItemId("i1"))
    assert after
    assert (after.received_from, after.revision) == ("x" * 50, 50)


async def test_of_two_who_publish_one_is_first_and_the_other_hears_who(store: RedisStore) -> None:
    """S30"""
    await store.items.add([item(1)])

    async def claim(number: int) -> object:
        who = PersonId(f"U{number}")
        try:
            return await store.items.change(
                ItemId("i1"),
                lambda before: transitions.claim(before, f"p{number}", who, AT),
                publication(number=number),
            )
        except AlreadyDone as error:
            return str(error)

    outcomes = await asyncio.gather(*(claim(number) for number in range(10)))
    (first,) = [one for one in outcomes if isinstance(one, Item)]
    refusals = [one for one in outcomes if isinstance(one, str)]
    assert len(refusals) == 9
    assert all(one.startswith(f"<@{first.asked_by}> is publishing this item already") for one in refusals)
    assert [kept.id for kept, _ in await store.publications.open()] == [first.publication]


async def test_a_change_that_raises_leaves_all_as_it_is(store: RedisStore) -> None:
    await store.items.add([item(1)])

    def refuse(before: Item) -> Item:
        raise AlreadyDone("no")

    with pytest.raises(AlreadyDone):
        await store.items.change(ItemId("i1"), refuse, publication())
    assert await store.items.get(ItemId("i1")) == item(1)
    assert await store.publications.open() == []


async def test_a_change_is_two_round_trips_with_its_publication(
    store: RedisStore, round_trips: Callable[[], int]
) -> None:
    await store.items.add([item(1)])
    for _ in range(2):  # the first time the server learns the script
        round_trips()
        await store.items.change(ItemId("i1"), lambda one: replace(one, received_from="x"), publication())
        counted = round_trips()
    assert counted == 2
    await store.items.change(ItemId("i1"), lambda one: one)
    assert round_trips() == 1


async def test_a_change_moves_the_item_and_its_publication_together(store: RedisStore, clock: Clock) -> None:
    await store.items.add([item(1)])

    def claimed(before: Item) -> Item:
        return transitions.claim(before, "p1", ANA, AT)

    await store.items.change(ItemId("i1"), claimed, publication())
    assert await store.items.page([ItemStage.INBOX], 0, 10) == ([], 0)
    assert (await store.items.counts())[ItemStage.PUBLISHING] == 1
    assert [one for one, _ in await store.publications.open()] == [publication()]
    done = Published(PublishAs.BILL, "r1", "B-1", "https://books.test", ANA, AT)
    await store.items.change(
        ItemId("i1"), lambda one: transitions.publish_done(one, done), publication(Step.RECORDED)
    )
    assert (await store.items.counts())[ItemStage.PUBLISHED] == 1
    assert await store.publications.open() == []
    assert await store.publications.get("p1") == publication(Step.RECORDED)


async def test_pages_are_newest_first_and_hold_each_item_once(store: RedisStore) -> None:
    """S22"""
    await store.items.add([item(n, minutes=n // 5) for n in range(30)])
    for n in range(0, 30, 3):
        await store.items.change(ItemId(f"i{n}"), lambda one: transitions.reject(one, ANA))
    stages = [ItemStage.INBOX, ItemStage.REJECTED]
    paged: list[Item] = []
    for offset in range(0, 30, 7):
        some, count = await store.items.page(stages, offset, 7)
        assert count == 30
        paged += some
    assert len(paged) == len({one.id for one in paged}) == 30
    assert [one.received_at for one in paged] == sorted((one.received_at for one in paged), reverse=True)
    rejected, count = await store.items.page([ItemStage.REJECTED], 0, 100)
    assert (len(rejected), count) == (10, 10)


async def test_a_publication_is_open_until_it_is_recorded_or_closed(store: RedisStore, clock: Clock) -> None:
    """S40: what a dead process left is found with the time of its last step."""
    record = Record(PublishAs.BILL, "ref", {"line_items": [{"rate": "1.50"}], "paid": False})
    booked = Booked(PublishAs.BILL, "r1", "B-1", "https://books.test", {"total": "1.50"})
    sending = replace(publication(Step.SENDING), record=record, booked=booked, attempts=2)
    assert await store.publications.get("p1") is None
    assert await store.publications.open() == []
    await store.publications.save(publication())
    clock.forward(minutes=2)
    await store.publications.save(sending)
    await store.publications.save(publication(number=2))
    assert await store.publications.open() == [(sending, clock()), (publication(number=2), clock())]
    await store.publications.save(replace(sending, step=Step.RECORDED))
    await store.publications.close("p2")
    assert await store.publications.open() == []
    assert await store.publications.get("p2") == publication(number=2)


# --- settings, rules


async def test_settings_are_the_defaults_until_they_are_changed(store: RedisStore) -> None:
    assert await store.settings.read() == BusinessSettings()
    changed = BusinessSettings(False, EntryId("1"), None, ChannelId("C1"), RefreshSchedule.EVERY_6_HOURS)
    assert await store.settings.change(lambda before: changed) == (BusinessSettings(), changed)
    assert await store.settings.read() == changed


async def test_two_who_change_settings_lose_nothing(store: RedisStore) -> None:
    """S13"""

    async def change(number: int) -> None:
        if number % 2:
            await store.settings.change(lambda before: replace(before, default_tax_costs=EntryId("9")))
        else:
            await store.settings.change(lambda before: replace(before, default_tax_sales=EntryId("9")))

    await asyncio.gather(*(change(number) for number in range(8)))
    kept = await store.settings.read()
    assert (kept.default_tax_costs, kept.default_tax_sales) == ("9", "9")


async def test_a_rule_is_found_by_its_supplier(store: RedisStore) -> None:
    rule = SupplierRule("acme paper", EntryId("1"), None)
    assert await store.rules.of("acme paper") is None
    await store.rules.save(SupplierRule("acme paper"))
    await store.rules.save(rule)
    assert await store.rules.of("acme paper") == rule
    assert await store.rules.all() == [rule]


# --- the log


def said(number: int) -> LogEntry:
    return LogEntry(AT, ANA, "item.published", f"i{number}", "before", "after “£”")


async def test_the_log_is_newest_first_and_loses_nothing(store: RedisStore) -> None:
    """S47"""
    await store.log.append()
    assert await store.log.latest(5) == []
    await store.log.append(said(1), said(2))
    assert await store.log.latest(5) == [said(2), said(1)]
    await asyncio.gather(*(store.log.append(said(n), said(n)) for n in range(3, 23)))
    assert len(await store.log.latest(100)) == 42
    assert await store.log.is_whole()


@pytest.mark.parametrize("tamper", ["change", "remove", "remove the last"])
async def test_a_log_changed_by_hand_shows_it(store: RedisStore, redis: Redis, tamper: str) -> None:
    """S47"""
    await store.log.append(said(1), said(2), said(3))
    key = f"{store.namespace}:{{{BUSINESS}}}:log"
    entries = cast("list[tuple[bytes, dict[bytes, bytes]]]", await redis.xrange(key))
    if tamper == "change":
        await redis.delete(key)
        for _, fields in entries:
            content = fields[b"entry"].replace(b"i2", b"i9")
            await redis.xadd(key, {b"entry": content, b"hash": fields[b"hash"]})
    else:
        await redis.xdel(key, entries[1 if tamper == "remove" else 2][0])
    assert not await store.log.is_whole()


# --- people and deliveries


async def test_people_are_remembered_for_minutes_by_workspace(
    storage: RedisStorage, redis: Redis, namespace: str
) -> None:
    ana = Person(ANA, "Ana", is_slack_admin=True)
    await storage.people.put(WorkspaceId("T1"), ana)
    assert await storage.people.get(WorkspaceId("T1"), ANA) == ana
    assert await storage.people.get(WorkspaceId("T2"), ANA) is None
    assert 290 < await redis.ttl(f"{namespace}:{{T1}}:person:U1") <= 300


async def test_a_repeated_delivery_is_new_once(storage: RedisStorage) -> None:
    """S4"""
    workspace = WorkspaceId("T1")
    first = await asyncio.gather(*(storage.seen.first_time(workspace, "Ev1", 60) for _ in range(20)))
    assert first.count(True) == 1
    assert await storage.seen.first_time(workspace, "Ev2", 0.001)
    assert await storage.seen.first_time(WorkspaceId("T2"), "Ev1")


# --- several in one step


async def test_several_items_change_together_or_not_at_all(store: RedisStore) -> None:
    """C25: stages, terms and revisions of all of them; a new one among them is found by its external id."""
    await store.items.add([item(1), item(2)])
    new = item(3, stage=ItemStage.REJECTED)
    ids = [ItemId(f"i{number}") for number in (1, 2, 3)]

    def change(there: Mapping[ItemId, Item]) -> list[Item]:
        assert set(there) == set(ids[:2])
        return [replace(one, stage=ItemStage.IN_CLAIM) for one in there.values()] + [new]

    changed = await store.items.change_together(ids, change)
    assert [one.revision for one in changed] == [1, 1, 0]
    assert list(await store.items.many(ids)) == list(changed)
    assert dict(await store.items.counts()) | {ItemStage.IN_CLAIM: 2, ItemStage.REJECTED: 1} == dict(
        await store.items.counts()
    )
    assert await store.items.known(["x3"]) == {"x3"}

    def refuse(there: Mapping[ItemId, Item]) -> list[Item]:
        raise AlreadyDone("no")

    with pytest.raises(AlreadyDone):
        await store.items.change_together(ids, refuse)
    assert list(await store.items.many(ids)) == list(changed)


async def test_who_changes_several_at_once_sees_what_another_just_wrote(store: RedisStore) -> None:
    """C25 C3: forty changes of three items, none is lost."""
    await store.items.add([item(1), item(2), item(3)])
    ids = [ItemId(f"i{number}") for number in (1, 2, 3)]

    def more(chosen: list[ItemId]) -> Callable[[Mapping[ItemId, Item]], list[Item]]:
        return lambda there: [
            replace(there[one], received_from=f"{there[one].received_from}x") for one in chosen
        ]

    pairs = [[ids[place % 3], ids[(place + 1) % 3]] for place in range(40)]
    await asyncio.gather(*(store.items.change_together(pair, more(pair)) for pair in pairs))
    after = await store.items.many(ids)
    assert sum(len(one.received_from) for one in after) == 80
    assert sum(one.revision for one in after) == 80
