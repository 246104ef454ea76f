"""Supplier lists: free headings, one line for one supplier, refusals by row."""

from __future__ import annotations

from importlib import resources

import pytest

from bot import readers
from bot.domain.reading import Reading, SupplierLine
from bot.errors import UnknownFile

SAMPLE = resources.files("bot").joinpath("sample_data", "suppliers_import.csv")


def read(text: str) -> Reading:
    return readers.read("suppliers.csv", text.encode())


def refusals(text: str) -> list[tuple[int, str]]:
    return [(row.row, row.reason) for row in read(text).refused]


def test_the_sample_is_read_and_its_repeated_name_merged() -> None:
    """C7 C28."""
    reading = readers.read("suppliers.csv", SAMPLE.read_bytes())
    assert reading == Reading(
        suppliers=(
            SupplierLine(2, "Northwind Paper Ltd", "429 - Office Supplies", "GBP", "NW01"),
            SupplierLine(3, "Kestrel Taxis", "493 - Travel", "GBP", "KT01"),
            SupplierLine(4, "Atelier Lumière SARL", "461 - Printing", "EUR", "AL01"),
            SupplierLine(5, "Old Mill Hosting", "485 - Subscriptions", "", ""),
        )
    )


@pytest.mark.parametrize(
    "headings",
    ["Supplier Name,Category,Currency Code", "VENDOR; account name; currency", "Name\tNominal code\tCurrency",
     " supplier |default  category| Currency "],
)  # fmt: skip
def test_columns_are_found_by_what_they_may_be_called(headings: str) -> None:
    """C28."""
    mark = next(sign for sign in ",;\t|" if sign in headings)
    [line] = read(f"{headings}\r\n{mark.join(('Acme Ltd', '429', 'gbp'))}\r\n").suppliers
    assert line == SupplierLine(2, "Acme Ltd", "429", "GBP")


@pytest.mark.parametrize("order", [("Acme Ltd,429,", "ACME Limited,,EUR"), ("Acme Ltd,,EUR", "acme,429,")])
def test_what_either_row_of_a_supplier_says_counts(order: tuple[str, str]) -> None:
    text = "Supplier,Category,Currency\n" + "\n".join(order)
    [line] = read(text).suppliers
    assert (line.name, line.category, line.currency) == ("Acme Ltd", "429", "EUR")


@pytest.mark.parametrize(
    ("rows", "row", "reason"),
    [
        (",429,,", 2, "the supplier name is missing"),
        ("!!,429,,", 2, "“!!” is not a name"),
        ("Acme,429,GPB,", 2, "currency “GPB” is not known"),
        (f"{'x' * 201},429,,", 2, "the supplier name is longer than 200 characters"),
        ("Acme,429,,\nACME Ltd,493,,", 3, "ACME Ltd has “429” in row 2 already, not “493”"),
        ("Acme,,GBP,\nAcme,,EUR,", 3, "Acme has “GBP” in row 2 already, not “EUR”"),
        ("Acme,429,,A1\nBolt,493,,A1", 3, "code A1 stands in row 2 already, for Acme"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason(rows: str, row: int, reason: str) -> None:
    """C28: the others stay."""
    assert refusals(f"Supplier,Category,Currency,Code\n{rows}\nGood Co,429,,\n") == [(row, reason)]
    assert read(f"Supplier,Category,Currency,Code\n{rows}\nGood Co,429,,\n").suppliers[-1].name == "Good Co"


@pytest.mark.parametrize("headings", ["Supplier Name", "Name,Colour", "Category,Currency"])
def test_a_table_that_says_nothing_of_suppliers_is_not_taken(headings: str) -> None:
    with pytest.raises(UnknownFile):
        read(f"{headings}\nAcme,red\n")
