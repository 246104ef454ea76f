"""A long list in bounded memory: the bench's refresh with fewer suppliers."""

from __future__ import annotations

import pytest

from bench import lists as bench


async def test_a_list_of_thousands_grows_the_process_by_little_and_is_read_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """S40 S47: calls are pages; `make bench` measures 100,000."""
    grown = await bench.measured(6_000)
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [
        ["first", "5,995"], ["again", "5,995"], ["changes", "5,995"]
    ]  # fmt: skip
    calls = [int(line.split()[3]) for line in said]
    # 30 pages of suppliers and one of each other list; of the changes one. The one tax group is asked once.
    assert calls == [30 + 13 + 1, 30 + 13, 1 + 13]
    assert grown < 150
