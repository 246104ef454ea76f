"""A table under other headings: only its heading line changes."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import readers
from bot.domain import columns
from bot.domain.columns import NAME
from bot.readers.columns import headings, rename

LIST = "Lieferant;Konto;Bemerkung\r\nNorthwind Paper Ltd;429;Büro\r\n".encode("cp1252")


def test_a_list_nobody_knows_is_read_under_the_headings_that_were_chosen() -> None:
    """C28: “free headings, mapped by the user”; letters in another encoding stay as they are."""
    named = headings(LIST)
    assert named == ("Lieferant", "Konto", "Bemerkung")
    known = rename(LIST, columns.renamed(named, {NAME: 0, "category": 1}))
    (line,) = readers.read("list.csv", known).suppliers
    assert (line.name, line.category, line.row) == ("Northwind Paper Ltd", "429", 2)
    assert known.splitlines()[1:] == LIST.splitlines()[1:]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"One\n1\n", b"A,B\n", b"%PDF-1.7\n\0\n", "A,B\n1,2\n".encode("utf-16"), b'"A\nB",C\n1,2\n',
        b",,\n,,\n", b",".join([b"x"] * 61) + b"\n" + b"1,2\n",
    ],
)  # fmt: skip
def test_what_is_no_such_table_has_no_headings(content: bytes) -> None:
    assert headings(content) == ()


WORDS = st.text(
    st.characters(codec="utf-8", exclude_characters='\r\n\0"\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029'),
    min_size=1,
    max_size=8,
)


@given(
    st.lists(WORDS, min_size=2, max_size=5),
    st.sampled_from([b"", b"\xef\xbb\xbf", b"sep=;\r\n", b"\r\n"]),
)
def test_renaming_changes_the_heading_line_alone(names: list[str], before: bytes) -> None:
    written = io.StringIO(newline="")
    csv.writer(written, delimiter=";").writerow([f"h{name}" for name in names])
    rest = b"1;2\r\nx;y\r\n"
    content = before + written.getvalue().encode() + rest
    new = columns.renamed(names, {NAME: 0})
    assert rename(content, new).endswith(rest)
    assert NAME.encode() in rename(content, new)


def test_the_same_headings_are_known_again_whatever_case_and_spaces() -> None:
    assert columns.key_of(["A  b", "C"]) == columns.key_of(["a b", "c "])
    assert columns.key_of(["a", "b"]) != columns.key_of(["b", "a"])


@pytest.mark.parametrize(
    ("places", "wrong"),
    [
        ({NAME: 0, "category": 1}, []),
        ({"category": 1}, [NAME]),
        ({NAME: 0}, ["category"]),
        ({NAME: 0, "category": 0}, ["category"]),
    ],
)
def test_a_choice_that_makes_no_sense_is_told_at_its_field(places: dict[str, int], wrong: list[str]) -> None:
    assert list(columns.faults(places)) == wrong
