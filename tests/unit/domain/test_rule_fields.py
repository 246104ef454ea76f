"""What a supplier's rule sets, beside the hand and the document."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.coding import Layer
from bot.domain.identity import EntryId
from bot.domain.items import Field, PublishAs, Side
from bot.domain.settings import SupplierRule
from tests.builders import an_item
from tests.unit.domain.resolved import coded, problems

WHOLE = SupplierRule(
    "northwind paper",
    name="Northwind",
    due_days=14,
    payment_account=EntryId("b1"),
    description="Paper",
    publish_as=PublishAs.EXPENSE,
)


def test_a_rule_sets_due_date_account_description_and_kind() -> None:
    """C7: each value says that the rule set it."""
    coding = coded(an_item(due_date=dt.date(2026, 4, 2), description="Copier paper"), rule=WHOLE)
    assert coding.due_date == dt.date(2026, 3, 17)
    assert coding.text(Field.DESCRIPTION) == "Paper"
    assert coding.publish_as is PublishAs.EXPENSE
    entry = coding.entry(Field.PAYMENT_ACCOUNT)
    assert entry is not None
    assert entry.name == "Current Account"
    for name in (Field.DUE_DATE, Field.DESCRIPTION, Field.PUBLISH_AS, Field.PAYMENT_ACCOUNT):
        assert coding.values[name].layer is Layer.RULE, name
        assert coding.values[name].why == "rule for Northwind Paper Ltd"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (Field.DUE_DATE, "2026-05-01"),
        (Field.DESCRIPTION, "By hand"),
        (Field.PUBLISH_AS, "bill"),
        (Field.PAYMENT_ACCOUNT, "b1"),
    ],
)
def test_the_hand_wins_over_the_rule(name: Field, value: str) -> None:
    """S24."""
    coding = coded(an_item(manual={name: value}), rule=WHOLE)
    assert coding.values[name].layer is Layer.MANUAL


def test_a_rule_without_them_leaves_the_document_alone() -> None:
    """S24."""
    coding = coded(an_item(due_date=dt.date(2026, 4, 2)), rule=SupplierRule("northwind paper"))
    assert coding.due_date == dt.date(2026, 4, 2)
    assert coding.publish_as is PublishAs.BILL


def test_due_after_no_days_is_due_at_once() -> None:
    """C7: zero is a number of days, not nothing."""
    assert coded(an_item(), rule=replace(WHOLE, due_days=0)).due_date == dt.date(2026, 3, 3)


def test_an_account_that_vanished_is_named() -> None:
    """S41."""
    coding = coded(an_item(), rule=replace(WHOLE, payment_account=EntryId("gone")))
    assert any("payment account" in problem for problem in problems(coding))


@pytest.mark.parametrize(
    ("document", "manual", "expected"),
    [
        ("", {}, ("EUR", Layer.RULE, "rule for Northwind Paper Ltd")),
        ("GBP", {}, ("GBP", Layer.DOCUMENT, "document")),
        ("", {Field.CURRENCY: "gbp"}, ("GBP", Layer.MANUAL, "changed by")),
    ],
)
def test_a_rules_currency_counts_where_the_document_names_none(
    document: str, manual: dict[Field, str], expected: tuple[str, Layer, str]
) -> None:
    """C7 C8: what is printed on a document is what is owed; a hand wins over both."""
    coding = coded(an_item(currency=document, manual=manual), rule=replace(WHOLE, currency="EUR"))
    value = coding.values[Field.CURRENCY]
    assert (value.text, value.layer, value.why) == expected
    assert coding.currency == expected[0]
    assert value.entry is not None


def test_without_a_rules_currency_it_is_the_organisations() -> None:
    """C8."""
    value = coded(an_item(currency=""), rule=WHOLE).values[Field.CURRENCY]
    assert (value.text, value.layer, value.why) == ("GBP", Layer.DEFAULT, "organisation's")


def test_a_rules_currency_that_is_not_kept_is_a_problem() -> None:
    """S41."""
    coding = coded(an_item(currency=""), rule=replace(WHOLE, currency="KWD"))
    assert "currency KWD is not in the accounting software" in problems(coding)


def test_a_customers_rule_codes_a_sale() -> None:
    """C7: category, days until due and kind, each with why."""
    rule = SupplierRule(
        "sale/harbour books", EntryId("c200"), EntryId("t0"), "Harbour Books", 7, side=Side.SALE,
        publish_as=PublishAs.SALES_RECEIPT,
    )  # fmt: skip
    item = an_item(side=Side.SALE, customer="Harbour Books", supplier="", category="")
    coding = coded(item, rule=rule)
    assert problems(coding) == []
    assert coding.publish_as is PublishAs.SALES_RECEIPT
    assert coding.due_date == dt.date(2026, 3, 10)
    for name in (Field.CATEGORY, Field.TAX, Field.DUE_DATE, Field.PUBLISH_AS):
        assert coding.values[name].why == "rule for Harbour Books", name
