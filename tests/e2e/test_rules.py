"""Journeys of the coding's layers: manual > rule > document > default."""

from __future__ import annotations

from tests.e2e.stage import NORTHWIND, Stage, export

WITHOUT_CODING = (
    NORTHWIND.replace("429 - Office Supplies", "").replace("9001", "9050").replace("NW-1001", "NW-2")
)


async def test_manual_wins_over_rule_wins_over_default_and_clearing_brings_the_rule_back(
    stage: Stage,
) -> None:
    """S23 S24: each layer in turn, and the reply says which one set the value."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Save")
    await ada.sees("Settings saved")
    await stage.imports(ada, export(WITHOUT_CODING))
    await ada.sees("Standard Rate 20% (£24.00) · default")

    await ada.runs("/dext rules")
    await ada.sees("No rules yet")
    await ada.clicks("Add a rule")
    await ada.sees_modal("Supplier rule")
    await ada.chooses("Supplier", "Northwind Paper Ltd", typed="north")
    await ada.chooses("Category", "Printing", typed="print")
    await ada.chooses("Tax", "Reduced Rate 5%", typed="red")
    await ada.clicks("Save")
    await ada.sees("Rule saved for Northwind Paper Ltd")
    await ada.runs("/dext items")
    await ada.sees("Reduced Rate 5%")
    await ada.sees("rule for Northwind Paper Ltd")

    await ada.clicks("Edit", nth=0)
    await ada.sees_modal("Edit item")
    await ada.chooses("Tax", "Zero Rated", typed="zero")
    await ada.clicks("Save")
    await ada.closes(everything=True)
    await ada.sees("Zero Rated 0% (£24.00) · changed by @ada")

    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.clears("Tax")
    await ada.clicks("Save")
    await ada.sees("Reduced Rate 5%")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-2")
    (bill,) = stage.held_out.rows["bills"]
    assert bill["line_items"][0]["tax_name"] == "Reduced Rate"
    assert bill["line_items"][0]["account_name"] == "Printing"


async def test_a_supplier_is_switched_to_auto_publish_and_one_item_is_kept_back(stage: Stage) -> None:
    """S25 S26 C7 C32: from an item's own coding to the rule, its warning, the hold and **Undo**."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.chooses("Category", "Printing", typed="print")
    await ada.chooses("Tax", "Standard Rate 20%", typed="stand")
    await ada.ticks("Use this category and tax for all items of the supplier")
    await ada.clicks("Save")
    await ada.sees("461 - Printing · changed by @ada")

    await ada.runs("/dext rules")
    await ada.sees("category 461 - Printing")
    await ada.clicks("Edit", within="category 461 - Printing")
    await ada.ticks("Publish its items by themselves from now on")
    await ada.fills("Limit", "500")
    await ada.clicks("Save")
    await ada.sees("Rule saved for Northwind Paper Ltd")

    await stage.imports(ada, export(NORTHWIND.replace("9001", "9101").replace("NW-1001", "NW-77")))
    await ada.sees("Published by itself at")
    await ada.sees("rule for Northwind Paper Ltd, set by @ada")
    await ada.clicks("Undo")
    await ada.no_longer_sees("Published by itself at")
    await ada.clicks("Publish", within="NW-77")
    await ada.sees("Published as bill NW-77 by @ada")


async def test_what_was_published_alike_three_times_may_go_by_itself(stage: Stage) -> None:
    """S26: suggested privately, with a limit and the hold; the answer stands in place of the question."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Save")
    await ada.sees("Settings saved")
    for number in range(3):
        one = NORTHWIND.replace("9001", f"920{number}").replace("NW-1001", f"NW-8{number}")
        await stage.imports(ada, export(one))
        await ada.clicks("Publish", within=f"NW-8{number}")
        await ada.sees(f"Published as bill NW-8{number} by @ada")
    await ada.sees("The last 3 items of Northwind Paper Ltd were published with the same category and tax")
    await ada.clicks("Publish them by themselves")
    await ada.sees_modal("Auto-publish")
    await ada.fills("Limit", "500")
    await ada.clicks("Switch on")
    await ada.sees(
        "Items of Northwind Paper Ltd up to 500 that arrive from now on are published by themselves"
    )
    await ada.no_longer_sees("The last 3 items of Northwind Paper Ltd")
    await stage.imports(ada, export(NORTHWIND.replace("9001", "9301").replace("NW-1001", "NW-93")))
    await ada.sees("Published by itself at")
    await ada.sees("rule for Northwind Paper Ltd, set by @ada")
