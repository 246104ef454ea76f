"""Carrying choices over to another organisation's lists: which entry stands for which, and moving."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.finding import ListSlice
from bot.domain.identity import EntryId, ItemId
from bot.domain.items import AutoPublish, Field, Side
from bot.domain.lists import Entry, EntryUse, ListKind
from bot.domain.mapping import (
    ListMapping,
    MapLine,
    Matched,
    Moved,
    counterpart,
    former,
    moved_alias,
    moved_item,
    moved_rule,
    moved_settings,
    places,
)
from bot.domain.matching import Alias
from bot.domain.settings import BusinessSettings, SupplierRule
from tests.builders import ADA, NOON, an_entry, an_item

CATEGORIES, TAXES = ListKind.CATEGORIES, ListKind.TAXES
PEOPLE = (ListKind.SUPPLIERS, ListKind.CUSTOMERS)
OLD = Entry(EntryId("a"), "Travel", "493", use=EntryUse.COST, detail="expense")


def found(old: Entry, *new: Entry, kind: ListKind = CATEGORIES) -> str:
    entry = counterpart(kind, old, ListSlice([(kind, one) for one in new]))
    return entry.id if entry else ""


@pytest.mark.parametrize(
    ("changes", "is_same"),
    [
        ({}, True),
        ({"name": "TRAVEL "}, True),
        ({"code": "999"}, True),
        ({"name": "Journeys"}, True),
        ({"name": "Journeys", "detail": "income"}, False),
        ({"name": "Journeys", "code": "999"}, False),
        ({"active": False}, False),
        ({"use": EntryUse.SALE}, False),
        ({"name": "Travelling", "code": ""}, False),
    ],
)
def test_the_same_name_or_the_same_code_of_the_same_kind(changes: dict[str, object], is_same: bool) -> None:
    """S37: exact ones only; what is merely like it is for a person to pick."""
    new = replace(OLD, id=EntryId("b"), **changes)  # type: ignore[arg-type]
    assert found(OLD, new) == ("b" if is_same else "")


def test_a_tax_of_the_same_name_at_another_rate_is_another_tax() -> None:
    """S37: never match a tax on its name alone."""
    old = an_entry("Standard", percentage="20")
    assert found(old, replace(old, id=EntryId("b")), kind=TAXES) == "b"
    assert found(old, replace(old, id=EntryId("b"), percentage="19"), kind=TAXES) == ""


def test_two_that_fit_equally_are_for_a_person_to_pick() -> None:
    """S37."""
    assert found(OLD, replace(OLD, id=EntryId("b"), code=""), replace(OLD, id=EntryId("c"), code="")) == ""


IDS = st.sampled_from([EntryId(one) for one in ("a", "b", "c", "d")])
RULES = st.builds(SupplierRule, st.just("acme"), st.none() | IDS, st.none() | IDS, st.just("Acme"))
SETTINGS = st.builds(
    lambda costs, sales, exceptions: BusinessSettings(
        default_tax_costs=costs, default_tax_sales=sales, tax_exceptions=exceptions
    ),
    st.none() | IDS,
    st.none() | IDS,
    st.dictionaries(st.sampled_from(["cost:EUR", "sale:EUR", "cost:USD"]), IDS),
)
ITEMS = st.builds(
    lambda category, tax, supplier: replace(
        an_item(id=ItemId("i"), manual={Field.CATEGORY: category, Field.TAX: tax, Field.DESCRIPTION: "a"}),
        supplier_entry=supplier,
    ),
    IDS,
    IDS,
    st.none() | IDS,
)
PAIRS = st.permutations(["a", "b", "c", "d"]).map(lambda other: dict(zip("abcd", other, strict=True)))


@given(SETTINGS, RULES, ITEMS, PAIRS)
def test_what_is_moved_there_and_back_is_what_it_was(
    settings: BusinessSettings, rule: SupplierRule, item: object, pairs: dict[str, str]
) -> None:
    """S37: going back restores every choice; a description is no entry, whatever it says."""
    there = {
        place: Moved(was, EntryId(f"new-{pairs[was]}"))
        for place, _, was in places(settings, [rule], [item])  # type: ignore[list-item]
    }
    back = {place: Moved(move.became, move.was) for place, move in there.items()}
    moved = moved_settings(settings, there), moved_rule(rule, there), moved_item(item, there)  # type: ignore[arg-type]
    for place, _, entry in places(moved[0], [moved[1]], [moved[2]]):
        assert entry == there[place].became
    assert moved_settings(moved[0], back) == settings
    assert moved_rule(moved[1], back) == rule
    assert moved_item(moved[2], back) == item
    assert moved[2].manual[Field.DESCRIPTION].value == "a"


@pytest.mark.parametrize(("side", "kind"), [(Side.COST, ListKind.SUPPLIERS), (Side.SALE, ListKind.CUSTOMERS)])
def test_whom_an_item_was_given_to_is_of_the_list_of_its_side(side: Side, kind: ListKind) -> None:
    """S37 C8: a sale's customer is looked for among customers."""
    item = an_item(side=side, supplier_entry=EntryId("a"))
    assert [(kind, entry) for _, kind, entry in places(BusinessSettings(), [], [item])] == [(kind, "a")]


@pytest.mark.parametrize("is_turned", [False, True])
@pytest.mark.parametrize(
    ("caps", "kept"), [(("50", None), "50"), (("50", "200"), "50"), (("0", "50"), "0"), ((None, None), None)]
)
def test_of_two_accounts_that_become_one_the_lower_cap_stays(
    caps: tuple[str | None, str | None], kept: str | None, *, is_turned: bool
) -> None:
    """S37 S26: whichever was switched on first, nothing goes by itself that would not have gone before."""
    switches = [
        AutoPublish(ADA, NOON + dt.timedelta(days=day), Decimal(cap) if cap else None)
        for day, cap in enumerate(caps)
    ]
    names = [EntryId("a"), EntryId("b")]
    pairs = list(zip(names, switches, strict=True))
    settings = BusinessSettings(auto_accounts=dict(reversed(pairs) if is_turned else pairs))
    moves = {f"setting:auto_accounts:{name}": Moved(name, EntryId("new")) for name in names}
    latest = max((one for one in switches if str(one.cap) == str(kept)), key=lambda one: one.since)
    assert moved_settings(settings, moves).auto_accounts == {"new": latest}
    # Onto one that has its switch already.
    del moves["setting:auto_accounts:b"]
    moves["setting:auto_accounts:a"] = Moved(EntryId("a"), EntryId("b"))
    assert moved_settings(settings, moves).auto_accounts == {"b": latest}


NAMES = {EntryId(f"{owner}{one}"): f"Supplier {one}" for owner in ("", "new-") for one in "abcd"}
KNOWN = ListSlice((kind, Entry(one, name)) for kind in PEOPLE for one, name in NAMES.items())
ALIASES = st.lists(
    st.builds(
        lambda written, entry, kind: Alias(written, entry, NAMES[entry], ADA, NOON, kind),
        st.text("abcdefgh ", min_size=1, max_size=6),
        IDS,
        st.sampled_from(PEOPLE),
    ),
    unique_by=lambda alias: alias.key,
).map(lambda aliases: [alias for alias in aliases if alias.key])


@given(ALIASES, PAIRS, st.sets(IDS))
def test_remembered_names_go_there_and_back_with_their_suppliers(
    aliases: list[Alias], pairs: dict[str, str], mapped: set[EntryId]
) -> None:
    """S37 C8: what has a counterpart stands for it, what has none stays; back, all are as they were."""
    there = {
        place: Moved(was, EntryId(f"new-{pairs[was]}"))
        for place, _, was in places(BusinessSettings(), [], [], aliases)
        if was in mapped
    }
    back = {place: Moved(move.became, move.was) for place, move in there.items()}
    moved = [moved_alias(alias, there, KNOWN) for alias in aliases]
    for alias, now in zip(aliases, moved, strict=True):
        expected = EntryId(f"new-{pairs[alias.entry]}") if alias.entry in mapped else alias.entry
        assert (now.entry, now.name, now.key) == (expected, NAMES[expected], alias.key)
    assert [moved_alias(alias, back, KNOWN) for alias in moved] == aliases


@given(ALIASES)
def test_a_name_that_stands_for_something_else_by_now_is_left_alone(aliases: list[Alias]) -> None:
    """S37 C8"""
    moves = {f"alias:{alias.key}": Moved(EntryId("elsewhere"), EntryId("b")) for alias in aliases}
    assert all(moved_alias(alias, moves, KNOWN) is alias for alias in aliases)


@given(SETTINGS, RULES, ITEMS)
def test_a_choice_that_holds_something_else_now_is_left_alone(
    settings: BusinessSettings, rule: SupplierRule, item: object
) -> None:
    """S24 S37."""
    moves = {
        place: Moved(EntryId("elsewhere"), EntryId("b"))
        for place, _, _ in places(settings, [rule], [item])  # type: ignore[list-item]
    }
    assert moved_settings(settings, moves) is settings
    assert moved_rule(rule, moves) is rule
    assert moved_item(item, moves) is item  # type: ignore[arg-type]


def _line(name: str, kind: ListKind, how: Matched) -> MapLine:
    return MapLine(kind, an_entry(name), ("setting:x",), how)


def test_lists_are_asked_for_in_order_and_skipped_ones_again_only_when_nothing_else_is_left() -> None:
    """S37."""
    lines = (
        _line("s", ListKind.SUPPLIERS, Matched.OPEN),
        _line("skipped", CATEGORIES, Matched.SKIPPED),
        _line("open", CATEGORIES, Matched.OPEN),
        _line("done", TAXES, Matched.EXACT),
    )
    mapping = ListMapping("1", "A", "2", "B", ADA, lines)
    assert mapping.kinds_left() == [CATEGORIES, ListKind.SUPPLIERS]
    assert mapping.kinds_left(after=CATEGORIES) == [ListKind.SUPPLIERS]
    assert [line.old.name for line in mapping.asked(CATEGORIES, 9)] == ["open"]
    without = replace(mapping, lines=lines[:2])
    assert [line.old.name for line in without.asked(CATEGORIES, 9)] == ["skipped"]


def test_entries_that_are_still_pointed_to_stay_known_as_inactive_ones() -> None:
    """S37 S41: never blank; only in the organisation they were carried to."""
    mapping = ListMapping("1", "A", "2", "B", ADA, (_line("open", CATEGORIES, Matched.OPEN),))
    assert [(one.name, one.active) for one in former(mapping, "2", CATEGORIES)] == [("open", False)]
    assert former(mapping, "2", TAXES) == []
    assert former(mapping, "3", CATEGORIES) == former(None, "2", CATEGORIES) == []
