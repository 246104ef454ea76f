"""A list as it arrives against what was known of it: what a refresh reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from bot.domain.identity import EntryId
from bot.domain.lists import Change, Entry, EntryChange, ListChange, ListKind

T = TypeVar("T")
NAMED = 5
"""How many names of a change a report holds."""
NEVER_VANISH = frozenset({ListKind.PAYMENT_MODES})
"""No path lists these: what was seen once, or typed by a person, stays."""


@dataclass
class Comparison:
    """A list as it arrives, page by page, against what was known before; in bounded memory."""

    kind: ListKind
    is_first: bool
    """Nothing was known before: nothing is new then."""
    added: int = 0
    renamed_count: int = 0
    vanished_count: int = 0
    active_again_count: int = 0
    added_names: list[str] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    active_again: list[str] = field(default_factory=list)
    regrouped_count: int = 0
    regrouped: list[str] = field(default_factory=list)

    def arrived(self, known: Mapping[EntryId, Entry], page: Iterable[Entry]) -> list[EntryChange]:
        """Entries the accounting software has; `known` holds those of them that were known."""
        return [change for entry in page for change in self._of(known.get(entry.id), entry)]

    def _of(self, before: Entry | None, now: Entry) -> list[EntryChange]:
        if before is None:
            return [self._noted(Change.ADDED, now, None)] if now.active and not self.is_first else []
        found = []
        if before.name != now.name:
            found.append(self._noted(Change.RENAMED, now, before))
        if before.active != now.active:
            found.append(self._noted(Change.ACTIVE if now.active else Change.INACTIVE, now, before))
        if before.parts and now.parts and _meaning(before) != _meaning(now):
            found.append(self._noted(Change.PARTS, now, before))
        return found

    def missing(self, entries: Iterable[Entry]) -> tuple[list[Entry], list[EntryChange]]:
        """Known entries that did not arrive: kept, marked inactive; those that were in use are changes."""
        gone = list(entries)
        if self.kind in NEVER_VANISH:
            return gone, []
        changes = [self._noted(Change.GONE, entry, entry) for entry in gone if entry.active]
        return [replace(entry, active=False) for entry in gone], changes

    def _noted(self, what: Change, now: Entry, before: Entry | None) -> EntryChange:
        if what is Change.ADDED:
            self.added += 1
            _some(self.added_names, now.name)
        elif what is Change.RENAMED and before is not None:
            self.renamed_count += 1
            _some(self.renamed, (before.name, now.name))
        elif what is Change.ACTIVE:
            self.active_again_count += 1
            _some(self.active_again, now.name)
        elif what is Change.PARTS:
            self.regrouped_count += 1
            _some(self.regrouped, now.name)
            return EntryChange(self.kind, what, now.id, now.name, before, now.made_of)
        else:
            self.vanished_count += 1
            _some(self.vanished, now.name)
        return EntryChange(self.kind, what, now.id, now.name, before)

    def result(self, total: int) -> ListChange:
        """`total`: how many active entries the list has now."""
        return ListChange(
            self.kind,
            total,
            added=self.added,
            renamed=tuple(self.renamed),
            vanished=tuple(self.vanished),
            renamed_count=self.renamed_count,
            vanished_count=self.vanished_count,
            added_names=tuple(self.added_names),
            active_again=tuple(self.active_again),
            active_again_count=self.active_again_count,
            regrouped=tuple(self.regrouped),
            regrouped_count=self.regrouped_count,
        )


def _meaning(group: Entry) -> set[tuple[str, str, bool]]:
    """What a tax group comes to; not the names of its parts, nor their order."""
    return {(part.id, part.percentage, part.active) for part in group.parts}


def _some(names: list[T], name: T) -> None:
    if len(names) < NAMED:
        names.append(name)
