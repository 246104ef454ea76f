"""The lines of an item: what each comes to, and whether lines, tax and total agree. Pure arithmetic.

The accounting software computes a line as quantity times rate, and its tax by the line or once for the whole
document, in the currency's smallest amounts; the same is done here, so that a difference is known before
anything is sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.items import Line
from bot.domain.money import Precision

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


def priced(line: Line, precision: Precision, sign: int = 1) -> Priced | None:
    """Quantity, rate and amount of a line; nothing where the document gives neither amount nor price.

    `sign` is -1 for the lines of a document below zero, which is booked as a credit.
    """
    quantity, price = line.quantity, line.unit_price
    if line.amount is None and price is None:
        return None
    if line.amount is None and price is not None:
        amount = precision.rounded((quantity if quantity is not None else 1) * price)
    else:
        amount = precision.rounded(line.amount or Decimal(0))
    if quantity and price is None and (share := (amount / quantity).quantize(_STEP)) * quantity == amount:
        price = share
    if quantity and price is not None and precision.rounded(quantity * price) == amount:
        # A returned item has a negative quantity; the accounting software takes it in the rate.
        return Priced(abs(quantity), sign * price * (1 if quantity > 0 else -1), sign * amount)
    contradicts = quantity is not None and price is not None and quantity != 0
    return Priced(Decimal(1), sign * amount, sign * amount, is_rebuilt=contradicts)


def tax_of(amount: Decimal, percentage: str, precision: Precision, *, includes_tax: bool) -> Decimal:
    """The tax within an amount, or on top of it."""
    rate = Decimal(percentage) if percentage else Decimal(0)
    return precision.rounded(amount * rate / (100 + rate if includes_tax else 100))


def tax_of_all(taxed: Iterable[tuple[Decimal, str]], precision: Precision, *, includes_tax: bool) -> Decimal:
    """The tax of amounts with their percentages, rounded line by line, or once for each percentage."""
    amounts: Iterable[tuple[Decimal, str]] = taxed
    if precision.tax_by_document:
        sums: dict[str, Decimal] = {}
        for amount, rate in taxed:
            sums[rate] = sums.get(rate, Decimal(0)) + amount
        amounts = [(amount, rate) for rate, amount in sums.items()]
    return sum(
        (tax_of(amount, rate, precision, includes_tax=includes_tax) for amount, rate in amounts), Decimal(0)
    )


def agreement(
    taxed: Sequence[tuple[Decimal, str]], total: Decimal, precision: Precision, tolerance: Decimal
) -> Agreement:
    """Lines as (amount, tax percentage) beside the total.

    Amounts are without tax; only where that cannot be, and with tax they agree, they are taken as with tax.
    """
    without = _compared(taxed, total, precision, includes_tax=False)
    if abs(without.rounding) <= tolerance:
        return without
    within = _compared(taxed, total, precision, includes_tax=True)
    return within if abs(within.rounding) <= tolerance else without


def agreement_with(tax: Decimal, amounts: Iterable[Decimal], total: Decimal) -> Agreement:
    """As `agreement`, with the tax that was said in place of what the rates make."""
    missing = total - sum(amounts, Decimal(0))
    without = Agreement(includes_tax=False, tax=tax, rounding=missing - tax)
    within = Agreement(includes_tax=True, tax=tax, rounding=missing)
    return min(without, within, key=lambda one: abs(one.rounding))


def _compared(
    taxed: Sequence[tuple[Decimal, str]], total: Decimal, precision: Precision, *, includes_tax: bool
) -> Agreement:
    tax = tax_of_all(taxed, precision, includes_tax=includes_tax)
    whole = sum((amount for amount, _ in taxed), Decimal(0)) + (0 if includes_tax else tax)
    return Agreement(includes_tax, tax, total - whole)
