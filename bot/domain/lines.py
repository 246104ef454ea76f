"""The lines of an item: what each comes to, and whether lines, tax and total agree. Pure arithmetic.

The accounting software computes a line as quantity times rate, and its tax by the line, each in the
currency's minor units; the same is done here, so that a difference is known before anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain import money
from bot.domain.items import Line

MOST_DECIMALS = 6
_STEP = Decimal(1).scaleb(-MOST_DECIMALS)


@dataclass(frozen=True, slots=True)
class Priced:
    """A line as it is booked: `quantity` times `rate` is `amount` in minor units."""

    quantity: Decimal
    rate: Decimal
    amount: Decimal
    is_rebuilt: bool = False
    """The document's quantity and price do not give its amount: the amount stands, as one."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How lines with tax compare with the total: `rounding` is what is missing in them (total less lines)."""

    includes_tax: bool
    tax: Decimal
    rounding: Decimal


def priced(line: Line, currency: str, sign: int = 1) -> Priced | None:
    """Quantity, rate and amount of a line; nothing where the document gives neither amount nor price.

    `sign` is -1 for the lines of a document below zero, which is booked as a credit.
    """
    quantity, price = line.quantity, line.unit_price
    if line.amount is None and price is None:
        return None
    if line.amount is None and price is not None:
        amount = money.rounded((quantity if quantity is not None else 1) * price, currency)
    else:
        amount = money.rounded(line.amount or Decimal(0), currency)
    if quantity and price is None and (share := (amount / quantity).quantize(_STEP)) * quantity == amount:
        price = share
    if quantity and price is not None and money.rounded(quantity * price, currency) == amount:
        # A returned item has a negative quantity; the accounting software takes it in the rate.
        return Priced(abs(quantity), sign * price * (1 if quantity > 0 else -1), sign * amount)
    contradicts = quantity is not None and price is not None and quantity != 0
    return Priced(Decimal(1), sign * amount, sign * amount, is_rebuilt=contradicts)


def tax_of(amount: Decimal, percentage: str, currency: str, *, includes_tax: bool) -> Decimal:
    """The tax within an amount, or on top of it."""
    rate = Decimal(percentage) if percentage else Decimal(0)
    return money.rounded(amount * rate / (100 + rate if includes_tax else 100), currency)


def agreement(
    taxed: Sequence[tuple[Decimal, str]], total: Decimal, currency: str, tolerance: Decimal
) -> Agreement:
    """Lines as (amount, tax percentage) beside the total.

    Amounts are without tax; only where that cannot be, and with tax they agree, they are taken as with tax.
    """
    without = _compared(taxed, total, currency, includes_tax=False)
    if abs(without.rounding) <= tolerance:
        return without
    within = _compared(taxed, total, currency, includes_tax=True)
    return within if abs(within.rounding) <= tolerance else without


def agreement_with(tax: Decimal, amounts: Iterable[Decimal], total: Decimal) -> Agreement:
    """As `agreement`, with the tax that was said in place of what the rates make."""
    missing = total - sum(amounts, Decimal(0))
    without = Agreement(includes_tax=False, tax=tax, rounding=missing - tax)
    within = Agreement(includes_tax=True, tax=tax, rounding=missing)
    return min(without, within, key=lambda one: abs(one.rounding))


def _compared(
    taxed: Iterable[tuple[Decimal, str]], total: Decimal, currency: str, *, includes_tax: bool
) -> Agreement:
    amounts = list(taxed)
    tax = sum(
        (tax_of(amount, rate, currency, includes_tax=includes_tax) for amount, rate in amounts), Decimal(0)
    )
    whole = sum((amount for amount, _ in amounts), Decimal(0)) + (0 if includes_tax else tax)
    return Agreement(includes_tax, tax, total - whole)


def tolerated(units: int, currency: str) -> Decimal:
    """So many of a currency's smallest units: 5 are £0.05, ¥5 and KWD 0.005."""
    return Decimal(units).scaleb(-money.minor_units(currency))
