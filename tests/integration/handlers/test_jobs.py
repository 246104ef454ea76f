"""Refreshing and publishing: what is shown of work after the acknowledgement, and where."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.identity import (
    BOT,
    Business,
    ItemId,
    MessageRef,
    PersonId,
)
from bot.domain.items import Hold, Item, ItemStage, ItemStatus
from bot.domain.lists import ListChange, ListKind, Refresh, RefreshState
from bot.errors import NotConnected
from bot.services.items import ItemView
from bot.services.publish import AllBegun
from bot.services.publishing import RetryLater
from bot.slack.blocks import items as item_blocks
from handlers.jobs import publish as publish_jobs
from handlers.jobs import refresh as refresh_jobs
from tests.builders import NOON, an_item, published
from tests.integration.handlers.jobscene import (
    HOME,
    FakeItems,
    Scene,
    a_scene,
)
from tests.integration.handlers.slackside import ADA


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of edits is Slack's business; nothing here is about it."""
    monkeypatch.setattr(refresh_jobs, "PACE_SECONDS", 0)
    monkeypatch.setattr(refresh_jobs, "BANNER_SECONDS", 0.2)
    monkeypatch.setattr(publish_jobs, "PACE_SECONDS", 0)


# --- refresh


@dataclass
class FakeRefresh:
    """`RefreshService` whose run yields what it is given."""

    snapshots: list[Refresh]
    message: MessageRef | None = None
    done: int = 0

    async def run(self, _: Business, __: str) -> AsyncIterator[Refresh]:
        for snapshot in self.snapshots:
            yield replace(snapshot, message=self.message)
            self.done += 1

    async def latest(self, _: Business) -> Refresh:
        return replace(self.snapshots[0], message=self.message)

    async def remember_message(self, _: Business, __: str, message: MessageRef) -> Refresh:
        self.message = self.message or message
        return replace(self.snapshots[0], message=self.message)


def a_refresh(asked_by: PersonId = ADA.id) -> list[Refresh]:
    begun = Refresh("r1", asked_by, NOON, reading=ListKind.CATEGORIES)
    changes = (ListChange(ListKind.CATEGORIES, 11),)
    over = replace(begun, state=RefreshState.COMPLETE, finished_at=NOON, changes=changes)
    return [begun, replace(begun, changes=changes), over]


async def test_a_refresh_goes_on_in_the_banner_of_who_asked() -> None:
    """S46: the same message turns into the result."""
    scene = a_scene(refresh=FakeRefresh(a_refresh(), MessageRef(HOME, "1.0")))
    await scene.runs("refresh", "r1")
    assert {one.how for one in scene.slack.told} == {"update"}
    assert "Refresh complete" in scene.slack.told[-1].text


async def test_a_refresh_of_the_clock_posts_its_own_message_and_edits_it() -> None:
    scene = a_scene(refresh=FakeRefresh(a_refresh(BOT)))
    await scene.runs("refresh", "r1")
    assert [one.how for one in scene.slack.told].count("post") == 1
    assert scene.slack.told[0].where == HOME
    assert scene.slack.told[-1].how == "update"


async def test_where_the_bot_may_not_post_who_asked_gets_the_result() -> None:
    scene = a_scene(refresh=FakeRefresh(a_refresh()))
    scene.slack.closed_to_us = {HOME}
    await scene.runs("refresh", "r1")
    assert [one.where for one in scene.slack.of("direct")] == [ADA.id]
    assert "Refresh complete" in scene.slack.told[-1].text


async def test_the_lists_do_not_wait_for_a_slack_that_fails() -> None:
    """S41: the work is done even when it cannot be shown."""
    refresh = FakeRefresh(a_refresh(), MessageRef(HOME, "1.0"))
    scene = a_scene(refresh=refresh)
    scene.slack.fault = SlackApiError("x", {"ok": False, "error": "fatal_error"})
    with structlog.testing.capture_logs():
        await scene.runs("refresh", "r1")
    assert refresh.done == len(refresh.snapshots)
    assert "Refresh complete" in scene.slack.told[-1].text


async def test_a_message_that_somebody_deleted_is_posted_anew() -> None:
    scene = a_scene(refresh=FakeRefresh(a_refresh(), MessageRef(HOME, "1.0")))
    scene.slack.gone = {"1.0"}
    await scene.runs("refresh", "r1")
    assert scene.slack.of("post")
    assert "Refresh complete" in scene.slack.told[-1].text


# --- publish


@dataclass
class FakePublish:
    items: FakeItems
    outcome: Item | Exception
    begun: AllBegun | Exception = field(default_factory=lambda: AllBegun([], {}))
    again: list[float] = field(default_factory=list)

    async def run(self, _: Business, item_id: ItemId, __: str) -> None:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        self.items.items[item_id] = replace(self.outcome, card=self.items.items[item_id].card)

    async def retry(self, _: Business, __: ItemId, ___: str, seconds: float) -> None:
        self.again.append(seconds)

    async def of_batch(self, _: Business, __: str) -> Sequence[ItemId]:
        return []

    async def begin_all(self, _: Business, __: Sequence[ItemId], ___: PersonId) -> AllBegun:
        if isinstance(self.begun, Exception):
            raise self.begun
        return self.begun


PUBLISHING = an_item(stage=ItemStage.PUBLISHING, asked_by=ADA.id)
DONE = an_item(stage=ItemStage.PUBLISHED, published=published())
FAILED = an_item(stage=ItemStage.FAILED, hold=Hold("number_used", "The number is used."), asked_by=ADA.id)
CARD = MessageRef(HOME, "7.0")


def publishing(before: Item, outcome: Item | Exception) -> tuple[Scene, FakePublish]:
    items = FakeItems({"item1": before})
    publish = FakePublish(items, outcome)
    return a_scene(items=items, publish=publish), publish


async def test_a_published_item_shows_it_on_its_card() -> None:
    """S1: the card then shows who published, when, and a link."""
    scene, _ = publishing(replace(PUBLISHING, card=CARD), DONE)
    await scene.runs("publish", "item1", "p1")
    (told,) = scene.slack.told
    assert told.how == "update"
    assert "Published* as bill NW-1001" in told.text
    assert "https://books.example/app#/bills/7001|View in Zoho Books" in told.text


async def test_of_many_at_once_only_what_failed_gets_a_card_of_its_own() -> None:
    """Several at once come as one summary, not as a flood."""
    well, _ = publishing(PUBLISHING, DONE)
    badly, _ = publishing(PUBLISHING, FAILED)
    for scene in (well, badly):
        await scene.runs("publish", "item1", "p1")
    assert well.slack.told == []
    assert [one.how for one in badly.slack.told] == ["post"]
    assert "Publishing failed" in badly.slack.told[0].text


async def test_a_deleted_card_is_posted_anew_and_remembered() -> None:
    scene, publish = publishing(replace(PUBLISHING, card=CARD), FAILED)
    scene.slack.gone = {CARD.ts}
    await scene.runs("publish", "item1", "p1")
    assert len(scene.slack.of("post")) == 1
    assert publish.items.items["item1"].card != CARD


async def test_a_card_that_cannot_be_posted_goes_to_who_asked() -> None:
    scene, _ = publishing(PUBLISHING, FAILED)
    scene.slack.closed_to_us = {HOME}
    await scene.runs("publish", "item1", "p1")
    assert [(one.how, one.where) for one in scene.slack.told] == [("direct", ADA.id)]


async def test_a_publication_that_must_wait_is_put_back_on_the_queue() -> None:
    scene, publish = publishing(replace(PUBLISHING, card=CARD), RetryLater(12.0))
    await scene.runs("publish", "item1", "p1")
    assert publish.again == [12.0]
    assert "Publishing" in scene.slack.told[-1].text


async def test_publish_all_is_one_message_that_ends_with_the_count() -> None:
    items = FakeItems({"a": DONE, "b": FAILED, "c": replace(DONE, id=ItemId("c"))})
    publish = FakePublish(
        items, DONE, AllBegun([ItemId("a"), ItemId("b"), ItemId("c")], {"needs attention": 7})
    )
    scene = a_scene(items=items, publish=publish)
    await scene.runs("publish_all", "costs.csv", ADA.id)
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("post", HOME)
    assert told.what["text"] == "✅ 2 published · 🔴 1 failed\nLeft as they are: 7 needs attention."


async def test_publish_all_is_edited_while_items_are_on_their_way() -> None:
    items = FakeItems({"a": PUBLISHING})

    class Settling(FakeItems):
        async def views(self, business: Business, ids: Sequence[ItemId]) -> Sequence[ItemView]:
            found = await FakeItems.views(items, business, ids)
            items.items["a"] = DONE
            return found

    scene = a_scene(items=Settling(), publish=FakePublish(items, DONE, AllBegun([ItemId("a")], {})))
    await scene.runs("publish_all", "costs.csv", ADA.id)
    assert [(one.how, one.what["text"]) for one in scene.slack.told] == [
        ("post", "🟢 1 publishing"),
        ("update", "✅ 1 published"),
    ]


async def test_publish_all_without_a_connection_is_said_privately() -> None:
    scene = a_scene(publish=FakePublish(FakeItems(), DONE, NotConnected()))
    await scene.runs("publish_all", "costs.csv", ADA.id)
    assert [(one.how, one.where) for one in scene.slack.told] == [("direct", ADA.id)]


def test_every_status_of_a_published_item_has_its_word_in_the_progress() -> None:
    said = item_blocks.all_progress(dict.fromkeys(ItemStatus, 1), {})["text"]
    assert "✅ 1 published · 🔴 1 failed · ⏸ 1 held · 🟢 1 publishing · 🟡 3 given back" in said
