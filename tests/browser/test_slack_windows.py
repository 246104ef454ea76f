"""Modals of the simulated Slack's page: the stack, errors, waiting, what is being typed, and focus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.slack_stand import Stand, standing
from tests.integration.sandbox_slack.fake_bot import actions, button, field, modal, section, text_input

pytestmark = pytest.mark.browser
FORM = modal("Edit", field("Name", text_input()), field("Total", text_input("total"), optional=True))


@pytest_asyncio.fixture(loop_scope="session")
async def stand(page: Page) -> AsyncIterator[Stand]:
    async with standing(page) as stand:
        yield stand


async def test_the_stack_goes_forward_and_back(stand: Stand) -> None:
    ada = stand.ada
    await stand.opens(FORM)
    await ada.fills("Name", "Acme")
    stand.answers("view_submission", {"response_action": "push", "view": modal("Second")})
    await ada.clicks("Save")
    await ada.sees_modal("Second")
    stand.answers("view_submission", {"response_action": "push", "view": modal("Third")})
    await ada.clicks("Save")
    await ada.sees_modal("Third")
    await ada.clicks("Back")
    await ada.sees_modal("Second")
    await ada.closes()
    await ada.sees_modal("Edit")
    assert await ada.value("Name") == "Acme"
    stand.answers("view_submission", {"response_action": "push", "view": modal("Again")})
    await ada.clicks("Save")
    await ada.sees_modal("Again")
    await ada.clicks("Close all")
    await ada.sees_no_modal()


async def test_what_is_wrong_stands_under_its_field(stand: Stand) -> None:
    ada = stand.ada
    await stand.opens(FORM)
    await ada.clicks("Save")
    await ada.sees("Please complete this required field.")
    name = ada.page.get_by_label("Name")
    await expect(name).to_be_focused()
    await expect(name).to_have_accessible_description("Please complete this required field.")
    assert [one["kind"] for one in stand.bot.received] == ["command"]
    stand.answers("view_submission", {"response_action": "errors", "errors": {"total": "Not a number."}})
    await ada.fills("Name", "Acme")
    await ada.fills("Total", "x")
    await ada.clicks("Save")
    await ada.sees("Not a number.")
    await ada.no_longer_sees("Please complete")
    assert (await ada.value("Name"), await ada.value("Total")) == ("Acme", "x")


async def test_waiting_is_shown_and_trouble_is_said(stand: Stand) -> None:
    ada = stand.ada
    await stand.opens(FORM)
    await ada.fills("Name", "Acme")
    submit = ada.page.get_by_role("button", name="Save")
    held = asyncio.Event()

    async def late(_body: dict[str, Any]) -> dict[str, str]:
        await held.wait()
        return {"response_action": "nonsense"}

    stand.bot.on("view_submission", late)
    await submit.click()
    await expect(submit).to_have_attribute("aria-busy", "true")
    await submit.click()
    held.set()
    await ada.sees("We had some trouble connecting. Try again?")
    await expect(submit).not_to_have_attribute("aria-busy", "true")
    assert [one["kind"] for one in stand.bot.received].count("view_submission") == 1


async def test_a_changed_window_leaves_what_is_being_typed_alone(stand: Stand) -> None:
    ada = stand.ada
    ts = await stand.posts(section("Before"))
    await stand.opens(FORM)
    name = ada.page.get_by_label("Name")
    await name.press_sequentially("Acme Paper")
    await name.press("ArrowLeft")
    view = stand.workspace.stacks[stand.workspace.person("ada").id][0]
    changed = {**FORM, "blocks": [section("Looked up"), *FORM["blocks"]]}
    await stand.client.views_update(view_id=view.id, view=changed)
    await stand.edits(ts, section("After"))
    await ada.sees("Looked up")
    await expect(name).to_be_focused()
    await name.press_sequentially("!")
    await ada.clicks("Save")
    await ada.sees_no_modal()
    assert stand.state("name", "text")["value"] == "Acme Pape!r"
    await ada.sees("After")


async def test_focus_stays_within_and_goes_back(stand: Stand) -> None:
    ada = stand.ada
    await stand.posts(actions(button("Edit", "edit")))

    async def opens(body: dict[str, Any]) -> None:
        await stand.client.views_open(trigger_id=body["trigger_id"], view=FORM)

    stand.bot.on("block_actions", opens)
    await ada.clicks("Edit")
    await ada.sees_modal("Edit")
    await expect(ada.page.get_by_label("Name")).to_be_focused()
    for _ in range(12):
        await ada.page.keyboard.press("Tab")
        assert await ada.page.evaluate(
            "document.activeElement === document.body || Boolean(document.activeElement.closest('dialog'))"
        )
    await ada.closes()
    await ada.sees_no_modal()
    await expect(ada.page.get_by_role("button", name="Edit")).to_be_focused()
