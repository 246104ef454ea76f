"""What the simulated Zoho Books takes and refuses as a record."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.sandbox.zoho_books.books import Trouble
from tests.integration.sandbox_zoho.conftest import (
    ALL,
    Caller,
    a_bill,
    a_vendor_credit,
    an_expense,
    an_invoice,
)


async def test_a_bill_is_kept_and_found_by_number_and_id(caller: Caller) -> None:
    assert await caller.post("/bills", a_bill(caller, reference_number="DX-1")) == (201, 0)
    made = caller.last.json()["bill"]
    assert (made["total"], made["vendor_name"], made["status"]) == (120.5, "Kestrel Taxis", "open")
    await caller.get("/bills", bill_number="inv-001", vendor_id=made["vendor_id"])
    (row,) = caller.last.json()["bills"]
    assert "line_items" not in row, "list rows are thin"
    await caller.get(f"/bills/{made['bill_id']}")
    assert caller.last.json()["bill"] == made
    assert await caller.get("/bills/1") == (404, 1002)
    await caller.get("/bills", organisation="60002")
    assert caller.last.json()["bills"] == []


@pytest.mark.parametrize(("inclusive", "total", "tax_total"), [(True, 120.0, 20.0), (False, 144.0, 24.0)])
async def test_tax_is_in_the_rate_or_on_top_of_it(caller: Caller, inclusive, total, tax_total) -> None:
    line = {"rate": 60, "quantity": 2, "tax_id": caller.id_of("taxes", "Standard Rate")}
    await caller.post("/bills", a_bill(caller, line=line, is_inclusive_tax=inclusive))
    made = caller.last.json()["bill"]
    assert (made["total"], made["tax_total"]) == (total, tax_total)


@pytest.mark.parametrize("number", ["INV-001", "inv-001", "  INV-001", "Inv-001 "])
async def test_a_used_bill_number_is_13011_whatever_case_and_outer_spaces(
    caller: Caller, number: str
) -> None:
    await caller.post("/bills", a_bill(caller))
    assert await caller.post("/bills", a_bill(caller, bill_number=number)) == (400, 13011)
    assert len(caller.held_out.rows["bills"]) == 1


@pytest.mark.parametrize("number", ["INV001", "INV -001", "INV- 001", "INV-0001"])
async def test_a_bill_number_with_inner_differences_is_another(caller: Caller, number: str) -> None:
    await caller.post("/bills", a_bill(caller))
    assert await caller.post("/bills", a_bill(caller, bill_number=number)) == (201, 0)


async def test_a_bill_number_is_used_for_its_supplier_only_and_not_by_a_void_bill(caller: Caller) -> None:
    await caller.post("/bills", a_bill(caller))
    other = caller.id_of("contacts", "Northwind Paper Ltd")
    assert await caller.post("/bills", a_bill(caller, vendor_id=other)) == (201, 0)
    caller.held_out.rows["bills"][0]["status"] = "void"
    assert await caller.post("/bills", a_bill(caller)) == (201, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"vendor_id": ""}, 4),
        ({"vendor_id": "1"}, 1002),
        ({"bill_number": ""}, 4),
        ({"bill_number": "n" * 101}, 4),
        ({"date": "3 March 2026"}, 4),
        ({"date": "2026-02-30"}, 4),
        ({"due_date": "2026-03-02"}, 4),
        ({"line_items": []}, 4016),
        ({"line_items": None}, 4016),
        ({"currency_id": "1"}, 9004),
        ({"made_up": 1}, 15),
        ({"line": {"account_id": ""}}, 13009),
        ({"line": {"account_id": "1"}}, 1002),
        ({"line": {"tax_id": "1"}}, 1002),
        ({"line": {"customer_id": "1"}}, 1002),
        ({"line": {"project_id": "1"}}, 1002),
        ({"line": {"rate": "120.50"}}, 2),
        ({"line": {"made_up": 1}}, 15),
    ],
)
async def test_each_wrong_bill_has_its_code(caller: Caller, changes: dict[str, Any], code: int) -> None:
    assert await caller.post("/bills", a_bill(caller, **changes)) == (400, code)
    assert caller.message
    assert caller.held_out.rows["bills"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"date": ""}, 4),
        ({"amount": 0}, 5015),
        ({"amount": -1}, 5015),
        ({"amount": "18.40"}, 2),
        ({"amount": None}, 2),
        ({"account_id": ""}, 1002),
        ({"vendor_id": "1"}, 1002),
        ({"currency_id": "1"}, 9004),
        ({"bill_number": "1"}, 15),
        ({"reference_number": "r" * 101}, 4),
        ({"description": "d" * 101}, 4),
    ],
)
async def test_each_wrong_expense_has_its_code(caller: Caller, changes: dict[str, Any], code: int) -> None:
    assert await caller.post("/expenses", an_expense(caller, **changes)) == (400, code)
    assert caller.held_out.rows["expenses"] == []


async def test_an_expenses_texts_may_have_100_characters(caller: Caller) -> None:
    texts = {"reference_number": "r" * 100, "description": "é" * 100}
    assert await caller.post("/expenses", an_expense(caller, **texts)) == (201, 0)
    made = caller.last.json()["expense"]
    assert {name: made[name] for name in texts} == texts


async def test_an_expense_is_paid_from_bank_cash_or_card(caller: Caller) -> None:
    travel = caller.id_of("accounts", "Travel")
    assert await caller.post("/expenses", an_expense(caller, paid_through_account_id=travel)) == (400, 4)
    card = caller.id_of("accounts", "Visa 4242")
    assert await caller.post("/expenses", an_expense(caller, paid_through_account_id=card)) == (201, 0)


async def test_what_is_inactive_cannot_be_used(caller: Caller) -> None:
    account = {"account_id": caller.id_of("accounts", "Print & Copy")}
    assert await caller.post("/bills", a_bill(caller, line=account)) == (400, 1002)
    vendor = caller.id_of("contacts", "Linden Yarns")
    assert await caller.post("/bills", a_bill(caller, vendor_id=vendor)) == (400, 1002)
    customer = caller.id_of("contacts", "Harbour Books")
    assert await caller.post("/bills", a_bill(caller, vendor_id=customer)) == (400, 1002)


async def test_nothing_is_booked_up_to_the_lock_date(caller: Caller) -> None:
    caller.held_out.lock_date = "2026-03-03"
    for path, body in (("/bills", a_bill(caller)), ("/expenses", an_expense(caller))):
        status, code = await caller.post(path, body)
        assert (status, code) == (400, 1070001)
        assert "locked" in caller.message
        assert await caller.post(path, body | {"date": "2026-03-04"}) == (201, 0)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"bill_number=1", b"\xff"])
async def test_a_body_that_is_no_json_object_is_1038(caller: Caller, body: bytes) -> None:
    assert await caller.post("/bills", body) == (400, 1038)


async def test_a_contact_has_the_tax_number_of_its_edition(caller: Caller) -> None:
    """https://www.zoho.com/books/api/v3/contacts/#create-a-contact: `vat_reg_no` is the United Kingdom's."""
    body = {"contact_name": "Numbered Ltd", "contact_type": "vendor", "vat_reg_no": "GB980780684"}
    assert await caller.post("/contacts", body) == (201, 0)
    await caller.get("/contacts", contact_name="Numbered Ltd")
    assert caller.last.json()["contacts"][0]["vat_reg_no"] == "GB980780684"
    indian = {"contact_name": "Other", "gst_no": "27AAPFU0939F1ZV"}
    assert await caller.post("/contacts", indian) == (400, 15)


async def test_a_contacts_name_is_used_once_whatever_its_type(caller: Caller) -> None:
    body = {"contact_name": "harbour BOOKS", "contact_type": "vendor"}
    assert await caller.post("/contacts", body) == (400, 3062)
    assert await caller.post("/contacts", {"contact_name": "Harbour Books 2", "contact_type": "vendor"}) == (
        201,
        0,
    )


@pytest.mark.parametrize(("name", "status"), [("", 400), (" ", 400), ("n" * 201, 400), ("n" * 200, 201)])
async def test_a_contacts_name_has_1_to_200_characters(caller: Caller, name: str, status: int) -> None:
    assert await caller.post("/contacts", {"contact_name": name}) == (status, 3013 if status == 400 else 0)


async def test_a_lost_answer_leaves_the_record_made(caller: Caller) -> None:
    caller.books.troubles.append(Trouble(after_write=True, path="/bills"))
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.post("/bills", a_bill(caller))
    assert len(caller.held_out.rows["bills"]) == 1
    assert caller.books.calls[-1].status == 0
    assert await caller.post("/bills", a_bill(caller)) == (400, 13011)


async def test_trouble_before_a_write_leaves_nothing(caller: Caller) -> None:
    caller.books.troubles.append(Trouble(path="/bills"))
    assert await caller.post("/bills", a_bill(caller)) == (500, 1000)
    assert caller.held_out.rows["bills"] == []


# --- lists


async def test_pages_hold_at_most_200_and_say_whether_more_come(caller: Caller) -> None:
    rows = [row for row in caller.held_out.rows["contacts"] if row["contact_type"] == "vendor"]
    seen = []
    for page, more in ((1, True), (2, False), (3, False)):
        await caller.get("/contacts", contact_type="vendor", filter_by="Status.All", page=page, per_page=500)
        answer = caller.last.json()
        assert answer["page_context"] == {"page": page, "per_page": 200, "has_more_page": more}
        seen += answer["contacts"]
    assert seen == rows


async def test_inactive_rows_show_only_when_asked_for(caller: Caller) -> None:
    async def names(**query: str) -> set[str]:
        await caller.get("/contacts", contact_name="Linden Yarns", **query)
        return {row["contact_name"] for row in caller.last.json()["contacts"]}

    assert await names() == set()
    assert await names(filter_by="Status.Active") == set()
    assert await names(filter_by="Status.All") == await names(filter_by="Status.Inactive") == {"Linden Yarns"}


async def test_a_mistyped_filter_is_ignored_without_a_word(caller: Caller) -> None:
    await caller.get("/contacts", contact_typ="vendor", filter_by="Status.All", per_page=1000)
    everyone = caller.last.json()["contacts"]
    assert len(everyone) == 200
    await caller.get("/contacts", contact_type="customer")
    assert {row["contact_type"] for row in caller.last.json()["contacts"]} == {"customer"}


async def test_petty_cash_is_no_bank_account(caller: Caller) -> None:
    await caller.get("/bankaccounts", filter_by="Status.All")
    assert {row["account_name"] for row in caller.last.json()["bankaccounts"]} == {
        "Current Account",
        "Visa 4242",
    }


async def test_locations_are_off_until_switched_on(caller: Caller) -> None:
    assert await caller.get("/locations") == (400, 100)
    caller.held_out.has_locations = True
    assert await caller.get("/locations") == (200, 0)


async def test_a_page_for_people_shows_what_is_booked(caller: Caller) -> None:
    await caller.post("/bills", a_bill(caller, bill_number="<b>1</b>"), token=caller.token(ALL))
    page = await caller.http.get(f"{caller.server.origin}/app/60001")
    assert "Kestrel Taxis" in page.text
    assert "&lt;b&gt;1&lt;/b&gt;" in page.text
    assert (await caller.http.get(f"{caller.server.origin}/app/1")).status_code == 404


# --- tax amounts of their own


@pytest.mark.parametrize(("inclusive", "net", "total"), [(True, 110.5, 120.5), (False, 120.5, 130.5)])
async def test_a_bill_takes_an_amount_for_a_tax_of_its_lines(caller: Caller, inclusive, net, total) -> None:
    tax = caller.id_of("taxes", "Standard Rate")
    own = {"is_inclusive_tax": inclusive, "taxes": [{"tax_id": tax, "tax_amount": "10.00"}]}
    assert await caller.post("/bills", a_bill(caller, line={"tax_id": tax}, **own)) == (201, 0)
    made = caller.last.json()["bill"]
    assert (made["sub_total"], made["tax_total"], made["total"]) == (net, 10.0, total)


async def test_an_expense_takes_an_amount_for_its_tax(caller: Caller) -> None:
    tax = caller.id_of("taxes", "Standard Rate")
    own = {"tax_id": tax, "is_inclusive_tax": True, "taxes": [{"tax_id": tax, "tax_amount": 2.5}]}
    assert await caller.post("/expenses", an_expense(caller, **own)) == (201, 0)
    made = caller.last.json()["expense"]
    assert (made["sub_total"], made["tax_amount"], made["total"], made["amount"]) == (15.9, 2.5, 18.4, 18.4)


@pytest.mark.parametrize(
    ("taxes", "code"),
    [
        ([{"tax_id": "1", "tax_amount": "1"}], 1002),
        ([{"tax_amount": "1"}], 1002),
        ([{"tax_id": "standard", "tax_amount": 1}], 2),
        ([{"tax_id": "standard", "tax_amount": "some"}], 2),
        ([{"tax_id": "standard", "tax_amount": "-1"}], 2),
        ([{"tax_id": "standard", "tax_amount": "1", "rate": 20}], 15),
        ("1.00", 2),
    ],
)
async def test_what_is_no_amount_for_a_tax_of_the_lines_is_refused(caller: Caller, taxes, code: int) -> None:
    standard = caller.id_of("taxes", "Standard Rate")
    given = taxes if isinstance(taxes, str) else [
        {**one, **({"tax_id": standard} if one.get("tax_id") == "standard" else {})} for one in taxes
    ]  # fmt: skip
    refused = await caller.post("/bills", a_bill(caller, line={"tax_id": standard}, taxes=given))
    assert refused == (400, code)


@pytest.mark.parametrize(("path", "make"), [("/vendorcredits", a_vendor_credit), ("/invoices", an_invoice)])
async def test_other_records_take_no_tax_amounts(caller: Caller, path: str, make) -> None:
    assert await caller.post(path, make(caller, taxes=[])) == (400, 15)


@pytest.mark.parametrize(("rounding", "tax_total"), [("item_level", 0.21), ("entity_level", 0.2)])
@pytest.mark.parametrize(("name", "make"), [("bill", a_bill), ("invoice", an_invoice)])
async def test_tax_is_rounded_as_the_organisation_says(
    caller: Caller, rounding: str, tax_total: float, name: str, make
) -> None:
    """Once for each tax of a document, or line by line; the record tells which."""
    caller.held_out.tax_rounding = rounding
    body = make(caller, line={"tax_id": caller.id_of("taxes", "Standard Rate"), "rate": 0.33})
    body |= {"line_items": body["line_items"] * 3, "is_inclusive_tax": False}
    await caller.post(f"/{name}s", body)
    made = caller.last.json()[name]
    total = round(0.99 + tax_total, 2)
    assert (made["tax_total"], made["total"], made["tax_rounding"]) == (tax_total, total, rounding)
