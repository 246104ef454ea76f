"""Another organisation is connected: what rules, settings and items pointed to is carried over, and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis.asyncio import Redis
from redis.asyncio.client import Pipeline

from bot.domain.identity import EntryId, ItemId
from bot.domain.items import Field, ItemStage, ItemStatus
from bot.domain.lists import Entry, EntryUse, ListKind, RefreshState
from bot.domain.mapping import Matched
from bot.domain.matching import Alias
from bot.domain.settings import SupplierRule
from bot.errors import FieldErrors, NotFound
from bot.services import connection as connections
from bot.services import refresh as refreshes
from bot.services.items import ItemService
from bot.services.mapping import MappingService
from bot.services.payment_methods import PaymentMethodService
from storage.store import RedisStorage
from tests.builders import ADA, BEN, an_entry, an_item
from tests.fakes import FakeBooks, FakeJobs, FakePeople
from tests.integration.services.connecting import HELD_OUT, OF, OTHER, World
from tests.integration.services.killing import Cut, Died
from tests.redis_fixtures import Clock

CATEGORIES, TAXES, SUPPLIERS = ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS
COST = EntryUse.COST


def _lists(owner: str, *, travel: str = "Travel", rate: str = "20") -> dict[ListKind, list[Entry]]:
    """An organisation's lists; ids are its own."""

    def entry(name: str, **more: object) -> Entry:
        return replace(an_entry(name, id=EntryId(f"{owner}-{name}")), **more)  # type: ignore[arg-type]

    return {
        CATEGORIES: [entry("Office Supplies", code="429", use=COST), entry(travel, use=COST)],
        TAXES: [entry("Standard", percentage=rate), entry("Zero", percentage="0")],
        SUPPLIERS: [entry("Northwind Paper Ltd"), entry("Kestrel Taxis")],
        ListKind.CURRENCIES: [entry("GBP"), entry("EUR")],
    }


@pytest.fixture
def world(storage: RedisStorage, clock: Clock) -> World:
    books = FakeBooks(companies=[HELD_OUT, OTHER])
    books.entries_of = {HELD_OUT.id: _lists("a"), OTHER.id: _lists("b", travel="Reisen", rate="19")}
    return World(storage, books, FakeJobs(), FakePeople(), clock)


def _mapping(world: World) -> MappingService:
    return MappingService(world.storage, world.clock)


async def _refreshed(world: World) -> None:
    """Runs the refresh that connecting began."""

    async def show(_: object) -> None:
        return None

    refresh = await world.store.refreshes.read()
    assert refresh is not None
    await world.service.refreshes.run(OF, refresh.id, show)
    latest = await world.store.refreshes.read()
    assert latest is not None
    assert latest.state is RefreshState.COMPLETE


async def _connected(world: World) -> None:
    """Held Out with its lists, a rule, a default tax, and two items of which choices were made by hand."""
    await world.connects()
    await _refreshed(world)
    store = world.store
    await store.rules.save(
        SupplierRule("kestrel taxis", EntryId("a-Travel"), EntryId("a-Standard"), "Kestrel Taxis")
    )
    await store.settings.change(lambda now: replace(now, default_tax_costs=EntryId("a-Zero")))
    manual = {Field.CATEGORY: "a-Office Supplies", Field.SUPPLIER: "a-Northwind Paper Ltd"}
    await store.items.add(
        [
            an_item(id=ItemId("one"), external_id="1", manual=manual, category=""),
            an_item(id=ItemId("two"), external_id="2", manual={Field.CATEGORY: "a-Travel"}, category=""),
        ]
    )


async def _moves(world: World, to: object, from_name: str) -> None:
    """Reconnects to another organisation and reads its lists."""
    await world.signs_in("next", reconnecting=True)
    await world.finishes(to.id, typed_name=from_name)  # type: ignore[attr-defined]
    await _refreshed(world)


async def _choices(world: World) -> dict[str, str]:
    """What every choice points to."""
    store = world.store
    rule = await store.rules.of("kestrel taxis")
    assert rule is not None
    items = {item.id: item for item in await store.items.many([ItemId("one"), ItemId("two")])}
    return {
        "rule category": str(rule.category),
        "rule tax": str(rule.tax),
        "default tax": str((await store.settings.read()).default_tax_costs),
        "one category": items[ItemId("one")].manual[Field.CATEGORY].value,
        "one supplier": items[ItemId("one")].manual[Field.SUPPLIER].value,
        "two category": items[ItemId("two")].manual[Field.CATEGORY].value,
    }


IN_A = {
    "rule category": "a-Travel",
    "rule tax": "a-Standard",
    "default tax": "a-Zero",
    "one category": "a-Office Supplies",
    "one supplier": "a-Northwind Paper Ltd",
    "two category": "a-Travel",
}
BY_ITSELF = {
    "default tax": "b-Zero",
    "one category": "b-Office Supplies",
    "one supplier": "b-Northwind Paper Ltd",
}


async def test_what_is_the_same_is_mapped_by_itself_and_the_rest_waits_to_be_picked(world: World) -> None:
    """S37: exact names and codes; a tax of the same name at another rate is another tax."""
    await _connected(world)
    assert await _choices(world) == IN_A
    await _moves(world, OTHER, HELD_OUT.name)
    assert await _choices(world) == IN_A | BY_ITSELF
    assert world.jobs.named("lists_mapped") == [(str(OF),)]
    mapping = await _mapping(world).told(OF)
    assert mapping is not None
    assert {line.old.name: line.how for line in mapping.lines} == {
        "Zero": Matched.EXACT,
        "Office Supplies": Matched.EXACT,
        "Northwind Paper Ltd": Matched.EXACT,
        "Travel": Matched.OPEN,
        "Standard": Matched.OPEN,
    }
    assert mapping.kinds_left() == [CATEGORIES, TAXES]
    assert await _mapping(world).told(OF) is None


async def test_what_is_not_mapped_needs_attention_with_the_reason_and_its_old_name(world: World) -> None:
    """S37 S41: never blank, never another organisation's number."""
    await _connected(world)
    await _moves(world, OTHER, HELD_OUT.name)
    view = await ItemService(world.storage, world.clock).view(OF, ItemId("two"))
    assert view.status is ItemStatus.NEEDS_ATTENTION
    assert view.coding.text(Field.CATEGORY) == "Travel"
    assert "category “Travel” is no longer active in Zoho Books" in [
        problem.says for problem in view.coding.problems
    ]
    assert "Travel" not in {entry.name for entry in await world.store.lists.active(CATEGORIES)}


async def test_the_rest_is_picked_one_list_after_another_each_skippable(world: World) -> None:
    """S37."""
    await _connected(world)
    await _moves(world, OTHER, HELD_OUT.name)
    service = _mapping(world)
    with pytest.raises(FieldErrors) as refused:
        await service.pick(OF, BEN, CATEGORIES, {EntryId("a-Travel"): "nothing"})
    assert refused.value.fields == {"a-Travel": "This is no longer on the list. Choose another one."}
    mapping = await service.pick(OF, BEN, CATEGORIES, {EntryId("a-Travel"): "b-Reisen"})
    assert mapping.kinds_left(after=CATEGORIES) == [TAXES]
    mapping = await service.pick(OF, BEN, TAXES, {EntryId("a-Standard"): ""})
    assert [(line.old.name, line.how) for line in mapping.left()] == [("Standard", Matched.SKIPPED)]
    assert await _choices(world) == IN_A | BY_ITSELF | {
        "rule category": "b-Reisen", "two category": "b-Reisen"
    }  # fmt: skip
    said = {entry.what: entry for entry in await world.store.log.latest(50)}
    picked = said["lists.mapped.picked"]
    assert (picked.before, picked.after, picked.who) == ("Travel (Held Out Ltd)", "Reisen", BEN)
    assert said["lists.mapped.exact"].before.endswith("(Held Out Ltd)")
    assert said["lists.mapped.skipped"].after == "left as it is"
    await service.pick(OF, BEN, TAXES, {EntryId("a-Standard"): "b-Standard"})
    assert (await service.pending(OF)).left() == []


async def test_going_back_to_the_former_organisation_restores_every_choice(world: World) -> None:
    """S37: the old map is kept; what was picked, mapped by itself or skipped is as it was."""
    await _connected(world)
    await _moves(world, OTHER, HELD_OUT.name)
    service = _mapping(world)
    await service.told(OF)
    # Two that were different there become one here, and come back as two.
    await service.pick(OF, ADA, CATEGORIES, {EntryId("a-Travel"): "b-Office Supplies"})
    made_here = SupplierRule("old mill", EntryId("b-Office Supplies"), EntryId("b-Standard"), "Old Mill")
    await world.store.rules.save(made_here)
    await _moves(world, HELD_OUT, OTHER.name)
    assert await _choices(world) == IN_A
    mapping = await service.told(OF)
    assert mapping is not None
    assert {line.how for line in mapping.lines} <= {Matched.RESTORED, Matched.OPEN}
    rule = await world.store.rules.of("old mill")
    assert rule is not None
    assert rule.category in ("a-Office Supplies", "a-Travel")
    view = await ItemService(world.storage, world.clock).view(OF, ItemId("two"))
    assert view.coding.text(Field.CATEGORY) == "Travel"
    await _moves(world, OTHER, HELD_OUT.name)
    assert (await _choices(world))["two category"] == "b-Office Supplies"


async def test_remembered_names_are_carried_over_and_restored(world: World) -> None:
    """S37 C8: mapped by itself or picked; one whose supplier has no counterpart counts again after going
    back."""
    books = world.books.entries_of
    books[HELD_OUT.id][SUPPLIERS].append(an_entry("Old Mill", id=EntryId("a-Old Mill")))
    books[OTHER.id][SUPPLIERS] = [
        an_entry(name, id=EntryId(f"b-{name}")) for name in ("Northwind Paper Ltd", "Mühle")
    ]
    await _connected(world)
    for written, name in (("NWP", "Northwind Paper Ltd"), ("Mill", "Old Mill"), ("KT", "Kestrel Taxis")):
        await world.store.aliases.save(Alias(written, EntryId(f"a-{name}"), name, BEN, world.clock.now))
    before = await world.store.aliases.all()
    await _moves(world, OTHER, HELD_OUT.name)
    service = _mapping(world)
    assert {line.old.name for line in (await service.pending(OF)).left(SUPPLIERS)} == {
        "Old Mill", "Kestrel Taxis"
    }  # fmt: skip
    picks = {EntryId("a-Old Mill"): "b-Mühle", EntryId("a-Kestrel Taxis"): ""}
    await service.pick(OF, ADA, SUPPLIERS, picks)
    aliases = (await world.store.aliases.all()).values()
    assert {(one.written, one.entry, one.name) for one in aliases} == {
        ("NWP", "b-Northwind Paper Ltd", "Northwind Paper Ltd"),
        ("Mill", "b-Mühle", "Mühle"),
        ("KT", "a-Kestrel Taxis", "Kestrel Taxis"),
    }
    await world.store.items.add([an_item(id=ItemId("three"), external_id="3", supplier="Mill")])
    view = await ItemService(world.storage, world.clock).view(OF, ItemId("three"))
    assert view.coding.entry(Field.SUPPLIER) == an_entry("Mühle", id=EntryId("b-Mühle"))
    await _moves(world, HELD_OUT, OTHER.name)
    assert await world.store.aliases.all() == before


async def test_a_choice_that_was_changed_meanwhile_is_not_overwritten(world: World) -> None:
    """S37 S24: what a person set last stands."""
    await _connected(world)
    await _moves(world, OTHER, HELD_OUT.name)
    service = ItemService(world.storage, world.clock)
    await service.edit(OF, ItemId("two"), BEN, {Field.CATEGORY: "b-Office Supplies"})
    await _mapping(world).pick(OF, ADA, CATEGORIES, {EntryId("a-Travel"): "b-Reisen"})
    choices = await _choices(world)
    assert (choices["two category"], choices["rule category"]) == ("b-Office Supplies", "b-Reisen")


async def test_what_is_being_published_stays_as_it_is_sent(world: World) -> None:
    """S37 C3."""
    await _connected(world)
    await world.store.items.change(ItemId("one"), lambda item: replace(item, stage=ItemStage.PUBLISHING))
    await _moves(world, OTHER, HELD_OUT.name)
    assert (await _choices(world))["one category"] == "a-Office Supplies"


async def test_without_another_organisation_there_is_nothing_to_map(world: World) -> None:
    """S37: the same organisation again maps nothing."""
    await _connected(world)
    await world.signs_in("two", reconnecting=True)
    await world.finishes(HELD_OUT.id)
    await _refreshed(world)
    assert world.jobs.named("lists_mapped") == []
    with pytest.raises(NotFound, match="nothing left to map"):
        await _mapping(world).pending(OF)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_wherever_finish_dies_the_names_of_the_former_lists_are_kept(
    world: World, monkeypatch: pytest.MonkeyPatch, after: bool
) -> None:
    """S37 S38: Finish again does the rest, and everything is carried over all the same."""
    cut = Cut()
    for module in (connections, refreshes):
        monkeypatch.setattr(module, "FINISH_LOCK_SECONDS", 0.2)
    monkeypatch.setattr(Redis, "execute_command", cut.around(Redis.execute_command))
    monkeypatch.setattr(Pipeline, "execute", cut.around(Pipeline.execute))
    await _connected(world)
    to, back, at, died = OTHER, HELD_OUT, 0, True
    while died:
        at += 1
        await world.signs_in(f"code{at}", reconnecting=True)
        cut.arm(at, after=after)
        try:
            await world.finishes(to.id, typed_name=back.name)
        except Died:
            cut.disarm()
            if await world.store.sign_ins.of(ADA) is not None:
                await world.finishes(to.id, typed_name=back.name)
        died = cut.steps >= at
        cut.disarm()
        running = await world.service.refreshes.begin(OF, ADA)
        assert running.refresh
        await _refreshed(world)
        expected = IN_A | BY_ITSELF if to is OTHER else IN_A
        assert await _choices(world) == expected, at
        await _mapping(world).told(OF)
        to, back = back, to
    assert at > 20, "the cut must have been everywhere"


async def test_what_a_payment_method_stands_for_is_carried_over_and_back(world: World) -> None:
    """S37 C21: as rules and settings are; without a counterpart its items need attention."""
    account = ListKind.BANK_ACCOUNTS
    world.books.lists = (*world.books.lists, account)
    for owner, organisation in (("a", HELD_OUT), ("b", OTHER)):
        names = ("Business Card", "Till" if owner == "a" else "Petty Cash")
        entries = [an_entry(name, id=EntryId(f"{owner}-{name}")) for name in names]
        world.books.entries_of[organisation.id][account] = entries
    await _connected(world)
    methods = PaymentMethodService(world.storage, world.clock)
    for number, (written, entry) in enumerate((("Visa *4242", "a-Business Card"), ("Cash", "a-Till"))):
        item = ItemId(f"paid{number}")
        await world.store.items.add(
            [an_item(id=item, external_id=f"p{number}", paid=True, payment_account=written)]
        )
        await methods.choose(OF, ADA, await methods.written_on(OF, item), entry)
    await _moves(world, OTHER, HELD_OUT.name)
    by_name = {view.written: view for view in await methods.all(OF)}
    visa, cash = by_name["Visa *4242"], by_name["Cash"]
    assert visa.account is not None
    assert (visa.account.id, visa.is_gone, cash.is_gone) == ("b-Business Card", False, True)
    view = await ItemService(world.storage, world.clock).view(OF, ItemId("paid1"))
    assert "payment account “Till” is no longer active in Zoho Books" in [
        problem.says for problem in view.coding.problems
    ]
    await _mapping(world).pick(OF, ADA, account, {EntryId("a-Till"): "b-Petty Cash"})
    await _moves(world, HELD_OUT, OTHER.name)
    back = {view.written: view.account.id for view in await methods.all(OF) if view.account}
    assert back == {"Visa *4242": "a-Business Card", "Cash": "a-Till"}
