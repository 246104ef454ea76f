"""Journeys of rules: customers', conflicts and their buttons, all of them as a file, what a change did."""

from __future__ import annotations

from tests.e2e.stage import NORTHWIND, Stage, export

SALE = "9010,Sales invoice,05-Mar-2026,,HO-1,,,,,0.00,50.00,GBP"
SECOND = NORTHWIND.replace("9001", "9101").replace("NW-1001", "NW-7").replace("144.00", "96.00")


async def test_a_change_is_told_under_each_card_that_it_changed(stage: Stage) -> None:
    """C7 C12 S18: made a rule of, also where a hand had set something else; in the thread and on the card."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND), "first.csv")
    await stage.imports(ada, export(SECOND), "second.csv")
    await ada.clicks("Edit", within="second.csv")
    await ada.chooses("Category", "Travel", typed="trav")
    await ada.clicks("Save")
    await ada.sees("493 - Travel · changed by @ada")

    await ada.clicks("Edit", within="first.csv")
    await ada.chooses("Category", "Printing", typed="print")
    await ada.ticks("Use this category and tax for all items of the supplier")
    await ada.ticks("Also on its waiting items where they were set by hand")
    await ada.clicks("Save")
    await ada.sees(
        "changed this item: category: 493 - Travel → 461 - Printing (rule for Northwind Paper Ltd)"
    )
    await ada.sees("461 - Printing · rule for Northwind Paper Ltd")
    told = [one.text for one in stage.workspace.history if "changed this item" in one.text]
    assert len(told) == 1
    await ada.runs("/dext log rule for")
    await ada.sees("changed Northwind Paper Ltd NW-7: category: 493 - Travel → 461 - Printing")
    await ada.closes(everything=True)


async def test_rules_go_out_as_a_file_and_conflicts_are_mended(stage: Stage) -> None:
    """C7 S41: a customer's rule with its currency, an account that is archived, the table there and back."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext rules")
    await ada.clicks("Add a customer rule")
    await ada.sees_modal("Customer rule")
    await ada.chooses("Customer", "Harbour Books", typed="harb")
    await ada.chooses("Category", "Sales", typed="sales")
    await ada.chooses("Currency", "EUR", typed="eur")
    await ada.clicks("Save")
    await ada.sees("Rule saved for Harbour Books")
    await ada.runs("/dext rules")
    await ada.clicks("Add a rule")
    await ada.chooses("Supplier", "Northwind Paper Ltd", typed="north")
    await ada.chooses("Category", "Printing", typed="print")
    await ada.fills("Due after days", "14")
    await ada.clicks("Save")
    await ada.sees("Rule saved for Northwind Paper Ltd")

    await ada.runs("/dext rules")
    await ada.clicks("Export CSV")
    await ada.sees("2 rules. /dext import reads the file back")
    content = next(file.content for file in stage.workspace.files.values() if file.name == "dext-rules.csv")
    assert b"Harbour Books,Customer" in content
    printed = await stage.runs_on_a_terminal("rules", "--csv")
    assert printed.splitlines() == content.decode("utf-8-sig").splitlines()
    await ada.closes(everything=True)

    for account in stage.held_out.rows["accounts"]:
        if account["account_name"] == "Printing":
            account["is_active"] = False
    await ada.runs("/dext refresh")
    await ada.clicks("Refresh")
    await ada.sees("is inactive in Zoho Books now")
    await ada.runs("/dext rules")
    await ada.clicks("Show 1 conflict")
    await ada.sees_modal("Rule conflicts")
    await ada.sees("its category “461 - Printing” is inactive in Zoho Books")
    await ada.clicks("Take its category out")
    await ada.sees("No rule is in conflict")
    await ada.closes(everything=True)
    await stage.imports(ada, content, "dext-rules.csv", look=False)
    await ada.sees("Nothing new in dext-rules.csv: 2 supplier rules already so.")
    await ada.sees("Northwind Paper Ltd: category “461 - Printing” is no longer active")
