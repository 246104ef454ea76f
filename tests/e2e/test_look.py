"""Journeys of looking: an item's history, what a setting would change, the month's report."""

from __future__ import annotations

import csv
import io

from bot import readers
from tests.e2e.stage import KESTREL, NORTHWIND, Stage, export


async def test_what_happened_to_an_item_is_in_its_thread_and_under_history(stage: Stage) -> None:
    """C12 S18: before and after in words, once; the plain way adds nothing."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.chooses("Category", "Printing", typed="print")
    await ada.fills("Description", "Copier paper")
    await ada.clicks("Save")
    await ada.sees(
        "changed category: 429 - Office Supplies → 461 - Printing; description: none → Copier paper"
    )
    await ada.clicks("Reject", within="Northwind Paper Ltd")
    await ada.clicks("Put back", within="Northwind Paper Ltd")
    await ada.sees("put back this item")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    card = next(one for one in stage.workspace.history if "*Published* as bill" in str(one.blocks))
    told = [one.text for one in stage.workspace.history if one.thread_ts == card.ts]
    assert told == [
        f"<@{ada.member.id}> changed category: 429 - Office Supplies → 461 - Printing; "
        "description: none → Copier paper",
        f"<@{ada.member.id}> put back this item",
    ]
    await ada.picks("⋯", "History", within="Published as bill")
    await ada.sees_modal("History")
    await ada.sees("published bill NW-1001")
    await ada.sees("rejected this item")
    await ada.closes(everything=True)


async def test_settings_say_what_they_would_change_before_they_are_saved(stage: Stage) -> None:
    """S18: in place; what was entered elsewhere stays, and leaving saves nothing."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Publish as  Bill")
    await ada.runs("/dext settings")
    await ada.chooses("Refresh schedule", "Every 6 hours")
    await ada.chooses("Default tax for costs", "Reduced Rate 5%")
    await ada.sees("Would change 1 waiting item without a tax of its own.")
    await ada.chooses("Default tax for sales", "Zero Rated 0%")
    await ada.sees("Would change no waiting item.")
    await ada.clicks("Save")
    await ada.sees("Refresh schedule: Every 6 hours (was Every 24 hours)")
    await ada.sees("Default tax for costs: Reduced Rate 5% (was none)")


async def test_the_report_of_a_month_comes_privately_as_table_and_picture(stage: Stage) -> None:
    """C29: it reads back through the bot's own reader."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    await stage.imports(ada, export(KESTREL))
    await ada.sees("Kestrel Taxis")
    await ada.runs("/dext report 2026-03")
    await ada.sees("The report of March 2026 comes as a private message")
    ada.goes_to("dm")
    await ada.sees("2 items (1 ready, 1 published). Published costs: £144.00 with tax.")
    files = {one.name: one for one in stage.workspace.files.values() if one.user == stage.workspace.bot.id}
    table, picture = files["dext-2026-03.csv"], files["dext-2026-03.png"]
    assert table.channels == [stage.workspace.direct(ada.member.id).id]
    assert picture.alt.startswith(
        "Published in March 2026: £144.00. By category: 429 - Office Supplies £144.00"
    )
    assert picture.content.startswith(b"\x89PNG")
    rows = list(csv.DictReader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert [(row["Receipt ID"], row["Published as"], row["Record"]) for row in rows] == [
        ("9001", "Bill", "NW-1001"),
        ("9002", "", ""),
    ]
    reading = readers.read(table.name, table.content)
    assert [one.external_id for one in reading.documents] == ["9001", "9002"]
