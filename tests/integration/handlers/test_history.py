"""The **History** window, and what is told in the threads under cards."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.history import Event
from bot.domain.identity import BOT, Business, ChannelId, ItemId, MessageRef
from bot.services.history import Telling
from bot.slack.blocks import history as blocks
from bot.slack.blocks import items as item_blocks
from handlers.jobs import history as job
from tests.builders import ADA, NOON, an_item
from tests.integration.handlers.fakes import History, Items, a_bot
from tests.integration.handlers.jobscene import FakeItems, Scene, a_scene
from tests.integration.handlers.slackside import BEN, Bot, a_view
from tests.unit.slack.checking import buttons, takes_message, takes_view, texts

CARD = MessageRef(ChannelId("C0FINANCE"), "7.0")


async def _picks_history(bot: Bot, **payload: Any) -> dict[str, Any]:
    value = json.dumps({"do": item_blocks.HISTORY, "item": "item1"})
    chosen = {"type": "overflow", "action_id": item_blocks.MORE, "selected_option": {"value": value}}
    await bot.does("block_actions", BEN, actions=[chosen], channel={"id": "C1"}, **payload)
    return bot.slack.told[-1].what


async def test_history_opens_from_a_card_for_everybody() -> None:
    history = History()
    bot = a_bot(items=Items(), history=history)
    view = await _picks_history(bot)
    takes_view(view)
    assert bot.slack.told[0].how == "open"
    assert "Northwind Paper Ltd NW-1001 · 45 entries" in texts(view)
    assert "<@UADA> changed total: £0.00 → £9.00" in texts(view)
    assert (buttons(view), history.asked) == (["Older"], [("item1", 0)])


async def test_history_opens_on_top_of_the_list_and_is_turned_in_place() -> None:
    history = History()
    bot = a_bot(items=Items(), history=history)
    view = await _picks_history(bot, view=a_view("items.list"))
    assert bot.slack.told[0].how == "push"
    meta = view["private_metadata"]
    await bot.clicks(blocks.TURN + ".on", "20", BEN, view=a_view(blocks.PAGE, private_metadata=meta))
    turned = bot.slack.of("turn")[0].what
    assert (buttons(turned), history.asked[-1]) == (["Newer", "Older"], ("item1", 20))
    assert "£20.00 → £9.00" in texts(turned)
    assert "£19.00 → £9.00" not in texts(turned)


# --- the threads


@dataclass
class Threads:
    """`HistoryService` with so much to tell."""

    to_tell: list[Telling]
    returned: list[ItemId] = field(default_factory=list)
    is_over: bool = False

    async def tellings(self, _: Business) -> AsyncGenerator[Telling]:
        try:
            for telling in self.to_tell:
                yield telling
        finally:
            self.is_over = True

    async def not_told(self, _: Business, telling: Telling) -> None:
        self.returned.append(telling.item)


def a_telling(number: int, *events: Event) -> Telling:
    happened = events or (Event(NOON, ADA, "changed total: £1.00 → £2.00"),)
    return Telling(ItemId(f"item{number}"), MessageRef(CARD.channel, f"{number}.0"), happened, 0)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the job waited, without waiting."""
    waited: list[float] = []

    async def sleep(seconds: float) -> None:
        waited.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    return waited


def _scene(*tellings: Telling) -> tuple[Scene, Threads]:
    history = Threads(list(tellings))
    return a_scene(history=history), history


async def test_each_card_gets_one_reply_at_slacks_pace(waits: list[float]) -> None:
    """C12."""
    automatic = Event(NOON, BOT, "published this item by itself: rule for <!channel>")
    scene, _ = _scene(a_telling(1, automatic, Event(NOON, ADA, "put back this item")), a_telling(2))
    await scene.runs("tell_threads")
    first, second = scene.slack.told
    assert (first.how, first.where, second.where) == ("reply", "C0FINANCE/1.0", "C0FINANCE/2.0")
    takes_message(first.what)
    assert first.what["text"] == (
        "Dext published this item by itself: rule for &lt;!channel&gt;\n<@UADA> put back this item"
    )
    assert waits == [job.PACE_SECONDS] * 2


async def test_where_slack_is_not_to_be_had_the_rest_waits(waits: list[float]) -> None:
    scene, history = _scene(a_telling(1), a_telling(2))
    scene.slack.fault = SlackApiError("no", {"ok": False, "error": "ratelimited"})
    await scene.runs("tell_threads")
    assert (scene.slack.told, waits) == ([], [])
    assert (history.returned, history.is_over) == ([ItemId("item1")], True)


async def test_what_slack_never_takes_holds_up_nothing(waits: list[float]) -> None:
    scene, history = _scene(a_telling(1), a_telling(2))
    scene.slack.fault = SlackApiError("no", {"ok": False, "error": "invalid_blocks"})
    await scene.runs("tell_threads")
    assert [one.where for one in scene.slack.told] == ["C0FINANCE/2.0"]
    assert (history.returned, len(waits)) == ([], 1)


async def test_a_card_that_was_deleted_ends_its_thread_alone(waits: list[float]) -> None:
    scene, history = _scene(a_telling(1), a_telling(2))
    scene.slack.gone.add("1.0")
    await scene.runs("tell_threads")
    assert [one.where for one in scene.slack.told] == ["C0FINANCE/2.0"]
    assert history.returned == []


async def test_a_card_that_shows_former_values_is_drawn_again_before_its_thread_tells_why(
    waits: list[float],
) -> None:
    """C12: a rule changed what the item gets."""
    item = an_item(card=MessageRef(CARD.channel, "1.0"))
    event = Event(NOON, ADA, "changed this item: category: none → Travel (rule for Acme)")
    recoded = Telling(item.id, MessageRef(CARD.channel, "1.0"), (event,), 0, is_recoded=True)
    history = Threads([recoded, a_telling(2)])
    scene = a_scene(history=history, items=FakeItems({item.id: item}))
    await scene.runs("tell_threads")
    assert [(one.how, one.where) for one in scene.slack.told] == [
        ("update", "C0FINANCE"),
        ("reply", "C0FINANCE/1.0"),
        ("reply", "C0FINANCE/2.0"),
    ]
    assert len(waits) == 2
