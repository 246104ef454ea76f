"""Amounts of money: as people write them, and as people read them. Decimals only, never floats."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import UnknownCurrencyError as BabelUnknownCurrency
from babel.numbers import (
    get_currency_precision,
    get_currency_symbol,
    list_currencies,
    validate_currency,
)

from bot.errors import WrongInput

_SYMBOLED = {"GBP", "EUR", "USD"}
_NO_MONEY = {"XXX", "XTS"}
"""ISO 4217 keeps these for "no currency" and for tests."""
_SIGN = re.compile(r"[-−–]")
_CURRENCY = re.compile(r"^(?:[A-Za-z]{3}|[£€$¥₹₩₽฿])(?![A-Za-z])|(?<![A-Za-z])(?:[A-Za-z]{3}|[£€$¥₹₩₽฿])$")
_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(?!\d))")
_PLAIN = re.compile(r"\d+(?:\.\d+)?|\.\d+", re.ASCII)
_GROUPED = re.compile(r"[1-9]\d{0,2}(?:([.,])\d{3})(?:\1\d{3})*|[1-9]\d?(?:,\d{2})+,\d{3}", re.ASCII)
LARGEST = Decimal("1e12")
MOST_DECIMALS = 6


def parse(text: str, decimal_mark: str = "") -> Decimal:
    """An amount as people type it: `1,250.00`, `1.250,00`, `1 250,00`, `£12.50`, `(12.00)`, `12.00-`.

    Of two kinds of separator the last is the decimal mark. One kind alone is a thousands separator when
    it stands more than once, or when it is a comma before exactly three digits (`1,250` but `0,125`),
    unless `decimal_mark` says which of the two is known to be the decimal mark.
    Raises WrongInput.
    """
    said = text.strip()[:40]
    bare, negative = _unsigned(text.strip())
    bare = _SPACES.sub("", bare)
    plain = _with_mark(bare, decimal_mark) if decimal_mark else _decimal_point(bare)
    if not _PLAIN.fullmatch(plain):
        raise WrongInput(f"“{said}” is not an amount.", advice="Write it like 1,250.00.")
    if len(plain.partition(".")[2]) > MOST_DECIMALS:
        raise WrongInput(f"“{said}” has more than {MOST_DECIMALS} decimals.")
    amount = Decimal(plain)
    if amount >= LARGEST:
        raise WrongInput(f"“{said}” is too large for an amount.")
    return -amount if negative and amount else amount


def _unsigned(text: str) -> tuple[str, bool]:
    """The digits without currency, sign and brackets, and whether the amount is below zero."""
    bare = _without_currency(text)
    currency_gone = bare != text
    negative = True
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1].strip()
    elif _SIGN.match(bare):
        bare = bare[1:].strip()
    elif _SIGN.fullmatch(bare[-1:]):
        bare = bare[:-1].strip()
    else:
        negative = False
    return bare if currency_gone else _without_currency(bare), negative


def _without_currency(text: str) -> str:
    found = _CURRENCY.search(text)
    if not found or (found[0].isalpha() and not is_currency(found[0].upper())):
        return text
    return (text[: found.start()] + text[found.end() :]).strip()


def _decimal_point(bare: str) -> str:
    """With a point as the only mark; unchanged, so not plain, where the marks make no sense."""
    comma, point = bare.rfind(","), bare.rfind(".")
    if comma >= 0 and point >= 0:
        mark = max(comma, point)
        whole, cents = bare[:mark], bare[mark + 1 :]
        grouped = _GROUPED.fullmatch(whole) and bare[mark] not in whole
        return f"{re.sub('[.,]', '', whole)}.{cents}" if grouped else bare
    if comma >= 0:
        return bare.replace(",", "") if _GROUPED.fullmatch(bare) else bare.replace(",", ".")
    if bare.count(".") > 1 and _GROUPED.fullmatch(bare):
        return bare.replace(".", "")
    return bare


def _with_mark(bare: str, mark: str) -> str:
    """As `_decimal_point` where the decimal mark is known; left alone where it stands in thousands' place."""
    whole, _, cents = bare.partition(mark)
    other = "." if mark == "," else ","
    if other in whole:
        whole = whole.replace(other, "") if _GROUPED.fullmatch(whole) else bare
    return f"{whole}.{cents}" if cents else whole


def decimal_mark(text: str) -> str:
    """Which mark an amount shows to be the decimal one (`,` in `12,50` and `1.250,00`); nothing where it
    may as well separate thousands, or is no amount."""
    bare = _SPACES.sub("", _unsigned(text.strip())[0])
    marks = [sign for sign in bare if sign in ",."]
    if not marks or not _PLAIN.fullmatch(_decimal_point(bare)):
        return ""
    if len(set(marks)) > 1:
        return marks[-1]
    if len(marks) > 1:
        return "." if marks[0] == "," else ","
    return "" if _GROUPED.fullmatch(bare) else marks[0]


def is_currency(code: str) -> bool:
    """Whether `code` is a currency of ISO 4217 as CLDR knows it."""
    try:
        validate_currency(code)
    except BabelUnknownCurrency:
        return False
    return code.isupper() and code not in _NO_MONEY


def all_currencies() -> list[str]:
    """Every known code, sorted."""
    return sorted(list_currencies("en"))


_MINOR_UNITS = {
    **dict.fromkeys(("AFN", "ALL", "IRR", "KPW", "LAK", "LBP", "MGA", "MMK", "RSD", "SOS", "SYP", "YER"), 2),
    "IQD": 3,
}
"""Where ISO 4217's list one (kept by SIX) has other decimals than CLDR, which counts the coins in use."""


def minor_units(currency: str) -> int:
    """Digits after the point as ISO 4217 has them: GBP 2, JPY 0, KWD 3."""
    return _MINOR_UNITS.get(currency, int(get_currency_precision(currency)))


@dataclass(frozen=True, slots=True)
class Precision:
    """How an organisation computes amounts of a currency: digits after the point, and whether tax is rounded
    once for each tax of the document, or line by line."""

    digits: int = 2
    tax_by_document: bool = False

    @classmethod
    def of(cls, currency: str) -> Precision:
        """As ISO 4217 has it."""
        return cls(minor_units(currency))

    def rounded(self, amount: Decimal) -> Decimal:
        """Halves away from zero, as on invoices."""
        return amount.quantize(self.units(1), ROUND_HALF_UP)

    def units(self, number: int) -> Decimal:
        """So many of the smallest amounts: 5 are £0.05, ¥5 and KWD 0.005."""
        return Decimal(number).scaleb(-self.digits)


def rounded(amount: Decimal, currency: str) -> Decimal:
    """To the currency's minor units, halves away from zero as on invoices."""
    return Precision.of(currency).rounded(amount)


def shown(amount: Decimal, currency: str) -> str:
    """For people: `£144.00`, `€240.00`, `IDR 1,872,500.00`."""
    digits = (
        max(minor_units(currency), -int(amount.normalize().as_tuple().exponent))
        if amount
        else minor_units(currency)
    )
    number = f"{abs(amount):,.{digits}f}"
    sign = "-" if amount < 0 else ""
    if currency in _SYMBOLED:
        return f"{sign}{get_currency_symbol(currency, locale='en_GB').removeprefix('US')}{number}"
    return f"{sign}{currency} {number}".strip()
