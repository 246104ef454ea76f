"""Simulated Zoho Books in a real browser: consent, search, live lists, records, by what a person sees."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Browser, Page, expect

from tests.browser.conftest import NARROW, WIDE
from tests.browser.zoho_side import Zoho, zoho

__all__ = ["zoho"]
NASTY = "<img src=x onerror=window.harmed=1>"
SERIOUS = {"serious", "critical"}


def consent_address(zoho: Zoho) -> str:
    """The app's question; the answer goes back to a page that is here."""
    return (
        f"{zoho.origin}/oauth/v2/auth?response_type=code&client_id={zoho.books.client_id}"
        f"&scope=ZohoBooks.bills.CREATE,ZohoBooks.bills.READ,ZohoBooks.settings.READ"
        f"&redirect_uri={zoho.origin}/app&access_type=offline&prompt=consent&state=s"
    )


async def test_signing_in_says_who_which_app_and_which_rights(page: Page, zoho: Zoho) -> None:
    await page.goto(consent_address(zoho))
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Dext for Slack would like to use your Zoho Books"
    )
    await expect(page.get_by_role("list")).to_contain_text("Add and see bills")
    await expect(page.get_by_role("list")).to_contain_text("See organisations, taxes")
    await expect(page.get_by_text("ZohoBooks.bills.CREATE")).to_be_hidden()
    await page.get_by_text("As Zoho spells these rights").click()
    await expect(page.get_by_text("ZohoBooks.bills.CREATE")).to_be_visible()
    await page.get_by_label("Tom").check()
    await page.get_by_role("button", name="Accept").click()
    await expect(page.get_by_role("heading", name="Choose an organisation")).to_be_visible()
    back = parse_qs(urlsplit(page.url).query)
    assert back["state"] == ["s"]
    assert zoho.books.codes[back["code"][0]]["person"] == "tom@held-out.example"


async def test_signing_in_works_by_keyboard_alone_and_can_be_refused(page: Page, zoho: Zoho) -> None:
    await page.goto(consent_address(zoho))
    for key in ("Tab", "ArrowDown", "Tab", "Tab", "Tab"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("button", name="Reject")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Choose an organisation")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query)["error"] == ["access_denied"]
    assert zoho.books.codes == {}


async def test_a_supplier_is_found_while_typing(page: Page, zoho: Zoho) -> None:
    await page.goto(zoho.app)
    await page.get_by_role("link", name="Suppliers").click()
    await expect(page.get_by_text("225 in all")).to_be_visible()
    search = page.get_by_label("Search suppliers")
    await search.press_sequentially("harbour pr")
    await expect(page.get_by_text("1 of 225")).to_be_visible()
    await expect(search).to_be_focused()
    await page.get_by_role("link", name="Harbour Print Works").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Harbour Print Works")
    await expect(page.get_by_role("table", name="Used in")).to_contain_text("Bill HPW-329")


async def test_a_bill_appears_by_itself_and_its_page_has_its_lines(page: Page, zoho: Zoho) -> None:
    await page.goto(zoho.app)
    recent = page.get_by_role("table", name="Recorded last")
    await expect(recent).not_to_contain_text("AP-1")
    tax = zoho.id_of("taxes", "tax", "Standard Rate")
    assert await zoho.books_a_bill("AP-1", tax_id=tax, description="Two fares") == (201, 0)
    await expect(recent).to_contain_text("Bill AP-1")
    await expect(page.get_by_text("New: bill AP-1 of Kestrel Taxis, £120.00.")).to_be_attached()
    await page.get_by_role("link", name="Bill AP-1").click()
    lines = page.get_by_role("table", name="Lines")
    await expect(lines.get_by_role("row")).to_have_text(
        [
            "Account Description Quantity Price Tax Net amount",
            "Travel Two fares 1 £100.00 Standard Rate (20%) £100.00",
        ],
        use_inner_text=True,
    )
    await expect(page.get_by_text("£120.00")).to_have_count(3)


async def test_an_open_list_follows_and_keeps_the_place_of_the_keyboard(page: Page, zoho: Zoho) -> None:
    await page.goto(f"{zoho.app}/bills")
    link = page.get_by_role("link", name="HB-04")
    await link.focus()
    await zoho.books_a_bill("AP-1")
    await expect(page.get_by_role("link", name="AP-1")).to_be_visible()
    await expect(link).to_be_focused()
    await expect(page.get_by_text("23 in all")).to_be_visible()


async def test_what_was_opened_stays_open_while_calls_come_in(page: Page, zoho: Zoho) -> None:
    await zoho.books_a_bill("AP-1")
    await page.goto(f"{zoho.app}/calls")
    await page.get_by_text("Show").click()
    sent = page.get_by_label("What was sent")
    await expect(sent).to_contain_text('"bill_number": "AP-1"')
    await sent.evaluate("one => { one.seen = true }")
    await page.wait_for_timeout(2000)
    assert await sent.evaluate("one => one.seen"), "nothing came, so nothing may be replaced"
    await zoho.calls("GET", "/projects")
    await expect(page.get_by_text("GET /projects")).to_be_visible()
    await expect(sent).to_be_visible()


@pytest.mark.parametrize("kind", ["bills", "expenses", "invoices", "vendorpayments", "contacts"])
async def test_zohos_own_address_of_a_record_leads_to_its_page(page: Page, zoho: Zoho, kind: str) -> None:
    """The link "View in Zoho Books" has this form."""
    key = {"vendorpayments": "payment_id"}.get(kind, f"{kind.removesuffix('s')}_id")
    row = zoho.books.organisations[0].rows[kind][0]
    await page.goto(f"{zoho.app}#/{kind}/{row[key]}")
    name = row.get("bill_number") or row.get("invoice_number") or row.get("contact_name") or ""
    await expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    assert row[key] in page.url


async def test_a_second_such_address_in_the_same_tab_leads_on_too(page: Page, zoho: Zoho) -> None:
    first, second = zoho.books.organisations[0].rows["bills"][:2]
    for bill in (first, second):
        await page.goto(f"{zoho.app}#/bills/{bill['bill_id']}")
        await expect(page.get_by_role("heading", level=1)).to_contain_text(bill["bill_number"])


async def test_text_from_outside_does_nothing_but_stand_there(page: Page, zoho: Zoho) -> None:
    await page.goto(f"{zoho.app}/suppliers")
    contact = {"contact_name": NASTY, "contact_type": "vendor"}
    assert await zoho.calls("POST", "/contacts", json=contact) == (201, 0)
    await expect(page.get_by_role("link", name=NASTY)).to_be_visible()
    await zoho.books_a_bill(NASTY, NASTY, description=NASTY)
    for path in ("", "/bills", "/calls", "/trouble"):
        await page.goto(f"{zoho.app}{path}")
        await expect(
            page.get_by_text(NASTY).or_(page.locator(f'option[value="{NASTY}"]')).first
        ).to_be_attached()
    assert await page.evaluate("window.harmed") is None


async def test_a_page_says_when_the_books_are_out_of_reach(page: Page, zoho: Zoho) -> None:
    await page.goto(f"{zoho.app}/bills")
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()
    await page.context.set_offline(True)
    await expect(page.get_by_text("Not reached, trying again")).to_be_visible()
    await page.context.set_offline(False)
    await expect(page.get_by_text("Live", exact=True)).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
async def test_every_kind_of_page_is_usable_by_everyone(browser: Browser, zoho: Zoho, size, theme) -> None:
    """axe-core finds nothing, and nothing is wider than the window."""
    organisation = zoho.books.organisations[0]
    await zoho.books_a_bill("AP-1")
    await zoho.books_a_bill("AP-1")
    await zoho.calls("GET", "/taxes")
    organisation.rows["bills"][0]["documents"] = [
        {"document_id": "1", "file_name": "invoice.pdf", "file_size": 8}
    ]
    paths = [
        "/app", "/app/1", "/app/60001", "/app/60001/trouble", "/app/60001/calls", "/app/60001/suppliers",
        f"/app/60001/bills/{organisation.rows['bills'][0]['bill_id']}",
        f"/app/60001/accounts/{organisation.rows['accounts'][0]['account_id']}",
    ]  # fmt: skip
    context = await browser.new_context(viewport=size, color_scheme=theme)
    page = await context.new_page()
    for address in [consent_address(zoho), *(f"{zoho.origin}{path}" for path in paths)]:
        await page.goto(address)
        found = (await Axe().run(page)).response["violations"]
        assert [(one["id"], one["impact"]) for one in found if one["impact"] in SERIOUS] == [], address
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    await context.close()


async def test_on_a_narrow_page_the_menu_opens_by_keyboard(browser: Browser, zoho: Zoho) -> None:
    context = await browser.new_context(viewport=NARROW)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(zoho.app)
    bills = page.get_by_role("navigation").get_by_role("link", name="Bills")
    await expect(bills).to_be_hidden()
    await page.get_by_text("Menu").focus()
    await page.keyboard.press("Enter")
    await bills.focus()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Bills")).to_be_visible()
    await context.close()
