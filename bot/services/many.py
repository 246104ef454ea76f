"""Publishing many at once: asked for, begun a few at a time, stopped, gone on with, counted by cause.

How far it is stands in storage, not in the job: a run that is cut anywhere goes on from there. At most
`AT_ONCE` are on their way, so that **Stop** stops what was not begun, and one that fails blocks no other.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from bot.domain.audit import LogEntry
from bot.domain.identity import Business, ItemId, MessageRef, PersonId
from bot.domain.items import NEW_SUPPLIER, Hold, ItemStage, ItemStatus
from bot.domain.many import (
    ALREADY,
    NOT_READY,
    Many,
    ManyState,
    Outcome,
    Wanted,
    began,
    outcome_of,
    settled,
)
from bot.errors import AlreadyDone, NotConnected, NotFound, NotReady
from bot.ports import Clock, Jobs, Storage, Store
from bot.services import inbox
from bot.services.items import Viewer
from bot.services.publish import Begun, Held, PublishService

AT_ONCE = 10
"""On their way at one time: enough to use up what the accounting software allows, few enough to stop."""
LOOK_SECONDS = 0.4
SLICE_SECONDS = 20.0
"""A job's run lasts so long, then the next one goes on: a worker that stops waits for no more."""
QUIET_SECONDS = 5.0
"""Before the next run where nothing moved: the accounting software wants us to wait."""
LOCK_SECONDS = 15.0
STUCK_AFTER = timedelta(seconds=60)


@dataclass(frozen=True)
class ReadyNow:
    """What could be published now."""

    items: Sequence[ItemId]
    totals: Mapping[str, Decimal]
    """By currency."""
    new_suppliers: int = 0


@dataclass(frozen=True)
class Group:
    """Items that failed for one cause; `says` is what the latest of them was told."""

    cause: str
    items: Sequence[ItemId]
    says: str
    advice: str = ""


@dataclass
class _Took:
    """What one look began and left."""

    begun: list[ItemId] = field(default_factory=list)
    left: list[tuple[ItemId, str]] = field(default_factory=list)


@dataclass(frozen=True)
class ManyService:
    storage: Storage
    publish: PublishService
    jobs: Jobs
    clock: Clock
    slice_seconds: float = SLICE_SECONDS

    # --- looking

    async def ready(self, business: Business) -> ReadyNow:
        """Everything that is ready, oldest first."""
        viewer = await Viewer.of(self.storage.of(business))
        ready: list[ItemId] = []
        totals: dict[str, Decimal] = {}
        new = 0
        async for part in inbox.views(viewer, inbox.RESOLVED, oldest_first=True):
            for view in part:
                if view.status is not ItemStatus.READY:
                    continue
                ready.append(view.item.id)
                new += view.coding.new_supplier
                if view.coding.total is not None:
                    currency = view.coding.currency
                    totals[currency] = totals.get(currency, Decimal(0)) + view.coding.total
        return ReadyNow(ready, totals, new)

    async def failed(self, business: Business) -> Sequence[Group]:
        """What failed, by cause, the most first."""
        viewer = await Viewer.of(self.storage.of(business))
        items: dict[str, list[ItemId]] = {}
        said: dict[str, Hold] = {}
        async for part in inbox.views(viewer, (ItemStage.FAILED,), oldest_first=True):
            for view in part:
                if (hold := view.item.hold) is not None and view.status is ItemStatus.FAILED:
                    items.setdefault(hold.cause, []).append(view.item.id)
                    said[hold.cause] = hold
        found = [Group(cause, items[cause], hold.says, hold.advice) for cause, hold in said.items()]
        return sorted(found, key=lambda group: -len(group.items))

    # --- asking

    async def ask(
        self,
        business: Business,
        person: PersonId,
        wanted: Wanted,
        name: str = "",
        of: str = "",
        title: str = "",
    ) -> Many:
        """Writes down what is wanted and puts it on the queue. Raises NotConnected, and AlreadyDone while the
        very same is being published."""
        store = self.storage.of(business)
        if await store.connection.read() is None:
            raise NotConnected()
        for running_id, _ in await store.many.open():
            running = await store.many.get(running_id)
            if running and (running.wanted, running.name, running.of) == (wanted, name, of):
                raise AlreadyDone(f"<@{running.asked_by}> is publishing this already.")
        many = Many(secrets.token_hex(6), wanted, name, person, self.clock(), of, title=title)
        await store.many.add(many)
        await self._log(store, person, "items.publish_many", many)
        await self._enqueue(business, many)
        return many

    async def _enqueue(
        self, business: Business, many: Many, after_seconds: float = 0, again: str = ""
    ) -> None:
        key = f"publish-many:{business}:{many.id}:{many.turn}{again}"
        ids = (str(business), many.id, str(many.turn))
        await self.jobs.enqueue("publish_many", *ids, key=key, after_seconds=after_seconds)

    async def stop(self, business: Business, many_id: str, person: PersonId) -> Many:
        """What is on its way is finished, nothing more is begun. Raises NotFound, AlreadyDone."""
        return await self._turn(business, many_id, person, ManyState.RUNNING, ManyState.STOPPED)

    async def go_on(self, business: Business, many_id: str, person: PersonId) -> Many:
        """Raises NotFound, AlreadyDone."""
        many = await self._turn(business, many_id, person, ManyState.STOPPED, ManyState.RUNNING)
        await self._enqueue(business, many)
        return many

    async def _turn(
        self, business: Business, many_id: str, person: PersonId, before: ManyState, after: ManyState
    ) -> Many:
        def turn(many: Many) -> Many:
            if many.state is ManyState.OVER:
                raise AlreadyDone("This is over already.")
            if many.state is not before:
                how = "stopped" if many.state is ManyState.STOPPED else "going on"
                raise AlreadyDone(f"This is {how} already.")
            stopped_by = person if after is ManyState.STOPPED else None
            turn = many.turn + (after is ManyState.RUNNING)
            return replace(many, state=after, stopped_by=stopped_by, turn=turn)

        store = self.storage.of(business)
        many = await store.many.change(many_id, turn)
        how = "stopped" if after is ManyState.STOPPED else "went_on"
        await self._log(store, person, f"items.publish_many_{how}", many)
        return many

    async def _log(self, store: Store, person: PersonId, what: str, many: Many) -> None:
        how_far = f" ({many.settled} of {many.total})" if many.items is not None else ""
        await store.log.append(LogEntry(self.clock(), person, what, many.id, after=f"{many.what}{how_far}"))

    async def get(self, business: Business, many_id: str) -> Many | None:
        return await self.storage.of(business).many.get(many_id)

    async def remember_message(self, business: Business, many_id: str, message: MessageRef) -> None:
        await self.storage.of(business).many.change(many_id, lambda many: replace(many, message=message))

    # --- the work

    async def run(self, business: Business, many_id: str, turn: int) -> AsyncIterator[Many]:
        """One run; yields how far it is, the last time at its end. Goes on in a run of its own when its time
        is over. Of two runs at once one works, and one that another has followed ends."""
        store = self.storage.of(business)
        async with store.lock(f"many-{many_id}", LOCK_SECONDS):
            many = await store.many.get(many_id)
            if many is None or many.state is ManyState.OVER or many.turn != turn:
                return
            if many.items is None:
                chosen = tuple(await self._chosen(store, many))
                many = await store.many.change(many_id, lambda known: replace(known, items=chosen))
            now = asyncio.get_running_loop().time
            until, at_first = now() + self.slice_seconds, (many.place, many.settled)
            while True:
                many = await self._look(store, many_id)
                yield many
                if many.state is ManyState.OVER or (many.state is ManyState.STOPPED and not many.begun):
                    return
                if many.turn != turn:
                    return
                if now() > until:
                    break
                await asyncio.sleep(LOOK_SECONDS)
            many = await store.many.change(many_id, lambda known: replace(known, turn=turn + 1))
        moved = (many.place, many.settled) != at_first
        await self._enqueue(business, many, 0 if moved else QUIET_SECONDS)

    async def _chosen(self, store: Store, many: Many) -> Sequence[ItemId]:
        if many.wanted is Wanted.READY:
            return (await self.ready(store.business)).items
        if many.wanted is Wanted.FILE:
            parts = store.items.walk(inbox.RESOLVED, oldest_first=True)
            return [item.id async for items in parts for item in items if item.batch == many.name]
        if many.wanted is Wanted.CAUSE:
            failed = {group.cause: group.items for group in await self.failed(store.business)}
            return failed.get(many.name, ())
        before = await store.many.get(many.of)
        theirs = before.of_cause(Outcome.FAILED).get(many.name, ()) if before else ()
        # Also those whose cause is gone meanwhile, and which are ready again.
        to_do = (ItemStage.FAILED, ItemStage.INBOX)
        return [item.id for item in await store.items.many(theirs) if item.stage in to_do]

    async def _look(self, store: Store, many_id: str) -> Many:
        """What has its result is counted, what there is room for is begun, and both are written down."""
        many = await store.many.get(many_id)
        if many is None:
            raise NotFound("This is too long ago.")
        results = await self._results(store, many)
        room = AT_ONCE - (len(many.begun) - len(results))
        took = _Took()
        if many.state is ManyState.RUNNING and many.items is not None:
            for item in many.items[many.place : many.place + max(0, room)]:
                await self._take(store, many, item, took)

        def written(known: Many) -> Many:
            for item, (outcome, cause) in results.items():
                known = settled(known, item, outcome, cause)
            for item, cause in took.left:
                known = settled(known, item, Outcome.LEFT, cause)
            place = known.place + len(took.begun) + len(took.left)
            known = replace(known, place=place, begun=(*known.begun, *took.begun))
            is_over = known.is_done and known.state is not ManyState.OVER
            return replace(known, state=ManyState.OVER) if is_over else known

        many = await store.many.change(many_id, written)
        if many.state is ManyState.OVER:
            await self._log(store, many.asked_by, "items.publish_many_over", many)
        return many

    async def _results(self, store: Store, many: Many) -> Mapping[ItemId, tuple[Outcome, str]]:
        found = {item.id: item for item in await store.items.many(many.begun)}
        outcomes = {item: outcome_of(found.get(item)) for item in many.begun}
        return {item: outcome for item, outcome in outcomes.items() if outcome is not None}

    async def _take(self, store: Store, many: Many, item_id: ItemId, took: _Took) -> None:
        try:
            outcome = await self.publish.begin(store.business, item_id, many.asked_by, many=many.id)
        except NotReady as fault:
            took.left.append((item_id, fault.cause or NOT_READY))
        except AlreadyDone:
            # Perhaps it was this very many, in a run that died before it was written down.
            if began(await store.items.get(item_id), many):
                took.begun.append(item_id)
            else:
                took.left.append((item_id, ALREADY))
        except NotFound:
            took.left.append((item_id, ALREADY))
        except NotConnected as fault:
            took.left.append((item_id, type(fault).__name__))
        else:
            if isinstance(outcome, Begun | Held):
                took.begun.append(item_id)
            else:
                took.left.append((item_id, getattr(outcome, "cause", NEW_SUPPLIER)))

    async def resume_stuck(self) -> int:
        """The clock: those whose last step is long ago lost their process; they go on."""
        resumed, now = 0, self.clock()
        for business in await self.storage.businesses():
            store = self.storage.of(business)
            for many_id, since in await store.many.open():
                many = await store.many.get(many_id) if now - since >= STUCK_AFTER else None
                if many is not None:
                    slot = int(now.timestamp() // STUCK_AFTER.total_seconds())
                    await self._enqueue(business, many, again=f":stuck:{slot}")
                    resumed += 1
        return resumed
