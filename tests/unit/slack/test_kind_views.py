"""What people see of kinds, lines, rates, failures and the record itself."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from bot.domain.finding import ListSlice
from bot.domain.identity import EntryId
from bot.domain.items import Field, Hold, ItemStage, ItemStatus, Line, PublishAs, Side
from bot.domain.lists import ListKind, TaxPart
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from bot.slack.blocks import edit_item, items, record
from tests.builders import GBP_ORGANISATION, an_entry, an_item, published, usual_lists
from tests.unit.domain.resolved import coded
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, texts


def test_a_bill_whose_payment_was_refused_says_so_and_offers_it_again() -> None:
    """C16: the bill stands."""
    unpaid = published(kind=PublishAs.BILL_WITH_PAYMENT, unpaid="The account is closed.")
    card = items.card(views.shown(an_item(stage=ItemStage.PUBLISHED, published=unpaid)))
    assert "*Published* as bill with payment NW-1001" in texts(card)
    assert "*The payment is not booked*: The account is closed." in texts(card)
    assert buttons(card) == ["Retry payment"]


def test_a_draft_is_said_to_be_one() -> None:
    draft = published(kind=PublishAs.INVOICE, is_draft=True)
    said = texts(items.card(views.shown(an_item(stage=ItemStage.PUBLISHED, published=draft))))
    assert "*Published* as draft invoice NW-1001" in said
    assert "marked as sent" in said


LINES = (
    Line("Copier paper", Decimal(2), Decimal("50.00"), None, "429", "Standard Rate"),
    Line("Taxi", None, None, Decimal("20.00"), "493", "Standard Rate"),
)


def test_lines_are_counted_on_the_card_and_shown_in_the_form() -> None:
    """C22."""
    shown = views.shown(an_item(lines=LINES))
    card = texts(items.card(shown))
    assert "Invoice NW-1001 · 3 Mar 2026 · 2 lines" in card
    assert "Category  *by line* · _429 - Office Supplies, 493 - Travel_" in card
    form = texts(edit_item.edit_form(shown, views.META))
    assert "*2 lines, without tax*" in form
    assert "1. Copier paper · 2 × £50.00 · 429 - Office Supplies · Standard Rate 20%" in form


def test_a_rate_is_shown_with_its_source() -> None:
    """C19."""
    euros = an_entry("EUR", id=EntryId("eur2"), rate="0.8612", as_of="2026-11-03")
    told = an_item(currency="EUR", base_currency="GBP", base_total="124.00")
    assert "Rate  *0.861111* · _document_" in texts(items.card(views.shown(told)))
    own = resolve(
        an_item(currency="EUR"),
        None,
        BusinessSettings(),
        ListSlice([(ListKind.CURRENCIES, euros)]),
        GBP_ORGANISATION,
        software="Zoho Books",
    )
    assert "Rate  *0.8612* · _Zoho Books, 3 Nov 2026_" in texts(
        items.card(items.Shown(an_item(), own, ItemStatus.READY))
    )


@pytest.mark.parametrize(
    ("side", "kinds"),
    [
        (Side.COST, ["Bill", "Expense", "Bill with payment", "Vendor credit"]),
        (Side.SALE, ["Invoice", "Credit note", "Sales receipt"]),
    ],
)
def test_only_the_kinds_of_its_side_are_offered(side: Side, kinds: list[str]) -> None:
    """S18: a sale has no supplier."""
    view = edit_item.edit_form(views.shown(an_item(side=side, customer="Harbour Books")), views.META)
    asked = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
    assert [one["text"]["text"] for one in asked["publish_as"]["element"]["options"]] == kinds
    assert ("supplier" in asked) is (side is Side.COST)


def test_saving_a_sale_untouched_changes_nothing() -> None:
    """The fields it has not are not taken back."""
    item = an_item(side=Side.SALE, customer="Harbour Books", manual={Field.CUSTOMER: "k1"})
    view = edit_item.edit_form(views.shown(item), views.META)
    then = json.loads(view["private_metadata"])["shown"]
    held = {name.value: value for name, value in edit_item.form_values(views.shown(item).coding).items()}
    assert edit_item.changes(then, held, item) == {}


def test_the_record_is_shown_with_its_reasons() -> None:
    """C30: fields, lines, and the layer behind each value."""
    shown = views.shown(an_item(lines=LINES))
    said = texts(record.preview(shown.coding, views.a_readable("x"), False, views.META))
    assert "as it will be sent" in said
    assert "*Then its payment*" in said
    assert "Line 2 category  *493 - Travel* · _document_" in said
    missing = views.shown(an_item(category=""))
    assert "no category" in texts(record.preview(missing.coding, None, False, views.META))


def test_why_a_tax_group_is_as_it_is_says_what_it_is_made_of() -> None:
    """S24"""
    group = an_entry(
        "GST18",
        percentage="18",
        is_group=True,
        parts=(TaxPart(EntryId("c"), "CGST", "9"), TaxPart(EntryId("s"), "SGST", "9")),
    )
    coding = coded(an_item(tax="GST18"), lists=usual_lists(taxes=[group]))
    said = texts(record.preview(coding, views.a_readable("x"), False, views.META))
    assert "Tax  *GST18 18%* = CGST 9% + SGST 9% · _document_" in said


@pytest.mark.parametrize("stage", [ItemStage.FAILED, ItemStage.INBOX])
def test_what_may_have_been_booked_is_said_and_may_be_denied(stage: ItemStage) -> None:
    """C3: for who looked there, also where we cannot; asked twice, for it could be there twice."""
    hold = Hold("rights", "No right.", "Later.") if stage is ItemStage.FAILED else None
    card = items.card(views.shown(an_item(stage=stage, hold=hold, doubtful=("DXT-1",))))
    assert "An earlier try may have booked it: it is looked up" in texts(card)
    assert buttons(card)[-1] == "It is not there"
    told = Hold("unavailable", "Down. It may have been booked.")
    once = items.card(views.shown(an_item(stage=stage, hold=told, doubtful=("DXT-1",))))
    assert "An earlier try" not in texts(once)
    assert buttons(once)[-1] == "It is not there"
    assert "Is it not in Zoho Books?" in json.dumps(card)
    without = items.card(views.shown(an_item(stage=stage, hold=hold)))
    assert "It is not there" not in buttons(without)
