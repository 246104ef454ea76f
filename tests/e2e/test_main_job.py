"""The main job: connect, refresh, import, publish, find the bill in Zoho Books."""

from __future__ import annotations

from tests.e2e.stage import KESTREL, NORTHWIND, Stage, export


async def test_a_bookkeeper_connects_imports_publishes_and_finds_the_bill(stage: Stage) -> None:
    """S6 S9 S10 S11 S12 S13 S14 S15 S46 S47: from nothing to one bill in the books."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.sees("Connected to Held Out Ltd")

    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")

    (bill,) = stage.held_out.rows["bills"]
    assert bill["vendor_name"] == "Northwind Paper Ltd"
    assert (bill["bill_number"], bill["date"], bill["due_date"]) == ("NW-1001", "2026-03-03", "2026-04-02")
    assert (bill["total"], bill["line_items"][0]["account_name"]) == (144.0, "Office Supplies")


async def test_a_paid_cost_becomes_an_expense_paid_from_its_account(stage: Stage) -> None:
    """S23: a default tax applies to an item without one."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Save")
    await ada.sees("Default tax for costs: Standard Rate 20%")

    await stage.imports(ada, export(KESTREL))
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")

    (expense,) = stage.held_out.rows["expenses"]
    assert (expense["vendor_name"], expense["paid_through_account_name"]) == (
        "Kestrel Taxis",
        "Current Account",
    )
    assert (expense["total"], expense["tax_name"]) == (18.4, "Standard Rate")
