"""Journeys of refreshing, settings, help and importing."""

from __future__ import annotations

from bot.sandbox.zoho_books.books import Trouble
from tests.e2e.stage import KESTREL, NORTHWIND, Stage, export


async def test_refresh_asks_shows_a_banner_and_ends_with_counts(stage: Stage) -> None:
    """S39 S40 S42 S45 S46 S47: one message, edited in place."""
    ada = stage.person("ada")
    await stage.connects(ada)
    shown_before = len(stage.workspace.messages("#finance"))
    stage.held_out.rows["accounts"].append(
        {**stage.held_out.rows["accounts"][0], "account_id": "999", "account_name": "New Category"}
    )
    stage.books.troubles.append(Trouble(status=0, delay_seconds=1.5, path="/chartofaccounts"))
    await ada.runs("/dext refresh")
    await ada.sees_modal("Refresh lists")
    await ada.sees("no data is lost")
    await ada.clicks("Refresh")
    await ada.sees("🟢 Refresh in progress")
    await ada.runs("/dext refresh")
    await ada.clicks("Refresh")
    await ada.sees("Refresh in progress already")
    await ada.sees("17 categories (1 new)")
    assert len(stage.workspace.messages("#finance")) == shown_before + 1


async def test_a_failed_refresh_leaves_the_old_lists_whole(stage: Stage) -> None:
    """S41: the lists from before stay in use and the reason is said."""
    ada = stage.person("ada")
    await stage.connects(ada)
    stage.books.troubles.append(Trouble(status=500, times=3, path="/settings/taxes"))
    await ada.runs("/dext refresh")
    await ada.clicks("Refresh")
    await ada.sees("Refresh failed: Held Out Ltd")
    await ada.sees("The lists from before stay in use")
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")


async def test_an_entry_that_vanished_is_kept_inactive_and_its_items_need_attention(stage: Stage) -> None:
    """S41: known still, not offered, and the item says why."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Ready")
    stage.held_out.rows["accounts"] = [
        row for row in stage.held_out.rows["accounts"] if row["account_name"] != "Office Supplies"
    ]
    await ada.runs("/dext refresh")
    await ada.clicks("Refresh")
    await ada.sees("Office Supplies (categories) is gone from Zoho Books; 1 item uses it.")
    await ada.sees("1 item needs attention")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("is no longer active in Zoho Books")
    assert stage.held_out.rows["bills"] == []


async def test_refresh_from_the_connections_page(stage: Stage) -> None:
    """S16 S39 S45: Manage, then Refresh integration data."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext connections")
    await ada.clicks("Manage")
    await ada.clicks("Refresh integration data")
    await ada.sees_modal("Refresh lists")
    await ada.clicks("Refresh")
    await ada.sees_modal("Connections")


async def test_settings_have_three_groups_and_a_change_counts_at_once(stage: Stage) -> None:
    """S17 S18 S19 S20 S22 S23 S25: general, default tax, publishing; only taxes of the last refresh."""
    ada = stage.person("ada")
    await ada.runs("/dext settings")
    await ada.sees("No accounting software is connected")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    for group in ("General", "Default tax", "Publishing"):
        await ada.sees(group)
    offered = await ada.options("Default tax for costs")
    assert "Standard Rate 20%" in offered
    await ada.chooses("Default tax for costs", "Reduced Rate 5%")
    await ada.chooses("Default tax for sales", "Zero Rated 0%")
    await ada.chooses("Refresh schedule", "Every 6 hours")
    await ada.clicks("Save")
    await ada.sees("Default tax for costs: Reduced Rate 5% (was none)")
    await ada.sees("Refresh schedule: Every 6 hours (was Every 24 hours)")
    await stage.imports(ada, export(KESTREL))
    await ada.sees("Reduced Rate 5%")
    await ada.sees("default")
    await ada.does_not_see("Tax  Zero Rated")


async def test_what_is_in_one_currency_has_a_default_tax_of_its_own(stage: Stage) -> None:
    """S18 S23 S24: set upon Settings, where what is typed stays; the card says why."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(KESTREL.replace("GBP", "EUR")))
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Exceptions by currency")
    await ada.sees_modal("Exceptions by currency")
    await ada.chooses("Currency", "EUR")
    await ada.chooses("Tax", "Reduced Rate 5%")
    await ada.sees("Would change 1 waiting item without a tax of its own.")
    await ada.clicks("Save")
    await ada.sees_modal("Settings")
    await ada.clicks("Save")
    await ada.sees("Default tax for costs in EUR: Reduced Rate 5% (was none)")
    await ada.sees("Default tax for costs: Standard Rate 20% (was none)")
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")
    await ada.sees("default for EUR")
    (booked,) = stage.held_out.rows["expenses"]
    assert booked["tax_name"] == "Reduced Rate"
    await ada.runs("/dext settings")
    await ada.clicks("Exceptions by currency")
    await ada.clicks("Remove")
    await ada.confirms()
    await ada.sees("Default tax for costs in EUR: none (was Reduced Rate 5%)")
    await ada.does_not_see("Remove")


async def test_changing_the_default_never_rewrites_what_was_published(stage: Stage) -> None:
    """S24: published is frozen."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(KESTREL))
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Save")
    await ada.sees("Settings saved")
    assert stage.held_out.rows["expenses"][0]["tax_name"] == ""


async def test_help_is_for_this_person_and_an_unknown_word_gets_the_nearest(stage: Stage) -> None:
    """C33: every command suggests the nearest."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await ada.runs("/dext")
    await ada.sees("Nothing is connected yet")
    await ada.sees("/dext connect")
    await ada.runs("/dext refesh")
    await ada.sees("There is no /dext refesh. Did you mean /dext refresh?")
    await ben.runs("/dext help")
    await ben.sees("/dext items")
    await ben.does_not_see("/dext disconnect")


async def test_an_import_says_row_by_row_what_was_refused_and_brings_nothing_in_twice(stage: Stage) -> None:
    """C28: columns by name, what is here already is not brought in twice."""
    ada = stage.person("ada")
    await stage.connects(ada)
    bad_date = "9020,Invoice,30-Feb-2026,,X-1,Acme Paper Ltd,429 - Office Supplies,,,0.00,10.00,GBP"
    bad_total = "9021,Invoice,03-Mar-2026,,X-2,Acme Paper Ltd,429 - Office Supplies,,,0.00,ten,GBP"
    await stage.imports(ada, export(NORTHWIND, KESTREL, bad_date, bad_total))
    await ada.sees("2 items from costs.csv, by @ada")
    await ada.sees("Row 4: ")
    await ada.sees("30-Feb-2026")
    await ada.sees("Row 5: ")
    await stage.imports(ada, export(NORTHWIND, KESTREL), look=False)
    await ada.sees("Nothing new in costs.csv: 2 already here")
    await ada.runs("/dext items")
    await ada.sees("2 items to do")


async def test_a_file_that_is_no_export_is_refused_in_words(stage: Stage) -> None:
    """C28: a picture with the name of a CSV."""
    ada = stage.person("ada")
    await stage.imports(ada, b"\x89PNG\r\n\x1a\n\0\0\0", "photo.csv")
    await ada.sees("photo.csv")
    await ada.sees("Dext")
    assert "Traceback" not in stage.log


async def test_a_file_imported_on_a_terminal_is_shown_in_the_channel(stage: Stage) -> None:
    """C28: the same reader, the same inbox; `--dry-run` touches nothing."""
    ada = stage.person("ada")
    await stage.connects(ada)
    dry = await stage.runs_on_a_terminal("import", "--dry-run", export(NORTHWIND, KESTREL))
    assert "2 would come in" in dry
    await ada.does_not_see("2 items from")
    assert "2 new, 0 there already" in await stage.runs_on_a_terminal("import", export(NORTHWIND, KESTREL))
    await ada.sees("2 items from costs.csv")
    assert "0 new, 2 there already" in await stage.runs_on_a_terminal("import", export(NORTHWIND, KESTREL))


async def test_keys_are_rotated_while_the_bot_runs(stage: Stage) -> None:
    """The sign-in stays readable."""
    ada = stage.person("ada")
    await stage.connects(ada)
    assert "Encrypted again with the newest key" in await stage.runs_on_a_terminal("rotate-keys")
    await stage.imports(ada, export(NORTHWIND))
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")


async def test_the_columns_of_an_unknown_list_are_chosen_once(stage: Stage) -> None:
    """C7 C28: which column is the supplier, which the category; then remembered for the same headings."""
    ada = stage.person("ada")
    await stage.connects(ada)
    listed = "Firma;Sachkonto;Ort\nNorthwind Paper Ltd;Travel;Bath\n"
    await ada.drops_file("dm", "list.csv", listed.encode())
    ada.goes_to("dm")
    await ada.sees("The columns of list.csv are not known.")
    await ada.clicks("Choose columns")
    await ada.sees_modal("Choose columns")
    await ada.chooses("Supplier", "Firma")
    await ada.clicks("Read the list")
    await ada.sees("Choose at least one more column")
    await ada.chooses("Category", "Sachkonto")
    await ada.clicks("Read the list")
    await ada.sees("1 supplier rule would change")
    await ada.clicks("Import")
    await ada.sees("1 supplier rule new and 0 changed by list.csv.")
    await ada.drops_file("dm", "more.csv", listed.replace("Northwind Paper Ltd", "Kestrel Taxis").encode())
    await ada.sees("The columns of more.csv are read as they were chosen for these headings.")
    await ada.sees("from more.csv")
