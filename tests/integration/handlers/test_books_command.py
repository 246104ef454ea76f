"""`/dext books`: what was found in Zoho Books, page by page, and a look on demand."""

from __future__ import annotations

import pytest

from bot.domain.identity import ItemId, MessageRef
from bot.domain.items import ItemStage, PublishAs
from bot.domain.settings import BooksChanges
from bot.domain.standing import RecordStanding, State
from bot.domain.watch import BooksRecord, Found, as_item
from bot.errors import StorageUnavailable, WrongInput
from handlers.jobs import watch as job
from tests.builders import ADA, NOON, an_item, published
from tests.integration.handlers.fakes import a_bot
from tests.integration.handlers.jobscene import HOME, FakeItems, FakeWatch, a_scene
from tests.integration.handlers.slackside import BEN, a_view
from tests.unit.slack.checking import buttons, takes_view, texts

STANDING = RecordStanding(
    State.VOID, "NW-1001", "2026-03-03", "144.00", "s1", "Northwind Paper Ltd", "0", "GBP", NOON
)
OTHERS = [
    as_item("60001", BooksRecord(PublishAs.BILL, str(number), "https://books.example/9", STANDING), NOON)
    for number in range(25)
]
CARD = MessageRef(HOME, "1.0")
FOUND = Found(OTHERS, 25, 0, BooksChanges.EVERYTHING, None)


async def test_anybody_sees_what_was_found_and_turns_the_pages() -> None:
    """C13"""
    bot = a_bot(watch=FakeWatch(FOUND))
    await bot.runs("books", BEN)
    view = bot.slack.of("open")[0].what
    takes_view(view)
    assert texts(view).count("Entered there") == 10
    assert buttons(view) == ["Older"]
    await bot.clicks("books.turn.on", "20", BEN, view=a_view("books.page"))
    turned = bot.slack.of("turn")[0].what
    assert texts(turned).count("Entered there") == 5
    assert buttons(turned) == ["Newer"]


async def test_an_approver_looks_now_and_nobody_else() -> None:
    """C13 S5"""
    watch = FakeWatch(FOUND)
    bot = a_bot(watch=watch)
    await bot.clicks("books.look", "look", BEN, view=a_view("books.page"))
    assert watch.asked == []
    await bot.clicks("books.look", "look", view=a_view("books.page"))
    assert watch.asked == [(ADA, "V1")]
    assert "Looking at Zoho Books" in texts(bot.slack.of("turn")[-1].what)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "PACE_SECONDS", 0)


@pytest.mark.parametrize("name", ["watch", "watch_for"])
async def test_cards_that_are_behind_are_brought_up_to_date_and_nothing_is_posted(name: str) -> None:
    """C18: the thread, the card and the digest tell; the channel stays quiet."""
    gone = an_item(stage=ItemStage.PUBLISHED, published=published(standing=STANDING), card=CARD)
    watch = FakeWatch(FOUND, [gone.id])
    scene = a_scene(watch=watch, items=FakeItems({gone.id: gone}))
    await scene.runs(name, *(["UADA", "V1"] if name == "watch_for" else []))
    (card,) = scene.slack.of("update")
    assert "Void in Zoho Books" in card.text
    assert scene.slack.of("post") == []
    assert watch.behind == []
    assert len(scene.slack.of("turn")) == (name == "watch_for")


@pytest.mark.parametrize(
    ("fault", "says"),
    [(WrongInput("Redis does not answer."), "Redis does not answer."), (KeyError(), "broke")],
)
async def test_a_look_that_failed_is_said_and_the_window_shows_what_is_known(
    fault: Exception, says: str
) -> None:
    scene = a_scene(watch=FakeWatch(FOUND, fault=fault))
    await scene.runs("watch_for", "UADA", "V1")
    assert says in scene.slack.of("direct")[0].text
    assert "Entered there" in scene.slack.of("turn")[0].text


async def test_a_look_of_the_clock_that_could_not_be_begun_troubles_nobody() -> None:
    scene = a_scene(watch=FakeWatch(FOUND, fault=StorageUnavailable("Another process is busy.")))
    await scene.runs("watch")
    assert scene.slack.told == []


async def test_put_back_asks_first() -> None:
    """C24"""
    item = an_item(id=ItemId("item1"), stage=ItemStage.PUBLISHED, published=published(standing=STANDING))
    bot = a_bot(items=FakeItems({item.id: item}))
    await bot.clicks("item.undo_open", "item1", BEN)
    assert "The bill NW-1001 is void in Zoho Books already." in texts(bot.slack.of("open")[0].what)
