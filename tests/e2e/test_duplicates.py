"""Journeys of what may be a duplicate, and of a supplier's name that is remembered."""

from __future__ import annotations

from tests.e2e.stage import NORTHWIND, OLD_MILL, Stage, export

AGAIN = NORTHWIND.replace("9001", "9101").replace("NW-1001", "NW 1001")
"""The same invoice by another id, its number written otherwise."""


async def test_a_duplicate_is_compared_kept_as_different_and_published(stage: Stage) -> None:
    """C4 C5 C6: not published before somebody answers; the answer is logged and can be taken back."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")

    await stage.imports(ada, export(AGAIN), "again.csv")
    await ada.sees("Needs attention: may be a duplicate of Northwind Paper Ltd NW-1001, published")
    assert "Publish" not in ada.buttons()
    await ben.clicks("Duplicate?", within="again.csv")
    await ben.sees_modal("Duplicate?")
    await ben.sees("Published as bill NW-1001 by @ada")
    await ben.clicks("Different: keep both")
    await ben.sees("Only an Approver can settle duplicates")

    await ada.clicks("Duplicate?", within="again.csv")
    await ada.clicks("Different: keep both")
    await ada.sees("Both are kept")
    await ada.clicks("Ask again")
    await ada.sees("the number is written otherwise")
    await ada.clicks("Different: keep both")
    await ada.sees("Both are kept")
    await ada.closes(everything=True)
    await ada.sees("Not a duplicate of Northwind Paper Ltd NW-1001, says @ada")
    await ada.clicks("Publish", within="again.csv")
    await ada.sees("Published as bill NW 1001")
    assert [row["bill_number"] for row in stage.held_out.rows["bills"]] == ["NW-1001", "NW 1001"]


async def test_the_same_is_rejected_and_put_back_asked_again(stage: Stage) -> None:
    """C6: in the list as on the card; nothing is deleted, nothing is published twice."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Northwind Paper Ltd")
    await stage.imports(ada, export(AGAIN), "again.csv")
    await ada.sees("in the inbox since")
    await ada.runs("/dext items needs attention")
    await ada.clicks("Duplicate?")
    await ada.sees("Replace the other")
    await ada.clicks("Same: reject this one")
    await ada.sees("Rejected: it is the same as Northwind Paper Ltd NW-1001")
    await ada.closes(everything=True)
    await ada.sees("The same as Northwind Paper Ltd NW-1001, says @ada")
    await ada.clicks("Publish", within="costs.csv")
    await ada.sees("Published as bill NW-1001")
    await ada.clicks("Put back", within="again.csv")
    await ada.sees("Needs attention: may be a duplicate")
    assert len(stage.held_out.rows["bills"]) == 1


async def test_a_bill_that_somebody_made_in_zoho_books_is_shown(stage: Stage) -> None:
    """C5: records already in Zoho Books that the bot did not make; one call more, only after the refusal."""
    ada = stage.person("ada")
    await stage.connects(ada)
    vendor = next(
        row for row in stage.held_out.rows["contacts"] if row["contact_name"] == "Northwind Paper Ltd"
    )
    pounds = next(row for row in stage.held_out.rows["currencies"] if row["currency_code"] == "GBP")
    by_hand = {
        "bill_id": stage.books.new_id(), "bill_number": "nw-1001", "vendor_id": vendor["contact_id"],
        "date": "2026-03-01", "total": 144.0, "currency_id": pounds["currency_id"], "currency_code": "GBP",
        "status": "open", "reference_number": "",
    }  # fmt: skip
    stage.held_out.rows["bills"].append(by_hand)
    await stage.imports(ada, export(NORTHWIND))
    before = len(stage.books.calls)
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("It is the bill of 2026-03-01 over £144.00.")
    await ada.sees("Look at that record")
    asked = [(call.method, call.path) for call in stage.books.calls[before:]]
    assert asked == [("POST", "/bills"), ("GET", "/bills")]
    assert len(stage.held_out.rows["bills"]) == 1


async def test_a_choice_of_supplier_is_remembered_and_can_be_forgotten(stage: Stage) -> None:
    """S21 C8: the next item of the name is known; `/dext rules` shows and forgets it."""
    ada = stage.person("ada")
    await stage.connects(ada)
    row = OLD_MILL.replace("Old Mill Hosting", "Brand New Supplies Co")
    await stage.imports(ada, export(row))
    await ada.clicks("Publish", within="Brand New Supplies Co")
    await ada.chooses("Use an existing one", "Brand & New Supplies Co.")
    await ada.ticks("Remember this choice for “Brand New Supplies Co”")
    await ada.clicks("Use the chosen one")
    await ada.closes(everything=True)
    await ada.sees("Published as bill OM-7")

    await stage.imports(ada, export(row.replace("9003", "9103").replace("OM-7", "OM-8")), "next.csv")
    await ada.sees("Brand & New Supplies Co. · remembered choice")
    await ada.clicks("Publish", within="next.csv")
    await ada.sees("Published as bill OM-8")
    assert {bill["vendor_name"] for bill in stage.held_out.rows["bills"]} == {"Brand & New Supplies Co."}

    await ada.runs("/dext rules")
    await ada.sees("“Brand New Supplies Co” is Brand & New Supplies Co.")
    await ada.clicks("Forget")
    await ada.no_longer_sees("Remembered by")
