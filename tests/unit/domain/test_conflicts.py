"""Rules that cannot do what they say: each cause by table."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.conflicts import Cause, Conflict, conflicts
from bot.domain.finding import ListSlice
from bot.domain.identity import EntryId
from bot.domain.items import AutoPublish, PublishAs, Side
from bot.domain.lists import Entry, ListKind
from bot.domain.matching import Alias
from bot.domain.rules import rule_key
from bot.domain.settings import SupplierRule
from tests.builders import ADA, NOON, an_entry, usual_lists

OFF = an_entry("Old Travel", id=EntryId("c1"), active=False)
EURO_CARD = an_entry("Euro Card", id=EntryId("b2"), currency="EUR")
EURO_SUPPLIER = an_entry("Atelier", id=EntryId("s7"), currency="EUR")
USD = an_entry("USD", id=EntryId("usd"))
LISTS = usual_lists(categories=[OFF], bank_accounts=[EURO_CARD], suppliers=[EURO_SUPPLIER], currencies=[USD])
AUTO = AutoPublish(ADA, NOON)


def a_rule(name: str = "Northwind Paper Ltd", side: Side = Side.COST, **fields: Any) -> SupplierRule:
    return SupplierRule(rule_key(side, name), name=name, side=side, **fields)


def found(
    *rules: SupplierRule, lists: ListSlice = LISTS, aliases: dict[str, Alias] | None = None
) -> list[Conflict]:
    return list(conflicts(rules, lists, aliases or {}, "GBP"))


C429, T20, B1 = EntryId("c429"), EntryId("t20"), EntryId("b1")


@pytest.mark.parametrize(
    ("rule", "cause", "field", "says"),
    [
        (a_rule(category=EntryId("c99")), Cause.GONE, "category", "its category is no longer in Zoho Books"),
        (a_rule(tax=EntryId("t99")), Cause.GONE, "tax", "its tax is no longer in Zoho Books"),
        (a_rule(payment_account=EntryId("b9")), Cause.GONE, "payment_account",
         "its payment account is no longer in Zoho Books"),
        (a_rule(category=OFF.id), Cause.INACTIVE, "category",
         "its category “Old Travel” is inactive in Zoho Books"),
        (a_rule(category=EntryId("c200")), Cause.OTHER_SIDE, "category",
         "its category “200 - Sales” is not for costs"),
        (a_rule("Harbour Books", Side.SALE, category=C429), Cause.OTHER_SIDE, "category",
         "its category “429 - Office Supplies” is not for sales"),
        (a_rule(currency="KWD"), Cause.CURRENCY, "currency", "currency KWD is not in Zoho Books"),
        (a_rule(currency="USD", payment_account=EURO_CARD.id), Cause.CURRENCY, "payment_account",
         "payment account “Euro Card” is in EUR, the rule says USD"),
        (a_rule("Atelier", currency="USD"), Cause.CURRENCY, "currency",
         "the supplier is kept in EUR, the rule says USD"),
        (a_rule(publish_as=PublishAs.INVOICE), Cause.KIND, "publish_as",
         "a cost cannot be published as invoice"),
        (a_rule("Harbour Books", Side.SALE, publish_as=PublishAs.BILL), Cause.KIND, "publish_as",
         "a sale cannot be published as bill"),
        (a_rule(publish_as=PublishAs.BILL, payment_account=B1), Cause.KIND, "payment_account",
         "its payment account is never used: nothing is paid with a bill"),
        (a_rule("Harbour Books", Side.SALE, payment_account=B1), Cause.KIND, "payment_account",
         "its payment account is never used on sales"),
        (a_rule(publish_as=PublishAs.EXPENSE, due_days=0), Cause.KIND, "due_days",
         "its days until due are never used: no expense is due later"),
        (a_rule(auto=AUTO, tax=T20), Cause.UNSEEN, "auto",
         "its items go by themselves with whatever category the document says: none is in the rule"),
    ],
)  # fmt: skip
def test_what_a_rule_contradicts_is_named_with_its_field(
    rule: SupplierRule, cause: Cause, field: str, says: str
) -> None:
    """C7: and nothing else is said of it."""
    (conflict,) = found(rule)
    assert (conflict.cause, conflict.field, conflict.says) == (cause, field, says)


@pytest.mark.parametrize(
    "rule",
    [
        a_rule(category=C429, tax=T20, payment_account=B1, due_days=14, currency="GBP"),
        a_rule(publish_as=PublishAs.EXPENSE, payment_account=EURO_CARD.id, currency="EUR"),
        a_rule(publish_as=PublishAs.BILL, due_days=30),
        a_rule("Atelier", currency="EUR", auto=AUTO, category=C429),
        a_rule(
            "Harbour Books", Side.SALE, category=EntryId("c200"), publish_as=PublishAs.INVOICE, due_days=7
        ),
        a_rule("Nobody Knows Ltd", category=C429),
        a_rule(),
    ],
)
def test_a_rule_that_can_do_what_it_says_is_left_alone(rule: SupplierRule) -> None:
    """C7."""
    assert found(rule) == []


def test_a_rule_that_sets_nothing_any_more_is_in_nobodys_way() -> None:
    """C7: one that was removed is kept empty."""
    assert found(a_rule("Northwind", category=C429), a_rule("NORTHWINDS")) == []


# --- names


def known_as(name: str, *also: str) -> ListSlice:
    supplier = an_entry(name, id=EntryId("s9"), also_known_as=also)
    return usual_lists(suppliers=[supplier])


def remembered(written: str, entry: Entry, kind: ListKind = ListKind.SUPPLIERS) -> dict[str, Alias]:
    alias = Alias(written, entry.id, entry.name, ADA, NOON, kind)
    return {alias.key: alias}


def test_a_rule_by_another_name_of_the_supplier_moves_to_the_real_one() -> None:
    """C7: items get the rule of the supplier as Zoho Books calls it."""
    (conflict,) = found(a_rule("BPL", category=C429), lists=known_as("Brightwater Plc", "BPL"))
    assert (conflict.cause, conflict.moves_to) == (Cause.UNUSED, "Brightwater Plc")


def test_two_rules_of_one_supplier_are_said_of_the_one_that_does_not_count() -> None:
    """C7: by another known name."""
    rules = a_rule("BPL", category=C429), a_rule("brightwater", tax=T20)
    (conflict,) = found(*rules, lists=known_as("Brightwater Plc", "BPL"))
    assert (conflict.cause, conflict.rule, conflict.other) == (Cause.DOUBLED, *rules)


def test_a_remembered_name_makes_two_rules_one_suppliers() -> None:
    """C7: by what somebody said at **New supplier**."""
    northwind = a_rule(category=C429)
    aliases = remembered("Paper People", an_entry("Northwind Paper Ltd", id=EntryId("s1")))
    (conflict,) = found(northwind, a_rule("PAPER PEOPLE", tax=T20), aliases=aliases)
    assert (conflict.cause, conflict.other) == (Cause.DOUBLED, northwind)
    assert conflict.says.startswith("its name stands for Northwind Paper Ltd, which has a rule of its own")


def test_a_customers_remembered_name_says_nothing_of_a_supplier() -> None:
    """C7: one company may be both."""
    aliases = remembered("Paper People", an_entry("Harbour Books", id=EntryId("k1")), ListKind.CUSTOMERS)
    assert found(a_rule("Paper People", category=C429), aliases=aliases) == []


@pytest.mark.parametrize(
    ("one", "other", "is_said"),
    [
        ("Sainsbury", "Sainsburys", True),
        ("Fine Foods", "FineFoods Ltd", True),
        ("Smith & Co Paper", "Smith Co Paper", True),
        ("Northwind Paper", "Northwind Papers", True),
        ("Twins 5", "Twins 6", False),
        ("Falcon Taxis", "Falcon Taxes", False),
    ],
)
def test_names_that_hardly_differ_are_said_once(one: str, other: str, is_said: bool) -> None:
    """C7: unless Zoho Books knows both; then they are two suppliers."""
    rules = a_rule(one, category=C429), a_rule(other, tax=T20)
    assert [conflict.cause for conflict in found(*rules)] == [Cause.ALIKE] * is_said
    both = usual_lists(suppliers=[an_entry(one), an_entry(other)])
    assert found(*rules, lists=both) == []


@pytest.mark.parametrize(
    "other", ["NORTHWIND PAPER LIMITED", "Nórthwind  Paper, Ltd.", "northwind paper", "Northwind Paper GmbH"]
)
def test_case_accents_and_legal_form_make_one_rule(other: str) -> None:
    """C7: two such rules cannot be: they are kept under one key."""
    assert rule_key(Side.COST, other) == rule_key(Side.COST, "Northwind Paper Ltd")


def test_a_name_that_several_suppliers_have_is_said() -> None:
    """C7: the rule counts for both companies."""
    lists = usual_lists(
        suppliers=[an_entry("Acme Ltd", id=EntryId("a1")), an_entry("Acme GmbH", id=EntryId("a2"))]
    )
    (conflict,) = found(a_rule("Acme Ltd", category=C429), lists=lists)
    assert conflict.cause is Cause.SEVERAL


def test_they_come_by_name_and_a_rule_may_have_several() -> None:
    """C7."""
    bad = a_rule("Zebra", category=EntryId("c99"), tax=EntryId("t99"), auto=replace(AUTO))
    first = a_rule("Aardvark", category=EntryId("c99"))
    assert [one.rule.name for one in found(bad, first)] == ["Aardvark", "Zebra", "Zebra"]
