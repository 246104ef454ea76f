"""Cells of Dext's exports one by one: encodings, dates, types, and which column speaks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from bot import readers
from bot.domain.items import DocumentType, Side
from bot.domain.reading import Reading
from bot.errors import UnknownFile

HEADINGS = "Receipt ID,Type,Date,Supplier,Category,Total,Currency,Description"


def of(cells: str, headings: str = HEADINGS, encoding: str = "utf-8") -> Reading:
    return readers.read("costs.csv", f"{headings}\r\n{cells}\r\n".encode(encoding))


@pytest.mark.parametrize(
    ("encoding", "supplier", "description"),
    [
        ("shift_jis", "株式会社テスト紙業", "コピー用紙を十箱、事務所に届けました"),
        ("cp1250", "Zakład Usług Żółć", "Ťažký papier"),
        ("utf-16-le", "Zakład Usług Żółć", "株式会社"),
        ("utf-16-be", "Zakład Usług Żółć", "株式会社"),
    ],
)
def test_names_in_other_scripts_and_encodings_are_read(
    encoding: str, supplier: str, description: str
) -> None:
    """C28."""
    mark = "\ufeff" if encoding.startswith("utf-16") else ""
    cells = f"1,Invoice,31-Aug-2026,{supplier},429,144.00,GBP,{description}"
    [found] = of(cells, mark + HEADINGS, encoding).documents
    assert (found.supplier, found.description) == (supplier, description)


def test_a_file_that_was_marked_twice_is_read() -> None:
    """C28: some programs put a second byte order mark before the first."""
    [found] = of("1,Invoice,,Acme,429,5,GBP,x", "\ufeff\ufeff" + HEADINGS).documents
    assert found.external_id == "1"


def test_half_a_character_at_the_end_of_a_file_is_no_crash() -> None:
    content = f"{HEADINGS}\r\n1,Invoice,,Acme,429,5,GBP,x".encode("utf-16") + b"\x41"
    [found] = readers.read("costs.csv", content).documents
    assert (found.external_id, found.description) == ("1", "x\ufffd")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rows_may_end_as_on_any_machine(end: str) -> None:
    content = end.join([HEADINGS, "1,Invoice,,Acme,429,5,GBP,x", "2,Invoice,,Acme,429,6,GBP,y"])
    reading = readers.read("costs.csv", content.encode())
    assert [found.total for found in reading.documents] == [Decimal(5), Decimal(6)]


@pytest.mark.parametrize(
    "text",
    ["31-August-2026", "2026/08/31", "31-08-2026", "31/08/26", "31-Aug-2026", "31-AUG-2026", "31.08.2026"],
)
def test_one_day_in_every_form(text: str) -> None:
    assert of(f"1,Invoice,{text},Acme,429,5,GBP,x").documents[0].date == dt.date(2026, 8, 31)


@pytest.mark.parametrize(
    ("said", "side", "customer"),
    [("Sales credit note", Side.SALE, "Acme"), ("Refund", Side.COST, ""), ("Credit note", Side.COST, "")],
)
def test_credit_notes_of_both_sides_are_told_apart(said: str, side: Side, customer: str) -> None:
    """C20."""
    [found] = of(f"1,{said},,Acme,429,5,GBP,x").documents
    assert (found.side, found.type, found.customer) == (side, DocumentType.CREDIT_NOTE, customer)


@pytest.mark.parametrize("total", ["-5.00", "(5.00)", "5.00-", "5.00"])
def test_the_amounts_of_a_credit_note_are_positive_however_they_are_signed(total: str) -> None:
    """C20."""
    headings = f"{HEADINGS},Tax,Tax (EUR),Total (EUR)"
    sign = "-" if total != "5.00" else ""
    cells = f"1,Credit note,,Acme,429,{total},GBP,x,{sign}1.00,{sign}1.20,{sign}6.00"
    [found] = of(cells, headings).documents
    assert (found.total, found.tax_amount, found.base_total) == (Decimal(5), Decimal(1), Decimal(6))


def test_a_credit_note_with_no_tax_keeps_its_nought() -> None:
    [found] = of("1,Invoice,,Acme,429,-5,GBP,x,0.00", f"{HEADINGS},Tax").documents
    assert (found.type, found.tax_amount) == (DocumentType.CREDIT_NOTE, Decimal(0))


def test_a_tax_is_its_name_else_its_code() -> None:
    """S23: what the document says of its tax."""
    headings = f"{HEADINGS},Tax Name,Tax Code"
    assert of("1,Invoice,,Acme,429,5,GBP,x,Zero Rated,ZERO", headings).documents[0].tax == "Zero Rated"
    assert of("1,Invoice,,Acme,429,5,GBP,x,,ZERO", headings).documents[0].tax == "ZERO"


def test_without_an_amount_in_it_there_is_no_base_currency() -> None:
    """C19."""
    headings = f"{HEADINGS},Tax (EUR),Total (EUR)"
    [found] = of("1,Invoice,,Acme,429,5,GBP,x,,", headings).documents
    assert (found.base_currency, found.base_total) == ("", None)


def test_a_base_currency_is_one_of_iso_4217() -> None:
    [found] = of("1,Invoice,,Acme,429,5,GBP,x,6.00", f"{HEADINGS},Total (net)").documents
    assert (found.total, found.base_currency, found.base_total) == (Decimal(5), "", None)


def test_of_two_columns_of_one_meaning_the_first_speaks() -> None:
    [found] = of("1,Invoice,,Acme,429,5,GBP,x,2,9", f"{HEADINGS},Item ID,Total Amount").documents
    assert (found.external_id, found.total) == ("1", Decimal(5))


def test_owner_and_link_are_cut_to_what_can_be_kept() -> None:
    headings = f"{HEADINGS},Owner,Image"
    [found] = of(f"1,Invoice,,Acme,429,5,GBP,x,{'o' * 300},{'i' * 3000}", headings).documents
    assert (len(found.submitted_by), len(found.image_url)) == (200, 2000)


@pytest.mark.parametrize(
    ("says", "content"),
    [
        ("photo.csv is a picture.", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        (
            "scan.pdf is a damaged PDF and cannot be read.",
            b"%PDF-1.7\n1 0 obj <</Type /Catalog>> endobj\n%%EOF",
        ),
        ("book.xlsx is a spreadsheet's own file.", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00"),
        ("letter.docx is a text document.", b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00"),
        ("letter.csv is no Dext export, supplier list or e-invoice.", b"Dear Ada, please pay 12.50."),
        ("feed.xml is XML, but neither a UBL nor a CII invoice.", b"<?xml version='1.0'?><feed/>"),
    ],
)
def test_a_file_of_another_kind_is_called_what_it_is(says: str, content: bytes) -> None:
    """C28."""
    with pytest.raises(UnknownFile) as caught:
        readers.read(says.partition(" ")[0], content)
    assert caught.value.says == says
    assert caught.value.advice
