"""Refreshing from Slack's side: which list, the report, its buttons, quiet mode, mapping."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.domain.identity import BOT, Business, EntryId, ItemId, MessageRef, PersonId
from bot.domain.items import ItemStatus
from bot.domain.lists import Change, EntryChange, ListChange, ListKind, Refresh, RefreshState, Touch
from bot.domain.mapping import ListMapping, MapLine, Matched
from bot.domain.settings import BusinessSettings
from bot.errors import FieldErrors, NotFound
from bot.services.reading import Show
from bot.services.refresh import Report
from handlers.commands import FEATURES
from handlers.jobs import held as held_jobs
from handlers.jobs import refresh as refresh_jobs
from tests.builders import ADA, NOON, an_entry, an_item
from tests.integration.handlers.jobscene import HOME, FakeItems, FakeSettings, a_scene
from tests.integration.handlers.slackside import Bot, services
from tests.unit.slack import views

TRAVEL = an_entry("Travel", id=EntryId("a-1"))


@dataclass
class Connections:
    async def current(self, _: Business) -> Any:
        return views.a_connection()

    def software(self, _: str) -> Any:
        return type("Software", (), {"lists": tuple(ListKind), "name": "Zoho Books"})


@dataclass
class Refreshes:
    """`RefreshService` with one report."""

    begun: list[ListKind | None] = field(default_factory=list)
    touches: list[Touch] = field(default_factory=list)

    async def begin(self, _: Business, __: PersonId, only: ListKind | None) -> Any:
        self.begun.append(only)
        return type("Begun", (), {"refresh": Refresh("r1", ADA, NOON, only=only), "started": False})

    async def report(self, _: Business, refresh: str, offset: int, limit: int) -> Report:
        change = EntryChange(ListKind.TAXES, Change.ADDED, EntryId("t"), "VAT")
        lines = [(replace(change, name=f"VAT {n}"), None) for n in range(45)]
        return Report(refresh, lines[offset : offset + limit], 45, offset)

    async def touch(self, _: Business, refresh: str, line: int) -> Touch:
        for touch in self.touches:
            if (refresh, line) == ("r1", touch.line):
                return touch
        raise NotFound("This report is no longer kept.")


def a_bot(**fakes: Any) -> Bot:
    return Bot(FEATURES, services(**{"connection": Connections()} | fakes))


@pytest.mark.parametrize(
    ("word", "chosen"),
    [
        ("", "All lists"),
        ("all", "All lists"),
        ("suppliers", "Suppliers"),
        ("SUPLIERS", "Suppliers"),
        ("vendors", "Suppliers"),
        ("accounts", "Categories"),
        ("bank accounts", "Bank accounts"),
        ("tax", "Taxes"),
        ("lock dates", "Transaction locks"),
    ],
)
async def test_a_word_or_the_nearest_one_names_the_list(word: str, chosen: str) -> None:
    """S45: picked in the question, so that a wrong guess is seen before anything happens."""
    bot = a_bot(refresh=Refreshes())
    await bot.runs(f"refresh {word}".strip())
    (opened,) = bot.slack.told
    pick = next(block for block in opened.what["blocks"] if block.get("block_id") == "lists")
    assert pick["element"]["initial_option"]["text"]["text"] == chosen


async def test_a_word_that_is_near_to_no_list_is_refused_with_all_of_them() -> None:
    """S45 C33."""
    bot = a_bot(refresh=Refreshes())
    await bot.runs("refresh <weather>")
    (told,) = bot.slack.told
    assert told.how == "whisper"
    assert "There is no list “&lt;weather&gt;”. There are bank accounts, categories, " in told.what["text"]


@pytest.mark.parametrize(("picked", "only"), [("all", None), ("suppliers", ListKind.SUPPLIERS)])
async def test_the_picked_list_is_refreshed(picked: str, only: ListKind | None) -> None:
    """S45."""
    refreshes = Refreshes()
    bot = a_bot(refresh=refreshes)
    chosen = {"type": "static_select", "selected_option": {"value": picked}}
    await bot.submits("refresh.confirm", state={"values": {"lists": {"value": chosen}}})
    assert refreshes.begun == [only]


async def test_the_whole_report_is_turned_page_by_page() -> None:
    """S40: full report on demand."""
    bot = a_bot(refresh=Refreshes())
    await bot.clicks("refresh.report", "r1")
    (opened,) = bot.slack.told
    assert "45 changes of this refresh" in opened.text
    assert "VAT 19" in opened.text
    assert "VAT 20" not in opened.text
    assert "refresh.report_turn.on" in opened.text


async def test_the_items_of_a_change_are_shown_and_a_lost_report_is_said() -> None:
    """S40 S41: Show items."""
    change = EntryChange(ListKind.CATEGORIES, Change.GONE, EntryId("c"), "Travel", TRAVEL)
    touch = Touch(3, change, (ItemId("item1"), ItemId("item2")), 60)
    items = FakeItems({one: an_item(id=ItemId(one)) for one in ("item1", "item2")})
    bot = a_bot(refresh=Refreshes(touches=[touch]), items=items)
    await bot.clicks("refresh.items", '{"refresh":"r1","line":3}')
    (opened,) = bot.slack.told
    assert "*Travel* (categories) is gone from Zoho Books; 60 items use it." in opened.text
    assert opened.text.count("item.edit") == 2
    assert "58 items more" in opened.text
    for value in ('{"refresh":"r1","line":9}', "nonsense", "{}", '{"refresh":"r1","line":"x"}'):
        await bot.clicks("refresh.items", value)
        assert "no longer kept" in bot.slack.told[-1].text


# --- the status message


@dataclass
class Shown:
    """`RefreshService` whose run shows what it is given."""

    snapshots: list[Refresh]

    async def run(self, _: Business, __: str, show: Show) -> None:
        for snapshot in self.snapshots:
            await show(snapshot)

    async def latest(self, _: Business) -> Refresh:
        return self.snapshots[0]

    async def remember_message(self, _: Business, __: str, message: MessageRef) -> Refresh:
        return replace(self.snapshots[0], message=message)


class Quiet(FakeSettings):
    async def read(self, _: Business) -> BusinessSettings:
        return BusinessSettings(channel=HOME, quiet=True)


BEGUN = Refresh("r1", BOT, NOON, reading=ListKind.TAXES)
UNCHANGED = replace(BEGUN, state=RefreshState.COMPLETE, changes=(ListChange(ListKind.TAXES, 4),))
CHANGED = replace(UNCHANGED, changes=(ListChange(ListKind.TAXES, 4, added=1, added_names=("VAT",)),))
FAILED = replace(BEGUN, state=RefreshState.FAILED, fault="Zoho Books does not answer.", failures=1)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refresh_jobs, "PACE_SECONDS", 0)
    monkeypatch.setattr(refresh_jobs, "BANNER_SECONDS", 0)
    monkeypatch.setattr(held_jobs, "PACE_SECONDS", 0)


@pytest.mark.parametrize(
    ("end", "is_told"),
    [(UNCHANGED, False), (CHANGED, True), (FAILED, True), (replace(FAILED, failures=2), False)],
)
async def test_in_quiet_mode_the_clock_announces_only_changes_and_first_failures(
    end: Refresh, is_told: bool
) -> None:
    """S47: one message, at the end."""
    scene = a_scene(refresh=Shown([BEGUN, end]), settings=Quiet())
    await scene.runs("refresh", "r1")
    assert [one.how for one in scene.slack.told] == (["post", "update"] if is_told else [])


async def test_in_quiet_mode_who_asked_still_sees_everything() -> None:
    """S46."""
    begun = replace(BEGUN, asked_by=ADA, message=MessageRef(HOME, "1.0"))
    scene = a_scene(refresh=Shown([begun, replace(UNCHANGED, asked_by=ADA)]), settings=Quiet())
    await scene.runs("refresh", "r1")
    assert "Refresh complete" in scene.slack.told[-1].text


async def test_a_wait_is_shown_with_what_for_and_until_when() -> None:
    """S47: also when the last edit was just now."""
    waits = replace(BEGUN, asked_by=ADA, waits_for="Zoho Books had too many calls.", waits_until=NOON)
    scene = a_scene(refresh=Shown([replace(BEGUN, asked_by=ADA), waits, UNCHANGED]))
    await scene.runs("refresh", "r1")
    said = "⏸ Zoho Books had too many calls. It goes on at <!date^"
    assert any(said in one.text for one in scene.slack.told)


async def test_cards_of_items_that_need_attention_now_say_so() -> None:
    """S41: without anybody pressing a button."""
    change = EntryChange(ListKind.CATEGORIES, Change.GONE, EntryId("c"), "Travel", TRAVEL)
    carded = an_item(id=ItemId("item1"), card=MessageRef(HOME, "5.0"), category="Gone")
    done = replace(CHANGED, touches=(Touch(0, change, (ItemId("item1"),), 1),))
    scene = a_scene(refresh=Shown([BEGUN, done]), items=FakeItems({"item1": carded}))
    await scene.runs("refresh", "r1")
    assert "unknown category" in scene.slack.told[-1].text
    assert scene.slack.told[-1].how == "update"


# --- another organisation


def a_mapping(*lines: MapLine) -> ListMapping:
    return ListMapping("60001", "Held Out Ltd", "60002", "Held Out GmbH", ADA, lines, is_settled=True)


OPEN = MapLine(ListKind.CATEGORIES, TRAVEL, ("rule:x:category", "item:1:category"))
DONE = MapLine(
    ListKind.TAXES, an_entry("Zero"), ("setting:default_tax_costs",), Matched.EXACT, EntryId("z"), "Zero Rate"
)


def picking(old: str, kind: str) -> dict[str, Any]:
    """The form as Slack sends it back, with a choice for one entry."""
    chosen = {"type": "external_select", "selected_option": {"value": "b-1"}}
    return {
        "state": {"values": {f"map:{old}": {"value": chosen}}},
        "blocks": [{"type": "input", "block_id": f"map:{old}"}],
        "private_metadata": json.dumps({"channel": "C1", "kind": kind}),
    }


@dataclass
class Mappings:
    mapping: ListMapping | None
    picked: list[tuple[ListKind, dict[str, str]]] = field(default_factory=list)
    fault: Exception | None = None

    async def told(self, _: Business) -> ListMapping | None:
        return self.mapping

    async def pending(self, _: Business) -> ListMapping:
        if self.mapping is None:
            raise NotFound("There is nothing left to map.")
        return self.mapping

    async def pick(self, _: Business, __: PersonId, kind: ListKind, picks: dict[str, str]) -> ListMapping:
        if self.fault:
            raise self.fault
        self.picked.append((kind, dict(picks)))
        assert self.mapping
        lines = tuple(
            replace(line, how=Matched.PICKED if picks[line.old.id] else Matched.SKIPPED)
            if line.kind is kind and line.old.id in picks
            else line
            for line in self.mapping.lines
        )
        self.mapping = replace(self.mapping, lines=lines)
        return self.mapping


async def test_what_was_carried_over_is_told_with_the_way_to_the_rest() -> None:
    """S37: shown, and logged."""
    scene = a_scene(mapping=Mappings(a_mapping(OPEN, DONE)))
    await scene.runs("lists_mapped")
    (told,) = scene.slack.told
    assert "1 of 2 mapped by themselves" in told.text
    assert "tax Zero → Zero Rate" in told.text
    assert "mapping.open" in told.text
    scene = a_scene(mapping=Mappings(None))
    await scene.runs("lists_mapped")
    assert scene.slack.told == []


async def test_lists_are_mapped_one_after_another() -> None:
    """S37: each skippable; a list of more than a page comes in parts."""
    many = [replace(OPEN, old=an_entry(f"E{n}", id=EntryId(f"e{n}"))) for n in range(30)]
    supplier = MapLine(ListKind.SUPPLIERS, an_entry("Acme", id=EntryId("s-1")), ("item:1:supplier",))
    mappings = Mappings(a_mapping(*many, supplier))
    bot = a_bot(mapping=mappings)
    await bot.clicks("mapping.open", "map")
    (opened,) = bot.slack.told
    assert opened.text.count('"block_id": "map:') == 25
    for kind, first, asked in (("categories", "e0", 25), ("categories", "e25", 5), ("suppliers", "s-1", 1)):
        answer = await bot.submits("mapping.save", **picking(first, kind))
        of_kind, picks = mappings.picked[-1]
        assert (of_kind, len(picks), picks[first]) == (kind, asked, "b-1")
        assert set(picks.values()) <= {"b-1", ""}
    view = answer.json()["view"]
    assert view["title"]["text"] == "Map lists"
    assert "28 are left as before" in str(view)


async def test_a_choice_that_is_gone_is_told_at_its_field() -> None:
    """S37."""
    mappings = Mappings(a_mapping(OPEN), fault=FieldErrors({"a-1": "This is no longer on the list."}))
    bot = a_bot(mapping=mappings)
    answer = await bot.submits("mapping.save", **picking("a-1", "categories"))
    assert "no longer on the list" in answer.text


# --- what was held


@dataclass
class Held:
    ids: list[ItemId]

    async def release_held(self, _: Business) -> list[ItemId]:
        return self.ids


async def test_what_was_held_goes_on_and_its_results_are_told_once() -> None:
    """S29: “12 held items went on: 11 published, 1 failed”."""

    @dataclass
    class Items(FakeItems):
        looks: int = 0

        async def views(self, business: Business, ids: Any) -> Any:
            self.looks += 1
            found = await super().views(business, ids)
            status = ItemStatus.PUBLISHING if self.looks == 1 else ItemStatus.PUBLISHED
            first = replace(found[0], status=ItemStatus.FAILED)
            return [first, *(replace(view, status=status) for view in found[1:])]

    ids = [ItemId(f"i{n}") for n in range(12)]
    scene = a_scene(publish=Held(ids), items=Items({one: an_item(id=one) for one in ids}))
    await scene.runs("release_held")
    assert "12 held items went on: 11 published, 1 failed." in scene.slack.told[-1].text
    scene = a_scene(publish=Held([]), items=Items())
    await scene.runs("release_held")
    assert scene.slack.told == []
