"""The files kept with a record."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from bot.sandbox.zoho_books.books import Books, Row

PICTURES = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "bmp": "image/bmp",
}
SHOWN = PICTURES | {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
"""What a browser may show itself; all else is offered for keeping."""


@dataclass(frozen=True)
class File:
    id: str
    name: str
    size: str
    is_picture: bool


def of_record(books: Books, row: Row, record_id: str) -> list[File]:
    """`documents` on the record, and what the simulation keeps for its id."""
    rows = {_id(one): one for one in [*_listed(row.get("documents")), *books.attachments.get(record_id, [])]}
    return [
        File(name, str(one.get("file_name") or "file"), _size(one), _ending(one) in PICTURES)
        for name, one in rows.items()
    ]


def _listed(value: Any) -> list[Row]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _id(row: Row) -> str:
    return str(row.get("document_id") or row.get("file_name") or "")


def _ending(row: Row) -> str:
    return str(row.get("file_name") or "").rpartition(".")[2].casefold()


def _size(row: Row) -> str:
    size = int(row.get("file_size") or len(_content(row) or b""))
    kilo = 1024
    return f"{size / kilo / kilo:.1f} MB" if size >= kilo * kilo else f"{max(1, round(size / kilo))} KB"


def _content(row: Row) -> bytes | None:
    """Kept as bytes, or in base64 where it must go into a JSON file."""
    content = row.get("content")
    if isinstance(content, bytes):
        return content
    try:
        return base64.b64decode(str(content), validate=True) if content else None
    except binascii.Error:
        return None


def answer(books: Books, row: Row, record_id: str, file_id: str, *, keep: bool) -> Response | None:
    """The file itself; none when the simulation has no content under that name."""
    for one in [*books.attachments.get(record_id, []), *_listed(row.get("documents"))]:
        content = _content(one)
        if _id(one) == file_id and content is not None:
            kind = SHOWN.get(_ending(one), "")
            how = "attachment" if keep or not kind else "inline"
            name = quote(str(one.get("file_name") or "file"), safe="")
            headers = {
                "Content-Disposition": f"{how}; filename*=UTF-8''{name}",
                "X-Content-Type-Options": "nosniff",
            }
            return Response(content, media_type=kind or "application/octet-stream", headers=headers)
    return None
