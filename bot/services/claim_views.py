"""Claims and receipts beside the items that are looked at: what `Viewer` needs to know of them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from bot.domain.claim_coding import Joined, beside
from bot.domain.claim_lines import Receipt
from bot.domain.identity import ItemId
from bot.domain.items import Item
from bot.ports import Store

Coded = Callable[[Sequence[Item]], Awaitable[Sequence[Receipt]]]
"""Receipts, each coded by itself."""


async def joined(store: Store, items: Sequence[Item], at_hand: Mapping[ItemId, Item], coded: Coded) -> Joined:
    """The receipts of claims and the claims of receipts; looked for among the items at hand first. Nothing
    is asked of Redis where there are none."""
    wanted = beside(items)
    if not wanted:
        return Joined()
    known = {item: at_hand[item] for item in wanted if item in at_hand}
    known |= {item.id: item for item in await store.items.many(sorted(wanted - known.keys()))}
    receipts = await coded([item for item in known.values() if not item.document.is_claim])
    return Joined(known, {receipt.item.id: receipt for receipt in receipts})
