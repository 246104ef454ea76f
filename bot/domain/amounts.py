"""Total, tax and lines of an item: whether they agree, and which tax is booked; `resolving` builds on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from bot.domain import money
from bot.domain.coding import CodedLine, Layer, Value
from bot.domain.items import Field, PublishAs
from bot.domain.kinds import TAX_SAID
from bot.domain.lines import Agreement, agreement, agreement_with, tax_of
from bot.domain.lists import Entry, ListKind
from bot.domain.money import Precision
from bot.domain.refusable import Refusable

UNSAID = 2
"""So many of the smallest units may a tax amount differ from its rate's without a word."""


@dataclass(frozen=True, slots=True)
class Tax:
    """The tax amount of an item beside what its rates make."""

    amount: Decimal | None
    by_rate: Decimal | None
    own: Entry | None = None
    """The tax that the amount is sent for, where it is not what the rate makes."""


class Amounts(Refusable):
    def _sums(
        self, lines: tuple[CodedLine, ...], total: Decimal | None, currency: str, publish_as: PublishAs
    ) -> tuple[Agreement | None, Tax]:
        """How lines and total agree, and the tax: as it was said, where this kind of record takes that; else
        what the rates make. What would be booked otherwise than it was said is told, or stops."""
        said = self._tax_said(total, currency)
        agreed = self._by_the_rates(lines, total, currency)
        by_rate = (
            agreed.tax
            if agreed
            else tax_within(total, self.values[Field.TAX].entry, self._precision(currency))
        )
        taxes = [line.tax for line in lines] or [self.values[Field.TAX]]
        if said is None:
            self._set_tax_by_rate(by_rate, currency)
            self._tell_agreement(agreed, total, currency)
            return agreed, Tax(by_rate, by_rate)
        own = _only(taxes) if publish_as in TAX_SAID and said != by_rate else None
        if own and agreed and total is not None:
            with_said = agreement_with(said, [line.amount for line in lines], total)
            closer = abs(with_said.rounding) <= abs(agreed.rounding)
            agreed, own = (with_said, own) if closer else (agreed, None)
        self._tell_agreement(agreed, total, currency)
        self._tell_tax(said, by_rate, taxes, own, publish_as, currency)
        return agreed, Tax(said, by_rate, own)

    def _total(self, currency: str) -> Decimal | None:
        said = self.item.document.total
        total = self._amount(Field.TOTAL, abs(said) if said is not None else None, currency)
        if total is None:
            self._problem(Field.TOTAL, "no total")
        elif total <= 0:
            self._problem(Field.TOTAL, "the total is not above zero")
        elif total != self._precision(currency).rounded(total):
            self._problem(Field.TOTAL, too_fine("total", total, currency))
        return total

    def _amount(self, name: Field, said: Decimal | None, currency: str) -> Decimal | None:
        manual = self._manual(name)
        amount = Decimal(manual.value) if manual else said
        shown = money.shown(amount, currency) if amount is not None else ""
        self._set(name, self._said(name, shown))
        return amount

    # --- lines and total

    def _by_the_rates(
        self, lines: tuple[CodedLine, ...], total: Decimal | None, currency: str
    ) -> Agreement | None:
        is_whole = lines and len(lines) == len(self._given)
        if total is None or not is_whole or any(line.tax.text and not line.tax.entry for line in lines):
            return None  # what is missing is said already
        precision = self._precision(currency)
        tolerance = precision.units(self.settings.rounding_tolerance)
        taxed = [(line.amount, _percentage(line.tax)) for line in lines]
        return agreement(taxed, total, precision, tolerance)

    def _tell_agreement(self, agreed: Agreement | None, total: Decimal | None, currency: str) -> None:
        """A small difference is settled and shown, a larger one stops."""
        if agreed is None or total is None:
            return
        if abs(agreed.rounding) > self._precision(currency).units(self.settings.rounding_tolerance):
            difference = money.shown(abs(agreed.rounding), currency)
            come_to = money.shown(total - agreed.rounding, currency)
            more = "less" if agreed.rounding > 0 else "more"
            self._problem(Field.TOTAL, f"lines and tax come to {come_to}, {difference} {more} than the total")
        elif agreed.rounding:
            self._settle(
                f"lines and tax differ from the total: {money.shown(agreed.rounding, currency)} of rounding "
                "is added"
            )
        if agreed.includes_tax and agreed.tax:
            self.warnings.append("the lines add up to the total: they are taken as with tax")

    # --- the tax

    def _tax_said(self, total: Decimal | None, currency: str) -> Decimal | None:
        """The tax amount by hand, else the document's; nothing where neither can be meant."""
        document = self.item.document
        # A bare 0.00 beside no tax says nothing: the tax that rule or default give brings its own amount.
        said = document.tax_amount if document.tax_amount or document.tax else None
        if said and document.total is not None and document.total < 0:
            said = -said
        amount = self._amount(Field.TAX_AMOUNT, said, currency)
        if amount is not None and (amount < 0 or (total is not None and amount > max(total, Decimal(0)))):
            self._problem(Field.TAX_AMOUNT, "the tax amount is not between zero and the total")
        elif amount is not None and amount != self._precision(currency).rounded(amount):
            self._problem(Field.TAX_AMOUNT, too_fine("tax amount", amount, currency))
        return amount

    def _set_tax_by_rate(self, by_rate: Decimal | None, currency: str) -> None:
        if by_rate is None:
            self._set(Field.TAX_AMOUNT, Value("", Layer.NONE))
        else:
            self._set(
                Field.TAX_AMOUNT, Value(money.shown(by_rate, currency), Layer.DEFAULT, why="by the rate")
            )

    def _tell_tax(
        self,
        said: Decimal,
        by_rate: Decimal | None,
        taxes: list[Value],
        own: Entry | None,
        publish_as: PublishAs,
        currency: str,
    ) -> None:
        """What is booked otherwise than it was said stops beyond the tolerance; below, and what is booked as
        said though the rate makes something else, is told where it is more than pennies."""
        difference = abs(said - (by_rate or Decimal(0)))
        where = "by hand" if self._manual(Field.TAX_AMOUNT) else "on the document"
        amount, other = money.shown(said, currency), money.shown(by_rate or Decimal(0), currency)
        rate = taxes[0].text if len({value.text for value in taxes}) == 1 else "its lines"
        is_large = difference > self._precision(currency).units(self.settings.rounding_tolerance)
        if not any(value.text for value in taxes):
            if is_large and self._lists_taxes():
                self.warnings.append(f"tax is {amount} {where}, but no tax is chosen: none is booked")
        elif own is None and is_large and by_rate is not None:
            self._problem(
                Field.TAX_AMOUNT,
                f"tax is {amount} {where}, but on a {publish_as.noun} {self.software} books {other} "
                f"by {rate}: change the tax or an amount, or accept {other}",
            )
        elif difference > self._precision(currency).units(UNSAID) and by_rate is not None:
            booked = f"; {amount} is booked" if own else ""
            self.warnings.append(f"tax is {amount} {where}, {other} by {rate}{booked}")

    def _lists_taxes(self) -> bool:
        """Whether there is a tax that could be chosen at all."""
        return any(_is_taxed(entry) for entry in self.lists.all(ListKind.TAXES))


def too_fine(what: str, amount: Decimal, currency: str) -> str:
    return f"{what} {amount} has more decimals than {currency} has"


def tax_within(total: Decimal | None, tax: Entry | None, precision: Precision) -> Decimal | None:
    """The tax inside a total at the entry's rate: total * rate / (100 + rate)."""
    if total is None or tax is None or not tax.percentage:
        return None
    return tax_of(total, tax.percentage, precision, includes_tax=True)


def _only(taxes: Iterable[Value]) -> Entry | None:
    """The one tax of all that are above zero; nothing where there are two or none."""
    found = {value.entry.id: value.entry for value in taxes if value.entry and _is_taxed(value.entry)}
    return next(iter(found.values())) if len(found) == 1 else None


def _is_taxed(entry: Entry) -> bool:
    return bool(entry.active and entry.percentage and Decimal(entry.percentage))


def _percentage(tax: Value) -> str:
    return tax.entry.percentage if tax.entry else ""
