"""Text, tables and web pages become PDF: every word is on it, nothing is fetched, holes are refused."""

from __future__ import annotations

import io
import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.accounting.zoho_books import files, paper
from bot.accounting.zoho_books.web_text import words_of
from bot.domain.items import PublishAs
from bot.errors import Refused

PAGE = """<!doctype html><html><head><title>Not this</title><style>p { color: red }</style></head><body>
<div style="display:none">Preheader</div><h1>Receipt № 7</h1>
<table><tr><td><table><tr><td>Taxi to Łódź</td><td>9.10 €</td></tr><tr><th>Total</th><td>9.10 €</td></tr>
</table></td></tr></table>
<p>Спасибо &amp; ευχαριστώ<br>second line</p><img src="http://192.0.2.1/pixel.png" alt="Logo">
<script>document.write("no")</script><link rel="stylesheet" href="http://192.0.2.1/a.css"></body></html>"""


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_a_web_page_becomes_its_words_in_order_and_nothing_is_fetched(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """C14: headings, cells side by side, letters of Europe; what cannot be seen stays away."""

    def refuse(*_: object) -> None:
        raise AssertionError("something was fetched")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    text = read(paper.as_pdf("html", PAGE.encode()))
    places = [
        text.index(said) for said in ("Receipt № 7", "Taxi to Łódź", "Total", "Спасибо & ευχαριστώ", "[Logo]")
    ]
    assert places == sorted(places)
    assert "Pictures of the page are left out." in text
    assert all(hidden not in text for hidden in ("Not this", "Preheader", "no\n", "color"))


def test_cells_stand_beside_each_other_and_blocks_below() -> None:
    lines = words_of(PAGE.encode()).lines
    assert "Taxi to Łódź     9.10 €" in lines
    assert lines[0] == "Receipt № 7"
    assert "Спасибо & ευχαριστώ" in lines
    assert "second line" in lines


@pytest.mark.parametrize(
    ("kind", "content", "expected"),
    [
        ("txt", "Tea\t1.50\nGrüße".encode(), ["Tea 1.50", "Grüße"]),
        ("txt", "Grüße aus Köln, 12,50 €\n".encode("cp1252") * 3, ["Grüße aus Köln"]),
        ("txt", "\ufeffTea".encode("utf-16"), ["Tea"]),
        ("txt", "Well 🎉 done".encode(), ["Well □ done", "stand as □"]),
        ("csv", b'Date;Item;Sum\n2026-01-02;"Tea; milk";1,50\n', ["Date", "Tea; milk", "1,50"]),
        ("csv", b"Only", ["Only"]),
        (
            "csv",
            ",".join(f"H{n}" for n in range(20)).encode() + b"\n" + b"x," * 20,
            ["Row 2", "H0: x", "H19: x"],
        ),
        ("html", b"<p>caf\xe9</p><meta charset=latin-1>", ["café"]),
    ],
)
def test_words_are_on_the_paper(kind: str, content: bytes, expected: list[str]) -> None:
    """C14"""
    made = paper.as_pdf(kind, content)
    text = " ".join(read(made).split())
    assert [one for one in expected if one not in text] == []
    assert paper.as_pdf(kind, content) == made


@pytest.mark.parametrize(
    ("kind", "content", "says"),
    [
        ("txt", "発票".encode(), "such as “発”"),
        ("txt", "שלום".encode(), "such as “ש”"),
        ("html", "<p>हिन्दी</p>".encode(), "such as “ह”"),
        ("csv", "Sum;₯\n".encode() + "漢;1\n".encode(), "such as “漢”"),
        ("txt", b"\0\1\2\3binary\xff", "It holds no text"),
        ("txt", b" \n ", "It holds no words"),
        ("html", b"", "It holds no words"),
        ("html", b"<script>1</script>", "It holds no words"),
        ("csv", b"a,b\n" * 3000, "more than 2,000 rows"),
        ("txt", b"a\n" * 9000, "more than 100 pages"),
        ("txt", b"word " * 70_000, "too long"),
    ],
)
def test_what_cannot_be_shown_is_refused_in_words(kind: str, content: bytes, says: str) -> None:
    """C14: each says what to do instead."""
    with pytest.raises(Refused) as refused:
        paper.as_pdf(kind, content)
    assert says in refused.value.says
    assert "Save it as PDF" in refused.value.says
    assert refused.value.cause == "file"


@settings(max_examples=30, deadline=None)
@given(
    st.sampled_from(["txt", "csv", "html"]), st.binary(max_size=300) | st.text(max_size=200).map(str.encode)
)
def test_any_file_becomes_a_pdf_or_is_refused(kind: str, content: bytes) -> None:
    """C14: nothing else is raised, whatever it holds."""
    try:
        made = paper.as_pdf(kind, content)
    except Refused:
        return
    assert made.startswith(b"%PDF-")


def test_texts_are_converted_only_where_they_are_not_taken() -> None:
    """C14: an expense takes text and tables as they are."""
    bill = files.upload(PublishAs.BILL, "1", "a.htm", PAGE.encode(), of_several=False)
    assert (bill.filename, bill.content_type) == ("a.htm.pdf", "application/pdf")
    several = files.upload(PublishAs.EXPENSE, "1", "a.txt", b"hello", of_several=True)
    assert (several.filename, several.content) == ("a.txt", b"hello")
