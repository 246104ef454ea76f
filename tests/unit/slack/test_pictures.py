"""The month's picture: a real image, with its figures as text."""

from __future__ import annotations

import io
from decimal import Decimal

import pytest
from PIL import Image

from bot.domain.report import Month, Spend
from bot.slack import pictures

MARCH = Month(2026, 3)
MANY = {
    f"Category {number} $x^2$ _and_ a name that goes on for ever": Decimal(90 - number)
    for number in range(30)
}


@pytest.mark.parametrize(
    "found",
    [
        Spend(),
        Spend(Decimal(-5), {"": Decimal(-5)}, {"Refund Ltd": Decimal(-5)}),
        Spend(Decimal(100), MANY, {"株式会社": Decimal(100)}),
    ],
)
def test_it_is_a_png_that_fits_into_a_message(found: Spend) -> None:
    """Whatever the figures and names."""
    image = Image.open(io.BytesIO(pictures.spend(found, MARCH, "Held Out Ltd", "GBP")))
    assert image.format == "PNG"
    assert 800 < image.width < 2000
    assert image.height < 2000


def test_its_text_says_the_same() -> None:
    found = Spend(Decimal(150), {"Travel": Decimal(150)}, {"Kestrel": Decimal(100), "": Decimal(50)})
    assert pictures.spend_in_words(found, MARCH, "GBP") == (
        "Published in March 2026: £150.00. By category: Travel £150.00. "
        "By supplier: Kestrel £100.00, none £50.00."
    )


def test_the_smallest_are_shown_as_one() -> None:
    said = pictures.spend_in_words(Spend(sum(MANY.values(), Decimal()), MANY, {}), MARCH, "GBP")
    assert "23 others" in said
