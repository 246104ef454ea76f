"""`/dext rules`: what a supplier's items get, and whether they are published by themselves."""

from __future__ import annotations

from bot.domain.identity import ItemId
from bot.domain.roles import Role
from bot.domain.settings import SupplierRule
from bot.errors import NotConnected, NotFound
from bot.services import Services
from bot.services.rules import words
from bot.slack.blocks import rules as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import show_mended

CHANGING = "change supplier rules"


async def show(call: Call, services: Services) -> None:
    """Only where something is connected: categories and taxes come from its lists."""
    if await services.connection.current(call.business) is None:
        raise NotConnected()
    await call.open(await _page(call, services, 0))


async def _page(call: Call, services: Services, offset: int) -> View:
    lines = []
    for view in await services.rules.all(call.business):
        names = {str(entry.id): entry.label for entry in view.entries.values() if entry}
        lines.append(blocks.Line(view.rule.supplier, view.rule.name, words(view.rule, names), view.gone))
    aliases = await services.aliases.all(call.business)
    return blocks.page(lines, aliases, min(offset, max(0, len(lines) - 1)), call.carried)


async def turn(call: Call, services: Services) -> None:
    await call.turn(await _page(call, services, int(call.value or 0)))


async def add(call: Call, services: Services) -> None:
    del services
    await call.open(blocks.form(None, call.carried))


async def edit(call: Call, services: Services) -> None:
    """The rule that stands; for a supplier without one, an empty form for it."""
    view = await services.rules.of(call.business, call.value)
    if view is None:
        raise NotFound("There is no rule for this supplier any more.", advice="Add one with `/dext rules`.")
    await call.open(blocks.form(blocks.Standing(view.rule, view.entries), call.carried))


async def save(call: Call, services: Services) -> Answer | None:
    supplier = str(call.meta.get("supplier") or call.values.get("supplier") or "")
    call.verdict = await services.rules.save(call.business, call.person, supplier, call.values)
    return Answer(clear=True)


async def saved(call: Call, services: Services) -> None:
    rule: SupplierRule = call.verdict
    await call.whisper(blocks.saved(rule.name))
    await show_mended(call.slack, services, call.business)


async def remove(call: Call, services: Services) -> None:
    await services.rules.remove(call.business, call.person, call.value)
    await call.turn(await _page(call, services, int(call.meta.get("offset", 0))))


async def switch_auto(call: Call, services: Services) -> None:
    """From a suggestion: the item's category and tax become the rule, and the next ones go by themselves."""
    view = await services.items.view(call.business, ItemId(call.value))
    rule = await services.rules.learn(call.business, call.person, view, auto=True)
    if rule is None:
        raise NotFound("This item has no category any more.", advice="Set a rule with `/dext rules`.")
    await call.whisper(blocks.switched_on(rule.name))


async def forget(call: Call, services: Services) -> None:
    """A remembered name stands for nothing any more."""
    await services.aliases.forget(call.business, call.person, call.value)
    await call.turn(await _page(call, services, int(call.meta.get("offset", 0))))


FEATURE = Feature(
    name="rules",
    summary="A supplier's category, tax and more, and whether its items go by themselves",
    command=Entry(Role.ADMIN, CHANGING, show=show),
    actions={
        blocks.ADD: Entry(Role.ADMIN, CHANGING, show=add),
        blocks.EDIT: Entry(Role.ADMIN, CHANGING, show=edit),
        blocks.REMOVE: Entry(Role.ADMIN, CHANGING, show=remove),
        blocks.FORGET: Entry(Role.ADMIN, "forget remembered names", show=forget),
        blocks.TURN + ".on": Entry(Role.ADMIN, CHANGING, show=turn),
        blocks.TURN + ".back": Entry(Role.ADMIN, CHANGING, show=turn),
        blocks.SWITCH_AUTO: Entry(Role.ADMIN, CHANGING, show=switch_auto),
    },
    submissions={blocks.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved)},
)
