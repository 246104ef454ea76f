"""**Exceptions by currency**: a window upon Settings; what it would change, saving and removing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.domain.identity import EntryId
from bot.domain.items import Side
from bot.domain.settings import BusinessSettings
from bot.services.tax_exceptions import Exceptions
from bot.slack.blocks import settings as settings_blocks
from bot.slack.blocks import tax_exceptions as blocks
from tests.builders import STANDARD_RATE, ZERO_RATE, an_entry
from tests.integration.handlers.fakes import Connections, a_bot, chosen, state
from tests.integration.handlers.slackside import BEN, a_view
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_view

KEY = "cost:EUR"
EUROS = Exceptions(
    BusinessSettings(default_tax_costs=STANDARD_RATE.id, tax_exceptions={KEY: ZERO_RATE.id}),
    {KEY: ZERO_RATE},
    [STANDARD_RATE, ZERO_RATE],
    [an_entry("EUR"), an_entry("USD", id=EntryId("usd"))],
    {KEY: 3, "cost:USD": 2},
)
"""Three items in euros wait, two in dollars."""


@dataclass
class TaxExceptions:
    """`TaxExceptionService`."""

    now: Exceptions = EUROS
    asked: list[Any] = field(default_factory=list)

    async def seen(self, _: object) -> Exceptions:
        return self.now

    async def choose(self, *asked: Any) -> Sequence[str]:
        self.asked.append(asked[2:])
        return ("Default tax for costs in USD: Zero Rate 0% (was none)",)

    async def remove(self, _: object, __: object, exception: str) -> Sequence[str]:
        self.asked.append(exception)
        self.now = replace(self.now, known={})
        return ("Default tax for costs in EUR: none (was Zero Rate 0%)",)


def _form(currency: str, tax: str) -> dict[str, Any]:
    return a_view(blocks.SAVE, state=state(side=chosen("cost"), currency=chosen(currency), tax=chosen(tax)))


async def test_it_opens_upon_settings_with_what_stands() -> None:
    """S23: each with what taking it out would change."""
    bot = a_bot(tax_exceptions=TaxExceptions(), connection=Connections(views.a_connection()))
    await bot.clicks(settings_blocks.EXCEPTIONS, view=a_view(settings_blocks.SAVE))
    (opened,) = bot.slack.told
    takes_view(opened.what)
    assert (opened.how, buttons(opened.what)) == ("push", ["Remove"])
    assert "Default tax for costs in EUR: *Zero Rate 0%*" in opened.text
    assert "Would change 3 waiting items without a tax of their own." in opened.text
    assert "Would change 2" not in opened.text


async def test_what_it_would_change_shows_before_it_is_saved() -> None:
    """S18 S23: once currency and tax are chosen; nothing is saved."""
    service = TaxExceptions()
    bot = a_bot(tax_exceptions=service)
    await bot.clicks(blocks.TRY, view=_form("usd", ""))
    await bot.clicks(blocks.TRY, view=_form("usd", "t0"))
    (after,) = bot.slack.of("turn")
    assert "Would change 2 waiting items without a tax of their own." in after.text
    assert service.asked == []


async def test_saving_closes_it_and_says_what_changed() -> None:
    """S16 S23"""
    service = TaxExceptions()
    bot = a_bot(tax_exceptions=service)
    await bot.does("view_submission", view=_form("usd", "t0"))
    assert service.asked == [(Side.COST, "usd", "t0")]
    assert "Default tax for costs in USD: Zero Rate 0% (was none)" in bot.slack.of("whisper")[0].text


async def test_removing_takes_it_off_the_window() -> None:
    """S23"""
    service = TaxExceptions()
    bot = a_bot(tax_exceptions=service)
    await bot.clicks(blocks.REMOVE, KEY, view=_form("", ""))
    assert service.asked == [KEY]
    (turned,) = bot.slack.of("turn")
    assert buttons(turned.what) == []
    assert "Default tax for costs in EUR: none (was Zero Rate 0%)" in bot.slack.of("whisper")[0].text


async def test_only_an_admin_may() -> None:
    """S5: checked at the click."""
    service = TaxExceptions()
    bot = a_bot(tax_exceptions=service)
    await bot.clicks(blocks.REMOVE, KEY, BEN, view=_form("", ""))
    assert service.asked == []
    assert "Only an Admin can change the settings" in bot.slack.told[-1].text
