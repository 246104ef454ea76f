"""Files into documents. A reader takes a name and bytes and gives a Reading, or None for what is not its
own; it raises WrongInput for what is its own but cannot be used."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.domain.reading import ReadAs, Reading
from bot.errors import UnknownFile, WrongInput
from bot.readers import dext_csv, e_invoice, pdf, supplier_list, xml
from bot.readers.text import NAMED, Letters, letters, sample

READERS: tuple[Callable[[str, bytes], Reading | None], ...] = (
    pdf.read,
    e_invoice.read,
    supplier_list.read,
    dext_csv.read,
)
LARGEST_FILE = 10_000_000
READ_AS = 10
"""Encodings that are offered, the likeliest first."""
ADVICE = (
    "Give a CSV export from Dext (headings such as Receipt ID, Type, Date, Supplier and Total), a supplier "
    "list (Supplier Name, Category), or an e-invoice: UBL or CII as XML, or a PDF with one inside."
)
BY_HAND = "What only people can read comes in with `/dext add`, with its file."
_ARCHIVE = b"PK\x03\x04"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")


def read(filename: str, content: bytes, encoding: str = "") -> Reading:
    """The documents of a file, in an encoding that a person chose where one is given. Raises WrongInput when
    it is empty or too large, UnknownFile when no reader takes it."""
    if not content.strip():
        raise WrongInput(f"{filename} is empty.", advice="Export it again.")
    if len(content) > LARGEST_FILE:
        raise WrongInput(f"{filename} is larger than {LARGEST_FILE // 1_000_000} MB.", advice="Split it.")
    if encoding and encoding not in NAMED:
        raise WrongInput(f"“{encoding[:20]}” is no encoding that files are read in.")
    found = None if _says_what_it_is(content) else letters(content, encoding)
    is_guess = found is not None and bool(found.encoding)
    given = found.text.encode("utf-8-sig") if found and is_guess else content
    for reader in READERS:
        reading = reader(filename, given)
        if reading is not None:
            return _with_letters(reading, content, found) if found and is_guess else reading
    raise _unknown(filename, content)


def _says_what_it_is(content: bytes) -> bool:
    """Not a text whose encoding must be found out."""
    return b"%PDF-" in content[:1024] or content.startswith((*_PICTURES, _ARCHIVE)) or xml.is_xml(content)


def _with_letters(reading: Reading, content: bytes, found: Letters) -> Reading:
    offered = (found.encoding, *found.others)[:READ_AS]
    read_as = tuple(ReadAs(name, NAMED[name].words, sample(content, name)) for name in offered)
    note = f"Letters are read as {NAMED[found.encoding].words}, which may be wrong: look at the names."
    notes = () if found.is_certain else (note,)
    return replace(reading, read_as=read_as, is_doubtful=not found.is_certain, notes=(*notes, *reading.notes))


def _unknown(filename: str, content: bytes) -> UnknownFile:
    """What the file is, as far as one can tell, and what to do instead."""
    name = filename.casefold()
    if b"%PDF-" in content[:1024]:
        return UnknownFile(f"{filename} is a PDF with no e-invoice inside.", advice=BY_HAND)
    if content.startswith(_PICTURES):
        return UnknownFile(f"{filename} is a picture.", advice=BY_HAND)
    if content.startswith(_ARCHIVE) and name.endswith((".xlsx", ".xlsm", ".ods")):
        return UnknownFile(f"{filename} is a spreadsheet's own file.", advice="Save it as CSV first.")
    if content.startswith(_ARCHIVE) and name.endswith((".docx", ".odt")):
        return UnknownFile(f"{filename} is a text document.", advice=BY_HAND)
    if xml.is_xml(content):
        return UnknownFile(f"{filename} is XML, but neither a UBL nor a CII invoice.", advice=ADVICE)
    return UnknownFile(f"{filename} is no Dext export, supplier list or e-invoice.", advice=ADVICE)
