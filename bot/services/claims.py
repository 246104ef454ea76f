"""Expense claims: made of receipts, changed, dissolved. What a receipt is in changes in one step with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.domain import claims
from bot.domain.audit import LogEntry
from bot.domain.coding import Coding
from bot.domain.identity import Business, ItemId, PersonId
from bot.domain.items import BY_HAND, Document, DocumentType, Item, Side
from bot.errors import AlreadyDone, NotFound, WrongInput
from bot.ports import Clock, Storage, Store
from bot.services import filing
from bot.services.importing import item_id
from bot.services.items import ItemView, Viewer

OFFERED = 300
"""So many receipts are looked at closely: a person's own first, then those of nobody that is named."""


@dataclass(frozen=True)
class NewClaim:
    """What a person says of a claim beside its receipts. `once` makes a form that is sent twice one claim."""

    once: str
    owner: str
    number: str = ""
    date: dt.date | None = None
    description: str = ""


@dataclass(frozen=True)
class Choice:
    """The receipts that a claim may have: those it has, then the ones that wait."""

    owner: str
    inside: Sequence[ItemView]
    waiting: Sequence[ItemView]
    left_out: int
    """How many more wait than are looked at."""
    today: dt.date
    claim: ItemView | None = None

    def of_owner(self) -> list[ItemView]:
        """What waits of the claim's person."""
        return [view for view in self.waiting if not _distance(view.item, self.owner)]


@dataclass(frozen=True)
class Sum:
    """What chosen receipts come to as a claim."""

    coding: Coding
    number: int


@dataclass(frozen=True)
class Changed:
    """A claim after a change, and the receipts whose cards show something else now."""

    claim: ItemId
    receipts: Sequence[ItemId]


@dataclass(frozen=True)
class ClaimService:
    storage: Storage
    clock: Clock

    # --- looking

    async def choice(self, business: Business, claim_id: ItemId | None = None, owner: str = "") -> Choice:
        """With nobody named, of who handed in the most. Raises NotFound."""
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        claim = await self._view(viewer, claim_id) if claim_id else None
        items = await self._waiting(store, claims.may_join)
        owners = _owners(items)
        owner = owner or (claims.owner_of(claim.item) if claim else "") or next(iter(owners), "")
        offered = sorted(claims.in_order(items), key=lambda item: _distance(item, owner))[:OFFERED]
        waiting = await viewer.views(offered)
        inside = await viewer.views(await store.items.many(claim.item.receipts)) if claim else []
        return Choice(owner, inside, waiting, len(items) - len(offered), self.clock().date(), claim)

    async def open_claims(self, business: Business, owner: str) -> Sequence[ItemView]:
        """Claims whose receipts may still change, that person's first."""
        store = self.storage.of(business)
        found = await self._waiting(store, claims.is_open)
        views = await (await Viewer.of(store)).views(found)
        return sorted(views, key=lambda view: _distance(view.item, owner))

    async def sum_of(
        self, business: Business, receipts: Sequence[ItemId], claim_id: ItemId | None = None
    ) -> Sum:
        """What these receipts would come to; changes nothing."""
        store = self.storage.of(business)
        viewer = await Viewer.of(store)
        items = await store.items.many(receipts)
        claim = await store.items.get(claim_id) if claim_id else None
        if claim is None:
            claim = self._item(business, NewClaim("look", "nobody"), None)
        held = replace(claim, receipts=tuple(item.id for item in claims.in_order(items)))
        (view,) = await viewer.views([held])
        return Sum(view.coding, len(items))

    @staticmethod
    async def _view(viewer: Viewer, claim_id: ItemId) -> ItemView:
        item = await viewer.store.items.get(claim_id)
        if item is None or not item.document.is_claim:
            raise NotFound("This expense claim is no longer there.")
        return await viewer.view(item)

    async def owners(self, business: Business) -> list[str]:
        """Who handed in what waits, the most first."""
        return _owners(await self._waiting(self.storage.of(business), claims.may_join))

    @staticmethod
    async def _waiting(store: Store, fits: Callable[[Item], bool]) -> list[Item]:
        found: list[Item] = []
        async for items in store.items.walk(claims.IDLE):
            found += [item for item in items if fits(item)]
        return found

    # --- making and changing

    async def make(
        self, business: Business, person: PersonId, said: NewClaim, receipts: Sequence[ItemId]
    ) -> Changed:
        """A claim of these receipts, in one step with them. The same form again changes nothing. Raises
        AlreadyDone (naming the receipt that is elsewhere), NotFound, WrongInput."""
        if not said.owner.strip():
            raise WrongInput("A claim needs the person who spent the money.")
        if not receipts:
            raise WrongInput("A claim needs at least one receipt.", advice="Tick what belongs to it.")
        claim = self._item(business, said, person)

        def make(there: Mapping[ItemId, Item]) -> Sequence[Item]:
            return () if claim.id in there else claims.with_receipts(claim, receipts, there)

        changed = await self.storage.of(business).items.change_together([claim.id, *receipts], make)
        if changed:
            number = sum(item.claim == claim.id for item in changed)
            made = self._entry(person, "item.claim_made", claim.id, after=_receipts(number))
            await self._log(business, claim, changed, person, made)
        return Changed(claim.id, [item.id for item in changed if item.id != claim.id])

    async def choose(
        self, business: Business, claim_id: ItemId, person: PersonId, receipts: Sequence[ItemId]
    ) -> Changed:
        """The claim has exactly these receipts from now on. Raises AlreadyDone, NotFound, WrongInput."""
        return await self._change(business, claim_id, person, lambda _: list(receipts))

    async def add(self, business: Business, claim_id: ItemId, person: PersonId, receipt: ItemId) -> Changed:
        """One more receipt. Raises AlreadyDone, NotFound, WrongInput."""
        return await self._change(
            business, claim_id, person, lambda claim: [*claim.receipts, receipt], receipt
        )

    async def take_out(self, business: Business, receipt_id: ItemId, person: PersonId) -> Changed:
        """A receipt is in the inbox again. Raises AlreadyDone, NotFound."""
        receipt = await self.storage.of(business).items.get(receipt_id)
        if receipt is None:
            raise NotFound("This receipt is no longer there.")
        if receipt.claim is None:
            raise AlreadyDone("This receipt is in no expense claim any more.")
        return await self._change(
            business,
            receipt.claim,
            person,
            lambda claim: [one for one in claim.receipts if one != receipt_id],
        )

    async def dissolve(self, business: Business, claim_id: ItemId, person: PersonId) -> Changed:
        """All its receipts are in the inbox again. Raises AlreadyDone, NotFound."""
        store = self.storage.of(business)
        claim = await self._claim(store, claim_id)

        def dissolve(there: Mapping[ItemId, Item]) -> Sequence[Item]:
            return claims.dissolved(_of(there, claim_id), there, person)

        changed = await store.items.change_together([claim_id, *claim.receipts], dissolve)
        if changed:
            what, before = "item.claim_dissolved", _receipts(len(claim.receipts))
            await self._log(business, claim, changed, person, self._entry(person, what, claim_id, before))
        return Changed(claim_id, [item.id for item in changed if item.id != claim_id])

    async def publish_alone(self, business: Business, receipt_id: ItemId, person: PersonId) -> ItemView:
        """A receipt that its sender has in a claim may be published without one. Raises AlreadyDone,
        NotFound."""
        store = self.storage.of(business)
        item = await store.items.change(receipt_id, partial(claims.put_alone, by=person))
        await store.log.append(self._entry(person, "item.alone", receipt_id))
        return await (await Viewer.of(store)).view(item)

    async def _change(
        self,
        business: Business,
        claim_id: ItemId,
        person: PersonId,
        wanted: Callable[[Item], list[ItemId]],
        *more: ItemId,
    ) -> Changed:
        store = self.storage.of(business)
        claim = await self._claim(store, claim_id)
        ids = [claim_id, *claim.receipts, *wanted(claim), *more]

        def change(there: Mapping[ItemId, Item]) -> Sequence[Item]:
            now = _of(there, claim_id)
            return claims.with_receipts(now, wanted(now), there)

        changed = await store.items.change_together(ids, change)
        after = next((item for item in changed if item.id == claim_id), claim)
        moved = [item for item in changed if item.id != claim_id]
        if moved:
            came = sum(item.claim == claim_id for item in moved)
            before = len(after.receipts) - came + (len(moved) - came)
            said = self._entry(
                person, "item.claim_changed", claim_id, _receipts(before), _receipts(len(after.receipts))
            )
            await self._log(business, after, changed, person, said)
        return Changed(claim_id, [item.id for item in moved])

    @staticmethod
    async def _claim(store: Store, claim_id: ItemId) -> Item:
        claim = await store.items.get(claim_id)
        if claim is None:
            raise NotFound("This expense claim is no longer there.")
        return claim

    def _item(self, business: Business, said: NewClaim, person: PersonId | None) -> Item:
        external_id = f"{claims.PREFIX}{said.once}"
        document = Document(
            external_id=external_id,
            side=Side.COST,
            type=DocumentType.EXPENSE_CLAIM,
            supplier=said.owner.strip(),
            document_number=said.number.strip(),
            date=said.date,
            description=said.description.strip(),
            submitted_by=said.owner.strip(),
        )
        id_ = item_id(business, external_id)
        return Item(id_, document, self.clock(), received_from=BY_HAND, received_by=person)

    # --- the log

    def _entry(
        self, person: PersonId, what: str, about: ItemId, before: str = "", after: str = ""
    ) -> LogEntry:
        return LogEntry(self.clock(), person, what, about, before, after)

    async def _log(
        self, business: Business, claim: Item, changed: Sequence[Item], person: PersonId, said: LogEntry
    ) -> None:
        """What happened to the claim, and to each receipt that came in or went out, whose files are kept as
        before whatever became of the claim's."""
        await filing.keep(self.storage.of(business), (item for item in changed if item.id != claim.id))
        name = claims.label(claim)
        moved = [
            self._entry(person, "item.joined_claim", item.id, after=name)
            if item.claim == claim.id
            else self._entry(person, "item.left_claim", item.id, before=name)
            for item in changed
            if item.id != claim.id
        ]
        await self.storage.of(business).log.append(said, *moved)


def _of(there: Mapping[ItemId, Item], claim_id: ItemId) -> Item:
    if claim_id not in there:
        raise NotFound("This expense claim is no longer there.")
    return there[claim_id]


def _owners(items: Iterable[Item]) -> list[str]:
    names: dict[str, list[str]] = {}
    for item in items:
        if name := claims.owner_of(item):
            names.setdefault(claims.owner_key(name), []).append(name)
    return [spelt[0] for spelt in sorted(names.values(), key=lambda spelt: -len(spelt))]


def _distance(item: Item, owner: str) -> int:
    """0 for that person's, 1 for nobody's that is named, 2 for another's."""
    key = claims.owner_key(claims.owner_of(item))
    return 0 if key and key == claims.owner_key(owner) else 2 if key else 1


def _receipts(number: int) -> str:
    return f"{number} receipt{'' if number == 1 else 's'}"
