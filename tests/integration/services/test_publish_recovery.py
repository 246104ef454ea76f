"""Publishing that is interrupted: waits, lost answers, a connection that goes, processes that died."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.connection import Connection, ConnectionState, Credentials
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import NEW_SUPPLIER, RECONNECT, ItemStage, Side
from bot.domain.lists import Entry, ListKind
from bot.domain.publication import Step
from bot.errors import AnswerLost, NotReady, RateLimited, ReconnectNeeded, Refused, Unavailable
from bot.services.publish import AskSupplier, Begun
from bot.services.publishing import RetryLater
from storage.store import RedisStorage
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople, LostAfterWriting
from tests.integration.services.publishing import ITEM, OF, World
from tests.redis_fixtures import Clock

WROTE = "Zoho Books wrote it, but its answer never came."


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    return World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock)


async def _asked(world: World) -> str:
    """Claims the item; gives the publication."""
    assert isinstance(await world.publish.begin(OF, ITEM, ADA), Begun)
    ((_, ids),) = world.jobs.queue
    return ids[2]


async def _waits(world: World, publication: str) -> float:
    """One run that asks to be run again: after how many seconds."""
    with pytest.raises(RetryLater) as later:
        await world.publish.run(OF, ITEM, publication)
    return later.value.seconds


async def _step(world: World, publication: str) -> Step:
    found = await world.storage.of(OF).publications.get(publication)
    assert found is not None
    return found.step


@pytest.mark.parametrize(
    ("document", "missing"),
    [
        ({"supplier": ""}, "no supplier"),
        ({"category": ""}, "no category"),
        ({"category": "999 - Nothing"}, "category"),
        ({"tax": "T9"}, "unknown tax “T9”"),
        ({"total": None}, "no total"),
        ({"side": Side.SALE}, "no customer"),
        ({"paid": True}, "no payment account"),
    ],
)
async def test_what_is_missing_is_named_and_nothing_is_claimed(
    world: World, document: dict[str, Any], missing: str
) -> None:
    """S2: each by its own words."""
    await world.prepared(an_item(**document))
    with pytest.raises(NotReady) as refused:
        await world.publish.begin(OF, ITEM, ADA)
    assert any(missing in one for one in refused.value.missing)
    assert (await world.item()).stage is ItemStage.INBOX
    assert world.jobs.queue == []


async def test_what_a_setting_keeps_back_leads_to_the_settings(world: World) -> None:
    """S2: the reply names it and has the button."""
    await world.prepared()
    await world.storage.of(OF).settings.change(lambda one: replace(one, lock_date=NOON.date()))
    with pytest.raises(NotReady, match="is locked in our settings") as refused:
        await world.publish.begin(OF, ITEM, ADA)
    assert refused.value.mends == (("settings.open", "settings"),)


async def test_a_limit_is_waited_for_as_long_as_it_says_and_costs_no_attempt(world: World) -> None:
    """C16: however often; nothing was written, so nothing is looked up."""
    await world.prepared()
    world.books.faults = [RateLimited("wait", retry_after_seconds=37) for _ in range(9)]
    publication = await _asked(world)
    assert {await _waits(world, publication) for _ in range(9)} == {37}
    await world.publish.run(OF, ITEM, publication)
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert (len(world.books.records), world.books.finds) == (1, 0)


async def test_a_fault_of_the_books_is_tried_again_after_longer_and_longer(world: World) -> None:
    """C15: five times, then it is said."""
    await world.prepared()
    world.books.faults = [Unavailable("Zoho Books does not answer.") for _ in range(6)]
    publication = await _asked(world)
    assert [await _waits(world, publication) for _ in range(5)] == [2, 4, 8, 16, 32]
    await world.publish.run(OF, ITEM, publication)
    item = await world.item()
    assert (item.stage, item.publication) == (ItemStage.FAILED, "")
    assert await world.storage.of(OF).publications.open() == []


async def test_an_answer_lost_before_the_write_is_looked_for_and_sent_once(world: World) -> None:
    """C3: not there, so it is sent."""
    await world.prepared()
    world.books.faults = [AnswerLost(WROTE)]
    publication = await _asked(world)
    await _waits(world, publication)
    assert await _step(world, publication) is Step.SENDING
    await world.publish.run(OF, ITEM, publication)
    assert (len(world.books.records), world.books.finds) == (1, 1)


async def test_while_the_look_fails_nothing_is_sent(world: World) -> None:
    """C3: and after too many looks the person is told where to look."""
    await world.prepared()
    world.books.faults = [LostAfterWriting(WROTE)]
    world.books.find_faults = [Unavailable("Zoho Books does not answer.") for _ in range(5)]
    publication = await _asked(world)
    for _ in range(5):
        await _waits(world, publication)
    await world.publish.run(OF, ITEM, publication)
    item = await world.item()
    assert item.stage is ItemStage.FAILED
    assert item.hold is not None
    assert "it is looked up there before anything is sent again" in item.hold.says
    assert len(world.books.records) == 1


async def test_when_looking_is_refused_the_person_is_told_to_look(world: World) -> None:
    """C3: it may stand there already."""
    await world.prepared()
    world.books.faults = [LostAfterWriting(WROTE)]
    world.books.find_faults = [Refused("You may not read bills.", cause="rights")]
    await _waits(world, await _asked(world))
    world.jobs.queue.clear()
    world.clock.forward(seconds=61)
    await world.publish.resume_stuck()
    await world.run_all()
    item = await world.item()
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.FAILED, "rights")
    assert item.hold.says == "You may not read bills."
    assert item.hold.advice == "It may have been booked: it is looked up there before anything is sent again."


async def test_a_refusal_is_kept_with_its_cause_and_may_be_tried_again(world: World) -> None:
    """C15: under a new reference, by a new click."""
    await world.prepared()
    world.books.faults = [Refused("That number is used already.", cause="number_used", advice="Change it.")]
    await _asked(world)
    await world.run_all()
    item = await world.item()
    assert item.hold is not None
    assert (item.stage, item.hold.cause, item.hold.says, item.hold.advice) == (
        ItemStage.FAILED,
        "number_used",
        "That number is used already.",
        "Change it.",
    )
    assert isinstance(await world.publish.begin(OF, ITEM, ADA), Begun)
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED


# --- the connection goes


async def _connect(world: World, organisation: str = "60001") -> None:
    connection = Connection("zoho-books", replace(GBP_ORGANISATION, id=organisation), ADA, NOON)
    credentials = Credentials("access", "refresh", NOON, "https://a", "https://b")
    await world.storage.of(OF).connection.save(connection, credentials)


async def test_disconnected_before_anything_left_the_item_is_back_in_the_inbox(world: World) -> None:
    """S16: it may be published when something is connected again."""
    await world.prepared()
    publication = await _asked(world)
    await world.storage.of(OF).connection.forget()
    await world.publish.run(OF, ITEM, publication)
    item = await world.item()
    assert (item.stage, item.publication) == (ItemStage.INBOX, "")


async def test_disconnected_while_sending_the_item_waits_and_is_not_booked_twice(world: World) -> None:
    """S29 C3: it may stand there already; after reconnecting it is found."""
    await world.prepared()
    world.books.faults = [LostAfterWriting(WROTE)]
    publication = await _asked(world)
    await _waits(world, publication)
    await world.storage.of(OF).connection.forget()
    await world.publish.run(OF, ITEM, publication)
    item = await world.item()
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.WAITING, RECONNECT)
    await _connect(world)
    assert list(await world.publish.release_held(OF)) == [ITEM]
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_after_another_organisation_what_was_being_sent_is_left_to_the_person(world: World) -> None:
    """S37 C3: it cannot be looked up here, and is not sent here."""
    await world.prepared()
    world.books.faults = [LostAfterWriting(WROTE)]
    publication = await _asked(world)
    await _waits(world, publication)
    await _connect(world, "60002")
    await world.publish.run(OF, ITEM, publication)
    item = await world.item()
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.FAILED, "organisation")
    assert len(world.books.records) == 1


@pytest.mark.parametrize("then", ["disconnected", "broken", "other organisation", "no role"])
async def test_what_was_sent_is_recorded_whatever_happened_since(world: World, then: str) -> None:
    """C3: nothing more is asked of the books."""
    await world.prepared()
    publication = await _asked(world)
    world.books.faults = [LostAfterWriting(WROTE)]
    await _waits(world, publication)
    store = world.storage.of(OF)
    sending = await store.publications.get(publication)
    assert sending is not None
    assert sending.record is not None
    booked = await world.books.ledger(store.connection.tokens, store.budget("60001")).find(sending.record)
    await store.publications.save(replace(sending, step=Step.SENT, booked=booked))
    if then == "disconnected":
        await store.connection.forget()
    elif then == "broken":
        await store.connection.mark(lambda one: replace(one, state=ConnectionState.RECONNECT_NEEDED))
    elif then == "other organisation":
        await _connect(world, "60002")
    else:
        world.people.admin_ids = set()
    await world.publish.run(OF, ITEM, publication)
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_several_that_find_the_sign_in_gone_tell_it_once(world: World) -> None:
    """S28: one message to the Admins."""
    await world.prepared()
    await world.storage.of(OF).items.add(
        [an_item(id=ItemId("item2"), external_id="2", document_number="NW-1002")]
    )
    for item in (ITEM, ItemId("item2")):
        await world.publish.begin(OF, item, ADA)
    world.books.faults = [ReconnectNeeded("gone"), ReconnectNeeded("gone")]
    queued, world.jobs.queue = world.jobs.queue, []
    for _, ids in queued:
        await world.publish.run(OF, ItemId(ids[1]), ids[2])
    assert world.jobs.named("connection_broken") == [(str(OF),)]


# --- the new supplier


async def test_an_existing_supplier_that_was_chosen_is_used(world: World) -> None:
    """S21: nothing is created."""
    await world.prepared(an_item(supplier="Northwnd Papr"))
    asked = await world.publish.begin(OF, ITEM, ADA)
    assert isinstance(asked, AskSupplier)
    assert [alike.id for alike in asked.alike] == ["s1"]
    await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=EntryId("s1"), create=False)
    await world.run_all()
    assert world.books.suppliers == []
    assert [record.body["vendor_id"] for record in world.books.records] == ["s1"]


async def test_a_chosen_supplier_that_is_not_on_the_list_is_refused(world: World) -> None:
    """S21: a forged or outdated choice."""
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    with pytest.raises(NotReady, match="chosen supplier is not in Zoho Books"):
        await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=EntryId("s9"), create=False)
    assert (await world.item()).supplier_entry is None


async def test_without_the_warning_a_new_supplier_is_created_once_for_two_items(world: World) -> None:
    """S21: not asked for, made by whichever is first."""
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    store = world.storage.of(OF)
    await store.settings.change(lambda settings: replace(settings, warn_new_supplier=False))
    await store.items.add(
        [
            an_item(
                id=ItemId("item2"),
                supplier="OLD MILL HOSTING LTD",
                external_id="2",
                document_number="NW-1002",
            )
        ]
    )
    for item in (ITEM, ItemId("item2")):
        assert isinstance(await world.publish.begin(OF, item, ADA), Begun)
    await world.run_all()
    assert world.books.suppliers == ["Old Mill Hosting"]
    assert {record.body["vendor_id"] for record in world.books.records} == {"id-Old Mill Hosting"}


async def test_the_warning_switched_on_after_the_click_stops_it(world: World) -> None:
    """S21: read again before a supplier is made."""
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    store = world.storage.of(OF)
    await store.settings.change(lambda settings: replace(settings, warn_new_supplier=False))
    await world.publish.begin(OF, ITEM, ADA)
    await store.settings.change(lambda settings: replace(settings, warn_new_supplier=True))
    await world.run_all()
    item = await world.item()
    assert item.hold is not None
    assert (item.stage, item.hold.cause) == (ItemStage.INBOX, NEW_SUPPLIER)
    assert (world.books.suppliers, world.books.records) == ([], [])


async def test_a_supplier_whose_answer_was_lost_is_found_and_not_made_twice(world: World) -> None:
    """S21 C3: looked up by its name."""
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    world.books.supplier_fault = AnswerLost(WROTE)
    await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=None, create=True)
    await world.run_all()
    assert world.books.suppliers == ["Old Mill Hosting"]
    assert len(world.books.records) == 1


async def test_a_supplier_made_in_the_books_meanwhile_is_used(world: World) -> None:
    """S21: the log does not claim that we made it."""
    await world.prepared(an_item(supplier="Old Mill Hosting"))
    world.books.suppliers = ["Old Mill Hosting"]
    await world.publish.begin_with_supplier(OF, ITEM, ADA, supplier=None, create=True)
    await world.run_all()
    assert world.books.suppliers == ["Old Mill Hosting"]
    said = [entry.what for entry in await world.storage.of(OF).log.latest(20)]
    assert "supplier.created" not in said
    known = await world.storage.of(OF).lists.slice([(ListKind.SUPPLIERS, "Old Mill Hosting")])
    assert known.find(ListKind.SUPPLIERS, "Old Mill Hosting") == Entry(
        EntryId("id-Old Mill Hosting"), "Old Mill Hosting"
    )


# --- going on later


async def test_what_lost_its_process_is_taken_up_after_a_minute(world: World) -> None:
    """C3: not before; by two clocks once a minute; and not when it is over."""
    await world.prepared()
    publication = await _asked(world)
    world.jobs.queue.clear()
    world.clock.forward(seconds=59)
    assert await world.publish.resume_stuck() == 0
    world.clock.forward(seconds=2)
    assert (await world.publish.resume_stuck(), await world.publish.resume_stuck()) == (1, 1)
    assert world.jobs.named("publish") == [(str(OF), ITEM, publication)]
    await world.run_all()
    assert (await world.item()).stage is ItemStage.PUBLISHED
    world.clock.forward(seconds=120)
    assert await world.publish.resume_stuck() == 0


async def test_a_job_of_long_ago_changes_nothing(world: World) -> None:
    """C3: delivered again after the item was given back and published anew."""
    await world.prepared()
    world.books.faults = [Refused("no", cause="refused")]
    first = await _asked(world)
    await world.run_all()
    await world.publish.begin(OF, ITEM, ADA)
    await world.run_all()
    await world.publish.run(OF, ITEM, first)
    assert (await world.item()).stage is ItemStage.PUBLISHED
    assert len(world.books.records) == 1


async def test_a_fault_nobody_foresaw_is_counted_and_ends(world: World) -> None:
    """C15: said with the reference of the log, never tried for ever."""
    await world.prepared()
    publication = await _asked(world)
    for _ in range(5):
        with pytest.raises(RetryLater):
            await world.publish.stumbled(OF, ITEM, publication, "7F3K")
    await world.publish.stumbled(OF, ITEM, publication, "7F3K")
    item = await world.item()
    assert item.stage is ItemStage.FAILED
    assert item.hold is not None
    assert "reference 7F3K" in item.hold.says
    await world.publish.stumbled(OF, ITEM, publication, "7F3K")
    assert await world.item() == item


async def test_an_inactive_subscription_holds_everything_and_is_told_once(world: World) -> None:
    """C15 C16: nothing fails and nothing is tried again until an Admin has renewed it and reconnected."""
    await world.prepared()
    second = ItemId("item2")
    await world.storage.of(OF).items.add([an_item(id=second, external_id="2", document_number="NW-1002")])
    for item in (ITEM, second):
        await world.publish.begin(OF, item, ADA)
    says = "The subscription of Zoho Books is not active: renew it there. Zoho Books says: It has expired."
    world.books.faults = [ReconnectNeeded(says, advice="Then reconnect.")]
    await world.run_all()
    held = [found.hold for found in await world.storage.of(OF).items.many([ITEM, second])]
    assert [hold.cause if hold else "" for hold in held] == [RECONNECT, RECONNECT]
    assert all(hold and hold.says.startswith(says) for hold in held)
    assert [key for key in world.jobs.keys if key.startswith("broken:")] == world.jobs.keys[-1:]
    assert len(world.books.records) == 0
