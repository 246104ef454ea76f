"""**Edit item**: what counts as changed by a person, and what was only shown to them."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.items import Field, Item
from bot.slack.blocks import edit_item
from tests.builders import an_item
from tests.unit.slack import views


def _saved(item: Item, **typed: str | None) -> dict[Field, str | None]:
    """What **Save** changes when only `typed` was touched in the form of an item."""
    shown = views.shown(item)
    form = edit_item.edit_form(shown, views.META)
    held = {name.value: text or None for name, text in edit_item.form_values(shown.coding).items()}
    then = json.loads(form["private_metadata"])["shown"]
    return edit_item.changes(then, {**held, **typed}, item)


def test_saving_without_touching_anything_changes_nothing() -> None:
    """S24: a shown default must not become a change made by hand."""
    assert _saved(an_item()) == {}


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=260))
def test_no_text_of_a_document_becomes_a_change_by_being_shown(text: str) -> None:
    item = an_item(
        supplier=text, description=text, document_number=text, category=text, tax=text, customer=text
    )
    assert _saved(item) == {}


def test_a_touched_field_is_the_only_change() -> None:
    assert _saved(an_item(), total="145.00") == {Field.TOTAL: "145.00"}


def test_emptying_a_field_changed_by_hand_takes_the_change_back() -> None:
    """S24: clearing a manual value brings the rule back."""
    item = an_item(manual={Field.TAX: "t20"})
    assert _saved(item, tax=None) == {Field.TAX: None}


BILL_PAID = {Field.PUBLISH_AS: "bill_with_payment", Field.PAYMENT_ACCOUNT: "b1"}


def test_a_payment_mode_is_asked_for_where_a_payment_is_made() -> None:
    """C21: typed or picked, and taken back when it is emptied."""
    item = an_item(paid=True, manual=BILL_PAID)
    assert _saved(item) == {}
    assert _saved(item, payment_mode="Cheque") == {Field.PAYMENT_MODE: "Cheque"}
    by_hand = an_item(paid=True, manual=BILL_PAID | {Field.PAYMENT_MODE: "Cheque"})
    assert _saved(by_hand, payment_mode=None) == {Field.PAYMENT_MODE: None}
    form = edit_item.edit_form(views.shown(an_item(paid=True)), views.META)
    assert "payment_mode" not in {block.get("block_id") for block in form["blocks"]}


def test_the_form_shows_a_supplier_that_is_not_on_the_list_as_new() -> None:
    form = edit_item.edit_form(views.shown(an_item(supplier="Brand New Supplier Co")), views.META)
    chosen = form["blocks"][0]["element"]["initial_option"]
    assert chosen == {
        "text": {"type": "plain_text", "text": "➕ Brand New Supplier Co (new supplier)", "emoji": True},
        "value": "new:Brand New Supplier Co",
    }


def test_the_form_carries_ids_and_fingerprints_but_no_text_of_the_document() -> None:
    form = edit_item.edit_form(views.shown(an_item(description="Secret paper")), views.META)
    assert "Secret" not in form["private_metadata"]
    assert len(form["private_metadata"]) < 1000
