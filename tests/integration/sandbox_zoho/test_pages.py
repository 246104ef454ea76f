"""The simulated Zoho Books as its user sees it: every list, every record, without a script in the browser."""

from __future__ import annotations

import io
import re

import httpx
import pypdf
import pytest

from bot.sandbox.visitor import Visitor
from bot.sandbox.zoho_books import ZohoServer, sample_books
from bot.sandbox.zoho_books.web.sections import DOCUMENTS, SECTIONS, in_groups
from tests.integration.sandbox_zoho.conftest import Caller, a_bill, an_expense

NASTY = "<img src=x onerror=alert(1)> & Sons"


@pytest.fixture
async def visitor(caller: Caller):
    async with Visitor() as visitor:
        await visitor.opens(f"{caller.server.origin}/app/60001")
        yield visitor


@pytest.fixture
async def lived_in():
    server = ZohoServer(sample_books(lived_in=True))
    await server.start()
    async with httpx.AsyncClient(trust_env=False, base_url=server.origin) as http:
        yield server.books, http
    await server.stop()


async def test_the_start_offers_every_organisation_and_who_may_sign_in(caller: Caller) -> None:
    async with Visitor() as visitor:
        text = await visitor.opens(caller.server.origin)
    assert "Simulated" in text
    assert "EUR · Ireland · 60002 Ada may sign in" in text
    assert "Tom's Tools GBP · United Kingdom · 60003 Tom may sign in" in text


async def test_the_navigation_leads_to_every_section(visitor: Visitor) -> None:
    start = visitor.address
    titles = [section.title for sections in in_groups().values() for section in sections]
    assert len(titles) == len(set(titles)) == 15
    for title in [*titles, "Dashboard", "Make trouble", "Calls"]:
        await visitor.opens(start)
        await visitor.follows(title)
        assert visitor.status == 200, title


async def test_a_search_finds_words_in_any_order_and_says_how_many(visitor: Visitor) -> None:
    await visitor.follows("Suppliers")
    assert "225 in all" in visitor.text
    text = await visitor.presses("Search", q="paper northwind")
    assert "1 of 225" in text
    assert "Northwind Paper Ltd" in text
    assert "Acme Paper Ltd" not in text
    assert "Nothing here matches “no such one”." in await visitor.presses("Search", q="no such one")


async def test_a_bills_page_has_its_lines_taxes_and_totals(caller: Caller, visitor: Visitor) -> None:
    line = {"tax_id": caller.id_of("taxes", "Standard Rate"), "description": "To the printer", "quantity": 2}
    bill = a_bill(caller, line=line, reference_number="item-7", due_date="2026-04-02")
    await caller.post("/bills", bill)
    text = await visitor.follows("Bills")
    assert "INV-001" in text
    text = await visitor.follows("INV-001")
    for words in (
        "Bill INV-001 Open", "Supplier Kestrel Taxis", "Date 3 Mar 2026", "Due 2 Apr 2026",
        "Reference item-7",
        "Travel To the printer 2 £120.50 Standard Rate (20%)", "Sum of lines £200.83",
        "Tax, in the prices £40.17", "Total £241.00", "Open £241.00", "No files.",
    ):  # fmt: skip
        assert words in text
    assert "Bill INV-001 Kestrel Taxis 3 Mar 2026 £241.00" in await visitor.follows("Kestrel Taxis")


async def test_a_record_that_is_used_often_shows_the_newest_and_says_so(
    caller: Caller, visitor: Visitor
) -> None:
    for day in range(1, 14):
        await caller.post("/bills", a_bill(caller, bill_number=f"N-{day:02}", date=f"2026-03-{day:02}"))
    text = await visitor.opens(f"/app/60001/accounts/{caller.id_of('accounts', 'Travel')}")
    assert "The newest 12 of 13." in text
    assert "N-13" in text
    assert "N-01" not in text


async def test_a_foreign_bill_is_in_its_own_currency_and_counts_in_the_organisations(
    caller: Caller, visitor: Visitor
) -> None:
    foreign = {"currency_id": caller.id_of("currencies", "EUR"), "exchange_rate": 0.5}
    await caller.post("/bills", a_bill(caller) | foreign)
    assert "Bills to pay £60.25 1 bill" in await visitor.opens("/app/60001")
    await visitor.follows("Bill INV-001")
    assert "Total €120.50" in visitor.text
    assert "1 EUR = 0.5 GBP" in visitor.text


async def test_an_expense_has_one_line_its_account_and_what_paid_it(caller: Caller, visitor: Visitor) -> None:
    vendor = {"vendor_id": caller.id_of("contacts", "Kestrel Taxis"), "description": "Station"}
    await caller.post("/expenses", an_expense(caller, **vendor))
    await visitor.follows("Expenses")
    await visitor.follows("Travel")
    assert "Paid through Petty Cash" in visitor.text
    assert "Travel Station 1 £18.40 No tax £18.40" in visitor.text
    await visitor.follows("Petty Cash")
    assert "Expense Kestrel Taxis 3 Mar 2026 £18.40" in visitor.text


@pytest.mark.parametrize(
    "path",
    ["/app/1", "/app/1/bills", "/app/1/bills/1", "/app/1/trouble", "/app/1/calls", "/app/60001/nonsense",
     "/app/60001/bills/1", "/app/60001/nonsense/1", "/app/60001/bills/1/files/1", "/app/1/bills/1/files/1"],
)  # fmt: skip
async def test_what_is_not_there_is_said_in_a_sentence(caller: Caller, path: str) -> None:
    async with Visitor() as visitor:
        text = await visitor.opens(f"{caller.server.origin}{path}")
    assert visitor.status == 404
    assert re.search(r"Not found There is no such .+\.", text)


@pytest.mark.parametrize(
    "spelt", ["bills", "contacts", "chartofaccounts", "vendors", "vendor_credits", "paymentsmade"]
)
async def test_zohos_own_spellings_of_an_address_lead_to_the_section(caller: Caller, spelt: str) -> None:
    answer = await caller.http.get(f"{caller.server.origin}/app/60001/{spelt}")
    assert answer.status_code == 200


async def test_a_contact_is_found_under_zohos_spelling_whichever_it_is(
    caller: Caller, visitor: Visitor
) -> None:
    for name, section in (("Kestrel Taxis", "Suppliers"), ("Harbour Books", "Customers")):
        await visitor.opens(f"/app/60001/contacts/{caller.id_of('contacts', name)}")
        assert f"{section} {name} Active" in visitor.text


async def test_text_from_outside_is_text_on_every_page(caller: Caller) -> None:
    assert await caller.post("/contacts", {"contact_name": NASTY, "contact_type": "vendor"}) == (201, 0)
    contact_id = caller.id_of("contacts", NASTY)
    line = {"description": NASTY}
    await caller.post("/bills", a_bill(caller, vendor_id=contact_id, bill_number=NASTY, line=line))
    bill_id = caller.held_out.rows["bills"][0]["bill_id"]
    records = (f"/bills/{bill_id}", f"/suppliers/{contact_id}")
    for path in ("", "/suppliers", "/bills", "/trouble", "/calls", f"/suppliers?q={NASTY}", *records):
        page = await caller.http.get(f"{caller.server.origin}/app/60001{path}")
        assert page.status_code == 200
        assert "<img src=x" not in page.text, path
        assert "&lt;img src=x" in page.text, path


async def test_pages_load_nothing_from_elsewhere_and_run_no_script_in_them(caller: Caller) -> None:
    for path in (
        "/app",
        "/app/60001",
        "/app/60001/trouble",
        "/app/60001/calls",
        "/app/60001/bills",
        "/app/1",
    ):
        page = await caller.http.get(f"{caller.server.origin}{path}")
        assert "default-src 'self'" in page.headers["content-security-policy"]
        assert page.headers["x-content-type-options"] == "nosniff"
        assert re.findall(r"(?:src|href)=\"(?:https?:)?//", page.text) == []
        assert re.findall(r"<script>|<style|\son\w+=|style=", page.text) == []
        for asset in re.findall(r"/static/[\w.]+", page.text):
            assert (await caller.http.get(f"{caller.server.origin}{asset}")).status_code == 200


async def test_the_files_of_a_record_are_shown_and_kept_under_their_names(
    caller: Caller, visitor: Visitor
) -> None:
    await caller.post("/bills", a_bill(caller))
    bill_id = caller.held_out.rows["bills"][0]["bill_id"]
    content = {
        "receipt.png": b"\x89PNG....",
        "faktúra ünd.pdf": b"%PDF-1.7",
        "page.html": b"<script>alert(1)</script>",
    }
    caller.held_out.rows["bills"][0]["documents"] = [
        {"document_id": str(number), "file_name": name, "file_size": len(file)}
        for number, (name, file) in enumerate(content.items())
    ]
    caller.books.files = {str(number): file for number, file in enumerate(content.values())}
    await visitor.opens(f"/app/60001/bills/{bill_id}")
    for number, (name, file) in enumerate(content.items()):
        assert name in visitor.text
        where = visitor.link(f"Open {name} in a new tab")
        answer = await caller.http.get(where)
        assert answer.content == file
        assert answer.headers["x-content-type-options"] == "nosniff"
        kept = await caller.http.get(visitor.link(f"Download {name}"))
        assert kept.headers["content-disposition"].startswith("attachment;")
        if number == 2:
            assert answer.headers["content-disposition"].startswith("attachment;")
            assert answer.headers["content-type"] == "application/octet-stream"


async def test_every_record_of_the_lived_in_books_has_a_page(lived_in) -> None:
    """Of every kind there is at least one."""
    books, http = lived_in
    organisation = books.organisations[0]
    for section in SECTIONS:
        listed = await http.get(f"/app/60001/{section.slug}")
        rows = section.rows(organisation)
        assert rows, section.slug
        for row in rows[:: max(1, len(rows) // 8)]:
            address = f"/app/60001/{section.slug}/{section.id_of(row)}"
            assert address in listed.text
            page = await http.get(address)
            assert page.status_code == 200
            assert "None" not in re.sub(r"<pre.*?</pre>", "", page.text, flags=re.DOTALL)


async def test_the_lived_in_books_add_up(lived_in) -> None:
    books, _ = lived_in
    for organisation in books.organisations:
        ids = [section.id_of(row) for section in DOCUMENTS for row in section.rows(organisation)]
        assert len(ids) == len(set(ids)) > 50
        for bill in organisation.rows["bills"]:
            paid = sum(
                one["amount_applied"]
                for payment in organisation.rows["vendorpayments"]
                for one in payment["bills"]
                if one["bill_id"] == bill["bill_id"]
            )
            assert bill["balance"] == pytest.approx(bill["total"] - paid)
        for kind in ("bills", "invoices", "salesreceipts", "creditnotes", "vendorcredits"):
            for row in organisation.rows[kind]:
                net = sum(line["item_total"] for line in row["line_items"])
                assert row["total"] == pytest.approx(net + row["tax_total"])
                assert row["date"] <= row["created_time"][:10]


async def test_the_bills_of_the_lived_in_books_have_their_invoice_as_a_pdf(lived_in) -> None:
    books, http = lived_in
    for bill in books.organisations[0].rows["bills"]:
        (document,) = bill["documents"]
        file = await http.get(f"/app/60001/bills/{bill['bill_id']}/files/{document['document_id']}")
        assert file.headers["content-type"] == "application/pdf"
        text = pypdf.PdfReader(io.BytesIO(file.content)).pages[0].extract_text()
        assert f"Invoice {bill['bill_number']}" in text
        assert bill["vendor_name"] in text
        assert f"GBP {bill['total']:.2f}" in text


def test_books_are_lived_in_only_on_order() -> None:
    """Whoever counts records counts their own."""
    assert sample_books().organisations[0].rows["bills"] == []
    assert len(sample_books(lived_in=True).organisations[0].rows["bills"]) > 20


async def test_the_calls_page_shows_the_newest_first_and_the_quota(caller: Caller, visitor: Visitor) -> None:
    await caller.get("/contacts", contact_name="Acme")
    await caller.post("/bills", a_bill(caller))
    await caller.post("/bills", a_bill(caller))
    await caller.get("/contacts", organisation="60002")
    text = await visitor.follows("Calls")
    assert "3 of 10,000 calls used today, 9,997 left" in text
    assert text.index("POST /bills 400 13011: The bill number INV-001") < text.index("POST /bills 201")
    assert text.index("POST /bills 201") < text.index("GET /contacts 200 success")
    assert text.count("GET /contacts") == 1
    assert '"bill_number": "INV-001"' in text
    text = await visitor.follows("Failed only")
    assert "POST /bills 201" not in text
    assert "13011" in text
    assert "No calls yet." in await visitor.presses("Empty the list")
