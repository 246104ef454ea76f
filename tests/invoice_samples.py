"""E-invoices for tests: copies of public ones, and invented ones in CII, ZUGFeRD 1 and PDF."""

from __future__ import annotations

import io
import json
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import NameObject

UBL = Path(__file__).parent / "samples" / "ubl"
CII = UBL.parent / "cii.xml"
PROJECT = Path(__file__).parent.parent


def expected() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Every UBL sample with what stands in it: our own copies, and those of `shared` beside the project where
    that is there (SHARED_DIR names another place)."""
    shared = Path(os.environ.get("SHARED_DIR") or PROJECT.parent / "shared")
    for folder in (UBL, shared / "reference" / "invoices" / "ubl"):
        if (folder / "expected.json").is_file():
            for name, values in json.loads((folder / "expected.json").read_text()).items():
                yield folder / name, values


def shared_ubl_is_there() -> bool:
    return any(path.parent.parent.name == "ubl" for path, _ in expected())


def ubl(name: str = "01.07a-INVOICE_ubl.xml") -> bytes:
    return (UBL / name).read_bytes()


def cii(**changes: str) -> bytes:
    """An invented invoice in the syntax of Factur-X, ZUGFeRD 2 and XRechnung: 250.00 at 19 %, less an
    allowance of 10.00, with freight of 5.00. `changes` are other texts for parts of it."""
    return _changed(CII.read_text(), changes)


def zugferd_1(**changes: str) -> bytes:
    """The same in ZUGFeRD 1, where the parts have other names."""
    text = CII.read_text()
    for new, old in _OLDER.items():
        text = text.replace(f":{new}>", f":{old}>").replace(f":{new} ", f":{old} ")
    for new, old in _OLDER_ANYWHERE.items():
        text = text.replace(new, old)
    return _changed(text, changes)


def _changed(text: str, changes: dict[str, str]) -> bytes:
    for name, value in changes.items():
        before = _VALUES[name]
        assert before in text, name
        text = text.replace(before, value)
    return text.encode()


def pdf(*files: tuple[str, bytes], password: str = "", owner: str = "") -> bytes:
    """A PDF of one empty page with these files inside; `owner` locks it against changes only."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    for name, content in files:
        writer.add_attachment(name, content)
    if password or owner:
        writer.encrypt(password, owner or None, algorithm="RC4-128")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def pdf_bomb(content: bytes) -> bytes:
    """A PDF whose XML inside is small only while it is compressed."""
    writer = PdfWriter()
    writer.add_blank_page(width=200, height=200)
    file: Any = writer.add_attachment("factur-x.xml", b"").pdf_object
    stream = file["/EF"]["/F"].get_object()
    stream._data = zlib.compress(content)
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


_VALUES = {
    "number": "<ram:ID>RE-2026/17</ram:ID>",
    "type_code": "<ram:TypeCode>380</ram:TypeCode>",
    "seller": "<ram:Name>Werkstatt Süd GmbH</ram:Name>",
    "gross": "<ram:GrandTotalAmount>291.55</ram:GrandTotalAmount>",
    "due_form": '<udt:DateTimeString format="102">20260930</udt:DateTimeString>',
    "payable": "<ram:DuePayableAmount>191.55</ram:DuePayableAmount>",
}
_OLDER = {
    "CrossIndustryInvoice": "CrossIndustryDocument",
    "ExchangedDocumentContext": "SpecifiedExchangedDocumentContext",
    "ExchangedDocument": "HeaderExchangedDocument",
    "SupplyChainTradeTransaction": "SpecifiedSupplyChainTradeTransaction",
    "ApplicableHeaderTradeAgreement": "ApplicableSupplyChainTradeAgreement",
    "ApplicableHeaderTradeDelivery/": "ApplicableSupplyChainTradeDelivery/",
    "ApplicableHeaderTradeSettlement": "ApplicableSupplyChainTradeSettlement",
    "SpecifiedTradeSettlementHeaderMonetarySummation": "SpecifiedTradeSettlementMonetarySummation",
    "SpecifiedTradeSettlementLineMonetarySummation": "SpecifiedTradeSettlementMonetarySummation",
    "SpecifiedLineTradeAgreement": "SpecifiedSupplyChainTradeAgreement",
    "SpecifiedLineTradeDelivery": "SpecifiedSupplyChainTradeDelivery",
    "SpecifiedLineTradeSettlement": "SpecifiedSupplyChainTradeSettlement",
    "RateApplicablePercent": "ApplicablePercent",
    "IssuerAssignedID": "ID",
}
"""The names of the parts in ZUGFeRD 1, by their names of today."""
_OLDER_ANYWHERE = {
    "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100": (
        "urn:ferd:CrossIndustryDocument:invoice:1p0"
    ),
    "BusinessInformationEntity:100": "BusinessInformationEntity:12",
    "UnqualifiedDataType:100": "UnqualifiedDataType:15",
}
