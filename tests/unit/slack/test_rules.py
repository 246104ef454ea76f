"""Rules in Slack: the page's buttons, both forms, conflicts with what mends them, and the card's whys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.conflicts import Cause, Conflict
from bot.domain.items import ItemStatus, PublishAs, Side
from bot.domain.settings import SupplierRule
from bot.slack.blocks import conflicts, edit_item, items, rule_form, rules
from bot.slack.blocks.items import Shown
from tests.builders import an_item
from tests.unit.domain.resolved import coded
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, texts

RULE = SupplierRule("acme", name="Acme", currency="EUR", due_days=14, publish_as=PublishAs.BILL)
OTHER = SupplierRule("acme paper", name="Acme Paper", due_days=3)


def labels(view: dict[str, Any]) -> list[str]:
    return [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"]


def test_a_customers_rule_is_asked_without_what_sales_do_not_have() -> None:
    """C7: no account, and only kinds of sales; its side goes along for the pick lists."""
    costs, sales = rule_form.form(None, views.META), rule_form.form(None, views.META, Side.SALE)
    assert (costs["title"]["text"], sales["title"]["text"]) == ("Supplier rule", "Customer rule")
    assert set(labels(costs)) - set(labels(sales)) == {"Supplier", "Paid from"}
    assert set(labels(sales)) - set(labels(costs)) == {"Customer"}
    assert '"side":"sale"' in sales["private_metadata"]
    offered = next(block for block in sales["blocks"] if block.get("block_id") == "publish_as")
    assert [one["value"] for one in offered["element"]["options"]] == [
        "invoice",
        "credit_note",
        "sales_receipt",
    ]


@pytest.mark.parametrize(
    ("conflicts_found", "button"),
    [(None, "Look for conflicts"), (0, None), (1, "Show 1 conflict"), (3, "Show 3 conflicts")],
)
def test_the_page_leads_to_conflicts_and_table(conflicts_found: int | None, button: str | None) -> None:
    """C7."""
    page = rules.page([rules.Line("acme", "Acme", "due after 3 days")], [], conflicts_found, 0, views.META)
    heads = ["Add a rule", "Add a customer rule", *([button] if button else []), "Export CSV"]
    assert [*buttons(page)][: len(heads)] == heads
    assert "Export CSV" not in buttons(rules.page([], [], 0, 0, views.META))


@pytest.mark.parametrize(
    ("conflict", "offered"),
    [
        (Conflict(RULE, Cause.GONE, "x", "tax"), ["Choose another", "Take its tax out"]),
        (Conflict(RULE, Cause.KIND, "x", "due_days"), ["Edit", "Take its due days out"]),
        (Conflict(RULE, Cause.UNSEEN, "x", "auto"), ["Edit", "Switch auto-publish off"]),
        (Conflict(RULE, Cause.UNUSED, "x", moves_to="Acme Ltd"),
         ["Make it the rule of Acme Ltd", "Edit", "Remove this rule"]),
        (Conflict(RULE, Cause.DOUBLED, "x", other=OTHER), ["Edit", "Edit Acme Paper", "Remove this rule"]),
        (Conflict(RULE, Cause.SEVERAL, "x"), ["Edit", "Remove this rule"]),
    ],
)  # fmt: skip
def test_each_conflict_has_the_buttons_that_mend_it(conflict: Conflict, offered: list[str]) -> None:
    """C7 S41."""
    assert list(buttons(conflicts.page([conflict], 0, views.META))) == offered


def test_conflicts_come_by_page_and_past_the_last_one_the_last_page_is_shown() -> None:
    """C7: the last of a page was mended."""
    many = [Conflict(replace(RULE, name=f"Rule {number}"), Cause.SEVERAL, "x") for number in range(45)]
    assert "Rule 39" in texts(conflicts.page(many, 20, views.META))
    assert "Show more" not in buttons(conflicts.page(many, 40, views.META))
    assert "Rule 19" in texts(conflicts.page(many[:20], 20, views.META))
    assert "No rule is in conflict" in texts(conflicts.page([], 20, views.META))


def test_a_card_says_what_a_rule_set_beside_category_and_tax() -> None:
    """S24 C7: currency, due date and kind with their why; nothing more where no rule did."""
    item = an_item(currency="")
    ruled = texts(items.card(Shown(item, coded(item, rule=RULE), ItemStatus.READY)))
    why = "rule for Northwind Paper Ltd"
    for line in (
        f"Currency  *EUR* · _{why}_",
        f"Due date  *17 Mar 2026* · _{why}_",
        f"Publish as  Bill · _{why}_",
    ):
        assert line in ruled, line
    plain = texts(items.card(Shown(item, coded(item), ItemStatus.READY)))
    assert "Currency" not in plain
    assert "Due date" not in plain


def test_the_ticks_that_make_a_rule_name_whose_it_is() -> None:
    """C7."""
    sale = an_item(side=Side.SALE, customer="Harbour Books", supplier="")
    form = edit_item.edit_form(Shown(sale, coded(sale), ItemStatus.READY), views.META)
    ticks = next(block for block in form["blocks"] if block.get("block_id") == edit_item.MAKE_RULE)
    assert [one["text"]["text"] for one in ticks["element"]["options"]] == [
        "Use this category and tax for all items of the customer",
        "Also on its waiting items where they were set by hand",
    ]
