"""Whatever is sent, the simulated Zoho Books refuses it in words; it never breaks and never books half."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.sandbox_zoho.conftest import ALL, Caller, a_bill, an_expense


@pytest.mark.parametrize("line", [None, 7, "line", [], True])
async def test_a_line_that_is_no_object_is_refused(caller: Caller, line: object) -> None:
    assert await caller.post("/bills", a_bill(caller) | {"line_items": [line]}) == (400, 2)
    assert caller.held_out.rows["bills"] == []


@pytest.mark.parametrize(
    "number", [b"NaN", b"Infinity", b"-Infinity", b"1e400", b"1e30", b'"1"', b"true", b"[]"]
)
@pytest.mark.parametrize("path", ["/bills", "/expenses"])
async def test_an_amount_that_is_no_plain_number_books_nothing(
    caller: Caller, path: str, number: bytes
) -> None:
    """JSON readers take NaN and Infinity, though JSON has neither."""
    body = f'"line_items": [{{"account_id": "{caller.id_of("accounts", "Travel")}", "rate": '
    bill = (
        f'{{"vendor_id": "{caller.id_of("contacts", "Kestrel Taxis")}", "bill_number": "1", {body}'.encode()
        + number
        + b"}]}"
    )
    expense = (
        f'{{"account_id": "{caller.id_of("accounts", "Travel")}", "date": "2026-03-03",'
        f'"paid_through_account_id": "{caller.id_of("accounts", "Petty Cash")}", "amount": '.encode()
        + number
        + b"}"
    )
    assert await caller.post(path, bill if path == "/bills" else expense) == (400, 2)
    assert caller.held_out.rows["bills"] == caller.held_out.rows["expenses"] == []


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("/bills", {"exchange_rate": "0.85"}),
        ("/bills", {"exchange_rate": 0}),
        ("/bills", {"is_inclusive_tax": "false"}),
        ("/bills", {"bill_number": 7}),
        ("/expenses", {"exchange_rate": "0.85"}),
        ("/expenses", {"is_inclusive_tax": "false"}),
        ("/expenses", {"description": 7}),
    ],
)
async def test_a_field_of_the_wrong_kind_is_refused(
    caller: Caller, path: str, changes: dict[str, Any]
) -> None:
    body = a_bill(caller) if path == "/bills" else an_expense(caller)
    foreign = {"currency_id": caller.id_of("currencies", "EUR")}
    assert await caller.post(path, body | foreign | changes) == (400, 2)
    assert caller.held_out.rows["bills"] == caller.held_out.rows["expenses"] == []


async def test_a_contacts_kind_is_customer_or_vendor(caller: Caller) -> None:
    body = {"contact_name": "Old Mill Hosting", "contact_type": "supplier"}
    assert await caller.post("/contacts", body) == (400, 2)


@pytest.mark.parametrize(
    ("rate", "total"), [(0.335, 0.34), (0.334, 0.33), (33.333, 33.33), (1234567.891, 1234567.89)]
)
async def test_a_total_has_whole_pennies(caller: Caller, rate: float, total: float) -> None:
    await caller.post("/bills", a_bill(caller, line={"rate": rate}))
    made = caller.last.json()["bill"]
    assert (made["total"], made["balance"], made["line_items"][0]["item_total"]) == (total, total, total)


@pytest.mark.parametrize(
    "query", [{"page": "two"}, {"page": 0}, {"page": -1}, {"per_page": 0}, {"per_page": "x"}, {"page": ""}]
)
async def test_a_page_that_cannot_be_is_refused(caller: Caller, query: dict[str, Any]) -> None:
    assert await caller.get("/contacts", **query) == (400, 2)


@pytest.mark.parametrize("path", ["/supplier", "/bills/1/2/3", "/vendorcredit", "/"])
async def test_a_path_that_does_not_exist_is_code_5_and_written_down(caller: Caller, path: str) -> None:
    assert await caller.get(path) == (404, 5)
    assert await caller.post(path, {}) == (404, 5)
    assert [(call.method, call.path, call.status) for call in caller.books.calls] == [
        ("GET", path, 404),
        ("POST", path, 404),
    ]


async def test_a_method_that_a_path_does_not_have_is_written_down_too(caller: Caller) -> None:
    answer = await caller.http.delete(
        f"{caller.server.origin}/books/v3/bills/1",
        params={"organization_id": "60001"},
        headers={"Authorization": f"Zoho-oauthtoken {caller.token(ALL)}"},
    )
    assert (answer.status_code, answer.json()["code"]) == (404, 5)
    assert [(call.method, call.path) for call in caller.books.calls] == [("DELETE", "/bills/1")]


async def test_trouble_that_makes_no_sense_is_refused(caller: Caller) -> None:
    orders: tuple[Any, ...] = ({"made_up": 1}, [], "x")
    for order in orders:
        answer = await caller.http.post(f"{caller.server.origin}/sandbox/trouble", json=order)
        assert answer.status_code == 400
    assert caller.books.troubles == []
