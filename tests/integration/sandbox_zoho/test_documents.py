"""What the simulated Zoho Books takes and refuses of credits, sales, payments, and its lock dates."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.integration.sandbox_zoho.conftest import (
    Caller,
    a_bill,
    a_credit_note,
    a_payment,
    a_receipt,
    a_vendor_credit,
    an_invoice,
)

Make = Callable[..., dict[str, Any]]
KINDS = [
    ("/vendorcredits", "vendor_credit", "vendor_credit_id", "vendor_credit_number", a_vendor_credit),
    ("/invoices", "invoice", "invoice_id", "invoice_number", an_invoice),
    ("/creditnotes", "creditnote", "creditnote_id", "creditnote_number", a_credit_note),
    ("/salesreceipts", "salesreceipt", "sales_receipt_id", "receipt_number", a_receipt),
]
OWN = {"ignore_auto_number_generation": "true"}
by_kind = pytest.mark.parametrize(
    ("path", "name", "key", "number", "make"), KINDS, ids=[one[1] for one in KINDS]
)


@by_kind
async def test_each_is_kept_and_found_by_number_and_id(
    caller: Caller, path: str, name: str, key: str, number: str, make: Make
) -> None:
    assert await caller.post(path, make(caller, **{number: "N-1"}), **OWN) == (201, 0)
    made = caller.last.json()[name]
    assert made[number] == "N-1"
    await caller.get(path, **{number: "n-1"})
    (row,) = caller.last.json()[path.removeprefix("/")]
    assert row[key] == made[key]
    await caller.get(path, **{number: "N-2"})
    assert caller.last.json()[path.removeprefix("/")] == []
    await caller.get(f"{path}/{made[key]}")
    assert caller.last.json()[name] == made
    assert await caller.get(f"{path}/1") == (404, 1002)


@by_kind
async def test_each_is_numbered_by_itself_unless_ones_own_is_asked_for(
    caller: Caller, path: str, name: str, key: str, number: str, make: Make
) -> None:
    del key
    await caller.post(path, make(caller))
    assert caller.last.json()[name][number].endswith("-00001")
    assert await caller.post(path, make(caller, **{number: "N-1"})) == (400, 4)
    assert await caller.post(path, make(caller), **OWN) == (400, 4)


@pytest.mark.parametrize(
    ("path", "make", "number", "code"),
    [
        ("/invoices", an_invoice, "invoice_number", 1001),
        ("/creditnotes", a_credit_note, "creditnote_number", 12018),
        ("/vendorcredits", a_vendor_credit, "vendor_credit_number", 12018),
        ("/salesreceipts", a_receipt, "receipt_number", 0),
    ],
)
async def test_a_used_number_is_refused_whatever_case(
    caller: Caller, path, make, number: str, code: int
) -> None:
    await caller.post(path, make(caller, **{number: "N-1"}), **OWN)
    again = await caller.post(path, make(caller, **{number: "n-1 "}), **OWN)
    assert again == ((400, code) if code else (201, 0))


WRONG: list[tuple[dict[str, Any], int]] = [
    ({"date": "3 March 2026"}, 4),
    ({"line_items": []}, 4016),
    ({"made_up": 1}, 15),
    ({"line": {"account_id": "1"}}, 1002),
    ({"line": {"tax_id": "1"}}, 1002),
    ({"line": {"item_id": "1"}}, 1002),
    ({"line": {"rate": "120.50"}}, 2),
    ({"line": {"rate": -1000}}, 4),
    ({"line": {"name": "", "description": ""}}, 4),
    ({"line": {"name": "n" * 101}}, 4),
    ({"line": {"made_up": 1}}, 15),
    ({"notes": "n" * 5001}, 4),
]


@by_kind
@pytest.mark.parametrize(("changes", "code"), WRONG)
async def test_each_wrong_document_has_its_code(
    caller: Caller,
    path: str,
    name: str,
    key: str,
    number: str,
    make: Make,
    changes: dict[str, Any],
    code: int,
) -> None:
    del name, key, number
    assert await caller.post(path, make(caller, **changes)) == (400, code)
    assert caller.message
    assert caller.held_out.rows[path.removeprefix("/")] == []


@by_kind
async def test_the_party_must_be_one_of_the_right_kind_and_active(
    caller: Caller, path: str, name: str, key: str, number: str, make: Make
) -> None:
    del name, key, number
    party = "vendor_id" if path == "/vendorcredits" else "customer_id"
    other = caller.id_of("contacts", "Harbour Books" if party == "vendor_id" else "Kestrel Taxis")
    assert await caller.post(path, make(caller, **{party: ""})) == (400, 4)
    assert await caller.post(path, make(caller, **{party: other})) == (400, 1002)
    mine = make(caller)[party]
    row = caller.held_out.find("contacts", "contact_id", mine)
    assert row is not None
    row["status"] = "inactive"
    assert await caller.post(path, make(caller)) == (400, 1002)


@by_kind
async def test_nothing_is_booked_before_the_lock_date(
    caller: Caller, path: str, name: str, key: str, number: str, make: Make
) -> None:
    del name, key, number
    caller.held_out.lock_date = "2026-03-31"
    assert await caller.post(path, make(caller)) == (400, 1070001)
    assert await caller.post(path, make(caller, date="2026-04-01")) == (201, 0)


SCOPES = [
    ("/vendorcredits", "debitnotes", a_vendor_credit),
    ("/invoices", "invoices", an_invoice),
    ("/creditnotes", "creditnotes", a_credit_note),
    ("/salesreceipts", "invoices", a_receipt),
]


@pytest.mark.parametrize(("path", "family", "make"), SCOPES)
async def test_each_wants_the_right_of_its_family(caller: Caller, path: str, family: str, make: Make) -> None:
    wrong = caller.token("ZohoBooks.bills.CREATE", "ZohoBooks.vendorcredits.CREATE")
    assert await caller.post(path, make(caller), token=wrong) == (401, 57)
    assert await caller.get(path, token=wrong) == (401, 57)
    right = caller.token(f"ZohoBooks.{family}.CREATE", f"ZohoBooks.{family}.READ")
    assert await caller.post(path, make(caller), token=right) == (201, 0)
    assert await caller.get(path, token=right) == (200, 0)


async def test_required_fields_of_a_credit_note_and_a_sales_receipt(caller: Caller) -> None:
    assert await caller.post("/creditnotes", a_credit_note(caller, date="")) == (400, 4)
    assert await caller.post("/salesreceipts", a_receipt(caller, payment_mode="")) == (400, 4)
    assert await caller.post("/salesreceipts", a_receipt(caller, is_inclusive_tax=True)) == (400, 15)
    assert await caller.post("/salesreceipts", a_receipt(caller, reference_number="x")) == (400, 15)
    assert await caller.post("/vendorcredits", a_vendor_credit(caller, line={"account_id": ""})) == (
        400,
        13009,
    )


async def test_an_invoice_is_a_draft_and_its_due_date_not_before_its_date(caller: Caller) -> None:
    await caller.post("/invoices", an_invoice(caller))
    assert caller.last.json()["invoice"]["status"] == "draft"
    assert await caller.post("/invoices", an_invoice(caller, due_date="2026-03-02")) == (400, 4)


@pytest.mark.parametrize(("precision", "total"), [(0, 1235.0), (2, 1234.57), (3, 1234.568)])
async def test_amounts_are_rounded_to_the_currencys_precision(
    caller: Caller, precision: int, total: float
) -> None:
    row = {"currency_id": "900", "currency_code": "XYZ", "exchange_rate": 1, "price_precision": precision}
    caller.held_out.rows["currencies"].append(row)
    await caller.post("/invoices", an_invoice(caller, line={"rate": 1234.5678}, currency_id="900"))
    assert caller.last.json()["invoice"]["total"] == total


# --- payments of bills


async def _a_bill(caller: Caller) -> str:
    await caller.post("/bills", a_bill(caller))
    return str(caller.last.json()["bill"]["bill_id"])


async def test_a_payment_settles_its_bill_and_is_found_by_its_reference(caller: Caller) -> None:
    bill = await _a_bill(caller)
    paid = a_payment(caller, bill, amount=120.5, bills=[{"bill_id": bill, "amount_applied": 120.5}])
    assert await caller.post("/vendorpayments", paid) == (201, 0)
    made = caller.last.json()
    assert made["amount"] == 120.5, "its fields stand beside the code"
    await caller.get("/vendorpayments", reference_number="DX-1-P")
    (row,) = caller.last.json()["vendorpayments"]
    assert row["payment_id"] == made["payment_id"]
    await caller.get(f"/bills/{bill}")
    settled = caller.last.json()["bill"]
    assert (settled["status"], settled["balance"]) == ("paid", 0.0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 0}, 4),
        ({"amount": "20.50"}, 2),
        ({"vendor_id": "1"}, 1002),
        ({"paid_through_account_id": "1"}, 1002),
        ({"bills": [{"bill_id": "1", "amount_applied": 20.5}]}, 1002),
        ({"bills": "x"}, 2),
        ({"made_up": 1}, 15),
        ({"date": "yesterday"}, 4),
    ],
)
async def test_each_wrong_payment_has_its_code(caller: Caller, changes: dict[str, Any], code: int) -> None:
    bill = await _a_bill(caller)
    assert await caller.post("/vendorpayments", a_payment(caller, bill, **changes)) == (400, code)
    assert caller.held_out.rows["vendorpayments"] == []


async def test_no_more_is_paid_than_is_owed_or_spent(caller: Caller) -> None:
    bill = await _a_bill(caller)
    for amount, applied in ((200.0, 120.51), (10.0, 20.0)):
        parts = [{"bill_id": bill, "amount_applied": applied}]
        said = await caller.post("/vendorpayments", a_payment(caller, bill, amount=amount, bills=parts))
        assert said == (400, 4)


# --- lock dates


async def test_the_lock_date_is_listed_where_there_is_one(caller: Caller) -> None:
    await caller.get("/transactionlocks")
    assert caller.last.json()["transaction_locks"] == []
    caller.held_out.lock_date = "2026-01-31"
    await caller.get("/transactionlocks")
    (lock,) = caller.last.json()["transaction_locks"]
    assert (lock["transaction_lock_date"], lock["transaction_lock_status"]) == ("2026-01-31", "enabled")
    assert await caller.get("/transactionlocks", token=caller.token("ZohoBooks.settings.READ")) == (401, 57)


async def test_a_credit_may_name_the_bill_it_corrects(caller: Caller) -> None:
    await caller.post("/bills", a_bill(caller))
    bill = caller.last.json()["bill"]["bill_id"]
    assert await caller.post("/vendorcredits", a_vendor_credit(caller), bill_id=bill) == (201, 0)
    assert await caller.post("/vendorcredits", a_vendor_credit(caller), bill_id="1") == (400, 1002)
    other = caller.id_of("contacts", "Northwind Paper Ltd")
    elsewhere = a_vendor_credit(caller, vendor_id=other)
    assert await caller.post("/vendorcredits", elsewhere, bill_id=bill) == (400, 1002)


@pytest.mark.parametrize(
    ("status", "code"), [("draft", 12005), ("paid", 12006), ("void", 12007), ("sent", 0)]
)
async def test_a_credit_note_is_tied_to_an_invoice_that_is_owed(
    caller: Caller, status: str, code: int
) -> None:
    await caller.post("/invoices", an_invoice(caller))
    invoice = caller.last.json()["invoice"]["invoice_id"]
    caller.held_out.rows["invoices"][-1]["status"] = status
    assert (await caller.post("/creditnotes", a_credit_note(caller), invoice_id=invoice))[1] == code
