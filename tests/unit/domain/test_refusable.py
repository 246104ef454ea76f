"""What Zoho Books would refuse and the lists can tell: locks, mixed currencies, odd days; and the rate."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, Side
from bot.domain.lists import EntryUse
from bot.domain.settings import BusinessSettings
from tests.builders import an_entry, an_item, usual_lists
from tests.unit.domain.resolved import coded, problems

DATE = dt.date(2026, 3, 3)


def a_lock(scope: str, until: str) -> Any:
    return an_entry(scope, id=EntryId(scope), until=until)


@pytest.mark.parametrize(
    ("until", "is_locked"),
    [(None, False), (dt.date(2026, 3, 2), False), (DATE, True), (dt.date(2026, 4, 1), True)],
)
def test_our_own_lock_date_holds_on_its_day_and_before(until: dt.date | None, is_locked: bool) -> None:
    """C23."""
    coding = coded(an_item(date=DATE), settings=BusinessSettings(lock_date=until))
    assert bool(problems(coding)) is is_locked
    if until and is_locked:
        assert problems(coding) == [f"everything up to {until.day} {until:%b %Y} is locked in our settings"]
        assert coding.problems[0].field is Field.DATE


@pytest.mark.parametrize(
    ("side", "scope", "until", "is_locked"),
    [
        (Side.COST, "all", "2026-03-03", True),
        (Side.COST, "all", "2026-03-02", False),
        (Side.COST, "purchases", "2026-03-31", True),
        (Side.COST, "sales", "2026-03-31", False),
        (Side.SALE, "sales", "2026-03-31", True),
        (Side.SALE, "all", "2026-03-31", True),
        (Side.SALE, "purchases", "2026-03-31", False),
    ],
)
def test_zoho_books_lock_holds_for_its_side(side: Side, scope: str, until: str, is_locked: bool) -> None:
    """C23 S3."""
    item = an_item(
        side=side, customer="Harbour Books", category="429" if side is Side.COST else "200", date=DATE
    )
    found = problems(
        coded(item, lists=usual_lists(transaction_locks=[a_lock(scope, until)]), software="Zoho Books")
    )
    assert bool(found) is is_locked
    assert not found or "Zoho Books is locked up to" in found[0]


def test_a_date_that_lies_after_its_arrival_is_warned_of() -> None:
    """S3: a day more is only a time zone."""
    assert coded(an_item(date=dt.date(2026, 10, 6))).warnings == ()
    coding = coded(an_item(date=dt.date(2026, 10, 7)))
    assert coding.warnings == ("the date lies after the day it came in (05 Oct 2026)",)
    assert coding.is_ready


@pytest.mark.parametrize(
    ("theirs", "document", "is_mixed"),
    [
        ("", "EUR", False),
        ("GBP", "EUR", False),
        ("EUR", "EUR", False),
        ("USD", "EUR", True),
        ("EUR", "GBP", True),
    ],
)
def test_a_supplier_kept_in_another_currency_is_refused_before_sending(theirs, document, is_mixed) -> None:
    """C19 C16: pick a supplier of that currency."""
    lists = usual_lists(suppliers=[an_entry("Rue Noire", id=EntryId("s9"), currency=theirs)])
    found = problems(coded(an_item(supplier="Rue Noire", currency=document), lists=lists))
    says = f"supplier “Rue Noire” is kept in {theirs}, the document in {document}"
    assert found == ([says] if is_mixed else [])


def test_a_payment_account_of_a_third_currency_is_refused_before_sending() -> None:
    lists = usual_lists(bank_accounts=[an_entry("Dollars", currency="USD")])
    item = an_item(paid=True, payment_account="Dollars", currency="EUR")
    assert problems(coded(item, lists=lists)) == ["payment account “Dollars” is in USD, the document in EUR"]
    assert problems(coded(an_item(payment_account="Dollars", currency="EUR"), lists=lists)) == []


def test_a_sales_receipt_is_in_its_customers_currency() -> None:
    """It has no place to say another."""
    item = an_item(
        side=Side.SALE,
        type=DocumentType.RECEIPT,
        paid=True,
        customer="Harbour Books",
        category="200",
        currency="EUR",
    )
    says = "a sales receipt is booked in the customer's currency GBP, not in EUR"
    assert problems(coded(item)) == [says]


def test_a_tax_that_is_not_for_this_side_is_named() -> None:
    """C16."""
    lists = usual_lists(taxes=[an_entry("Output", use=EntryUse.SALE)])
    assert problems(coded(an_item(tax="Output"), lists=lists)) == ["tax “Output” is not for costs"]


EURO = an_entry("USD", id=EntryId("usd"), rate="0.79", as_of="2026-11-03")


@pytest.mark.parametrize(
    ("changes", "rate", "why"),
    [
        ({"currency": "USD"}, "0.79", "Zoho Books, 3 Nov 2026"),
        ({"currency": "USD", "base_currency": "GBP", "base_total": "115.20"}, "0.800000", "document"),
        (
            {"currency": "USD", "base_currency": "EUR", "base_total": "115.20"},
            "0.79",
            "Zoho Books, 3 Nov 2026",
        ),
        (
            {"currency": "USD", "total": "-144.00", "base_currency": "GBP", "base_total": "115.20"},
            "0.800000",
            "document",
        ),
        ({"currency": "GBP"}, None, ""),
        ({"currency": "EUR"}, None, ""),
    ],
)
def test_the_rate_is_the_documents_or_the_organisations_own(changes, rate, why: str) -> None:
    """C19: with its source and day; nobody is asked."""
    coding = coded(an_item(**changes), lists=usual_lists(currencies=[EURO]), software="Zoho Books")
    assert (coding.exchange_rate, coding.rate_why) == (Decimal(rate) if rate else None, why)


def test_a_customer_who_is_not_known_is_a_question_as_a_supplier_is() -> None:
    """S21: on the sale side."""
    coding = coded(an_item(side=Side.SALE, customer="Weir Gallery", category="200"))
    assert (problems(coding), coding.new_supplier, coding.party) == ([], True, "Weir Gallery")
    assert coding.party_field is Field.CUSTOMER
    chosen = coded(an_item(side=Side.SALE, customer="Weir", category="200", supplier_entry=EntryId("k1")))
    assert (chosen.party, chosen.new_supplier) == ("Harbour Books", False)
