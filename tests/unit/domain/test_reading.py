"""Documents from the side of the business that receives them; names of files worth opening."""

from __future__ import annotations

import pytest

from bot.domain.items import Side
from bot.domain.reading import from_its_side, may_be_read
from tests.builders import a_document

WE = "Held Out Ltd"


@pytest.mark.parametrize(
    ("supplier", "customer", "side", "left"),
    [
        ("Acme Ltd", "HELD OUT LIMITED", Side.COST, ("Acme Ltd", "")),
        ("Held Out", "Acme Ltd", Side.SALE, ("", "Acme Ltd")),
        ("Acme Ltd", "Harbour Books", Side.COST, ("Acme Ltd", "Harbour Books")),
        ("Held Out GmbH", "Acme Ltd", Side.COST, ("Held Out GmbH", "Acme Ltd")),
        ("Held Out Ltd", "", Side.COST, ("Held Out Ltd", "")),
        ("Held Out Ltd", "Held Out Ltd", Side.COST, ("Held Out Ltd", "")),
        ("", "", Side.COST, ("", "")),
    ],
)
def test_who_wrote_a_document_tells_its_side(
    supplier: str, customer: str, side: Side, left: tuple[str, str]
) -> None:
    """C28: an e-invoice of one's own is a sale; one is not one's own customer."""
    found = from_its_side(a_document(supplier=supplier, customer=customer), WE)
    assert (found.side, (found.supplier, found.customer)) == (side, left)


def test_without_a_connection_and_for_sales_nothing_is_changed() -> None:
    for document, name in (
        (a_document(supplier="Held Out", customer="Acme"), ""),
        (a_document(side=Side.SALE, supplier="", customer=WE), WE),
    ):
        assert from_its_side(document, name) == document


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("costs.CSV", True),
        ("re.xml", True),
        ("a.b.pdf", True),
        ("photo.jpg", False),
        ("xml", True),
        ("", False),
    ],
)
def test_only_files_of_some_names_are_opened_in_a_channel(name: str, may: bool) -> None:
    assert may_be_read(name) is may
