"""Records and suppliers are made once, and found again when an answer was lost."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.accounting.zoho_books.answers import expected
from bot.domain.items import PublishAs
from bot.domain.publication import Record, differences
from bot.errors import AnswerLost, Refused
from bot.sandbox.zoho_books.books import Trouble
from tests.integration.zoho_client.conftest import Bench

REFERENCE = "DX-7KQ2M9"


def a_bill(bench: Bench, **changes: Any) -> Record:
    """A bill of 144.00 from Northwind Paper; `line` changes its line."""
    line = {
        "account_id": bench.row("accounts", "account_name", "Office Supplies")["account_id"],
        "description": "Paper & “pens”",
        "quantity": "1",
        "rate": "144.00",
        "tax_id": bench.row("taxes", "tax_name", "Standard Rate")["tax_id"],
    } | changes.pop("line", {})
    body = {
        "vendor_id": bench.row("contacts", "contact_name", "Northwind Paper Ltd")["contact_id"],
        "bill_number": "NW-1001",
        "reference_number": REFERENCE,
        "date": "2026-03-03",
        "due_date": "2026-04-02",
        "is_inclusive_tax": True,
        "line_items": [line],
    } | changes
    expects = expected(PublishAs.BILL, body, Decimal("144.00"))
    return Record(PublishAs.BILL, str(body["reference_number"]), body, expects=expects)


def an_expense(bench: Bench, **changes: Any) -> Record:
    body = {
        "account_id": bench.row("accounts", "account_name", "Travel")["account_id"],
        "date": "2026-03-05",
        "amount": "18.40",
        "paid_through_account_id": bench.row("accounts", "account_name", "Petty Cash")["account_id"],
        "vendor_id": bench.row("contacts", "contact_name", "Kestrel Taxis")["contact_id"],
        "is_inclusive_tax": True,
        "reference_number": f"R 5 / {REFERENCE}",
    } | changes
    expects = expected(PublishAs.EXPENSE, body, Decimal("18.40"))
    return Record(PublishAs.EXPENSE, REFERENCE, body, expects=expects)


async def test_a_bill_arrives_as_it_was_sent(bench: Bench) -> None:
    """S1: read back, nothing differs."""
    await bench.connects()
    record = a_bill(bench)
    made = await bench.ledger().send(record)
    (bill,) = bench.held_out.rows["bills"]
    assert (made.record_id, made.number) == (bill["bill_id"], "NW-1001")
    assert made.link == f"{bench.server.origin}/app/60001#/bills/{bill['bill_id']}"
    assert (bill["total"], bill["tax_total"], bill["sub_total"]) == (144.0, 24.0, 120.0)
    assert bill["line_items"][0]["description"] == "Paper & “pens”"
    assert differences(record, made) == ()


async def test_an_expense_arrives_as_it_was_sent(bench: Bench) -> None:
    """S1."""
    await bench.connects()
    record = an_expense(bench)
    made = await bench.ledger().send(record)
    (expense,) = bench.held_out.rows["expenses"]
    assert (made.record_id, expense["total"]) == (expense["expense_id"], 18.4)
    assert made.link.endswith(f"#/expenses/{expense['expense_id']}")
    assert differences(record, made) == ()


async def test_the_amount_travels_as_a_number_of_its_digits(bench: Bench) -> None:
    await bench.connects()
    await bench.ledger().send(a_bill(bench, line={"rate": "0.30"}))
    (call,) = [call for call in bench.books.calls if call.method == "POST"]
    assert call.body["line_items"][0]["rate"] == 0.3


@pytest.mark.parametrize("make", [a_bill, an_expense])
async def test_a_record_whose_answer_was_lost_is_found_by_its_reference(bench: Bench, make) -> None:
    """C3: look before sending again."""
    await bench.connects()
    record = make(bench)
    bench.books.troubles.append(Trouble(after_write=True))
    with pytest.raises(AnswerLost):
        await bench.ledger().send(record)
    kind = f"{record.kind}s"
    assert len(bench.held_out.rows[kind]) == 1
    found = await bench.ledger().find(record)
    assert found is not None
    assert found.record_id == bench.held_out.rows[kind][0][f"{record.kind}_id"]
    assert differences(record, found) == ()
    assert found.read_back["category"]


@pytest.mark.parametrize("make", [a_bill, an_expense])
async def test_a_record_that_never_arrived_is_not_found(bench: Bench, make) -> None:
    await bench.connects()
    assert await bench.ledger().find(make(bench)) is None


async def test_somebody_elses_bill_of_that_number_is_not_ours(bench: Bench) -> None:
    """C3: only our own reference says that it is our record."""
    await bench.connects()
    await bench.ledger().send(a_bill(bench, reference_number="PO 77"))
    assert await bench.ledger().find(a_bill(bench)) is None


@pytest.mark.parametrize("said", [f"PO 77 {REFERENCE}", f"{REFERENCE} / x"])
async def test_a_reference_among_other_words_is_ours(bench: Bench, said: str) -> None:
    await bench.connects()
    await bench.ledger().send(a_bill(bench))
    bench.held_out.rows["bills"][0]["reference_number"] = said
    assert await bench.ledger().find(a_bill(bench)) is not None


async def test_a_longer_reference_that_begins_with_ours_is_another(bench: Bench) -> None:
    await bench.connects()
    await bench.ledger().send(a_bill(bench, reference_number=f"{REFERENCE}0"))
    assert await bench.ledger().find(a_bill(bench)) is None


async def test_a_void_bill_does_not_count(bench: Bench) -> None:
    await bench.connects()
    await bench.ledger().send(a_bill(bench))
    bench.held_out.rows["bills"][0]["status"] = "void"
    assert await bench.ledger().find(a_bill(bench)) is None


async def test_a_used_bill_number_is_refused_in_words(bench: Bench) -> None:
    """S3."""
    await bench.connects()
    await bench.ledger().send(a_bill(bench))
    with pytest.raises(Refused, match="NW-1001 has already been used") as caught:
        await bench.ledger().send(a_bill(bench, reference_number="DX-OTHER"))
    assert (caught.value.cause, caught.value.code, caught.value.status) == ("number_used", "13011", 400)


async def test_an_inactive_account_is_refused_in_words(bench: Bench) -> None:
    """S3."""
    await bench.connects()
    inactive = bench.row("accounts", "account_name", "Print & Copy")["account_id"]
    with pytest.raises(Refused) as caught:
        await bench.ledger().send(a_bill(bench, line={"account_id": inactive}))
    assert (caught.value.cause, "/dext refresh" in caught.value.advice) == ("gone", True)


@pytest.mark.parametrize(
    ("changes", "cause"),
    [
        ({"line": {"account_id": ""}}, "category"),
        ({"currency_id": "1"}, "currency"),
        ({"date": "2026-01-05", "due_date": ""}, "locked"),
        ({"date": "5 March"}, "field"),
    ],
)
async def test_each_refusal_has_its_cause(bench: Bench, changes, cause: str) -> None:
    """S3."""
    await bench.connects()
    bench.held_out.lock_date = "2026-01-31"
    with pytest.raises(Refused) as caught:
        await bench.ledger().send(a_bill(bench, **changes))
    assert caught.value.cause == cause
    assert bench.held_out.rows["bills"] == []


# --- suppliers


@pytest.mark.parametrize(
    ("typed", "name", "active"),
    [("kestrel taxis", "Kestrel Taxis", True), ("LINDEN YARNS", "Linden Yarns", False)],
)
async def test_a_supplier_is_found_whatever_case_and_active_or_not(
    bench: Bench, typed: str, name: str, active: bool
) -> None:
    """S21: no second contact of one name."""
    await bench.connects()
    found = await bench.ledger().find_supplier(typed)
    assert found is not None
    assert (found.name, found.active) == (name, active)


@pytest.mark.parametrize("name", ["Kestrel", "Harbour Books", "Nobody & Sons"])
async def test_part_of_a_name_or_a_customer_is_no_supplier(bench: Bench, name: str) -> None:
    await bench.connects()
    assert await bench.ledger().find_supplier(name) is None


async def test_a_supplier_is_made_with_its_currency(bench: Bench) -> None:
    """S21."""
    await bench.connects()
    euro = str(bench.row("currencies", "currency_code", "EUR")["currency_id"])
    made = await bench.ledger().create_supplier("Müller & Söhne <GmbH>", euro)
    row = bench.row("contacts", "contact_id", made.id)
    assert (row["contact_name"], row["contact_type"], row["currency_code"]) == (
        "Müller & Söhne <GmbH>", "vendor", "EUR"
    )  # fmt: skip
    assert (made.name, made.currency, made.active) == ("Müller & Söhne <GmbH>", "EUR", True)


@pytest.mark.parametrize("name", ["kestrel taxis", "Harbour Books"])
async def test_a_used_name_is_refused_in_words(bench: Bench, name: str) -> None:
    """S21: a customer may hold the name."""
    await bench.connects()
    with pytest.raises(Refused, match="already exists") as caught:
        await bench.ledger().create_supplier(name, "")
    assert (caught.value.cause, caught.value.code) == ("name_used", "3062")


async def test_a_supplier_whose_answer_was_lost_is_found(bench: Bench) -> None:
    """C3."""
    await bench.connects()
    bench.books.troubles.append(Trouble(after_write=True, path="/contacts"))
    with pytest.raises(AnswerLost):
        await bench.ledger().create_supplier("Old Mill Hosting", "")
    found = await bench.ledger().find_supplier("Old Mill Hosting")
    assert found is not None
    assert bench.row("contacts", "contact_id", found.id)["contact_name"] == "Old Mill Hosting"


# --- payments, customers, numbers


def a_paid_bill(bench: Bench) -> Record:
    """The bill with its payment, as a publication keeps it."""
    bill = a_bill(bench)
    payment = {
        "vendor_id": bill.body["vendor_id"],
        "date": "2026-03-03",
        "amount": "144.00",
        "paid_through_account_id": bench.row("accounts", "account_name", "Petty Cash")["account_id"],
        "reference_number": f"{REFERENCE}-P",
    }
    return replace(bill, kind=PublishAs.BILL_WITH_PAYMENT, payment=payment)


async def test_a_payment_whose_answer_was_lost_is_found_by_its_own_reference(bench: Bench) -> None:
    """C3: the bill carries another one."""
    await bench.connects()
    record = a_paid_bill(bench)
    booked = await bench.ledger().send(record)
    assert await bench.ledger().find_payment(record) is None
    bench.books.troubles.append(Trouble(after_write=True, path="/vendorpayments"))
    with pytest.raises(AnswerLost):
        await bench.ledger().pay(record, booked)
    found = await bench.ledger().find_payment(record)
    (payment,) = bench.held_out.rows["vendorpayments"]
    assert found is not None
    assert (found.payment_id, found.amount) == (payment["payment_id"], "144.0")


async def test_a_payment_is_heard_of_in_either_form_of_answer(bench: Bench) -> None:
    """Described with its fields beside the code; a list has them in a record."""
    await bench.connects()
    record = a_paid_bill(bench)
    booked = await bench.ledger().send(record)
    paid = await bench.ledger().pay(record, booked)
    assert paid.payment_id == bench.held_out.rows["vendorpayments"][0]["payment_id"]


async def test_a_customer_is_found_and_made_as_one(bench: Bench) -> None:
    """S21: a supplier of that name is no customer."""
    await bench.connects()
    found = await bench.ledger().find_customer("HARBOUR BOOKS")
    assert found is not None
    assert found.name == "Harbour Books"
    assert await bench.ledger().find_customer("Kestrel Taxis") is None
    made = await bench.ledger().create_customer("Weir Gallery", "")
    assert bench.row("contacts", "contact_id", made.id)["contact_type"] == "customer"
    with pytest.raises(Refused) as caught:
        await bench.ledger().create_customer("Kestrel Taxis", "")
    assert caught.value.cause == "name_used"


async def test_who_holds_a_number_is_told_for_its_supplier_only(bench: Bench) -> None:
    """C16: whatever case; a void bill holds none."""
    await bench.connects()
    assert await bench.ledger().holder_of_number(a_bill(bench)) is None
    made = await bench.ledger().send(a_bill(bench, bill_number="nw-1001 ", reference_number="theirs"))
    held = await bench.ledger().holder_of_number(a_bill(bench))
    assert held is not None
    assert (held.record_id, held.link) == (made.record_id, made.link)
    other = bench.row("contacts", "contact_name", "Kestrel Taxis")["contact_id"]
    assert await bench.ledger().holder_of_number(a_bill(bench, vendor_id=other)) is None
    assert await bench.ledger().holder_of_number(an_expense(bench)) is None
    bench.held_out.rows["bills"][0]["status"] = "void"
    assert await bench.ledger().holder_of_number(a_bill(bench)) is None
