"""**Choose columns**: every column can be chosen, in whatever letters its heading is."""

from __future__ import annotations

import pytest

from bot.slack.blocks import columns
from bot.slack.limits import BUTTON_VALUE
from tests.unit.slack.checking import takes_message, takes_view
from tests.unit.slack.views import META


@pytest.mark.parametrize(
    "headings",
    [
        ["Supplier", "Category"],
        [f"Наименование поставщика {number}" for number in range(20)],
        [f"供应商名称和类别说明 {number}" for number in range(60)],
        ["x" * 500] * 90,
    ],
)
def test_every_column_is_offered(headings: list[str]) -> None:
    """C28: a heading is cut rather than left out."""
    value = columns.value("F1", "key", headings)
    assert len(value) <= BUTTON_VALUE
    takes_message(columns.question("list.csv", "F1", "key", headings))
    view = columns.form(value, META)
    takes_view(view)
    picks = [block["element"] for block in view["blocks"] if block["type"] == "input"]
    assert picks
    assert {len(pick["options"]) for pick in picks} == {len(headings)}
