"""Bodies become JSON: amounts exact, outside text unharmed."""

from __future__ import annotations

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from bot.accounting.zoho_books.records import AMOUNTS, to_json

AMOUNT = st.decimals(
    min_value=Decimal("-99999999999999"), max_value=Decimal("99999999999999"), places=2, allow_nan=False
)
NASTY = st.one_of(
    st.text(),
    st.text(alphabet="\x00\"\\u0'{}[],: 12.-\n\r\t\u2028<>&"),
    st.decimals(allow_nan=False, allow_infinity=False).map(lambda number: f"\x00{number:f}"),
)


@given(AMOUNT, st.sampled_from(sorted(AMOUNTS)))
def test_an_amount_is_a_number_of_exactly_its_digits(amount: Decimal, name: str) -> None:
    text = str(amount)
    sent = to_json({"line_items": [{name: text}], name: text}).decode()
    assert json.loads(sent, parse_float=str, parse_int=str) == {"line_items": [{name: text}], name: text}
    assert f'"{name}": {text}' in sent


@given(NASTY, NASTY, AMOUNT)
def test_outside_text_arrives_as_it_is(description: str, number: str, amount: Decimal) -> None:
    line = {"description": description, "rate": str(amount)}
    body = {"bill_number": number, "is_inclusive_tax": True, "line_items": [line]}
    read = json.loads(to_json(body), parse_float=Decimal)
    assert read == body | {"line_items": [line | {"rate": amount}]}


def test_large_and_small_numbers_have_no_exponent() -> None:
    body = {"rate": "1E+7", "exchange_rate": "0.0000001"}
    assert to_json(body) == b'{"rate": 10000000, "exchange_rate": 0.0000001}'


def test_letters_of_every_script_go_as_utf8() -> None:
    name = "Atelier Lumière 株式会社 🍞"
    assert name.encode() in to_json({"contact_name": name})
