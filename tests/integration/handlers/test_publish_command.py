"""`/dext publish` and the buttons of many at once."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.domain.identity import ItemId
from bot.domain.many import Wanted
from bot.errors import AlreadyDone
from bot.services.many import ReadyNow
from bot.slack.blocks import many as many_blocks
from tests.builders import ADA
from tests.integration.handlers.fakes import ManyAtOnce, a_bot
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_message


async def test_publish_says_what_is_ready_and_offers_both_ways() -> None:
    """C2"""
    many = ManyAtOnce(ReadyNow([ItemId("a"), ItemId("b")], {"GBP": Decimal("120.50"), "EUR": Decimal(3)}, 1))
    bot = a_bot(many=many)
    await bot.runs("publish")
    (told,) = bot.slack.of("whisper")
    takes_message(told.what)
    assert told.what["text"] == "2 items are ready: €3.00, £120.50."
    assert buttons(told.what) == ["Publish all", "Review"]
    await bot.clicks(many_blocks.READY, "ready")
    assert many.asked == [(Wanted.READY, "", "")]


async def test_publish_says_when_nothing_is_ready() -> None:
    bot = a_bot(many=ManyAtOnce(ReadyNow([], {})))
    await bot.runs("publish")
    assert "Nothing is ready to be published." in bot.slack.of("whisper")[0].text


async def test_what_failed_is_tried_again_by_cause() -> None:
    """C15"""
    many = ManyAtOnce()
    bot = a_bot(many=many)
    await bot.clicks(many_blocks.RETRY, json.dumps({"many": "m1", "cause": "tax"}))
    await bot.clicks(many_blocks.RETRY_CAUSE, "locked")
    assert many.asked == [(Wanted.FAILED_OF, "tax", "m1"), (Wanted.CAUSE, "locked", "")]


async def test_stop_and_go_on_show_at_once() -> None:
    """C2"""
    many = ManyAtOnce(many=views.every_many()[3])
    many.many = replace(many.many, message=None)
    bot = a_bot(many=many)
    await bot.clicks(many_blocks.STOP, "m1")
    await bot.clicks(many_blocks.GO_ON, "m1")
    assert many.asked == [("stop", "m1", ADA), ("go on", "m1", ADA)]


async def test_who_stops_what_is_over_hears_so() -> None:
    class Over(ManyAtOnce):
        async def stop(self, _: object, __: str, ___: str) -> Any:
            raise AlreadyDone("This is over already.")

    bot = a_bot(many=Over())
    await bot.clicks(many_blocks.STOP, "m1")
    assert bot.slack.of("whisper")[0].what["text"] == "This is over already."
