"""What an e-invoice says, whichever syntax it is written in, and the document it becomes.

The terms are those of EN 16931 (BT-1 is its first term, the number of the invoice).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain import money
from bot.domain.items import Document, DocumentType, Line, Side
from bot.errors import WrongInput

CREDIT_CODES = frozenset({"81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "532"})
"""Codes of credit notes in UNTDID 1001; the others of EN 16931 are invoices, 384 by its sign."""
PROFORMA = "325"
MOST_LINES = 1_000
_NAME, _NUMBER, _TEXT = 200, 100, 2000
"""Characters, as in the item API."""
_DECIMAL = re.compile(r"[+-]?(?:\d{1,20}(?:\.\d{0,12})?|\.\d{1,12})", re.ASCII)
_PRICE_STEP = Decimal("0.000001")
_SUBJECT = re.compile(r"^#[A-Z]{3}#\s*")
"""XRechnung writes a note's subject before it: `#ADU#`."""


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer: the formal name (BT-27), the name it trades under (BT-28), tax numbers as written."""

    legal_name: str = ""
    trade_name: str = ""
    tax_numbers: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.trade_name or self.legal_name


@dataclass(frozen=True, slots=True)
class TaxRate:
    """A tax of the breakdown or of a line: per cent (BT-119, BT-152) and category (BT-118, BT-151)."""

    percent: Decimal
    category: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """An e-invoice as it stands, signs and all."""

    number: str
    type_code: str = ""
    is_credit_note: bool = False
    """By its syntax."""
    issued: dt.date | None = None
    due: dt.date | None = None
    currency: str = ""
    seller: Party = Party()
    buyer: Party = Party()
    net: Decimal | None = None
    tax: Decimal | None = None
    gross: Decimal | None = None
    prepaid: Decimal | None = None
    payable: Decimal | None = None
    rates: tuple[TaxRate, ...] = ()
    """Of the tax breakdown."""
    lines: tuple[Line, ...] = ()
    """With allowances and charges on the whole document as lines of their own."""
    notes: tuple[str, ...] = ()
    order_reference: str = ""
    corrects: str = ""

    @property
    def total(self) -> Decimal | None:
        """With tax; where a profile gives only what is left to pay, with what was paid before."""
        if self.gross is not None or self.payable is None:
            return self.gross
        return self.payable + (self.prepaid or 0)


def document(facts: Facts) -> Document:
    """The cost that the invoice is for its receiver. A negative invoice is a credit note; amounts are kept
    positive. Raises WrongInput for what cannot be one item."""
    _check(facts)
    total = facts.total
    credits = facts.is_credit_note or facts.type_code in CREDIT_CODES
    sign = -1 if total is not None and total < 0 else 1
    rates = set(facts.rates) or {
        TaxRate(line.tax_rate, line.tax_category) for line in facts.lines if line.tax_rate is not None
    }
    percents, categories = {rate.percent for rate in rates}, {rate.category for rate in rates}
    seller, buyer = facts.seller, facts.buyer
    return Document(
        external_id=external_id(facts),
        side=Side.COST,
        type=DocumentType.CREDIT_NOTE if credits or sign < 0 else DocumentType.INVOICE,
        supplier=seller.name,
        supplier_legal_name=seller.legal_name if seller.legal_name != seller.name else "",
        supplier_tax_number=next(iter(seller.tax_numbers), ""),
        other_tax_numbers=seller.tax_numbers[1:],
        customer=buyer.name,
        document_number=facts.number,
        date=facts.issued,
        due_date=facts.due,
        currency=facts.currency,
        total=_signed(total, sign),
        tax_amount=_signed(facts.tax, sign),
        tax=percent(percents.pop()) if len(percents) == 1 else "",
        tax_category=categories.pop() if len(rates) == 1 else "",
        paid=total is not None and facts.prepaid is not None and facts.prepaid >= total > 0,
        prepaid=_signed(facts.prepaid, sign),
        payable=_signed(facts.payable, sign),
        description=facts.lines[0].description if len(facts.lines) == 1 else "",
        note=_note(facts),
        lines=tuple(_turned(line) if sign < 0 else line for line in facts.lines),
        order_reference=facts.order_reference[:_NUMBER],
        corrects=facts.corrects[:_NUMBER],
    )


def external_id(facts: Facts) -> str:
    """The same invoice has the same id in whichever syntax it comes; one that differs in a date or an amount
    is another one, which the person is to see."""
    amounts = (facts.total, facts.tax, facts.payable)
    said = [
        facts.seller.legal_name or facts.seller.name,
        facts.buyer.legal_name or facts.buyer.name,
        facts.number,
        "credit" if facts.is_credit_note or facts.type_code in CREDIT_CODES else "invoice",
        facts.issued.isoformat() if facts.issued else "",
        facts.due.isoformat() if facts.due else "",
        facts.currency,
        *(f"{amount.normalize():f}" if amount is not None else "" for amount in amounts),
    ]
    folded = "\n".join(" ".join(one.casefold().split()) for one in said)
    return f"e-invoice:{facts.number[:80]}:{hashlib.sha256(folded.encode()).hexdigest()[:20]}"


def amount(text: str, what: str) -> Decimal | None:
    """An amount of XML, where only a point is a decimal mark. Raises WrongInput, naming it."""
    if not text:
        return None
    if not _DECIMAL.fullmatch(text) or abs(Decimal(text)) >= money.LARGEST:
        raise WrongInput(f"{what} “{text[:40]}” is not an amount")
    return Decimal(text)


def day(text: str, what: str) -> dt.date | None:
    """A day as `2026-08-31` (a time zone behind it is passed over) or `20260831`. Raises WrongInput."""
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text[:10] if "-" in text[:10] else text[:8])
    except ValueError:
        raise WrongInput(f"{what} “{text[:40]}” is not a date") from None


def line(
    description: str,
    *,
    quantity: Decimal | None,
    price: Decimal | None,
    base: Decimal | None,
    net: Decimal | None,
    rate: TaxRate | None,
) -> Line:
    """A line (BG-25); `base` is the quantity that the price is for (BT-149)."""
    if price is not None and base is not None and base not in (0, 1):
        price = (price / base).quantize(_PRICE_STEP).normalize()
    return Line(
        description[:_TEXT],
        quantity,
        price,
        net,
        tax=percent(rate.percent) if rate is not None else "",
        tax_rate=rate.percent if rate is not None else None,
        tax_category=rate.category if rate is not None else "",
    )


def allowance(reason: str, value: Decimal | None, rate: TaxRate | None, *, is_charge: bool) -> Line:
    """An allowance or a charge on the whole document (BG-20, BG-21) as a line."""
    signed = value if value is None or is_charge else -value
    said = reason or ("Charge" if is_charge else "Allowance")
    return line(said, quantity=Decimal(1), price=signed, base=None, net=signed, rate=rate)


def percent(rate: Decimal) -> str:
    """A tax as its rate: `19%`."""
    return f"{rate.normalize():f}%"


def notes(texts: Iterable[str]) -> tuple[str, ...]:
    """Notes in plain words."""
    return tuple(said for text in texts if (said := _SUBJECT.sub("", text).strip()))


def _check(facts: Facts) -> None:
    if not facts.number:
        raise WrongInput("the invoice has no number")
    if facts.type_code == PROFORMA:
        raise WrongInput("this is a proforma invoice: it is not to be booked")
    if facts.currency and not money.is_currency(facts.currency):
        raise WrongInput(f"currency “{facts.currency[:10]}” is not known")
    for what, text, longest in (
        ("number", facts.number, _NUMBER),
        ("supplier", facts.seller.name, _NAME),
        ("customer", facts.buyer.name, _NAME),
    ):
        if len(text) > longest:
            raise WrongInput(f"the {what} is longer than {longest} characters")
    if len(facts.lines) > MOST_LINES:
        raise WrongInput(f"the invoice has more than {MOST_LINES:,} lines")


def _note(facts: Facts) -> str:
    said: list[str] = list(facts.notes)
    total = facts.total
    if facts.prepaid and facts.payable is not None and facts.prepaid != total:
        said.insert(0, f"{facts.prepaid:f} {facts.currency} paid beforehand, {facts.payable:f} left to pay.")
    if None not in (facts.net, facts.tax, facts.gross) and _sum(facts.net, facts.tax) != facts.gross:
        said.insert(0, f"Net {facts.net:f} and tax {facts.tax:f} do not make {facts.gross:f}.")
    return "\n".join(said)[:_TEXT]


def _sum(*amounts: Decimal | None) -> Decimal:
    return sum((value for value in amounts if value is not None), Decimal(0))


def _signed(value: Decimal | None, sign: int) -> Decimal | None:
    return value if value is None or sign > 0 or not value else -value


def _turned(one: Line) -> Line:
    """A line of a negative invoice as one of a credit note: quantity times price stays its amount."""
    amount_turned = _signed(one.amount, -1)
    if one.unit_price is not None and one.unit_price < 0:
        return replace(one, amount=amount_turned, unit_price=-one.unit_price)
    return replace(one, amount=amount_turned, quantity=_signed(one.quantity, -1))
