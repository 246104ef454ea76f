"""Rules and remembered names change what waits: told on each item that they changed, in one line."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain import recoding, transitions
from bot.domain.audit import RECODED, LogEntry
from bot.domain.identity import BOT, Business
from bot.domain.items import Item
from bot.domain.recoding import Before
from bot.errors import AlreadyDone, NotFound
from bot.ports import Clock, Jobs, Storage, Store
from bot.ports.views import Others, Seen
from bot.services.viewing import ItemView, Viewer

CHUNK = 200
LOCK_SECONDS = 30.0


async def tell_recoded(jobs: Jobs, business: Business) -> None:
    """After a change of rules or names: its effect is told by a job."""
    await jobs.enqueue("recoded", str(business), key=f"recoded:{business}:{secrets.token_hex(4)}")


@dataclass(frozen=True)
class RecodingService:
    storage: Storage
    clock: Clock

    async def tell(self, business: Business) -> int:
        """Compares what waits as it was with what it is since, and logs what differs; how many items. Cut
        anywhere, the next one does it again: an item is told twice rather than never."""
        store = self.storage.of(business)
        told = 0
        async with store.lock("recoding", LOCK_SECONDS):
            before = Before.of(await store.recodings.take())
            if not (before.rules or before.aliases or before.taken_back):
                return 0
            waiting = await store.items.ids(recoding.WAITING)
            for start in range(0, len(waiting), CHUNK):
                seen = await store.views.items(waiting[start : start + CHUNK])
                told += await self._tell(store, before, seen)
            await store.recodings.done()
        return told

    async def _tell(self, store: Store, before: Before, seen: Seen) -> int:
        viewer = Viewer.at(store, seen.desk)
        after = await viewer.seen(seen.items)
        former = replace(
            viewer,
            aliases=before.aliases_from(viewer.aliases),
            instead=before.rules_for((view.item, view.coding) for view in after),
        )
        was = await former.seen(seen.items)
        after = await self._taken_back(store, viewer, before, seen.items, after)
        now = self.clock()
        entries = []
        for old, new in zip(was, after, strict=True):
            if not recoding.is_fixed(new.item, new.claim) and (
                changes := recoding.differences(old.coding, new.coding)
            ):
                who, why = before.about(new.item, old.rule, new.rule, viewer.aliases)
                said = recoding.says(changes, why)
                entries.append(LogEntry(now, who or BOT, RECODED, new.item.id, after=said))
        await store.log.append(*entries)
        return len(entries)

    @staticmethod
    async def _taken_back(
        store: Store,
        viewer: Viewer,
        before: Before,
        items: Sequence[tuple[Item, Others]],
        views: Sequence[ItemView],
    ) -> Sequence[ItemView]:
        """The views, after what stands by hand before a rule is taken back where that was asked for."""
        changed: dict[int, tuple[Item, Others]] = {}
        for place, view in enumerate(views):
            asked = before.taken_back.get(view.rule.supplier) if view.rule else None
            if view.rule is None or asked is None or recoding.is_fixed(view.item, view.claim):
                continue
            item = items[place][0]
            if names := recoding.taken_back(item, view.rule, asked.takes_back_but):
                edit = partial(transitions.edit, changes=dict.fromkeys(names, ""), by=asked.by, at=asked.at)
                with contextlib.suppress(AlreadyDone, NotFound):  # on its way by now
                    changed[place] = await store.items.change(item.id, edit), items[place][1]
        again = dict(zip(changed, await viewer.seen(list(changed.values())), strict=True))
        return [again.get(place, view) for place, view in enumerate(views)]
