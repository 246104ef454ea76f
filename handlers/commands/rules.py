"""`/dext rules`: a supplier's category and tax."""

from __future__ import annotations

from bot.domain.roles import Role
from bot.domain.settings import SupplierRule
from bot.errors import NotConnected
from bot.services import Services
from bot.slack.blocks import rules as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Answer, Call, Entry, Feature

CHANGING = "change supplier rules"


async def show(call: Call, services: Services) -> None:
    """Only where something is connected: categories and taxes come from its lists."""
    if await services.connection.current(call.business) is None:
        raise NotConnected()
    await call.open(await _page(call, services))


async def _page(call: Call, services: Services) -> View:
    lines = [
        blocks.Line(
            view.rule.supplier,
            view.rule.name,
            view.category.label if view.category else "",
            view.tax.label if view.tax else "",
        )
        for view in await services.rules.all(call.business)
    ]
    return blocks.page(lines, call.carried)


async def add(call: Call, services: Services) -> None:
    del services
    await call.open(blocks.form(call.carried))


async def save(call: Call, services: Services) -> Answer | None:
    values = call.values
    call.verdict = await services.rules.save(
        call.business,
        call.person,
        values.get("supplier") or "",
        values.get("category") or "",
        values.get("tax") or "",
    )
    return Answer(clear=True)


async def saved(call: Call, services: Services) -> None:
    del services
    rule: SupplierRule = call.verdict
    await call.whisper(blocks.saved(rule.name))


async def remove(call: Call, services: Services) -> None:
    await services.rules.remove(call.business, call.person, call.value)
    await call.turn(await _page(call, services))


FEATURE = Feature(
    name="rules",
    summary="A supplier's category and tax",
    command=Entry(Role.ADMIN, CHANGING, show=show),
    actions={
        blocks.ADD: Entry(Role.ADMIN, CHANGING, show=add),
        blocks.REMOVE: Entry(Role.ADMIN, CHANGING, show=remove),
    },
    submissions={blocks.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved)},
)
