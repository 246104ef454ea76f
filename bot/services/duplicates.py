"""Settling what may be a duplicate: the same, different, or this one instead of the other."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain import duplicates
from bot.domain.audit import LogEntry
from bot.domain.duplicates import Answer, Suspect, Verdict
from bot.domain.identity import Business, ItemId, PersonId, is_in_books
from bot.errors import AlreadyDone
from bot.ports import Clock, Storage
from bot.services.items import ItemService, ItemView, Viewer


@dataclass(frozen=True)
class Comparison:
    """Two items side by side."""

    view: ItemView
    other: ItemView
    suspect: Suspect
    asking: int = 0
    """How many others somebody must still answer for."""


@dataclass(frozen=True)
class DuplicateService:
    storage: Storage
    items: ItemService
    clock: Clock

    async def compare(
        self, business: Business, item_id: ItemId, other_id: ItemId | None = None
    ) -> Comparison | None:
        """An item beside another that may be the same: the one asked for, else the first that asks, else
        the first that was answered; nothing where there is none (any more). Raises NotFound."""
        view = await self.items.view(business, item_id)
        fitting = [one for one in view.suspects if other_id in (None, one.other.id)]
        if not fitting:
            return None
        suspect = fitting[0]
        other = await self._other(business, suspect)
        asking = sum(one.asks for one in view.suspects)
        return Comparison(view, other, suspect, asking=asking)

    async def _other(self, business: Business, suspect: Suspect) -> ItemView:
        """A record that we did not make is no item: what is known of it is what was compared."""
        if is_in_books(suspect.other.id):
            return await (await Viewer.of(self.storage.of(business))).view(suspect.other)
        return await self.items.view(business, suspect.other.id)

    async def settle(
        self, business: Business, item_id: ItemId, other_id: ItemId, person: PersonId, answer: Answer
    ) -> ItemView:
        """Writes down what a person said of two items; “same” rejects the item, “replaced” the other one.

        What is rejected goes first: cut between the two steps, a rejected item is asked about again when it
        is put back, and nothing is published unasked. Raises AlreadyDone, NotFound.
        """
        store = self.storage.of(business)
        view = await self.items.view(business, item_id)
        suspect = next((one for one in view.suspects if one.other.id == other_id), None)
        if suspect is None:
            raise AlreadyDone("These two items are not alike any more.", advice="Look at them again.")
        if suspect.verdict:
            who = suspect.verdict.by
            raise AlreadyDone(f"<@{who}> answered this already.", advice="Press Ask again to answer anew.")
        if answer is Answer.SAME:
            await self.items.reject(business, item_id, person)
        elif answer is Answer.REPLACED:
            await self.items.reject(business, other_id, person)
        now = self.clock()
        await store.duplicates.answer(item_id, other_id, Verdict(answer, person, now))
        named = duplicates.named_beside(suspect, now.date())
        await store.log.append(LogEntry(now, person, f"duplicate.{answer}", item_id, after=named))
        return await self.items.view(business, item_id)

    async def ask_again(
        self, business: Business, item_id: ItemId, other_id: ItemId, person: PersonId
    ) -> ItemView:
        """Takes an answer back: the question is open again. Raises AlreadyDone."""
        store = self.storage.of(business)
        if not await store.duplicates.take_back(item_id, other_id):
            raise AlreadyDone("Nothing was answered here, or it was taken back already.")
        now = self.clock()
        view = await self.items.view(business, item_id)
        about = next((one for one in view.suspects if one.other.id == other_id), None)
        named = duplicates.named_beside(about, now.date()) if about else other_id
        await store.log.append(LogEntry(now, person, "duplicate.asked_again", item_id, before=named))
        return view
