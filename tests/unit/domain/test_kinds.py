"""What an item becomes: by side, type and paid state, by the settings, and by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.items import DocumentType, Field, PublishAs, Side
from bot.domain.kinds import OFFERED, concerned, contradiction, usual
from bot.domain.settings import BusinessSettings, Concerned
from tests.builders import a_document, an_item
from tests.unit.domain.resolved import coded, problems

INVOICE, RECEIPT, CREDIT = DocumentType.INVOICE, DocumentType.RECEIPT, DocumentType.CREDIT_NOTE
COST, SALE = Side.COST, Side.SALE


@pytest.mark.parametrize(
    ("side", "kind", "paid", "becomes", "why"),
    [
        (COST, INVOICE, False, PublishAs.BILL, "not paid yet"),
        (COST, INVOICE, True, PublishAs.EXPENSE, "paid"),
        (COST, RECEIPT, True, PublishAs.EXPENSE, "paid"),
        (COST, RECEIPT, False, PublishAs.EXPENSE, "a receipt"),
        (COST, CREDIT, False, PublishAs.VENDOR_CREDIT, "a credit note"),
        (COST, CREDIT, True, PublishAs.VENDOR_CREDIT, "a credit note"),
        (SALE, INVOICE, False, PublishAs.INVOICE, "a sale"),
        (SALE, INVOICE, True, PublishAs.INVOICE, "a sale"),
        (SALE, RECEIPT, True, PublishAs.SALES_RECEIPT, "a paid sale"),
        (SALE, RECEIPT, False, PublishAs.INVOICE, "a sale"),
        (SALE, CREDIT, False, PublishAs.CREDIT_NOTE, "a credit note"),
    ],
)
def test_what_an_item_becomes_by_itself(side, kind, paid, becomes, why: str) -> None:
    """S1 S4: and the card says why."""
    item = an_item(side=side, type=kind, paid=paid)
    assert usual(item.document, BusinessSettings()) == (becomes, why)
    value = coded(item).values[Field.PUBLISH_AS]
    assert (value.text, value.why) == (becomes.value, why)


@pytest.mark.parametrize(
    ("document", "settings", "becomes"),
    [
        ({"paid": True}, {"paid_costs": PublishAs.BILL_WITH_PAYMENT}, PublishAs.BILL_WITH_PAYMENT),
        ({"type": RECEIPT}, {"unpaid_receipts": PublishAs.BILL}, PublishAs.BILL),
        ({"type": RECEIPT, "paid": True}, {"unpaid_receipts": PublishAs.BILL}, PublishAs.EXPENSE),
        ({}, {"paid_costs": PublishAs.BILL_WITH_PAYMENT}, PublishAs.BILL),
        ({"type": CREDIT}, {"paid_costs": PublishAs.BILL_WITH_PAYMENT}, PublishAs.VENDOR_CREDIT),
        ({"side": SALE, "paid": True}, {"paid_costs": PublishAs.BILL_WITH_PAYMENT}, PublishAs.INVOICE),
    ],
)
def test_a_setting_changes_the_very_next_item_it_concerns(document, settings, becomes) -> None:
    """S18."""
    assert usual(a_document(**document), BusinessSettings(**settings))[0] is becomes


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("kind", PublishAs)
def test_by_hand_only_what_the_side_allows(side: Side, kind: PublishAs) -> None:
    """S18: a sale is never booked as a bill, whoever forged the form."""
    coding = coded(an_item(side=side, manual={Field.PUBLISH_AS: kind.value}))
    says = f"a {side.value} cannot be published as {kind.noun}"
    if kind in OFFERED[side]:
        assert coding.publish_as is kind
        assert says not in problems(coding)
    else:
        assert coding.publish_as in OFFERED[side]
        assert says in problems(coding)


def test_every_kind_is_offered_on_exactly_one_side() -> None:
    offered = [kind for side in Side for kind in OFFERED[side]]
    assert sorted(offered) == sorted(PublishAs)


@pytest.mark.parametrize(
    ("document", "kind", "is_said"),
    [
        ({"type": CREDIT}, PublishAs.BILL, True),
        ({"type": CREDIT}, PublishAs.VENDOR_CREDIT, False),
        ({}, PublishAs.VENDOR_CREDIT, True),
        ({}, PublishAs.EXPENSE, False),
        ({"total": "-5.00"}, PublishAs.BILL, True),
    ],
)
def test_a_credit_as_something_owed_is_said_aloud(document: dict[str, Any], kind, is_said: bool) -> None:
    """C20."""
    assert bool(contradiction(a_document(**document), kind)) is is_said


def test_an_invoice_below_zero_is_a_credit_with_its_sign_turned() -> None:
    """C20."""
    coding = coded(an_item(total="-144.00", tax_amount="-24.00"))
    assert (coding.publish_as, coding.is_ready) == (PublishAs.VENDOR_CREDIT, True)
    assert (str(coding.total), str(coding.tax_amount)) == ("144.00", "24.00")
    assert coding.values[Field.PUBLISH_AS].why == "below zero"


def test_how_many_items_a_setting_decides_for() -> None:
    """S18: what it would do, before it is saved."""
    paid, receipt = an_item(paid=True), an_item(type=RECEIPT)
    by_hand = an_item(paid=True, manual={Field.PUBLISH_AS: "bill"})
    others = [an_item(), an_item(side=SALE, paid=True), an_item(type=CREDIT, paid=True)]
    assert concerned([paid, receipt, receipt, by_hand, *others]) == Concerned(1, 2)


@pytest.mark.parametrize("kind", ["expense", "bill_with_payment"])
def test_what_was_paid_needs_the_account_it_was_paid_from(kind: str) -> None:
    """S3."""
    item = an_item(manual={Field.PUBLISH_AS: kind})
    assert problems(coded(item)) == ["no payment account"]
    known = replace(item, document=replace(item.document, payment_account="Current Account"))
    assert problems(coded(known)) == []
