"""Default taxes of a currency: what may be chosen, what they do to the very next item, the log."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, ItemStage, Side
from bot.domain.lists import ListKind
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.errors import FieldErrors
from bot.services.tax_exceptions import TaxExceptionService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_entry, an_item
from tests.fakes import FakeJobs
from tests.integration.services.inbox import LISTS, OF, Inbox, text
from tests.redis_fixtures import Clock

T20, T0, T5 = EntryId("t20"), EntryId("t0"), EntryId("t5")
EURO, GULDEN = an_entry("EUR", id=EntryId("eur")), an_entry("NLG", id=EntryId("nlg"), active=False)


@pytest.fixture
async def inbox(storage: RedisStorage, clock: Clock) -> Inbox:
    inbox = Inbox(storage, FakeJobs(), clock)
    await inbox.connected()
    for kind, entries in LISTS.items():
        more = [EURO, GULDEN] if kind is ListKind.CURRENCIES else []
        await inbox.store.lists.stage("g2", kind, [*entries, *more])
    await inbox.store.lists.commit("g2", list(LISTS), clock())
    return inbox


@pytest.fixture
def exceptions(inbox: Inbox) -> TaxExceptionService:
    return TaxExceptionService(inbox.storage, inbox.clock)


async def test_an_exception_counts_at_once_and_is_logged_with_before_and_after(
    inbox: Inbox, exceptions: TaxExceptionService
) -> None:
    """S16 S23"""
    await inbox.store.items.add([an_item(currency="EUR")])
    await inbox.settings.save(OF, ADA, BusinessSettings(default_tax_costs=T20))
    assert text(await inbox.items.view(OF, ItemId("item1")), Field.TAX) == ("Standard Rate 20%", "default")
    said = await exceptions.choose(OF, ADA, Side.COST, EURO.id, T0)
    assert said == ("Default tax for costs in EUR: Zero Rate 0% (was none)",)
    value = (await inbox.items.view(OF, ItemId("item1"))).coding.values[Field.TAX]
    assert (value.text, value.why) == ("Zero Rate 0%", "default for EUR")
    assert await exceptions.choose(OF, BEN, Side.COST, EURO.id, T0) == (), "nothing changed"
    await exceptions.choose(OF, BEN, Side.COST, EURO.id, T5)
    said = await exceptions.remove(OF, BEN, "cost:EUR")
    assert said == ("Default tax for costs in EUR: none (was Reduced Rate 5%)",)
    assert await exceptions.remove(OF, ADA, "cost:EUR") == (), "somebody else did"
    what = ("settings.changed", "Default tax for costs in EUR")
    assert [entry for entry in await inbox.said() if entry[:2] == what] == [
        (*what, "none", "Zero Rate 0%"),
        (*what, "Zero Rate 0%", "Reduced Rate 5%"),
        (*what, "Reduced Rate 5%", "none"),
    ]
    assert text(await inbox.items.view(OF, ItemId("item1")), Field.TAX) == ("Standard Rate 20%", "default")


@pytest.mark.parametrize(
    ("currency", "tax", "fields"),
    [
        ("eur", EntryId("t17"), {"tax"}),
        ("eur", EntryId("Zero Rate"), {"tax"}),
        ("nlg", T0, {"currency"}),
        ("EUR", T0, {"currency"}),
        ("xxx", EntryId("t99"), {"currency", "tax"}),
    ],
)
async def test_only_what_is_on_the_lists_of_the_last_refresh_may_be_chosen(
    inbox: Inbox, exceptions: TaxExceptionService, currency: str, tax: EntryId, fields: set[str]
) -> None:
    """S23: an inactive one, a name, a currency that is not there; nothing is saved."""
    with pytest.raises(FieldErrors) as refused:
        await exceptions.choose(OF, ADA, Side.COST, EntryId(currency), tax)
    assert set(refused.value.fields) == fields
    assert not (await inbox.settings.read(OF)).tax_exceptions
    assert await inbox.said() == []
    seen = await exceptions.seen(OF)
    assert [entry.name for entry in seen.currencies] == ["EUR", "GBP"]
    assert [entry.id for entry in seen.taxes] == [T5, T20, T0]


async def test_what_it_would_change_is_counted_where_a_default_decides(
    inbox: Inbox, exceptions: TaxExceptionService
) -> None:
    """S18: in that currency and on that side; the plain default no longer counts for these."""
    await inbox.store.rules.save(SupplierRule("kestrel taxis", tax=T5))
    euro: dict[str, Any] = {"currency": "EUR"}
    items = [
        an_item(id=ItemId("i1"), external_id="1", **euro),
        an_item(id=ItemId("i2"), external_id="2"),
        an_item(id=ItemId("i3"), external_id="3", tax="Standard Rate", **euro),
        an_item(id=ItemId("i4"), external_id="4", supplier="Kestrel Taxis", **euro),
        an_item(id=ItemId("i5"), external_id="5", side=Side.SALE, customer="Harbour Books", **euro),
        an_item(id=ItemId("i6"), external_id="6", stage=ItemStage.PUBLISHED, **euro),
        an_item(id=ItemId("i7"), external_id="7", stage=ItemStage.FAILED, manual={Field.CURRENCY: "eur"}),
    ]
    await inbox.store.items.add(items)
    await inbox.settings.save(OF, ADA, BusinessSettings(default_tax_costs=T20))
    seen = await exceptions.seen(OF)
    asked = {one: seen.would_change(one, T0) for one in ("cost:EUR", "sale:EUR", "cost:USD")}
    assert asked == {"cost:EUR": 2, "sale:EUR": 1, "cost:USD": 0}
    assert seen.would_change("cost:EUR", T20) == 0, "what it is already"
    assert (await inbox.settings.waiting(OF)).costs == 3
    await exceptions.choose(OF, ADA, Side.COST, EURO.id, T0)
    seen = await exceptions.seen(OF)
    assert seen.would_change("cost:EUR", None) == 2
    waiting = await inbox.settings.waiting(OF)
    assert (waiting.costs, waiting.sales) == (1, 1)


async def test_what_was_chosen_while_settings_stood_open_stays(
    inbox: Inbox, exceptions: TaxExceptionService
) -> None:
    """S18: the form below does not hold it and must not take it back."""
    opened = await inbox.settings.read(OF)
    await exceptions.choose(OF, ADA, Side.SALE, EURO.id, T0)
    await inbox.settings.save(OF, BEN, replace(opened, default_tax_costs=T20))
    kept = await inbox.settings.read(OF)
    assert (kept.default_tax_costs, kept.tax_exceptions) == (T20, {"sale:EUR": T0})


async def test_an_exception_whose_tax_vanished_is_shown_as_gone(
    inbox: Inbox, exceptions: TaxExceptionService
) -> None:
    """S3 S41"""
    await exceptions.choose(OF, ADA, Side.COST, EURO.id, T0)
    await inbox.store.lists.stage("g3", ListKind.TAXES, [LISTS[ListKind.TAXES][0]])
    await inbox.store.lists.commit("g3", [ListKind.TAXES], inbox.clock())
    assert (await exceptions.seen(OF)).known == {"cost:EUR": None}
    await inbox.store.items.add([an_item(currency="EUR")])
    view = await inbox.items.view(OF, ItemId("item1"))
    assert "the default tax for EUR is no longer in Zoho Books" in [one.says for one in view.coding.problems]
