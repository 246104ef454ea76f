"""What is done on the simulated Slack's page arrives at the bot as Slack sends it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.slack_stand import Stand, standing
from tests.integration.sandbox_slack.fake_bot import (
    actions,
    button,
    field,
    modal,
    option,
    plain,
    section,
    text_input,
)

pytestmark = pytest.mark.browser
SUPPLIERS = ["Acme Paper Ltd", "Acme Tools Ltd", "Zebra & Co"]
WARNING = option("Warn me about new suppliers", "warn")
FORM = modal(
    "Edit item",
    field("Supplier", {"type": "external_select", "action_id": "s", "min_query_length": 0}),
    field("Payee", {"type": "external_select", "action_id": "p"}, optional=True),
    field("Tags", {"type": "multi_external_select", "action_id": "m", "min_query_length": 1}, optional=True),
    field("Tax", {"type": "static_select", "action_id": "t", "options": [option("None"), option("20%")]}),
    field("People", {"type": "multi_users_select", "action_id": "u"}, optional=True),
    field("Channel", {"type": "conversations_select", "action_id": "c"}, optional=True),
    field("As", {"type": "radio_buttons", "action_id": "r", "options": [option("Bill"), option("Expense")]}),
    field("Warning", {"type": "checkboxes", "action_id": "w", "options": [WARNING]}, optional=True),
    field("Total", {"type": "number_input", "action_id": "n", "is_decimal_allowed": True}),
    field("Date", {"type": "datepicker", "action_id": "d", "initial_date": "2026-10-05"}),
    field("Due", {"type": "timepicker", "action_id": "h"}, optional=True),
    field("Notes", text_input(multiline=True), optional=True),
    field("File", {"type": "file_input", "action_id": "f", "filetypes": ["csv"], "max_files": 2}),
)


@pytest_asyncio.fixture(loop_scope="session")
async def stand(page: Page) -> AsyncIterator[Stand]:
    async with standing(page) as stand:

        async def offers(body: dict[str, Any]) -> dict[str, Any]:
            return {"options": [option(one) for one in SUPPLIERS if body["value"].lower() in one.lower()]}

        stand.bot.on("block_suggestion", offers)
        yield stand


async def test_a_filled_form_arrives_in_slacks_shape(stand: Stand) -> None:
    ada = stand.ada
    await stand.opens(FORM)
    assert await ada.options("Supplier") == SUPPLIERS
    await ada.chooses("Supplier", "Zebra & Co", typed="zeb")
    await ada.chooses("Tags", "Acme Tools Ltd", typed="acme")
    await ada.chooses("Tags", "Zebra & Co", typed="z")
    await ada.clicks("Remove Acme Tools Ltd from Tags")
    await ada.chooses("Tax", "20%")
    await ada.chooses("People", "@tom")
    await ada.chooses("Channel", "#general")
    await ada.chooses("As", "Expense")
    await ada.ticks("Warn me")
    await ada.fills("Total", "12.50")
    await ada.fills("Date", "2026-11-03")
    await ada.fills("Due", "14:02")
    await ada.fills("Notes", "two\nlines")
    await ada.uploads("File", "a.csv", b"1")
    await ada.drops_into("File", "b.csv", b"2")
    await ada.sees("b.csv")
    await ada.clicks("Save")
    await ada.sees_no_modal()
    general, tom = stand.workspace.channel("#general").id, stand.workspace.person("tom").id
    for block, action, key, value in [
        ("supplier", "s", "selected_option", option("Zebra & Co")),
        ("tags", "m", "selected_options", [option("Zebra & Co")]),
        ("tax", "t", "selected_option", option("20%")),
        ("people", "u", "selected_users", [tom]),
        ("channel", "c", "selected_conversation", general),
        ("as", "r", "selected_option", option("Expense")),
        ("warning", "w", "selected_options", [WARNING]),
        ("total", "n", "value", "12.50"),
        ("date", "d", "selected_date", "2026-11-03"),
        ("due", "h", "selected_time", "14:02"),
        ("notes", "text", "value", "two\nlines"),
    ]:
        assert stand.state(block, action)[key] == value
    assert [file["name"] for file in stand.state("file", "f")["files"]] == ["a.csv", "b.csv"]
    assert [stand.workspace.files[file["id"]].content for file in stand.state("file", "f")["files"]] == [
        b"1",
        b"2",
    ]


async def test_a_select_says_what_it_waits_for_and_when_nothing_fits(stand: Stand) -> None:
    await stand.opens(FORM)
    payee = stand.ada.page.get_by_role("combobox", name="Payee")
    await payee.click()
    await stand.ada.sees("Type 3 characters or more")
    await payee.fill("xyz")
    await stand.ada.sees("No results")
    await payee.fill("zeb")
    await stand.ada.page.get_by_role("option", name="Zebra & Co").wait_for()
    await payee.press("Enter")
    await expect(payee).to_have_value("Zebra & Co")
    await stand.ada.clicks("Clear Payee")
    await expect(payee).to_have_value("")


async def test_a_file_of_the_wrong_kind_is_refused_under_its_field(stand: Stand) -> None:
    await stand.opens(FORM)
    await stand.ada.drops_into("File", "photo.png", b"1")
    await stand.ada.sees("photo.png is not one of csv")
    await stand.ada.clicks("Attach the sample costs.csv")
    await stand.ada.sees("8 bytes")
    await stand.ada.no_longer_sees("photo.png is not one of csv")


async def test_a_button_tells_the_bot_and_shows_that_it_waits(stand: Stand) -> None:
    ts = await stand.posts(section("Acme"), actions(button("Publish", value="i1", style="primary")))
    held = stand.ada.page.locator("[aria-busy=true]")

    async def answer(body: dict[str, Any]) -> None:
        await expect(held).to_have_text("Publish")

    stand.bot.on("block_actions", answer)
    await stand.ada.clicks("Publish", within="Acme")
    await expect(held).to_have_count(0)
    sent = await stand.hears("block_actions")
    assert (sent["actions"][0]["value"], sent["container"]["message_ts"]) == ("i1", ts)
    assert sent["user"]["username"] == "ada"


async def test_what_the_bot_does_not_answer_is_said_beside_the_message(stand: Stand) -> None:
    await stand.posts(actions(button("Publish")))
    await stand.bot.stop()
    await stand.ada.clicks("Publish")
    await stand.ada.sees("This app responded with status code none.")
    await stand.bot.start()


async def test_a_question_comes_first_and_no_is_no(stand: Stand) -> None:
    confirm = {
        "title": plain("Sure?"),
        "text": plain("It is sent."),
        "confirm": plain("Send"),
        "deny": plain("No"),
    }
    await stand.posts(
        section("Acme", accessory=button("Publish", confirm=confirm)),
        actions({"type": "checkboxes", "action_id": "c", "options": [option("All")], "confirm": confirm}),
    )
    await stand.ada.clicks("Publish")
    await stand.ada.sees("Sure? It is sent.")
    await stand.ada.clicks("No")
    await stand.ada.ticks("All")
    await stand.ada.page.keyboard.press("Escape")
    await expect(stand.ada.page.get_by_role("checkbox", name="All")).not_to_be_checked()
    assert stand.bot.received == []
    await stand.ada.clicks("Publish")
    await stand.ada.clicks("Send")
    await stand.ada.no_longer_sees("Sure?")
    assert (await stand.hears("block_actions"))["actions"][0]["action_id"] == "go"


async def test_a_link_button_opens_a_tab_and_tells_the_bot(stand: Stand) -> None:
    address = f"{stand.slack.root_url}signin"
    await stand.posts(actions(button("Open", url=address)))
    tab = await stand.ada.follows("Open")
    await tab.wait_for_url(address)
    await expect(tab.locator("p")).to_have_text("Held Out")
    assert (await stand.hears("block_actions"))["actions"][0]["action_id"] == "go"


async def test_an_overflow_menu_and_a_select_in_a_message(stand: Stand) -> None:
    menu = {"type": "overflow", "action_id": "m", "options": [option("Undo"), option("Show the record")]}
    tax = {"type": "static_select", "action_id": "t", "placeholder": plain("Tax"), "options": [option("20%")]}
    await stand.posts(section("Acme", accessory=menu), section("Zebra", accessory=menu), actions(tax))
    await stand.ada.picks("Show the record", within="Zebra")
    await stand.ada.chooses("Tax", "20%")
    await stand.ada.sees("20%")
    chosen = [one["actions"][0]["selected_option"]["value"] for one in stand.bot.received]
    assert chosen == ["Show the record", "20%"]


async def test_a_field_that_dispatches_tells_the_bot_on_enter(stand: Stand) -> None:
    await stand.opens(modal("Search", field("Words", text_input(), dispatch_action=True)))
    await stand.ada.fills("Words", "acme")
    await stand.ada.page.get_by_label("Words").press("Enter")
    await stand.ada.page.wait_for_function("() => !document.querySelector('[data-pending]')")
    assert [one["kind"] for one in stand.bot.received] == ["command", "block_actions"]
    assert (await stand.hears("block_actions"))["actions"][0]["value"] == "acme"
