"""`/dext report`: what is asked, and the files that come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.identity import Business
from bot.domain.items import ItemStatus
from bot.domain.report import Month, Spend, month_of
from bot.errors import NotConnected
from bot.services.report import Report
from tests.builders import NOON
from tests.integration.handlers.fakes import a_bot
from tests.integration.handlers.jobscene import a_scene
from tests.integration.handlers.slackside import ADA
from tests.unit.slack.checking import takes_message

MARCH = Month(2026, 3)
SPENT = Spend(Decimal("144"), {"Office": Decimal("144")}, {"Northwind": Decimal("144")}, left_out=1)


@dataclass
class Reports:
    """`ReportService`."""

    counts: dict[ItemStatus, int] = field(default_factory=lambda: {ItemStatus.PUBLISHED: 2})
    spend: Spend = SPENT
    fault: Exception | None = None
    clock: Callable[[], datetime] = lambda: NOON
    asked: list[Any] = field(default_factory=list)

    async def ask(self, _: object, person: str, said: str) -> Month:
        self.asked.append((person, said))
        return month_of(said, NOON.date())

    async def make(self, _: Business, month: Month) -> Report:
        if self.fault:
            raise self.fault
        return Report(month, "Held & Out", "GBP", b"Receipt ID\r\n", self.counts, self.spend)


async def test_a_report_is_asked_for_and_said_to_come() -> None:
    """C29."""
    reports = Reports()
    bot = a_bot(report=reports)
    await bot.runs("report last month")
    assert reports.asked == [(ADA.id, "last month")]
    assert [(one.how, one.what["text"]) for one in bot.slack.told] == [
        ("whisper", "The report of September 2026 comes as a private message in a moment.")
    ]


async def test_what_is_no_month_is_said_privately() -> None:
    bot = a_bot(report=Reports())
    await bot.runs("report smarch")
    (told,) = bot.slack.told
    assert told.how == "whisper"
    assert "“smarch” is no month. Did you mean `/dext report March`?" in told.text
    await bot.runs("report febuary 2026")
    assert "Did you mean `/dext report February 2026`?" in bot.slack.told[1].text
    await bot.runs("report 2026-99")
    assert "Write it like 2026-03, March or last month." in bot.slack.told[2].text


async def test_the_table_and_the_picture_come_to_the_one_who_asked() -> None:
    """C29 C31: with the picture's figures in words for who does not see it."""
    scene = a_scene(report=Reports())
    await scene.runs("report", ADA.id, "2026-03")
    (told,) = scene.slack.told
    table, picture = told.what["files"]
    assert (told.how, told.where) == ("files", ADA.id)
    assert (table.name, table.content, table.alt) == ("dext-2026-03.csv", b"Receipt ID\r\n", "")
    assert (picture.name, picture.content[:8]) == ("dext-2026-03.png", b"\x89PNG\r\n\x1a\n")
    assert picture.alt.startswith("Published in March 2026: £144.00. By category: Office £144.00")
    assert told.what["says"] == (
        "*Held &amp; Out, March 2026*: 2 items (2 published). Published costs: £144.00 with tax. "
        "1 item is in no sum: it is in another currency, without a rate."
    )


async def test_without_spend_there_is_no_picture_and_without_items_a_sentence() -> None:
    scene = a_scene(report=Reports({ItemStatus.READY: 1}, Spend()))
    await scene.runs("report", ADA.id, "2026-03")
    assert [file.name for file in scene.slack.told[0].what["files"]] == ["dext-2026-03.csv"]
    scene = a_scene(report=Reports({}, Spend()))
    await scene.runs("report", ADA.id, "2026-03")
    assert scene.slack.told[0].what["text"] == "There are no items of March 2026."


@pytest.mark.parametrize(
    ("fault", "says"),
    [(NotConnected(), "No accounting software is connected"), (KeyError("x"), "Something on our side broke")],
)
async def test_who_asked_hears_of_a_failure(fault: Exception, says: str) -> None:
    scene = a_scene(report=Reports(fault=fault))
    await scene.runs("report", ADA.id, "2026-03")
    (told,) = scene.slack.told
    takes_message(told.what)
    assert (told.how, told.where, says in told.text) == ("direct", ADA.id, True)
