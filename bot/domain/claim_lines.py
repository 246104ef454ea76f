"""The lines that a receipt becomes in an expense claim, coded as the receipt alone would be. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain import money
from bot.domain.coding import CodedLine, Coding, Layer, Problem, Value
from bot.domain.duplicates.facts import number_of
from bot.domain.items import Field, Item
from bot.domain.kinds import CREDITS
from bot.domain.layers import supplier_name
from bot.domain.lines import tax_of, tax_of_all
from bot.domain.money import Precision

FROM_RECEIPTS = (Field.CATEGORY, Field.TAX, Field.TOTAL, Field.TAX_AMOUNT)
"""Said by the receipts; of a receipt, only what is wrong with these keeps its claim from being published:
its own number, due date and payment account are not booked."""
_NOTHING = Value("", Layer.NONE)


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt of a claim, coded as if it were alone."""

    item: Item
    coding: Coding
    question: str = ""
    """That it may be a duplicate, where nobody has answered yet."""


def faults(receipt: Receipt) -> list[str]:
    """What keeps a receipt from being a line."""
    said = [one.says for one in of_a_line(receipt.coding)]
    return [*said, *([receipt.question] if receipt.question else [])]


def amount_in(receipt: Receipt, currency: str, base: str, precision: Precision) -> tuple[Decimal | None, str]:
    """A receipt's total in the claim's currency, which has that precision, with the rate in words; nothing
    without a rate."""
    item, coding = receipt.item, receipt.coding
    if coding.total is None or coding.currency == currency:
        return coding.total, ""
    document = item.document
    is_told = document.base_currency == currency and document.currency == coding.currency
    told = document.base_total if is_told and Field.TOTAL not in item.manual else None
    if told is not None:
        return precision.rounded(
            abs(told)
        ), f"{money.shown(coding.total, coding.currency)} as the document says"
    if currency != base or not coding.exchange_rate:
        return None, ""
    said = f"{money.shown(coding.total, coding.currency)} at {coding.exchange_rate:f} ({coding.rate_why})"
    return precision.rounded(coding.total * coding.exchange_rate), said


def of_a_line(coding: Coding) -> tuple[Problem, ...]:
    """What is wrong with a receipt as a line; its projects are booked with it. Which kind of record takes its
    tax amount says nothing here: it is the claim's bill that has to."""
    tax, total = coding.tax_amount, coding.total
    is_possible = tax is None or total is None or 0 <= tax <= max(total, Decimal(0))
    counted = {*FROM_RECEIPTS, Field.PROJECT} - ({Field.TAX_AMOUNT} if is_possible else set())
    return tuple(one for one in coding.problems if one.field in counted)


def lines_of(receipt: Receipt, amount: Decimal, precision: Precision) -> list[CodedLine]:
    """One line, with tax. A receipt whose own lines differ in category, tax or project has one for each of
    these: the last one takes what rounding leaves, so that they come to the receipt's total."""
    coding = receipt.coding
    sign = _sign(receipt)
    shares = _shares(coding)
    whole = sum((one.amount for one in shares), Decimal(0))
    left = amount
    lines = []
    for place, share in enumerate(shares, start=1):
        part = left if place == len(shares) else precision.rounded(share.amount * amount / whole)
        left -= part
        lines.append(
            CodedLine(
                _described(receipt.item, coding),
                Decimal(1),
                sign * part,
                sign * part,
                share.category,
                share.tax,
                coding.values.get(Field.CUSTOMER),
                share.project,
            )
        )
    return lines


def _sign(receipt: Receipt) -> int:
    """-1 of what would be a credit alone, by its document or because somebody said so."""
    return -1 if receipt.coding.publish_as in CREDITS else 1


@dataclass(frozen=True, slots=True)
class _Share:
    """What one category, tax and project have of a receipt, with tax."""

    category: Value
    tax: Value
    project: Value | None
    amount: Decimal


def _shares(coding: Coding) -> list[_Share]:
    own_project = coding.values.get(Field.PROJECT)
    shares: dict[tuple[str, str, str], _Share] = {}
    for line in coding.lines:
        gross = line.amount
        if not coding.lines_include_tax:
            rate = line.tax.entry.percentage if line.tax.entry else ""
            gross += tax_of(line.amount, rate, coding.precision, includes_tax=False)
        project = line.project or own_project
        key = _id(line.category), _id(line.tax), _id(project or _NOTHING)
        before = shares[key].amount if key in shares else Decimal(0)
        shares[key] = _Share(line.category, line.tax, project, before + gross)
    found = list(shares.values())
    if len(found) > 1 and sum((one.amount for one in found), Decimal(0)):
        return found
    if found:
        return [replace(found[0], amount=Decimal(1))]
    category = coding.values.get(Field.CATEGORY, _NOTHING)
    tax = coding.values.get(Field.TAX, _NOTHING)
    return [_Share(category, tax, own_project, Decimal(1))]


def _id(value: Value) -> str:
    return value.entry.id if value.entry else value.text


def _described(item: Item, coding: Coding) -> str:
    """`Kestrel Taxis, 3 Oct 2026 (KT-7): to the fair`."""
    date = coding.date or item.received_at.date()
    name = coding.party or supplier_name(item) or "Receipt"
    number = number_of(item)
    text = " ".join(coding.text(Field.DESCRIPTION).split())
    said = f"{name}, {date.day} {date:%b %Y}" + (f" ({number})" if number else "")
    return f"{said}: {text}" if text else said


def tax_by_rate(lines: Iterable[CodedLine], precision: Precision) -> Decimal:
    taxed = [(line.amount, line.tax.entry.percentage if line.tax.entry else "") for line in lines]
    return tax_of_all(taxed, precision, includes_tax=True)


def is_taxed(line: CodedLine) -> bool:
    entry = line.tax.entry
    return bool(entry and entry.active and entry.percentage and Decimal(entry.percentage))


def tax_said(
    receipt: Receipt, lines: Sequence[CodedLine], amount: Decimal, precision: Precision
) -> tuple[Decimal | None, bool]:
    """The tax within a receipt's lines, where the document or a person says it; and whether there is a tax
    to book it as."""
    coding, said = receipt.coding, receipt.coding.values.get(Field.TAX_AMOUNT)
    is_said = said is not None and said.layer in (Layer.MANUAL, Layer.DOCUMENT)
    if not is_said or coding.tax_amount is None or not coding.total:
        return None, True
    sign = _sign(receipt)
    tax = sign * precision.rounded(coding.tax_amount * amount / coding.total)
    return tax, not tax or any(is_taxed(line) for line in lines)


def common(values: Sequence[Value]) -> Value:
    """What all lines have; nothing where they differ."""
    return values[0] if values and len({_id(value) for value in values}) == 1 else _NOTHING
