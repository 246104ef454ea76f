"""The digest of a day, posted; a digest of one's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from bot.domain.digest import Digest, Happened
from bot.slack.blocks import digest as digest_blocks
from tests.builders import ADA
from tests.integration.handlers.fakes import HOME, a_bot, chosen
from tests.integration.handlers.jobscene import a_scene
from tests.integration.handlers.slackside import BEN as BEN_PERSON
from tests.unit.slack import views
from tests.unit.slack.checking import takes_message, takes_view, texts


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


# --- one's own


@dataclass
class OwnDigests:
    """`OwnDigestService`: Ben has one at nine in London."""

    composed: Digest | None = None
    asked: list[Any] = field(default_factory=list)

    async def of(self, _: object, __: str) -> tuple[int | None, str]:
        return 9, "Europe/London"

    async def set(self, _: object, person: str, hour: int | None) -> str:
        self.asked.append((person, hour))
        return "Europe/London"

    async def compose(self, _: object, __: str) -> Digest | None:
        return self.composed

    async def done(self, _: object, person: str) -> None:
        self.asked.append(person)


async def test_a_digest_of_ones_own_is_set_by_ones_own_clock() -> None:
    """C27: for everybody."""
    own = OwnDigests()
    bot = a_bot(own_digest=own)
    await bot.runs("digest", BEN_PERSON)
    form = bot.slack.of("open")[0].what
    takes_view(form)
    assert "By your own clock: Europe/London" in texts(form)
    await bot.submits(digest_blocks.SAVE, BEN_PERSON, state=_hour("17"))
    await bot.submits(digest_blocks.SAVE, BEN_PERSON, state=_hour(digest_blocks.OFF))
    assert own.asked == [("UBEN", 17), ("UBEN", None)]
    said = [told.what["text"] for told in bot.slack.of("whisper")]
    assert said == [
        "Your digest comes every day at 17:00 (Europe/London), as a direct message to you alone.",
        "You get no digest of your own any more.",
    ]


def _hour(value: str) -> dict[str, Any]:
    return {"values": {digest_blocks.HOUR: {"value": chosen(value)}}}


async def test_it_comes_as_a_direct_message_and_a_silent_day_as_none() -> None:
    """C27"""
    own = OwnDigests(views.a_digest("Acme"))
    scene = a_scene(own_digest=own)
    await scene.runs("own_digest", "UBEN")
    (told,) = scene.slack.told
    takes_message(told.what)
    assert (told.how, told.where, own.asked) == ("direct", "UBEN", ["UBEN"])
    own.composed = None
    await scene.runs("own_digest", "UBEN")
    assert (len(scene.slack.told), own.asked) == (1, ["UBEN", "UBEN"])
