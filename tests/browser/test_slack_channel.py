"""Conversations on the simulated Slack's page: live, private, in threads, with files, by keyboard alone."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.conftest import NARROW
from tests.browser.slack_page import SlackPage
from tests.browser.slack_stand import Stand, standing
from tests.integration.sandbox_slack.fake_bot import actions, button, option, section

pytestmark = pytest.mark.browser
HOME = {"type": "home", "blocks": [section("Welcome home"), actions(button("Connect"))]}


@pytest_asyncio.fixture(loop_scope="session")
async def stand(page: Page) -> AsyncIterator[Stand]:
    async with standing(page) as stand:
        yield stand


async def test_a_message_is_edited_where_it_stands(stand: Stand) -> None:
    ts = await stand.posts(section("Refresh in progress"))
    await stand.ada.sees("Refresh in progress")
    await stand.ada.box.fill("half a thou")
    await stand.edits(ts, section("Refresh complete"))
    await stand.ada.sees("Refresh complete")
    await stand.ada.sees("(edited)")
    await stand.ada.no_longer_sees("in progress")
    await expect(stand.ada.page.get_by_role("article")).to_have_count(1)
    await expect(stand.ada.box).to_have_value("half a thou")


async def test_a_private_message_is_for_one_person(stand: Stand) -> None:
    stand.answers("command", {"text": "For Ada alone"})
    await stand.ada.runs("/dext help")
    await stand.ada.sees("Only visible to you")
    await stand.ada.sees("For Ada alone")
    await stand.ada.switches_to("Mel Member")
    await stand.posts(text="For all")
    await stand.ada.sees("For all")
    await stand.ada.no_longer_sees("For Ada alone")
    await stand.ada.writes("I am Mel")
    await stand.ada.sees("I am Mel")
    assert stand.workspace.messages("#finance")[-1].user == stand.workspace.person("mel").id


async def test_two_people_at_two_pages_see_the_same(stand: Stand) -> None:
    other = SlackPage(await stand.ada.page.context.new_page(), stand.slack.root_url)
    await other.opens("Tom Admin")
    await other.writes("Hello from Tom")
    await stand.ada.sees("Tom Admin")
    await stand.ada.sees("Hello from Tom")


async def test_commands_are_offered_as_one_types(stand: Stand) -> None:
    box, offered = stand.ada.box, stand.ada.page.get_by_role("listbox", name="Commands").get_by_role("option")
    await box.press_sequentially("/de")
    await expect(offered.first).to_have_text("/dextYour inbox")
    await box.press("Enter")
    await expect(box).to_have_value("/dext ")
    await box.press_sequentially("con")
    await expect(offered).to_have_text(["/dext connect", "/dext connections"])
    await box.press("ArrowDown")
    await box.press("ArrowDown")
    await box.press("Enter")
    await expect(box).to_have_value("/dext connections")
    await box.press("Enter")
    await expect(box).to_have_value("")
    await stand.ada.runs("/nonsense")
    await stand.ada.sees("/nonsense is not a valid command.")
    assert [one["text"] for one in stand.bot.received] == ["connections"]


async def test_replies_stand_in_their_thread(stand: Stand) -> None:
    radio = {"type": "radio_buttons", "action_id": "r", "options": [option("Bill")]}
    ts = await stand.posts(section("Item", accessory=radio))
    await stand.posts(text="History of the item", thread_ts=ts)
    await stand.ada.page.get_by_role("button", name=re.compile("^1 reply")).click()
    thread = stand.ada.page.get_by_role("complementary", name="Thread")
    await expect(thread.get_by_role("radio")).to_have_count(1)
    ids = await stand.ada.page.evaluate("[...document.querySelectorAll('[id]')].map((one) => one.id)")
    assert len(ids) == len(set(ids))
    await expect(thread).to_contain_text("History of the item")
    await thread.get_by_role("textbox").fill("Thank you")
    await thread.get_by_role("textbox").press("Enter")
    await expect(thread).to_contain_text("Thank you")
    assert stand.workspace.messages("#finance")[-1].thread_ts == ts
    await expect(stand.ada.page.get_by_role("main").get_by_role("article")).to_have_count(1)
    await stand.ada.page.keyboard.press("Escape")
    await expect(thread).to_have_count(0)


async def test_files_are_dropped_or_taken_from_the_samples(stand: Stand) -> None:
    await stand.ada.drops_file("costs.csv", b"a,b", "text/csv")
    await stand.ada.shares_sample("invoice.pdf")
    await stand.ada.sees("invoice.pdf")
    page = stand.ada.page
    await page.get_by_role("button", name="Sample files").click()
    await page.get_by_role("listitem").filter(has_text="invoice.pdf").drag_to(page.get_by_role("log"))
    await expect(page.get_by_role("link", name="invoice.pdf")).to_have_count(2)
    await expect(page.get_by_role("dialog")).to_have_count(0)
    contents = [one.content for one in stand.workspace.files.values()]
    assert contents == [b"a,b", b"%PDF-1.4", b"%PDF-1.4"]
    assert [one["event"]["type"] for one in stand.bot.received] == ["file_shared"] * 3
    async with page.expect_download() as saved:
        await page.get_by_role("link", name="costs.csv").click()
    assert (await (await saved.value).path()).read_bytes() == b"a,b"


async def test_shortcuts_of_the_workspace_and_of_a_message(stand: Stand) -> None:
    stand.workspace.add_shortcut("Add an item", "add")
    stand.workspace.add_shortcut("Make an item", "make", "message")
    ts = await stand.posts(text="An invoice came")
    await stand.ada.page.reload()
    await stand.ada.page.get_by_role("button", name="Shortcuts").click()
    await stand.ada.page.get_by_role("menuitem", name="Add an item").click()
    await stand.ada.page.get_by_role("article").hover()
    await stand.ada.clicks("Make an item", within="An invoice came")
    assert [one["callback_id"] for one in stand.bot.received] == ["add", "make"]
    assert (await stand.hears("message_action"))["message_ts"] == ts


async def test_home_is_opened_and_what_is_new_elsewhere_is_counted(stand: Stand) -> None:
    ada = stand.workspace.person("ada").id
    await stand.client.views_publish(user_id=ada, view=HOME)
    await stand.ada.opens_home()
    await stand.ada.sees("Welcome home")
    assert (await stand.hears("event"))["event"]["tab"] == "home"
    await stand.ada.clicks("Connect")
    await stand.posts(text="One")
    await stand.posts(text="Two")
    finance = stand.ada.page.locator(".place.new")
    await expect(finance).to_have_text(re.compile("#finance2 unread"))
    await stand.client.chat_postMessage(channel=ada, text="Just for you")
    await stand.ada.goes_to("dm")
    await stand.ada.sees("Just for you")
    await stand.ada.goes_to("#finance")
    await stand.ada.sees("Two")
    await expect(stand.ada.page.locator(".place.new")).to_have_count(0)
    assert (await stand.hears("block_actions"))["container"]["type"] == "view"


async def test_keyboard_alone_goes_everywhere(stand: Stand) -> None:
    page = stand.ada.page
    await stand.posts(actions(button("Publish")))
    await stand.ada.sees("Publish")
    await page.reload()
    await stand.ada.sees("Publish")
    for name in ("Zoho Books", "Switch to dark", "You are Ada Owner", "finance", "general", "Dext"):
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_accessible_name(re.compile(f"^{name}"))
    for name in ("Messages in #finance", "Publish", "Reply in thread", "Message #finance"):
        await page.keyboard.press("Tab")
        await expect(page.locator(":focus")).to_have_accessible_name(re.compile(f"^{re.escape(name)}"))
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Shift+Tab")
    await page.keyboard.press("Enter")
    await expect(page.locator("[aria-busy=true]")).to_have_count(0)
    assert (await stand.hears("block_actions"))["actions"][0]["action_id"] == "go"
    await page.get_by_role("button", name="Switch to dark").press("Enter")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.get_by_role("button", name=re.compile("You are")).press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="You are Tom Admin")).to_be_focused()


async def test_on_a_narrow_screen_the_list_is_a_drawer(stand: Stand) -> None:
    page = stand.ada.page
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    await expect(page.get_by_role("navigation", name="Channels and apps")).to_have_count(0)
    await page.get_by_role("button", name="Channels and apps").click()
    await page.get_by_role("button", name="general").click()
    await expect(page.get_by_role("heading", name="general")).to_be_visible()
    await expect(page.get_by_role("navigation", name="Channels and apps")).to_have_count(0)
    assert await page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


async def test_a_lost_line_is_said_and_found_again(stand: Stand) -> None:
    page = stand.ada.page
    await page.route("**/client/**", lambda route: route.abort())
    await stand.ada.writes("anyone?")
    await stand.ada.sees("The simulated Slack does not answer.")
    await page.unroute("**/client/**")
    await stand.posts(text="Here again")
    await stand.ada.sees("Here again")
    await stand.ada.no_longer_sees("Waiting for it")
