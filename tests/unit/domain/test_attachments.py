"""Files of an item: names that differ, states that belong to one record."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attachments import (
    LONGEST_NAME,
    Attachment,
    FileContent,
    FileState,
    changed,
    described,
    tidy,
    unsent,
)


def a_file(name: str, content: bytes = b"x") -> FileContent:
    return FileContent(name, "application/pdf", content)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\mel\\rechnung.pdf", "rechnung.pdf"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ('the "blue" one.pdf', "the 'blue' one.pdf"),
        ("", "file"),
        (" .. ", "file"),
        ("株式会社.pdf", "株式会社.pdf"),
        ("x" * 300 + ".pdf", "x" * 196 + ".pdf"),
    ],
)
def test_a_name_keeps_its_ending_and_loses_its_folders(name: str, expected: str) -> None:
    """C14."""
    assert tidy(name) == expected


@given(st.text(max_size=400))
def test_no_name_is_empty_too_long_or_a_path(name: str) -> None:
    found = tidy(name)
    assert 0 < len(found) <= LONGEST_NAME
    assert "/" not in found
    assert "\\" not in found
    assert tidy(found) == found


def test_two_files_of_one_name_are_told_apart_and_the_same_file_twice_is_one() -> None:
    """C14: by its name a file is found again at the record."""
    sent = [("a.pdf", b"1"), ("A.pdf", b"2"), ("a.pdf", b"3"), ("a.pdf", b"1"), ("b.pdf", b"1")]
    files = described([a_file(*one) for one in sent])
    assert [file.filename for file, _ in files] == ["a.pdf", "A (2).pdf", "a (3).pdf", "b.pdf"]
    assert len({file.id for file, _ in files}) == 4
    assert [content for _, content in files] == [b"1", b"2", b"3", b"1"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["a.pdf", "A.pdf", "a (2).pdf", "b"]), st.binary(max_size=2)), max_size=8
    )
)
def test_names_within_an_item_always_differ(files: list[tuple[str, bytes]]) -> None:
    found = [file.filename.casefold() for file, _ in described([a_file(*one) for one in files])]
    assert len(set(found)) == len(found)


def test_what_was_sent_to_one_record_is_still_to_be_sent_to_another() -> None:
    """S18: published anew after an undo, the files go to the new record."""
    files = (Attachment("f1", "a.pdf", "application/pdf", 1), Attachment("f2", "b.pdf", "application/pdf", 1))
    sent = changed(files, "f1", FileState.SENT, "7001")
    refused = changed(sent, "f2", FileState.REFUSED, "7001", says="no")
    assert [file.id for file in unsent(sent, "7001")] == ["f2"]
    assert unsent(refused, "7001") == []
    assert [file.id for file in unsent(refused, "7002")] == ["f1", "f2"]
    assert files[0].state is FileState.WAITING
