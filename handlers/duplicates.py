"""The buttons of **Duplicate?**; part of the feature `items`."""

from __future__ import annotations

from bot.domain.duplicates import Answer, Suspect
from bot.domain.identity import ItemId, is_in_books
from bot.domain.roles import Role
from bot.services import Services
from bot.services.duplicates import Comparison
from bot.services.items import ItemView
from bot.slack.blocks import duplicates as blocks
from bot.slack.blocks import items as item_blocks
from bot.slack.blocks.parts import View
from handlers.inbox import place, redraw_list
from handlers.kit import Call, Entry, Show
from handlers.showing import show_item, shown

SETTLING = "settle duplicates"


async def compare(call: Call, services: Services) -> None:
    """Both items side by side; anybody may look."""
    found = await services.duplicates.compare(call.business, ItemId(call.value))
    await call.open(_question(call, found) if found else blocks.nothing(place(call)))


def _question(call: Call, found: Comparison) -> View:
    return blocks.question(shown(found.view), shown(found.other), found.suspect, found.asking, place(call))


def _settle(answer: Answer) -> Show:
    async def settle(call: Call, services: Services) -> None:
        item_id, other_id = blocks.pair(call.value)
        view = await services.duplicates.settle(call.business, item_id, other_id, call.person, answer)
        await _show(call, services, view, other_id)

    return settle


async def ask_again(call: Call, services: Services) -> None:
    item_id, other_id = blocks.pair(call.value)
    view = await services.duplicates.ask_again(call.business, item_id, other_id, call.person)
    await _show(call, services, view, other_id)


async def _show(call: Call, services: Services, view: ItemView, other_id: ItemId) -> None:
    """The next question where there is one, else what became of this one; both cards, and the list."""
    asking = [one for one in view.suspects if one.asks]
    if asking:
        found = await services.duplicates.compare(call.business, view.item.id, asking[0].other.id)
        turned = _question(call, found) if found else blocks.nothing(place(call))
    else:
        turned = _settled(call, view, other_id)
    await call.slack.turn(call.view_id, turned)
    for item_id in (view.item.id, other_id):
        if is_in_books(item_id):
            continue
        await show_item(call.slack, services, call.business, item_id, posts=False)
    await redraw_list(call, services, call.below)


def _settled(call: Call, view: ItemView, other_id: ItemId) -> View:
    about: Suspect | None = next((one for one in view.suspects if one.other.id == other_id), None)
    if about is None:
        return blocks.nothing(place(call))
    return blocks.settled(shown(view), about, about.verdict, place(call))


ACTIONS = {
    item_blocks.DUPLICATE: Entry(Role.MEMBER, "compare items", show=compare),
    blocks.SAME: Entry(Role.APPROVER, SETTLING, show=_settle(Answer.SAME)),
    blocks.DIFFERENT: Entry(Role.APPROVER, SETTLING, show=_settle(Answer.DIFFERENT)),
    blocks.REPLACE: Entry(Role.APPROVER, SETTLING, show=_settle(Answer.REPLACED)),
    blocks.ASK_AGAIN: Entry(Role.APPROVER, SETTLING, show=ask_again),
}
