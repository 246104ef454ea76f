"""Journeys of an item: edit, reject, new suppliers, failures, double clicks."""

from __future__ import annotations

import asyncio

from bot.sandbox.zoho_books.books import Trouble
from tests.e2e.stage import KESTREL, NORTHWIND, OLD_MILL, Stage, export

NO_CATEGORY = "9010,Invoice,12-Mar-2026,,CP-1,Acme Paper Ltd,,,,0.00,250.00,GBP"
PAID_WITHOUT_ACCOUNT = "9011,Receipt,12-Mar-2026,,,Kestrel Taxis,493 - Travel,,,0.00,9.10,GBP"
NASTY = '9012,Invoice,12-Mar-2026,,N-1,"<!channel> & <@U123> *Co*",485 - Subscriptions,,,0.00,1.00,GBP'


async def test_what_is_missing_is_named_and_edit_mends_it(stage: Stage) -> None:
    """S24: a manual value wins and says who set it; Publish is not offered before."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NO_CATEGORY))
    await ada.sees("Needs attention: no category")
    assert "Publish" not in ada.buttons()
    await ada.clicks("Edit", within="Acme Paper Ltd")
    await ada.sees_modal("Edit item")
    await ada.chooses("Category", "Office Supplies", typed="off")
    await ada.chooses("Tax", "Reduced Rate", typed="redu")
    await ada.clicks("Save")
    await ada.sees("changed by @ada")
    await ada.clicks("Publish", within="Acme Paper Ltd")
    await ada.sees("Published as bill CP-1")
    (bill,) = stage.held_out.rows["bills"]
    assert bill["line_items"][0]["tax_name"] == "Reduced Rate"
    assert bill["total"] == 250.0


async def test_clearing_a_manual_value_brings_the_document_back(stage: Stage) -> None:
    """S24: clearing a manual value brings what stood before back."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.chooses("Category", "Travel", typed="tra")
    await ada.fills("Total", "120.00")
    await ada.clicks("Save")
    await ada.sees("493 - Travel · changed by @ada")
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.clears("Category")
    await ada.clears("Total")
    await ada.clicks("Save")
    await ada.sees("429 - Office Supplies · document")
    await ada.sees("£144.00")


async def test_an_item_is_split_into_lines_and_each_is_coded_by_itself(stage: Stage) -> None:
    """C22 S1: the form offers what is missing; the bill has the lines as they were set, one project too."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.clicks("Split into lines")
    await ada.sees_modal("Edit lines")
    await ada.sees("the total is booked as one")
    await ada.clicks("Add a line")
    await ada.fills("Description", "Copier paper")
    await ada.fills("Amount", "sixty")
    await ada.clicks("Save")
    await ada.sees("“sixty” is not an amount")
    await ada.fills("Amount", "60.00")
    await ada.chooses("Tax", "Standard Rate", typed="stand")
    await ada.clicks("Save")
    await ada.sees("£60.00 less than the total")
    await ada.clicks("Add a line")
    await ada.fills("Amount", "60.00")
    await ada.chooses("Category", "Travel", typed="tra")
    await ada.chooses("Tax", "Standard Rate", typed="stand")
    await ada.clicks("Save")
    await ada.sees("2 lines and their tax come to the total, £144.00")
    await ada.sees("493 - Travel · changed by @ada")
    await ada.closes(everything=True)
    await ada.sees("by line")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    (bill,) = stage.held_out.rows["bills"]
    assert [(line.get("description", ""), line["item_total"]) for line in bill["line_items"]] == [
        ("Copier paper", 60.0),
        ("", 60.0),
    ]
    assert len({line["account_id"] for line in bill["line_items"]}) == 2
    assert bill["total"] == 144.0


async def test_wrong_values_are_refused_under_their_fields(stage: Stage) -> None:
    """Bad input: a total that is no number, a due date before the date."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.fills("Total", "a lot")
    await ada.clicks("Save")
    await ada.sees("“a lot” is not an amount")
    await ada.fills("Total", "144.00")
    await ada.fills("Due date", "2026-01-01")
    await ada.clicks("Save")
    await ada.sees("the due date is before the date")


async def test_an_unknown_supplier_stops_at_the_question_and_is_created_once(stage: Stage) -> None:
    """S20 S21: no contact until chosen; then exactly one, and the item is published."""
    ada = stage.person("ada")
    await stage.connects(ada)
    before = len(stage.held_out.rows["contacts"])
    await stage.imports(ada, export(OLD_MILL))
    await ada.clicks("Publish", within="Old Mill Hosting")
    await ada.sees_modal("New supplier")
    await ada.sees("Old Mill Hosting is not in Zoho Books yet")
    assert len(stage.held_out.rows["contacts"]) == before
    await ada.clicks("Create supplier and publish")
    await ada.closes(everything=True)
    await ada.sees("Published as bill OM-7")
    assert [row["contact_name"] for row in stage.held_out.rows["contacts"][before:]] == ["Old Mill Hosting"]


async def test_an_existing_supplier_can_be_used_instead(stage: Stage) -> None:
    """S21: the closest names first, with the reason."""
    ada = stage.person("ada")
    await stage.connects(ada)
    row = OLD_MILL.replace("Old Mill Hosting", "Brand New Supplies Co")
    await stage.imports(ada, export(row))
    await ada.clicks("Publish", within="Brand New Supplies Co")
    await ada.sees_modal("New supplier")
    await ada.sees("% alike")
    await ada.chooses("Use an existing one", "Brand & New Supplies Co.")
    await ada.clicks("Use the chosen one")
    await ada.closes(everything=True)
    await ada.sees("Published as bill OM-7")
    assert stage.held_out.rows["bills"][0]["vendor_name"] == "Brand & New Supplies Co."


async def test_with_the_warning_off_the_supplier_is_created_without_a_question(stage: Stage) -> None:
    """S20 S21: off, the contact is created once, for both items that need it."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.unticks("Warn me when a new supplier will be created in Zoho Books")
    await ada.clicks("Save")
    await ada.sees("Settings saved")
    before = len(stage.held_out.rows["contacts"])
    second = OLD_MILL.replace("9003", "9004").replace("OM-7", "OM-8")
    await stage.imports(ada, export(OLD_MILL, second))
    await ada.clicks("Publish all")
    await ada.sees("2 published")
    assert {row["bill_number"] for row in stage.held_out.rows["bills"]} == {"OM-7", "OM-8"}
    assert len(stage.held_out.rows["contacts"]) == before + 1


async def test_a_differently_written_supplier_is_known(stage: Stage) -> None:
    """S21: case and legal form do not make a new supplier."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND.replace("Northwind Paper Ltd", "NORTHWIND PAPER LIMITED")))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")


async def test_a_paid_cost_without_an_account_asks_for_it(stage: Stage) -> None:
    """S1: an expense needs the account it was paid from."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(PAID_WITHOUT_ACCOUNT))
    await ada.sees("no payment account")
    await ada.clicks("Edit", within="Kestrel Taxis")
    await ada.chooses("Payment account", "Petty Cash", typed="pet")
    await ada.clicks("Save")
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")
    assert stage.held_out.rows["expenses"][0]["paid_through_account_name"] == "Petty Cash"


async def test_reject_and_put_back(stage: Stage) -> None:
    """An item can leave the inbox and come back; a member cannot do it."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Northwind Paper Ltd")
    await ben.clicks("Reject", within="Northwind Paper Ltd")
    await ben.sees("Only an Approver can reject items")
    await ada.clicks("Reject", within="Northwind Paper Ltd")
    await ada.sees("Rejected by @ada")
    await ada.clicks("Put back")
    await ada.sees("Ready")


async def test_two_people_at_one_button_make_one_bill(stage: Stage) -> None:
    """C3: whoever comes second hears who was first."""
    ada, tom = stage.person("ada"), stage.person("tom")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Northwind Paper Ltd")
    await tom.sees("Northwind Paper Ltd")
    clicks = (one.clicks("Publish", within="Northwind Paper Ltd") for one in (ada, tom))
    await asyncio.gather(*clicks, return_exceptions=True)
    await ada.sees("Published as bill NW-1001")
    assert len(stage.held_out.rows["bills"]) == 1


async def test_a_refusal_names_its_reason_and_retry_succeeds_when_it_is_gone(stage: Stage) -> None:
    """S3 C16: found before it is sent, with the record that has it; the message goes away with a success."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    await stage.imports(ada, export(NORTHWIND.replace("9001", "9101")), "again.csv")
    await ada.clicks("Duplicate?", within="again.csv")
    await ada.clicks("Different: keep both")
    await ada.closes(everything=True)
    await ada.clicks("Publish", within="again.csv")
    await ada.sees("Publishing failed")
    await ada.sees("has already been used for this supplier")
    (bill,) = stage.held_out.rows["bills"]
    assert str(await ada.clicks("Look at that record", within="again.csv")).endswith(
        f"/bills/{bill['bill_id']}"
    )
    await ada.clicks("Edit", within="again.csv")
    await ada.fills("Document number", "NW-1001-B")
    await ada.clicks("Save")
    await ada.clicks("Publish", within="again.csv")
    await ada.sees("Published as bill NW-1001-B")
    await ada.no_longer_sees("Publishing failed")


async def test_an_answer_that_was_lost_after_zoho_wrote_makes_no_second_bill(stage: Stage) -> None:
    """C3: looked up by our reference before anything is sent again."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    stage.books.troubles.append(Trouble(path="/bills", after_write=True))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    assert len(stage.held_out.rows["bills"]) == 1


async def test_a_busy_zoho_is_waited_for(stage: Stage) -> None:
    """S47: too many calls at once, then it goes on."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(KESTREL))
    busy = Trouble(status=429, code=1070, message="too many concurrent requests", path="/expenses")
    stage.books.troubles.append(busy)
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")
    assert len(stage.held_out.rows["expenses"]) == 1


async def test_a_supplier_called_channel_notifies_nobody(stage: Stage) -> None:
    """C31: text from outside is escaped wherever it is shown."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NASTY))
    await ada.sees("<!channel>")
    await ada.clicks("Publish", within="<!channel>")
    await ada.sees_modal("New supplier")
    assert {ping.whom for ping in stage.workspace.pings} <= {stage.workspace.person("ada").id}
