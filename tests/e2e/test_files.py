"""Journeys of files: the look before an import, a file dropped in Slack, a supplier list."""

from __future__ import annotations

from tests import invoice_samples as samples
from tests.e2e.stage import KESTREL, NORTHWIND, OLD_MILL, Stage, export

SUPPLIERS = "Supplier Name,Category\r\nKestrel Taxis,493 - Travel\r\nNobody Ltd,999 - Nothing\r\n"


async def test_a_file_is_looked_at_before_it_comes_in(stage: Stage) -> None:
    """C28: preview, then commit; Cancel brings nothing in, Import everything, once."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    file = export(NORTHWIND, KESTREL, OLD_MILL.replace("12.00", "twelve"))
    for answer in ("Cancel", "Import"):
        await ada.runs("/dext import")
        await ada.uploads("File", file, "costs.csv")
        await ada.clicks("Import")
        await ada.sees("2 items would come in from costs.csv")
        await ada.sees("2 ready · 0 need attention · 0 already here · 1 refused")
        await ada.sees("Together £162.40")
        await ada.sees("3 Mar 2026 · Northwind Paper Ltd · NW-1001 · £144.00")
        await ben.does_not_see("would come in")
        await ada.clicks(answer, within="would come in")
        if answer == "Cancel":
            await ada.sees("Not imported: nothing of costs.csv came in.")
            await ada.no_longer_sees("would come in")
            await ben.does_not_see("costs.csv")
    await ben.sees("2 items from costs.csv, by @ada")
    await ada.clicks("Publish all")
    await ada.sees("2 published")
    assert [row["bill_number"] for row in stage.held_out.rows["bills"]] == ["NW-1001"]


async def test_an_e_invoice_dropped_in_slack_becomes_an_item(stage: Stage) -> None:
    """C28: in the direct message and in the business's channel; once; pictures there are nobody's concern."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.drops_file("#finance", "holiday.png", b"\x89PNG\r\n\x1a\n")
    await ada.drops_file("dm", "re.xml", samples.ubl())
    await ada.sees("Needs attention")
    await ada.sees("[Seller name]   €45.22")
    await ada.sees("Invoice R1234567 · 30 Jun 2016, due 14 Aug 2016")
    await ada.sees("1 item from re.xml: see #finance.")
    await ada.drops_file("#finance", "re.pdf", samples.pdf(("xrechnung.xml", samples.ubl())))
    await ada.sees("Nothing new in re.pdf: 1 already here.")
    await ada.does_not_see("holiday.png is")
    ada.goes_to("dm")
    await ada.drops_file("dm", "holiday.png", b"\x89PNG\r\n\x1a\n")
    await ada.sees("holiday.png is a picture.")


async def test_a_supplier_list_becomes_rules_when_an_admin_says_so(stage: Stage) -> None:
    """C7 C28: what cannot be mapped is said; the rule codes the next item."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    await stage.imports(ben, SUPPLIERS.encode(), "suppliers.csv", look=False)
    await ben.sees("Only an Admin can change supplier rules")
    await stage.imports(ada, SUPPLIERS.encode(), "suppliers.csv", look=False)
    await ada.sees("1 supplier rule would change from suppliers.csv")
    await ada.sees("Row 3: Nobody Ltd: category “999 - Nothing” is not in the chart of accounts")
    await ada.clicks("Import", within="would change")
    await ada.sees("1 supplier rule new and 0 changed by suppliers.csv")
    await stage.imports(ada, export(KESTREL.replace("493 - Travel", "")))
    await ada.sees("rule for Kestrel Taxis")
