"""The page "Make trouble" in a real browser: each button is pressed, then the API is called."""

from __future__ import annotations

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Locator, Page, expect

from tests.browser.zoho_side import Zoho, zoho

__all__ = ["zoho"]


@pytest_asyncio.fixture(loop_scope="session")
async def trouble(page: Page, zoho: Zoho) -> Page:
    await page.goto(zoho.app)
    await page.get_by_role("banner").get_by_role("link", name="Make trouble").click()
    await expect(page.get_by_role("heading", name="Make trouble")).to_be_visible()
    return page


def box(page: Page, heading: str) -> Locator:
    """The form under that heading."""
    return page.locator("form").filter(has=page.get_by_role("heading", name=heading, exact=True))


async def test_going_down_until_cleared_is_seen_everywhere_and_cleared(trouble: Page, zoho: Zoho) -> None:
    form = box(trouble, "Go down")
    await form.get_by_label("until cleared").check()
    await expect(form.get_by_label("calls")).to_be_disabled()
    await form.get_by_role("button").click()
    await expect(trouble.get_by_role("status").first).to_have_text(
        "Armed: Zoho Books is down (503), until it is cleared."
    )
    assert await zoho.calls("GET", "/contacts") == (503, 1000)
    await trouble.get_by_role("link", name="Bills").click()
    await trouble.get_by_role("link", name="1 trouble armed").click()
    await trouble.get_by_role("button", name="Clear all").click()
    await expect(trouble.get_by_text("Nothing is armed now.")).to_be_visible()
    assert await zoho.calls("GET", "/contacts") == (200, 0)


async def test_what_is_used_up_leaves_the_page_by_itself(trouble: Page, zoho: Zoho) -> None:
    form = box(trouble, "Throttle")
    await form.get_by_label("Code").select_option("45")
    await form.get_by_label("For").fill("2")
    await form.get_by_role("button").click()
    armed = trouble.get_by_role("region", name="Armed now")
    await expect(armed).to_contain_text("Too many calls (429, code 45) next 2 calls")
    assert await zoho.calls("GET", "/contacts") == (429, 45)
    await expect(armed).to_contain_text("next call")
    assert await zoho.calls("GET", "/contacts") == (429, 45)
    await expect(armed).to_contain_text("Nothing.")
    assert await zoho.calls("GET", "/contacts") == (200, 0)


async def test_a_bill_is_refused_then_one_is_lost_then_all_is_well(trouble: Page, zoho: Zoho) -> None:
    form = box(trouble, "Refuse a bill")
    await form.get_by_label("Because").select_option("The period is locked")
    await form.get_by_role("button").click()
    await expect(trouble.get_by_text("Armed:")).to_be_visible()
    assert await zoho.books_a_bill("AP-1") == (400, 1070001)
    await box(trouble, "Lose an answer").get_by_role("button").click()
    await expect(trouble.get_by_text("its answer is lost, next call")).to_be_visible()
    with pytest.raises(httpx.RemoteProtocolError):
        await zoho.books_a_bill("AP-1")
    assert await zoho.books_a_bill("AP-1") == (400, 13011)
    await trouble.get_by_role("link", name="Calls").click()
    rows = trouble.get_by_role("table").get_by_role("row")
    await expect(rows.nth(1)).to_contain_text("13011")
    await expect(rows.nth(2)).to_contain_text("Lost")
    await expect(rows.nth(3)).to_contain_text("1070001")


async def test_answers_come_late(trouble: Page, zoho: Zoho) -> None:
    form = box(trouble, "Answer slowly")
    await form.get_by_label("Late by").fill("0.4")
    await form.get_by_role("button").click()
    await expect(trouble.get_by_text("Answers come 0.4 s late").first).to_be_visible()
    with pytest.raises(httpx.ReadTimeout):
        await zoho.calls("GET", "/contacts", timeout=0.2)


async def test_consent_is_withdrawn(trouble: Page, zoho: Zoho) -> None:
    form = box(trouble, "Withdraw consent")
    await expect(form).to_contain_text("Ada gave it.")
    assert await zoho.calls("GET", "/contacts") == (200, 0)
    await form.get_by_role("button").click()
    await expect(box(trouble, "Withdraw consent")).to_contain_text("Nobody has given any.")
    assert await zoho.calls("GET", "/contacts") == (401, 57)


async def test_access_runs_out(trouble: Page, zoho: Zoho) -> None:
    await box(trouble, "Let access run out").get_by_role("button").click()
    await expect(trouble.get_by_text("The access tokens have run out.")).to_be_visible()
    assert await zoho.calls("GET", "/contacts") == (401, 57)
    assert zoho.books.refresh_tokens


async def test_the_books_change_behind_the_apps_back(trouble: Page, zoho: Zoho) -> None:
    form = box(trouble, "Rename an account")
    await form.get_by_label("Account").select_option("Travel")
    await form.get_by_label("New name").fill("Trains and taxis")
    await form.get_by_role("button").click()
    await expect(trouble.get_by_text("Travel is now Trains and taxis")).to_be_visible()
    form = box(trouble, "Archive or restore a tax")
    await form.get_by_label("Tax").select_option("Reduced Rate")
    await form.get_by_role("button", name="Archive tax").click()
    await expect(trouble.get_by_text("Reduced Rate is inactive now.")).to_be_visible()
    form = box(trouble, "Make a supplier inactive")
    await form.get_by_label("Supplier").fill("Kestrel Taxis")
    await form.get_by_role("button", name="Make inactive").click()
    await expect(trouble.get_by_text("Kestrel Taxis is inactive now.")).to_be_visible()

    await zoho.calls("GET", "/chartofaccounts")
    accounts = {row["account_name"] for row in zoho.last["chartofaccounts"]}
    assert "Trains and taxis" in accounts
    assert "Travel" not in accounts
    await zoho.calls("GET", "/settings/taxes")
    assert "Reduced Rate" not in {row["tax_name"] for row in zoho.last["taxes"]}
    await zoho.calls("GET", "/contacts")
    assert "Kestrel Taxis" not in {row["contact_name"] for row in zoho.last["contacts"]}


async def test_a_half_filled_form_survives_what_happens_meanwhile(trouble: Page, zoho: Zoho) -> None:
    """The page follows the books, but never what a person is writing."""
    name = box(trouble, "Rename an account").get_by_label("New name")
    await name.fill("Half writ")
    zoho.books.withdraw_consent()
    await expect(box(trouble, "Withdraw consent")).to_contain_text("Nobody has given any.")
    await expect(name).to_have_value("Half writ")
    await expect(name).to_be_focused()
