"""A journey behind the bot's back: what a bookkeeper does in Zoho Books shows in Slack."""

from __future__ import annotations

from bot.sandbox.visitor import Visitor
from tests.e2e.stage import NORTHWIND, Stage, export

LATE = (
    NORTHWIND.replace("9001", "9007")
    .replace("NW-1001", "NW-7")
    .replace("03-Mar-2026,02-Apr-2026", "09-Mar-2026,")
    .replace("24.00,144.00", "1.50,9.00")
)


async def test_what_is_void_or_entered_there_is_told_and_dealt_with(stage: Stage) -> None:
    """C13 C18 C24: void is put back deliberately; what was entered there keeps its document from being
    published unasked. Nothing is posted into the channel."""
    ada, mel = stage.person("ada"), stage.person("mel")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    (bill,) = stage.held_out.rows["bills"]
    async with Visitor() as bookkeeper:
        await bookkeeper.opens(f"{stage.zoho.origin}/app/60001/bills/{bill['bill_id']}")
        await bookkeeper.presses("Make void")
        await bookkeeper.opens(f"{stage.zoho.origin}/app/60001/bills")
        by_hand = {"supplier": "Northwind Paper Ltd", "number": "NW-7", "date": "2026-03-09", "total": "9"}
        await bookkeeper.presses("Enter the bill", **by_hand)

    await ada.runs("/dext books")
    await ada.sees_modal("Changes in Zoho Books")
    await ada.sees("Not looked yet")
    await ada.clicks("Look now")
    await ada.sees("Bill NW-7 of 9 Mar 2026 · Entered there")
    await ada.sees("Ours · Void in Zoho Books")
    await ada.closes(everything=True)
    await ada.sees("🔴 Void in Zoho Books")
    await ada.sees("Dext found this item void in Zoho Books")
    await mel.clicks("Put back", within="Published as bill NW-1001")
    await mel.sees("The bill NW-1001 is void in Zoho Books already.")
    await mel.clicks("Undo")
    await mel.sees("Only an Approver can undo what was published")
    await ada.clicks("Put back", within="Published as bill NW-1001")
    await ada.clicks("Undo")
    await ada.no_longer_sees("Published as bill NW-1001")
    await ada.clicks("Publish", within="costs.csv")
    await ada.sees("Published as bill NW-1001")
    states = [(row["bill_number"], row["status"]) for row in stage.held_out.rows["bills"]]
    assert states == [("NW-1001", "void"), ("NW-7", "open"), ("NW-1001", "open")]

    await stage.imports(ada, export(LATE), "late.csv")
    await ada.sees("perhaps entered in Zoho Books already: Northwind Paper Ltd NW-7")
    await ada.clicks("Duplicate?", within="late.csv")
    await ada.sees("Entered in Zoho Books as bill NW-7")
    await ada.clicks("Same: reject this one")
    await ada.sees("Rejected: it is the same as Northwind Paper Ltd NW-7")
