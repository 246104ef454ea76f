"""Bodies of the item API: every field with its limits, every fault with its place."""

from __future__ import annotations

import base64
import datetime as dt
import json
import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.items import Document, DocumentType, Side
from bot.import_files import api_form
from handlers.api import reading
from tests.builders import a_document

LEAST: dict[str, Any] = {"external_id": "e1", "side": "cost", "type": "invoice"}


def read(body: object) -> reading.Body:
    return reading.read(json.dumps(body).encode())


def document(**changes: Any) -> Document:
    body = read(LEAST | changes)
    assert body.entries[0].incoming is not None, body
    return body.entries[0].incoming.document


def faults(**changes: Any) -> list[tuple[str, str]]:
    body = read(LEAST | changes)
    assert body.entries[0].incoming is None
    return [(fault.pointer, fault.detail) for fault in body.entries[0].faults]


def test_the_least_that_an_item_needs() -> None:
    """C14."""
    assert document() == Document("e1", Side.COST, DocumentType.INVOICE)


def test_every_field_arrives_as_it_was_sent() -> None:
    whole = document(
        supplier="Northwind Paper Ltd", customer="Harbour", document_number="NW-1", date="2026-03-03",
        due_date="2026-04-02", currency="KWD", total="144.005", tax_amount="24", category="429", tax="T20",
        project="Refit", payment_account="Petty Cash", paid=True, description="Paper", note="n",
        submitted_by="Mel", line_items=[{"description": "d", "quantity": "2", "unit_price": "1.5",
                                         "amount": "3.00", "category": "c", "tax": "t"}],
    )  # fmt: skip
    assert (whole.total, whole.tax_amount) == (Decimal("144.005"), Decimal(24))
    assert (whole.date, whole.due_date) == (dt.date(2026, 3, 3), dt.date(2026, 4, 2))
    assert (whole.supplier, whole.customer, whole.currency) == ("Northwind Paper Ltd", "Harbour", "KWD")
    assert whole.lines[0].amount == Decimal("3.00")
    assert whole.paid


def test_what_the_terminal_prints_as_json_is_taken() -> None:
    """C28: `dext-bot import --json` writes the form of this API."""
    sent = a_document(tax_amount="24.00", paid=True)
    assert read(api_form(sent)).entries[0].incoming.document == sent  # type: ignore[union-attr]


@pytest.mark.parametrize("value", [144, 144.0, True, 1e400, 0, -1])
def test_an_amount_that_is_a_json_number_is_refused_naming_the_field_and_why(value: object) -> None:
    """Decimals only: a float on the way would lose digits."""
    for name in ("total", "tax_amount"):
        body = reading.read(json.dumps(LEAST | {name: value}).replace("Infinity", "1e400").encode())
        (fault,) = body.entries[0].faults
        assert fault.pointer == f"/{name}"
        assert 'text, such as "144.00"' in fault.detail


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1,50",
        "£1",
        "1.2.3",
        "1e3",
        "NaN",
        "Infinity",
        ".5",
        "5.",
        " 1",
        "1\n",
        "٣",
        "1" * 13,
        "0.1234567",
        "--1",
    ],
)
def test_an_amount_that_is_no_plain_decimal_is_refused(value: str) -> None:
    ((pointer, says),) = faults(total=value)
    assert pointer == "/total"
    assert "144.00" in says


@pytest.mark.parametrize("value", ["0", "0.00", "-12.30", "999999999999.999999", "007"])
def test_a_plain_decimal_keeps_every_digit(value: str) -> None:
    assert document(total=value, type="credit_note").total == abs(Decimal(value))


def test_a_negative_invoice_is_a_credit_note_with_positive_amounts() -> None:
    found = document(total="-12.00", tax_amount="-2.00", line_items=[{"amount": "-10.00"}])
    assert (found.type, found.total, found.tax_amount) == (
        DocumentType.CREDIT_NOTE, Decimal("12.00"), Decimal("2.00")
    )  # fmt: skip
    assert found.lines[0].amount == Decimal("10.00")


@pytest.mark.parametrize(
    ("changes", "paid"),
    [
        ({"type": "receipt"}, True),
        ({}, False),
        ({"type": "receipt", "paid": False}, False),
        ({"paid": True}, True),
    ],
)
def test_a_receipt_is_paid_unless_it_says_otherwise(changes: dict[str, Any], paid: bool) -> None:
    assert document(**changes).paid is paid


def test_on_a_sale_the_other_side_is_the_customer() -> None:
    assert document(side="sale", supplier="Harbour").customer == "Harbour"
    assert document(side="sale", customer="Harbour", supplier="Us").customer == "Harbour"


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"external_id": ""}, "/external_id", "must not be empty"),
    ({"external_id": "  "}, "/external_id", "must not be blank"),
    ({"external_id": "x" * 129}, "/external_id", "At most 128"),
    ({"external_id": 7}, "/external_id", "Send text"),
    ({"side": "costs"}, "/side", "One of: cost or sale"),
    ({"type": "bill"}, "/type", "One of: invoice, receipt, credit_note or expense_claim"),
    ({"supplier": "x" * 201}, "/supplier", "At most 200"),
    ({"customer": ["x"]}, "/customer", "Send text"),
    ({"document_number": "x" * 101}, "/document_number", "At most 100"),
    ({"date": "03/03/2026"}, "/date", "2026-10-05"),
    ({"date": "2026-02-30"}, "/date", "no such day"),
    ({"due_date": 20260303}, "/due_date", "2026-10-05"),
    ({"date": "2026-03-03T00:00:00Z"}, "/date", "2026-10-05"),
    ({"currency": "gbp"}, "/currency", "ISO 4217"),
    ({"currency": "XXX"}, "/currency", "ISO 4217"),
    ({"currency": "ABC"}, "/currency", "ISO 4217"),
    ({"category": "x" * 201}, "/category", "At most 200"),
    ({"paid": "yes"}, "/paid", "true or false"),
    ({"paid": 1}, "/paid", "true or false"),
    ({"description": "x" * 2001}, "/description", "At most 2000"),
    ({"note": "x" * 2001}, "/note", "At most 2000"),
    ({"submitted_by": "x" * 201}, "/submitted_by", "At most 200"),
    ({"catagory": "Travel"}, "/catagory", "Did you mean `category`?"),
    ({"a/b~c": 1}, "/a~1b~0c", "no such field"),
    ({"line_items": {}}, "/line_items", "Send a list"),
    ({"line_items": [7]}, "/line_items/0", "Send an object"),
    ({"line_items": [{}] * 501}, "/line_items", "At most 500"),
    ({"line_items": [{}, {"amout": "1"}]}, "/line_items/1/amout", "Did you mean `amount`?"),
    ({"line_items": [{"quantity": 2}]}, "/line_items/0/quantity", "text"),
    ({"attachments": [{"filename": "a.pdf"}]}, "/attachments/0/content", "required"),
    ({"attachments": [{"content": "QQ=="}]}, "/attachments/0/filename", "required"),
    ({"attachments": [{"filename": "../a", "content": "QQ=="}]}, "/attachments/0/filename", "folders"),
    ({"attachments": [{"filename": "a", "content": "not base64!"}]}, "/attachments/0/content", "not base64"),
    ({"attachments": [{"filename": "a", "content": ""}]}, "/attachments/0/content", "base64"),
    ({"attachments": [{"filename": "a", "content": "QQ==", "content_type": "pdf"}]},
     "/attachments/0/content_type", "media type"),
    ({"attachments": [{"filename": "a", "content": "QQ=="}] * 11}, "/attachments", "At most 10"),
    ({"side": "sale", "type": "expense_claim"}, "/type", "An expense claim is a cost"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "pointer", "says"), WRONG, ids=[f"{n}{w[1]}" for n, w in enumerate(WRONG)]
)
def test_a_wrong_field_is_named_with_its_place_and_a_sentence(
    changes: dict[str, Any], pointer: str, says: str
) -> None:
    ((found, sentence),) = faults(**changes)
    assert found == pointer
    assert says in sentence


def test_every_wrong_field_is_named_at_once() -> None:
    found = faults(side="x", total=1, date="x", currency="x", nonsense=1)
    assert {pointer for pointer, _ in found} == {"/side", "/total", "/date", "/currency", "/nonsense"}


@pytest.mark.parametrize(
    "name", ["supplier", "date", "total", "paid", "currency", "line_items", "attachments"]
)
def test_null_is_the_same_as_nothing(name: str) -> None:
    assert document(**{name: None}) == document()


@pytest.mark.parametrize(("size", "fits"), [(10_485_760, True), (10_485_761, False)])
def test_a_file_of_ten_megabytes_fits_and_one_byte_more_does_not(size: int, fits: bool) -> None:
    content = base64.b64encode(bytes(size)).decode()
    body = read(LEAST | {"attachments": [{"filename": "a.pdf", "content": content}]})
    if fits:
        (file,) = body.entries[0].incoming.files  # type: ignore[union-attr]
        assert (len(file.content), file.content_type) == (size, "application/pdf")
    else:
        assert "larger than 10 MB" in body.entries[0].faults[0].detail


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"7",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b'{"external_id": "\\ud800"}',
        b"NaN",
        b"[" * 10_000,
    ],
)
def test_a_body_that_is_no_item_is_refused_as_a_whole(content: bytes) -> None:
    body = reading.read(content)
    assert body.fault
    assert not body.entries


@pytest.mark.parametrize(
    ("body", "pointers"),
    [
        ({"items": []}, ["/items"]),
        ({"items": {}}, ["/items"]),
        ({"items": None}, ["/items"]),
        ({"items": [LEAST] * 501}, ["/items"]),
        ({"items": [LEAST], "more": 1}, ["/more"]),
    ],
)
def test_a_batch_that_is_none_is_refused_as_a_whole(body: object, pointers: list[str]) -> None:
    found = read(body)
    assert [fault.pointer for fault in found.faults] == pointers
    assert not found.entries


def test_in_a_batch_one_bad_item_is_refused_and_the_others_are_not() -> None:
    body = read({"items": [LEAST, {"external_id": "e2"}, 7, LEAST | {"external_id": "e3"}]})
    assert [one.incoming is not None for one in body.entries] == [True, False, False, True]
    assert {fault.pointer for fault in body.entries[1].faults} == {"/items/1/side", "/items/1/type"}
    assert (body.entries[1].external_id, body.entries[2].external_id) == ("e2", None)


def test_500_items_are_read_in_a_moment() -> None:
    body = json.dumps(
        {"items": [LEAST | {"external_id": str(n), "total": "1.00"} for n in range(500)]}
    ).encode()
    began = time.perf_counter()
    assert len(reading.read(body).entries) == 500
    assert time.perf_counter() - began < 2


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(JSON | st.dictionaries(st.sampled_from([*LEAST, "items", "line_items", "attachments", "total"]), JSON))
def test_whatever_is_sent_is_read_or_refused_in_words(body: object) -> None:
    found = read(body)
    assert found.entries or found.fault
    for entry in found.entries:
        assert (entry.incoming is None) == bool(entry.faults)
