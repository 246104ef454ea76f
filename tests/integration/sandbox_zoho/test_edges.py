"""The edges of the simulated Zoho Books' rules: the last moment that is allowed, the first that is not."""

from __future__ import annotations

import pytest

from bot.sandbox.zoho_books.books import Token
from tests.integration.sandbox_zoho.conftest import ADA, ALL, Caller, a_bill

TOM = "tom@held-out.example"


async def test_a_bill_may_be_due_on_its_own_day(caller: Caller) -> None:
    assert await caller.post("/bills", a_bill(caller, due_date="2026-03-03")) == (201, 0)


async def test_an_inactive_tax_cannot_be_used_and_is_not_listed(caller: Caller) -> None:
    tax_id = caller.id_of("taxes", "Reduced Rate")
    assert await caller.post("/bills", a_bill(caller, line={"tax_id": tax_id})) == (201, 0)
    tax = caller.held_out.find("taxes", "tax_id", tax_id)
    assert tax is not None
    tax["is_active"] = False
    refused = a_bill(caller, line={"tax_id": tax_id}, bill_number="INV-002")
    assert await caller.post("/bills", refused) == (400, 1002)
    await caller.get("/settings/taxes")
    assert "Reduced Rate" not in {row["tax_name"] for row in caller.last.json()["taxes"]}


async def test_a_cost_is_passed_on_to_a_customer_not_to_a_supplier(caller: Caller) -> None:
    supplier = {"customer_id": caller.id_of("contacts", "Acme Paper Ltd")}
    assert await caller.post("/bills", a_bill(caller, line=supplier)) == (400, 1002)
    customer = {"customer_id": caller.id_of("contacts", "Harbour Books")}
    assert await caller.post("/bills", a_bill(caller, line=customer)) == (201, 0)


@pytest.mark.parametrize(("adjustment", "total"), [(0.01, 120.51), (-0.5, 120.0), (0.004, 120.5)])
async def test_an_adjustment_is_in_the_total_in_whole_pennies(
    caller: Caller, adjustment: float, total: float
) -> None:
    await caller.post("/bills", a_bill(caller, adjustment=adjustment))
    made = caller.last.json()["bill"]
    assert (made["total"], made["balance"]) == (total, total)
    assert made["adjustment"] == round(adjustment, 2)


async def test_a_code_serves_up_to_its_last_second(caller: Caller) -> None:
    back = await caller.consents()
    caller.now += 119
    assert "access_token" in await caller.asks_token(code=back["code"])


async def test_the_block_on_renewals_lasts_the_ten_minutes(caller: Caller) -> None:
    caller.books.refresh_tokens["r"] = Token(ADA, [ALL], "c")
    for _ in range(10):
        assert "access_token" in await caller.asks_token(refresh_token="r")
    caller.now += 599
    assert (await caller.asks_token(refresh_token="r"))["error"] == "Access Denied"


async def test_one_persons_sign_ins_touch_no_one_elses(caller: Caller) -> None:
    """Neither the limit of twenty, nor whether consent was given before, nor its withdrawal."""
    caller.books.refresh_tokens["of tom"] = Token(TOM, [ALL], "c")
    first = await caller.consents(prompt="")
    assert "refresh_token" in await caller.asks_token(code=first["code"])
    for _ in range(20):
        await caller.asks_token(code=(await caller.consents())["code"])
    assert len(caller.books.refresh_tokens) == 21
    assert "access_token" in await caller.asks_token(refresh_token="of tom")
    caller.books.withdraw_consent(ADA)
    assert list(caller.books.refresh_tokens) == ["of tom"]
    assert "access_token" in await caller.asks_token(refresh_token="of tom")
