"""Journeys of the other kinds: a cost's credit note, a sale with a customer nobody knows."""

from __future__ import annotations

import json

from tests.e2e.stage import Stage, export

CREDIT = "9020,Credit Note,12-Mar-2026,,NWC-1,Northwind Paper Ltd,429 - Office Supplies,,,4.00,24.00,GBP"
SALE = "9021,Sales Invoice,12-Mar-2026,11-Apr-2026,HB-1,Weir Gallery,200 - Sales,,,20.00,120.00,GBP"


async def test_a_costs_credit_note_becomes_a_vendor_credit(stage: Stage) -> None:
    """C20 C30: shown before it is sent, and then there as it was shown."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(CREDIT))
    await ada.sees("Publish as Vendor credit")
    printed = json.loads(await stage.runs_on_a_terminal("publish", "--dry-run"))
    assert [one["call"] for one in printed] == ["POST /vendorcredits"]
    assert stage.held_out.rows["vendorcredits"] == []
    await ada.picks("⋯", "Show the record")
    await ada.sees_modal("The record")
    await ada.sees("Vendor credit number NWC-1")
    await ada.sees("Why these values")
    await ada.closes(everything=True)
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as vendor credit NWC-1")
    (credit,) = stage.held_out.rows["vendorcredits"]
    assert (credit["total"], credit["vendor_name"], stage.held_out.rows["bills"]) == (
        24.0, "Northwind Paper Ltd", []
    )  # fmt: skip
    body = printed[0]["body"]
    assert (body["vendor_credit_number"], body["line_items"][0]["rate"]) == ("NWC-1", 24.0)


async def test_a_sale_to_an_unknown_customer_asks_and_becomes_an_invoice(stage: Stage) -> None:
    """S21: on the sale side: a customer is made, not a supplier."""
    ada = stage.person("ada")
    await stage.connects(ada)
    before = len(stage.held_out.rows["contacts"])
    await stage.imports(ada, export(SALE))
    await ada.sees("Publish as Invoice")
    await ada.clicks("Publish", within="Weir Gallery")
    await ada.sees_modal("New customer")
    await ada.sees("Weir Gallery is not in Zoho Books yet")
    assert len(stage.held_out.rows["contacts"]) == before
    await ada.clicks("Create customer and publish")
    await ada.closes(everything=True)
    await ada.sees("Published as draft invoice HB-1")
    (made,) = stage.held_out.rows["contacts"][before:]
    assert (made["contact_name"], made["contact_type"]) == ("Weir Gallery", "customer")
    (invoice,) = stage.held_out.rows["invoices"]
    assert (invoice["customer_name"], invoice["total"], invoice["status"]) == ("Weir Gallery", 120.0, "draft")
    assert invoice["line_items"][0]["account_name"] == "Sales"
