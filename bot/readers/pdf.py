"""PDF files that carry their e-invoice as XML inside: Factur-X, ZUGFeRD, XRechnung in PDF."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from dataclasses import replace

from bot.domain.reading import NamedFile, Reading
from bot.errors import UnknownFile
from bot.readers import e_invoice

CONTENT_TYPE = "application/pdf"
_BEGINS = b"%PDF-"
_LOOKED_AT = 1024
"""A PDF's mark may stand that far from its beginning."""
MOST_FILES = 50
LARGEST_XML = 10_000_000
_BROKEN = (
    ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OverflowError,
    RecursionError, NotImplementedError, OSError, EOFError,
)  # fmt: skip
"""What pypdf raises of a file that is not as it should be, besides its own errors."""


def read(filename: str, content: bytes) -> Reading | None:
    """The invoice inside a PDF; nothing when it is no PDF, or none is inside. Raises UnknownFile for
    a PDF that cannot be opened, WrongInput for an invoice that cannot be used."""
    if _BEGINS not in content[:_LOOKED_AT]:
        return None
    for name, inside in _xml_files(filename, content):
        reading = e_invoice.read(name, inside)
        if reading is not None:
            return _with_itself(reading, NamedFile(filename, CONTENT_TYPE, content))
    return None


def _xml_files(filename: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The XML files embedded in a PDF, by name. pypdf would log what it stumbles over: words of invoices."""
    from pypdf import PdfReader  # noqa: PLC0415 - heavy, and for PDFs only
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnknownFile(f"{filename} is locked with a password.", advice="Save it without one.")
        for place, embedded in enumerate(reader.attachment_list):
            if place >= MOST_FILES:
                return
            name = embedded.alternative_name or embedded.name
            if name.casefold().endswith(".xml"):
                inside = embedded.content
                if len(inside) <= LARGEST_XML:
                    yield name, inside
    except (PyPdfError, *_BROKEN):
        raise UnknownFile(
            f"{filename} is a damaged PDF and cannot be read.", advice="Ask its sender for it again."
        ) from None


def _with_itself(reading: Reading, file: NamedFile) -> Reading:
    """The PDF is the document's file; the XML inside it needs no second place."""
    files = {name: (file, *others[1:]) for name, others in reading.attachments.items()}
    return replace(reading, attachments=files)
