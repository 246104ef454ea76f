"""Auto-publish: what arrives is held, goes in the name of who switched it on, or says why not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.audit import words
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import AutoPublish, Field, Item, ItemStage
from bot.domain.lists import ListKind
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.errors import AlreadyDone, FieldErrors
from bot.services.items import ItemView
from bot.services.settings import AutoForm
from storage.store import RedisStorage
from tests.builders import ADA, BEN, NOON, an_entry
from tests.e2e.stage import KESTREL, NORTHWIND, export
from tests.fakes import FakeJobs
from tests.integration.services.inbox import OF, Inbox
from tests.redis_fixtures import Clock

TWO = export(NORTHWIND, KESTREL)


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    return inbox


async def ruled(inbox: Inbox, **changes: str) -> SupplierRule:
    form = {"category": "c429", "tax": "t20", "auto": "on"} | changes
    return await inbox.rules.save(OF, ADA, "s1", form)


async def items(inbox: Inbox) -> dict[str, Item]:
    found, _ = await inbox.store.items.page(list(ItemStage), 0, 100)
    return {item.document.supplier: item for item in found}


async def runs_what_is_due(inbox: Inbox) -> None:
    await inbox.auto.run_due()
    queued, inbox.jobs.queue = inbox.jobs.queue, []
    for name, ids in queued:
        if name == "auto_publish":
            await inbox.auto.run(OF, ItemId(ids[1]))
        elif name == "publish":
            inbox.jobs.queue.append((name, ids))
    queued, inbox.jobs.queue = inbox.jobs.queue, []
    for _, ids in queued:
        await inbox.publish.run(OF, ItemId(ids[1]), ids[2])


async def test_what_arrives_is_held_and_then_published_in_the_name_of_who_set_it(inbox: Inbox) -> None:
    """S26 S27 C32: only the supplier's, only after the hold, and the record says by what."""
    await ruled(inbox)
    imported = await inbox.importing.run(OF, "costs.csv", TWO, BEN)
    assert imported.going == 1
    await runs_what_is_due(inbox)
    assert (await items(inbox))["Northwind Paper Ltd"].stage is ItemStage.INBOX
    inbox.clock.forward(minutes=11)
    await runs_what_is_due(inbox)
    found = await items(inbox)
    published = found["Northwind Paper Ltd"].published
    assert published is not None
    assert (published.by, published.automatic) == (ADA, "rule for Northwind Paper Ltd")
    assert found["Kestrel Taxis"].stage is ItemStage.INBOX
    assert "item.goes_by_itself" in [what for what, *_ in await inbox.said()]


async def test_what_was_there_before_the_switch_stays(inbox: Inbox) -> None:
    """S26."""
    await inbox.importing.run(OF, "costs.csv", TWO, BEN)
    inbox.clock.forward(minutes=1)
    await ruled(inbox)
    inbox.clock.forward(hours=1)
    await runs_what_is_due(inbox)
    assert {item.stage for item in (await items(inbox)).values()} == {ItemStage.INBOX}


async def test_undo_within_the_hold_leaves_it_to_a_person(inbox: Inbox) -> None:
    """C32: kept back for good; nothing is due any more."""
    await ruled(inbox)
    imported = await inbox.importing.run(OF, "costs.csv", export(NORTHWIND), BEN)
    await inbox.auto.keep_back(OF, imported.new[0], BEN)
    inbox.clock.forward(hours=1)
    assert await inbox.auto.run_due() == 0
    (item,) = (await items(inbox)).values()
    assert (item.stage, item.auto) == (ItemStage.INBOX, None)


async def test_undo_after_it_went_says_who_published_it(inbox: Inbox) -> None:
    """C32 C3."""
    await ruled(inbox)
    imported = await inbox.importing.run(OF, "costs.csv", export(NORTHWIND), BEN)
    inbox.clock.forward(minutes=11)
    await runs_what_is_due(inbox)
    with pytest.raises(AlreadyDone, match="published this item already"):
        await inbox.auto.keep_back(OF, imported.new[0], BEN)


async def test_switched_off_meanwhile_it_stays_and_says_so(inbox: Inbox) -> None:
    """S26: the switch counts when the hold is over, too."""
    await ruled(inbox)
    await inbox.importing.run(OF, "costs.csv", export(NORTHWIND), BEN)
    await ruled(inbox, auto="")
    inbox.clock.forward(minutes=11)
    await runs_what_is_due(inbox)
    (item,) = (await items(inbox)).values()
    assert item.stage is ItemStage.INBOX
    assert item.hold is not None
    assert item.hold.says == "It was not published by itself: auto-publish was switched off meanwhile."


async def test_what_needs_attention_by_then_stays_and_says_so(inbox: Inbox) -> None:
    """S26 S2: edited during the hold so that something is missing."""
    await ruled(inbox)
    imported = await inbox.importing.run(OF, "costs.csv", export(NORTHWIND), BEN)
    await inbox.items.edit(OF, imported.new[0], BEN, {Field.DUE_DATE: "2020-01-01"})
    inbox.clock.forward(minutes=11)
    await runs_what_is_due(inbox)
    (item,) = (await items(inbox)).values()
    assert item.hold is not None
    assert "it needs attention" in item.hold.says


async def test_two_clocks_publish_it_once(inbox: Inbox) -> None:
    """C3: each due item is claimed by one of them; a job that died is due again."""
    await ruled(inbox)
    await inbox.importing.run(OF, "costs.csv", export(NORTHWIND), BEN)
    inbox.clock.forward(minutes=11)
    assert [await inbox.auto.run_due(), await inbox.auto.run_due()] == [1, 0]
    inbox.clock.forward(minutes=3)
    assert await inbox.auto.run_due() == 1
    ids = next(ids for name, ids in inbox.jobs.queue if name == "auto_publish")
    for _ in range(3):
        await inbox.auto.run(OF, ItemId(ids[1]))
    inbox.clock.forward(minutes=3)
    assert await inbox.auto.run_due() == 0
    assert [name for name, _ in inbox.jobs.queue].count("publish") == 1


async def test_without_a_category_rule_it_must_be_confirmed(inbox: Inbox) -> None:
    """S26: a warning at the field; with the second box it is saved."""
    with pytest.raises(FieldErrors) as fault:
        await ruled(inbox, category="")
    assert "no category" in fault.value.fields["auto"]
    assert (await ruled(inbox, category="", auto="on,sure")).auto is not None


async def test_everything_must_be_confirmed_more_strongly(inbox: Inbox) -> None:
    """S26: account-wide is not advised; what is on stays on without asking again."""
    asked = AutoForm(everything=True, sure=False, cap="", accounts=())
    with pytest.raises(FieldErrors) as fault:
        await inbox.settings.save(OF, ADA, BusinessSettings(), asked)
    assert "before anybody has looked at it" in fault.value.fields["auto_publish"]
    sure = AutoForm(True, True, "500", (EntryId("b1"),), accounts_sure=True)
    changes = await inbox.settings.save(OF, ADA, BusinessSettings(), sure)
    assert "Auto-publish all items: up to 500 (was off)" in changes
    saved = await inbox.settings.read(OF)
    assert saved.auto_publish is not None
    inbox.clock.forward(days=1)
    await inbox.settings.save(OF, BEN, saved, AutoForm(True, False, "", (EntryId("b1"),)))
    again = await inbox.settings.read(OF)
    assert again.auto_publish == AutoPublish(ADA, saved.auto_publish.since)
    assert again.auto_accounts == saved.auto_accounts


async def test_what_is_paid_from_an_account_must_be_confirmed_in_words(inbox: Inbox) -> None:
    """S25 S26: with a limit of its own; an account that is on is not asked about again, a further one is."""
    card, bank = EntryId("b1"), EntryId("b2")
    entries = [an_entry("Visa 4242", id=card), an_entry("Current Account", id=bank)]
    await inbox.store.lists.stage("g2", ListKind.BANK_ACCOUNTS, entries)
    await inbox.store.lists.commit("g2", [ListKind.BANK_ACCOUNTS], NOON)
    with pytest.raises(FieldErrors) as fault:
        await inbox.settings.save(OF, ADA, BusinessSettings(), AutoForm(False, False, "", (card,)))
    assert "Everything paid from Visa 4242 would stand" in fault.value.fields["auto_accounts"]
    wrong = AutoForm(False, False, "", (card,), accounts_sure=True, accounts_cap="much")
    with pytest.raises(FieldErrors) as fault:
        await inbox.settings.save(OF, ADA, BusinessSettings(), wrong)
    assert set(fault.value.fields) == {"auto_accounts_cap"}
    sure = AutoForm(False, False, "", (card,), accounts_sure=True, accounts_cap="80")
    changes = await inbox.settings.save(OF, ADA, BusinessSettings(), sure)
    assert changes == ("Auto-publish what was paid from: Visa 4242 (up to 80) (was none)",)
    saved = await inbox.settings.read(OF)
    assert saved.auto_accounts[card].cap == 80
    inbox.clock.forward(days=1)
    await inbox.settings.save(OF, BEN, saved, AutoForm(False, False, "", (card,), accounts_cap="90"))
    again = (await inbox.settings.read(OF)).auto_accounts[card]
    assert again == replace(saved.auto_accounts[card], cap=Decimal(90))
    with pytest.raises(FieldErrors, match="Everything paid from Current Account would"):
        await inbox.settings.save(OF, BEN, saved, AutoForm(False, False, "", (card, bank)))


@pytest.mark.parametrize(
    ("field", "text"), [("cap", "a lot"), ("cap", "0"), ("due_days", "soon"), ("due_days", "9999")]
)
async def test_a_wrong_number_is_told_at_its_field(inbox: Inbox, field: str, text: str) -> None:
    """C7."""
    with pytest.raises(FieldErrors) as fault:
        await ruled(inbox, **{field: text})
    assert set(fault.value.fields) == {field}
    assert list((await inbox.rule_book.read(OF)).views) == []


async def test_an_item_teaches_its_suppliers_rule(inbox: Inbox) -> None:
    """C7: category and tax as they are now; the rest of the rule stays."""
    await inbox.rules.save(OF, ADA, "s1", {"due_days": "14"})
    imported = await inbox.importing.run(OF, "costs.csv", export(NORTHWIND), BEN)
    view = await inbox.items.view(OF, imported.new[0])
    rule = await inbox.rules.learn(OF, ADA, view, auto=True)
    assert rule is not None
    assert (rule.category, rule.due_days) == ("c429", 14)
    assert rule.auto == AutoPublish(ADA, inbox.clock())
    assert rule.auto.since >= NOON


async def by_hand(inbox: Inbox, number: int) -> ItemView:
    """One more item of the supplier, published by a person."""
    row = NORTHWIND.replace("9001", f"910{number}").replace("NW-1001", f"NW-{number}")
    imported = await inbox.importing.run(OF, "costs.csv", export(row), BEN)
    inbox.jobs.queue.clear()
    await inbox.publish.begin(OF, imported.new[0], ADA)
    ((_, ids),) = inbox.jobs.queue
    inbox.jobs.queue.clear()
    await inbox.publish.run(OF, ItemId(ids[1]), ids[2])
    return await inbox.items.view(OF, ItemId(ids[1]))


async def test_three_alike_by_hand_suggest_it_until_somebody_was_asked(inbox: Inbox) -> None:
    """S26: counted by supplier; what nobody could be told is suggested with the next one."""
    suggested = []
    for number in range(5):
        view = await by_hand(inbox, number)
        suggested.append(await inbox.auto.counted(OF, view))
        assert await inbox.auto.counted(OF, view) == 0
        if number == 3:
            await inbox.auto.suggested(OF, view)
    assert suggested == [0, 0, 3, 4, 0]


async def test_where_a_rule_has_it_on_nothing_is_suggested(inbox: Inbox) -> None:
    """S26: also for what a person publishes before it goes."""
    await ruled(inbox)
    assert [await inbox.auto.counted(OF, await by_hand(inbox, number)) for number in range(4)] == [0] * 4


async def test_a_no_is_kept_and_logged(inbox: Inbox) -> None:
    """S26: not asked about this supplier again, however it is coded."""
    for number in range(3):
        view = await by_hand(inbox, number)
        await inbox.auto.counted(OF, view)
    await inbox.auto.declined(OF, ADA, view)
    assert await inbox.auto.counted(OF, await by_hand(inbox, 3)) == 0
    entry = next(entry for entry in await inbox.store.log.latest(20) if entry.what == "auto.declined")
    assert words(entry) == "wants items of Northwind Paper Ltd to be published by hand"


async def test_a_yes_takes_a_limit_and_keeps_one_that_is_there(inbox: Inbox) -> None:
    """S26: the form of the suggestion; left empty by somebody else, the limit stays."""
    view = await by_hand(inbox, 0)
    with pytest.raises(FieldErrors) as fault:
        await inbox.rules.learn(OF, ADA, view, auto=True, cap="lots")
    assert set(fault.value.fields) == {"cap"}
    for cap in ("250", ""):
        rule = await inbox.rules.learn(OF, ADA, view, auto=True, cap=cap)
        assert rule is not None
        assert rule.auto is not None
        assert rule.auto.cap == 250
    await inbox.settings.hold_for(OF, ADA, 30)
    assert (await inbox.settings.read(OF)).auto_hold_minutes == 30
