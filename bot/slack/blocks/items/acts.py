"""What one can do with an item: the buttons its state allows, and the `⋯` beside it."""

from __future__ import annotations

import json

from bot.domain.items import Item, ItemStatus, Published
from bot.slack.blocks import claim_card, standing
from bot.slack.blocks.items.shown import (
    DETAILS,
    DUPLICATE,
    EDIT,
    HISTORY,
    KEEP_BACK,
    MORE,
    PAY_AGAIN,
    PUBLISH,
    REJECT,
    RESTORE,
    RETRY,
    SHOW_RECORD,
    UNDO,
    Shown,
)
from bot.slack.blocks.mending import ends_doubt, mends, mends_problems, only_asks_method
from bot.slack.blocks.parts import Block, button, option, overflow


def more(item: Item) -> Block:
    acts = [("Show the record", SHOW_RECORD), ("Details", DETAILS), ("History", HISTORY)]
    if item.published:
        acts.append(("Undo", UNDO))
    acts += claim_card.acts(item)
    return overflow(MORE, [option(words, _act(act, item)) for words, act in acts])


def _act(act: str, item: Item) -> str:
    return json.dumps({"do": act, "item": item.id}, separators=(",", ":"))


def buttons(shown: Shown) -> list[Block]:
    """One primary button; none that the state does not allow."""
    item_id = shown.item.id
    duplicate = button("Duplicate?", DUPLICATE, item_id)
    # Open, or answered: an answer can be taken back where it was given.
    answered = [duplicate] if shown.asks or any(one.verdict for one in shown.suspects) else []
    answered += ends_doubt(shown.item)
    if shown.status in (ItemStatus.READY, ItemStatus.NEEDS_ATTENTION, ItemStatus.FAILED):
        return _to_do(shown, answered)
    if shown.status is ItemStatus.REJECTED:
        return [button("Put back", RESTORE, item_id), *answered]
    if shown.status is ItemStatus.IN_CLAIM:
        receipt = claim_card.of_receipt(shown.item, shown.claim)
        return [*receipt, *([button("Edit", EDIT, item_id)] if receipt else []), *answered]
    published = shown.item.published if shown.status is ItemStatus.PUBLISHED else None
    # What waits goes on by itself when what holds it is mended.
    return _of_record(shown.item, published) if published else mends(shown.item.hold)


def _of_record(item: Item, published: Published) -> list[Block]:
    owes = standing.owes_payment(published) and not standing.is_gone(published)
    again = [button("Retry payment", PAY_AGAIN, item.id, style="primary")] if owes else []
    return [*again, *standing.buttons(item)]


def _mending(shown: Shown, edit: Block) -> list[Block]:
    """**Edit** and what else mends it, the likeliest first."""
    mending = mends_problems(shown.item, shown.coding)
    acts = [edit, *mending]
    if only_asks_method(shown.item, shown.coding):
        acts = [mending[0], edit, *mending[1:]]
    return [{**acts[0], "style": "primary"}, *acts[1:]]


def _to_do(shown: Shown, answered: list[Block]) -> list[Block]:
    """Of an item that somebody still has to look at or to publish."""
    item_id, edit = shown.item.id, button("Edit", EDIT, shown.item.id)
    also = claim_card.leaving(shown.item) or [button("Reject", REJECT, item_id)]
    if shown.status is ItemStatus.NEEDS_ATTENTION and shown.only_asks:
        return [
            {**button("Duplicate?", DUPLICATE, item_id), "style": "primary"},
            edit,
            *also,
            *ends_doubt(shown.item),
        ]
    first = claim_card.first(shown.item, shown.coding, shown.faulty)
    if shown.status is ItemStatus.NEEDS_ATTENTION and first:
        also = [*claim_card.choosing(shown.item, first), *also, *answered]
        return [*first, edit, *mends_problems(shown.item, shown.coding), *also]
    if shown.status is ItemStatus.NEEDS_ATTENTION:
        return [*_mending(shown, edit), *claim_card.choosing(shown.item), *also, *answered]
    also = [*claim_card.choosing(shown.item), *also, *answered]
    if shown.status is ItemStatus.READY:
        publish = button("Publish", PUBLISH, item_id, style="primary")
        undo = [button("Undo", KEEP_BACK, item_id)] if shown.item.auto else []
        return [publish, *undo, edit, *mends(shown.item.hold), *also]
    return [button("Retry", RETRY, item_id, style="primary"), edit, *mends(shown.item.hold), *also]
