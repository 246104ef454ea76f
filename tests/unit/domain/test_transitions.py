"""The allowed steps of an item, and who hears what when a step is not allowed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import transitions
from bot.domain.coding import Coding, Problem
from bot.domain.identity import ChannelId, EntryId, MessageRef
from bot.domain.items import Field, Hold, Item, ItemStage, ItemStatus, PublishAs
from bot.errors import AlreadyDone, WrongInput
from tests.builders import ADA, BEN, NOON, an_item, published

HOLD = Hold("refused", "Zoho Books said no.")
INBOX = an_item()
PUBLISHING = transitions.claim(INBOX, "p1", ADA, NOON)
WAITING = transitions.wait(PUBLISHING, HOLD)
FAILED = transitions.fail(PUBLISHING, "p1", HOLD)
PUBLISHED = transitions.publish_done(PUBLISHING, published())
REJECTED = transitions.reject(INBOX, BEN)
STEPS: dict[str, Callable[[Item], Item]] = {
    "claim": lambda item: transitions.claim(item, "p2", BEN, NOON),
    "wait": lambda item: transitions.wait(item, HOLD),
    "go on": lambda item: transitions.go_on(item, "p1"),
    "fail": lambda item: transitions.fail(item, "p1", HOLD),
    "give back": lambda item: transitions.give_back(item, "p1"),
    "reject": lambda item: transitions.reject(item, BEN),
    "restore": transitions.restore,
    "edit": lambda item: transitions.edit(item, {Field.TOTAL: "1"}, BEN, NOON),
}


def coding(*problems: str) -> Coding:
    """A coding with these problems and nothing else."""
    missing = tuple(Problem(Field.TAX, says) for says in problems)
    return Coding({}, PublishAs.BILL, None, None, None, None, "GBP", missing)


@pytest.mark.parametrize(
    ("item", "ready", "unready"),
    [
        (INBOX, ItemStatus.READY, ItemStatus.NEEDS_ATTENTION),
        (FAILED, ItemStatus.FAILED, ItemStatus.NEEDS_ATTENTION),
        (PUBLISHING, ItemStatus.PUBLISHING, ItemStatus.PUBLISHING),
        (WAITING, ItemStatus.WAITING, ItemStatus.WAITING),
        (PUBLISHED, ItemStatus.PUBLISHED, ItemStatus.PUBLISHED),
        (REJECTED, ItemStatus.REJECTED, ItemStatus.REJECTED),
    ],
)
def test_the_status_is_what_people_see(item: Item, ready: ItemStatus, unready: ItemStatus) -> None:
    """C1."""
    assert transitions.status(item, coding()) is ready
    assert transitions.status(item, coding("no tax")) is unready


@pytest.mark.parametrize(
    ("item", "says"),
    [
        (PUBLISHING, "<@UADA> is publishing this item already (05 Oct 2026, 12:00 UTC)."),
        (PUBLISHED, "<@UADA> published this item already, as bill NW-1001 (05 Oct 2026, 12:00 UTC)."),
        (REJECTED, "<@UBEN> rejected this item."),
        (WAITING, "<@UADA> is publishing this item already (05 Oct 2026, 12:00 UTC)."),
    ],
)
def test_the_second_to_publish_hears_who_was_first(item: Item, says: str) -> None:
    """C3."""
    with pytest.raises(AlreadyDone) as caught:
        transitions.claim(item, "p2", BEN, NOON)
    assert caught.value.says == says


def test_a_claim_names_the_publication_and_who_asked() -> None:
    assert (PUBLISHING.stage, PUBLISHING.publication, PUBLISHING.asked_by, PUBLISHING.asked_at) == (
        ItemStage.PUBLISHING, "p1", ADA, NOON,
    )  # fmt: skip
    assert transitions.claim(FAILED, "p2", BEN, NOON).hold is None


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=12))
def test_what_is_published_stays_published_whatever_comes_late(names: list[str]) -> None:
    """C3: no late worker and no click makes it publishable a second time."""
    item = PUBLISHED
    for name in names:
        try:
            item = STEPS[name](item)
        except AlreadyDone:
            continue
    assert (item.stage, item.published, item.manual) == (ItemStage.PUBLISHED, published(), {})


@given(st.lists(st.sampled_from(sorted(set(STEPS) - {"claim"})), max_size=12))
def test_only_a_claim_leads_to_publishing(names: list[str]) -> None:
    """C3."""
    item = INBOX
    for name in names:
        try:
            item = STEPS[name](item)
        except AlreadyDone:
            continue
        assert item.stage in (ItemStage.INBOX, ItemStage.REJECTED)


def test_what_waited_goes_on_once_and_only_for_its_own_publication() -> None:
    """S29."""
    assert transitions.go_on(WAITING, "p1") == replace(PUBLISHING, hold=None)
    for item, publication in ((WAITING, "p2"), (PUBLISHING, "p1")):
        with pytest.raises(AlreadyDone):
            transitions.go_on(item, publication)


def test_a_failure_keeps_its_reason_until_a_success() -> None:
    assert (FAILED.stage, FAILED.hold, FAILED.publication) == (ItemStage.FAILED, HOLD, "")
    edited = transitions.edit(FAILED, {Field.TOTAL: "20"}, BEN, NOON)
    assert (edited.stage, edited.hold) == (ItemStage.INBOX, HOLD)
    again = transitions.claim(edited, "p2", BEN, NOON)
    assert transitions.publish_done(again, published()).hold is None


def test_another_publications_failure_changes_nothing() -> None:
    assert transitions.fail(PUBLISHING, "p0", HOLD) == PUBLISHING
    assert transitions.give_back(PUBLISHING, "p0") == PUBLISHING


def test_a_claim_given_back_is_as_if_never_made() -> None:
    assert transitions.give_back(PUBLISHING, "p1") == INBOX


def test_a_rejected_item_can_be_put_back() -> None:
    assert (REJECTED.stage, REJECTED.rejected_by) == (ItemStage.REJECTED, BEN)
    assert transitions.restore(REJECTED) == INBOX
    with pytest.raises(AlreadyDone, match="in the inbox already"):
        transitions.restore(INBOX)


def test_what_waits_for_an_answer_can_be_rejected() -> None:
    rejected = transitions.reject(WAITING, BEN)
    assert (rejected.stage, rejected.publication, rejected.hold) == (ItemStage.REJECTED, "", None)


def test_an_edit_remembers_who_and_when_and_none_takes_it_back() -> None:
    """S24."""
    edited = transitions.edit(INBOX, {Field.TAX: "t0", Field.TOTAL: "20"}, BEN, NOON)
    assert (edited.manual[Field.TAX].value, edited.manual[Field.TAX].by) == ("t0", BEN)
    for nothing in (None, ""):
        back = transitions.edit(edited, {Field.TAX: nothing}, ADA, NOON)
        assert set(back.manual) == {Field.TOTAL}
    assert INBOX.manual == {}


def test_naming_another_supplier_forgets_the_chosen_one() -> None:
    chosen = transitions.choose_supplier(INBOX, EntryId("s2"))
    assert transitions.edit(chosen, {Field.TAX: "t0"}, ADA, NOON).supplier_entry == "s2"
    assert transitions.edit(chosen, {Field.SUPPLIER: "s1"}, ADA, NOON).supplier_entry is None


@pytest.mark.parametrize("item", [PUBLISHING, WAITING, PUBLISHED, REJECTED])
def test_an_item_is_edited_in_the_inbox_only(item: Item) -> None:
    with pytest.raises(AlreadyDone):
        transitions.edit(item, {Field.TOTAL: "20"}, ADA, NOON)


def test_an_item_remembers_its_card() -> None:
    card = MessageRef(ChannelId("C1"), "1.2")
    assert transitions.with_card(INBOX, card).card == card


@pytest.mark.parametrize(
    ("name", "text", "stored"),
    [
        (Field.DATE, "2026-10-05 ", "2026-10-05"),
        (Field.TOTAL, "£1,250.00", "1250.00"),
        (Field.TAX_AMOUNT, "0", "0"),
        (Field.PUBLISH_AS, "expense", "expense"),
        (Field.DOCUMENT_NUMBER, " NW-1 ", "NW-1"),
        (Field.SUPPLIER, "new:Acme", "new:Acme"),
        (Field.DESCRIPTION, "   ", ""),
    ],
)
def test_a_forms_text_is_stored_in_one_form(name: Field, text: str, stored: str) -> None:
    assert transitions.checked(name, text) == stored


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        (Field.DATE, "2026-02-30", "“2026-02-30” is not a date."),
        (Field.DUE_DATE, "tomorrow", "“tomorrow” is not a date."),
        (Field.TOTAL, "twelve", "“twelve” is not an amount."),
        (Field.TAX_AMOUNT, "-1", "An amount cannot be below zero."),
        (Field.PUBLISH_AS, "cheque", "“cheque” is nothing an item can be published as."),
        (Field.DOCUMENT_NUMBER, "x" * 101, "Document number is longer than 100 characters."),
        (Field.DESCRIPTION, "x" * 2001, "Description is longer than 2000 characters."),
        (Field.SUPPLIER, "new: ", "A new supplier needs a name."),
    ],
)
def test_a_forms_text_that_cannot_be_used_is_refused_in_a_sentence(name: Field, text: str, says: str) -> None:
    with pytest.raises(WrongInput) as caught:
        transitions.checked(name, text)
    assert caught.value.says == says
