"""Journeys of what changes in Zoho Books: renamed and vanished accounts, another organisation."""

from __future__ import annotations

from bot.sandbox.slack import Person
from bot.sandbox.zoho_books.books import Trouble
from tests.e2e.stage import KESTREL, NORTHWIND, Stage, export


def _account(stage: Stage, name: str) -> dict[str, object]:
    row = stage.held_out.find("accounts", "account_name", name)
    assert row is not None
    return row


async def test_a_renamed_and_a_vanished_account_are_reported_and_mended_from_the_report(stage: Stage) -> None:
    """S40 S41 S45: names, what uses them, and a button that leads where it is mended."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND, KESTREL))
    await ada.sees("2 items from costs.csv")
    await ada.runs("/dext rules")
    await ada.clicks("Add a rule")
    await ada.chooses("Supplier", "Old Mill Hosting", typed="Old Mill Hosting")
    await ada.chooses("Category", "Printing", typed="Printing")
    await ada.clicks("Save")
    await ada.sees("Rule saved for Old Mill Hosting")
    accounts = stage.held_out.rows["accounts"]
    accounts.remove(_account(stage, "Office Supplies"))
    accounts.remove(_account(stage, "Printing"))
    _account(stage, "Travel")["account_name"] = "Travel abroad"
    await ada.runs("/dext refresh accounts")
    await ada.sees_modal("Refresh lists")
    assert ada.value("Lists") == "Categories"
    await ada.clicks("Refresh")
    await ada.sees("Office Supplies (categories) is gone from Zoho Books; 1 item uses it.")
    await ada.sees("Printing (categories) is gone from Zoho Books; 1 rule uses it.")
    await ada.sees("Travel (categories) is now called Travel abroad")
    assert {call.path for call in stage.books.calls[-1:]} == {"/chartofaccounts"}
    await ada.clicks("Show all changes")
    await ada.sees_modal("Changes")
    await ada.sees("3 changes of this refresh")
    await ada.closes(everything=True)
    await ada.clicks("Choose another", within="Office Supplies")
    await ada.sees_modal("Edit item")
    await ada.chooses("Category", "Cost of Sales", typed="Cost of Sales")
    await ada.clicks("Save")
    await ada.runs("/dext items ready")
    await ada.sees("Cost of Sales")
    await ada.closes(everything=True)
    await ada.clicks("Choose another", within="Printing")
    await ada.sees_modal("Supplier rule")
    await ada.sees("Old Mill Hosting")


async def test_another_organisation_gets_the_choices_of_the_first_and_back(
    stage: Stage,
) -> None:
    """S37: confirmed by name, what is the same by itself, the rest list by list; going back restores it."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Default tax for costs", "Reduced Rate 5%")
    await ada.clicks("Save")
    await ada.runs("/dext rules")
    await ada.clicks("Add a rule")
    await ada.chooses("Supplier", "Kestrel Taxis", typed="Kestrel")
    await ada.chooses("Category", "Travel", typed="Travel")
    await ada.clicks("Save")
    await ada.sees("Rule saved for Kestrel Taxis")
    other = stage.books.organisations[1]
    for row in other.rows["accounts"]:
        if row["account_name"] == "Travel":
            row |= {"account_name": "Journeys", "account_code": "700"}
    await _reconnects(stage, ada, "60002")
    await ada.sees("1 of 2 mapped by themselves")
    await ada.sees("Not in Held Out Ltd: 493 - Travel (category)")
    await ada.clicks("Map the rest")
    await ada.sees_modal("Map lists")
    await ada.chooses("493 - Travel (1 use)", "700 - Journeys", typed="Journeys")
    await ada.clicks("Save")
    await ada.sees("Everything is mapped")
    await ada.closes(everything=True)
    await ada.runs("/dext rules")
    await ada.sees("700 - Journeys")
    await ada.closes(everything=True)
    await _reconnects(stage, ada, "60001")
    await ada.sees("2 of 2 mapped by themselves")
    await ada.runs("/dext rules")
    await ada.sees("493 - Travel")


async def _reconnects(stage: Stage, ada: Person, organisation: str) -> None:
    await ada.runs("/dext reconnect")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link))
    await ada.sees_modal("Select organisation")
    await ada.chooses("Organisation", organisation)
    await ada.clicks("Next")
    await ada.fills("Type Held Out Ltd to go on", "Held Out Ltd")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.closes(everything=True)


async def test_a_dead_sign_in_is_told_once_and_what_was_held_goes_on_with_a_report(stage: Stage) -> None:
    """S28 S29: the channel hears of it without a call; afterwards everything goes on by itself."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND, KESTREL))
    stage.books.withdraw_consent()
    await ada.runs("/dext refresh")
    await ada.clicks("Refresh")
    await ada.sees("Publishing and refreshes are held and go on by themselves")
    await ada.clicks("Publish all")
    await ada.sees("2 held")
    await ada.clicks("Reconnect")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link))
    await ada.sees_modal("Select organisation")
    await ada.clicks("Next")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.closes(everything=True)
    await ada.sees("2 held items went on: 2 published.")
    assert stage.said_in_slack().count("go on by themselves after an Admin has signed in again") == 1


async def test_a_limit_in_the_middle_is_said_and_waited_for(stage: Stage) -> None:
    """S47: what it waits for and until when; then it goes on at the page that was refused."""
    ada = stage.person("ada")
    await stage.connects(ada)
    stage.books.calls.clear()
    new = {**_account(stage, "Travel"), "account_id": "999", "account_name": "New Category"}
    stage.held_out.rows["accounts"].append(new)
    limit = Trouble(429, 44, "Too many.", path="/contacts", headers={"Retry-After": "3"})
    stage.books.troubles.append(limit)
    await ada.runs("/dext refresh")
    await ada.clicks("Refresh")
    await ada.sees("Zoho Books had too many calls in a minute. It goes on at")
    await ada.sees("17 categories (1 new)")
    assert _pages(stage) == [("vendor", "1"), ("vendor", "1"), ("vendor", "2"), ("customer", "1")]


def _pages(stage: Stage) -> list[tuple[str, str]]:
    """Pages of contacts that were asked for."""
    asked = [call.query for call in stage.books.calls if call.path == "/contacts"]
    return [(query["contact_type"], query["page"]) for query in asked]
