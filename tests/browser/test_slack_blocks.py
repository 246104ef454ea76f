"""The simulated Slack's page shows every block and element, says what it cannot show, and is open to all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Page

from tests.browser.conftest import NARROW, WIDE
from tests.browser.slack_stand import Stand, standing
from tests.integration.sandbox_slack.everything import EVERYTHING
from tests.integration.sandbox_slack.fake_bot import actions, button, field, modal, option, plain, section

pytestmark = pytest.mark.browser

STEP = {"type": "rich_text_section", "elements": [{"type": "text", "text": "First"}]}
MESSAGE: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Refresh complete")},
    section(
        "*Bold* _italic_ ~gone~ `code` <https://example.org/a|a link> <@ADA> :tada: "
        "<!date^1760000000^{date_num}|then>\n&gt; quoted &amp; kept\n```two\nlines```",
        accessory={"type": "overflow", "action_id": "o", "options": [option("Undo"), option("Show")]},
    ),
    {"type": "section", "fields": [plain("Left"), plain("Right")]},
    {"type": "divider"},
    {
        "type": "context",
        "elements": [
            plain("small"),
            {"type": "image", "image_url": "https://x.test/i", "alt_text": "a bill"},
        ],
    },
    actions(
        button("Publish", "p", style="primary"),
        button("Reject", "r", style="danger"),
        button("Open", "l", url="https://example.org/"),
        {"type": "static_select", "action_id": "s", "placeholder": plain("Tax"), "options": [option("20%")]},
        {"type": "datepicker", "action_id": "d", "initial_date": "2026-10-05"},
        {"type": "timepicker", "action_id": "t", "initial_time": "14:02"},
        {"type": "checkboxes", "action_id": "c", "options": [option("Remember")]},
        {"type": "radio_buttons", "action_id": "b", "options": [option("Bill"), option("Expense")]},
    ),
    {
        "type": "rich_text",
        "elements": [
            {"type": "rich_text_list", "style": "ordered", "elements": [STEP]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "pre"}]},
        ],
    },
    {"type": "markdown", "text": "# Heading\n- **one**\n- [two](https://example.org/)"},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "Net"}], [{"type": "raw_text", "text": "£10"}]]},
]
FORM = modal(
    "Every field",
    section("Chosen by people", accessory={"type": "multi_users_select", "action_id": "people"}),
    field("Name", {"type": "plain_text_input", "action_id": "a"}, hint=plain("As on the invoice")),
    field("Notes", {"type": "plain_text_input", "action_id": "a", "multiline": True}, optional=True),
    field("Total", {"type": "number_input", "action_id": "a", "is_decimal_allowed": True}),
    field("Mail", {"type": "email_text_input", "action_id": "a"}),
    field("Site", {"type": "url_text_input", "action_id": "a"}),
    field("Supplier", {"type": "external_select", "action_id": "a"}),
    field("Channel", {"type": "channels_select", "action_id": "a"}),
    field("Where", {"type": "conversations_select", "action_id": "a"}),
    field("When", {"type": "datetimepicker", "action_id": "a"}),
    field("File", {"type": "file_input", "action_id": "a", "filetypes": ["csv"]}),
)


@pytest_asyncio.fixture(loop_scope="session")
async def stand(page: Page) -> AsyncIterator[Stand]:
    async with standing(page) as stand:
        yield stand


async def test_a_message_shows_every_block_as_it_is_meant(stand: Stand) -> None:
    ada = stand.workspace.person("ada").id
    MESSAGE[1]["text"]["text"] = MESSAGE[1]["text"]["text"].replace("ADA", ada)
    await stand.posts(*MESSAGE)
    await stand.ada.sees(
        "Refresh complete Bold italic gone code a link @ada 🎉 09/10/2025 quoted & kept two lines"
    )
    message = stand.ada.page.get_by_role("article")
    for tag, text in [("b", "Bold"), ("i", "italic"), ("s", "gone"), ("code", "code"), ("pre", "two\nlines")]:
        assert await message.locator(f".b-section {tag}").first.inner_text() == text
    assert await message.get_by_role("link", name="a link").get_attribute("href") == "https://example.org/a"
    assert await message.get_by_role("link", name="Open").get_attribute("target") == "_blank"
    assert await message.get_by_role("img", name="a bill").count() == 1
    assert await message.get_by_role("cell", name="£10").count() == 1
    assert await message.get_by_role("listitem").all_inner_texts() == ["First", "one", "two"]
    assert await message.locator("[type=date]").input_value() == "2026-10-05"
    assert await message.get_by_role("combobox", name="Tax").count() == 1
    await stand.ada.sees_nothing_unsupported()


async def test_what_cannot_be_shown_says_so(stand: Stand) -> None:
    await stand.opens(EVERYTHING)
    assert await stand.ada.page.locator(".unsupported").all_inner_texts() == ["Unsupported: rich_text_input"]


async def test_words_from_outside_stay_words(stand: Stand) -> None:
    bad = '<img src=x onerror="document.title=1"> <script>document.title=1</script>'
    shown = bad.replace("<", "&lt;").replace(">", "&gt;")
    link = "<javascript:document.title=1|press me>"
    await stand.posts(
        section(f"{shown} {link}", fields=[plain(bad)]),
        {"type": "markdown", "text": f"{bad} [press me](javascript:document.title=1)"},
        actions(button(bad[:70], "b"), button("Go", "c", url="javascript:document.title=1")),
    )
    await stand.ada.drops_file(f"{bad[:20]}.csv", b"a")
    await stand.ada.sees(bad)
    assert await stand.ada.page.locator("article img, article script, a[href^=javascript]").count() == 0
    assert await stand.ada.page.title() == "Held Out (simulated Slack)"
    assert await stand.ada.page.locator(".unsupported").all_inner_texts() == [
        "Unsupported: address of a link button"
    ]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_axe_finds_nothing_serious(stand: Stand, theme: Any) -> None:
    page = stand.ada.page
    await page.emulate_media(color_scheme=theme)
    await stand.posts(*MESSAGE)
    await stand.client.chat_postEphemeral(
        channel=stand.workspace.channel("#finance").id, user=stand.workspace.person("ada").id, text="Quietly"
    )
    await stand.ada.sees("Quietly")
    await _is_open_to_all(page)
    await page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    await page.get_by_role("button", name="Channels and apps").click()
    await _is_open_to_all(page)
    await page.get_by_role("button", name="Channels and apps").click()
    await stand.opens(FORM)
    await stand.ada.clicks("Save")
    await stand.ada.sees("Please complete this required field.")
    await _is_open_to_all(page)
    await page.set_viewport_size(WIDE)  # type: ignore[arg-type]
    await page.get_by_role("combobox", name="Channel").click()
    await _is_open_to_all(page)


async def _is_open_to_all(page: Page) -> None:
    found = (await Axe().run(page)).response["violations"]
    bad = [one for one in found if one["impact"] in ("serious", "critical")]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in bad] == []
