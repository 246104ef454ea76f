"""Which layer sets each value, what keeps an item from being published, and what is only said."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.attachments import Attachment
from bot.domain.coding import Layer
from bot.domain.finding import ListSlice, index_keys, lookup_keys
from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, Line, PublishAs, Side
from bot.domain.lists import EntryUse, ListKind, TaxPart
from bot.domain.resolving import wanted, without_rate
from bot.domain.settings import BusinessSettings
from tests.builders import (
    ADA,
    GBP_ORGANISATION,
    NORTHWIND,
    OFFICE_SUPPLIES,
    STANDARD_RATE,
    ZERO_RATE,
    an_entry,
    an_item,
    usual_lists,
)  # fmt: skip
from tests.unit.domain.resolved import DEFAULTS, RULE, coded, problems


def test_an_item_that_has_everything_is_ready() -> None:
    """C1."""
    coding = coded(an_item())
    assert coding.is_ready, coding.problems
    assert coding.entry(Field.SUPPLIER) == NORTHWIND
    assert coding.entry(Field.CATEGORY) == OFFICE_SUPPLIES
    assert coding.text(Field.CATEGORY) == "429 - Office Supplies"
    assert coding.text(Field.TOTAL) == "£144.00"
    assert coding.publish_as is PublishAs.BILL
    assert not coding.warnings


# --- precedence


@given(manual=st.booleans(), rule=st.booleans(), document=st.booleans(), default=st.booleans())
def test_manual_wins_over_rule_over_document_over_default(
    manual: bool, rule: bool, document: bool, default: bool
) -> None:
    """S24: each value also remembers which layer set it."""
    coding = coded(
        an_item(manual={Field.TAX: "t0"} if manual else {}, tax="Exempt" if document else ""),
        rule=RULE if rule else None,
        settings=DEFAULTS if default else BusinessSettings(),
        lists=usual_lists(taxes=[an_entry("Exempt", id=EntryId("tx"))]),
    )
    expected = (
        (Layer.MANUAL, "t0", "changed by") if manual
        else (Layer.RULE, "t5", "rule for Northwind Paper Ltd") if rule
        else (Layer.DOCUMENT, "tx", "document") if document
        else (Layer.DEFAULT, "t20", "default") if default
        else (Layer.NONE, None, "")
    )  # fmt: skip
    value = coding.values[Field.TAX]
    assert (value.layer, value.entry.id if value.entry else None, value.why) == expected
    assert value.by == (ADA if manual else None)


@given(manual=st.booleans(), rule=st.booleans(), document=st.booleans())
def test_a_category_comes_by_the_same_layers_and_has_no_default(
    manual: bool, rule: bool, document: bool
) -> None:
    """S24."""
    item = an_item(manual={Field.CATEGORY: "c310"} if manual else {}, category="429" if document else "")
    coding = coded(item, rule=RULE if rule else None)
    value = coding.values[Field.CATEGORY]
    expected = (
        (Layer.MANUAL, "c310") if manual
        else (Layer.RULE, "c493") if rule
        else (Layer.DOCUMENT, "c429") if document
        else (Layer.NONE, None)
    )  # fmt: skip
    assert (value.layer, value.entry.id if value.entry else None) == expected
    assert problems(coding) == ([] if value.entry else ["no category"])


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (Field.TOTAL, "20", "£20.00"),
        (Field.TAX_AMOUNT, "1.50", "£1.50"),
        (Field.DATE, "2026-01-02", "2026-01-02"),
        (Field.DUE_DATE, "2026-12-31", "2026-12-31"),
        (Field.DOCUMENT_NUMBER, "X-1", "X-1"),
        (Field.DESCRIPTION, "Pens", "Pens"),
        (Field.CUSTOMER, "k1", "Harbour Books"),
        (Field.PROJECT, "p1", "Refit 2026"),
        (Field.PAYMENT_ACCOUNT, "b1", "Current Account"),
        (Field.SUPPLIER, "s2", "Kestrel Taxis"),
        (Field.CURRENCY, "gbp", "GBP"),
        (Field.PUBLISH_AS, "expense", "expense"),
    ],
)
def test_what_a_person_set_wins_and_names_the_person(field: Field, value: str, text: str) -> None:
    """S24."""
    found = coded(an_item(manual={field: value})).values[field]
    assert (found.text, found.layer, found.by) == (text, Layer.MANUAL, ADA)


def test_an_empty_manual_value_is_none() -> None:
    """S24: clearing a manual value brings the rule back."""
    coding = coded(an_item(manual=dict.fromkeys(Field, "")), rule=RULE)
    assert coding.values[Field.TAX].layer is Layer.RULE
    assert coding.values[Field.DATE].layer is Layer.DOCUMENT
    assert coding.is_ready


def test_the_default_for_costs_is_never_used_for_a_sale_nor_the_other_way() -> None:
    """S23."""
    assert coded(an_item()).entry(Field.TAX) == STANDARD_RATE
    sale = an_item(side=Side.SALE, customer="Harbour Books", category="200")
    assert coded(sale).entry(Field.TAX) == ZERO_RATE
    only_sales = BusinessSettings(default_tax_sales=EntryId("t0"))
    assert coded(an_item(), settings=only_sales).entry(Field.TAX) is None


@pytest.mark.parametrize(
    ("taxes", "says"),
    [
        ([replace(STANDARD_RATE, active=False)], "tax “Standard Rate 20%” is no longer active in Zoho Books"),
        ([], "the default tax is no longer in Zoho Books"),
    ],
)
def test_a_default_tax_that_is_gone_is_named(taxes: list[Any], says: str) -> None:
    """S3, S41."""
    lists = ListSlice(
        [(ListKind.TAXES, tax) for tax in taxes]
        + [(ListKind.SUPPLIERS, NORTHWIND), (ListKind.CATEGORIES, OFFICE_SUPPLIES)]
    )
    assert problems(coded(an_item(), lists=lists, software="Zoho Books")) == [says]


def test_a_rule_that_names_what_is_gone_says_so() -> None:
    rule = replace(RULE, category=EntryId("gone"))
    assert problems(coded(an_item(), rule=rule)) == [
        "the rule for Northwind Paper Ltd names a category that is not in the accounting software"
    ]


@pytest.mark.parametrize(("field", "words"), [(Field.CATEGORY, "category"), (Field.TAX, "tax")])
def test_what_a_person_chose_and_is_gone_is_not_replaced_in_silence(field: Field, words: str) -> None:
    """S41."""
    coding = coded(an_item(manual={field: "4600001"}), rule=RULE)
    assert problems(coding) == [f"the chosen {words} is not in the accounting software"]


# --- what is missing or wrong


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"category": ""}, "no category"),
        ({"category": "9999"}, "unknown category “9999”"),
        ({"category": "Old"}, "category “Old” is no longer active in the accounting software"),
        ({"category": "200 - Sales"}, "category “200 - Sales” is not for costs"),
        ({"category": "Assets"}, "category “Assets” is not for costs"),
        ({"tax": "T9"}, "unknown tax “T9”"),
        ({"supplier": ""}, "no supplier"),
        ({"supplier": "Gone Ltd"}, "supplier “Gone Ltd” is no longer active in the accounting software"),
        ({"total": None}, "no total"),
        ({"total": "0"}, "the total is not above zero"),
        ({"total": "1.234"}, "total 1.234 has more decimals than GBP has"),
        ({"tax_amount": "19.987", "tax": "t20"}, "tax amount 19.987 has more decimals than GBP has"),
        ({"manual": {Field.TAX_AMOUNT: "19.987"}}, "tax amount 19.987 has more decimals than GBP has"),
        ({"currency": "IDR"}, "currency IDR is not in the accounting software"),
        ({"tax_amount": "200"}, "the tax amount is not between zero and the total"),
        ({"tax_amount": "-1"}, "the tax amount is not between zero and the total"),
        ({"due_date": dt.date(2026, 3, 2)}, "the due date is before the date"),
        ({"paid": True}, "no payment account"),
        ({"paid": True, "payment_account": "Visa 4242"}, "unknown payment account “Visa 4242”"),
        (
            {"paid": True, "payment_account": "Till"},
            "payment account “Till” is no longer active in the accounting software",
        ),
    ],
)
def test_what_is_missing_or_wrong_is_named(changes: dict[str, Any], says: str) -> None:
    """S2, S3, C1: the reason's text is the field that is missing."""
    lists = usual_lists(
        categories=[an_entry("Old", active=False), an_entry("Assets", use=EntryUse.NEITHER)],
        suppliers=[an_entry("Gone Ltd", active=False)],
        bank_accounts=[an_entry("Till", active=False)],
    )
    assert problems(coded(an_item(**changes), lists=lists)) == [says]


def test_everything_that_is_missing_is_named_at_once() -> None:
    """S2."""
    coding = coded(an_item(supplier="", category="", total=None))
    assert problems(coding) == ["no supplier", "no category", "no total"]
    assert not coding.is_ready


def test_a_sale_needs_a_customer() -> None:
    coding = coded(an_item(side=Side.SALE, category="200"))
    assert problems(coding) == ["no customer"]
    assert not coding.new_supplier


@pytest.mark.parametrize(
    "category", ["310 - Cost of Sales (0%)", "310 - Cost of Sales (17.5%)", "310 (20 %)"]
)
def test_a_rate_behind_a_category_is_no_part_of_its_name(category: str) -> None:
    assert coded(an_item(category=category)).text(Field.CATEGORY) == "310 - Cost of Sales"


def test_a_category_whose_name_ends_in_a_rate_is_found_by_it() -> None:
    own = an_entry("Cost of Sales (0%)", id=EntryId("own"))
    item = an_item(category="Cost of Sales (0%)")
    assert coded(item, lists=usual_lists(categories=[own])).entry(Field.CATEGORY) == own
    assert without_rate("Rent (office)") == "Rent (office)"


# --- suppliers


def test_a_supplier_on_no_list_is_a_question_not_a_problem() -> None:
    """S21."""
    coding = coded(an_item(supplier="Hazel Brook Staffing"))
    assert (coding.new_supplier, coding.is_ready) == (True, True)
    assert (coding.text(Field.SUPPLIER), coding.entry(Field.SUPPLIER)) == ("Hazel Brook Staffing", None)


def test_an_inactive_supplier_counts_as_known() -> None:
    """S21."""
    lists = ListSlice([(ListKind.SUPPLIERS, replace(NORTHWIND, active=False))])
    assert not coded(an_item(), lists=lists).new_supplier


def test_a_name_typed_for_a_new_supplier_wins_over_the_document() -> None:
    coding = coded(an_item(manual={Field.SUPPLIER: "new:Hazel Brook"}))
    assert (coding.text(Field.SUPPLIER), coding.values[Field.SUPPLIER].by) == ("Hazel Brook", ADA)
    assert coding.new_supplier
    known = coded(an_item(manual={Field.SUPPLIER: "new:KESTREL TAXIS"}))
    assert (known.text(Field.SUPPLIER), known.new_supplier) == ("Kestrel Taxis", False)


def test_the_supplier_chosen_for_an_unknown_name_is_used() -> None:
    """S21."""
    coding = coded(an_item(supplier="Kestral Cabs", supplier_entry=EntryId("s2")))
    assert (coding.text(Field.SUPPLIER), coding.values[Field.SUPPLIER].layer) == (
        "Kestrel Taxis",
        Layer.MANUAL,
    )
    assert not coding.new_supplier


@pytest.mark.parametrize(
    "item", [an_item(supplier_entry=EntryId("x")), an_item(manual={Field.SUPPLIER: "x"})]
)
def test_a_chosen_supplier_that_is_gone_is_not_replaced_in_silence(item: Item) -> None:
    coding = coded(item)
    assert problems(coding) == ["the chosen supplier is not in the accounting software"]
    assert not coding.new_supplier


# --- what is left out, and what is only said


def test_a_customer_or_project_on_no_list_is_left_out_and_said() -> None:
    """Nothing is dropped in silence."""
    lists = usual_lists(customers=[an_entry("Gone", active=False)])
    coding = coded(an_item(customer="Gone", project="Nowhere"), lists=lists)
    assert coding.is_ready
    assert coding.warnings == (
        "customer “Gone” is no longer active: it is left out",
        "project “Nowhere” is not in the accounting software: it is left out",
    )
    assert (coding.entry(Field.CUSTOMER), coding.text(Field.CUSTOMER)) == (None, "Gone")


def test_the_places_where_a_document_is_seen_are_told() -> None:
    """C14: for a record that takes no files."""
    files = (
        Attachment("f1", "till.pdf", "application/pdf", 5),
        Attachment("f2", "b.pdf", "application/pdf", 5),
    )
    item = an_item(attachments=files, image_url="https://dext.example/x")
    assert coded(item).papers == ("Image: https://dext.example/x", "In Slack: till.pdf, b.pdf")
    assert coded(an_item(image_url="javascript:x")).papers == ()


def test_a_project_of_a_sale_on_no_list_is_left_out_and_said() -> None:
    """S3: on both sides nothing is dropped in silence."""
    coding = coded(an_item(side=Side.SALE, customer="Harbour Books", category="200", project="Nowhere"))
    assert coding.warnings == ("project “Nowhere” is not in the accounting software: it is left out",)


def test_a_customer_on_the_list_is_used() -> None:
    coding = coded(an_item(customer="harbour books", project="Refit 2026"))
    assert coding.text(Field.CUSTOMER) == "Harbour Books"
    assert not coding.warnings


# --- what storage must fetch


@given(
    st.sampled_from(["Northwind Paper Limited", "Gone", ""]),
    st.sampled_from(["429", "310 - Cost of Sales (0%)", "", "Nowhere"]),
    st.sampled_from(["Standard Rate", "", "T9"]),
    st.fixed_dictionaries(
        {},
        optional={
            Field.TAX: st.just("t0"), Field.CATEGORY: st.just("c310"),
            Field.SUPPLIER: st.just("new:Kestrel taxis"),
            Field.CURRENCY: st.just("eur"), Field.PAYMENT_ACCOUNT: st.just("b1"),
        },
    ),
    st.booleans(),
)  # fmt: skip
def test_what_is_wanted_is_all_that_resolving_needs(
    supplier: str, category: str, tax: str, manual: dict[Field, str], has_rule: bool
) -> None:
    everything = usual_lists()
    item = an_item(supplier=supplier, category=category, tax=tax, manual=manual, paid=True)
    rule = RULE if has_rule else None
    asked = {
        (kind, key)
        for kind, text in wanted(item, rule, DEFAULTS, GBP_ORGANISATION)
        for key in lookup_keys(kind, text)
    }
    fetched = ListSlice(
        (kind, entry)
        for (kind, _), entry in everything._ids.items()
        if any((kind, key) in asked for key in index_keys(kind, entry))
    )
    assert coded(item, rule=rule, lists=fetched) == coded(item, rule=rule, lists=everything)


# --- tax groups


def _with_group(*, active: bool) -> ListSlice:
    levy = TaxPart(EntryId("t2"), "Levy", "2", active)
    parts = (TaxPart(STANDARD_RATE.id, "Standard Rate", "20"), levy)
    return usual_lists(taxes=[an_entry("With levy", percentage="22", is_group=True, parts=parts)])


def test_a_tax_group_with_an_inactive_part_is_found_before_anything_is_sent() -> None:
    """S3: for the item's tax and for a line's."""
    lines = (Line("Paper", amount=Decimal(100), tax="With levy"), Line("Ink", amount=Decimal(20)))
    says = "holds “Levy”, inactive in the accounting software"
    for item, expected in (
        (an_item(tax="With levy", tax_amount="25.97"), f"tax “With levy 22%” {says}"),
        (an_item(total="146.00", lines=lines), f"line 1 (“Paper”): tax “With levy 22%” {says}"),
    ):
        assert problems(coded(item, lists=_with_group(active=True))) == []
        assert problems(coded(item, lists=_with_group(active=False))) == [expected]
