"""What a month came to: a table with Dext's headings, and what was spent by category and supplier. Pure."""

from __future__ import annotations

import calendar
import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from bot.domain import money
from bot.domain.auto_publish import in_base
from bot.domain.cells import safe
from bot.domain.coding import Coding
from bot.domain.items import Field, Item, ItemStatus, PublishAs, Side
from bot.domain.kinds import is_credit
from bot.domain.lines import tax_of
from bot.errors import WrongInput

DEXT = (
    "Receipt ID", "Type", "Date", "Due Date", "Invoice Number", "Supplier", "Category", "Customer", "Project",
    "Payment Method", "Bank Account", "Tax", "Total", "Currency",
)  # fmt: skip
AFTER_BASE = ("Status", "Owner", "Note", "Description", "Image")
OURS = ("Published as", "Record", "Published on", "Link")
SEVERAL = "several"
LONGEST_CELL = 200
"""Of names in one cell; more could not be read back."""
_MONTH = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Line:
    """An item as it goes into a report."""

    item: Item
    coding: Coding
    status: ItemStatus


def headings(base: str) -> tuple[str, ...]:
    """Dext's own, in Dext's order, then where each item went. `base` is the organisation's currency."""
    return (*DEXT, f"Tax ({base})", f"Total ({base})", *AFTER_BASE, *OURS)


def table(lines: Iterable[Line], base: str) -> str:
    """CSV as spreadsheets read it; no cell is a formula."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(headings(base))
    writer.writerows([safe(cell) for cell in _cells(line, base)] for line in lines)
    return written.getvalue()


def _cells(line: Line, base: str) -> list[str]:
    coding, document, published = line.coding, line.item.document, line.item.published
    rate = Decimal(1) if coding.currency == base else coding.exchange_rate
    return [
        document.external_id,
        document.type.value.replace("_", " ").capitalize(),
        _day(coding.date),
        _day(coding.due_date),
        coding.text(Field.DOCUMENT_NUMBER),
        coding.party,
        _by_line(coding, Field.CATEGORY),
        coding.text(Field.CUSTOMER),
        _by_line(coding, Field.PROJECT),
        document.payment_account or coding.text(Field.PAYMENT_ACCOUNT),
        coding.text(Field.PAYMENT_ACCOUNT),
        _amount(coding.tax_amount, coding.currency),
        _amount(coding.total, coding.currency),
        coding.currency,
        _amount(coding.tax_amount, base, rate),
        _amount(coding.total, base, rate),
        _status(line),
        document.submitted_by,
        document.note,
        coding.text(Field.DESCRIPTION),
        document.image_url,
        published.kind.words if published else "",
        published.number if published else "",
        _day(published.at.date()) if published else "",
        published.link if published else "",
    ]


def _status(line: Line) -> str:
    """As Dext calls a receipt that is in a claim."""
    return "claimed" if line.status is ItemStatus.IN_CLAIM else line.status.value.replace("_", " ")


def _by_line(coding: Coding, name: Field) -> str:
    """What the item has, or each of its lines, as often as they differ."""
    own = (line.category if name is Field.CATEGORY else line.project for line in coding.lines)
    said = dict.fromkeys(value.text if value else coding.text(name) for value in own)
    together = "; ".join(text for text in said if text)
    if len(together) > LONGEST_CELL:
        return SEVERAL
    return together if said else coding.text(name)


def _day(day: dt.date | None) -> str:
    """As Dext writes it: `31-Aug-2026`."""
    return f"{day.day:02d}-{calendar.month_abbr[day.month]}-{day.year}" if day else ""


def _amount(amount: Decimal | None, currency: str, rate: Decimal | None = Decimal(1)) -> str:
    return "" if amount is None or rate is None else f"{money.rounded(amount * rate, currency):f}"


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    month: int

    @property
    def words(self) -> str:
        return f"{calendar.month_name[self.month]} {self.year}"

    @property
    def code(self) -> str:
        """`2026-03`."""
        return f"{self.year}-{self.month:02d}"

    def holds(self, day: dt.date | None) -> bool:
        return day is not None and (day.year, day.month) == (self.year, self.month)


def month_of(said: str, today: dt.date) -> Month:
    """`2026-03`, `March`, `mar 2026`, `last month`; nothing said is this month. A month alone is its latest
    one. Raises WrongInput."""
    text = " ".join(said.lower().split())
    if text in ("", "this month"):
        return Month(today.year, today.month)
    if text == "last month":
        before = today.replace(day=1) - dt.timedelta(days=1)
        return Month(before.year, before.month)
    if (plain := _MONTH.fullmatch(text)) and 1 <= int(plain[2]) <= 12:  # noqa: PLR2004 - months
        return Month(int(plain[1]), int(plain[2]))
    name, _, year = text.partition(" ")
    number = next((n for n in range(1, 13) if len(name) > 2 and _named(n).startswith(name)), 0)  # noqa: PLR2004
    if number and (not year or (year.isdecimal() and len(year) == 4)):  # noqa: PLR2004
        return Month(int(year) if year else today.year - (number > today.month), number)
    raise WrongInput(f"“{said[:40]}” is no month.", advice="Write it like 2026-03, March or last month.")


def _named(number: int) -> str:
    return calendar.month_name[number].lower()


def day_of(item: Item) -> dt.date:
    """The day an item is of: as a person set it, as the document says, else the day it came in."""
    manual = item.manual.get(Field.DATE)
    if manual and manual.value:
        return dt.date.fromisoformat(manual.value)
    return item.document.date or item.received_at.date()


@dataclass(frozen=True, slots=True)
class Spend:
    """What was published in a month, in the organisation's currency."""

    total: Decimal = Decimal(0)
    by_category: Mapping[str, Decimal] = field(default_factory=dict)
    by_supplier: Mapping[str, Decimal] = field(default_factory=dict)
    left_out: int = 0
    """Items in another currency without a rate: in no sum."""


def spend(lines: Sequence[Line], base: str) -> Spend:
    """Costs only, with tax, the largest first; a credit note counts against them."""
    categories: dict[str, Decimal] = {}
    suppliers: dict[str, Decimal] = {}
    total, left_out = Decimal(0), 0
    for line in lines:
        if line.status is not ItemStatus.PUBLISHED or line.item.document.side is not Side.COST:
            continue
        amount = in_base(line.coding, base)
        if amount is None:
            left_out += 1
            continue
        amount = money.rounded(amount, base)
        is_taken_off = is_credit(line.item.document) or line.coding.publish_as is PublishAs.VENDOR_CREDIT
        amount = -amount if is_taken_off else amount
        total += amount
        shares = [(categories, name, share) for name, share in by_category(line.coding, amount, base).items()]
        for sums, name, share in (*shares, (suppliers, line.coding.party, amount)):
            sums[name] = sums.get(name, Decimal(0)) + share
    return Spend(total, _largest(categories), _largest(suppliers), left_out)


def by_category(coding: Coding, amount: Decimal, currency: str) -> dict[str, Decimal]:
    """An amount shared among the categories of its lines, by what each comes to with tax; the first takes
    what rounding leaves."""
    weights: dict[str, Decimal] = {}
    for line in coding.lines:
        rate = line.tax.entry.percentage if line.tax.entry else ""
        tax = Decimal(0)
        if not coding.lines_include_tax:
            tax = tax_of(line.amount, rate, coding.precision, includes_tax=False)
        weights[line.category.text] = weights.get(line.category.text, Decimal(0)) + line.amount + tax
    whole = sum(weights.values(), Decimal(0))
    if not whole:
        return {next(iter(weights), coding.text(Field.CATEGORY)): amount}
    shares = {name: money.rounded(amount * weight / whole, currency) for name, weight in weights.items()}
    shares[next(iter(shares))] += amount - sum(shares.values(), Decimal(0))
    return shares


def _largest(sums: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return dict(sorted(sums.items(), key=lambda one: (-one[1], one[0])))
