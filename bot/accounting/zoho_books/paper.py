"""Text, tables and web pages into PDF, as they would be printed; the same file always gives the same bytes.

Nothing is fetched: of a web page its words count, in their order. What the font cannot show is refused in
words, since a receipt with holes in it would be a lost one.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from charset_normalizer import from_bytes
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.fonts import FontFace, TTFFont

from bot.accounting.zoho_books.web_text import Words, words_of
from bot.errors import Refused

FONT = "DejaVu Sans"
MOST_SIGNS = 300_000
MOST_ROWS, MOST_COLUMNS = 2_000, 8
"""Of a table that is drawn as one; a wider one is written row by row."""
MOST_PAGES = 100
_SIZE, _LINE = 9, 4.6
_GREY = 235
_NO_SIGN = "□"
_LEFT_OUT = "Signs that no font of ours has stand as □ here."
_PICTURES = "Pictures of the page are left out."
_SHAPED = {"R", "AL"}
"""Letters that the font has, but which run from right to left and are joined by rules not at hand."""
_MADE_AT = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


def as_pdf(kind: str, content: bytes) -> bytes:
    """`kind` is `txt`, `csv` or `html`. Raises Refused, saying why and what to do."""
    if kind == "html":
        words = words_of(content)
        return _written(words)
    text = _decoded(content)
    return _table(text) if kind == "csv" else _written(Words(tuple(text.splitlines())))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    guess = None if b"\0" in content else from_bytes(content).best()
    if guess is None:
        raise _refused("It holds no text that can be read")
    return str(guess)


def _written(words: Words) -> bytes:
    lines = [_shown(line) for line in words.lines]
    if not any(line.strip() for line in lines):
        raise _refused("It holds no words")
    with closing(_Sheet()) as sheet:
        for number, line in enumerate(lines):
            sheet.write(line, bold=number in words.headings)
        if words.pictures:
            sheet.write("", bold=False)
            sheet.write(_PICTURES, bold=False)
        return sheet.done()


def _table(text: str) -> bytes:
    rows = [
        [_shown(cell) for cell in row] for row in csv.reader(io.StringIO(text), delimiter=_delimiter(text))
    ]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise _refused("It holds no words")
    if len(rows) > MOST_ROWS:
        raise _refused(f"It has more than {MOST_ROWS:,} rows")
    width = max(map(len, rows))
    with closing(_Sheet(lies_across=MOST_COLUMNS // 2 < width <= MOST_COLUMNS)) as sheet:
        if width <= MOST_COLUMNS:
            sheet.draw([row + [""] * (width - len(row)) for row in rows])
        else:
            _row_by_row(sheet, rows, width)
        return sheet.done()


def _row_by_row(sheet: _Sheet, rows: Sequence[Sequence[str]], width: int) -> None:
    headings = [*rows[0], *[""] * width]
    for number, row in enumerate(rows[1:], start=2):
        sheet.write(f"Row {number}", bold=True)
        for heading, cell in zip(headings, row, strict=False):
            if cell.strip():
                sheet.write(f"{heading}: {cell}", bold=False)


def _delimiter(text: str) -> str:
    first = text.splitlines()[0] if text else ""
    return max(",;\t|", key=first.count)


# --- signs


def _font_file(style: str) -> Path:
    """The font that comes with matplotlib, which need not be loaded for it."""
    found = find_spec("matplotlib")
    if found is None or found.origin is None:
        raise LookupError("matplotlib is not installed")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf" / f"DejaVuSans{style}.ttf"


@cache
def _signs() -> frozenset[int]:
    with TTFont(_font_file(""), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _shown(text: str) -> str:
    """With what the font has. Raises Refused for a letter or number that it has not; a sign that is neither
    becomes □."""
    text = unicodedata.normalize("NFC", text.expandtabs(4))
    return "".join(_sign(sign) for sign in text if sign.isprintable() or sign.isspace())


def _sign(sign: str) -> str:
    if sign.isspace():
        return " "
    if ord(sign) in _signs() and unicodedata.bidirectional(sign) not in _SHAPED:
        return sign
    if unicodedata.category(sign)[0] in "LNM" or unicodedata.category(sign) == "Sc":
        raise _refused(f"It holds letters that we cannot put on paper, such as “{sign}”")
    return _NO_SIGN


# --- the sheet


@dataclass
class _Sheet:
    """Pages of A4."""

    lies_across: bool = False
    pdf: FPDF = field(init=False)
    signs: int = 0
    has_gaps: bool = False

    def __post_init__(self) -> None:
        self.pdf = FPDF(orientation="landscape" if self.lies_across else "portrait", format="A4")
        self.pdf.set_creation_date(_MADE_AT)
        self.pdf.add_font(FONT, "", _font_file(""))
        self.pdf.add_font(FONT, "B", _font_file("-Bold"))
        self.pdf.set_font(FONT, size=_SIZE)
        self.pdf.set_auto_page_break(auto=True, margin=15)
        self.pdf.add_page()

    def write(self, line: str, *, bold: bool) -> None:
        self._count((line,))
        self.pdf.set_font(style="B" if bold else "")
        self.pdf.multi_cell(0, _LINE, line or " ", new_x="LMARGIN", new_y="NEXT")
        if self.pdf.page_no() > MOST_PAGES:
            raise _refused(f"It has more than {MOST_PAGES} pages")

    def draw(self, rows: Sequence[Sequence[str]]) -> None:
        for row in rows:
            self._count(row)
        with self.pdf.table(
            line_height=_LINE,  # type: ignore[arg-type]  # the stubs say int; it is millimetres
            headings_style=FontFace(emphasis="BOLD", fill_color=_GREY),
            padding=0.8,
            first_row_as_headings=len(rows) > 1,
            col_widths=_widths(rows),
        ) as table:
            for row in rows:
                table.row(list(row))

    def done(self) -> bytes:
        if self.has_gaps:
            self.write("", bold=False)
            self.write(_LEFT_OUT, bold=False)
        if self.pdf.page_no() > MOST_PAGES:
            raise _refused(f"It has more than {MOST_PAGES} pages")
        return bytes(self.pdf.output())

    def close(self) -> None:
        """The fonts' files, which are open until they are written."""
        for font in self.pdf.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _count(self, texts: Iterable[str]) -> None:
        for text in texts:
            self.signs += len(text)
            self.has_gaps = self.has_gaps or _NO_SIGN in text
        if self.signs > MOST_SIGNS:
            raise _refused("It is too long to become a PDF")


def _widths(rows: Sequence[Sequence[str]]) -> tuple[int, ...]:
    """By the longest cell of each column, within reason: no column is starved by a long one."""
    return tuple(min(40, max(6, *map(len, column))) for column in zip(*rows, strict=True))


def _refused(why: str) -> Refused:
    return Refused(f"{why}. Save it as PDF yourself and add that to the record in Zoho Books.", cause="file")
