"""The inbox as a modal, and keeping it true while views lie upon it."""

from __future__ import annotations

from typing import Any

from bot.domain.items import ItemStatus
from bot.services import Services
from bot.slack.blocks import items as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Call
from handlers.showing import shown


async def page(
    call: Call, services: Services, word: str, offset: int, cause: str = "", find: str = ""
) -> View:
    """One page of the items of a status; of all that is to do without one. With a cause, those that wait or
    failed for it; with `find`, items of any state that fit what was typed."""
    status = ItemStatus(word) if word else None
    if find:
        found = await services.items.find(call.business, find, offset, blocks.ON_A_PAGE)
    else:
        found = await services.items.page(call.business, status, offset, blocks.ON_A_PAGE, cause)
    kept = {"cause": cause, "find": find[: blocks.FIND_LONGEST]}
    meta = call.carried | {name: text for name, text in kept.items() if text}
    return blocks.inbox(
        [shown(view) for view in found.views], found.total, offset, found.counts, status, meta
    )


def place(call: Call) -> dict[str, Any]:
    """What a view upon the list carries along, so that the list below it can be redrawn."""
    return call.carried | {
        name: call.meta[name] for name in ("status", "offset", "cause", "find") if name in call.meta
    }


async def redraw_list(call: Call, services: Services, view_id: str) -> None:
    if view_id and "status" in call.meta:
        word, cause, find = (str(call.meta.get(name, "")) for name in ("status", "cause", "find"))
        view = await page(call, services, word, int(call.meta.get("offset", 0)), cause, find)
        await call.slack.turn(view_id, view)
