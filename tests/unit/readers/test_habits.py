"""How one file writes days, amounts and letters: where one cell could mean two things, the others decide."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import readers
from bot.domain import money
from bot.domain.items import Document
from bot.domain.reading import Reading
from bot.errors import WrongInput
from bot.readers.cells import Habits
from bot.readers.text import decoded

PROJECT = Path(__file__).parents[3]
HEADINGS = ["Item ID", "Date", "Due Date", "Supplier", "Tax", "Total", "Currency", "Description"]


def written(rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end).writerows([HEADINGS, *rows])
    return file.getvalue().encode(encoding)


def of(*rows: tuple[str, str]) -> Reading:
    """Items with these dates and totals."""
    whole = [
        [str(number), date, "", "Acme", "", total, "GBP", ""]
        for number, (date, total) in enumerate(rows, start=1)
    ]
    return readers.read("costs.csv", written(whole))


# --- days


def days(*texts: str) -> tuple[list[str], list[int], tuple[str, ...]]:
    """The days read, the rows refused, and what is said of the file."""
    reading = of(*((text, "5.00") for text in texts))
    read = [one.date.isoformat() if one.date else "" for one in reading.documents]
    return read, [row.row for row in reading.refused], reading.notes


@pytest.mark.parametrize(
    ("texts", "read", "refused", "says"),
    [
        (["03/04/2026", "31/08/2026"], ["2026-04-03", "2026-08-31"], [], ""),
        (["03/04/2026", "08/31/2026"], ["2026-03-04", "2026-08-31"], [], "month first, because 08/31/2026"),
        (["03/04/2026", "08/31/2026", "31/08/2026"], ["2026-04-03", "2026-08-31"], [3], ""),
        (["03/04/2026"], ["2026-04-03"], [], "day first: 03/04/2026 is 3 April 2026"),
        (["03/03/2026"], ["2026-03-03"], [], ""),
        (["2026-04-03", "03-Apr-2026", "20260403"], ["2026-04-03"] * 3, [], ""),
        (["3/4/26", "31/8/26 00:00"], ["2026-04-03", "2026-08-31"], [], ""),
        (["2026-04-03T00:00:00Z", "2026-04-03 00:00:00"], ["2026-04-03"] * 2, [], ""),
        (["3 Sept 2026", "3 September 2026"], ["2026-09-03"] * 2, [], ""),
        (["03.04.2026", "13.04.2026"], ["2026-04-03", "2026-04-13"], [], ""),
    ],
)  # fmt: skip
def test_the_days_of_a_file_are_read_in_its_own_order(
    texts: list[str], read: list[str], refused: list[int], says: str
) -> None:
    """C28: decided for the file, and said where something had to be decided."""
    found = days(*texts)
    assert found[:2] == (read, refused)
    assert [says in note for note in found[2]] == ([True] if says else [])


@given(st.lists(st.dates(dt.date(1970, 1, 1), dt.date(2068, 12, 31)), min_size=1, max_size=6), st.booleans())
def test_days_written_in_one_order_are_read_in_it_where_anything_shows_it(
    wanted: list[dt.date], month_first: bool
) -> None:
    form = "%m/%d/%Y" if month_first else "%d/%m/%Y"
    texts = [day.strftime(form) for day in wanted]
    habits = Habits.of(texts, [])
    read = [habits.day("date", text) for text in texts]
    if any(day.day > 12 for day in wanted):
        assert read == wanted
    elif read != wanted:
        assert habits.notes


def test_every_date_of_real_receipts_is_read() -> None:
    """C28: dates as people write them, of the reference data where that is there."""
    for receipt in _receipts():
        habits = Habits.of([receipt["date"]], [receipt["total"]])
        assert habits.day("date", receipt["date"]) is not None, receipt
        assert habits.amount("total", receipt["total"].removeprefix("RM")) is not None, receipt


def _receipts() -> list[dict[str, str]]:
    shared = Path(os.environ.get("SHARED_DIR") or PROJECT.parent / "shared")
    file = shared / "reference" / "invoices" / "receipts" / "sroie_keys.jsonl"
    if not file.is_file():
        pytest.skip("the reference data (shared/reference/invoices) is not beside the project")
    return [json.loads(line) for line in file.read_text().splitlines()]


# --- amounts


@pytest.mark.parametrize(
    ("texts", "read"),
    [
        (["1.250", "12,50"], ["1250", "12.50"]),
        (["1.250", "1.250,00"], ["1250", "1250.00"]),
        (["1,250", "12.50"], ["1250", "12.50"]),
        (["1.250", "12.50"], ["1.250", "12.50"]),
        (["0,125", "1,125"], ["0.125", "1.125"]),
        (["1'250.00", "1 250.00"], ["1250.00", "1250.00"]),
        (["1\u00a0250,50", "€ 3,10", "-2,00 €"], ["1250.50", "3.10", "2.00"]),
        (["12,50", "12.50"], ["12.50", "12.50"]),
    ],
)
def test_the_amounts_of_a_file_are_read_by_its_own_decimal_mark(texts: list[str], read: list[str]) -> None:
    """C28: `1.250` is 1,250 in a file that writes `12,50`."""
    found = of(*(("", text) for text in texts))
    assert [one.total for one in found.documents] == [Decimal(text) for text in read]


def test_an_amount_against_the_mark_of_its_file_is_refused() -> None:
    found = of(("", "12,50"), ("", "3,10"), ("", "1,25,0"))
    assert [(row.row, row.reason) for row in found.refused] == [(4, "total “1,25,0” is not an amount")]


AMOUNTS = st.decimals(min_value=0, max_value=9_999_999, places=2, allow_nan=False)


@given(st.lists(AMOUNTS, min_size=1, max_size=5), st.sampled_from([",.", ".,", " ,", " .", "'.", "\u202f,"]))
def test_amounts_written_with_cents_are_read_whatever_the_marks(amounts: list[Decimal], marks: str) -> None:
    texts = [f"{one:,.2f}".replace(",", "T").replace(".", marks[1]).replace("T", marks[0]) for one in amounts]
    habits = Habits.of([], texts)
    assert [habits.amount("total", text) for text in texts] == amounts
    assert {money.decimal_mark(text) for text in texts} == {marks[1]}


# --- letters

WORDS = "Café Zürich, señora Æsa & Façade: 5 £ – “très” naïve Straße"


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", WORDS), ("utf-8-sig", WORDS), ("utf-16", WORDS), ("utf-16-le", WORDS), ("utf-16-be", WORDS),
        ("utf-32", WORDS), ("cp1252", WORDS), ("mac_roman", WORDS),
        ("cp1250", "Zażółć gęślą jaźń, Škoda Plzeň"), ("cp1251", "Бумага и картриджи, счёт"),
        ("cp1253", "Χαρτί και μελάνι, Αθήνα"),
        ("shift_jis", "株式会社テスト紙業、コピー用紙を十箱届けました"),
        ("gb18030", "北京纸业有限公司，复印纸十箱，已送达办公室"), ("mac_roman", "Atelier Lumière SARL"),
        ("cp1252", "Atelier Lumière SARL"),
        ("mac_roman", "Œuvre d’Été Élysée"), ("cp1252", "Œuvre d’Été Élysée"),
    ],
)  # fmt: skip
def test_every_encoding_that_a_spreadsheet_writes_is_read(encoding: str, text: str) -> None:
    """C28."""
    row = ["1", "31-Aug-2026", "", text, "", "5.00", "GBP", "plain words beside it"]
    content = written([row], encoding=encoding)
    [found] = readers.read("costs.csv", content).documents
    assert found.supplier == text


def test_what_is_no_text_is_none() -> None:
    assert decoded(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1") is None


# --- all of it at once


def _item(number: int, day: dt.date, total: Decimal, write: Callable[[Decimal], str], form: str) -> list[str]:
    words = 'a;b,c\t"d"\ne|'
    return [str(number), day.strftime(form), "", "Café Señor", write(total / 5), write(total), "EUR", words]


def _comma(value: Decimal) -> str:
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def _point(value: Decimal) -> str:
    return f"{value:,.2f}"


@given(
    st.lists(st.tuples(st.dates(dt.date(2020, 1, 13), dt.date(2030, 1, 1)), AMOUNTS), min_size=1, max_size=4),
    st.sampled_from(",;\t|"),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "mac_roman"]),
    st.sampled_from(["%d-%b-%Y", "%Y-%m-%d", "%d/%m/%Y", "%d.%m.%y", "%m/%d/%Y"]),
    st.sampled_from([_comma, _point]),
    st.sampled_from(["\r\n", "\n"]),
)
def test_one_file_in_any_form_is_the_same_items(
    rows: list[tuple[dt.date, Decimal]],
    delimiter: str,
    encoding: str,
    form: str,
    write: Callable[[Decimal], str],
    end: str,
) -> None:
    """C28: delimiter, encoding, form of days and amounts make no difference."""
    rows = [(dt.date(2026, 8, 31), Decimal("12.50")), *rows]  # shows the order of days

    def read(*, plain: bool) -> tuple[Document, ...]:
        cells = [
            _item(number, day, total, _point if plain else write, "%d-%b-%Y" if plain else form)
            for number, (day, total) in enumerate(rows)
        ]
        content = written(cells) if plain else written(cells, delimiter, encoding, end)
        return readers.read("costs.csv", content).documents

    assert read(plain=False) == read(plain=True)
    assert [one.total for one in read(plain=True)] == [total for _, total in rows]


def test_ten_thousand_rows_are_read_within_seconds() -> None:
    rows = [
        [str(n), "31-Aug-2026", "", f"Supplier {n % 500}", "", "1,250.00", "GBP", "x"] for n in range(10_000)
    ]
    began = dt.datetime.now(dt.UTC)
    assert len(readers.read("costs.csv", written(rows)).documents) == 10_000
    assert (dt.datetime.now(dt.UTC) - began).total_seconds() < 10


def test_a_cell_that_never_ends_is_a_sentence() -> None:
    content = written([["1", "", "", "Acme", "", "5", "GBP", "x" * 100_001]])
    with pytest.raises(
        WrongInput, match=r"^Row 2 of the file cannot be read: a cell holds more than 100,000"
    ):
        readers.read("costs.csv", content)
