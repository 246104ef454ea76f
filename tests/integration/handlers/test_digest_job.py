"""The digest of a day, posted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.domain.digest import Digest, Happened
from tests.builders import ADA
from tests.integration.handlers.fakes import HOME
from tests.integration.handlers.jobscene import a_scene
from tests.unit.slack import views
from tests.unit.slack.checking import takes_message, texts


@dataclass
class Digests:
    composed: Any
    done: list[str] = field(default_factory=list)

    async def compose(self, _: object, __: str) -> Any:
        return self.composed

    async def sent(self, _: object, day: str) -> None:
        self.done.append(day)


async def test_the_digest_is_posted_and_remembered() -> None:
    """C27"""
    digests = Digests((views.a_digest("Acme"), HOME))
    scene = a_scene(digest=digests)
    await scene.runs("digest", "2026-10-05")
    (told,) = scene.slack.told
    takes_message(told.what)
    assert (told.how, told.where) == ("post", HOME)
    assert "4 errors found before sending, 1 given back by Zoho Books" in texts(told.what)
    assert "3 items need attention, of them 1 possible duplicate" in texts(told.what)
    assert "Spent £144.00: Acme0 £36.00, Acme1 £36.00, Acme2 £36.00 and others" in texts(told.what)
    assert "2 items in another currency not counted" in texts(told.what)
    assert digests.done == ["2026-10-05"]


async def test_a_silent_day_posts_nothing() -> None:
    """C27"""
    digests = Digests(None)
    scene = a_scene(digest=digests)
    await scene.runs("digest", "2026-10-05")
    assert (scene.slack.told, digests.done) == ([], ["2026-10-05"])


async def test_where_the_bot_may_not_post_the_admins_get_it() -> None:
    digests = Digests((Digest("2026-10-05", Happened(), ready=1), HOME))
    scene = a_scene(digest=digests)
    scene.slack.closed_to_us = {HOME}
    await scene.runs("digest", "2026-10-05")
    assert [(one.how, one.where) for one in scene.slack.told] == [("direct", ADA)]
