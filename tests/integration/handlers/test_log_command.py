"""`/dext log`: pages, search, the chain, the export."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from bot.domain.audit import Chain
from bot.services.log import LogPage
from bot.slack.blocks import log as log_blocks
from tests.builders import ADA
from tests.integration.handlers.fakes import a_bot
from tests.integration.handlers.jobscene import a_scene
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_view, texts


@dataclass
class Log:
    """`LogService`."""

    asked: list[Any] = field(default_factory=list)

    async def page(self, _: object, word: str = "", before: str = "") -> LogPage:
        self.asked.append((word, before))
        return LogPage(views.log_lines("Acme"), "12-0")

    async def chain(self, _: object) -> Chain:
        return Chain(142, True)

    async def ask_export(self, _: object, person: str, word: str) -> None:
        self.asked.append(("export", person, word))

    async def export(self, _: object, person: str, word: str) -> tuple[bytes, int]:
        self.asked.append(("exported", person, word))
        return b"\xef\xbb\xbfAt,Who\r\n", 3


async def test_the_log_opens_at_once_and_then_says_how_its_chain_stands() -> None:
    """C12"""
    log = Log()
    bot = a_bot(log=log)
    await bot.runs("log published")
    opened, turned = bot.slack.of("open")[0].what, bot.slack.of("turn")[0].what
    assert log_blocks.CHECKING in texts(opened)
    assert "142 entries, chain unbroken · only what has “published”" in texts(turned)
    assert buttons(turned) == ["Older", "Export CSV"]
    takes_view(turned)
    await bot.clicks(log_blocks.OLDER, "12-0", view={**turned, "id": "V1", "hash": "h"})
    assert log.asked[-1] == ("published", "12-0")
    older = bot.slack.of("turn")[1].what
    assert buttons(older) == ["Newest", "Older", "Export CSV"]
    assert "142 entries, chain unbroken" in texts(older)


async def test_the_export_comes_as_a_private_file() -> None:
    """C12"""
    log = Log()
    bot = a_bot(log=log)
    await bot.clicks(log_blocks.EXPORT, view={"id": "V1", "private_metadata": json.dumps({"word": "bill"})})
    assert log.asked == [("export", ADA, "bill")]
    scene = a_scene(log=log)
    await scene.runs("export_log", ADA, "bill")
    (told,) = scene.slack.told
    assert (told.how, told.where, told.what["name"]) == ("file", ADA, "dext-log.csv")
    assert told.what["says"] == "The log: 3 entries with “bill”. Whole log: 142 entries, chain unbroken."
