"""Claims that come in by a file: their receipts are put in where there is only one answer."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from bot.domain import claims
from bot.domain.audit import LogEntry
from bot.domain.claim_matching import matched
from bot.domain.identity import ItemId, PersonId
from bot.domain.items import Item
from bot.errors import AlreadyDone
from bot.ports import Store


async def expected(store: Store, items: Sequence[Item], base: str) -> list[Item]:
    """The items of a file as they will stand once they are in. Stores nothing."""
    candidates = await _candidates(store, [item for item in items if item.document.is_claim], items)
    here = {item.id: item for item in candidates}
    for claim, receipts in matched(candidates, base).items():
        here |= {item.id: item for item in claims.with_receipts(here[claim], receipts, here)}
    return [here.get(item.id, item) for item in items]


async def match(
    store: Store, items: Sequence[Item], base: str, by: PersonId, now: datetime
) -> Sequence[ItemId]:
    """Of the items of a file, that are in by now: puts receipts into the claims that nobody has touched yet.
    Doing it again changes nothing. Gives the receipts that were put in."""
    fresh = [item for item in items if item.document.is_claim and item.revision == 0]
    candidates = await _candidates(store, fresh, fresh)
    joined: list[ItemId] = []
    for claim, receipts in matched(candidates, base).items():
        with contextlib.suppress(AlreadyDone):  # somebody was quicker: they look at it anyway
            changed = await store.items.change_together(
                [claim, *receipts], partial(_with_receipts, claim, receipts)
            )
            await store.log.append(*joining(changed, claim, by, now))
            joined += receipts
    return joined


def joining(changed: Sequence[Item], claim_id: ItemId, by: PersonId, now: datetime) -> list[LogEntry]:
    """What the log says of receipts that are in a claim by now."""
    claim = next((item for item in changed if item.id == claim_id), None)
    name = claims.label(claim) if claim else ""
    joined = (item for item in changed if item.claim == claim_id)
    return [LogEntry(now, by, "item.joined_claim", item.id, after=name) for item in joined]


def _with_receipts(claim: ItemId, receipts: Sequence[ItemId], there: Mapping[ItemId, Item]) -> list[Item]:
    return claims.with_receipts(there[claim], receipts, there)


async def _candidates(store: Store, found: Sequence[Item], items: Sequence[Item]) -> list[Item]:
    """The file's claims and receipts, and the receipts that are here already; nothing without a claim."""
    if not found:
        return []
    known: dict[ItemId, Item] = {}
    async for here in store.items.walk(claims.IDLE):
        known |= {item.id: item for item in here if item.document.claimed}
    return list({**known, **{item.id: item for item in items}}.values())
