"""The headings of a table, and the table under other ones. Its other bytes stay as they are."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from bot.errors import WrongInput
from bot.readers import table
from bot.readers.text import decoded

MOST_COLUMNS = 60


def headings(content: bytes) -> tuple[str, ...]:
    """Of a table with at least two columns and a row; nothing for everything else."""
    if b"\0" in content or _heading_line(content) is None:
        return ()
    text = decoded(content)
    try:
        rows = [row for row, _ in zip(table.rows(text or ""), range(50), strict=False) if any(row)]
    except WrongInput:
        return ()
    named = [cell.strip() for cell in rows[0]] if rows else []
    is_table = len(rows) > 1 and 1 < len(named) <= MOST_COLUMNS and sum(map(bool, named)) > 1
    return tuple(named) if is_table else ()


def rename(content: bytes, names: Sequence[str]) -> bytes:
    """The same table with these headings."""
    found = _heading_line(content)
    if found is None:
        return content
    before, line, after = found
    written = io.StringIO(newline="")
    separator = table.delimiter(decoded(line) or "")
    csv.writer(written, delimiter=separator, lineterminator="").writerow(names)
    mark = b"\xef\xbb\xbf" if line.startswith(b"\xef\xbb\xbf") else b""
    end = line[len(line.rstrip(b"\r\n")) :]
    return before + mark + written.getvalue().encode("ascii") + end + after


def _heading_line(content: bytes) -> tuple[bytes, bytes, bytes] | None:
    """What stands before it, the line, and the rest; nothing where a heading has lines of its own."""
    lines = content.splitlines(keepends=True)
    for number, line in enumerate(lines):
        if line.strip() and not line.startswith(b"sep="):
            is_whole = line.count(b'"') % 2 == 0
            return (b"".join(lines[:number]), line, b"".join(lines[number + 1 :])) if is_whole else None
    return None
