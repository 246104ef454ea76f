"""What a refresh changed: every line of it, what each touches, one list alone, changes only."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.identity import BOT, EntryId, ItemId
from bot.domain.items import Field
from bot.domain.lists import Change, Entry, ListKind, RefreshState, Touch
from bot.domain.payment_methods import PaymentMethod
from bot.domain.schedule import OVERLAP
from bot.domain.settings import BusinessSettings, SupplierRule
from bot.errors import NotFound, Refused
from bot.services.items import ItemService
from storage.store import RedisStorage
from tests.builders import ADA, an_entry, an_item
from tests.fakes import FakeBooks, FakeJobs
from tests.integration.services.refreshing import KINDS, OF, World, entries
from tests.redis_fixtures import Clock

CATEGORIES, TAXES, SUPPLIERS = ListKind.CATEGORIES, ListKind.TAXES, ListKind.SUPPLIERS


@pytest.fixture
async def world(storage: RedisStorage, clock: Clock) -> World:
    world = World(storage, FakeBooks(), FakeJobs(), clock)
    await world.connected()
    return world


async def _lines(world: World, refresh_id: str) -> list[tuple[Change, str]]:
    report = await world.refresh.report(OF, refresh_id, 0, 1000)
    assert report.total == len(report.lines)
    return [(change.what, change.name) for change, _ in report.lines]


async def test_every_change_is_a_line_of_the_report(world: World) -> None:
    """S40: added, renamed, vanished, inactive, active again; the first refresh changes nothing."""
    world.books.entries[TAXES] = [an_entry(name) for name in ("kept", "old", "goes", "sleeps", "rises")]
    world.books.entries[TAXES][4] = replace(world.books.entries[TAXES][4], active=False)
    assert (await world.run()).report_lines == 0
    known = {entry.name: entry for entry in world.books.entries[TAXES]}
    world.books.entries[TAXES] = [
        known["kept"],
        replace(known["old"], name="new name"),
        replace(known["sleeps"], active=False),
        replace(known["rises"], active=True),
        an_entry("comes"),
    ]
    last = await world.run()
    assert set(await _lines(world, last.id)) == {
        (Change.RENAMED, "new name"),
        (Change.INACTIVE, "sleeps"),
        (Change.ACTIVE, "rises"),
        (Change.ADDED, "comes"),
        (Change.GONE, "goes"),
    }
    (taxes,) = [change for change in last.changes if change.kind is TAXES]
    assert (taxes.added_names, taxes.active_again, taxes.total) == (("comes",), ("rises",), 4)
    again = await world.run()
    assert (again.report_lines, await _lines(world, again.id)) == (0, [])
    assert not again.is_news


async def test_a_report_is_read_page_by_page(world: World) -> None:
    """S40: however long it is."""
    await world.run()
    world.books.entries[SUPPLIERS] += [an_entry(f"S{number:03}") for number in range(45)]
    last = await world.run()
    pages = [await world.refresh.report(OF, last.id, offset, 20) for offset in (0, 20, 40, 60)]
    assert [len(page.lines) for page in pages] == [20, 20, 5, 0]
    assert {page.total for page in pages} == {45}
    names = [change.name for page in pages for change, _ in page.lines]
    assert names == [f"S{number:03}" for number in range(45)]
    assert (await world.refresh.report(OF, "unknown", 0, 20)).total == 0


def _touch(touches: tuple[Touch, ...], name: str) -> Touch:
    (found,) = [touch for touch in touches if touch.change.name == name]
    return found


async def test_each_change_says_which_items_rules_and_settings_use_it(world: World) -> None:
    """S40 S41: and the items need attention, with the reason, not blank."""
    world.books.entries[CATEGORIES] = [
        an_entry("Office Supplies", id=EntryId("c1"), code="429"),
        an_entry("Travel", id=EntryId("c2")),
        an_entry("Unused", id=EntryId("c3")),
    ]
    world.books.entries[TAXES] = [an_entry("Standard", id=EntryId("t1"), percentage="20")]
    world.books.entries[SUPPLIERS] = [an_entry("Northwind Paper Ltd", id=EntryId("s1"))]
    await world.run()
    store = world.storage.of(OF)
    await store.settings.change(
        lambda now: replace(now, default_tax_costs=EntryId("t1"), tax_exceptions={"sale:EUR": EntryId("t1")})
    )
    await store.rules.save(SupplierRule("kestrel taxis", EntryId("c1"), None, "Kestrel Taxis"))
    await store.items.add(
        [
            an_item(id=ItemId("a"), external_id="a"),
            an_item(id=ItemId("b"), external_id="b", manual={Field.CATEGORY: "c1"}, category=""),
            an_item(id=ItemId("c"), external_id="c", category="Travel", tax="Standard"),
        ]
    )
    world.books.entries[CATEGORIES] = [an_entry("Travelling", id=EntryId("c2"))]
    world.books.entries[TAXES] = [replace(world.books.entries[TAXES][0], active=False)]
    last = await world.run()
    gone = _touch(last.touches, "Office Supplies")
    assert (set(gone.items), gone.item_count, gone.rules) == ({"a", "b"}, 2, ("kestrel taxis",))
    assert gone.is_broken
    renamed = _touch(last.touches, "Travelling")
    assert (renamed.items, renamed.is_broken) == (("c",), True)
    tax = _touch(last.touches, "Standard")
    assert tax.settings == ("Default tax for costs", "Default tax for sales in EUR")
    assert set(tax.items) == {"a", "b", "c"}
    assert not [touch for touch in last.touches if touch.change.name == "Unused"]
    assert last.items_touched == 3
    kept = await world.refresh.touch(OF, last.id, gone.line)
    assert kept == gone
    with pytest.raises(NotFound, match="no longer kept"):
        await world.refresh.touch(OF, last.id, 999)
    view = await ItemService(world.storage, world.clock).view(OF, ItemId("b"))
    assert [problem.says for problem in view.coding.problems if problem.field is Field.CATEGORY] == [
        "category “429 - Office Supplies” is no longer active in Zoho Books"
    ]


async def test_an_account_that_is_gone_names_the_payment_methods_that_stand_for_it(world: World) -> None:
    """S41 C21: with the items that were paid with one."""
    accounts = ListKind.BANK_ACCOUNTS
    world.books.lists = (*KINDS, accounts)
    world.books.entries[accounts] = [an_entry("Card", id=EntryId("b1")), an_entry("Till", id=EntryId("b2"))]
    await world.run()
    store = world.storage.of(OF)
    method = PaymentMethod("Visa *4242", EntryId("b1"), "Card", ADA, world.clock())
    await store.settings.change(lambda now: replace(now, payment_methods={"visa 4242": method}))
    await store.items.add([an_item(paid=True, payment_account="Visa *4242")])
    del world.books.entries[accounts][0]
    last = await world.run()
    touch = _touch(last.touches, "Card")
    assert (touch.methods, touch.settings, touch.item_count, touch.is_broken) == (("visa 4242",), (), 1, True)


async def test_an_entry_that_only_bears_a_new_name_breaks_nothing_that_points_to_it(world: World) -> None:
    """S40: chosen by hand, it is the same entry still."""
    await world.run()
    one = world.books.entries[CATEGORIES][0]
    await world.storage.of(OF).items.add([an_item(manual={Field.CATEGORY: one.id}, category="")])
    world.books.entries[CATEGORIES][0] = replace(one, name="First")
    last = await world.run()
    touch = _touch(last.touches, "First")
    assert (touch.item_count, touch.is_broken, last.items_touched) == (1, False, 0)


async def test_one_list_alone_is_read_and_switched(world: World) -> None:
    """S45: per-list refresh; the others and the next due time stay as they were."""
    await world.run()
    store = world.storage.of(OF)
    due, state = await store.refreshes.due_at(), await store.lists.state()
    world.clock.forward(hours=1)
    world.books.asked.clear()
    world.books.entries = {kind: entries(kind, "three") for kind in KINDS}
    last = await world.run(only=SUPPLIERS)
    assert [change.kind for change in last.changes] == [SUPPLIERS]
    assert [kind for kind, _ in world.books.asked] == [SUPPLIERS]
    assert [entry.name for entry in await store.lists.active(SUPPLIERS)] == ["three"]
    assert [entry.name for entry in await store.lists.active(TAXES)] == ["one", "two"]
    after = await store.lists.state()
    assert (after.refreshed_at, after.read_at[TAXES]) == (state.refreshed_at, state.read_at[TAXES])
    assert after.read_at[SUPPLIERS] == world.clock()
    assert await store.refreshes.due_at() == due
    with pytest.raises(NotFound, match="has no locations"):
        await world.refresh.begin(OF, ADA, ListKind.LOCATIONS)


async def test_the_clock_asks_for_changes_and_a_person_gets_everything(world: World) -> None:
    """S47: incremental where the software can tell; whole once a week."""
    world.books.changes_since = frozenset({SUPPLIERS, CATEGORIES})
    store = world.storage.of(OF)

    async def since(by: str) -> dict[ListKind, object]:
        world.books.asked.clear()
        last = await world.run(by)  # type: ignore[arg-type]
        assert last.state is RefreshState.COMPLETE
        return dict(world.books.asked)

    assert set((await since(BOT)).values()) == {None}
    first = world.clock()
    world.clock.forward(hours=6)
    asked = await since(BOT)
    assert asked == {kind: first - OVERLAP if kind in (SUPPLIERS, CATEGORIES) else None for kind in KINDS}
    assert (await store.lists.state()).whole_at[SUPPLIERS] == first
    world.clock.forward(hours=6)
    assert set((await since(ADA)).values()) == {None}
    world.clock.forward(days=7)
    assert set((await since(BOT)).values()) == {None}


async def test_changes_are_laid_over_what_is_known(world: World) -> None:
    """S40: renamed, new and inactive; what is told again unchanged is no change."""
    world.books.changes_since = frozenset({SUPPLIERS})
    await world.run()
    one, two = world.books.entries[SUPPLIERS]
    store = world.storage.of(OF)
    before = await store.lists.everything(SUPPLIERS)
    world.books.changed = {SUPPLIERS: [one]}
    same = await world.run(BOT)
    assert (same.report_lines, await store.lists.everything(SUPPLIERS)) == (0, before)
    renamed = replace(one, name="Uno")
    new = Entry(EntryId("s3"), "three")
    world.books.changed = {SUPPLIERS: [renamed, new, replace(two, active=False)]}
    last = await world.run(BOT)
    assert set(await _lines(world, last.id)) == {
        (Change.RENAMED, "Uno"), (Change.ADDED, "three"), (Change.INACTIVE, "two")
    }  # fmt: skip
    lists = store.lists
    assert [entry.name for entry in await lists.active(SUPPLIERS)] == ["three", "Uno"]
    found = await lists.slice([(SUPPLIERS, name) for name in ("one", "uno", "two", "three")])
    assert found.find(SUPPLIERS, "one") is None
    assert found.find(SUPPLIERS, "uno") == renamed
    assert found.find(SUPPLIERS, "three") == new
    assert await lists.search(SUPPLIERS, "one") == []
    assert (await lists.state()).counts[SUPPLIERS] == 2


async def test_a_list_the_sign_in_may_not_read_is_said_and_the_rest_is_read(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """S41: what was known of it stays; only when nothing at all may be read has the refresh failed."""
    await world.run()
    barred = {TAXES}
    asked: list[ListKind] = []

    async def rights() -> None:
        kind, _ = world.books.asked[-1]
        asked.append(kind)
        if kind in barred:
            raise Refused("Our sign-in has no right to do this.", cause="rights")

    world.books.step = rights
    world.books.entries = {kind: entries(kind, "three") for kind in KINDS}
    last = await world.run()
    assert {change.kind: (change.available, change.why) for change in last.changes} == {
        kind: (kind is not TAXES, "rights" if kind is TAXES else "") for kind in KINDS
    }
    lists = world.storage.of(OF).lists
    assert [entry.name for entry in await lists.active(TAXES)] == ["one", "two"]
    assert [entry.name for entry in await lists.active(SUPPLIERS)] == ["three"]
    barred |= set(KINDS)
    failed = await world.run()
    assert failed.state is RefreshState.FAILED
    assert "no right" in failed.fault


async def test_payment_modes_that_were_seen_or_typed_once_stay(world: World) -> None:
    """C21: no path lists them, so none of them can be gone."""
    modes = ListKind.PAYMENT_MODES
    world.books.lists = (*KINDS, modes)
    world.books.entries[modes] = [an_entry("Cash"), an_entry("Direct Debit")]
    await world.run()
    lists = world.storage.of(OF).lists
    await lists.add(modes, an_entry("Cheque by post"))
    world.books.entries[modes] = [an_entry("Cash")]
    last = await world.run()
    assert last.report_lines == 0
    assert [entry.name for entry in await lists.active(modes)] == ["Cash", "Cheque by post", "Direct Debit"]


async def test_quiet_mode_hears_of_changes_and_of_the_first_failure_only(world: World) -> None:
    """S47: announce only changes and failures."""
    assert not (await world.run(BOT)).is_news
    world.books.entries[TAXES] = entries(TAXES, "one", "two", "three")
    assert (await world.run(BOT)).is_news
    world.books.step = _refuses
    news, waits = [], []
    for _ in range(4):
        failed = await world.run(BOT)
        assert failed.retry_at is not None
        news.append(failed.is_news)
        waits.append(failed.retry_at - world.clock())
    assert news == [True, False, False, False]
    assert waits == [timedelta(minutes=minutes) for minutes in (20, 40, 80, 160)]


async def _refuses() -> None:
    raise Refused("Zoho Books refused it.", cause="refused")


async def test_settings_outlive_what_a_refresh_changes(world: World) -> None:
    """S40: a default tax that vanished is still set, and is named."""
    await world.run()
    store = world.storage.of(OF)
    await store.settings.change(lambda _: BusinessSettings(default_tax_sales=EntryId("taxes-one")))
    world.books.entries[TAXES] = entries(TAXES, "two")
    last = await world.run()
    assert _touch(last.touches, "one").settings == ("Default tax for sales",)
    assert (await store.settings.read()).default_tax_sales == "taxes-one"
