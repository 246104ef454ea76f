"""Which record of ours a credit corrects, so that the accounting software knows the two belong together."""

from __future__ import annotations

from bot.domain import searching
from bot.domain.coding import Coding
from bot.domain.duplicates import folded_number
from bot.domain.items import Item, ItemStage, PublishAs
from bot.domain.kinds import BILLS
from bot.domain.standing import State
from bot.ports import Store

LOOKED_AT = 50
CORRECTED = {PublishAs.VENDOR_CREDIT: BILLS, PublishAs.CREDIT_NOTE: frozenset({PublishAs.INVOICE})}


async def corrected(store: Store, coding: Coding, party: str, organisation: str) -> str:
    """The id of the record that we made of the corrected document, for the same supplier or customer in the
    same organisation; empty where there is none that still counts there."""
    kinds = CORRECTED.get(coding.publish_as)
    if not coding.corrects or kinds is None:
        return ""
    number = folded_number(coding.corrects)
    found = await store.items.find(searching.typed(coding.corrects), [number])
    for item in await store.items.many(found[:LOOKED_AT]):
        if not _counts(item, kinds) or number not in _numbers(item):
            continue
        publication = await store.publications.get(item.publication)
        record = publication.record if publication else None
        if publication and record and record.party == party and publication.organisation == organisation:
            return item.published.record_id if item.published else ""
    return ""


def _counts(item: Item, kinds: frozenset[PublishAs]) -> bool:
    """A draft is not owed yet, and what is void no longer: neither can be credited."""
    published = item.published
    if item.stage is not ItemStage.PUBLISHED or published is None or published.kind not in kinds:
        return False
    if published.standing is None:
        return not published.is_draft
    return published.standing.state is not State.DRAFT and not published.standing.state.is_gone


def _numbers(item: Item) -> set[str]:
    said = [item.document.document_number, item.published.number if item.published else ""]
    return {folded_number(number) for number in said if number}
