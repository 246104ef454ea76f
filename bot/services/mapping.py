"""Carrying a business's choices over to another organisation's lists.

Prepared before the lists of the former organisation are forgotten, settled when those of the new one are
read: names and codes that are the same are mapped by themselves, the rest is picked by an Admin, each
skippable. What a choice was stays remembered for going back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from bot.domain.audit import LogEntry
from bot.domain.connection import Organisation
from bot.domain.identity import Business, EntryId, ItemId, PersonId
from bot.domain.items import Item, ItemStage
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.mapping import (
    ALIAS,
    ITEM,
    ListMapping,
    MapLine,
    Matched,
    Moved,
    counterpart,
    moved_alias,
    moved_item,
    moved_rule,
    moved_settings,
    places,
)
from bot.errors import FieldErrors, NotFound
from bot.ports import Clock, Storage, Store

OPEN = (
    ItemStage.INBOX, ItemStage.FAILED, ItemStage.WAITING, ItemStage.REJECTED, ItemStage.IN_CLAIM,
)  # fmt: skip
MOST = 100_000


async def prepare(store: Store, old: Organisation, new: Organisation, person: PersonId) -> None:
    """Writes down what every choice points to, while its names are still known."""
    pending = await store.mappings.pending()
    is_same = pending and (pending.from_id, pending.to_id) == (old.id, new.id) and not pending.is_settled
    if is_same and not (await store.lists.state()).counts:
        return  # written before a crash, and the names are forgotten since
    items, _ = await store.items.page(OPEN, 0, MOST)
    found: dict[tuple[ListKind, EntryId], list[str]] = {}
    settings, rules = await store.settings.read(), await store.rules.all()
    aliases = (await store.aliases.all()).values()
    for place, kind, entry_id in places(settings, rules, items, aliases):
        found.setdefault((kind, entry_id), []).append(place)
    lists = await store.lists.slice(found)
    lines = [
        MapLine(kind, entry, tuple(where))
        for (kind, entry_id), where in found.items()
        if (entry := lists.by_id(kind, entry_id)) is not None
    ]
    await store.mappings.save(ListMapping(old.id, old.name, new.id, new.name, person, tuple(lines)))


async def settle(store: Store, clock: Clock, organisation: str) -> ListMapping | None:
    """Maps what is the same by itself. Returns the mapping until somebody was told of it."""
    mapping = await store.mappings.pending()
    if mapping is None or mapping.to_id != organisation or mapping.is_told:
        return None
    if not mapping.is_settled:
        remembered = await store.mappings.remembered(organisation)
        lists = await _candidates(store, mapping, remembered)
        settled = [_settled(line, lists, remembered) for line in mapping.lines]
        moves: dict[str, Moved] = {}
        for _, made in settled:
            moves |= made
        lines = tuple(line for line, _ in settled)
        await _move(store, clock, mapping, mapping.person, lines, moves)
        mapping = await store.mappings.change(lambda now: replace(now, lines=lines, is_settled=True))
    return mapping


async def _candidates(store: Store, mapping: ListMapping, remembered: Mapping[str, Moved]) -> Lists:
    wanted = [
        (line.kind, text)
        for line in mapping.lines
        for text in (line.old.id, line.old.name, line.old.code, *_earlier(line, remembered))
        if text
    ]
    return await store.lists.slice(wanted)


def _earlier(line: MapLine, remembered: Mapping[str, Moved]) -> list[EntryId]:
    """What these places held in that organisation, and what became this entry there."""
    held = [remembered[place].was for place in line.places if place in remembered]
    return held + [move.was for move in remembered.values() if move.became == line.old.id]


def _settled(
    line: MapLine, lists: Lists, remembered: Mapping[str, Moved]
) -> tuple[MapLine, dict[str, Moved]]:
    """The line with its counterpart, and what each of its places becomes."""

    def is_here(entry_id: EntryId) -> bool:
        entry = lists.by_id(line.kind, entry_id)
        return entry is not None and entry.active

    if is_here(line.old.id):
        # Never carried over to the organisation in between: it still means what it meant here.
        return replace(line, how=Matched.RESTORED, new=line.old.id, new_label=line.old.label), {}
    moves = {
        place: Moved(line.old.id, move.was)
        for place in line.places
        if (move := remembered.get(place)) and move.became == line.old.id and is_here(move.was)
    }
    rest = [place for place in line.places if place not in moves]
    earlier = next((one for one in _earlier(line, remembered) if is_here(one)), None)
    if not rest or earlier:
        new = lists.by_id(line.kind, earlier or next(iter(moves.values())).became)
        how = Matched.RESTORED
    else:
        new, how = counterpart(line.kind, line.old, lists), Matched.EXACT
    if new is None:
        return line, moves
    moves |= {place: Moved(line.old.id, new.id) for place in rest}
    return replace(line, how=how, new=new.id, new_label=new.label), moves


async def _move(
    store: Store,
    clock: Clock,
    mapping: ListMapping,
    person: PersonId,
    lines: Iterable[MapLine],
    moves: Mapping[str, Moved],
) -> None:
    """Changes the choices, each only where it still is what it was. Remembered first, for going back."""
    await store.mappings.remember(mapping.from_id, moves)
    await store.settings.change(partial(moved_settings, moves=moves))
    for rule in await store.rules.all():
        moved = moved_rule(rule, moves)
        if moved is not rule:
            await store.rules.save(moved)
    for item_id in {ItemId(place.split(":")[1]) for place in moves if place.startswith(f"{ITEM}:")}:
        try:
            await store.items.change(item_id, partial(_moved_item, moves=moves))
        except NotFound:
            continue
    await _move_aliases(store, moves)
    now = clock()
    await store.log.append(
        *(
            LogEntry(
                now,
                person,
                f"lists.mapped.{line.how}",
                line.kind.words,
                f"{line.old.label} ({mapping.from_name})",
                line.new_label or "left as it is",
            )
            for line in lines
            if line.how is not Matched.OPEN
        )
    )


async def _move_aliases(store: Store, moves: Mapping[str, Moved]) -> None:
    """Those of suppliers that have no counterpart stay as they are: they count again after going back."""
    if not any(place.startswith(f"{ALIAS}:") for place in moves):
        return
    aliases = (await store.aliases.all()).values()
    lists = await store.lists.slice(
        (alias.kind, move.became) for alias in aliases if (move := moves.get(f"{ALIAS}:{alias.key}"))
    )
    for alias in aliases:
        moved = moved_alias(alias, moves, lists)
        if moved is not alias:
            await store.aliases.save(moved)


def _moved_item(item: Item, moves: Mapping[str, Moved]) -> Item:
    """What is being published or is published stays as it was sent."""
    return moved_item(item, moves) if item.stage in OPEN else item


@dataclass(frozen=True)
class MappingService:
    storage: Storage
    clock: Clock

    async def pending(self, business: Business) -> ListMapping:
        """The mapping to the connected organisation. Raises NotFound."""
        store = self.storage.of(business)
        mapping, connection = await store.mappings.pending(), await store.connection.read()
        if mapping is None or connection is None or connection.organisation.id != mapping.to_id:
            raise NotFound("There is nothing left to map.")
        return mapping

    async def told(self, business: Business) -> ListMapping | None:
        """The mapping, for the one who tells of it."""
        store = self.storage.of(business)
        mapping = await store.mappings.pending()
        if mapping is None or not mapping.is_settled or mapping.is_told:
            return None
        return await store.mappings.change(lambda now: replace(now, is_told=True))

    async def pick(
        self, business: Business, person: PersonId, kind: ListKind, picks: Mapping[EntryId, str]
    ) -> ListMapping:
        """The counterparts a person picked of one list; empty: skipped. Raises FieldErrors for one that is
        not on the list any more, by the former entry's id."""
        mapping = await self.pending(business)
        store = self.storage.of(business)
        lists = await store.lists.slice((kind, new) for new in picks.values() if new)
        lines = [line for line in mapping.left(kind) if line.old.id in picks]
        chosen = {
            line.old.id: lists.by_id(kind, EntryId(picks[line.old.id])) if picks[line.old.id] else None
            for line in lines
        }
        faults = {
            line.old.id: "This is no longer on the list. Choose another one."
            for line in lines
            if picks[line.old.id] and not _is_active(chosen[line.old.id])
        }
        if faults:
            raise FieldErrors({str(old): says for old, says in faults.items()})
        picked = [_picked(line, chosen[line.old.id]) for line in lines]
        moves = {place: Moved(line.old.id, line.new) for line in picked if line.new for place in line.places}
        await _move(store, self.clock, mapping, person, picked, moves)
        done = {(line.kind, line.old.id): line for line in picked}
        return await store.mappings.change(
            lambda now: replace(
                now, lines=tuple(done.get((line.kind, line.old.id), line) for line in now.lines)
            )
        )


def _is_active(entry: Entry | None) -> bool:
    return entry is not None and entry.active


def _picked(line: MapLine, entry: Entry | None) -> MapLine:
    if entry is None:
        return replace(line, how=Matched.SKIPPED)
    return replace(line, how=Matched.PICKED, new=entry.id, new_label=entry.label)
