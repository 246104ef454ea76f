"""Refreshing and publishing: what is shown of work after the acknowledgement, and where."""

from __future__ import annotations

import asyncio
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
from bot.domain.items import Hold, Item, ItemStage
from bot.domain.lists import ListChange, ListKind, Refresh, RefreshState
from bot.domain.many import Many
from bot.domain.roles import Person
from bot.services.publishing import RetryLater
from bot.services.reading import Show
from handlers.jobs import publish as publish_jobs
from handlers.jobs import refresh as refresh_jobs
from tests.builders import NOON, an_item, published
from tests.integration.handlers.jobscene import (
    HOME,
    FakeAuto,
    FakeItems,
    Scene,
    a_scene,
)
from tests.integration.handlers.slackside import ADA, BEN
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, texts


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace of edits is Slack's business; nothing here is about it."""
    monkeypatch.setattr(refresh_jobs, "PACE_SECONDS", 0)
    monkeypatch.setattr(refresh_jobs, "BANNER_SECONDS", 0.2)
    monkeypatch.setattr(publish_jobs, "PACE_SECONDS", 0)


# --- refresh


@dataclass
class FakeRefresh:
    """`RefreshService` whose run shows what it is given."""

    snapshots: list[Refresh]
    message: MessageRef | None = None
    done: int = 0

    async def run(self, _: Business, __: str, show: Show) -> None:
        for snapshot in self.snapshots:
            await show(replace(snapshot, message=self.message))
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
    of_many: bool = False
    again: list[float] = field(default_factory=list)

    async def run(self, _: Business, item_id: ItemId, __: str) -> None:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        self.items.items[item_id] = replace(self.outcome, card=self.items.items[item_id].card)

    async def retry(self, _: Business, __: ItemId, ___: str, seconds: float) -> None:
        self.again.append(seconds)

    async def is_of_many(self, _: Business, __: str) -> bool:
        return self.of_many


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


async def test_of_many_at_once_none_gets_a_card_of_its_own() -> None:
    """Several at once come as one summary, not as a flood; alone, what failed gets its card."""
    for outcome, of_many, told in ((DONE, False, 0), (FAILED, False, 1), (FAILED, True, 0)):
        scene, publish = publishing(PUBLISHING, outcome)
        publish.of_many = of_many
        await scene.runs("publish", "item1", "p1")
        assert len(scene.slack.of("post")) == told


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


@pytest.mark.parametrize(
    ("person", "asked", "says"),
    [
        (ADA, ADA.id, "were published with the same category"),
        (BEN, ADA.id, f"were published by <@{BEN.id}> with the same category"),
    ],
)
async def test_auto_publish_is_suggested_to_who_can_switch_it_on(
    person: Person, asked: str, says: str
) -> None:
    """S26: to the Admin who published; where an Approver did, to the Admins."""
    items = FakeItems({"item1": PUBLISHING})
    done = an_item(stage=ItemStage.PUBLISHED, published=published(by=person.id))
    auto = FakeAuto(times=3)
    scene = a_scene(items=items, publish=FakePublish(items, done), auto=auto)
    await scene.runs("publish", "item1", "p1")
    (told,) = scene.slack.of("direct")
    assert told.where == asked
    assert "The last 3 items of *Northwind Paper Ltd*" in told.text
    assert says in told.text
    assert buttons(told.what) == ["Publish them by themselves", "Not for this supplier"]
    assert auto.told == ["item1"]


async def test_what_reached_no_admin_is_suggested_again() -> None:
    """S26: a direct message that Slack did not take is not counted as told."""
    items = FakeItems({"item1": PUBLISHING})
    auto = FakeAuto(times=3)
    scene = a_scene(items=items, publish=FakePublish(items, DONE), auto=auto)
    scene.slack.closed_to_us = {ADA.id}
    await scene.runs("publish", "item1", "p1")
    assert auto.told == []


@dataclass
class FakeMany:
    """`ManyService`: a run that goes through these."""

    steps: Sequence[Many]
    message: MessageRef | None = None

    async def run(self, _: Business, __: str, ___: int) -> AsyncIterator[Many]:
        for step in self.steps:
            yield step

    async def get(self, _: Business, __: str) -> Many:
        return replace(self.steps[0], message=self.message)

    async def remember_message(self, _: Business, __: str, message: MessageRef) -> None:
        self.message = message


async def test_many_at_once_are_one_message_that_ends_with_the_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C2: edited in place; what failed is counted by cause, with the buttons for it."""
    monkeypatch.setattr(publish_jobs, "PACE_SECONDS", 0.01)
    begun, *_, over, _ = views.every_many()
    scene = a_scene(many=FakeMany([begun, begun, over]))
    await scene.runs("publish_many", begun.id, "0")
    assert [one.how for one in scene.slack.told] == ["post", "update"]
    last = scene.slack.told[-1].what
    assert "✅ 10 published" in last["text"]
    assert "number already used (4)" in texts(last)
    assert {"Retry these", "Show", "Answer"} <= set(buttons(last))


async def test_many_are_shown_no_faster_than_slack_takes_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publish_jobs, "PACE_SECONDS", 0.3)
    _, begun, whole, _, over, _ = views.every_many()
    scene = a_scene(many=FakeMany([begun, whole, begun, whole, over]))
    started = asyncio.get_running_loop().time()
    await scene.runs("publish_many", begun.id, "0")
    assert [one.how for one in scene.slack.told] == ["post", "update"]
    assert asyncio.get_running_loop().time() - started >= 0.3


async def test_many_whose_message_was_deleted_are_posted_anew() -> None:
    over = views.every_many()[4]
    scene = a_scene(many=FakeMany([over], MessageRef(HOME, "1.0")))
    scene.slack.gone = {"1.0"}
    await scene.runs("publish_many", over.id, "0")
    assert [one.how for one in scene.slack.told] == ["post"]


async def test_where_there_was_nothing_to_publish_only_who_asked_hears_it() -> None:
    scene = a_scene(many=FakeMany([views.every_many()[5]]))
    await scene.runs("publish_many", "m2", "0")
    assert [(one.how, one.where) for one in scene.slack.told] == [("direct", ADA.id)]


async def test_many_that_slack_does_not_take_are_published_all_the_same() -> None:
    over = views.every_many()[4]
    scene = a_scene(many=FakeMany([over]))
    scene.slack.fault = TimeoutError()
    await scene.runs("publish_many", over.id, "0")
    assert scene.slack.told == []
