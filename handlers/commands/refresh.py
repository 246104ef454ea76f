"""`/dext refresh [list]`: the question, the claim, the green banner; what the refresh changed."""

from __future__ import annotations

import json

from bot.domain.lists import ListKind
from bot.domain.naming import list_named
from bot.domain.roles import Role
from bot.errors import NotConnected, NotFound, WrongInput
from bot.services import Services
from bot.services.refresh import Begun
from bot.slack.blocks import changes as change_blocks
from bot.slack.blocks import items as item_blocks
from bot.slack.blocks import refresh as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import show_refresh, shown

REFRESHING = "refresh the lists"


async def ask(call: Call, services: Services) -> None:
    """Ask first: only the lists are read again, items and settings stay. A word names one list."""
    connection = await services.connection.current(call.business)
    if connection is None:
        raise NotConnected()
    kinds = services.connection.software(connection.software).lists
    word = call.text.strip()
    chosen = list_named(word, kinds) if word else None
    if word and chosen is None and word.casefold() not in ("all", "lists", "all lists"):
        words = ", ".join(sorted(kind.words for kind in kinds))
        raise WrongInput(f"There is no list “{word[:40]}”.", advice=f"There are {words}.")
    if chosen is None and call.value in set(ListKind):
        chosen = ListKind(call.value)
    await call.open(blocks.question(kinds, chosen, call.carried))


async def claim(call: Call, services: Services) -> Answer | None:
    picked = call.values.get(blocks.LISTS) or blocks.ALL
    only = ListKind(picked) if picked in set(ListKind) else None
    call.verdict = await services.refresh.begin(call.business, call.person, only)
    return None


async def banner(call: Call, services: Services) -> None:
    begun: Begun = call.verdict
    connection = await services.connection.current(call.business)
    if not begun.started or connection is None:
        await call.whisper(blocks.already_running(begun.refresh))
        return
    await show_refresh(call, services, connection, begun.refresh)


# --- what it changed


async def report(call: Call, services: Services) -> None:
    await call.open(await _report_page(call, services, call.value, 0))


async def turn(call: Call, services: Services) -> None:
    refresh_id = str(call.meta.get("refresh", ""))
    await call.turn(await _report_page(call, services, refresh_id, int(call.value or 0)))


async def _report_page(call: Call, services: Services, refresh_id: str, offset: int) -> View:
    found = await services.refresh.report(call.business, refresh_id, offset, change_blocks.ON_A_PAGE)
    return change_blocks.page(refresh_id, found.lines, found.total, offset, call.carried)


async def touched_items(call: Call, services: Services) -> None:
    """The items of one change, each with its buttons."""
    place = _place(call.value)
    touch = await services.refresh.touch(call.business, *place)
    views = await services.items.views(call.business, touch.items[: item_blocks.ON_A_PAGE])
    rows = item_blocks.rows([shown(view) for view in views])
    await call.open(change_blocks.items(rows, touch, call.carried))


def _place(value: str) -> tuple[str, int]:
    """Refresh and line."""
    try:
        place = json.loads(value)
        return str(place["refresh"]), int(place["line"])
    except (ValueError, KeyError, TypeError):
        raise NotFound("This report is no longer kept.") from None


SEEING = "see what a refresh changed"
FEATURE = Feature(
    name="refresh",
    summary="Read the lists from the accounting software again",
    command=Entry(Role.ADMIN, REFRESHING, show=ask),
    actions={
        blocks.ASK: Entry(Role.ADMIN, REFRESHING, show=ask),
        change_blocks.OPEN: Entry(Role.MEMBER, SEEING, show=report),
        f"{change_blocks.TURN}.on": Entry(Role.MEMBER, SEEING, show=turn),
        f"{change_blocks.TURN}.back": Entry(Role.MEMBER, SEEING, show=turn),
        change_blocks.ITEMS: Entry(Role.MEMBER, SEEING, show=touched_items),
    },
    submissions={blocks.CONFIRM: Entry(Role.ADMIN, REFRESHING, decide=claim, show=banner)},
)
