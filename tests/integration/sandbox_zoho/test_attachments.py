"""The simulated Zoho Books takes files as the real one: multipart, types and size as documented."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.sandbox.zoho_books import Books
from tests.integration.sandbox_zoho.conftest import ALL, Answer, Caller, a_bill, an_expense

PDF = b"%PDF-1.4 bytes \x00\xff"
LARGEST = 10 * 1024 * 1024


async def attach(
    caller: Caller, path: str, part: str, name: str, content: bytes = PDF, *, token: str = "", **fields: str
) -> Answer:
    files = {part: (name, content, "application/pdf")}
    return await caller._call(
        "POST", path, token, params={"organization_id": "60001"}, files=files, data=fields
    )


async def a_record(caller: Caller, kind: str) -> str:
    body = a_bill(caller) if kind == "bill" else an_expense(caller)
    assert (await caller.post(f"/{kind}s", body))[0] == 201
    return str(caller.last.json()[kind][f"{kind}_id"])


async def gets(caller: Caller, path: str) -> Any:
    return await caller.http.get(
        f"{caller.server.origin}/books/v3{path}",
        params={"organization_id": "60001"},
        headers={"Authorization": f"Zoho-oauthtoken {caller.token(ALL)}"},
    )


async def test_a_bill_keeps_each_file_byte_for_byte(caller: Caller) -> None:
    """C14: appended, never replaced."""
    bill = await a_record(caller, "bill")
    path = f"/bills/{bill}/attachment"
    assert await attach(caller, path, "attachment", "a.pdf") == (201, 0)
    assert await attach(caller, path, "attachment", "a.pdf", b"%PDF other") == (201, 0)
    row = (await gets(caller, f"/bills/{bill}")).json()["bill"]
    assert [(one["file_name"], one["file_size"]) for one in row["documents"]] == [
        ("a.pdf", len(PDF)), ("a.pdf", 10),
    ]  # fmt: skip
    assert row["has_attachment"] is True
    assert (await gets(caller, path)).content == b"%PDF other"
    first = row["documents"][0]["document_id"]
    page = f"{caller.server.origin}/app/60001/bills/{bill}/files"
    assert (await caller.http.get(f"{page}/{first}")).content == PDF
    thin = (await gets(caller, "/bills")).json()["bills"][0]
    assert "documents" not in thin


async def test_an_expense_has_one_receipt_that_a_second_one_replaces_and_several_attachments(
    caller: Caller,
) -> None:
    """C14."""
    expense = await a_record(caller, "expense")
    for name in ("a.pdf", "b.pdf"):
        assert await attach(caller, f"/expenses/{expense}/receipt", "receipt", name) == (201, 0)
    row = caller.held_out.rows["expenses"][0]
    assert [one["file_name"] for one in row["documents"]] == ["b.pdf"]
    assert row["expense_receipt_name"] == "b.pdf"
    path = f"/expenses/{expense}/attachment"
    assert await attach(caller, path, "attachment", "c.txt", totalFiles="1") == (200, 0)
    assert [one["file_name"] for one in row["documents"]] == ["b.pdf", "c.txt"]
    assert len(caller.books.files) == 2
    assert (await gets(caller, path)).json()["code"] == 5


@pytest.mark.parametrize(
    ("part", "name", "content", "fields", "answer"),
    [
        ("attachment", "a.tiff", PDF, {}, (400, 4)),
        ("attachment", "a.docx", PDF, {}, (400, 4)),
        ("attachment", "a", PDF, {}, (400, 4)),
        ("attachment", "a.pdf", b"", {}, (400, 4)),
        ("attachment", "a.pdf", b"x" * (LARGEST + 1), {}, (400, 4)),
        ("attachment", "a.pdf", b"x" * LARGEST, {}, (201, 0)),
        ("file", "a.pdf", PDF, {}, (400, 4)),
        ("attachment", "a.pdf", PDF, {"made_up": "1"}, (400, 15)),
    ],
)
async def test_what_is_not_documented_is_refused(
    caller: Caller, part: str, name: str, content: bytes, fields: dict[str, str], answer: Answer
) -> None:
    bill = await a_record(caller, "bill")
    assert await attach(caller, f"/bills/{bill}/attachment", part, name, content, **fields) == answer
    assert len(caller.held_out.rows["bills"][0].get("documents", [])) == (answer == (201, 0))


async def test_a_bill_that_is_paid_takes_no_more_files(caller: Caller) -> None:
    """C14: as the help of its sister product says; one that was paid in part does."""
    bill = await a_record(caller, "bill")
    path = f"/bills/{bill}/attachment"
    row = caller.held_out.find("bills", "bill_id", bill)
    assert row is not None
    row["status"] = "partially_paid"
    assert await attach(caller, path, "attachment", "a.pdf") == (201, 0)
    row["status"] = "paid"
    assert await attach(caller, path, "attachment", "b.pdf") == (400, 36023)
    assert [document["file_name"] for document in row["documents"]] == ["a.pdf"]


async def test_only_multipart_is_taken_and_only_for_a_record_that_is_there(caller: Caller) -> None:
    """The description types the file as a query parameter; it is not one."""
    bill = await a_record(caller, "bill")
    path = f"/bills/{bill}/attachment"
    assert await caller.post(path, {"attachment": "a.pdf"}) == (400, 4)
    assert await caller.post(path, b"%PDF") == (400, 1038)
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = await caller.http.post(
        f"{caller.server.origin}/books/v3{path}",
        params={"organization_id": "60001"},
        content=b"nonsense",
        headers=broken | {"Authorization": f"Zoho-oauthtoken {caller.token(ALL)}"},
    )
    assert answer.status_code == 400
    assert await attach(caller, "/bills/1/attachment", "attachment", "a.pdf") == (404, 1002)
    assert (await gets(caller, path)).status_code == 404


async def test_a_file_needs_the_right_to_create(caller: Caller) -> None:
    bill = await a_record(caller, "bill")
    read_only = caller.token("ZohoBooks.bills.READ")
    path = f"/bills/{bill}/attachment"
    assert await attach(caller, path, "attachment", "a.pdf", token=read_only) == (401, 57)


async def test_files_are_there_after_a_restart_and_calls_can_be_listed(
    caller: Caller, tmp_path: Path
) -> None:
    caller.books.state_file = tmp_path / "books.json"
    bill = await a_record(caller, "bill")
    await attach(caller, f"/bills/{bill}/attachment", "attachment", "a.pdf")
    again = Books(state_file=caller.books.state_file)
    again.load()
    assert list(again.files.values()) == [PDF]
    listed = (await caller.http.get(f"{caller.server.origin}/sandbox/calls")).json()
    assert listed[-1]["body"]["attachment"] == {"name": "a.pdf", "type": "application/pdf", "bytes": len(PDF)}
