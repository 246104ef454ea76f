"""What follows from it: which of two must be answered for, and what was answered."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from bot.domain.duplicates.comparing import Finding, Strength, compare
from bot.domain.duplicates.facts import NO_RULES, Facts, facts
from bot.domain.identity import ItemId, PersonId
from bot.domain.items import Item, ItemStage
from bot.domain.lists import Lists
from bot.domain.matching import Alias
from bot.domain.settings import SupplierRule

FEWEST_IN_A_ROW = 3
ONE_FILE = dt.timedelta(seconds=1)
"""Items of one file lie less than this apart; its first row counts as the newest."""
_CLAIMED = (ItemStage.PUBLISHING, ItemStage.WAITING, ItemStage.IN_CLAIM)
"""On their way already: of two alike, the other one asks."""


class Answer(StrEnum):
    """What a person said of two items."""

    SAME = "same"
    """The one that asked was rejected."""
    DIFFERENT = "different"
    REPLACED = "replaced"
    """The other one was rejected."""


@dataclass(frozen=True, slots=True)
class Verdict:
    answer: Answer
    by: PersonId
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Suspect:
    """Another item that may be the same document."""

    other: Item
    facts: Facts
    finding: Finding
    verdict: Verdict | None
    """What was answered and still stands."""
    asks: bool
    """Whether it keeps the item from being published until somebody answers."""


def suspects(
    item: Item,
    candidates: Sequence[tuple[Item, Verdict | None]],
    lists: Lists,
    aliases: Mapping[str, Alias],
    base_currency: str,
    rules: Mapping[str, SupplierRule] = NO_RULES,
) -> tuple[Suspect, ...]:
    """The items that may be the same document as this one: first what asks, the certain before the
    suspected, the published before the others."""
    own = facts(item, lists, aliases, base_currency, rules)
    found = []
    for other, verdict in candidates:
        theirs = facts(other, lists, aliases, base_currency, rules)
        finding = compare(own, theirs) if other.id != item.id else None
        if finding:
            standing = verdict if verdict and stands(verdict, item, other) else None
            found.append(Suspect(other, theirs, finding, standing, standing is None and asks(item, other)))
    if _is_a_series(own, found):
        found = [one for one in found if not one.finding.days_apart]
    return tuple(sorted(found, key=_rank))


def _is_a_series(own: Facts, found: Sequence[Suspect]) -> bool:
    """Three or more in a row, equally far apart: the same fare each day, no duplicates."""
    days = {one.facts.date.toordinal() for one in found if one.finding.days_apart and one.facts.date}
    in_order = sorted(days | {own.date.toordinal()}) if own.date else []
    gaps = {later - earlier for earlier, later in pairwise(in_order)}
    return len(in_order) >= FEWEST_IN_A_ROW and len(gaps) == 1


def _rank(suspect: Suspect) -> tuple[bool, bool, bool, dt.datetime, ItemId]:
    return (
        not suspect.asks,
        suspect.finding.strength is not Strength.CERTAIN,
        suspect.other.stage is not ItemStage.PUBLISHED,
        suspect.other.received_at,
        suspect.other.id,
    )


def stands(verdict: Verdict, one: Item, other: Item) -> bool:
    """“Different” holds until it is taken back; “same” only while one of the two is rejected, so that
    putting that one back asks again."""
    return verdict.answer is Answer.DIFFERENT or ItemStage.REJECTED in (one.stage, other.stage)


def asks(item: Item, other: Item) -> bool:
    """Of two alike, the one that must be answered for: what is published is never asked about, what was on
    its way first goes first, and of two that wait the later one asks."""
    if item.stage in (ItemStage.PUBLISHED, ItemStage.REJECTED):
        return False
    if other.stage is ItemStage.PUBLISHED:
        return True
    is_claimed, other_is_claimed = item.stage in _CLAIMED, other.stage in _CLAIMED
    if is_claimed != other_is_claimed:
        return other_is_claimed
    return _came_before(other, item)


def _came_before(one: Item, other: Item) -> bool:
    if one.received_at == other.received_at:
        return one.id < other.id
    from_one_file = one.received_from == other.received_from
    if from_one_file and abs(one.received_at - other.received_at) < ONE_FILE:
        return one.received_at > other.received_at
    return one.received_at < other.received_at


def pair(one: ItemId, other: ItemId) -> str:
    """What an answer about two items is kept under, whichever is named first."""
    return "|".join(sorted((one, other)))
