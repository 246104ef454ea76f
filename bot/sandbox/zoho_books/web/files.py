"""The files kept with a record."""

from __future__ import annotations

from dataclasses import dataclass
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
KILO = 1024
SHOWN = PICTURES | {"pdf": "application/pdf", "txt": "text/plain; charset=utf-8"}
"""What a browser may show itself; all else is offered for keeping."""


@dataclass(frozen=True)
class File:
    id: str
    name: str
    size: str
    is_picture: bool


def of_record(row: Row) -> list[File]:
    return [
        File(_id(one), _name(one), _size(int(one.get("file_size") or 0)), _ending(one) in PICTURES)
        for one in _documents(row)
    ]


def _documents(row: Row) -> list[Row]:
    found = row.get("documents")
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _id(document: Row) -> str:
    return str(document.get("document_id") or "")


def _name(document: Row) -> str:
    return str(document.get("file_name") or "file")


def _ending(document: Row) -> str:
    return _name(document).rpartition(".")[2].casefold()


def _size(size: int) -> str:
    if size >= KILO * KILO:
        return f"{size / KILO / KILO:.1f} MB"
    return f"{max(1, round(size / KILO))} KB"


def answer(books: Books, row: Row, file_id: str, *, keep: bool) -> Response | None:
    """The file itself; none when this record has no such file."""
    for document in _documents(row):
        content = books.files.get(file_id)
        if _id(document) == file_id and content is not None:
            kind = SHOWN.get(_ending(document), "")
            how = "attachment" if keep or not kind else "inline"
            headers = {
                "Content-Disposition": f"{how}; filename*=UTF-8''{quote(_name(document), safe='')}",
                "X-Content-Type-Options": "nosniff",
            }
            return Response(content, media_type=kind or "application/octet-stream", headers=headers)
    return None
