"""The buttons and forms of payment methods; asking is part of the feature `items`, changing of `rules`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.identity import ItemId
from bot.domain.lists import ListKind, fold
from bot.domain.payment_methods import PaymentMethod
from bot.domain.roles import Role
from bot.services import Services
from bot.services.payment_methods import LONGEST_MODE, MethodView
from bot.slack.blocks import payment_methods as blocks
from bot.slack.blocks.parts import Option, option
from handlers.inbox import place, redraw_list
from handlers.kit import Answer, Call, Entry
from handlers.showing import show_item, show_mended

CHOOSING = "say what payment methods stand for"
MOST_CARDS = 50
"""So many cards of waiting items are brought up to date at once; the others when somebody looks at them."""


def shown(view: MethodView) -> blocks.Shown:
    return blocks.Shown(view.key, view.written, view.method, view.account, view.likely, len(view.waiting))


# --- asked on an item


async def ask(call: Call, services: Services) -> None:
    view = await services.payment_methods.of_item(call.business, ItemId(call.value))
    meta = place(call) | {"item": call.value}
    await call.open(blocks.form(shown(view), blocks.SAVE, meta))


async def save(call: Call, services: Services) -> Answer | None:
    item_id = ItemId(str(call.meta.get("item", "")))
    await _choose(call, services, await services.payment_methods.written_on(call.business, item_id))
    return None


async def _choose(call: Call, services: Services, written: str) -> None:
    account, mode = call.values.get(blocks.ACCOUNT) or "", call.values.get(blocks.MODE) or ""
    call.verdict = await services.payment_methods.choose(call.business, call.person, written, account, mode)


async def saved(call: Call, services: Services) -> None:
    chosen: PaymentMethod = call.verdict
    waiting = await services.payment_methods.waiting(call.business, chosen.written)
    await call.whisper(blocks.saved(chosen, len(waiting)))
    await _redraw(call, services, waiting)
    await redraw_list(call, services, call.below)


async def _redraw(call: Call, services: Services, items: Sequence[ItemId]) -> None:
    for item_id in items[:MOST_CARDS]:
        await show_item(call.slack, services, call.business, item_id, posts=False)
    await show_mended(call.slack, services, call.business)


# --- changed and forgotten in `/dext rules`


async def change(call: Call, services: Services) -> None:
    view = await services.payment_methods.of_key(call.business, call.value)
    meta = call.carried | {"key": view.key}
    await call.open(blocks.form(shown(view), blocks.SAVE_CHANGE, meta))


async def save_change(call: Call, services: Services) -> Answer:
    key = str(call.meta.get("key", ""))
    await _choose(call, services, await services.payment_methods.written_as(call.business, key))
    return Answer(clear=True)


async def forgotten(call: Call, services: Services) -> None:
    """Forgets it, and brings the cards of what waits up to date."""
    view = await services.payment_methods.of_key(call.business, call.value)
    await services.payment_methods.forget(call.business, call.person, call.value)
    await _redraw(call, services, view.waiting)


# --- pick list


async def modes(call: Call, services: Services) -> list[Option]:
    """Those that were seen on payments, and what was typed."""
    typed = " ".join(call.typed.split())[:LONGEST_MODE]
    entries = await services.items.options(call.business, ListKind.PAYMENT_MODES, typed, limit=99)
    offered = [option(entry.name, entry.name) for entry in entries]
    if typed and all(fold(entry.name) != fold(typed) for entry in entries):
        offered.append(blocks.mode_option(typed))
    return offered


ASKING = {blocks.ASK: Entry(Role.APPROVER, CHOOSING, show=ask)}
ASKED = {blocks.SAVE: Entry(Role.APPROVER, CHOOSING, decide=save, show=saved)}
CHANGING = {blocks.CHANGE: Entry(Role.ADMIN, CHOOSING, show=change)}
CHANGED = {blocks.SAVE_CHANGE: Entry(Role.ADMIN, CHOOSING, decide=save_change, show=saved)}
OFFERED = {blocks.PICK_MODE: modes}
