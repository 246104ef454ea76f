"""Files of records: multipart only, types and size as documented, each a document of its record.

https://www.zoho.com/books/api/v3/bills/#add-attachment-to-a-bill , …/expenses/#add-receipt-to-an-expense
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request

from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.rules import Refusal

LARGEST = 10 * 1024 * 1024
MOST = 20
PICTURES = {"gif", "png", "jpeg", "jpg", "bmp", "pdf"}
OFFICE = {"xls", "xlsx", "doc", "docx"}
NOT_FOUND = 404
BILL_IS_PAID = 36023
"""“Files cannot be attached or added to paid bills”, says the help of Zoho Inventory, which has its bills in
common with Books (https://www.zoho.com/us/inventory/kb/bill/bill-attachment.html). The number is made up: no
page names one."""


@dataclass(frozen=True)
class Place:
    """A path that takes files, and what it takes."""

    path: str
    kind: str
    key: str
    part: str
    types: frozenset[str]
    says: str
    status: int = 201
    replaces: bool = False
    fields: frozenset[str] = frozenset()
    can_be_read: bool = True
    family: str = ""
    """Of scopes, where it is not called like the rows."""

    @property
    def scope(self) -> str:
        return self.family or self.kind


PLACES = (
    Place("/vendorcredits/{id}/attachment", "vendorcredits", "vendor_credit_id", "attachment",
          frozenset(PICTURES), "The document has been attached.", family="debitnotes"),
    Place("/invoices/{id}/attachment", "invoices", "invoice_id", "attachment", frozenset(PICTURES),
          "Your file has been attached.", status=200, fields=frozenset({"can_send_in_mail"})),
    Place("/creditnotes/{id}/attachment", "creditnotes", "creditnote_id", "attachment", frozenset(PICTURES),
          "Your file has been attached.", status=200),
    Place("/bills/{id}/attachment", "bills", "bill_id", "attachment", frozenset(PICTURES),
          "The document has been attached."),
    Place("/expenses/{id}/receipt", "expenses", "expense_id", "receipt", frozenset(PICTURES | OFFICE),
          "The expense receipt has been attached.", replaces=True),
    Place("/expenses/{id}/attachment", "expenses", "expense_id", "attachment",
          frozenset(PICTURES | OFFICE | {"txt", "csv"}), "The expense attachment has been attached.",
          status=200, fields=frozenset({"totalFiles", "document_ids"}), can_be_read=False),
)  # fmt: skip


async def parts(request: Request) -> Row:
    """A form's parts: a file as name, type and bytes, else its text."""
    found: Row = {}
    try:
        async with request.form(max_files=MOST) as form:
            for name, value in form.multi_items():
                found[name] = await _file(value) if isinstance(value, UploadFile) else value
    except (MultiPartException, HTTPException):
        raise Refusal(4, "Invalid value passed for attachment") from None
    return found


async def _file(part: UploadFile) -> Row:
    return {"name": part.filename or "", "type": part.content_type or "", "bytes": await part.read()}


def shown(body: Any) -> Any:
    """A body for the journal: of files the size, not the bytes."""
    if not isinstance(body, dict):
        return body
    return {
        name: {**value, "bytes": len(value["bytes"])}
        if isinstance(value, dict) and "bytes" in value
        else value
        for name, value in body.items()
    }


@dataclass(frozen=True)
class Attachments:
    books: Books
    place: Place

    async def add(self, request: Request, _: Any, organisation: Organisation, body: Row) -> tuple[int, Row]:
        place = self.place
        record = self._record(request, organisation)
        if place.kind == "bills" and record.get("status") == "paid":
            raise Refusal(BILL_IS_PAID, "Files cannot be attached to a bill that is paid.")
        file = body.get(place.part)
        if not isinstance(file, dict) or "bytes" not in file:
            raise Refusal(4, f"Invalid value passed for {place.part}")
        if extra := body.keys() - {place.part} - place.fields:
            raise Refusal(15, f"Invalid element {sorted(extra)[0]}")
        content, name = file["bytes"], file["name"]
        _taken(place, name, content)
        document = {
            "document_id": self.books.new_id(), "file_name": name, "file_size": len(content),
            "file_type": _ending(name),
        }  # fmt: skip
        before = [] if place.replaces else record.get("documents", [])
        if len(before) >= MOST:
            raise Refusal(4, f"A maximum of {MOST} files can be attached.")
        for gone in record.get("documents", []) if place.replaces else []:
            self.books.files.pop(gone["document_id"], None)
        record["documents"] = [*before, document]
        record |= {"has_attachment": True, "attachment_name": name}
        record["last_modified_time"] = self.books.now
        if place.kind == "expenses":
            record |= {"expense_receipt_name": name, "expense_receipt_type": _ending(name)}
        self.books.files[document["document_id"]] = content
        self.books.save()
        return place.status, {"code": 0, "message": place.says, "documents": [document]}

    async def get(self, request: Request, _: Any, organisation: Organisation, __: Any) -> tuple[int, Row]:
        """The bytes of the last file."""
        documents = self._record(request, organisation).get("documents", [])
        if not documents:
            raise Refusal(1002, "There is no attachment.", NOT_FOUND)
        last = documents[-1]
        return 200, {
            "code": 0, "type": "application/octet-stream", "bytes": self.books.files[last["document_id"]],
        }  # fmt: skip

    def _record(self, request: Request, organisation: Organisation) -> Row:
        found = organisation.find(self.place.kind, self.place.key, request.path_params["id"])
        if found is None:
            raise Refusal(1002, "Resource does not exist.", NOT_FOUND)
        return found


def _taken(place: Place, name: str, content: bytes) -> None:
    """Zoho goes by the name's ending."""
    if _ending(name) not in place.types:
        allowed = ", ".join(sorted(place.types))
        raise Refusal(4, f"Invalid file type. Only the following file types are allowed: {allowed}.")
    if not content:
        raise Refusal(4, f"Invalid value passed for {place.part}")
    if len(content) > LARGEST:
        raise Refusal(4, "The file size must not exceed 10 MB.")


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower().removeprefix(".")
