"""The whole main job in a browser, by visible text only: the real bot, the simulated Slack and Zoho Books."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Page

from bot.sandbox.zoho_books.books import Trouble
from tests.browser.slack_page import SlackPage
from tests.e2e.stage import NORTHWIND, OLD_MILL, Stage, export

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(loop_scope="session")
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    stage = Stage(tmp_path)
    await stage.start()
    try:
        yield stage
    finally:
        await stage.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def ada(stage: Stage, page: Page) -> SlackPage:
    ada = SlackPage(page, stage.slack.root_url)
    await ada.opens("Ada Owner")
    return ada


async def signs_in(ada: SlackPage) -> None:
    """In the tab that **Connect software** opens: the bot's page, Zoho's sign-in, and back."""
    tab = await ada.follows("Connect software")
    await tab.get_by_role("link", name="Continue to Zoho Books").click()
    await tab.get_by_role("button", name="Accept").click()
    await tab.get_by_text("Go back to Slack").wait_for()
    await tab.close()


async def connects(ada: SlackPage) -> None:
    await ada.runs("/dext connect")
    await ada.sees_modal("Accounting software")
    await ada.clicks("Connect")
    await ada.sees_modal("Connect Zoho Books")
    await signs_in(ada)
    await ada.sees_modal("Select organisation")
    await ada.chooses("Organisation", "Held Out Ltd · GBP")
    await ada.clicks("Next")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.closes()
    await ada.sees("Connected to Held Out Ltd")
    await ada.sees("Refresh complete")


async def sets_default_tax(ada: SlackPage) -> None:
    await ada.runs("/dext settings")
    await ada.sees_modal("Settings")
    await ada.chooses("Default tax for costs", "Standard Rate 20%")
    await ada.clicks("Save")
    await ada.sees("Settings saved")


async def test_from_nothing_to_a_bill_and_through_what_may_go_wrong(stage: Stage, ada: SlackPage) -> None:
    """S6 S9 S10 S11 S12 S13 S14 S15 S21 S23 S28 S36 S39 S46 C28: in the order in which a newcomer does it."""
    await connects(ada)
    await sets_default_tax(ada)

    await ada.drops_file("costs.csv", export(NORTHWIND), "text/csv")
    await ada.sees("Northwind Paper Ltd")
    await ada.clicks("Edit", within="Northwind Paper Ltd")
    await ada.sees_modal("Edit item")
    await ada.chooses("Category", "Printing", typed="print")
    await ada.fills("Description", "Ten boxes of paper")
    await ada.clicks("Save")
    await ada.sees("changed by @ada")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    (bill,) = stage.held_out.rows["bills"]
    line = bill["line_items"][0]
    assert (bill["total"], line["account_name"], line["description"]) == (
        144.0, "Printing", "Ten boxes of paper",
    )  # fmt: skip

    await ada.drops_file("hosting.csv", export(OLD_MILL), "text/csv")
    await ada.clicks("Publish", within="Old Mill Hosting")
    await ada.sees_modal("New supplier")
    await ada.clicks("Create supplier and publish")
    await ada.sees("Published as bill OM-7")
    await ada.sees_nothing_unsupported()


async def test_a_refresh_a_failure_and_its_retry_and_a_reconnection(stage: Stage, ada: SlackPage) -> None:
    """S28 S29 S39 S46 C15 C16: what a person meets later."""
    await connects(ada)
    await ada.runs("/dext refresh")
    await ada.sees_modal("Refresh lists")
    await ada.clicks("Refresh")
    await ada.sees("asked by @ada")
    await ada.sees("Refresh complete")

    stage.books.troubles.append(Trouble(400, 1002, "The bill cannot be created just now.", 1, "/bills"))
    await ada.drops_file("costs.csv", export(NORTHWIND), "text/csv")
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Publishing failed")
    await ada.clicks("Retry", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")

    stage.books.withdraw_consent()
    await ada.drops_file(
        "hosting.csv", export(NORTHWIND.replace("9001", "9002").replace("1001", "1002")), "text/csv"
    )
    await ada.clicks("Publish", within="NW-1002")
    await ada.sees("Held")
    await ada.runs("/dext reconnect")
    await ada.sees_modal("Connect Zoho Books")
    await signs_in(ada)
    await ada.sees_modal("Select organisation")
    await ada.clicks("Next")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.closes()
    await ada.sees("Published as bill NW-1002")
    assert [bill["bill_number"] for bill in stage.held_out.rows["bills"]] == ["NW-1001", "NW-1002"]
