"""Which items go by themselves: switches, their precedence, and what stands against it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.auto_publish import Streak, Verdict, due_at, judge, switched
from bot.domain.coding import Problem
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import AutoPublish, DocumentType, Field, Item, ItemStage, Line
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import ADA, BEN, NOON, an_entry, an_item, usual_lists
from tests.unit.domain.resolved import coded

SINCE = NOON - dt.timedelta(days=1)
ALL, RULED, PAID = AutoPublish(ADA, SINCE), AutoPublish(BEN, SINCE), AutoPublish(ADA, SINCE)
ACCOUNT = EntryId("b1")


def verdict(item: Item, *, rule: AutoPublish | None = None, **settings: Any) -> Verdict:
    chosen = BusinessSettings(**settings)
    own = SupplierRule("northwind paper", EntryId("c493"), name="Northwind", auto=rule)
    return judge(item, coded(item, rule=own, settings=chosen), own, chosen, base="GBP")


def test_nothing_goes_where_nothing_is_switched_on() -> None:
    """S25: no verdict and no reason either."""
    assert verdict(an_item()) == Verdict()


@pytest.mark.parametrize(
    ("switches", "because"),
    [
        ({"auto_publish": ALL}, "all items"),
        ({"auto_publish": ALL, "rule": RULED}, "rule for Northwind"),
        ({"auto_publish": ALL, "rule": RULED, "auto_accounts": {ACCOUNT: PAID}}, "payment account"),
    ],
)
def test_payment_account_goes_before_supplier_before_business(switches: dict[str, Any], because: str) -> None:
    """S25 S27."""
    found = verdict(an_item(paid=True, payment_account="Current Account"), **switches)
    assert found.goes
    assert found.because.startswith(because)


@pytest.mark.parametrize("late", [0, 1])
def test_only_what_arrives_after_the_switch_goes(late: int) -> None:
    """S26: items submitted before are not sent."""
    switch = AutoPublish(ADA, NOON + dt.timedelta(seconds=late))
    assert verdict(an_item(), rule=switch).goes is (late == 0)


@pytest.mark.parametrize(
    ("item", "settings", "why"),
    [
        (an_item(category=""), {}, ""),
        (an_item(total=None), {}, "it needs attention"),
        (an_item(supplier="Northwind Papers GmbH"), {}, "its supplier is new"),
        (an_item(supplier="Northwind Papers GmbH"), {"warn_new_supplier": False}, ""),
        (an_item(), {"auto_except": (DocumentType.INVOICE,)}, "invoices are excepted"),
        (an_item(), {"auto_except": (DocumentType.RECEIPT,)}, ""),
        (an_item(type=DocumentType.CREDIT_NOTE), {"auto_except": (DocumentType.CREDIT_NOTE,)}, "excepted"),
    ],
)
def test_what_stands_against_it_is_said(item: Item, settings: dict[str, Any], why: str) -> None:
    """S26: the rule gives the category; the rest must be right by itself."""
    found = verdict(item, rule=RULED, **settings)
    assert (why in found.not_because) if why else found.goes


@pytest.mark.parametrize(
    ("item", "cap", "why"),
    [
        (an_item(total="100.00"), "100", ""),
        (an_item(total="100.01"), "100", "above the limit of 100 GBP"),
        (an_item(total="110.00", currency="EUR", base_currency="GBP", base_total="95.00"), "100", ""),
        (an_item(total="130.00", currency="EUR", base_currency="GBP", base_total="112.00"), "100", "above"),
        (an_item(total="10.00", currency="EUR"), "100", "no rate"),
    ],
)
def test_a_limit_is_an_amount_of_the_organisations_currency(item: Item, cap: str, why: str) -> None:
    """S26 C19: without a rate nothing goes unseen."""
    found = verdict(item, rule=AutoPublish(ADA, SINCE, Decimal(cap)))
    assert (why in found.not_because) if why else found.goes


@pytest.mark.parametrize(
    ("caps", "goes"),
    [
        ({"rule": "100"}, False),
        ({"account": "100"}, False),
        ({"everything": "100"}, False),
        ({"rule": "100", "account": None}, False),
        ({"rule": None, "account": "100"}, False),
        ({"rule": "200", "account": "100", "everything": "300"}, False),
        ({"rule": None, "account": "200", "everything": "100"}, False),
        ({"rule": "200", "account": "150", "everything": "300"}, True),
        ({"rule": None, "account": None, "everything": None}, True),
    ],
)
def test_of_several_limits_the_lowest_holds(caps: dict[str, str | None], goes: bool) -> None:
    """S26: no level goes round another's limit."""
    switch = {level: AutoPublish(ADA, SINCE, Decimal(cap) if cap else None) for level, cap in caps.items()}
    accounts = {ACCOUNT: switch["account"]} if "account" in switch else {}
    item = an_item(total="150.00", paid=True, payment_account="Current Account")
    found = verdict(
        item, rule=switch.get("rule"), auto_accounts=accounts, auto_publish=switch.get("everything")
    )
    assert found.switch is not None
    assert found.goes is goes


def test_a_nearer_switch_of_later_does_not_keep_back_what_came_for_another() -> None:
    """S26: it came after the rule's switch and before the account's."""
    later = AutoPublish(ADA, NOON + dt.timedelta(hours=1))
    item = an_item(paid=True, payment_account="Current Account")
    found = verdict(item, rule=RULED, auto_accounts={ACCOUNT: later})
    assert (found.goes, found.because) == (True, "rule for Northwind")


TWO_LINES = (
    Line("Paper", Decimal(3), Decimal("20.00"), Decimal("60.00"), "429", "Standard Rate"),
    Line("Pens", None, None, Decimal("60.00"), "429", "Standard Rate"),
)
OFF_BY_A_PENNY = (TWO_LINES[0], replace(TWO_LINES[1], amount=Decimal("59.99")))
WITH_TAX = (replace(TWO_LINES[1], amount=Decimal("84.00")), TWO_LINES[1])
PRICED_OTHERWISE = (replace(TWO_LINES[0], unit_price=Decimal("19.00")), TWO_LINES[1])


@pytest.mark.parametrize(
    ("item", "waits"),
    [
        (an_item(), ""),
        (an_item(lines=TWO_LINES), ""),
        # The amount is the document's, or within what an Admin lets be settled: nothing to decide.
        (an_item(lines=OFF_BY_A_PENNY), ""),
        (an_item(lines=PRICED_OTHERWISE), ""),
        # A guess, a contradiction, or something that is left out.
        (an_item(lines=WITH_TAX), "taken as with tax"),
        (an_item(tax="Standard Rate", tax_amount="11.00"), "tax is £11.00 on the document"),
        (an_item(date=None), "the document has no date"),
        (an_item(date=NOON.date() + dt.timedelta(days=30)), "lies after the day it came in"),
        (an_item(project="Unknown Refit"), "it is left out"),
        (an_item(customer="Nobody We Know"), "it is left out"),
        (an_item(supplier="Acme Tax Ltd", supplier_tax_number="GB999999973"), "tax number"),
        (an_item(manual={Field.PUBLISH_AS: "vendor_credit"}), "credit"),
    ],
)
def test_what_a_person_should_look_at_waits_for_a_person(item: Item, waits: str) -> None:
    """S26: each kind of warning, decided; the reason is the warning's own words."""
    known = an_entry("Acme Tax Ltd", id=EntryId("s8"), tax_number="GB123456782")
    chosen = BusinessSettings(rounding_tolerance=5)
    own = SupplierRule("northwind paper", name="Northwind", auto=RULED)
    coding = coded(item, rule=own, settings=chosen, lists=usual_lists(suppliers=[known]))
    assert coding.is_ready
    found = judge(item, coding, own, chosen, base="GBP")
    assert waits in found.not_because
    assert found.goes is not bool(waits)


def test_a_warning_that_nobody_decided_on_waits() -> None:
    """S26: the next kind of warning keeps items back until somebody says otherwise."""
    own = SupplierRule("northwind paper", name="Northwind", auto=RULED)
    coding = replace(coded(an_item(), rule=own), warnings=("Something new.",))
    assert judge(an_item(), coding, own, BusinessSettings(), base="GBP").not_because == "Something new."


def test_a_possible_duplicate_waits_and_says_of_which() -> None:
    """S26 C4: it is a problem of the item, so it waits on every level."""
    problem = Problem(Field.DOCUMENT_NUMBER, "may be a duplicate of Northwind NW-1001")
    own = SupplierRule("northwind paper", name="Northwind", auto=RULED)
    coding = replace(coded(an_item(), rule=own), problems=(problem,))
    found = judge(an_item(), coding, own, BusinessSettings(), base="GBP")
    assert found.not_because == "it needs attention: may be a duplicate of Northwind NW-1001"


@pytest.mark.parametrize("stage", [stage for stage in ItemStage if stage is not ItemStage.INBOX])
def test_only_what_is_in_the_inbox_goes(stage: ItemStage) -> None:
    """C3."""
    assert verdict(an_item(stage=stage), auto_publish=ALL) == Verdict()


@given(total=st.decimals("0.01", "99999", places=2), cap=st.decimals("0.01", "99999", places=2))
def test_nothing_above_its_limit_ever_goes(total: Decimal, cap: Decimal) -> None:
    """S26: whatever the numbers."""
    found = verdict(an_item(total=total), rule=AutoPublish(ADA, SINCE, cap))
    assert found.goes is (total <= cap)


def test_a_switch_that_stays_on_keeps_since_when_and_by_whom() -> None:
    """S26: saving the form again must not send what is older, nor blame somebody else."""
    first = switched(None, on=True, by=ADA, now=NOON)
    assert first == AutoPublish(ADA, NOON)
    later = switched(first, on=True, by=BEN, now=NOON + dt.timedelta(days=3), cap=Decimal(50))
    assert later == AutoPublish(ADA, NOON, Decimal(50))
    assert switched(later, on=False, by=BEN, now=NOON) is None


def test_equal_publishes_are_counted_and_suggested_until_somebody_was_asked() -> None:
    """S26: from the third on; another category begins anew; one item counts once; a no stands for all."""
    streak, suggested = Streak(), []
    for number in range(5):
        streak = streak.and_then(coded(an_item()), ItemId(f"i{number}"))
        assert streak.and_then(coded(an_item()), ItemId(f"i{number}")) == streak
        suggested.append(streak.suggests)
    assert suggested == [False, False, True, True, True]
    told = replace(streak, told=True).and_then(coded(an_item()), ItemId("i6"))
    assert (told.times, told.suggests) == (6, False)
    travel = coded(an_item(manual={Field.CATEGORY: "c493"}))
    for before, asks in ((told, True), (replace(told, declined=True), False)):
        other = before
        for number in range(3):
            other = other.and_then(travel, ItemId(f"other{number}"))
        assert (other.times, other.suggests) == (3, asks)


def test_the_hold_is_as_long_as_the_settings_say() -> None:
    """C32."""
    assert due_at(NOON, BusinessSettings(auto_hold_minutes=5)) == NOON + dt.timedelta(minutes=5)
