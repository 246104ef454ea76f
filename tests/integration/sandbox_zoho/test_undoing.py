"""What the simulated Zoho Books makes void or deletes, and what it refuses."""

from __future__ import annotations

import pytest

from tests.integration.sandbox_zoho.conftest import (
    Caller,
    a_bill,
    a_credit_note,
    a_payment,
    a_receipt,
    a_vendor_credit,
    an_expense,
    an_invoice,
)


async def _sent(caller: Caller, method: str, path: str) -> tuple[int, int]:
    return await caller._call(method, path, "", params={"organization_id": caller.held_out.id})


@pytest.mark.parametrize(
    ("path", "make", "name", "key"),
    [
        ("/bills", a_bill, "bill", "bill_id"),
        ("/vendorcredits", a_vendor_credit, "vendor_credit", "vendor_credit_id"),
        ("/invoices", an_invoice, "invoice", "invoice_id"),
        ("/creditnotes", a_credit_note, "creditnote", "creditnote_id"),
    ],
)
async def test_it_is_void_and_stays_so(caller: Caller, path, make, name: str, key: str) -> None:
    await caller.post(path, make(caller))
    record = caller.last.json()[name][key]
    for _ in range(2):
        assert await _sent(caller, "POST", f"{path}/{record}/status/void") == (200, 0)
    await caller.get(f"{path}/{record}")
    assert caller.last.json()[name]["status"] == "void"
    assert await _sent(caller, "POST", f"{path}/1/status/void") == (404, 1002)


@pytest.mark.parametrize(
    ("path", "make", "name", "key"),
    [
        ("/expenses", an_expense, "expense", "expense_id"),
        ("/salesreceipts", a_receipt, "salesreceipt", "sales_receipt_id"),
    ],
)
async def test_it_is_deleted_and_gone(caller: Caller, path, make, name: str, key: str) -> None:
    await caller.post(path, make(caller))
    record = caller.last.json()[name][key]
    assert await _sent(caller, "DELETE", f"{path}/{record}") == (200, 0)
    assert await _sent(caller, "DELETE", f"{path}/{record}") == (404, 1002)
    assert await caller.get(f"{path}/{record}") == (404, 1002)


async def test_a_paid_bill_is_void_only_when_its_payment_is_gone(caller: Caller) -> None:
    await caller.post("/bills", a_bill(caller))
    bill = caller.last.json()["bill"]
    await caller.post("/vendorpayments", a_payment(caller, bill["bill_id"]))
    payment = caller.last.json()["payment_id"]
    assert await _sent(caller, "POST", f"/bills/{bill['bill_id']}/status/void") == (400, 36)
    assert await _sent(caller, "DELETE", f"/vendorpayments/{payment}") == (200, 0)
    assert await _sent(caller, "POST", f"/bills/{bill['bill_id']}/status/void") == (200, 0)


async def test_a_locked_day_stays_as_it_is(caller: Caller) -> None:
    await caller.post("/bills", a_bill(caller))
    bill = caller.last.json()["bill"]["bill_id"]
    caller.held_out.lock_date = "2026-12-31"
    status, _ = await _sent(caller, "POST", f"/bills/{bill}/status/void")
    assert status == 400
