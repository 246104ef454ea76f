"""Whatever keeps an item from being published has the button that mends it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, Line
from bot.domain.payment_methods import PaymentMethod, key
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.domain.transitions import status
from bot.slack.blocks import items
from tests.builders import ADA, GBP_ORGANISATION, NOON, an_entry, an_item, usual_lists
from tests.unit.slack.checking import buttons, texts

MORE: dict[str, Any] = {
    "categories": [an_entry("Old", id=EntryId("c1"), active=False)],
    "bank_accounts": [
        an_entry("Till", id=EntryId("b8"), active=False),
        an_entry("Euro Account", id=EntryId("b9"), currency="EUR"),
    ],
    "taxes": [an_entry("Old Rate", id=EntryId("t17"), percentage="17.5", active=False)],
    "suppliers": [
        an_entry("Gone Ltd", id=EntryId("s8"), active=False),
        an_entry("Yen Traders", id=EntryId("s9"), currency="JPY"),
    ],
}
LOCKED = {"transaction_locks": [an_entry("All", id=EntryId("all"), until="2026-03-31")]}
METHOD = PaymentMethod("Visa *4242", EntryId("b8"), "Till", ADA, NOON)
REMEMBERED = BusinessSettings(payment_methods={key("Visa *4242"): METHOD})
PAID: dict[str, Any] = {"paid": True, "payment_account": "Visa *4242"}
EDIT, REFRESH, CHOOSE, RULE, SETTINGS = (
    "Edit", "Refresh lists", "Choose account", "Change the rule", "Settings",
)  # fmt: skip


def shown(
    item: Item, rule: SupplierRule | None = None, settings: BusinessSettings | None = None, **more: Any
) -> tuple[list[str], list[str]]:
    """What is wrong, and the buttons besides **Reject**."""
    known = settings or BusinessSettings()
    coding = resolve(item, rule, known, usual_lists(**(MORE | more)), GBP_ORGANISATION)
    found = buttons(items.card(items.Shown(item, coding, status(item, coding))))
    assert found[-1] == "Reject"
    return [problem.says for problem in coding.problems], found[:-1]


@pytest.mark.parametrize(
    ("item", "settings", "more", "expected"),
    [
        (an_item(category=""), None, {}, [EDIT]),
        (an_item(category="Moonbeams"), None, {}, [EDIT, REFRESH]),
        (an_item(category="Old"), None, {}, [EDIT, REFRESH]),
        (an_item(category="200 - Sales"), None, {}, [EDIT, REFRESH]),
        (an_item(tax="T9"), None, {}, [EDIT, REFRESH]),
        (an_item(lines=(Line("Paper", None, None, Decimal(120), "429", "T9"),)), None, {}, [EDIT, REFRESH]),
        (an_item(), BusinessSettings(default_tax_costs=EntryId("t99")), {}, [EDIT, SETTINGS]),
        (an_item(), BusinessSettings(default_tax_costs=EntryId("t17")), {}, [EDIT, REFRESH, SETTINGS]),
        (an_item(), BusinessSettings(tax_exceptions={"cost:GBP": EntryId("t99")}), {}, [EDIT, SETTINGS]),
        (
            an_item(),
            BusinessSettings(tax_exceptions={"cost:GBP": EntryId("t17")}),
            {},
            [EDIT, REFRESH, SETTINGS],
        ),
        (an_item(supplier="Gone Ltd"), None, {}, [EDIT, REFRESH]),
        (an_item(supplier=""), None, {}, [EDIT]),
        (an_item(supplier="Yen Traders"), None, {}, [EDIT, REFRESH]),
        (an_item(currency="IDR"), None, {}, [EDIT, REFRESH]),
        (an_item(total=None), None, {}, [EDIT]),
        (an_item(paid=True), None, {}, [EDIT]),
        (an_item(**PAID), None, {}, [CHOOSE, EDIT, REFRESH]),
        (an_item(**PAID, category=""), None, {}, [EDIT, CHOOSE, REFRESH]),
        (an_item(**PAID), REMEMBERED, {}, [CHOOSE, EDIT, REFRESH]),
        (an_item(paid=True, payment_account="Till"), None, {}, [EDIT, REFRESH]),
        (an_item(paid=True, payment_account="Euro Account", currency="GBP"), None, {}, [EDIT, REFRESH]),
        (an_item(paid=True, payment_account="***"), None, {}, [EDIT, REFRESH]),
        (an_item(), None, LOCKED, [EDIT, REFRESH]),
        (an_item(), BusinessSettings(lock_date=dt.date(2026, 3, 31)), {}, [EDIT, SETTINGS]),
        (an_item(due_date=dt.date(2026, 3, 2)), None, {}, [EDIT]),
    ],
)
def test_each_problem_has_the_button_that_mends_it(
    item: Item, settings: BusinessSettings | None, more: dict[str, Any], expected: list[str]
) -> None:
    """C16 S2 S3: Edit for this item, and beside it what mends it for others too; one is primary."""
    problems, found = shown(item, None, settings, **more)
    assert problems
    assert found == expected


@pytest.mark.parametrize(
    "rule",
    [
        SupplierRule("northwind paper", tax=EntryId("t99")),
        SupplierRule("northwind paper", tax=EntryId("t17")),
        SupplierRule("northwind paper", category=EntryId("c1")),
    ],
)
def test_what_a_rule_does_wrong_is_mended_in_the_rule(rule: SupplierRule) -> None:
    """C16."""
    problems, found = shown(an_item(), rule)
    assert len(problems) == 1
    assert found == [EDIT, REFRESH, RULE]


def test_a_payment_account_set_by_hand_asks_nothing_of_the_method() -> None:
    """C21: the document's word is not what is wrong."""
    item = an_item(**PAID, manual={Field.PAYMENT_ACCOUNT: "b8"})
    assert shown(item)[1] == [EDIT, REFRESH]


def test_a_star_of_the_documents_own_makes_no_bold_letters() -> None:
    """C21 C31: `*Visa *4242*` would show as another text."""
    item = an_item(**PAID)
    coding = resolve(item, None, BusinessSettings(), usual_lists(), GBP_ORGANISATION)
    card = items.card(items.Shown(item, coding, status(item, coding)))
    assert "Paid from  *Visa ∗4242* · _document_" in texts(card)


def test_the_rules_button_leads_to_the_rule_that_was_used() -> None:
    """C16."""
    rule = SupplierRule("kept under another key", tax=EntryId("t99"))
    coding = resolve(an_item(), rule, BusinessSettings(), usual_lists(), GBP_ORGANISATION)
    card = items.card(items.Shown(an_item(), coding, status(an_item(), coding)))
    (leads,) = [
        one["value"]
        for block in card["blocks"]
        for one in block.get("elements", [])
        if one.get("type") == "button" and one["text"]["text"] == RULE
    ]
    assert leads == "kept under another key"
