"""`/dext settings`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from bot.domain.identity import ChannelId, EntryId
from bot.domain.items import DocumentType, PublishAs
from bot.domain.roles import Role
from bot.domain.settings import BooksChanges, BusinessSettings, Concerned, DuplicateMode, RefreshSchedule
from bot.errors import FieldErrors, NotConnected
from bot.services import Services
from bot.services.settings import AutoForm
from bot.slack.blocks import settings as blocks
from bot.slack.blocks import switching
from bot.slack.blocks.parts import View
from handlers import tax_exceptions
from handlers.kit import Answer, Call, Entry, Feature
from handlers.showing import show_mended

CHANGING = "change the settings"
MOST_TOLERANCE = 100


async def show(call: Call, services: Services) -> None:
    """Only where something is connected: the choices come from its lists."""
    if await services.connection.current(call.business) is None:
        raise NotConnected()
    before = await services.settings.read(call.business)
    concerned = await services.settings.concerned(call.business)
    await call.open(await _form(call, services, before, concerned, {}))


async def _form(
    call: Call,
    services: Services,
    settings: BusinessSettings,
    concerned: Concerned,
    effects: Mapping[str, str],
) -> View:
    offered = await services.settings.choices(call.business)
    return blocks.form(settings, offered.taxes, offered.accounts, call.carried, concerned, effects)


async def tried(call: Call, services: Services) -> None:
    """Before **Save**: what the change would do to what waits. What is typed elsewhere stays: Slack keeps the
    fields of a view that is changed in place (https://docs.slack.dev/reference/methods/views.update)."""
    before = await services.settings.read(call.business)
    waiting = await services.settings.waiting(call.business)
    effects = blocks.effects(before, _tried(call, before), waiting)
    await call.turn(await _form(call, services, before, waiting.concerned, effects))


async def save(call: Call, services: Services) -> Answer | None:
    before = await services.settings.read(call.business)
    new = _new(call, before)
    call.verdict = await services.settings.save(call.business, call.person, new, _auto(call))
    if before.second_admin and not new.second_admin:
        await services.switching.rule_taken_off(call.business, call.person)
    return None


def _new(call: Call, before: BusinessSettings) -> BusinessSettings:
    values = call.values
    channel = values.get("channel")
    new = replace(
        _tried(call, before),
        channel=ChannelId(channel) if channel else before.channel,
        refresh_schedule=RefreshSchedule(
            int(values.get("refresh_schedule") or before.refresh_schedule.value)
        ),
        books_changes=BooksChanges(values.get("books_changes") or before.books_changes),
        duplicates=DuplicateMode(values.get("duplicates") or before.duplicates),
        auto_except=tuple(DocumentType(kind) for kind in _many(call, "auto_except")),
        auto_hold_minutes=int(values.get("auto_hold_minutes") or before.auto_hold_minutes),
    )
    if "digest_hour" in values:
        hour, where = values.get("digest_hour"), values.get("digest_channel")
        new = replace(
            new,
            digest_hour=int(hour) if hour and hour.isdigit() else None,
            digest_channel=ChannelId(where) if where else None,
        )
    if "refresh_hour" in values:
        new = replace(
            new,
            refresh_hour=int(values.get("refresh_hour") or before.refresh_hour),
            quiet="on" in (values.get("quiet") or ""),
            second_admin="on" in (values.get("second_admin") or ""),
        )
    return _publishing(new, values)


def _tried(call: Call, before: BusinessSettings) -> BusinessSettings:
    """The settings of which one sees before saving what they would do."""
    values = call.values
    new = replace(before, warn_new_supplier="on" in (values.get("warn_new_supplier") or ""))
    if "default_tax_costs" in values:
        new = replace(
            new,
            default_tax_costs=_tax(values.get("default_tax_costs")),
            default_tax_sales=_tax(values.get("default_tax_sales")),
        )
    return new


def _auto(call: Call) -> AutoForm:
    ticked = _many(call, "auto_publish")
    accounts = tuple(EntryId(one) for one in _many(call, "auto_accounts"))
    return AutoForm(
        "on" in ticked,
        "sure" in ticked,
        call.values.get("auto_cap") or "",
        accounts,
        "sure" in _many(call, "auto_accounts_sure"),
        call.values.get("auto_accounts_cap") or "",
    )


def _many(call: Call, name: str) -> list[str]:
    return [one for one in (call.values.get(name) or "").split(",") if one]


def _publishing(settings: BusinessSettings, values: Mapping[str, str | None]) -> BusinessSettings:
    """Raises FieldErrors for a tolerance that is none."""
    if blocks.PAID_COSTS not in values:
        return settings
    tolerance = (values.get(blocks.TOLERANCE) or "0").strip()
    if not (tolerance.isdecimal() and tolerance.isascii() and int(tolerance) <= MOST_TOLERANCE):
        raise FieldErrors({blocks.TOLERANCE: f"Write a whole number from 0 to {MOST_TOLERANCE}."})
    lock_date = values.get(blocks.LOCK_DATE)
    return replace(
        settings,
        paid_costs=PublishAs(values.get(blocks.PAID_COSTS) or settings.paid_costs),
        unpaid_receipts=PublishAs(values.get(blocks.UNPAID_RECEIPTS) or settings.unpaid_receipts),
        rounding_tolerance=int(tolerance),
        lock_date=dt.date.fromisoformat(lock_date) if lock_date else None,
    )


def _tax(chosen: str | None) -> EntryId | None:
    return EntryId(chosen) if chosen else None


async def saved(call: Call, services: Services) -> None:
    await call.whisper(blocks.saved(call.verdict))
    if (await services.settings.read(call.business)).second_admin:
        admins = await services.roles.admins(call.business)
        if len(admins) < 2:  # noqa: PLR2004 - one alone cannot agree with themselves
            await call.whisper(switching.only_one(admins))
    await show_mended(call.slack, services, call.business)


FEATURE = Feature(
    name="settings",
    summary="Supplier warning, default taxes, publishing, lock date, channel, refresh schedule, auto-publish",
    command=Entry(Role.ADMIN, CHANGING, show=show),
    actions={
        blocks.OPEN: Entry(Role.ADMIN, CHANGING, show=show),
        blocks.TRY: Entry(Role.ADMIN, CHANGING, show=tried),
        **tax_exceptions.ACTIONS,
    },
    submissions={
        blocks.SAVE: Entry(Role.ADMIN, CHANGING, decide=save, show=saved),
        **tax_exceptions.SUBMISSIONS,
    },
)
