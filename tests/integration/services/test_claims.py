"""Expense claims on a real Redis: made, changed, published once, taken back; whoever clicks or dies."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain.attachments import FileContent, described
from bot.domain.auto_publish import judge
from bot.domain.claim_coding import ASKED
from bot.domain.identity import ItemId
from bot.domain.items import AutoPublish, DocumentType, Field, Item, ItemStage, ItemStatus
from bot.domain.line_edits import LineChange
from bot.domain.settings import BusinessSettings
from bot.errors import AlreadyDone, BotError, NotFound, NotReady, WrongInput
from bot.services.arriving import ArrivingService
from bot.services.attaching import AttachingService
from bot.services.claims import ClaimService, NewClaim
from bot.services.items import ItemService
from bot.services.lines import LineService
from bot.services.undo import UndoService
from storage.crypto import Cipher
from storage.items import RedisItems
from storage.store import RedisStorage, RedisStore
from tests.builders import ADA, BEN
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.killing import Cut, Died
from tests.integration.services.publishing import OF, World
from tests.redis_fixtures import Clock
from tests.unit.domain.test_claims import a_receipt

CLAIM = NewClaim("once", "Northwind Paper Ltd", "EC-1")
"""Of somebody whom the books know."""


@dataclass
class Desk:
    """A business with receipts, and all that is done with them."""

    world: World

    @property
    def store(self) -> RedisStore:
        return self.world.storage.of(OF)

    @property
    def claims(self) -> ClaimService:
        return ClaimService(self.world.storage, self.world.clock)

    @property
    def items(self) -> ItemService:
        return ItemService(self.world.storage, self.world.clock)

    @property
    def attaching(self) -> AttachingService:
        world = self.world
        return AttachingService(world.storage, {"zoho-books": world.books}, world.jobs, world.clock)

    @property
    def undo(self) -> UndoService:
        world = self.world
        return UndoService(
            world.storage, {"zoho-books": world.books}, world.jobs, world.publish.roles, world.clock
        )

    async def has(self, number: int = 3, **changes: object) -> list[ItemId]:
        """So many receipts over £10.00 and more, each with its file."""
        receipts: list[Item] = []
        for place in range(number):
            ((file, content),) = described([FileContent("scan.pdf", "application/pdf", b"%d" % place)])
            item = a_receipt(f"r{place}", 3 + place, total=f"{10 + place}.00", attachments=(file,), **changes)
            await self.store.attachments.stage(item.id, [(file.id, content)])
            await self.store.attachments.keep(item.id, [file.id])
            receipts.append(item)
        await self.world.prepared(receipts[0])
        await self.store.items.add(receipts[1:])
        return [item.id for item in receipts]

    async def made(self, receipts: Sequence[ItemId], said: NewClaim = CLAIM) -> ItemId:
        return (await self.claims.make(OF, ADA, said, receipts)).claim

    async def item(self, item: ItemId) -> Item:
        found = await self.store.items.get(item)
        assert found is not None
        return found

    async def publishes(self, claim: ItemId) -> None:
        await self.world.publish.begin(OF, claim, ADA)
        await self.world.run_all()
        await self.attaching.run(OF, claim)

    async def said(self, item: ItemId) -> list[str]:
        return [entry.what for entry in await self.store.history.of(item)]

    async def is_whole(self) -> None:
        """Every claim names the receipts that name it, and each receipt is in one claim."""
        items = [item async for chunk in self.store.items.all() for item in chunk]
        named = Counter(receipt for item in items for receipt in item.receipts)
        assert all(times == 1 for times in named.values())
        for item in items:
            assert (item.claim is not None) == (item.stage is ItemStage.IN_CLAIM) == (item.id in named)
            if item.claim:
                assert item.id in (await self.item(item.claim)).receipts


@pytest.fixture
def desk(storage: RedisStorage, clock: Clock) -> Desk:
    return Desk(World(storage, FakeBooks(), FakeJobs(), FakePeople(), clock))


# --- from receipts to one bill


async def test_receipts_become_one_bill_with_all_their_files(desk: Desk) -> None:
    """C25 C14: a line each, one call for the bill and one for each file."""
    receipts = await desk.has()
    claim = await desk.made(receipts)
    view = await desk.items.view(OF, claim)
    assert (view.status, str(view.coding.total), len(view.coding.lines)) == (ItemStatus.READY, "33.00", 3)
    await desk.publishes(claim)
    (record,) = desk.world.books.records
    assert (record.kind.value, record.number) == ("bill", "EC-1")
    assert [upload.filename for upload in desk.world.books.files] == [
        "scan.pdf",
        "scan (2).pdf",
        "scan (3).pdf",
    ]
    assert sorted(upload.content for upload in desk.world.books.files) == [b"0", b"1", b"2"]
    assert (await desk.items.view(OF, claim)).coding.lines == view.coding.lines
    await desk.is_whole()


async def test_each_receipt_is_in_the_list_of_those_in_claims_and_no_longer_to_do(desk: Desk) -> None:
    """C25 C1: counted once."""
    receipts = await desk.has()
    claim = await desk.made(receipts)
    to_do = await desk.items.page(OF, None)
    assert [view.item.id for view in to_do.views] == [claim]
    assert dict(to_do.counts) == {ItemStatus.READY: 1}
    inside = await desk.items.page(OF, ItemStatus.IN_CLAIM)
    assert {view.item.id for view in inside.views} == set(receipts)
    assert all(view.claim and view.claim.id == claim for view in inside.views)


@pytest.mark.parametrize("is_line", [False, True], ids=["field", "line"])
async def test_a_receipt_stays_as_it_is_when_its_claim_is_booked_at_that_moment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, *, is_line: bool
) -> None:
    """C25: published between somebody's reading the receipt and changing it."""
    receipts = await desk.has(2)
    claim = await desk.made(receipts)
    usual = RedisItems.run

    async def publishes_first(items: RedisItems, *call: Any) -> Any:
        monkeypatch.setattr(RedisItems, "run", usual)
        await desk.publishes(claim)
        return await usual(items, *call)

    monkeypatch.setattr(RedisItems, "run", publishes_first)
    lines = LineService(desk.world.storage, desk.world.clock)
    if is_line:
        change = lines.save(OF, receipts[0], "+1", BEN, LineChange(amount="99"))
    else:
        change = desk.items.edit(OF, receipts[0], BEN, {Field.DESCRIPTION: "Something else"})
    with pytest.raises(AlreadyDone, match="is published"):
        await change
    receipt = await desk.item(receipts[0])
    assert (receipt.manual, receipt.line_edits) == ({}, None)
    assert (await desk.item(claim)).stage is ItemStage.PUBLISHED


async def test_a_receipt_that_joins_a_claim_while_it_is_edited_is_edited_in_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """C25: and one whose claim changes is edited once."""
    receipts = await desk.has(2)
    usual = RedisItems.run

    async def joins_first(items: RedisItems, *call: Any) -> Any:
        monkeypatch.setattr(RedisItems, "run", usual)
        await desk.made(receipts)
        return await usual(items, *call)

    monkeypatch.setattr(RedisItems, "run", joins_first)
    view = await desk.items.edit(OF, receipts[0], BEN, {Field.TOTAL: "99.00"})
    assert view.item.stage is ItemStage.IN_CLAIM
    assert view.claim is not None
    assert str((await desk.items.view(OF, view.claim.id)).coding.total) == "110.00"
    assert (await desk.said(receipts[0])).count("item.edited.total") == 1
    await desk.is_whole()


async def test_what_a_receipt_lacks_keeps_the_claim_back_until_it_is_edited(desk: Desk) -> None:
    """C25: named by its receipt; the edit of the receipt changes the claim's line."""
    receipts = await desk.has(2, category="")
    claim = await desk.made(receipts)
    with pytest.raises(NotReady, match="Kestrel Taxis, 3 Mar 2026: no category"):
        await desk.world.publish.begin(OF, claim, ADA)
    for receipt in receipts:
        await desk.items.edit(OF, receipt, BEN, {Field.CATEGORY: "c1"})
    assert (await desk.items.view(OF, claim)).coding.is_ready
    await desk.publishes(claim)
    with pytest.raises(AlreadyDone, match="Undo its bill first"):
        await desk.items.edit(OF, receipts[0], BEN, {Field.CATEGORY: "c1"})


async def test_the_log_says_it_of_the_claim_and_of_each_receipt(desk: Desk) -> None:
    """C25 C12: and the chain is whole."""
    receipts = await desk.has()
    claim = await desk.made(receipts[:2])
    await desk.claims.add(OF, claim, BEN, receipts[2])
    await desk.claims.take_out(OF, receipts[0], BEN)
    await desk.claims.dissolve(OF, claim, ADA)
    assert await desk.said(claim) == [
        "item.claim_made", "item.claim_changed", "item.claim_changed", "item.claim_dissolved",
    ]  # fmt: skip
    assert await desk.said(receipts[0]) == ["item.joined_claim", "item.left_claim"]
    assert await desk.said(receipts[2]) == ["item.joined_claim", "item.left_claim"]
    assert (await desk.store.log.verify()).is_whole
    await desk.is_whole()


async def test_undone_and_dissolved_the_receipts_are_back(desk: Desk) -> None:
    """C25 C24: while the bill stands nothing of it changes."""
    receipts = await desk.has()
    claim = await desk.made(receipts)
    await desk.publishes(claim)
    for step in (desk.claims.dissolve(OF, claim, ADA), desk.claims.take_out(OF, receipts[0], ADA)):
        with pytest.raises(AlreadyDone, match="Undo its bill first"):
            await step
    published = (await desk.item(claim)).published
    assert published is not None
    await desk.undo.run(OF, claim, published.record_id, ADA)
    assert (await desk.item(claim)).receipts == tuple(receipts)
    await desk.claims.dissolve(OF, claim, ADA)
    assert {(await desk.item(receipt)).stage for receipt in receipts} == {ItemStage.INBOX}
    again = await desk.made(receipts, NewClaim("again", CLAIM.owner, "EC-2"))
    await desk.publishes(again)
    assert len(desk.world.books.records) == 2
    assert len(desk.world.books.files) == 6


async def test_a_form_that_is_sent_twice_makes_one_claim(desk: Desk) -> None:
    """C25 C3: Slack delivers again what it thinks was lost."""
    receipts = await desk.has()
    made = await asyncio.gather(*(desk.made(receipts) for _ in range(4)))
    assert len(set(made)) == 1
    assert (await desk.said(made[0])).count("item.claim_made") == 1
    await desk.is_whole()


async def test_nothing_wrong_is_made(desk: Desk) -> None:
    """C25: of nobody, of nothing, of what is gone; and then there is no claim."""
    receipts = await desk.has(1)
    for said, chosen, fault in (
        (NewClaim("x", "  "), receipts, WrongInput),
        (CLAIM, [], WrongInput),
        (CLAIM, [ItemId("gone")], NotFound),
    ):
        with pytest.raises(fault):
            await desk.claims.make(OF, ADA, said, chosen)
    with pytest.raises(NotFound):
        await desk.claims.choose(OF, ItemId("gone"), ADA, receipts)
    assert (await desk.items.page(OF, None)).total == 1


# --- at once


async def test_one_receipt_goes_into_one_claim_whoever_clicks_at_once(desk: Desk) -> None:
    """C25 C3: two people, two claims, one receipt."""
    receipts = await desk.has(3)
    claims = [await desk.made([receipts[place]], NewClaim(f"c{place}", CLAIM.owner)) for place in range(2)]
    clicks = [
        desk.claims.add(OF, claims[place % 2], (ADA, BEN)[place % 2], receipts[2]) for place in range(8)
    ]
    done = await asyncio.gather(*clicks, return_exceptions=True)
    refused = [fault for fault in done if isinstance(fault, BaseException)]
    assert refused
    assert all(isinstance(fault, AlreadyDone) and "another expense claim" in str(fault) for fault in refused)
    held = [claim for claim in claims if receipts[2] in (await desk.item(claim)).receipts]
    assert len(held) == 1
    await desk.is_whole()


async def test_a_receipt_is_published_alone_or_with_its_claim_never_both(desk: Desk) -> None:
    """C25 C3: a click on Publish beside a click on Make claim."""
    receipts = await desk.has(2)
    for turn in range(6):
        said = NewClaim(f"turn{turn}", CLAIM.owner, f"EC-{turn}")
        both = await asyncio.gather(
            desk.world.publish.begin(OF, receipts[0], ADA),
            desk.claims.make(OF, BEN, said, receipts),
            return_exceptions=True,
        )
        assert sum(isinstance(one, BotError) for one in both) == 1
        await desk.is_whole()
        if isinstance(both[0], BaseException):
            await desk.claims.dissolve(OF, both[1].claim, ADA)  # type: ignore[union-attr]
        else:
            break


@pytest.mark.parametrize("seed", range(4))
async def test_a_storm_of_clicks_leaves_every_link_whole(desk: Desk, seed: int) -> None:
    """C25: twelve people put in, take out, dissolve and choose at once."""
    chance = random.Random(seed)  # noqa: S311 - a storm that can be repeated
    receipts = await desk.has(6)
    claims = [await desk.made([receipts[place]], NewClaim(f"s{place}", CLAIM.owner)) for place in range(3)]

    async def click() -> None:
        claim, receipt = chance.choice(claims), chance.choice(receipts)
        act = chance.choice(
            [
                desk.claims.add,
                lambda of, one, who, _: desk.claims.take_out(of, receipt, who),
                lambda of, one, who, _: desk.claims.choose(of, one, who, chance.sample(receipts, 2)),
                lambda of, one, who, _: desk.claims.dissolve(of, one, who),
            ]
        )
        try:
            await act(OF, claim, ADA, receipt)
        except (AlreadyDone, NotFound):
            return

    for _ in range(5):
        await asyncio.gather(*(click() for _ in range(12)))
        await desk.is_whole()


# --- whoever dies


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_one_bill_wherever_the_process_dies(
    desk: Desk, redis: Redis, monkeypatch: pytest.MonkeyPatch, encryption_key: str, after: bool
) -> None:
    """C25 C3: killed before and after every call while a claim is made, published and its files are sent;
    then it goes on."""
    cut = Cut()
    monkeypatch.setattr(Redis, "execute_command", cut.around(Redis.execute_command))
    monkeypatch.setattr(Pipeline, "execute", cut.around(Pipeline.execute))
    at, died = 0, True
    while died:
        at += 1
        died = await _killed(desk.world.clock, cut, at, after=after, redis=redis, key=encryption_key)
    assert at > 20, "the cut must have been everywhere"


async def _killed(clock: Clock, cut: Cut, at: int, *, after: bool, redis: Redis, key: str) -> bool:
    """One life that ends at its `at`-th step, and the next lives until everything stands."""
    cut.disarm()
    storage = RedisStorage(redis, Cipher([key]), clock, namespace=f"test-{secrets.token_hex(6)}")
    desk = Desk(World(storage, FakeBooks(step=cut.step), FakeJobs(step=cut.step), FakePeople(), clock))
    receipts = await desk.has(2)
    cut.arm(at, after=after)
    died = False
    try:
        await desk.publishes(await desk.made(receipts))
    except Died:
        died = True
    cut.disarm()
    claim = await desk.made(receipts)
    for name in (f"publication-{(await desk.item(claim)).publication}", f"attach-{claim}"):
        await redis.delete(desk.store.items.keys("lock", name))  # its lease is over: the dead do not renew
    if (await desk.item(claim)).stage is ItemStage.INBOX:
        await desk.world.publish.begin(OF, claim, ADA)
    clock.forward(seconds=61)
    await desk.world.publish.resume_stuck()
    await desk.world.run_all()
    await desk.attaching.run(OF, claim)
    assert (await desk.item(claim)).stage is ItemStage.PUBLISHED, at
    assert (len(desk.world.books.records), len(desk.world.books.files)) == (1, 2), at
    await desk.is_whole()
    return died


# --- receipts that a file has in a claim


async def test_what_was_claimed_elsewhere_does_not_go_unasked(desk: Desk) -> None:
    """C25 S26: neither by hand nor by itself; one answer lets it go alone."""
    (receipt,) = await desk.has(1, claimed=True, type=DocumentType.INVOICE, supplier="Northwind Paper Ltd")
    with pytest.raises(NotReady, match=ASKED):
        await desk.world.publish.begin(OF, receipt, ADA)
    view = await desk.claims.publish_alone(OF, receipt, BEN)
    assert view.status is ItemStatus.READY
    await desk.world.publish.begin(OF, receipt, ADA)
    await desk.world.run_all()
    assert len(desk.world.books.records) == 1


async def test_a_claim_never_goes_by_itself(desk: Desk) -> None:
    """C25 S26: a person looks at it first."""
    receipts = await desk.has(1)
    settings = BusinessSettings(auto_publish=AutoPublish(ADA, desk.world.clock()))
    view = await desk.items.view(OF, await desk.made(receipts))
    verdict = judge(view.item, view.coding, None, settings, base="GBP")
    assert (verdict.goes, verdict.not_because) == (False, "expense claims are published by a person")


async def test_files_that_come_after_the_claim_was_made_are_sent_with_it(desk: Desk) -> None:
    """C25 C14: before it is published and afterwards."""
    receipts = await desk.has(1)
    claim = await desk.made(receipts)
    arriving = ArrivingService(desk.world.storage, None, desk.world.jobs, desk.world.clock)  # type: ignore[arg-type]
    for name in ("late.pdf", "later.pdf"):
        await arriving.add_files(OF, receipts[0], [FileContent(name, "application/pdf", name.encode())])
        if (await desk.item(claim)).stage is ItemStage.PUBLISHED:
            await desk.attaching.run(OF, claim)
        else:
            await desk.publishes(claim)
    assert sorted(upload.filename for upload in desk.world.books.files) == [
        "late.pdf",
        "later.pdf",
        "scan.pdf",
    ]


async def test_what_is_chosen_shows_what_it_comes_to_and_changes_nothing(desk: Desk) -> None:
    """C25."""
    receipts = await desk.has()
    before = [await desk.item(receipt) for receipt in receipts]
    found = await desk.claims.sum_of(OF, receipts[:2])
    assert (found.number, str(found.coding.total)) == (2, "21.00")
    assert [await desk.item(receipt) for receipt in receipts] == before
    choice = await desk.claims.choice(OF)
    assert (choice.owner, [view.item.id for view in choice.of_owner()]) == ("Ada Okafor", receipts)
