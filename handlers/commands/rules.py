"""`/dext rules`: what items of suppliers and customers get, and whether they are published by themselves."""

from __future__ import annotations

import secrets

from bot.domain.items import Side
from bot.domain.roles import Role
from bot.domain.settings import SupplierRule
from bot.errors import NotConnected, NotFound
from bot.services import Services
from bot.services.rule_book import Book
from bot.slack.blocks import conflicts as conflict_blocks
from bot.slack.blocks import payment_methods as method_blocks
from bot.slack.blocks import rule_form
from bot.slack.blocks import rules as blocks
from bot.slack.blocks.parts import View
from handlers import payment_methods, suggesting
from handlers.kit import Answer, Call, Entry, Feature, Show
from handlers.showing import show_mended

CHANGING = "change supplier rules"


async def show(call: Call, services: Services) -> None:
    """Only where something is connected: categories and taxes come from its lists."""
    book = await services.rule_book.read(call.business)
    if not book.is_connected:
        raise NotConnected()
    await call.open(await _shown(call, services, book, 0))


async def _page(call: Call, services: Services, offset: int) -> View:
    return await _shown(call, services, await services.rule_book.read(call.business), offset)


async def _shown(call: Call, services: Services, book: Book, offset: int) -> View:
    lines = [
        blocks.Line(view.rule.supplier, view.rule.name, view.words, view.gone, view.rule.side)
        for view in book.views
    ]
    conflicts = None if book.conflicts is None else len(book.conflicts)
    methods = [payment_methods.shown(view) for view in await services.payment_methods.all(call.business)]
    at = min(offset, max(0, len(lines) - 1))
    return blocks.page(lines, book.aliases, conflicts, at, call.carried, methods)


async def turn(call: Call, services: Services) -> None:
    await call.turn(await _page(call, services, int(call.value or 0)))


async def add(call: Call, services: Services) -> None:
    del services
    await call.open(rule_form.form(None, call.carried))


async def add_customer(call: Call, services: Services) -> None:
    del services
    await call.open(rule_form.form(None, call.carried, Side.SALE))


async def edit(call: Call, services: Services) -> None:
    """The rule that stands; for a supplier without one, an empty form for it."""
    view = await services.rule_book.of(call.business, call.value)
    if view is None:
        raise NotFound("There is no rule for this supplier any more.", advice="Add one with `/dext rules`.")
    await call.open(rule_form.form(rule_form.Standing(view.rule, view.entries), call.carried))


async def save(call: Call, services: Services) -> Answer | None:
    side = Side(str(call.meta.get("side", Side.COST.value)))
    who = "supplier" if side is Side.COST else "customer"
    chosen = str(call.meta.get("supplier") or call.values.get(who) or "")
    call.verdict = await services.rules.save(call.business, call.person, chosen, call.values, side)
    return Answer(clear=True)


async def saved(call: Call, services: Services) -> None:
    rule: SupplierRule = call.verdict
    await call.whisper(blocks.saved(rule.name))
    await show_mended(call.slack, services, call.business)


async def remove(call: Call, services: Services) -> None:
    await services.rules.remove(call.business, call.person, call.value)
    await call.turn(await _page(call, services, int(call.meta.get("offset", 0))))


async def forget(call: Call, services: Services) -> None:
    """A remembered name stands for nothing any more."""
    await services.aliases.forget(call.business, call.person, call.value)
    await call.turn(await _page(call, services, int(call.meta.get("offset", 0))))


async def forget_method(call: Call, services: Services) -> None:
    """A remembered payment method stands for nothing any more."""
    await payment_methods.forgotten(call, services)
    await call.turn(await _page(call, services, int(call.meta.get("offset", 0))))


# --- the table


async def ask_export(call: Call, services: Services) -> Answer | None:
    """On the queue before the acknowledgement."""
    await services.rule_book.ask_table(call.business, call.person, secrets.token_hex(4))
    return None


async def export_asked(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.export_asked())


# --- conflicts


async def conflicts(call: Call, services: Services) -> None:
    await call.open(await _conflicts(call, services, 0))


async def turn_conflicts(call: Call, services: Services) -> None:
    await call.turn(await _conflicts(call, services, int(call.value or 0)))


async def _conflicts(call: Call, services: Services, offset: int) -> View:
    return conflict_blocks.page(await services.rule_book.conflicts(call.business), offset, call.carried)


async def clear(call: Call, services: Services) -> None:
    key, name = conflict_blocks.pair(call.value)
    await services.rules.clear(call.business, call.person, key, name)
    await _mended(call, services)


async def move(call: Call, services: Services) -> None:
    found = await services.rule_book.conflicts(call.business)
    name = next((one.moves_to for one in found if one.rule.supplier == call.value and one.moves_to), "")
    if not name:
        raise NotFound("This conflict is gone already.", advice="Look at the conflicts again.")
    await services.rules.move(call.business, call.person, call.value, name)
    await _mended(call, services)


async def remove_here(call: Call, services: Services) -> None:
    await services.rules.remove(call.business, call.person, call.value)
    await _mended(call, services)


async def _mended(call: Call, services: Services) -> None:
    await call.turn(await _conflicts(call, services, int(call.meta.get("offset", 0))))
    if call.below:
        await call.slack.turn(call.below, await _page(call, services, 0))
    await show_mended(call.slack, services, call.business)


def _entry(show: Show) -> Entry:
    return Entry(Role.ADMIN, CHANGING, show=show)


FEATURE = Feature(
    name="rules",
    summary="What items of a supplier or customer get, and whether they go by themselves",
    command=_entry(show),
    actions={
        blocks.ADD: _entry(add),
        blocks.ADD_CUSTOMER: _entry(add_customer),
        blocks.EDIT: _entry(edit),
        blocks.REMOVE: _entry(remove),
        blocks.FORGET: Entry(Role.ADMIN, "forget remembered names", show=forget),
        method_blocks.FORGET: Entry(Role.ADMIN, payment_methods.CHOOSING, show=forget_method),
        **payment_methods.CHANGING,
        blocks.TURN + ".on": _entry(turn),
        blocks.TURN + ".back": _entry(turn),
        blocks.EXPORT: Entry(Role.ADMIN, "export the rules", decide=ask_export, show=export_asked),
        blocks.CONFLICTS: _entry(conflicts),
        conflict_blocks.TURN + ".on": _entry(turn_conflicts),
        conflict_blocks.TURN + ".back": _entry(turn_conflicts),
        conflict_blocks.EDIT_OTHER: _entry(edit),
        conflict_blocks.CLEAR: _entry(clear),
        conflict_blocks.MOVE: _entry(move),
        conflict_blocks.REMOVE_HERE: _entry(remove_here),
        **suggesting.ACTIONS,
    },
    submissions={
        rule_form.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved),
        **payment_methods.CHANGED,
        **suggesting.SUBMISSIONS,
    },
)
