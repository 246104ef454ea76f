"""What the accounting software would refuse and the lists can tell: lock dates, mixed currencies, rates."""

from __future__ import annotations

import datetime as dt
from decimal import Context, Decimal

from bot.domain import kinds, money
from bot.domain.coding import LOCKED, LOCKED_HERE
from bot.domain.items import Field, PublishAs
from bot.domain.layers import party_field
from bot.domain.line_coding import LineLayers
from bot.domain.lists import ListKind
from bot.domain.locks import SCOPES

_FEWEST_DIGITS, _MOST_DIGITS = 6, 15
"""Of an exchange rate, counted from its first one that is not nought: a double holds fifteen."""


class Refusable(LineLayers):
    """Checks that look at several values at once, after each has been resolved."""

    def _unlocked(self, date: dt.date) -> None:
        """Nothing is booked on or before a lock date: our own, or the accounting software's."""
        if self.settings.lock_date and date <= self.settings.lock_date:
            until = _day(self.settings.lock_date)
            self._problem(Field.DATE, f"everything up to {until} is locked in our settings", LOCKED_HERE)
            return
        for scope in SCOPES[self.item.document.side]:
            lock = self.lists.find(ListKind.TRANSACTION_LOCKS, scope)
            if lock and lock.active and lock.until and date.isoformat() <= lock.until:
                until = _day(dt.date.fromisoformat(lock.until))
                self._problem(Field.DATE, f"{self.software} is locked up to {until}", LOCKED)
                return

    def _one_currency(self, publish_as: PublishAs, currency: str) -> None:
        """Supplier, payment account and document in one currency, or in the organisation's."""
        base = self.organisation.currency if self.organisation else ""
        name = party_field(self.item.document.side)
        party, account = self.values[name], self.values[Field.PAYMENT_ACCOUNT]
        theirs = party.entry.currency if party.entry else ""
        if publish_as is PublishAs.SALES_RECEIPT and base and currency != (theirs or base):
            self._problem(
                Field.CURRENCY,
                f"a sales receipt is booked in the customer's currency {theirs or base}, not in {currency}",
            )
        elif theirs not in ("", base, currency):
            self._problem(
                Field.CURRENCY, f"{name.value} “{party.text}” is kept in {theirs}, the document in {currency}"
            )
        paid_in = account.entry.currency if account.entry and publish_as in kinds.PAID_FROM else ""
        if paid_in not in ("", base, currency):
            self._problem(
                Field.PAYMENT_ACCOUNT,
                f"payment account “{account.text}” is in {paid_in}, the document in {currency}",
            )

    def _exchange_rate(self, currency: str) -> tuple[Decimal | None, str]:
        """The document's rate where it names the total in the base currency, else the organisation's own;
        with where it came from."""
        document = self.item.document
        base = self.organisation.currency if self.organisation else ""
        if not base or currency == base:
            return None, ""
        is_told = document.base_currency == base and document.currency == currency
        if is_told and document.base_total and document.total:
            rate = _rate(abs(document.total), abs(document.base_total), base)
            if rate:
                return rate, "document"
        entry = self.values[Field.CURRENCY].entry
        if entry is None or not entry.rate or not Decimal(entry.rate):
            return None, ""
        as_of = f", {_day(dt.date.fromisoformat(entry.as_of))}" if entry.as_of else ""
        return Decimal(entry.rate), f"{self.software}{as_of}"


def _rate(total: Decimal, base_total: Decimal, base: str) -> Decimal | None:
    """In as few digits as bring the total to the very total in the base currency."""
    if not money.rounded(base_total, base):
        return None
    for digits in range(_FEWEST_DIGITS, _MOST_DIGITS + 1):
        rate = Context(prec=digits).divide(base_total, total)
        if money.rounded(total * rate, base) == money.rounded(base_total, base):
            return rate
    return rate


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%b %Y}"
