"""Which tax is the default: that of the currency, else that of the side; never the other side's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from bot.domain.identity import EntryId
from bot.domain.items import Side
from bot.domain.settings import BusinessSettings

_SIDES: Mapping[Side, str] = {Side.COST: "costs", Side.SALE: "sales"}


class Default(NamedTuple):
    """A default tax, and the currency whose exception it is; empty: its side's own."""

    tax: EntryId
    currency: str = ""

    @property
    def words(self) -> str:
        """As the card says it: `default for EUR`."""
        return f"default for {self.currency}" if self.currency else "default"


def key(side: Side, currency: str) -> str:
    """What an exception is kept under."""
    return f"{side.value}:{currency}"


def side_of(exception: str) -> Side:
    """Which side's an exception is."""
    return Side(exception.partition(":")[0])


def words(exception: str) -> str:
    """An exception as people call it: `Default tax for costs in EUR`."""
    return f"Default tax for {_SIDES[side_of(exception)]} in {exception.partition(':')[2]}"


def default_tax(settings: BusinessSettings, side: Side) -> EntryId | None:
    """The side's own, whatever the currency (S23)."""
    return settings.default_tax_costs if side is Side.COST else settings.default_tax_sales


def default_for(settings: BusinessSettings, side: Side, currency: str) -> Default | None:
    """What counts for an item in this currency."""
    if exception := settings.tax_exceptions.get(key(side, currency)):
        return Default(exception, currency)
    own = default_tax(settings, side)
    return Default(own) if own else None


def of_side(settings: BusinessSettings, side: Side) -> Iterator[EntryId]:
    """Every tax that may be the default of an item of this side."""
    if own := default_tax(settings, side):
        yield own
    for exception, tax in settings.tax_exceptions.items():
        if exception.startswith(key(side, "")):
            yield tax


def excepted(settings: BusinessSettings, exception: str, tax: EntryId | None) -> BusinessSettings:
    """With this exception; with nothing: without it."""
    others = {known: one for known, one in settings.tax_exceptions.items() if known != exception}
    return replace(settings, tax_exceptions=others | ({exception: tax} if tax else {}))


def changed(before: BusinessSettings, after: BusinessSettings, waiting: Mapping[str, int]) -> int:
    """How many waiting items get another default; `waiting` counts those that have it, by side and currency
    (`key`)."""

    def tax(settings: BusinessSettings, one: str) -> EntryId | None:
        return settings.tax_exceptions.get(one) or default_tax(settings, side_of(one))

    return sum(number for one, number in waiting.items() if tax(before, one) != tax(after, one))
