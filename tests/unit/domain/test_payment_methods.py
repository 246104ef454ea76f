"""Payment methods: which ways of writing one are the same, and what a remembered one does to an item."""

from __future__ import annotations

import string
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.coding import Coding, Layer, Value
from bot.domain.finding import lookup_keys
from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, PublishAs, Side
from bot.domain.lists import ListKind
from bot.domain.payment_methods import PaymentMethod, key
from bot.domain.resolving import wanted
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import BEN, GBP_ORGANISATION, NOON, an_entry, an_item, usual_lists
from tests.unit.domain.resolved import coded, problems


@pytest.mark.parametrize(
    "written",
    [
        "Visa *4242", "VISA *4242", "visa 4242", "Visa ****4242", "Visa **** **** **** 4242", "Visa •4242",
        "Visa •••• 4242", "Visa ··4242", "Visa x4242", "Visa XXXX-XXXX-XXXX-4242", "Visa-4242", "VISA4242",
        "Visa (4242)", "Visa ending 4242", "Visa ending in 4242", "Visa card ending with *4242",
        "Visa no. 4242", "Visa, last four digits 4242", "  Visa \u00a0 4242 ", "Visa …4242",
        "Ｖｉｓａ ４２４２", "Visa #4242",
    ],
)  # fmt: skip
def test_one_card_is_one_method_however_its_digits_are_marked(written: str) -> None:
    """C21."""
    assert key(written) == "visa 4242"


@pytest.mark.parametrize(
    "other",
    [
        "Visa *4243",
        "Visa *0424",
        "Mastercard *4242",
        "*4242",
        "Visa",
        "Visa Debit *4242",
        "Visa *4242 (GBP)",
        "",
    ],
)
def test_another_card_is_another_method(other: str) -> None:
    """C21: a payment from the wrong account is worse than a question."""
    assert key(other) != "visa 4242"


@pytest.mark.parametrize(
    ("written", "known_by"),
    [
        ("Cash", "cash"), ("PayPal", "paypal"), ("Gift card", "gift card"), ("Cash in hand", "cash in hand"),
        ("Zürcher Kantonalbank", "zurcher kantonalbank"), ("Barclays 20-00-00 1", "barclays 20 00 00 1"),
        ("Axa x", "axa x"), ("card 7", "7"), ("现金", "xianjin"), ("***", ""), ("", ""), (" – ", ""),
        ("a" * 201, ""),
    ],
)  # fmt: skip
def test_what_is_no_card_is_known_by_its_words(written: str, known_by: str) -> None:
    """C21: nothing is left of what names nothing."""
    assert key(written) == known_by


SIGNS = string.ascii_letters + string.digits + " *•·-#()xX"


@given(st.text(SIGNS, max_size=40))
def test_a_key_is_its_own_key_and_knows_no_case_nor_spaces(written: str) -> None:
    """C21: what was remembered under a key is found under it."""
    known_by = key(written)
    assert key(known_by) == known_by
    assert key(written.upper()) == key(written.lower()) == known_by
    assert key(f"  {written.replace(' ', '   ')} ") == known_by


@given(
    st.sampled_from(["Visa", "Amex", "HSBC Debit"]),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.from_regex(r"[0-9]{4}", fullmatch=True),
    st.sampled_from([" *", " ****", " ending ", " ending in ", " •••• ", " xxxx", "-", " "]),
    st.sampled_from([" *", " ****", " ending ", " ending in ", " •••• ", " xxxx", "-", " "]),
)
def test_only_the_last_digits_tell_two_cards_apart(
    name: str, one: str, other: str, mark: str, another: str
) -> None:
    """C21."""
    assert (key(f"{name}{mark}{one}") == key(f"{name}{another}{other}")) is (one == other)


# --- on an item

CARD = an_entry("Business Card", id=EntryId("b2"), detail="credit_card")
OLD_CARD = an_entry("Old Card", id=EntryId("b3"), active=False)
LISTS = usual_lists(bank_accounts=[CARD, OLD_CARD])
METHOD = "Visa *4242"


def remembered(account: str = "b2", mode: str = "Credit Card", written: str = METHOD) -> BusinessSettings:
    method = PaymentMethod(written, EntryId(account), "Business Card", BEN, NOON, mode)
    return BusinessSettings(payment_methods={key(written): method})


def paid(account: str = METHOD, **changes: Any) -> Any:
    return an_item(paid=True, payment_account=account, **changes)


def account_of(coding: Coding) -> tuple[str, Layer]:
    value = coding.values[Field.PAYMENT_ACCOUNT]
    return (value.entry.id if value.entry else value.text), value.layer


RULE = SupplierRule("northwind paper", payment_account=EntryId("b1"))
BY_HAND = {Field.PAYMENT_ACCOUNT: "b1"}


@pytest.mark.parametrize(
    ("item", "rule", "settings", "expected"),
    [
        (paid(manual=BY_HAND), RULE, remembered(), ("b1", Layer.MANUAL)),
        (paid(), RULE, remembered(), ("b1", Layer.RULE)),
        (paid(), None, remembered(), ("b2", Layer.REMEMBERED)),
        (paid("VISA ending in 4242"), None, remembered(), ("b2", Layer.REMEMBERED)),
        (paid("Current Account"), None, remembered(written="Current Account"), ("b2", Layer.REMEMBERED)),
        (paid("Current Account"), None, remembered(), ("b1", Layer.DOCUMENT)),
        (paid("Visa *4243"), None, remembered(), ("Visa *4243", Layer.DOCUMENT)),
        (paid(), None, remembered("gone"), (METHOD, Layer.DOCUMENT)),
        (paid(""), None, remembered(), ("", Layer.NONE)),
    ],
)
def test_manual_wins_over_rule_over_remembered_over_document(
    item: Any, rule: SupplierRule | None, settings: BusinessSettings, expected: tuple[str, Layer]
) -> None:
    """C21 S24."""
    assert account_of(coded(item, rule=rule, settings=settings, lists=LISTS)) == expected


def test_what_is_remembered_says_who_chose_it_and_when() -> None:
    """C21: the why of the value."""
    values = coded(paid(), settings=remembered(), lists=LISTS).values
    assert values[Field.PAYMENT_ACCOUNT] == Value(
        "Business Card", Layer.REMEMBERED, CARD, "remembered for Visa *4242", BEN, NOON.date()
    )
    assert values[Field.PAYMENT_MODE].text == "Credit Card"


def test_an_account_that_is_no_longer_in_use_is_named() -> None:
    """S41: what was remembered of it is not replaced in silence."""
    coding = coded(paid(), settings=remembered("b3"), lists=LISTS)
    assert problems(coding) == ["payment account “Old Card” is no longer active in the accounting software"]


@pytest.mark.parametrize(
    ("manual", "settings", "mode", "layer"),
    [
        ({Field.PAYMENT_MODE: "Cheque"}, remembered(), "Cheque", Layer.MANUAL),
        ({}, remembered(), "Credit Card", Layer.REMEMBERED),
        ({}, remembered(mode=""), "", Layer.NONE),
        ({}, BusinessSettings(), "", Layer.NONE),
    ],
)
def test_the_mode_is_by_hand_else_what_was_remembered(
    manual: dict[Field, str], settings: BusinessSettings, mode: str, layer: Layer
) -> None:
    """C21: without either the accounting software's own usage decides, by the account."""
    value = coded(paid(manual=manual), settings=settings, lists=LISTS).values[Field.PAYMENT_MODE]
    assert (value.text, value.layer) == (mode, layer)


@pytest.mark.parametrize(
    ("account", "manual", "settings", "mode", "says"),
    [
        (METHOD, {}, remembered(), "Credit Card", []),
        (METHOD, {}, BusinessSettings(), "", ["unknown payment account “Visa *4242”"]),
        (METHOD, {Field.PAYMENT_MODE: "Cheque"}, BusinessSettings(), "Cheque", []),
        (METHOD, {Field.PAYMENT_ACCOUNT: "b2"}, BusinessSettings(), "", []),
        ("Current Account", {}, BusinessSettings(), "", []),
        ("", {}, BusinessSettings(), "", []),
    ],
)
def test_a_sales_receipt_takes_the_mode_and_asks_for_a_method_that_tells_none(
    account: str, manual: dict[Field, str], settings: BusinessSettings, mode: str, says: list[str]
) -> None:
    """C21: never booked as cash because nobody knows what it was paid with."""
    item = an_item(
        side=Side.SALE, customer="Harbour Books", supplier="", type=DocumentType.RECEIPT, paid=True,
        payment_account=account, category="Sales", manual=manual,
    )  # fmt: skip
    coding = coded(item, settings=settings, lists=LISTS)
    assert coding.publish_as is PublishAs.SALES_RECEIPT
    assert (coding.text(Field.PAYMENT_MODE), problems(coding)) == (mode, says)


def test_the_remembered_account_is_among_what_storage_must_fetch() -> None:
    asked = wanted(paid(), None, remembered(), GBP_ORGANISATION)
    keys = {found for kind, text in asked for found in lookup_keys(kind, text)}
    assert set(lookup_keys(ListKind.BANK_ACCOUNTS, "b2")) <= keys
