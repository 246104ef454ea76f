"""Publishing by itself: what arrives where it is switched on goes after a hold, and can be kept back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from bot.domain import auto_publish, transitions
from bot.domain.audit import LogEntry
from bot.domain.auto_publish import Streak
from bot.domain.identity import BOT, Business, ItemId, PersonId
from bot.domain.items import NEW_SUPPLIER, AutoHold, Hold, Item, ItemStage
from bot.domain.rules import rule_key
from bot.errors import AlreadyDone, BotError, NotFound
from bot.ports import Clock, Jobs, Storage, Store
from bot.services.items import ItemView, Viewer
from bot.services.publish import AskSupplier, PublishService

AGAIN_AFTER = timedelta(minutes=2)
"""A claimed item whose job died is due again after so long."""


@dataclass(frozen=True)
class AutoPublishService:
    storage: Storage
    jobs: Jobs
    publish: PublishService
    clock: Clock

    async def arrived(self, business: Business, views: Sequence[ItemView]) -> Sequence[ItemId]:
        """Which of the items that have just come in go by themselves; each is held first."""
        store = self.storage.of(business)
        settings = await store.settings.read()
        at = auto_publish.due_at(self.clock(), settings)
        judged = [(view, self._judged(view)) for view in views]
        going = {
            view.item.id: AutoHold(at, verdict.switch.by, verdict.because)
            for view, verdict in judged
            if verdict.goes and verdict.switch
        }
        # Due first: an item that says it goes by itself and does not would be the worse half.
        await store.auto.put(list(going), at)
        for item_id, hold in going.items():
            await store.items.change(item_id, partial(transitions.hold_for_auto, auto=hold))
        await store.log.append(
            *(
                LogEntry(self.clock(), hold.by, "item.goes_by_itself", item_id, after=hold.because)
                for item_id, hold in going.items()
            ),
            *(
                LogEntry(self.clock(), BOT, "item.not_by_itself", view.item.id, after=verdict.not_because)
                for view, verdict in judged
                if verdict.not_because and view.coding.is_ready
            ),
        )
        return list(going)

    @staticmethod
    def _judged(view: ItemView) -> auto_publish.Verdict:
        if view.connection is None:
            return auto_publish.Verdict()
        base = view.connection.organisation.currency
        return auto_publish.judge(view.item, view.coding, view.rule, view.settings, base=base)

    async def keep_back(self, business: Business, item_id: ItemId, person: PersonId) -> None:
        """**Undo** within the hold: a person publishes it. Raises AlreadyDone, NotFound."""
        store = self.storage.of(business)
        await store.items.change(item_id, transitions.keep_back)
        await store.auto.drop(item_id)
        await store.log.append(LogEntry(self.clock(), person, "item.kept_back", item_id))

    async def run_due(self) -> int:
        """The clock: what is due is claimed and put on the queue."""
        now = self.clock()
        claimed = await self.storage.claim_auto(now, now + AGAIN_AFTER)
        for business, item_id in claimed:
            slot = int(now.timestamp())
            await self.jobs.enqueue(
                "auto_publish", str(business), item_id, key=f"auto:{business}:{item_id}:{slot}"
            )
        return len(claimed)

    async def run(self, business: Business, item_id: ItemId) -> None:
        """One item whose hold is over. What stands against it by now is said on the item."""
        store = self.storage.of(business)
        item = await store.items.get(item_id)
        if item is not None and item.auto is not None and item.stage is ItemStage.INBOX:
            await self._go(store, item, item.auto)
        await store.auto.drop(item_id)

    async def _go(self, store: Store, item: Item, hold: AutoHold) -> None:
        verdict = self._judged(await (await Viewer.of(store)).view(item))
        if verdict.switch is None:
            await self._stays(store, item, "auto-publish was switched off meanwhile")
            return
        if not verdict.goes:
            await self._stays(store, item, verdict.not_because)
            return
        try:
            outcome = await self.publish.begin(store.business, item.id, hold.by, automatic=hold.because)
        except (AlreadyDone, NotFound):
            return
        except BotError as fault:
            await self._stays(store, item, fault.says)
            return
        if isinstance(outcome, AskSupplier):
            await self._stays(store, item, "its supplier is new", NEW_SUPPLIER)

    async def _stays(self, store: Store, item: Item, why: str, cause: str = "auto_publish") -> None:
        hold = Hold(cause, f"It was not published by itself: {why.rstrip('.')}.", "", self.clock())
        await store.items.change(item.id, partial(transitions.not_by_itself, hold=hold))
        await store.log.append(LogEntry(self.clock(), BOT, "item.not_by_itself", item.id, after=why))

    async def counted(self, business: Business, view: ItemView) -> int:
        """Counts a publish by hand; how many were alike, where auto-publish is to be suggested for its
        supplier now, else 0. It is to be until `suggested` says that somebody has heard it."""
        published = view.item.published
        key = rule_key(view.item.document.side, view.coding.party)
        if published is None or published.automatic or not key:
            return 0
        store = self.storage.of(business)
        rule = await store.rules.of(key)
        before = await store.auto.streak(key)
        after = before.and_then(view.coding, view.item.id)
        if after == before or (rule and rule.auto):
            return 0
        await store.auto.keep_streak(key, after)
        return after.times if after.suggests else 0

    async def suggested(self, business: Business, view: ItemView) -> None:
        """An Admin has it before them: not again for a supplier that goes on being coded alike."""
        await self._keep(business, view, lambda streak: replace(streak, told=True))

    async def declined(self, business: Business, person: PersonId, view: ItemView) -> None:
        """**Not for this supplier**: never suggested for it again."""
        await self._keep(business, view, lambda streak: replace(streak, declined=True))
        said = LogEntry(self.clock(), person, "auto.declined", view.coding.party)
        await self.storage.of(business).log.append(said)

    async def _keep(self, business: Business, view: ItemView, change: Callable[[Streak], Streak]) -> None:
        store, key = self.storage.of(business), rule_key(view.item.document.side, view.coding.party)
        await store.auto.keep_streak(key, change(await store.auto.streak(key)))
