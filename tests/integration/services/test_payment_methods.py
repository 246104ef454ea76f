"""What payment methods stand for: chosen once, used for whatever waits and comes, changed and forgotten."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.domain.identity import EntryId, ItemId
from bot.domain.items import AutoPublish, Field, Item, ItemStatus
from bot.domain.lists import Entry, ListKind
from bot.errors import FieldErrors, NotFound
from bot.services.payment_methods import PaymentMethodService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, NOON, an_entry, an_item
from tests.e2e.stage import KESTREL, export
from tests.fakes import FakeJobs
from tests.integration.services.inbox import LISTS, OF, Inbox, text
from tests.redis_fixtures import Clock

ACCOUNT, MODE = Field.PAYMENT_ACCOUNT, Field.PAYMENT_MODE
CARD = an_entry("Business Card", id=EntryId("b2"), detail="credit_card")
CURRENT = an_entry("Current Account", id=EntryId("b1"), detail="bank")
MODES = [an_entry("Cash"), an_entry("Credit Card")]


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    lists = LISTS | {ListKind.BANK_ACCOUNTS: [CARD, CURRENT], ListKind.PAYMENT_MODES: MODES}
    for kind, entries in lists.items():
        await inbox.store.lists.stage("g2", kind, entries)
    await inbox.store.lists.commit("g2", list(lists), NOON)
    return inbox


def methods(inbox: Inbox) -> PaymentMethodService:
    return PaymentMethodService(inbox.storage, inbox.clock)


def paid(number: int, account: str = "Visa *4242") -> Item:
    return an_item(
        id=ItemId(f"i{number}"), external_id=str(number), document_number=str(number), total=str(number),
        paid=True, payment_account=account,
    )  # fmt: skip


async def chosen(inbox: Inbox, account: str = "b2", mode: str = "Credit Card", item: str = "i1") -> None:
    written = await methods(inbox).written_on(OF, ItemId(item))
    await methods(inbox).choose(OF, ADA, written, account, mode)


async def test_a_choice_counts_for_what_waits_and_for_what_comes_later(inbox: Inbox) -> None:
    """C21: asked once, whatever way the digits are marked; another card is asked about by itself."""
    await inbox.store.items.add([paid(1), paid(2, "VISA ending in 4242"), paid(3, "Visa *4243")])
    before = await inbox.items.view(OF, ItemId("i1"))
    assert [problem.says for problem in before.coding.problems] == ["unknown payment account “Visa *4242”"]
    view = await methods(inbox).of_item(OF, ItemId("i1"))
    assert (view.key, view.method, set(view.waiting)) == ("visa 4242", None, {"i1", "i2"})
    await chosen(inbox)
    await inbox.store.items.add([paid(4, "visa 4242")])
    for number in (1, 2, 4):
        found = await inbox.items.view(OF, ItemId(f"i{number}"))
        assert found.status is ItemStatus.READY
        assert (text(found, ACCOUNT), text(found, MODE)) == (
            ("Business Card", "remembered"), ("Credit Card", "remembered"),
        )  # fmt: skip
    other = await inbox.items.view(OF, ItemId("i3"))
    assert other.status is ItemStatus.NEEDS_ATTENTION


@pytest.mark.parametrize(
    ("written", "likely"),
    [("BUSINESS CARD", CARD), ("business  card.", CARD), ("Visa *4242", None), ("Current", None)],
)
async def test_an_account_of_the_same_name_is_offered_first(
    inbox: Inbox, written: str, likely: Entry | None
) -> None:
    """C21: offered, never taken unasked."""
    await inbox.store.items.add([paid(1, written)])
    assert (await methods(inbox).of_item(OF, ItemId("i1"))).likely == likely


async def test_each_change_is_logged_with_before_and_after_and_nothing_twice(inbox: Inbox) -> None:
    """C12 C21."""
    await inbox.store.items.add([paid(1)])
    await chosen(inbox)
    await chosen(inbox)
    inbox.clock.forward(days=1)
    await methods(inbox).choose(OF, BEN, "Visa *4242", "b1")
    (known,) = await methods(inbox).all(OF)
    assert known.method is not None
    assert (known.method.by, known.method.at, known.account) == (BEN, inbox.clock(), CURRENT)
    await methods(inbox).forget(OF, ADA, "visa 4242")
    await methods(inbox).forget(OF, ADA, "visa 4242")
    assert await methods(inbox).all(OF) == []
    assert await inbox.said() == [
        ("payment_method.changed", "Visa *4242", "none", "Business Card, Credit Card"),
        ("payment_method.changed", "Visa *4242", "Business Card, Credit Card", "Current Account"),
        ("payment_method.changed", "Visa *4242", "Current Account", "none"),
    ]
    assert (await inbox.items.view(OF, ItemId("i1"))).status is ItemStatus.NEEDS_ATTENTION
    with pytest.raises(NotFound, match="no longer remembered"):
        await methods(inbox).of_key(OF, "visa 4242")


async def test_what_cannot_be_chosen_is_said_by_its_field_and_changes_nothing(inbox: Inbox) -> None:
    """C21."""
    await inbox.store.items.add([paid(1), paid(2, ""), paid(3, "***")])
    await inbox.store.lists.add(ListKind.BANK_ACCOUNTS, an_entry("Till", id=EntryId("b9"), active=False))
    for account, mode, name in (
        ("", "", "payment_account"),
        ("b9", "", "payment_account"),
        ("nonsense", "", "payment_account"),
        ("b2", "m" * 101, "payment_mode"),
    ):
        with pytest.raises(FieldErrors) as refused:
            await chosen(inbox, account, mode)
        assert list(refused.value.fields) == [name]
    assert await methods(inbox).all(OF) == []
    for item in ("i2", "i3", "nobody"):
        with pytest.raises(NotFound):
            await methods(inbox).of_item(OF, ItemId(item))


async def test_a_typed_mode_goes_on_the_list_once_and_a_known_one_is_written_as_there(inbox: Inbox) -> None:
    """C21: modes are those that were seen on payments, and those that were typed."""
    await inbox.store.items.add([paid(1)])
    for typed, mode in (("credit card", "Credit Card"), ("  Firmen  karte ", "Firmen karte")):
        await chosen(inbox, mode=typed)
        found = await inbox.items.view(OF, ItemId("i1"))
        assert text(found, MODE) == (mode, "remembered")
    await chosen(inbox, mode="FIRMEN KARTE")
    listed = await inbox.store.lists.active(ListKind.PAYMENT_MODES)
    assert [entry.name for entry in listed] == ["Cash", "Credit Card", "Firmen karte"]


async def test_settings_that_are_saved_meanwhile_keep_what_was_remembered(inbox: Inbox) -> None:
    """C21: the form was opened before."""
    await inbox.store.items.add([paid(1)])
    old = await inbox.settings.read(OF)
    await chosen(inbox)
    await inbox.settings.save(OF, ADA, replace(old, auto_hold_minutes=3))
    assert len(await methods(inbox).all(OF)) == 1


async def test_a_csv_says_its_payment_method_and_auto_publish_goes_by_the_account(inbox: Inbox) -> None:
    """C21 S26 DOMAIN: Dext's column, then the switch of the account that it stands for."""
    switch = AutoPublish(ADA, inbox.clock() - dt.timedelta(days=1))
    await inbox.store.settings.change(
        lambda now: replace(now, auto_accounts={EntryId("b2"): switch}, warn_new_supplier=False)
    )
    await inbox.store.items.add([paid(1)])
    await chosen(inbox)
    row = KESTREL.replace("Visa 4242,Current Account", "Visa ending in 4242,")
    assert row != KESTREL
    imported = await inbox.importing.run(OF, "costs.csv", export(row), BEN)
    assert imported.going == 1
    found, _ = await inbox.store.items.page(list((await inbox.store.items.counts()).keys()), 0, 10)
    arrived = next(item for item in found if item.document.supplier == "Kestrel Taxis")
    assert arrived.document.payment_account == "Visa ending in 4242"
    assert arrived.auto is not None
    assert arrived.auto.because == "payment account Business Card"
