"""The whole inbox, walked through in parts: how many items there are of each state, and which."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain import searching
from bot.domain.items import DUPLICATE, NEW_SUPPLIER, ItemStage, ItemStatus
from bot.domain.lists import ListKind
from bot.ports import Store
from bot.services.viewing import ItemView, Viewer, views_of

PART = 500
"""So many items are resolved at once."""

TO_DO = (ItemStage.INBOX, ItemStage.WAITING, ItemStage.PUBLISHING, ItemStage.FAILED)
RESOLVED = (ItemStage.INBOX, ItemStage.FAILED)
"""Stages whose items need attention or are ready, which is resolved anew each time it is asked."""
STAGES: Mapping[ItemStatus | None, tuple[ItemStage, ...]] = {
    None: TO_DO,
    ItemStatus.NEEDS_ATTENTION: RESOLVED,
    ItemStatus.READY: RESOLVED,
    ItemStatus.WAITING: (ItemStage.WAITING,),
    ItemStatus.PUBLISHING: (ItemStage.PUBLISHING,),
    ItemStatus.PUBLISHED: (ItemStage.PUBLISHED,),
    ItemStatus.FAILED: (ItemStage.FAILED,),
    ItemStatus.REJECTED: (ItemStage.REJECTED,),
    ItemStatus.IN_CLAIM: (ItemStage.IN_CLAIM,),
}
"""Where items of a status are looked for; nothing: all that is still to do."""
NAMES_LOOKED_AT = 50
"""Of suppliers and of customers whose name fits what somebody looks for."""


@dataclass(frozen=True)
class Page:
    views: Sequence[ItemView]
    total: int
    offset: int
    counts: Mapping[ItemStatus, int] = field(default_factory=dict)


async def views(
    viewer: Viewer, stages: Sequence[ItemStage], *, oldest_first: bool = False
) -> AsyncIterator[Sequence[ItemView]]:
    """Every item of these stages, many at a time."""
    ids = await viewer.store.items.ids(stages, oldest_first=oldest_first)
    for start in range(0, len(ids), PART):
        yield await views_of(viewer.store, ids[start : start + PART])


async def newest_first(store: Store, stages: Sequence[ItemStage]) -> AsyncIterator[Sequence[ItemView]]:
    """As `views`, up to five hundred in two round trips."""
    seen = await store.views.page(stages, 0, PART)
    yield await Viewer.at(store, seen.desk).seen(seen.items)
    if seen.total > len(seen.items):
        known = {item.id for item, _ in seen.items}
        rest = [item for item in await store.items.ids(stages) if item not in known]
        for start in range(0, len(rest), PART):
            yield await views_of(store, rest[start : start + PART])


async def counts(store: Store) -> dict[ItemStatus, int]:
    """How many there are to do, by what they are."""
    found = Counter(dict.fromkeys((ItemStatus.NEEDS_ATTENTION, ItemStatus.READY), 0))
    async for part in newest_first(store, RESOLVED):
        found.update(view.status for view in part)
    known = await store.items.counts()
    found.update({ItemStatus(stage.value): known[stage] for stage in TO_DO if stage not in RESOLVED})
    return {status: number for status, number in found.items() if number}


async def held(store: Store) -> Counter[str]:
    """What waits, by cause."""
    found: Counter[str] = Counter()
    async for items in store.items.walk((ItemStage.WAITING,)):
        found.update(item.hold.cause for item in items if item.hold)
    return found


async def page(
    store: Store, status: ItemStatus | None, offset: int = 0, limit: int = 10, cause: str = ""
) -> Page:
    """Newest first. What is stored of a state is read from its place; what is resolved is walked through."""
    stages = STAGES[status]
    if status and not cause and not set(stages) & set(RESOLVED):
        seen = await store.views.page(stages, offset, limit)
        found = await Viewer.at(store, seen.desk).seen(seen.items)
        return Page(found, seen.total, offset, {status: seen.total})
    chosen: list[ItemView] = []
    counted: Counter[ItemStatus] = Counter()
    async for part in newest_first(store, stages):
        for view in part:
            if status in (None, view.status) and _is_for(view, cause):
                counted[view.status] += 1
                if offset < counted.total() <= offset + limit:
                    chosen.append(view)
    in_order = {one: counted[one] for one in ItemStatus if counted[one]}
    return Page(chosen, counted.total(), offset, in_order)


async def find(store: Store, text: str, offset: int, limit: int) -> Page:
    """Items of any state by supplier, customer, number or total; also by the name that the supplier which was
    chosen has on the list. Newest first."""
    typed = searching.typed(text)
    if not typed:
        return Page((), 0, offset)
    entries = [
        entry
        for kind in (ListKind.SUPPLIERS, ListKind.CUSTOMERS)
        for entry in await store.lists.search(kind, text, limit=NAMES_LOOKED_AT)
    ]
    exact = [searching.whole(text), *(searching.entry_word(entry.id) for entry in entries)]
    ids = await store.items.find(typed, exact)
    return Page(await views_of(store, ids[offset : offset + limit]), len(ids), offset)


def _is_for(view: ItemView, cause: str) -> bool:
    if cause == DUPLICATE:
        return any(one.asks for one in view.suspects)
    if cause == NEW_SUPPLIER:
        return view.coding.new_supplier
    return not cause or bool(view.item.hold and view.item.hold.cause == cause)
