"""`/dext settings`."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.identity import ChannelId, EntryId
from bot.domain.roles import Role
from bot.domain.settings import RefreshSchedule
from bot.errors import NotConnected
from bot.services import Services
from bot.slack.blocks import settings as blocks
from handlers.kit import Answer, Call, Entry, Feature

CHANGING = "change the settings"


async def show(call: Call, services: Services) -> None:
    """Only where something is connected: the choices come from its lists."""
    if await services.connection.current(call.business) is None:
        raise NotConnected()
    settings = await services.settings.read(call.business)
    await call.open(blocks.form(settings, await services.settings.taxes(call.business), call.carried))


async def save(call: Call, services: Services) -> Answer | None:
    before = await services.settings.read(call.business)
    values = call.values
    channel = values.get("channel")
    new = replace(
        before,
        warn_new_supplier="on" in (values.get("warn_new_supplier") or ""),
        channel=ChannelId(channel) if channel else before.channel,
        refresh_schedule=RefreshSchedule(
            int(values.get("refresh_schedule") or before.refresh_schedule.value)
        ),
    )
    if "default_tax_costs" in values:
        new = replace(
            new,
            default_tax_costs=_tax(values.get("default_tax_costs")),
            default_tax_sales=_tax(values.get("default_tax_sales")),
        )
    call.verdict = await services.settings.save(call.business, call.person, new)
    return None


def _tax(chosen: str | None) -> EntryId | None:
    return EntryId(chosen) if chosen else None


async def saved(call: Call, services: Services) -> None:
    del services
    await call.whisper(blocks.saved(call.verdict))


FEATURE = Feature(
    name="settings",
    summary="Supplier warning, default taxes, channel, refresh schedule",
    command=Entry(Role.ADMIN, CHANGING, show=show),
    actions={blocks.OPEN: Entry(Role.ADMIN, CHANGING, show=show)},
    submissions={blocks.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved)},
)
