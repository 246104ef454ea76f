"""The answers to a suggestion of auto-publish."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.domain.settings import SupplierRule
from bot.errors import FieldErrors
from bot.slack.blocks import suggestion as blocks
from tests.builders import ADA
from tests.integration.handlers.fakes import Items, Settings, a_bot
from tests.integration.handlers.slackside import BEN, Bot
from tests.unit.slack.checking import takes_view, texts

ASKED = {"ts": "9.0", "text": "The last 3 items of Northwind Paper Ltd …"}


@dataclass
class Rules:
    """`RuleService`."""

    learned: list[tuple[str, bool, str]] = field(default_factory=list)
    fault: Exception | None = None

    async def learn(self, _: object, person: str, __: object, *, auto: bool, cap: str) -> SupplierRule:
        if self.fault is not None:
            raise self.fault
        self.learned.append((person, auto, cap))
        return SupplierRule("northwind paper", name="Northwind Paper Ltd")


@dataclass
class Auto:
    """`AutoPublishService`."""

    declined_by: list[str] = field(default_factory=list)

    async def declined(self, _: object, person: str, __: object) -> None:
        self.declined_by.append(person)


@dataclass
class Holds(Settings):
    minutes: list[int] = field(default_factory=list)

    async def hold_for(self, _: object, __: object, minutes: int) -> None:
        self.minutes.append(minutes)


async def _form(bot: Bot) -> dict[str, Any]:
    await bot.clicks(blocks.YES, "item1", message=ASKED)
    (opened,) = bot.slack.of("open")
    takes_view(opened.what)
    bot.slack.told.clear()
    return opened.what


async def _switches_on(bot: Bot, form: dict[str, Any], cap: str) -> Any:
    held = {"type": "static_select", "selected_option": {"value": "30"}}
    state = {"values": {blocks.CAP: {"value": {"value": cap}}, blocks.HOLD: {"value": held}}}
    return await bot.submits(
        blocks.SWITCH_ON, private_metadata=form["private_metadata"], state=state, blocks=form["blocks"]
    )


async def test_a_yes_asks_for_limit_and_hold_and_stands_in_place_of_the_question() -> None:
    """S26."""
    rules, settings = Rules(), Holds()
    bot = a_bot(items=Items(), rules=rules, settings=settings, auto=Auto())
    form = await _form(bot)
    assert "Items of *Northwind Paper Ltd* that arrive from now on" in texts(form)
    await _switches_on(bot, form, "250")
    assert rules.learned == [(ADA, True, "250")]
    assert settings.minutes == [30]
    (told,) = bot.slack.told
    assert told.how == "update"
    assert "Items of Northwind Paper Ltd up to 250 that arrive from now on" in told.text


async def test_a_limit_that_is_none_is_told_at_its_field() -> None:
    rules = Rules(fault=FieldErrors({"cap": "The limit must be above zero; leave it empty for none."}))
    bot = a_bot(items=Items(), rules=rules, settings=Holds(), auto=Auto())
    answer = await _switches_on(bot, await _form(bot), "0")
    assert json.loads(answer.text)["errors"] == rules.fault.fields  # type: ignore[union-attr]


@pytest.mark.parametrize("deleted", [False, True], ids=["there", "deleted"])
async def test_a_no_is_kept_and_said_where_it_was_asked(deleted: bool) -> None:
    """S26: privately where the question was deleted meanwhile."""
    auto = Auto()
    bot = a_bot(items=Items(), auto=auto)
    bot.slack.gone = {"9.0"} if deleted else set()
    await bot.clicks(blocks.NO, "item1", message=ASKED)
    assert auto.declined_by == [ADA]
    assert "Items of Northwind Paper Ltd go on being published by hand." in bot.slack.told[-1].text
    assert bot.slack.told[-1].how == ("whisper" if deleted else "update")


async def test_only_an_admin_answers() -> None:
    """S5: the question may have been forwarded."""
    auto = Auto()
    bot = a_bot(items=Items(), auto=auto)
    await bot.clicks(blocks.NO, "item1", BEN, message=ASKED)
    assert auto.declined_by == []
    assert "Only an Admin can" in bot.slack.told[-1].text
