"""What every reader promises: documents and refusals, or a clear sentence, whatever the bytes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import readers
from bot.domain.reading import Reading
from bot.errors import UnknownFile, WrongInput
from tests import invoice_samples as samples

SAMPLES = resources.files("bot").joinpath("sample_data")
Reader = Callable[[str, bytes], Reading | None]
OF_EACH: dict[str, tuple[str, bytes]] = {
    "bot.readers.pdf": ("re.pdf", samples.pdf(("factur-x.xml", samples.cii()))),
    "bot.readers.e_invoice": ("re.xml", samples.ubl()),
    "bot.readers.supplier_list": ("suppliers.csv", SAMPLES.joinpath("suppliers_import.csv").read_bytes()),
    "bot.readers.dext_csv": ("costs.csv", SAMPLES.joinpath("costs_default_21col.csv").read_bytes()),
}
"""A file that the reader takes."""
MANY = [*OF_EACH.values(), ("re.xml", samples.zugferd_1()), ("re.xml", samples.cii())]
NOT_A_DOCUMENT = {
    "a picture": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
    "a photo": b"\xff\xd8\xff\xe0" + bytes(range(1, 256)) * 4,
    "a PDF": samples.pdf(),
    "a spreadsheet": b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00[Content_Types].xml",
    "a feed": b'<?xml version="1.0"?><rss version="2.0"><channel/></rss>',
    "a letter": b"Dear Ada, the total is 12.50, please pay.\nBen\n",
    "a web page": b"<!doctype html><title>Receipt ID</title>",
    "another table": b"Name,Colour,Total\r\nAda,red,5\r\n",
    "one endless cell": b'"' + b"x" * 200_000,
    "only headings of nobody": b",,,,\r\n,,,\r\n",
}


@pytest.fixture(params=readers.READERS, ids=lambda reader: str(reader.__module__))
def reader(request: pytest.FixtureRequest) -> Reader:
    """Each reader on the list."""
    found: Reader = request.param
    return found


def test_a_reader_takes_its_own(reader: Reader) -> None:
    """C28."""
    name, content = OF_EACH[reader.__module__]
    reading = reader(name, content)
    assert reading is not None
    assert reading == readers.read(name, content) == readers.read(name, content)
    assert reading.documents or reading.suppliers
    identities = [document.external_id for document in reading.documents]
    assert len(set(identities)) == len(identities)
    assert all(0 < len(identity) <= 128 for identity in identities)
    assert reading.attachments.keys() <= set(identities)
    assert all(isinstance(document.total, Decimal | None) for document in reading.documents)
    assert all(refused.row > 0 and refused.reason for refused in reading.refused)


@pytest.mark.parametrize("content", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_a_reader_leaves_what_is_not_its_own(reader: Reader, content: bytes) -> None:
    assert reader("file", content) is None


@pytest.mark.parametrize("content", NOT_A_DOCUMENT.values(), ids=NOT_A_DOCUMENT)
def test_a_file_nobody_takes_is_refused_saying_what_is_expected(content: bytes) -> None:
    with pytest.raises(UnknownFile) as caught:
        readers.read("holiday.csv", content)
    assert caught.value.says.startswith("holiday.csv is ")
    assert caught.value.says.endswith(".")
    assert caught.value.advice.endswith(".")


@pytest.mark.parametrize("content", [b"", b" \r\n\t\n"])
def test_an_empty_file_is_called_empty(content: bytes) -> None:
    with pytest.raises(WrongInput, match=r"^costs\.csv is empty\."):
        readers.read("costs.csv", content)


def test_a_file_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert readers.LARGEST_FILE == 10_000_000
    monkeypatch.setattr(readers, "LARGEST_FILE", 1_000_000)
    with pytest.raises(WrongInput, match=r"^costs\.csv is larger than 1 MB\."):
        readers.read("costs.csv", b"x" * 1_000_001)


def outcome(content: bytes, name: str = "costs.csv") -> Reading | WrongInput:
    """What the file is read as, or the fault."""
    try:
        return readers.read(name, content)
    except WrongInput as fault:
        return fault


@given(st.binary(max_size=300) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused_in_a_sentence(content: bytes) -> None:
    found = outcome(content)
    assert isinstance(found, Reading) or found.says.endswith(".")


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """A good file in which some bytes are cut out, doubled or others."""
    name, content = draw(st.sampled_from(MANY))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(content)))
        length = draw(st.integers(0, 40))
        put = draw(st.binary(max_size=12) | st.just(content[at : at + length] * 2))
        content = content[:at] + put + content[at + length :]
    return name, content[: draw(st.integers(0, len(content)) | st.just(len(content)))]


@given(damaged())
def test_a_damaged_file_is_read_or_refused_in_a_sentence(file: tuple[str, bytes]) -> None:
    """C28: whatever happened to it on its way."""
    found = outcome(file[1], file[0])
    if isinstance(found, WrongInput):
        assert found.says.endswith(".")
        assert "\n" not in found.says
    else:
        assert all(refused.reason for refused in found.refused)


@given(st.lists(st.text(max_size=30), min_size=1, max_size=12))
def test_any_rows_under_good_headings_are_taken_or_refused_by_number(rows: list[str]) -> None:
    """C28: nothing is dropped in silence."""
    headings = "Receipt ID,Type,Date,Supplier,Total,Currency\r\n"
    found = outcome((headings + "\r\n".join(rows)).encode(errors="replace"))
    if isinstance(found, WrongInput):
        assert found.says.startswith(("Row ", "costs.csv is no "))
    else:
        assert all(refused.row > 1 and refused.reason for refused in found.refused)
