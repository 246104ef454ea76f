"""Items from outside and by hand: each once, with its files, shown whatever is cut."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.domain.answers import Answer
from bot.domain.api_keys import KeyRight
from bot.domain.attachments import FileContent
from bot.domain.identity import Business, BusinessId, ChannelId, WorkspaceId
from bot.domain.items import BY_HAND, AutoPublish, ItemStage, ItemStatus
from bot.errors import AlreadyDone, FieldErrors, StorageUnavailable
from bot.services import arriving as module
from bot.services.answers import AnswerService, OtherBody, StillAtWork
from bot.services.api_keys import MOST_KEYS, ApiKeyService, Holder
from bot.services.arriving import ArrivingService, Incoming
from bot.services.importing import item_id
from storage.store import RedisStorage
from tests.builders import ADA, BEN, a_document, published
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

PDF = FileContent("a.pdf", "application/pdf", b"%PDF-1.4 confidential")
OTHER = Business(WorkspaceId("T2"), BusinessId("b1"))


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


@pytest.fixture
def keys(storage: RedisStorage, clock: Clock) -> ApiKeyService:
    return ApiKeyService(storage, clock)


def arriving(inbox: Inbox) -> ArrivingService:
    return ArrivingService(inbox.storage, inbox.importing, inbox.jobs, inbox.clock)


async def a_holder(keys: ApiKeyService, business: Business = OF) -> Holder:
    holder = await keys.holder(str(await keys.make(business, ADA, "Zapier", KeyRight.ADD)))
    assert holder is not None
    return holder


def one(external_id: str, *files: FileContent, **changes: object) -> Incoming:
    numbered = {"document_number": f"N-{external_id}", **changes}
    return Incoming(a_document(external_id=external_id, **numbered), files)


# --- keys


async def test_a_key_opens_its_business_and_no_other(keys: ApiKeyService) -> None:
    """C26: another business's name before the same secret finds nothing."""
    token = str(await keys.make(OF, ADA, "Zapier", KeyRight.ADD))
    holder = await keys.holder(token)
    assert holder is not None
    assert (holder.business, holder.key.name, holder.key.last_four) == (OF, "Zapier", token[-4:])
    assert await keys.holder(token.replace("T1_b1", "T2_b1")) is None
    assert await keys.holder(token[:-1] + ("a" if token[-1] != "a" else "b")) is None


async def test_a_key_is_stored_as_a_hash_and_the_log_says_who_made_and_withdrew_it(
    keys: ApiKeyService, inbox: Inbox
) -> None:
    token = str(await keys.make(OF, ADA, "  Za  pier ", KeyRight.READ))
    secret = token.rpartition("_")[2]
    stored = await inbox.storage.redis.hgetall(inbox.store.api_keys.keys("api-keys"))
    assert stored
    assert secret not in str(stored)
    (listed,) = await keys.all(OF)
    assert (listed.name, listed.right, listed.used_at) == ("Za pier", KeyRight.READ, None)
    assert (await keys.withdraw(OF, BEN, listed.id)).name == "Za pier"
    assert await keys.holder(token) is None
    with pytest.raises(AlreadyDone):
        await keys.withdraw(OF, BEN, listed.id)
    assert [entry[0] for entry in await inbox.said()] == ["api_key.made", "api_key.withdrawn"]
    assert secret not in str(await inbox.store.log.latest(10))


async def test_a_key_needs_a_name_and_there_is_an_end_to_them(keys: ApiKeyService) -> None:
    for name in ("", "  ", "x" * 51):
        with pytest.raises(FieldErrors):
            await keys.make(OF, ADA, name, KeyRight.ADD)
    made = await asyncio.gather(
        *(keys.make(OF, ADA, f"k{n}", KeyRight.ADD) for n in range(MOST_KEYS + 3)), return_exceptions=True
    )
    assert sum(isinstance(one, FieldErrors) for one in made) == 3
    assert len(await keys.all(OF)) == MOST_KEYS


async def test_calls_are_counted_across_processes_and_the_wait_is_told(
    storage: RedisStorage, clock: Clock
) -> None:
    """Of many at once exactly so many go on; a refused one is not counted."""
    keys = ApiKeyService(storage, clock, calls_a_minute=5)
    holder = await a_holder(keys)
    waits = await asyncio.gather(*(ApiKeyService(storage, clock, 5).turn(holder) for _ in range(12)))
    assert sorted(waits)[:5] == [0] * 5
    assert all(0 < wait <= 60 for wait in sorted(waits)[5:])
    assert len(waits) == 12
    other = await a_holder(keys)
    assert await keys.turn(other) == 0
    used = {key.id: key.used_at for key in await keys.all(OF)}
    assert used[holder.key.id] is not None


# --- from outside


async def test_what_is_sent_is_in_the_inbox_with_its_files_and_where_it_came_from(
    inbox: Inbox, keys: ApiKeyService
) -> None:
    """C14 C28."""
    holder = await a_holder(keys)
    arrived = await arriving(inbox).take(holder, [one("e1", PDF), one("e2", category="")], "r1")
    assert [found.is_new for found in arrived] == [True, True]
    assert [found.view.status for found in arrived] == [ItemStatus.READY, ItemStatus.NEEDS_ATTENTION]
    item = arrived[0].view.item
    assert (item.id, item.received_from, item.batch) == (item_id(OF, "e1"), "Zapier (item API)", "r1")
    assert await inbox.store.attachments.read(item.id, item.attachments[0].id) == PDF.content
    ((job, ids),) = inbox.jobs.queue
    assert (job, ids) == ("items_arrived", (str(OF), holder.key.id, "r1", item.id, arrived[1].view.item.id))


async def test_files_lie_encrypted_and_for_ever_until_they_are_published(
    inbox: Inbox, keys: ApiKeyService
) -> None:
    """Documents are confidential."""
    (found,) = await arriving(inbox).take(await a_holder(keys), [one("e1", PDF)], "r1")
    item, redis = found.view.item, inbox.storage.redis
    key = inbox.store.attachments._key(item.id, item.attachments[0].id)
    assert "confidential" not in str(await redis.get(key))
    assert await redis.ttl(key) == -1
    assert "confidential" not in str(await redis.hget(inbox.store.items.keys("items"), item.id))


async def test_the_same_external_id_is_the_same_item_and_nothing_is_changed(
    inbox: Inbox, keys: ApiKeyService
) -> None:
    """C3 C28: also in one request, also when it came by a file before."""
    holder, service = await a_holder(keys), arriving(inbox)
    first = await service.take(holder, [one("e1", PDF), one("e1", total="9.00")], "r1")
    assert [found.is_new for found in first] == [True, False]
    again = await service.take(holder, [one("e1", total="9.00"), one("e2")], "r2")
    assert [found.is_new for found in again] == [False, True]
    assert again[0].view.item == first[0].view.item
    assert str(again[0].view.item.document.total) == "144.00"


async def test_a_request_taken_up_again_after_a_crash_still_counts_its_items_as_new(
    inbox: Inbox, keys: ApiKeyService
) -> None:
    """C3: under an Idempotency-Key the request's id is the same."""
    holder, service = await a_holder(keys), arriving(inbox)
    await service.take(holder, [one("e1", PDF)], "r1")
    again = await service.take(holder, [one("e1", PDF)], "r1")
    assert [found.is_new for found in again] == [True]
    assert inbox.jobs.named("items_arrived") == [(str(OF), holder.key.id, "r1", item_id(OF, "e1"))]


async def test_nothing_comes_in_that_nobody_will_be_shown(inbox: Inbox, keys: ApiKeyService, mocker) -> None:
    """Where the queue does not answer, the sender hears it and the inbox is as it was."""
    mocker.patch.object(inbox.jobs, "enqueue", side_effect=StorageUnavailable("down"))
    with pytest.raises(StorageUnavailable):
        await arriving(inbox).take(await a_holder(keys), [one("e1", PDF)], "r1")
    assert (await inbox.items.page(OF, None)).total == 0
    key = inbox.store.attachments._key(item_id(OF, "e1"), "")
    async for left in inbox.storage.redis.scan_iter(match=f"{key}*"):
        assert 0 < await inbox.storage.redis.ttl(left) <= 7 * 86_400


async def test_the_job_waits_for_the_items_and_shows_what_was_new(
    inbox: Inbox, keys: ApiKeyService, mocker
) -> None:
    holder, service = await a_holder(keys), arriving(inbox)
    await service.take(holder, [one("e1")], "r1")
    ids = [item_id(OF, "e1"), item_id(OF, "e2")]
    waiting = asyncio.create_task(service.of_batch(OF, holder.key.id, "r2", ids))
    await asyncio.sleep(0.15)
    await service.take(holder, [one("e1"), one("e2")], "r2")
    batch = await waiting
    assert [view.item.document.external_id for view in batch.views] == ["e2"]
    assert (batch.came_from, batch.made_by) == ("Zapier (item API)", ADA)
    mocker.patch.object(module, "PATIENCE_SECONDS", 0.1)
    nothing = await service.of_batch(OF, holder.key.id, "r9", [item_id(OF, "never")])
    assert nothing.views == []


async def test_500_items_of_one_request_are_in_within_seconds(inbox: Inbox, keys: ApiKeyService) -> None:
    """C4."""
    holder = await a_holder(keys)
    async with asyncio.timeout(20):
        arrived = await arriving(inbox).take(holder, [one(f"e{n}") for n in range(500)], "r1")
    assert len({found.view.item.id for found in arrived}) == 500


async def test_what_arrives_where_auto_publish_is_on_goes_by_itself(
    inbox: Inbox, keys: ApiKeyService
) -> None:
    """S25 S26: from outside and by hand as from a file; what was there before does not."""
    holder, service = await a_holder(keys), arriving(inbox)
    await service.take(holder, [one("e0")], "r0")
    inbox.clock.forward(minutes=1)
    switch = AutoPublish(ADA, inbox.clock())
    await inbox.store.settings.change(lambda before: replace(before, auto_publish=switch))
    inbox.clock.forward(minutes=1)
    await service.take(holder, [one("e0"), one("e1"), one("e2", category="")], "r1")
    await service.take(holder, [one("e1")], "r1")
    by_hand = a_document(external_id="by-hand-1", document_number="BH-1")
    await service.add_by_hand(OF, BEN, by_hand, [], ChannelId("C1"))
    views = (await inbox.items.page(OF, None)).views
    going = {view.item.document.external_id for view in views if view.item.auto}
    assert going == {"e1", "by-hand-1"}


# --- by hand


async def test_an_item_by_hand_is_in_once_however_often_the_form_is_delivered(inbox: Inbox) -> None:
    """C3."""
    for _ in range(2):
        await arriving(inbox).add_by_hand(
            OF, BEN, a_document(external_id="by-hand-1"), ["F1"], ChannelId("C1")
        )
    (view,) = (await inbox.items.page(OF, None)).views
    assert (view.item.received_from, view.item.received_by) == (BY_HAND, BEN)
    assert inbox.jobs.named("item_added") == [(str(OF), view.item.id, BEN, "C1", "F1")]
    assert [entry[0] for entry in await inbox.said()] == ["item.added"]


async def test_files_that_arrive_after_the_item_are_added_once_and_sent_on_when_it_is_published(
    inbox: Inbox, keys: ApiKeyService
) -> None:
    """C14: somebody published before Slack handed out the file."""
    (found,) = await arriving(inbox).take(await a_holder(keys), [one("e1")], "r1")
    item = found.view.item.id
    for _ in range(2):
        changed = await arriving(inbox).add_files(OF, item, [PDF])
    assert [file.filename for file in changed.attachments] == ["a.pdf"]
    assert inbox.jobs.named("attach_files") == []
    await inbox.store.items.change(
        item, lambda one: replace(one, stage=ItemStage.PUBLISHED, published=published())
    )
    await arriving(inbox).add_files(OF, item, [FileContent("b.pdf", "application/pdf", b"2")])
    assert inbox.jobs.named("attach_files") == [(str(OF), item)]


# --- the same request again


async def test_the_same_request_is_done_once_and_answered_the_same(
    storage: RedisStorage, keys: ApiKeyService
) -> None:
    """C3: also while the first is still running, from another process."""
    holder, done = await a_holder(keys), 0

    async def work() -> Answer:
        nonlocal done
        done += 1
        await asyncio.sleep(0.2)
        return Answer(201, '{"items": []}')

    answers = await asyncio.gather(*(AnswerService(storage).once(holder, "k1", "d", work) for _ in range(6)))
    assert done == 1
    assert set(answers) == {Answer(201, '{"items": []}')}
    with pytest.raises(OtherBody):
        await AnswerService(storage).once(holder, "k1", "other", work)
    other = await a_holder(keys)
    await AnswerService(storage).once(other, "k1", "other", work)
    assert done == 2


async def test_who_waits_too_long_is_told_and_a_killed_process_frees_its_claim(
    storage: RedisStorage, keys: ApiKeyService, redis, store
) -> None:
    holder = await a_holder(keys)
    answers = storage.of(OF).answers

    async def work() -> Answer:
        return Answer(200, "{}")

    assert (await answers.begin(holder.key.id, "k1", "d", 60)).verdict == "mine"
    with pytest.raises(StillAtWork):
        await AnswerService(storage, patience_seconds=0.1).once(holder, "k1", "d", work)
    assert (await answers.begin(holder.key.id, "k2", "d", 0)).verdict == "mine"
    assert await AnswerService(storage).once(holder, "k2", "d", work) == Answer(200, "{}")
    ttl = await redis.ttl(answers._key(holder.key.id, "k2"))
    assert 6 * 86_400 < ttl <= 7 * 86_400


@pytest.mark.parametrize("fault", [RuntimeError("oops"), None])
async def test_what_was_refused_is_not_kept(
    storage: RedisStorage, keys: ApiKeyService, fault: Exception | None
) -> None:
    """Corrected, it may be sent under the same key."""
    holder = await a_holder(keys)

    async def refuses() -> Answer:
        if fault:
            raise fault
        return Answer(400, "{}")

    async def works() -> Answer:
        return Answer(201, "{}")

    service = AnswerService(storage)
    if fault:
        with pytest.raises(RuntimeError):
            await service.once(holder, "k1", "d", refuses)
    else:
        assert (await service.once(holder, "k1", "d", refuses)).status == 400
    assert (await service.once(holder, "k1", "corrected", works)).status == 201
