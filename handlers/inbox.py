"""The inbox as a modal, and keeping it true while views lie upon it."""

from __future__ import annotations

from typing import Any

from bot.domain.items import ItemStatus
from bot.services import Services
from bot.slack.blocks import items as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Call
from handlers.showing import shown


async def page(call: Call, services: Services, word: str, offset: int, cause: str = "") -> View:
    """One page of the items of a status; of all that is to do without one. With a cause, those that wait or
    failed for it."""
    status = ItemStatus(word) if word else None
    found = await services.items.page(call.business, status, offset, blocks.ON_A_PAGE, cause)
    meta = call.carried | ({"cause": cause} if cause else {})
    return blocks.inbox(
        [shown(view) for view in found.views], found.total, offset, found.counts, status, meta
    )


def place(call: Call) -> dict[str, Any]:
    """What a view upon the list carries along, so that the list below it can be redrawn."""
    return call.carried | {
        name: call.meta[name] for name in ("status", "offset", "cause") if name in call.meta
    }


async def redraw_list(call: Call, services: Services, view_id: str) -> None:
    if view_id and "status" in call.meta:
        word, offset = str(call.meta["status"]), int(call.meta.get("offset", 0))
        view = await page(call, services, word, offset, str(call.meta.get("cause", "")))
        await call.slack.turn(view_id, view)
