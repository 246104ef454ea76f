"""**Exceptions by currency** in Settings; part of the feature `settings`."""

from __future__ import annotations

from bot.domain.default_taxes import key
from bot.domain.identity import EntryId
from bot.domain.items import Side
from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks import settings as settings_blocks
from bot.slack.blocks import tax_exceptions as blocks
from bot.slack.blocks.parts import View
from handlers.kit import Answer, Call, Entry
from handlers.showing import show_mended

CHANGING = "change the settings"


async def show(call: Call, services: Services) -> None:
    await call.open(await _form(call, services))


async def tried(call: Call, services: Services) -> None:
    """Before **Save**: what the exception would do to what waits. Two fields chosen one upon the other both
    redraw the window, so it is not asked to be as it was: the last one counts."""
    _, currency, tax = _chosen(call)
    if currency and tax:
        await call.slack.turn(call.view_id, await _form(call, services))


async def _form(call: Call, services: Services) -> View:
    seen = await services.tax_exceptions.seen(call.business)
    known = [blocks.Shown(one, tax, seen.would_change(one, None)) for one, tax in seen.known.items()]
    side, currency, tax = _chosen(call)
    code = seen.code(currency)
    would_change = seen.would_change(key(side, code), tax) if code and tax else None
    return blocks.form(
        known, seen.taxes, seen.currencies, call.carried, is_all=seen.is_all, would_change=would_change
    )


def _chosen(call: Call) -> tuple[Side, EntryId, EntryId]:
    """Side, currency and tax as the form has them."""
    values = call.values
    side = Side(values.get(blocks.SIDE) or Side.COST)
    currency, tax = (EntryId(values.get(name) or "") for name in (blocks.CURRENCY, blocks.TAX))
    return side, currency, tax


async def save(call: Call, services: Services) -> Answer | None:
    call.verdict = await services.tax_exceptions.choose(call.business, call.person, *_chosen(call))
    return None


async def saved(call: Call, services: Services) -> None:
    await call.whisper(settings_blocks.saved(call.verdict))
    await show_mended(call.slack, services, call.business)


async def remove(call: Call, services: Services) -> None:
    call.verdict = await services.tax_exceptions.remove(call.business, call.person, call.value)
    await call.turn(await _form(call, services))
    await saved(call, services)


ACTIONS = {
    settings_blocks.EXCEPTIONS: Entry(Role.ADMIN, CHANGING, show=show),
    blocks.TRY: Entry(Role.ADMIN, CHANGING, show=tried),
    blocks.REMOVE: Entry(Role.ADMIN, CHANGING, show=remove),
}
SUBMISSIONS = {blocks.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved)}
"""Saving closes this window: Settings, and what was typed there, is below it."""
