"""The currency of a record: named wherever Zoho Books could take another one."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from bot.accounting.zoho_books.answers import booked, expected
from bot.accounting.zoho_books.records import record, to_json
from bot.domain.coding import Coding, Layer, Value
from bot.domain.identity import EntryId
from bot.domain.items import Field, PublishAs
from bot.domain.publication import Record, differences
from bot.errors import Refused
from tests.builders import GBP_ORGANISATION, OFFICE_SUPPLIES, an_entry

CURRENCIES = {"GBP": EntryId("gbp"), "EUR": EntryId("eur")}


def sent(kind: PublishAs, item: str, supplier: str, rate: str = "") -> dict[str, Any]:
    """What a record says of currency, for an item in one and a supplier in another."""
    coding = Coding(
        {
            Field.CATEGORY: Value("429", Layer.DOCUMENT, OFFICE_SUPPLIES),
            Field.DOCUMENT_NUMBER: Value("NW-1", Layer.DOCUMENT),
        },
        publish_as=kind,
        date=dt.date(2026, 3, 3),
        due_date=None,
        total=Decimal("144.00"),
        tax_amount=None,
        currency=item,
        exchange_rate=Decimal(rate) if rate else None,
    )
    entry = an_entry("Atelier Lumière SARL", currency=supplier)
    body = record(coding, entry, GBP_ORGANISATION, CURRENCIES, "DXT-1").body
    return {name: body[name] for name in ("currency_id", "exchange_rate") if name in body}


SAYING = [kind for kind in PublishAs if kind is not PublishAs.SALES_RECEIPT]
"""A sales receipt is booked in its customer's currency and has no place to say another."""


@pytest.mark.parametrize("kind", SAYING)
@pytest.mark.parametrize(
    ("item", "supplier", "rate", "said"),
    [
        ("GBP", "", "", {}),
        ("GBP", "GBP", "", {}),
        ("GBP", "EUR", "", {"currency_id": "gbp"}),
        ("GBP", "EUR", "0.86", {"currency_id": "gbp"}),
        ("EUR", "EUR", "", {"currency_id": "eur"}),
        ("EUR", "GBP", "0.86", {"currency_id": "eur", "exchange_rate": "0.86"}),
        ("EUR", "", "0.86", {"currency_id": "eur", "exchange_rate": "0.86"}),
    ],
)
def test_a_supplier_of_another_currency_never_decides_the_records(
    kind: PublishAs, item: str, supplier: str, rate: str, said: dict[str, str]
) -> None:
    """S1: 144 pounds of a supplier in euros stay pounds; a record that names none takes the supplier's."""
    assert sent(kind, item, supplier, rate) == said


@pytest.mark.parametrize("item", ["GBP", "EUR"])
def test_a_sales_receipt_says_no_currency(item: str) -> None:
    """Its description has none: `resolving` refuses one in another currency than its customer's."""
    assert sent(PublishAs.SALES_RECEIPT, item, item, "0.86") == {}


@pytest.mark.parametrize("kind", PublishAs)
def test_a_currency_that_is_not_on_the_list_is_refused_before_anything_is_sent(kind: PublishAs) -> None:
    """Without its id the amount would be booked in the organisation's currency."""
    with pytest.raises(Refused, match="USD is not in Zoho Books") as caught:
        sent(kind, "USD", "")
    assert caught.value.cause == "currency"
    assert "/dext refresh" in caught.value.advice


@pytest.mark.parametrize(
    ("sent_body", "row", "says"),
    [
        ({"currency_id": "gbp"}, {"currency_id": "eur"}, ("currency is eur, we sent gbp",)),
        ({"currency_id": "gbp"}, {"currency_id": "gbp"}, ()),
        ({"currency_id": "gbp"}, {}, ()),
        ({}, {"currency_id": "gbp"}, ()),
        ({}, {"tax_id": "t20"}, ("tax is t20, we sent none",)),
        ({"tax_id": "t5"}, {"tax_id": "t20"}, ("tax is t20, we sent t5",)),
        ({}, {"tax_id": ""}, ()),
    ],
)
def test_another_currency_or_a_tax_nobody_chose_is_a_difference(
    sent_body: dict[str, str], row: dict[str, str], says: tuple[str, ...]
) -> None:
    """S1: with tax inside the total, the total alone shows neither."""
    expects = expected(PublishAs.EXPENSE, sent_body, None)
    record = Record(PublishAs.EXPENSE, "DXT-1", sent_body, expects=expects)
    assert differences(record, booked(PublishAs.EXPENSE, row, "")) == says


def test_half_an_emoji_does_not_keep_a_record_from_being_sent() -> None:
    assert to_json({"description": "bread \ud83c"}) == b'{"description": "bread ?"}'
