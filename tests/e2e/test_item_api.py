"""Journeys of items that come from outside or by hand: HTTP in, a card, a record with its files."""

from __future__ import annotations

import asyncio
import base64
import io
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from PIL import Image

from bot.sandbox.slack import Person
from bot.sandbox.zoho_books.books import Trouble
from tests.e2e.stage import Stage

PDF = b"%PDF-1.4\n" + bytes(range(256)) * 40 + b"\n%%EOF\n"
ITEM = {
    "external_id": "Z-1", "side": "cost", "type": "invoice", "supplier": "Northwind Paper Ltd",
    "document_number": "NW-1001", "date": "2026-03-03", "due_date": "2026-04-02", "currency": "GBP",
    "total": "144.00", "tax_amount": "24.00", "category": "429 - Office Supplies",
}  # fmt: skip


def a_file(name: str, content: bytes) -> dict[str, str]:
    return {"filename": name, "content": base64.b64encode(content).decode()}


def a_tiff() -> bytes:
    picture = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(picture, "TIFF")
    return picture.getvalue()


async def makes_a_key(ada: Person, name: str = "Zapier") -> str:
    await ada.runs("/dext api-key")
    await ada.sees_modal("API keys")
    await ada.fills("Name", name)
    await ada.clicks("Make a key")
    await ada.sees("Copy it now")
    found = re.search(r"dxt_\w+", ada.screen())
    assert found is not None
    return found[0]


async def posts(stage: Stage, key: str, body: Any, **headers: str) -> httpx.Response:
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.post(
            f"{stage.url}/api/v1/items", json=body, headers={"Authorization": f"Bearer {key}", **headers}
        )


async def until(look: Callable[[], Awaitable[bool]], seconds: float = 30, pause: float = 0.1) -> None:
    async with asyncio.timeout(seconds):
        while not await look():  # noqa: ASYNC110 - the books are plain data
            await asyncio.sleep(pause)


async def test_an_item_from_outside_becomes_a_bill_with_its_files(stage: Stage) -> None:
    """C14 S1: HTTP in, its card, **Publish**, a bill whose files are byte for byte what was sent; a picture
    or page that Zoho Books does not take arrives as a PDF; what cannot be sent is said, and what to do."""
    ada = stage.person("ada")
    await stage.connects(ada)
    key = await makes_a_key(ada)
    await ada.closes(everything=True)
    files = [a_file("NW 1001.pdf", PDF), a_file("scan.tiff", a_tiff()), a_file("page.html", b"<p>hello</p>")]
    files.append(a_file("notes.docx", b"PK\x03\x04"))
    answer = await posts(stage, key, ITEM | {"attachments": files})
    assert answer.status_code == 201, answer.text
    (one,) = answer.json()["items"]
    assert (one["external_id"], one["status"], one["missing"]) == ("Z-1", "ready", [])
    await ada.sees("From Zapier (item API)")
    await ada.sees("NW 1001.pdf · scan.tiff · page.html · notes.docx")
    calls = len(stage.books.calls)
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill NW-1001")
    await ada.sees("notes.docx was not sent: DOCX files are not taken by Zoho Books")
    await ada.sees("Save it as PDF and add that to the record")
    assert "Retry" not in ada.buttons()
    (bill,) = stage.held_out.rows["bills"]
    names = {document["file_name"]: document["document_id"] for document in bill["documents"]}
    assert list(names) == ["NW 1001.pdf", "scan.tiff.pdf", "page.html.pdf"]
    assert stage.books.files[names["NW 1001.pdf"]] == PDF
    assert stage.books.files[names["scan.tiff.pdf"]].startswith(b"%PDF-")
    made = [(call.method, call.path.rpartition("/")[2]) for call in stage.books.calls[calls:]]
    assert made == [("POST", "bills"), *[("POST", "attachment")] * 3]
    async with httpx.AsyncClient(trust_env=False) as http:
        address = f"{stage.url}/api/v1/items/{one['id']}"
        state = (await http.get(address, headers={"Authorization": f"Bearer {key}"})).json()
    assert state["status"] == "published"
    assert state["link"] == state["publication"]["link"]
    assert [file["state"] for file in state["attachments"]] == ["sent", "sent", "sent", "refused"]
    again = await posts(stage, key, ITEM | {"total": "1.00"})
    assert (again.status_code, again.json()["items"][0]["status"]) == (200, "published")
    assert len(stage.held_out.rows["bills"]) == 1
    assert key not in stage.log
    assert key not in stage.said_in_slack()


async def test_a_kill_while_a_file_is_being_sent_makes_one_attachment(stage: Stage) -> None:
    """C14: killed after Zoho wrote and before we heard: the record is looked at, nothing is sent again."""
    ada = stage.person("ada")
    ada.patience = 60.0
    await stage.connects(ada)
    key = await makes_a_key(ada)
    await ada.closes(everything=True)
    came_in = await posts(stage, key, ITEM | {"attachments": [a_file("NW-1001.pdf", PDF)]})
    address = f"{stage.url}/api/v1/items/{came_in.json()['items'][0]['id']}"
    stage.books.troubles.append(Trouble(path="/attachment", after_write=True, delay_seconds=5))
    await ada.clicks("Publish", within="Northwind Paper Ltd")

    async def written() -> bool:
        return bool(stage.books.files)

    await until(written)
    await stage.kill_bot()
    await stage.start_bot()

    async def sent() -> bool:
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.get(address, headers={"Authorization": f"Bearer {key}"})
            return bool(answer.json()["attachments"][0]["state"] == "sent")

    await until(sent, 90, pause=2)
    assert list(stage.books.files.values()) == [PDF]
    uploads = [call for call in stage.books.calls if call.method == "POST" and "attachment" in call.path]
    assert len(uploads) == 1


async def test_a_key_is_shown_once_listed_used_and_withdrawn(stage: Stage) -> None:
    """C14: several items of one request come as one summary; a withdrawn key opens nothing."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    key = await makes_a_key(ada, "Make & co")
    await ada.closes(everything=True)
    await ada.runs("/dext api-key")
    await ada.sees(f"dxt_…{key[-4:]}")
    await ada.sees("never used")
    assert key not in ada.screen()
    await ada.closes(everything=True)
    batch = {
        "items": [ITEM, ITEM | {"external_id": "Z-2", "document_number": "NW-2"}, {"external_id": "Z-3"}]
    }
    answer = await posts(stage, key, batch)
    assert answer.status_code == 207
    assert [one["result"] for one in answer.json()["items"]] == ["created", "created", "refused"]
    await ben.sees("2 items from Make & co (item API)")
    await ada.clicks("Publish all")
    await ada.sees("2 published")
    assert {row["bill_number"] for row in stage.held_out.rows["bills"]} == {"NW-1001", "NW-2"}
    await ben.runs("/dext api-key")
    await ben.sees("Only an Admin can look after API keys")
    await ada.runs("/dext api-key")
    await ada.sees("last used")
    await ada.clicks("Withdraw")
    await ada.confirms()
    await ada.sees("No keys yet")
    refused = await posts(stage, key, ITEM)
    assert refused.status_code == 401
    assert "withdrawn" in refused.json()["detail"]


async def test_files_go_before_the_payment_and_one_that_does_not_is_named(stage: Stage) -> None:
    """C14: the paid bill has the files that went first; a later **Retry** says plainly that it is paid."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.chooses("Paid costs become", "Bill with payment")
    await ada.clicks("Save")
    key = await makes_a_key(ada)
    await ada.closes(everything=True)
    files = [a_file("NW-1001.pdf", PDF), a_file("copy.pdf", PDF + b" ")]
    paid = {"paid": True, "payment_account": "Petty Cash", "attachments": files}
    assert (await posts(stage, key, ITEM | paid)).status_code == 201
    stage.books.troubles.append(Trouble(path="/attachment", status=400, code=4, message="Not so."))
    calls = len(stage.books.calls)
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Published as bill with payment NW-1001")
    await ada.sees("NW-1001.pdf was not sent: ")
    made = [call.path.rpartition("/")[2] for call in stage.books.calls[calls:]]
    assert made == ["bills", "attachment", "attachment", "vendorpayments"]
    await ada.clicks("Retry", within="NW-1001.pdf")
    await ada.sees("Files cannot be attached to a bill that is paid.")
    await ada.sees("Press Undo and publish it again: its files then go before the payment.")
    (bill,) = stage.held_out.rows["bills"]
    assert [document["file_name"] for document in bill["documents"]] == ["copy.pdf"]
    assert (bill["status"], len(stage.held_out.rows["vendorpayments"])) == ("paid", 1)


async def test_an_item_added_by_hand_comes_as_a_card_with_its_file(stage: Stage) -> None:
    """C14: wrong values under their fields; the file goes along to the expense."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await stage.connects(ada)
    await ben.runs("/dext add")
    await ben.sees_modal("Add item")
    await ben.chooses("Type", "Receipt")
    await ben.chooses("Supplier", "Kestrel Taxis", typed="kes")
    await ben.fills("Total", "a lot")
    await ben.fills("Currency", "quid"[:3])
    await ben.clicks("Add")
    await ben.sees("“a lot” is not an amount")
    await ben.sees("Not a currency")
    await ben.fills("Total", "18.40")
    await ben.fills("Currency", "gbp")
    await ben.fills("Date", "2026-03-05")
    await ben.chooses("Category", "Travel", typed="tra")
    await ben.uploads("Files", PDF, "taxi.pdf")
    await ben.clicks("Add")
    await ada.sees("Added by @ben")
    await ada.sees("taxi.pdf")
    await ada.clicks("Edit", within="Kestrel Taxis")
    await ada.chooses("Payment account", "Petty Cash", typed="pet")
    await ada.clicks("Save")
    await ada.clicks("Publish", within="Kestrel Taxis")
    await ada.sees("Published as expense")

    async def sent() -> bool:
        return bool(stage.books.files)

    await until(sent)
    (expense,) = stage.held_out.rows["expenses"]
    assert expense["expense_receipt_name"] == "taxi.pdf"
    assert list(stage.books.files.values()) == [PDF]
