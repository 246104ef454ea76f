"""Every cause of a failure has its sentence, its words and its button."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

import bot
from bot.accounting.zoho_books.errors import CAUSES, fault
from bot.domain import holds
from bot.domain.items import RECONNECT, Field, Hold, ItemStage
from bot.domain.mends import RULE, SETTINGS
from bot.errors import (
    AlreadyDone,
    BotError,
    NotConnected,
    NotFound,
    NotReady,
    ReconnectNeeded,
    Refused,
)
from bot.slack.blocks import connection, errors, items, mending
from handlers.commands import FEATURES
from tests.builders import ADA, an_item
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_message, takes_view, texts

PAGE = "https://books.example/app#/bills/1"
OF_A_FAILURE = ["Retry", "Edit", "Reject"]
BY_HAND: tuple[str, ...] = ()
"""**Edit** changes the item, **Retry** tries it again, **Reject** skips it: every failure has these."""
BUTTONS: dict[str, tuple[str, ...]] = {
    "number_used": ("Look at that record",),
    "name_used": ("Refresh lists",),
    "name_refused": BY_HAND,
    "gone": ("Refresh lists",),
    "category": ("Refresh lists",),
    "currency": ("Refresh lists",),
    "tax": ("Refresh lists",),
    "locked": ("Refresh lists",),
    "payment_account": ("Refresh lists",),
    "lines": BY_HAND,
    "amount": BY_HAND,
    "field": BY_HAND,
    "refused": BY_HAND,
    "credit": BY_HAND,
    "dependents": BY_HAND,
    "file": BY_HAND,
    "rights": ("Reconnect",),
    "organisation": ("Reconnect",),
    "unavailable": BY_HAND,
    "broken": BY_HAND,
    "auto_publish": BY_HAND,
    "NotConnected": ("Connect",),
    "NotReady": BY_HAND,
    "NotAllowed": BY_HAND,
    "new_supplier": BY_HAND,
    "duplicate": BY_HAND,
    RECONNECT: ("Reconnect",),
}
ZOHO = {
    "2": "field", "4": "field", "5": "field", "15": "field", "1038": "field",
    "57": "rights", "6041": "organisation",
    "36": "dependents", "1004": "dependents", "3000": "dependents",
    "1000": "refused", "1001": "number_used", "12018": "number_used", "13011": "number_used",
    "1002": "gone", "3013": "name_refused", "3062": "name_used",
    "3032": "tax", "71510": "tax", "71512": "tax", "110817": "tax", "110942": "tax",
    "4016": "lines", "5015": "amount", "9004": "currency", "13009": "category",
    "12005": "credit", "12006": "credit", "12007": "credit", "108004": "payment_account",
}  # fmt: skip
"""Every number of ZOHO_BOOKS.md 3.2 that refuses something; 43 to 45 and 1070 wait, 14 is a dead token."""


def _causes_in_the_program() -> set[str]:
    folder = Path(bot.__file__).parent
    found = {cause.word for cause in CAUSES.values()}
    for file in folder.rglob("*.py"):
        if "sandbox" not in file.parts:
            found |= set(re.findall(r"""\bcause="(\w+)\"""", file.read_text()))
    return found


def test_no_cause_shows_as_a_raw_word_or_is_missing_here() -> None:
    """C15 C16: lists and buttons name causes in words."""
    causes = _causes_in_the_program()
    assert {"organisation", "broken", "unavailable"} <= causes
    assert causes <= set(BUTTONS)
    assert causes <= set(holds._WORDS)


@pytest.mark.parametrize(("code", "cause"), ZOHO.items())
def test_each_number_of_zoho_books_has_its_sentence_and_its_button(code: str, cause: str) -> None:
    """C16."""
    told = fault(400, code, "Zoho's own words.")
    assert isinstance(told, Refused)
    assert (told.cause, bool(told.advice)) == (cause, True)
    assert "Zoho's own words" in told.says
    assert cause in BUTTONS


@pytest.mark.parametrize(("cause", "further"), BUTTONS.items())
def test_a_failure_has_the_button_that_mends_its_cause(cause: str, further: tuple[str, ...]) -> None:
    """C16: beside **Retry**, **Edit** and **Reject**; also when it was edited since and is in the inbox."""
    hold = Hold(cause, "No.", "Do.", link=PAGE)
    failed = items.card(views.shown(an_item(stage=ItemStage.FAILED, hold=hold)))
    assert buttons(failed) == ["Retry", "Edit", *further, "Reject"]
    ready = items.card(views.shown(an_item(hold=hold)))
    assert buttons(ready) == ["Publish", "Edit", *further, "Reject"]
    unready = items.card(views.shown(an_item(hold=hold, category="")))
    assert buttons(unready) == ["Edit", *further, "Reject"]


def test_without_its_page_a_used_number_offers_no_way_to_it() -> None:
    card = items.card(views.shown(an_item(stage=ItemStage.FAILED, hold=Hold("number_used", "No."))))
    assert buttons(card) == OF_A_FAILURE


def test_what_is_held_offers_to_reconnect() -> None:
    """S28: in the message itself."""
    held = an_item(stage=ItemStage.WAITING, hold=Hold(RECONNECT, "Not connected."))
    assert buttons(items.card(views.shown(held))) == ["Reconnect"]


def test_a_missing_right_names_who_connected() -> None:
    """C16: whom to ask; nobody else is called."""
    failed = an_item(stage=ItemStage.FAILED, hold=Hold("rights", "No right.", "Do."))
    shown = replace(views.shown(failed), connected_by=ADA)
    assert f"No right. Do. Ask <@{ADA}>, who connected Zoho Books." in texts(items.card(shown))
    other = replace(shown, item=an_item(stage=ItemStage.FAILED, hold=Hold("tax", "No.", "Do.")))
    assert ADA not in texts(items.card(other))


# --- what one person is told


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (NotConnected(), ["Connect"]),
        (ReconnectNeeded("Our sign-in no longer works."), ["Reconnect"]),
        (NotReady(("no category",), action="item.edit"), ["Edit"]),
        (NotReady(("locked",), mends=(("settings.open", "settings"),)), ["Edit", "Settings"]),
        (
            NotReady(("gone",), mends=(("refresh.ask", ""), ("rules.edit", "acme"))),
            ["Edit", "Refresh lists", "Change the rule"],
        ),
        (Refused("Gone.", cause="gone"), ["Refresh lists"]),
        (Refused("No right.", cause="rights"), ["Reconnect"]),
        (Refused("Used.", cause="number_used"), []),
        (AlreadyDone("Published.", link=PAGE), ["Look at that record"]),
        (BotError("Wrong.", action="settings.open"), ["Settings"]),
        (NotFound("This item is no longer there."), []),
    ],
)
def test_a_refusal_has_the_button_that_mends_it(told: BotError, expected: list[str]) -> None:
    """S2 C16: in the reply, and in the window that it turns into."""
    message = errors.refusal(told, "item1")
    takes_message(message)
    assert buttons(message) == expected
    takes_view(errors.refusal_view("Settings", told))


def test_every_button_that_mends_is_heard() -> None:
    """C16: by the features, under the very action."""
    heard = {action for feature in FEATURES for action in feature.actions}
    assert {RULE, SETTINGS, mending.LOOK, mending.NOT_BOOKED, *mending._LABELS} <= heard
    assert {NotConnected().action, ReconnectNeeded("x").action} <= set(mending._LABELS)


@pytest.mark.parametrize(
    "message",
    [
        "Your Zoho Books subscription has expired. Please upgrade.",
        "The trial period of your plan has ended.",
        "This organization is inactive.",
    ],
)
def test_an_inactive_subscription_is_not_one_items_fault(message: str) -> None:
    """C16: everything is held, and the Admins hear it once."""
    for code in ("", "57", "100999"):
        told = fault(400, code, message)
        assert isinstance(told, ReconnectNeeded)
        assert message.rstrip(".") in told.says
        assert "renew it there" in told.says


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("3062", 'The contact "Your Plan Is Cancelled Ltd" already exists.'),
        ("13011", "The bill number TRIAL-ENDED has been used."),
        ("4", "Invalid value passed for description: the subscription has expired"),
        ("987", 'The item "Subscription cancelled" is not known.'),
        ("57", "You are not authorized to perform this operation"),
    ],
)
def test_what_somebody_typed_of_subscriptions_is_no_such_thing(code: str, message: str) -> None:
    """C16: one item's text must not hold the others."""
    assert isinstance(fault(400, code, message), Refused)


def test_the_fields_of_every_cause_are_known() -> None:
    """C15: what does away with a message is a field of the item."""
    assert all(isinstance(name, Field) for names in holds._ABOUT.values() for name in names)
    assert set(holds._ABOUT) <= set(BUTTONS)


def test_the_admins_hear_more_than_that_the_sign_in_is_gone() -> None:
    """C16: and nothing twice."""
    usual = replace(views.a_connection(), reason="Zoho Books no longer accepts our sign-in. Do this.")
    assert "Do this" not in texts(connection.broken(usual, 2))
    lapsed = replace(usual, reason="The subscription is not active. Renew it there.")
    for message in (connection.broken(lapsed, 2), connection.broken_here(lapsed)):
        takes_message(message)
        assert "The subscription is not active. Renew it there." in texts(message)
