"""Files into documents. A reader takes a name and bytes and gives a Reading, or None for what is not its
own; it raises WrongInput for what is its own but cannot be used."""

from __future__ import annotations

from collections.abc import Callable

from bot.domain.reading import Reading
from bot.errors import UnknownFile, WrongInput
from bot.readers import dext_csv, e_invoice, pdf, supplier_list, xml

READERS: tuple[Callable[[str, bytes], Reading | None], ...] = (
    pdf.read,
    e_invoice.read,
    supplier_list.read,
    dext_csv.read,
)
LARGEST_FILE = 10_000_000
ADVICE = (
    "Give a CSV export from Dext (headings such as Receipt ID, Type, Date, Supplier and Total), a supplier "
    "list (Supplier Name, Category), or an e-invoice: UBL or CII as XML, or a PDF with one inside."
)
BY_HAND = "What only people can read comes in with `/dext add`, with its file."
_ARCHIVE = b"PK\x03\x04"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*", b"BM")


def read(filename: str, content: bytes) -> Reading:
    """The documents of a file. Raises WrongInput when it is empty or too large, UnknownFile when no reader
    takes it."""
    if not content.strip():
        raise WrongInput(f"{filename} is empty.", advice="Export it again.")
    if len(content) > LARGEST_FILE:
        raise WrongInput(f"{filename} is larger than {LARGEST_FILE // 1_000_000} MB.", advice="Split it.")
    for reader in READERS:
        reading = reader(filename, content)
        if reading is not None:
            return reading
    raise _unknown(filename, content)


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
