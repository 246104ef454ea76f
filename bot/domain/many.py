"""Many items at once: what was asked for, how far it is, and what came of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from bot.domain.holds import cause_words
from bot.domain.identity import ItemId, MessageRef, PersonId
from bot.domain.items import NEW_SUPPLIER, Item, ItemStage

ALREADY = "already"
NOT_READY = "not_ready"


class Wanted(StrEnum):
    """Which items are meant; looked for when the work begins."""

    READY = "ready"
    FILE = "file"
    """Those of the batch `name` that are still to do: of one import, or one request to the item API."""
    CAUSE = "cause"
    """All that failed for the cause `name`."""
    FAILED_OF = "failed_of"
    """Of the many `of`, those that failed for the cause `name`."""


class ManyState(StrEnum):
    RUNNING = "running"
    STOPPED = "stopped"
    OVER = "over"


class Outcome(StrEnum):
    """What became of one of them."""

    PUBLISHED = "published"
    FAILED = "failed"
    HELD = "held"
    BACK = "back"
    """Claimed and given back: nothing was sent."""
    LEFT = "left"
    """Left as it was: not ready, a new supplier, somebody else was quicker."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of some, and why; `cause` is empty where there is none."""

    outcome: Outcome
    cause: str
    items: tuple[ItemId, ...]


@dataclass(frozen=True, slots=True)
class Many:
    id: str
    wanted: Wanted
    name: str
    asked_by: PersonId
    asked_at: datetime
    of: str = ""
    items: tuple[ItemId, ...] | None = None
    """In the order they are taken; nothing before they were looked for."""
    place: int = 0
    """So many were taken: begun, or left as they are."""
    begun: tuple[ItemId, ...] = ()
    """On their way now."""
    results: tuple[Result, ...] = field(default=())
    state: ManyState = ManyState.RUNNING
    stopped_by: PersonId | None = None
    message: MessageRef | None = None
    title: str = ""
    """What people call the batch: its file's name."""
    turn: int = 0
    """Counts the runs; one whose number is not this has been followed by another."""

    @property
    def is_done(self) -> bool:
        return self.items is not None and self.place >= len(self.items) and not self.begun

    @property
    def total(self) -> int:
        return len(self.items or ())

    @property
    def settled(self) -> int:
        """How many have their result."""
        return sum(len(result.items) for result in self.results)

    def count(self, outcome: Outcome) -> int:
        return sum(len(result.items) for result in self.results if result.outcome is outcome)

    def of_cause(self, outcome: Outcome) -> Mapping[str, tuple[ItemId, ...]]:
        """The items of an outcome by cause, the most first."""
        found = [result for result in self.results if result.outcome is outcome]
        return {one.cause: one.items for one in sorted(found, key=lambda one: -len(one.items))}

    @property
    def what(self) -> str:
        """What was asked for, in words: `what is ready`, `costs.csv`."""
        if self.wanted is Wanted.FILE:
            return self.title or self.name
        return "what is ready" if self.wanted is Wanted.READY else f"what failed: {cause_words(self.name)}"


def settled(many: Many, item: ItemId, outcome: Outcome, cause: str = "") -> Many:
    """One more has its result; said twice is said once."""
    rest = tuple(
        replace(result, items=tuple(one for one in result.items if one != item)) for result in many.results
    )
    kept: list[Result] = []
    placed = False
    for result in rest:
        mine = (result.outcome, result.cause) == (outcome, cause)
        placed = placed or mine
        if mine or result.items:
            kept.append(replace(result, items=(*result.items, item)) if mine else result)
    if not placed:
        kept.append(Result(outcome, cause, (item,)))
    begun = tuple(one for one in many.begun if one != item)
    return replace(many, begun=begun, results=tuple(kept))


def outcome_of(item: Item | None) -> tuple[Outcome, str] | None:
    """What became of an item that was begun; nothing while it is on its way."""
    if item is None:
        return Outcome.LEFT, ALREADY
    cause = item.hold.cause if item.hold else ""
    by_stage = {
        ItemStage.PUBLISHED: (Outcome.PUBLISHED, ""),
        ItemStage.FAILED: (Outcome.FAILED, cause or "refused"),
        ItemStage.WAITING: (Outcome.HELD, cause),
        ItemStage.INBOX: (Outcome.LEFT if cause == NEW_SUPPLIER else Outcome.BACK, cause),
        ItemStage.REJECTED: (Outcome.LEFT, ALREADY),
        ItemStage.IN_CLAIM: (Outcome.LEFT, ALREADY),
    }
    return by_stage.get(item.stage)


def began(item: Item | None, many: Many) -> bool:
    """Whether an item was claimed by this very many, by a process that died before it said so."""
    return bool(
        item
        and item.publication
        and item.asked_by == many.asked_by
        and item.asked_at
        and item.asked_at >= many.asked_at
    )
