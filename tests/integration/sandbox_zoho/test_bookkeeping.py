"""A bookkeeper's hands in the simulated Zoho Books: what can be done to a record as it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.sandbox.visitor import NotOnThePage, Visitor
from tests.integration.sandbox_zoho.conftest import Caller, a_bill, an_invoice


class Watch:
    """The time of the books; moved by hand."""

    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
async def visitor(caller: Caller) -> AsyncIterator[Visitor]:
    async with Visitor() as visitor:
        yield visitor


async def opened(caller: Caller, visitor: Visitor, path: str = "bills") -> str:
    """The page of a new bill or invoice; its id."""
    name, body = ("bill", a_bill(caller)) if path == "bills" else ("invoice", an_invoice(caller))
    await caller.post(f"/{path}", body)
    record = str(caller.last.json()[name][f"{name}_id"])
    await visitor.opens(f"{caller.server.origin}/app/60001/{path}/{record}")
    return record


async def changed_since(caller: Caller, since: str, path: str = "bills") -> int:
    await caller.get(f"/{path}", last_modified_time=since)
    return len(caller.last.json()[path])


async def test_a_bill_is_entered_by_hand_with_all_that_a_bill_must_have(
    caller: Caller, visitor: Visitor
) -> None:
    await visitor.opens(f"{caller.server.origin}/app/60001/bills")
    form = {"supplier": "kestrel taxis", "number": "K-1", "date": "2026-03-03", "total": "1,120.50"}
    for wrong, says in (
        ({"supplier": "Nobody"}, "There is no supplier of that name"),
        ({"total": "much"}, "Write the total as 120.50"),
        ({"number": " "}, "bill_number"),
    ):
        assert says in await visitor.presses("Enter the bill", **form | wrong)
    assert "Entered: bill K-1 of Kestrel Taxis." in await visitor.presses("Enter the bill", **form)
    (made,) = caller.held_out.rows["bills"]
    assert (made["total"], made["status"], made["reference_number"]) == (1120.5, "open", "")
    await visitor.opens(f"{caller.server.origin}/app/60001/bills")
    assert "already been used" in await visitor.presses("Enter the bill", **form)


async def test_every_act_moves_the_time_that_lists_are_filtered_by(caller: Caller, visitor: Visitor) -> None:
    record = await opened(caller, visitor)
    watch = Watch(caller.books.clock())
    caller.books.clock = watch
    row = caller.held_out.rows["bills"][0]
    acts: list[tuple[str, dict[str, str]]] = [
        ("Save", {"number": "INV-9", "date": "2026-03-04", "total": "130"}),
        ("Submit for approval", {}),
        ("Approve", {}),
        ("Record payment", {"amount": "30"}),
        ("Record payment", {"amount": "100"}),
    ]
    for act, fields in acts:
        since = caller.books.now
        watch.now += 60
        await visitor.presses(act, **fields)
        assert row["last_modified_time"] == caller.books.now
        assert await changed_since(caller, since) == 1, act
        assert await changed_since(caller, caller.books.now) == 0, act
    assert (row["bill_number"], row["total"], row["balance"], row["status"]) == ("INV-9", 130.0, 0.0, "paid")
    await caller.get(f"/bills/{record}")
    assert caller.last.json()["bill"]["total"] == 130.0
    with pytest.raises(NotOnThePage):
        await visitor.presses("Record payment")


async def test_what_the_real_one_refuses_is_refused_by_hand_too(caller: Caller, visitor: Visitor) -> None:
    await opened(caller, visitor)
    assert "more than the balance" in await visitor.presses("Record payment", amount="1000")
    await visitor.presses("Record payment", amount="20")
    assert "payments are associated" in await visitor.presses("Make void")
    assert "payments are associated" in await visitor.presses("Delete")
    fields = {"number": "INV-9", "date": "2026-03-04", "total": "10"}
    assert "cannot be less than what is paid" in await visitor.presses("Save", **fields)
    caller.held_out.lock_date = "2026-12-31"
    assert "are locked" in await visitor.presses("Save", **fields | {"total": "200"})
    assert caller.held_out.rows["bills"][0]["total"] == 120.5


async def test_a_record_is_void_then_gone(caller: Caller, visitor: Visitor) -> None:
    await opened(caller, visitor)
    assert "Void" in await visitor.presses("Make void")
    with pytest.raises(NotOnThePage):
        await visitor.presses("Save")
    assert "has been deleted" in await visitor.presses("Delete")
    assert caller.held_out.rows["bills"] == []


async def test_a_rejected_bill_may_be_submitted_again(caller: Caller, visitor: Visitor) -> None:
    await opened(caller, visitor)
    for act, status in (
        ("Submit for approval", "pending_approval"),
        ("Reject", "rejected"),
        ("Submit for approval", "pending_approval"),
        ("Approve", "open"),
    ):
        await visitor.presses(act)
        assert caller.held_out.rows["bills"][0]["status"] == status


async def test_an_invoice_is_sent_and_paid(caller: Caller, visitor: Visitor) -> None:
    await opened(caller, visitor, "invoices")
    with pytest.raises(NotOnThePage):
        await visitor.presses("Record payment")
    await visitor.presses("Mark as sent")
    await visitor.presses("Record payment", amount="1")
    row = caller.held_out.rows["invoices"][0]
    assert row["status"] == "partially_paid"
    await visitor.presses("Record payment")
    assert row["status"] == "paid"


async def test_expenses_are_not_filtered_by_time(caller: Caller) -> None:
    """ZOHO_BOOKS 3.3: the filter is ignored without a word."""
    now = caller.books.now
    row = {"expense_id": "1", "total": 1.0, "last_modified_time": "2020-01-01T00:00:00+0000"}
    caller.held_out.rows["expenses"].append(row)
    assert await changed_since(caller, now, "expenses") == 1
