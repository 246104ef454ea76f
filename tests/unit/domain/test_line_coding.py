"""Category and tax of each line, what is wrong named by its line, and lines that do or do not add up."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from bot.domain import line_edits, mapping
from bot.domain.coding import Layer
from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, Item, Line, Side
from bot.domain.line_edits import LineChange
from bot.domain.settings import BusinessSettings
from tests.builders import ADA, NOON, an_entry, an_item, usual_lists
from tests.unit.domain.resolved import RULE, coded, problems

ONE = Decimal(1)


def a_line(description: str = "Paper", amount: str = "60.00", category: str = "", tax: str = "") -> Line:
    return Line(description, ONE, Decimal(amount), Decimal(amount), category, tax)


def lined(*lines: Line, **changes: Any):
    """144.00 in total, and the lines are all that is told of coding unless the rest says otherwise."""
    return an_item(lines=lines, **{"tax": "Standard Rate"} | changes)


def coding_of(coding) -> list[tuple[str, str, str]]:
    return [(line.category.text, line.tax.text, line.category.layer.value) for line in coding.lines]


def test_a_lines_own_word_comes_before_the_items() -> None:
    """C22: and a line that says nothing has the item's."""
    coding = coded(lined(a_line(category="493 - Travel", tax="Standard Rate"), a_line("Pens")))
    assert problems(coding) == []
    assert coding_of(coding) == [
        ("493 - Travel", "Standard Rate 20%", "document"),
        ("429 - Office Supplies", "Standard Rate 20%", "document"),
    ]


@pytest.mark.parametrize(
    ("changes", "layer", "category"),
    [
        ({"rule": None}, Layer.DOCUMENT, "310 - Cost of Sales"),
        ({"rule": RULE}, Layer.RULE, "493 - Travel"),
        ({"rule": RULE, "manual": {Field.CATEGORY: "c429"}}, Layer.MANUAL, "429 - Office Supplies"),
    ],
)
def test_rule_and_hand_win_over_a_lines_word_as_over_the_documents(changes, layer, category: str) -> None:
    """S24: one order for everything."""
    item = lined(a_line(amount="120.00", category="310"), manual=changes.get("manual"))
    (line,) = coded(item, rule=changes["rule"]).lines
    assert (line.category.layer, line.category.text) == (layer, category)


def test_the_default_tax_is_that_of_lines_without_one() -> None:
    """S23."""
    coding = coded(lined(a_line(tax="Zero Rate", amount="84.00"), a_line("Pens", "50.00"), tax=""))
    assert [(line.tax.text, line.tax.layer) for line in coding.lines] == [
        ("Zero Rate 0%", Layer.DOCUMENT),
        ("Standard Rate 20%", Layer.DEFAULT),
    ]
    assert problems(coding) == []


@pytest.mark.parametrize(
    ("lines", "changes", "says"),
    [
        (
            [a_line(category="Moonbeams"), a_line("Pens")],
            {},
            ["line 1 (“Paper”): unknown category “Moonbeams”"],
        ),
        ([a_line(category="429"), a_line("Pens")], {"category": ""}, ["line 2 (“Pens”): no category"]),
        ([a_line(), a_line("")], {"category": ""}, ["no category"]),
        ([a_line(category="429"), a_line("")], {"category": ""}, ["line 2: no category"]),
        ([a_line(), a_line()], {"category": "Moonbeams"}, ["unknown category “Moonbeams”"]),
        ([a_line(category="429"), a_line(category="493")], {"category": "Moonbeams"}, []),
        ([a_line(tax="T9"), a_line()], {}, ["line 1 (“Paper”): unknown tax “T9”"]),
        (
            [a_line(category="200"), a_line()],
            {},
            ["line 1 (“Paper”): category “200 - Sales” is not for costs"],
        ),
        (
            [a_line(category="Old"), a_line()],
            {},
            ["line 1 (“Paper”): category “Old” is no longer active in the accounting software"],
        ),
    ],
)
def test_what_is_wrong_is_said_once_and_names_its_line(lines, changes, says: list[str]) -> None:
    """C22 C25: every line needs a category."""
    lists = usual_lists(categories=[an_entry("Old", active=False)])
    assert problems(coded(lined(*lines, **changes), lists=lists)) == says


def test_a_line_without_an_amount_is_named() -> None:
    assert "line 2 (“Pens”): no amount" in problems(coded(lined(a_line(), Line("Pens"))))


@pytest.mark.parametrize(
    ("second", "rounding", "says"),
    [
        ("60.00", "0", []),
        ("59.98", "0.02", []),
        ("60.03", "-0.04", []),
        ("59.00", "1.20", ["lines and tax come to £142.80, £1.20 less than the total"]),
        ("61.00", "-1.20", ["lines and tax come to £145.20, £1.20 more than the total"]),
    ],
)
def test_a_few_pence_are_settled_and_more_stops_the_item(second: str, rounding: str, says: list[str]) -> None:
    """C22 S3: it says by how much."""
    coding = coded(lined(a_line(), a_line(amount=second)))
    assert problems(coding) == says
    assert coding.rounding == Decimal(rounding)
    assert any("of rounding is added" in warning for warning in coding.warnings) is bool(
        not says and coding.rounding
    )


def test_the_tolerance_is_the_businesss_own() -> None:
    item = lined(a_line(), a_line(amount="59.00"))
    assert problems(coded(item, settings=BusinessSettings(rounding_tolerance=120))) == []
    assert problems(
        coded(lined(a_line(), a_line(amount="59.99")), settings=BusinessSettings(rounding_tolerance=0))
    )


@pytest.mark.parametrize(
    ("currency", "total", "amount"),
    [("JPY", "1205", "1000"), ("KWD", "1.205", "1.000"), ("GBP", "12.05", "10")],
)
def test_pence_are_each_currencys_own(currency: str, total: str, amount: str) -> None:
    """C19: five yen, five fils, five pence."""
    lists = usual_lists(currencies=[an_entry(code, id=EntryId(code)) for code in ("JPY", "KWD")])
    coding = coded(lined(a_line(amount=amount), currency=currency, total=total), lists=lists)
    assert problems(coding) == []
    assert coding.rounding == Decimal(total) - Decimal(amount) * Decimal("1.2")


def test_lines_that_hold_their_tax_are_taken_so_and_that_is_said() -> None:
    coding = coded(lined(a_line(amount="100.00"), a_line(amount="44.00")))
    assert coding.lines_include_tax
    assert "they are taken as with tax" in " ".join(coding.warnings)
    assert coding.tax_amount == Decimal("24.00")


def test_the_lines_of_a_credit_lose_their_sign() -> None:
    """C20: however the document wrote them."""
    lines = (a_line(amount="-60.00"), a_line(amount="-60.00"))
    coding = coded(lined(*lines, total="-144.00", type=DocumentType.INVOICE))
    assert problems(coding) == []
    assert [str(line.amount) for line in coding.lines] == ["60.00", "60.00"]


def test_an_expense_claim_is_one_bill_with_a_line_for_each_receipt() -> None:
    """C25."""
    lines = (a_line("Taxi", "60.00", "493"), a_line("Paper", "60.00", "429"))
    coding = coded(lined(*lines, category="", side=Side.COST))
    assert (coding.publish_as.value, problems(coding), len(coding.lines)) == ("bill", [], 2)


def _with_line(item: Item, line: str, **said: str) -> Item:
    return line_edits.changed(item, line, LineChange(**said), ADA, NOON)


def test_a_line_s_project_is_its_own_and_one_that_is_gone_is_a_problem() -> None:
    """C22"""
    item = lined(a_line(category="429"), a_line(category="493"))
    first, second = coded(_with_line(item, "2", project="p1")).lines
    assert (first.project, second.project and second.project.text) == (None, "Refit 2026")
    assert problems(coded(_with_line(item, "2", project="p9")))[0].endswith(
        "the chosen project is not in the accounting software"
    )


def test_a_project_that_a_record_does_not_take_is_said() -> None:
    """S3: nothing is dropped in silence."""
    item = lined(
        a_line(category="429"),
        a_line(category="493"),
        paid=True,
        type=DocumentType.RECEIPT,
        payment_account="b1",
    )
    coding = coded(_with_line(item, "1", project="p1"))
    assert "expense lines have no project of their own: it is left out" in coding.warnings


def test_choices_for_lines_move_with_the_lists() -> None:
    """S37"""
    item = _with_line(lined(a_line(category="429"), a_line(category="493")), "2", category="c493")
    ((place, _, _),) = [
        one for one in mapping.places(BusinessSettings(), [], [item]) if one[2] == EntryId("c493")
    ]
    moved = mapping.moved_item(item, {place: mapping.Moved(EntryId("c493"), EntryId("new"))})
    assert [edit.category for edit in moved.line_edits or ()] == [None, EntryId("new")]
    assert mapping.moved_item(moved, {place: mapping.Moved(EntryId("c493"), EntryId("x"))}) is moved
