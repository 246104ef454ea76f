"""The Settings modal: General, Default tax, Publishing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.auto_publish import words_of
from bot.domain.identity import ChannelId
from bot.domain.items import DocumentType, PublishAs
from bot.domain.kinds import FOR_PAID_COSTS, FOR_UNPAID_RECEIPTS
from bot.domain.lists import Entry
from bot.domain.settings import (
    BooksChanges,
    BusinessSettings,
    Concerned,
    DuplicateMode,
    RefreshSchedule,
    Waiting,
)
from bot.slack import limits
from bot.slack.blocks.parts import (
    Block,
    Message,
    View,
    actions,
    button,
    checkboxes,
    context,
    date_input,
    field,
    header,
    message,
    modal,
    multi_select,
    option,
    section,
    select,
    text_input,
)
from bot.slack.text import count, escape

PAID_COSTS, UNPAID_RECEIPTS = "paid_costs", "unpaid_receipts"
TOLERANCE, LOCK_DATE = "rounding_tolerance", "lock_date"
OPEN = "settings.open"
EXCEPTIONS = "tax_exceptions.open"
SAVE = "settings.save"
TRY = "settings.try"
"""The fields of which one sees before saving what they would do."""
_CHANNEL = re.compile(r"&lt;#([CDG][A-Z0-9]+)&gt;")
AUTO = "Publish everything that arrives from now on"
AUTO_SURE = "Yes, all suppliers, without anybody looking at it first"
AUTO_ACCOUNTS_SURE = "Yes, whatever is paid from them, without anybody looking at it first"
HOLDS = (2, 5, 10, 30, 60)
"""Minutes in which what goes by itself can be kept back."""
OFF = "off"
QUIET = "Announce refreshes by themselves only when something changed or failed"
NONE: Mapping[str, str] = {}
SECOND_ADMIN = "A second Admin has to agree before another organisation is connected"
NOBODY = Concerned()
WARN = "Warn me when a new supplier will be created in Zoho Books"


def form(
    settings: BusinessSettings,
    taxes: Sequence[Entry],
    accounts: Sequence[Entry],
    meta: Mapping[str, Any],
    concerned: Concerned = NOBODY,
    effects: Mapping[str, str] = NONE,
) -> View:
    """`accounts` are those that costs are paid from; `concerned` are items that a setting decides for;
    `effects`, by field, what saving it would do."""
    blocks: list[Block] = [
        header("General"),
        field(
            "New suppliers",
            "warn_new_supplier",
            _tick(WARN, settings.warn_new_supplier, action=TRY),
            optional=True,
            tells=True,
        ),
        *_effect("warn_new_supplier", effects),
        field("Channel", "channel", _channel(settings.channel)),
        field(
            "Refresh schedule",
            "refresh_schedule",
            select(
                [option(one.words, str(one.value)) for one in RefreshSchedule],
                chosen=str(settings.refresh_schedule.value),
            ),
        ),
        field(
            "Refresh at",
            "refresh_hour",
            select(
                [option(f"{hour:02}:00", str(hour)) for hour in range(24)], chosen=str(settings.refresh_hour)
            ),
            hint="By the organisation's clock; and every so many hours from there.",
        ),
        field("Quiet", "quiet", _tick(QUIET, settings.quiet), optional=True),
        field("Daily digest", "digest_hour", _digest_hour(settings.digest_hour)),
        field(
            "Digest channel",
            "digest_channel",
            _channel(settings.digest_channel),
            optional=True,
            hint="Left empty, the digest goes where cards go. It is silent when there is nothing to say.",
        ),
        field(
            "Another organisation",
            "second_admin",
            _tick(SECOND_ADMIN, settings.second_admin),
            optional=True,
            hint="The other Admins are told when this is switched off.",
        ),
        field(
            "Changes in Zoho Books",
            "books_changes",
            select(
                [option(one.words, one.value) for one in BooksChanges], chosen=settings.books_changes.value
            ),
            hint="Looked for once a day; said on cards, in their threads and in the digest",
        ),
        header("Default tax"),
    ]
    if taxes:
        offered = [option(tax.label, tax.id) for tax in taxes]
        for label, name, chosen in (
            ("Default tax for costs", "default_tax_costs", settings.default_tax_costs),
            ("Default tax for sales", "default_tax_sales", settings.default_tax_sales),
        ):
            choice = select(offered, chosen=chosen or "", placeholder="None", action=TRY)
            blocks += [field(label, name, choice, optional=True, tells=True), *_effect(name, effects)]
        blocks.append(context("Never overrides a rule or a change made by hand."))
    else:
        blocks.append(section("No taxes yet: they come with the first refresh of the lists."))
    if taxes or settings.tax_exceptions:
        blocks.append(actions(button("Exceptions by currency", EXCEPTIONS, "exceptions")))
    blocks += [
        header("Publishing"),
        field(
            "Possible duplicates",
            "duplicates",
            select([option(one.words, one.value) for one in DuplicateMode], chosen=settings.duplicates.value),
            hint="Nothing is ever deleted by itself",
        ),
        *_publishing(settings, concerned),
        *_auto(settings, accounts),
    ]
    return modal("Settings", blocks, callback=SAVE, submit="Save", close="Cancel", meta=meta)


def _publishing(settings: BusinessSettings, concerned: Concerned) -> list[Block]:
    def kinds_of(offered: Sequence[PublishAs], chosen: PublishAs) -> Block:
        return select([option(kind.words, kind.value) for kind in offered], chosen=chosen.value)

    waiting = "{} waiting now and would become this"
    return [
        field(
            "Paid costs become",
            PAID_COSTS,
            kinds_of(FOR_PAID_COSTS, settings.paid_costs),
            hint=waiting.format(count(concerned.paid_costs, "item")),
        ),
        field(
            "Receipts that are not paid become",
            UNPAID_RECEIPTS,
            kinds_of(FOR_UNPAID_RECEIPTS, settings.unpaid_receipts),
            hint=waiting.format(count(concerned.unpaid_receipts, "item")),
        ),
        field(
            "Rounding",
            TOLERANCE,
            text_input(initial=str(settings.rounding_tolerance), longest=4),
            hint="Lines and total may differ by so many pence, cents or yen, and are settled as rounding",
        ),
        field(
            "Lock date",
            LOCK_DATE,
            date_input(settings.lock_date.isoformat() if settings.lock_date else ""),
            optional=True,
            hint="Nothing of this day or before is published",
        ),
        context(
            "An unpaid cost becomes a bill, a credit note a vendor credit, a sale an invoice. "
            "Change it on an item with *Edit*."
        ),
    ]


def _auto(settings: BusinessSettings, accounts: Sequence[Entry]) -> list[Block]:
    """Auto-publish on the two levels that are no supplier's; the advice comes first."""
    switch = settings.auto_publish
    everything = checkboxes([option(AUTO, "on"), option(AUTO_SURE, "sure")], ["on"] if switch else [])
    chosen = [option(one.label, one.id) for one in accounts if one.id in settings.auto_accounts]
    # An expense claim never goes by itself: there is nothing to except.
    kinds = [
        option(words_of(kind).capitalize(), kind.value)
        for kind in DocumentType
        if kind is not DocumentType.EXPENSE_CLAIM
    ]
    blocks = [
        context(
            "*Auto-publish* is best set per supplier, after a category rule: `/dext rules`. "
            "Only items that arrive afterwards go by themselves."
        ),
        field("Auto-publish all items", "auto_publish", everything, optional=True),
        field(
            "Limit",
            "auto_cap",
            text_input(initial=str(switch.cap) if switch and switch.cap is not None else ""),
            optional=True,
            hint="Above this total, in the organisation's currency, an item waits for a person.",
        ),
    ]
    if accounts:
        offered = [option(one.label, one.id) for one in accounts][: limits.OPTIONS]
        blocks.append(
            field(
                "Auto-publish what was paid from",
                "auto_accounts",
                multi_select(offered, chosen),
                optional=True,
                hint="Whoever the supplier is: for a card that only one kind of cost is paid with.",
            )
        )
        blocks += _of_accounts(settings)
    blocks += [
        field(
            "Never by themselves",
            "auto_except",
            checkboxes(kinds, [kind.value for kind in settings.auto_except]),
            optional=True,
        ),
        field(
            "Time for Undo",
            "auto_hold_minutes",
            select(
                [option(f"{minutes} minutes", str(minutes)) for minutes in HOLDS],
                chosen=str(settings.auto_hold_minutes),
            ),
        ),
    ]
    return blocks


def _of_accounts(settings: BusinessSettings) -> list[Block]:
    """Their own confirmation and limit."""
    caps = {switch.cap for switch in settings.auto_accounts.values()} - {None}
    return [
        field(
            "Sure",
            "auto_accounts_sure",
            checkboxes([option(AUTO_ACCOUNTS_SURE, "sure")]),
            optional=True,
        ),
        field(
            "Limit for what was paid from them",
            "auto_accounts_cap",
            text_input(initial=str(min(cap for cap in caps if cap)) if caps else ""),
            optional=True,
            hint="As above. Where a supplier's rule has a limit too, the lower one holds.",
        ),
    ]


def effects(before: BusinessSettings, after: BusinessSettings, waiting: Waiting) -> dict[str, str]:
    """Under each field that is not as it was: how many items saving it would change."""
    told = {}
    if after.warn_new_supplier is not before.warn_new_supplier:
        then = "you are asked first" if after.warn_new_supplier else "it is made without asking"
        told["warn_new_supplier"] = would_change(
            waiting.new_suppliers, f"with a new supplier: {then}", is_all=waiting.is_all
        )
    for name, old, new, number in (
        ("default_tax_costs", before.default_tax_costs, after.default_tax_costs, waiting.costs),
        ("default_tax_sales", before.default_tax_sales, after.default_tax_sales, waiting.sales),
    ):
        if old != new:
            told[name] = would_change_taxes(number, is_all=waiting.is_all)
    return told


def would_change_taxes(number: int, *, is_all: bool) -> str:
    """As `would_change`, of a default tax."""
    return would_change(number, f"without a tax of {'its' if number == 1 else 'their'} own", is_all=is_all)


def would_change(number: int, which: str, *, is_all: bool) -> str:
    """How many waiting items; where not all were looked at, of the newest."""
    newest = "" if is_all else "of the newest "
    if not number:
        return f"Would change no {newest and 'recent '}waiting item."
    return f"Would change {number:,} {newest}waiting item{'s' if number > 1 or newest else ''} {which}."


def _effect(name: str, effects: Mapping[str, str]) -> list[Block]:
    return [context(effects[name])] if name in effects else []


def _tick(words: str, is_on: bool, action: str = "value") -> Block:
    return checkboxes([option(words, "on")], ["on"] if is_on else [], action=action)


def _digest_hour(hour: int | None) -> Block:
    hours = [option(f"At {one}:00", str(one)) for one in range(24)]
    return select([option("Off", OFF), *hours], chosen=OFF if hour is None else str(hour))


def _channel(chosen: ChannelId | None) -> Block:
    element: Block = {
        "type": "conversations_select",
        "action_id": "value",
        "filter": {"include": ["public", "private"], "exclude_bot_users": True},
    }
    if chosen:
        element["initial_conversation"] = chosen
    return element


def saved(changes: Sequence[str]) -> Message:
    if not changes:
        return message("Nothing was changed.")
    return message("Settings saved. " + " · ".join(escape_keeping_channels(change) for change in changes))


def escape_keeping_channels(text: str) -> str:
    """Channel mentions are ours; everything else is from outside."""
    return (
        _CHANNEL.sub(r"<#\1>", escape(text))
        if text.startswith(("Channel: ", "Digest channel: "))
        else escape(text)
    )
