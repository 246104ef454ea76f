"""What is said of a failure stands until its cause is gone, and no longer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.holds import MENDED_BY_REFRESH, STAYS, cause_words, fingerprint, stands
from bot.domain.items import Field, Hold, Item
from bot.domain.resolving import resolve
from bot.domain.settings import BusinessSettings
from tests.builders import GBP_ORGANISATION, NOON, STANDARD_RATE, an_item, usual_lists

LATER = NOON + dt.timedelta(hours=1)


def sent(item: Item | None = None, settings: BusinessSettings | None = None, cause: str = "tax") -> str:
    coding = resolve(item or an_item(), None, settings or BusinessSettings(), usual_lists(), GBP_ORGANISATION)
    return fingerprint(coding, cause)


def still(
    hold: Hold, item: Item | None = None, settings: BusinessSettings | None = None, **times: object
) -> bool:
    coding = resolve(item or an_item(), None, settings or BusinessSettings(), usual_lists(), GBP_ORGANISATION)
    when: dict[str, dt.datetime | None] = {"connected_at": NOON, "refreshed_at": NOON}
    return stands(hold, coding, **(when | times))  # type: ignore[arg-type]


NUMBER = an_item(manual={Field.DOCUMENT_NUMBER: "NW-2"})
TAXED = BusinessSettings(default_tax_costs=STANDARD_RATE.id)


def test_the_values_make_the_fingerprint() -> None:
    assert sent() == sent()
    assert sent(NUMBER) != sent()
    assert sent(settings=TAXED) != sent()


@pytest.mark.parametrize("cause", ["tax", "amount", "refused"])
def test_it_goes_when_what_would_be_sent_is_another(cause: str) -> None:
    """C15: a changed number, or a default tax that an Admin sets."""
    hold = Hold(cause, "No.", at=NOON, sent=sent(cause=cause))
    assert still(hold)
    assert not still(hold, NUMBER)
    assert not still(hold, settings=TAXED)


@pytest.mark.parametrize(
    ("cause", "mends"),
    [
        ("number_used", {Field.DOCUMENT_NUMBER: "NW-2"}),
        ("name_refused", {Field.SUPPLIER: "s2"}),
        ("locked", {Field.DATE: "2026-04-01"}),
    ],
)
def test_it_stays_when_only_something_else_was_changed(cause: str, mends: dict[Field, str]) -> None:
    """C15: another description does not free a number."""
    hold = Hold(cause, "No.", at=NOON, sent=sent(cause=cause))
    assert still(hold, an_item(manual={Field.DESCRIPTION: "other"}))
    assert still(hold, settings=TAXED)
    assert not still(hold, an_item(manual=mends))


@pytest.mark.parametrize("cause", sorted(MENDED_BY_REFRESH))
def test_it_goes_when_the_lists_were_read_again(cause: str) -> None:
    """C15"""
    hold = Hold(cause, "No.", at=NOON, sent=sent(cause=cause))
    assert still(hold, refreshed_at=NOON - dt.timedelta(hours=1))
    assert not still(hold, refreshed_at=LATER)


@pytest.mark.parametrize("cause", ["number_used", "amount"])
def test_what_no_refresh_mends_stays_after_one(cause: str) -> None:
    assert still(Hold(cause, "No.", at=NOON, sent=sent(cause=cause)), refreshed_at=LATER)


@pytest.mark.parametrize("cause", sorted(STAYS))
def test_what_may_have_been_booked_is_never_forgotten(cause: str) -> None:
    """C3: it may stand there already."""
    hold = Hold(cause, "It may have been booked.", at=NOON, sent=sent(cause=cause))
    assert still(
        hold, an_item(manual={Field.DOCUMENT_NUMBER: "NW-2"}), refreshed_at=LATER, connected_at=LATER
    )


def test_a_missing_right_is_mended_by_signing_in_again() -> None:
    hold = Hold("rights", "No right.", at=NOON, sent=sent(cause="rights"))
    assert still(hold)
    assert not still(hold, connected_at=LATER)


def test_what_can_be_told_from_here_is_told_from_here() -> None:
    assert not still(Hold("NotReady", "No category."))
    assert still(Hold("NotReady", "No category."), an_item(category=""))
    assert not still(Hold("NotConnected", "Not connected."))
    assert still(Hold("NotConnected", "Not connected."), connected_at=None)
    assert not still(Hold("new_supplier", "New."))
    assert still(Hold("new_supplier", "New."), an_item(supplier="Old Mill Hosting"))


def test_every_cause_has_words_also_one_that_nobody_foresaw() -> None:
    assert cause_words("number_used") == "number already used"
    assert cause_words("brand_new") == "brand new"
    assert replace(Hold("x", "y"), sent="z").sent == "z"
