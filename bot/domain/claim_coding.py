"""An expense claim's coding: its receipts' lines, and what they come to beside what it states. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from bot.domain import line_edits, money
from bot.domain.amounts import UNSAID, too_fine
from bot.domain.claim_lines import (
    FROM_RECEIPTS,
    Receipt,
    amount_in,
    common,
    faults,
    is_taxed,
    lines_of,
    of_a_line,
    tax_by_rate,
    tax_said,
)
from bot.domain.claims import is_asked_about, title
from bot.domain.coding import CodedLine, Coding, Layer, Problem, Value
from bot.domain.identity import ItemId
from bot.domain.items import Field, Item, ItemStage
from bot.domain.lists import Entry

CHOOSE = "no receipts: choose them, or give the claim a category by hand"
ASKED = "claimed in Dext: belongs to an expense claim"


@dataclass(frozen=True, slots=True)
class Faulty:
    """The receipt that somebody has to look at first."""

    item: ItemId
    title: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Claims and receipts beside the items that are looked at."""

    items: Mapping[ItemId, Item] = field(default_factory=dict)
    coded: Mapping[ItemId, Receipt] = field(default_factory=dict)

    def claim_of(self, item: Item) -> Item | None:
        return self.items.get(item.claim) if item.claim else None

    def receipts_of(self, item: Item) -> tuple[Receipt, ...]:
        """Nothing of a published claim: it stays as it was booked."""
        return tuple(self.coded[one] for one in item.receipts if one in self.coded)


def bare(claim: Item) -> Item:
    """A claim without what its receipts say better."""
    if not claim.receipts:
        return claim
    document = replace(claim.document, category="", tax="", tax_amount=None, lines=())
    ours = (Field.CATEGORY, Field.TAX, Field.TAX_AMOUNT)
    manual = {name: value for name, value in claim.manual.items() if name not in ours}
    return replace(claim, document=document, manual=manual)


def beside(items: Iterable[Item]) -> set[ItemId]:
    """The receipts of claims that are not published yet, and the claims of receipts."""
    found = {item.claim for item in items if item.claim}
    for item in items:
        if item.stage is not ItemStage.PUBLISHED:
            found |= set(item.receipts)
    return found


def beside_others(item: Item, coding: Coding, joined: Joined, base: str, tolerance: int) -> Coding:
    """An item's coding by itself, of `bare(item)`, as it is among the claims and receipts it belongs to."""
    if item.document.is_claim:
        receipts = joined.receipts_of(item)
        base = base or coding.currency
        return (
            coded(item, coding, receipts, base=base, tolerance=tolerance)
            if item.receipts
            else _alone(item, coding)
        )
    if item.claim:
        return _as_line(joined.claim_of(item), coding)
    if is_asked_about(item):
        return replace(coding, problems=(Problem(Field.PUBLISH_AS, ASKED), *coding.problems))
    return coding


def _as_line(claim: Item | None, coding: Coding) -> Coding:
    """Only what keeps it from being a line counts; nothing any more once the claim is booked."""
    is_booked = claim is not None and claim.stage is ItemStage.PUBLISHED
    return replace(coding, problems=() if is_booked else of_a_line(coding))


def _alone(claim: Item, coding: Coding) -> Coding:
    """A claim without receipts: what it states itself is booked only with lines, stated or by hand, or as one
    line with a category that a person gave it."""
    if line_edits.given(claim) or Field.CATEGORY in claim.manual:
        return coding
    rest = (one for one in coding.problems if one.field not in (Field.CATEGORY, Field.TOTAL))
    return replace(coding, problems=(Problem(Field.CATEGORY, CHOOSE), *rest))


def coded(claim: Item, own: Coding, receipts: Sequence[Receipt], *, base: str, tolerance: int = 0) -> Coding:
    """The claim's coding with a line per receipt. `own` is that of `bare(claim)`, `base` the organisation's
    currency, `tolerance` how many of the smallest units may be settled by rounding."""
    sums = _Sums(claim, own, base, own.precision.units(tolerance))
    if len(receipts) < len(claim.receipts):
        sums.problems.append(Problem(Field.TOTAL, "one of its receipts is no longer there"))
    for receipt in receipts:
        sums.take(receipt)
    return sums.coding()


class _Sums:
    """The lines of a claim, and what they come to beside what it states."""

    def __init__(self, claim: Item, own: Coding, base: str, tolerance: Decimal) -> None:
        self.claim, self.own, self.base, self.tolerance = claim, own, base, tolerance
        self.currency = own.currency
        self.problems = [one for one in own.problems if one.field not in FROM_RECEIPTS]
        self.warnings = list(own.warnings)
        self.lines: list[CodedLine] = []
        self.stated = Decimal(0)
        """The tax that receipts state, in the claim's currency."""
        self.stating: list[CodedLine] = []
        """The lines of these receipts."""

    def take(self, receipt: Receipt) -> None:
        name = title(receipt.item)
        self.problems += [Problem(Field.CATEGORY, f"{name}: {says}") for says in faults(receipt)]
        amount, rate = amount_in(receipt, self.currency, self.base, self.own.precision)
        if amount is None and receipt.coding.total is not None:
            says = f"it is in {receipt.coding.currency} and there is no rate to {self.currency}"
            self.problems.append(Problem(Field.CURRENCY, f"{name}: {says}"))
        if amount is None:
            return
        if rate:
            self.warnings.append(f"{name}: {rate} is {self._shown(amount)}")
        lines = lines_of(receipt, amount, self.own.precision)
        said, is_booked = tax_said(receipt, lines, amount, self.own.precision)
        if said is not None and not is_booked:
            says = f"tax is {self._shown(abs(said))}, but no tax is chosen: none is booked"
            self.warnings.append(f"{name}: {says}")
        if said is not None:
            self.stated += said if is_booked else 0
            self.stating += lines
        self.lines += lines

    def coding(self) -> Coding:
        whole = sum((line.amount for line in self.lines), Decimal(0))
        stated = self.own.total
        rounding = stated - whole if stated is not None else Decimal(0)
        self._compare_totals(whole, rounding)
        by_rate = tax_by_rate(self.lines, self.own.precision)
        tax, own_tax = self._settle_tax(by_rate)
        shown = Value(self._shown(tax), Layer.DEFAULT, why="by its receipts")
        values = {
            **self.own.values,
            Field.CATEGORY: common([line.category for line in self.lines]),
            Field.TAX: common([line.tax for line in self.lines]),
            Field.TAX_AMOUNT: self._by_hand(Field.TAX_AMOUNT) or shown,
        }
        if stated is None:
            values[Field.TOTAL] = Value(self._shown(whole), Layer.DEFAULT, why="by its receipts")
        return replace(
            self.own,
            values=values,
            total=whole if stated is None else stated,
            tax_amount=tax,
            # Its lines are described by their receipts: what the claim is called stands above them.
            notes="\n".join(text for text in (self.own.text(Field.DESCRIPTION), self.own.notes) if text),
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            lines=tuple(self.lines),
            lines_include_tax=True,
            rounding=rounding,
            own_tax=own_tax,
            rate_tax=by_rate,
        )

    def _compare_totals(self, whole: Decimal, rounding: Decimal) -> None:
        if abs(rounding) > self.tolerance:
            more = "less" if rounding > 0 else "more"
            says = f"{self._shown(abs(rounding))} {more} than the claim: choose its receipts"
            self.problems.append(Problem(Field.TOTAL, f"its receipts come to {self._shown(whole)}, {says}"))
        elif rounding:
            self.warnings.append(
                f"the receipts differ from the claim: {self._shown(rounding)} of rounding is added"
            )
        if whole <= 0:
            self.problems.append(Problem(Field.TOTAL, "its receipts come to nothing that is owed"))

    def _settle_tax(self, by_rate: Decimal) -> tuple[Decimal, Entry | None]:
        """As the receipts say it, where the bill takes that: of one tax. Of several nobody can tell which it
        is about: a small difference is told, a larger one stops until somebody accepts what is booked."""
        manual = self.claim.manual.get(Field.TAX_AMOUNT)
        # Receipts that state no tax differ from the rates in nothing, however these are rounded.
        by_receipts = by_rate + self.stated - tax_by_rate(self.stating, self.own.precision)
        said = Decimal(manual.value) if manual and manual.value else by_receipts
        if said != self.own.precision.rounded(said):
            says = too_fine("tax amount", said, self.currency)
            self.problems.append(Problem(Field.TAX_AMOUNT, says))
        stated = self.claim.document.tax_amount
        if stated and abs(stated - said) > max(self.tolerance, self.own.precision.units(UNSAID)):
            says = f"tax is {self._shown(stated)} on the claim"
            self.warnings.append(f"{says}, {self._shown(said)} by its receipts")
        if said == by_rate:
            return by_rate, None
        told = f"tax is {self._shown(said)} by its receipts, {self._shown(by_rate)} by their rates"
        taxes = {one.id: one for line in self.lines if (one := line.tax.entry) and is_taxed(line)}
        own = next(iter(taxes.values())) if len(taxes) == 1 else None
        if own:
            self._tell(f"{told}; {self._shown(said)} is booked", said - by_rate)
            return said, own
        if abs(said - by_rate) > self.tolerance:
            says = f"{told}: change the tax of a receipt, or accept {self._shown(by_rate)}"
            self.problems.append(Problem(Field.TAX_AMOUNT, says))
        else:
            self._tell(told, said - by_rate)
        return by_rate, None

    def _tell(self, says: str, difference: Decimal) -> None:
        if abs(difference) > self.own.precision.units(UNSAID):
            self.warnings.append(says)

    def _by_hand(self, name: Field) -> Value | None:
        manual = self.claim.manual.get(name)
        if not manual or not manual.value:
            return None
        return Value(self._shown(Decimal(manual.value)), Layer.MANUAL, None, "changed by", manual.by)

    def _shown(self, amount: Decimal) -> str:
        return money.shown(amount, self.currency)


def first_faulty(receipts: Sequence[Receipt]) -> Faulty | None:
    """The first receipt that lacks something."""
    for receipt in receipts:
        if faults(receipt):
            return Faulty(receipt.item.id, title(receipt.item))
    return None
