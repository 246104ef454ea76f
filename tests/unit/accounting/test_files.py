"""Files on their way to Zoho Books: types by what they hold, pictures into PDF, refusals in words."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from bot.accounting.zoho_books import files
from bot.accounting.zoho_books.pdf import as_pdf
from bot.domain.attachments import LARGEST_FILE
from bot.domain.items import PublishAs
from bot.domain.publication import Upload
from bot.errors import Refused

PDF = b"%PDF-1.7\n%%EOF"
DOCX = b"PK\x03\x04 office"


def a_picture(form: str, mode: str = "RGB", pages: int = 1) -> bytes:
    made = io.BytesIO()
    frames = [Image.new(mode, (30 + number, 20)) for number in range(pages)]
    more: dict[str, Any] = {"save_all": True, "append_images": frames[1:]} if pages > 1 else {}
    frames[0].save(made, form, **more)
    return made.getvalue()


def send(name: str, content: bytes, kind: PublishAs = PublishAs.BILL, *, of_several: bool = False) -> Upload:
    return files.upload(kind, "7001", name, content, of_several=of_several)


@pytest.mark.parametrize(
    ("name", "content", "sent_as", "content_type"),
    [
        ("a.pdf", PDF, "a.pdf", "application/pdf"),
        ("A.PDF", PDF, "A.PDF", "application/pdf"),
        ("scan", PDF, "scan.pdf", "application/pdf"),
        ("scan.jpg", PDF, "scan.jpg.pdf", "application/pdf"),
        ("a.jpg", a_picture("JPEG"), "a.jpg", "image/jpeg"),
        ("a.jpeg", a_picture("JPEG"), "a.jpeg", "image/jpeg"),
        ("a.png", a_picture("PNG"), "a.png", "image/png"),
        ("a.gif", a_picture("GIF"), "a.gif", "image/gif"),
        ("a.bmp", a_picture("BMP"), "a.bmp", "image/bmp"),
    ],
)
def test_what_is_taken_goes_as_it_is_under_a_name_that_says_what_it_is(
    name: str, content: bytes, sent_as: str, content_type: str
) -> None:
    """C14: Zoho goes by the name's ending, so it must be the content's."""
    upload = send(name, content)
    assert (upload.filename, upload.content_type, upload.content) == (sent_as, content_type, content)


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "RGBA", "CMYK", "I;16"])
def test_a_tiff_of_any_kind_becomes_a_pdf_of_as_many_pages(mode: str) -> None:
    """C14: converted, the same each time, so that it is found again by its size."""
    content = a_picture("TIFF", mode, pages=3)
    upload = send("scan.tiff", content)
    assert (upload.filename, upload.content_type) == ("scan.tiff.pdf", "application/pdf")
    assert len(PdfReader(io.BytesIO(upload.content)).pages) == 3
    assert send("scan.tiff", content) == upload


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_a_webp_becomes_a_pdf(mode: str) -> None:
    """C14."""
    assert send("photo.webp", a_picture("WEBP", mode)).content.startswith(b"%PDF-")


def test_grey_of_16_bits_is_scaled_and_not_cut() -> None:
    """A scan that turned white would be a lost document."""
    made = io.BytesIO()
    Image.new("I;16", (20, 20), 0x8000).save(made, "TIFF")
    page = PdfReader(io.BytesIO(as_pdf(made.getvalue()))).pages[0]
    colour = page.images[0].image
    assert colour is not None
    assert 120 <= int(colour.convert("L").getpixel((5, 5))) <= 136  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "content", "kind", "several", "says"),
    [
        ("note.html", b"<p>", PublishAs.BILL, False, "It holds no words. Save it as PDF"),
        ("note.txt", "Съ 中文".encode(), PublishAs.BILL, False, "It holds letters that we cannot"),
        ("a.rtf", b"{\\rtf1}", PublishAs.EXPENSE, True, "RTF files are not taken by Zoho Books for an"),
        ("a.odt", DOCX, PublishAs.BILL, False, "ODT files are not taken by Zoho Books for a bill,"),
        ("a.docx", DOCX, PublishAs.BILL, False, "DOCX files are not taken"),
        ("a.pdf", b"hello", PublishAs.BILL, False, "What it holds is not taken"),
        ("a.tiff", b"II*\x00 broken", PublishAs.BILL, False, "The picture cannot be read"),
        ("a.webp", b"RIFF\x00\x00\x00\x00WEBPVP8 ", PublishAs.BILL, False, "The picture cannot be read"),
        ("noname", b"hello", PublishAs.BILL, False, "What it holds is not taken"),
        ("a.pdf", b"", PublishAs.BILL, False, "The file is empty"),
        ("a.pdf", PDF + bytes(LARGEST_FILE), PublishAs.BILL, False, "It is larger than 10 MB"),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_what_cannot_be_sent_is_refused_in_words(
    name: str, content: bytes, kind: PublishAs, several: bool, says: str
) -> None:
    """C14: size and type checked before a call is spent."""
    with pytest.raises(Refused) as refused:
        send(name, content, kind, of_several=several)
    assert refused.value.says.startswith(says)


def test_an_office_file_that_is_not_taken_says_what_to_do() -> None:
    with pytest.raises(Refused, match="Save it as PDF and add that to the record in Zoho Books") as refused:
        send("a.docx", DOCX)
    assert refused.value.cause == "file"


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_too_large_to_convert_is_refused() -> None:
    made = io.BytesIO()
    Image.new("1", (20_000, 6_000)).save(made, "TIFF", compression="group4")
    with pytest.raises(Refused, match="too large to become a PDF"):
        send("plan.tiff", made.getvalue())


def test_an_expense_takes_one_file_as_its_receipt_and_several_as_attachments() -> None:
    """C14: the second receipt would replace the first."""
    assert files.way(PublishAs.EXPENSE, of_several=False).path == "/expenses/{id}/receipt"
    assert files.way(PublishAs.EXPENSE, of_several=True).path == "/expenses/{id}/attachment"
    assert send("a.docx", DOCX, PublishAs.EXPENSE).filename == "a.docx"
    assert send("a.txt", b"hello", PublishAs.EXPENSE, of_several=True).content_type == "text/plain"


@pytest.mark.parametrize("of_several", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in PublishAs if kind is not PublishAs.SALES_RECEIPT])
def test_every_kind_of_record_but_one_has_a_way_for_files(kind: PublishAs, of_several: bool) -> None:
    way = files.way(kind, of_several=of_several)
    assert "{id}" in way.path
    assert "pdf" in way.types
    assert set(way.types) <= set(files.CONTENT_TYPES)


def test_a_kind_of_record_that_takes_no_files_is_said() -> None:
    with pytest.raises(Refused, match="Zoho Books takes no files for a sales receipt"):
        send("a.pdf", PDF, PublishAs.SALES_RECEIPT)


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({}, False),
        ({"documents": []}, False),
        ({"documents": [{"file_name": "a.pdf", "file_size": len(PDF)}]}, True),
        ({"documents": [{"file_name": "A.pdf", "file_size": str(len(PDF))}]}, True),
        ({"documents": [{"file_name": "a.pdf"}]}, True),
        ({"documents": [{"file_name": "a.pdf", "file_size": 5}]}, False),
        ({"documents": [{"file_name": "b.pdf", "file_size": len(PDF)}]}, False),
        ({"documents": "x"}, False),
        ({"documents": [None, {"file_name": None}]}, False),
        ({"attachment_name": "a.pdf"}, True),
        ({"expense_receipt_name": "a.pdf"}, True),
        ({"attachment_name": "a.pdf", "documents": [{"file_name": "b.pdf"}]}, False),
    ],
)
def test_a_file_is_found_again_at_its_record(row: dict[str, Any], expected: bool) -> None:
    """C14: never appended twice."""
    assert files.is_there(row, send("a.pdf", PDF)) is expected
