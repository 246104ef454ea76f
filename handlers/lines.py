"""**Edit lines**: from **Edit item**, a page of lines, the form of one, and back."""

from __future__ import annotations

import json

from bot.domain.identity import ItemId
from bot.domain.line_edits import given
from bot.domain.roles import Role
from bot.errors import NotFound
from bot.services import Services
from bot.services.items import ItemView
from bot.services.lines import new_line
from bot.slack.blocks import edit_lines as blocks
from bot.slack.blocks.edit_item import LINES
from bot.slack.blocks.parts import View
from handlers.inbox import place
from handlers.kit import Answer, Call, Entry
from handlers.showing import show_item, shown

EDITING = "change items"


async def open_lines(call: Call, services: Services) -> None:
    view = await services.items.view(call.business, ItemId(call.value))
    await call.open(_lines(call, view, 0))


async def turn(call: Call, services: Services) -> None:
    view = await services.items.view(call.business, _item(call))
    await call.turn(_lines(call, view, int(call.value or 0)))


async def change(call: Call, services: Services) -> None:
    """The form takes the place of the list: Slack lays at most three windows on each other."""
    try:
        chosen = json.loads(call.value)
        item_id, line = ItemId(str(chosen["item"])), str(chosen["line"])
    except (ValueError, TypeError, KeyError):
        raise NotFound("This line is no longer there.", advice="Look at the lines again.") from None
    await _form(call, services, item_id, line)


async def add(call: Call, services: Services) -> None:
    await _form(call, services, ItemId(call.value), new_line())


async def _form(call: Call, services: Services, item_id: ItemId, line: str) -> None:
    view = await services.items.view(call.business, item_id)
    carried = place(call) | {"offset_lines": call.meta.get("offset_lines", 0)}
    await call.turn(blocks.line_form(shown(view), line, carried))


async def save(call: Call, services: Services) -> Answer | None:
    """The form turns into the list again."""
    item_id, line = _item(call), str(call.meta.get("line", ""))
    if call.values.get(blocks.REMOVE) == blocks.REMOVE:
        view = await services.lines.remove(call.business, item_id, line, call.person)
    else:
        changed = blocks.change_of(dict(call.meta.get("shown") or {}), call.values)
        view = await services.lines.save(call.business, item_id, line, call.person, changed)
    return Answer(update=_lines(call, view, int(call.meta.get("offset_lines", 0))))


async def after_save(call: Call, services: Services) -> None:
    await show_item(call.slack, services, call.business, _item(call), posts=False)


async def take_back(call: Call, services: Services) -> None:
    view = await services.lines.take_back(call.business, ItemId(call.value), call.person)
    await call.turn(_lines(call, view, 0))
    await show_item(call.slack, services, call.business, ItemId(call.value), posts=False)


def _lines(call: Call, view: ItemView, offset: int) -> View:
    last = max(0, len(given(view.item)) - 1) // blocks.ON_A_PAGE * blocks.ON_A_PAGE
    return blocks.lines(shown(view), min(offset, last), place(call))


def _item(call: Call) -> ItemId:
    return ItemId(str(call.meta.get("item", "")))


ACTIONS = {
    LINES: Entry(Role.MEMBER, EDITING, show=open_lines),
    f"{blocks.TURN}.on": Entry(Role.MEMBER, EDITING, show=turn),
    f"{blocks.TURN}.back": Entry(Role.MEMBER, EDITING, show=turn),
    blocks.CHANGE: Entry(Role.MEMBER, EDITING, show=change),
    blocks.ADD: Entry(Role.MEMBER, EDITING, show=add),
    blocks.TAKE_BACK: Entry(Role.MEMBER, EDITING, show=take_back),
}
SUBMISSIONS = {blocks.SAVE: Entry(Role.MEMBER, EDITING, decide=save, show=after_save)}
