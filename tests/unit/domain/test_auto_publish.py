"""Which items go by themselves: switches, their precedence, and what stands against it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.auto_publish import Streak, Verdict, due_at, judge, switched
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import AutoPublish, DocumentType, Field, Item, ItemStage
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import ADA, BEN, NOON, an_item
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


def test_equal_publishes_are_counted_and_suggested_once() -> None:
    """S26: suggested after three; another category begins anew; one item counts once."""
    streak, suggested = Streak(), []
    for number in range(5):
        streak = streak.and_then(coded(an_item()), ItemId(f"i{number}"))
        assert streak.and_then(coded(an_item()), ItemId(f"i{number}")) == streak
        suggested.append(streak.suggests)
    assert suggested == [False, False, True, False, False]
    other = streak.and_then(coded(an_item(manual={Field.CATEGORY: "c493"})), ItemId("other"))
    assert other.times == 1


def test_the_hold_is_as_long_as_the_settings_say() -> None:
    """C32."""
    assert due_at(NOON, BusinessSettings(auto_hold_minutes=5)) == NOON + dt.timedelta(minutes=5)
