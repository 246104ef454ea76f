"""Files on their way to a record: which path and part takes which types, and what is converted. Pure.

https://www.zoho.com/books/api/v3/bills/#add-attachment-to-a-bill , …/expenses/#add-receipt-to-an-expense
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from bot.domain.attachments import LARGEST_FILE
from bot.domain.items import PublishAs
from bot.domain.publication import Upload
from bot.errors import Refused

PICTURES = ("gif", "png", "jpeg", "jpg", "bmp", "pdf")
OFFICE = ("xls", "xlsx", "doc", "docx")
CONTENT_TYPES = {
    "gif": "image/gif", "png": "image/png", "jpeg": "image/jpeg", "jpg": "image/jpeg", "bmp": "image/bmp",
    "pdf": "application/pdf", "txt": "text/plain", "csv": "text/csv", "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of record takes a file."""

    path: str
    part: str
    types: tuple[str, ...]
    fields: Mapping[str, str] = field(default_factory=dict)


BILL = Way("/bills/{id}/attachment", "attachment", PICTURES)
RECEIPT = Way("/expenses/{id}/receipt", "receipt", (*PICTURES, *OFFICE))
"""Takes one file; a second one replaces it."""
EXPENSE = Way(
    "/expenses/{id}/attachment", "attachment", (*PICTURES, *OFFICE, "txt", "csv"), {"totalFiles": "1"}
)
CREDIT = Way("/vendorcredits/{id}/attachment", "attachment", PICTURES)
"""Not in the description; connectors use it (ZOHO_BOOKS.md 3.5). Refused, the record stands all the same."""
INVOICE = Way("/invoices/{id}/attachment", "attachment", PICTURES)
CREDIT_NOTE = Way("/creditnotes/{id}/attachment", "attachment", PICTURES)
WAYS: Mapping[PublishAs, tuple[Way, Way]] = {
    PublishAs.BILL: (BILL, BILL),
    PublishAs.BILL_WITH_PAYMENT: (BILL, BILL),
    PublishAs.EXPENSE: (RECEIPT, EXPENSE),
    PublishAs.VENDOR_CREDIT: (CREDIT, CREDIT),
    PublishAs.INVOICE: (INVOICE, INVOICE),
    PublishAs.CREDIT_NOTE: (CREDIT_NOTE, CREDIT_NOTE),
}
"""How each kind takes its only file, and how each of several; a sales receipt takes none."""
CONVERTED = {"tiff", "webp", "bmp", "gif", "png", "jpeg"}
"""Pictures that become a PDF where they are not taken as they are."""
WRITTEN = {"txt", "csv", "html"}
"""Texts that become one."""
_MAGIC = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"BM", "bmp"),
    (b"II*\x00", "tiff"),
    (b"MM\x00*", "tiff"),
)
_NAMES = {"jpg": "jpeg", "tif": "tiff", "htm": "html", "xhtml": "html"}


def way(kind: PublishAs, *, of_several: bool) -> Way:
    """Raises Refused for a kind of record that takes no files."""
    if kind not in WAYS:
        raise _refused(f"Zoho Books takes no files for {_article(kind)}: its name stands in the notes there")
    return WAYS[kind][of_several]


def upload(kind: PublishAs, record_id: str, filename: str, content: bytes, *, of_several: bool) -> Upload:
    """The file as it will be sent; converted where its type is not taken. Raises Refused, naming why."""
    if not content:
        raise _refused("the file is empty")
    taken = way(kind, of_several=of_several).types
    ending = PurePath(filename).suffix.lower().removeprefix(".")
    found = type_of(ending, content)
    name = filename
    if found not in taken:
        content, name, found = _converted(found, kind, taken, content), f"{filename}.pdf", "pdf"
    elif _NAMES.get(ending, ending) != found:
        name = f"{filename}.{found}"  # Zoho goes by the ending: it must be the content's
    if len(content) > LARGEST_FILE:
        raise _refused(f"it is larger than {LARGEST_FILE // 1024**2} MB")
    return Upload(kind, record_id, name, CONTENT_TYPES[found], content, of_several)


def _converted(found: str, kind: PublishAs, taken: tuple[str, ...], content: bytes) -> bytes:
    """Imports what it needs here: 20 MB that web never needs."""
    if found in CONVERTED:
        from bot.accounting.zoho_books import pdf  # noqa: PLC0415

        return pdf.as_pdf(content)
    if found in WRITTEN:
        from bot.accounting.zoho_books import paper  # noqa: PLC0415

        return paper.as_pdf(found, content)
    raise _refused(_not_taken(found, kind, taken))


def type_of(ending: str, content: bytes) -> str:
    """By what it holds; where that says nothing (text, office files), by its name's ending."""
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if ending in (*OFFICE, "txt", "csv"):
        return ending
    # A name that promises a picture or a PDF which the content is not: Zoho would show a broken file.
    named = _NAMES.get(ending, ending)
    return "" if named in {*PICTURES, *CONVERTED} else named


def _not_taken(found: str, kind: PublishAs, taken: tuple[str, ...]) -> str:
    what = f"{found.upper()} files are" if found else "what it holds is"
    names = ", ".join(one.upper() for one in taken if one != "jpg")
    return (
        f"{what} not taken by Zoho Books for {_article(kind)}, only {names}. Save it as PDF and add that to "
        "the record in Zoho Books"
    )


def _article(kind: PublishAs) -> str:
    return f"{'an' if kind.noun[0] in 'aeiou' else 'a'} {kind.noun}"


def _refused(why: str) -> Refused:
    return Refused(f"{why[0].upper()}{why[1:]}.", cause="file")


def is_there(row: Mapping[str, Any], sent: Upload) -> bool:
    """Whether a record's `documents` name the file; names within one item are all different. Where they
    tell the size, it must be the file's: another one of this name may have been added by hand."""
    documents = row.get("documents")
    for document in documents if isinstance(documents, list) else []:
        if isinstance(document, dict) and _is_named(document.get("file_name"), sent.filename):
            size = str(document.get("file_size") or "")
            if not size.isdecimal() or int(size) == len(sent.content):
                return True
    names = (row.get("attachment_name"), row.get("expense_receipt_name"))
    return not documents and any(_is_named(name, sent.filename) for name in names)


def _is_named(said: object, name: str) -> bool:
    return isinstance(said, str) and said.strip().casefold() == name.casefold()
