"""**Payment method**: asking once which account it stands for, and those that are remembered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.lists import Entry
from bot.domain.payment_methods import PaymentMethod
from bot.slack.blocks.parts import (
    Block,
    Message,
    Option,
    View,
    actions,
    button,
    context,
    divider,
    field,
    lookup,
    message,
    modal,
    option,
    section,
)
from bot.slack.text import brief, count, mention, moment, unstarred

ASK = "payment_method.ask"
CHANGE = "payment_method.change"
FORGET = "payment_method.forget"
SAVE = "payment_method.save"
SAVE_CHANGE = "payment_method.save_change"
ACCOUNT, MODE = "payment_account", "payment_mode"
PICK_ACCOUNT, PICK_MODE = f"pick.{ACCOUNT}", f"pick.{MODE}"
MOST = 14
"""So many fit below the rules and the remembered names within Slack's 100 blocks."""
LONGEST = 100
"""Of a name, where several stand below each other."""


@dataclass(frozen=True)
class Shown:
    """A payment method ready to be shown."""

    key: str
    written: str
    method: PaymentMethod | None = None
    account: Entry | None = None
    likely: Entry | None = None
    """Offered where nobody chose yet."""
    waiting: int = 0

    @property
    def is_usable(self) -> bool:
        return bool(self.account and self.account.active)


def form(shown: Shown, callback: str, meta: Mapping[str, Any]) -> View:
    """Which account and which payment mode; filled with what stands."""
    method, account = shown.method, shown.account if shown.is_usable else shown.likely
    chosen = option(account.label, account.id) if account else None
    mode = option(method.mode, method.mode) if method and method.mode else None
    blocks = [
        section(_asked(shown)),
        field(
            "Account",
            ACCOUNT,
            lookup(PICK_ACCOUNT, chosen),
            hint="What it is paid from; of a sale, what it is paid into",
        ),
        field(
            "Payment mode",
            MODE,
            lookup(PICK_MODE, mode),
            optional=True,
            hint="For payments of bills and sales receipts; empty: by the kind of the account",
        ),
        context(_effect(shown)),
    ]
    return modal("Payment method", blocks, callback=callback, submit="Save", close="Cancel", meta=meta)


def _asked(shown: Shown) -> str:
    written = f"“{unstarred(shown.written, LONGEST)}”"
    if shown.method is None:
        return f"{written} is none of the accounts in Zoho Books. What does it stand for?"
    if not shown.is_usable:
        return f"🟡 {written} was paid from {brief(shown.method.name)}, which can no longer be used."
    name = shown.account.label if shown.account else shown.method.name
    return f"{written} is paid from {brief(name)}. {_who(shown.method)}"


def _who(method: PaymentMethod) -> str:
    return f"Remembered by {mention(method.by)}, {moment(method.at, '{date_short_pretty}')}"


def _effect(shown: Shown) -> str:
    waiting = f"{count(shown.waiting, 'waiting item')} and for all " if shown.waiting else "all "
    return f"Asked once: it counts for {waiting}later ones. `/dext rules` changes and forgets it."


def saved(method: PaymentMethod, waiting: int) -> Message:
    items = f"{count(waiting, 'waiting item')} and " if waiting else ""
    return message(
        f"✅ Remembered: “{unstarred(method.written, LONGEST)}” is {brief(method.words)}. "
        f"It counts for {items}all later ones."
    )


def remembered(known: Sequence[Shown]) -> list[Block]:
    """A part of `/dext rules`; nothing where there are none."""
    if not known:
        return []
    blocks: list[Block] = [
        divider(),
        section("*Payment methods*: what is paid with one of these is paid from its account."),
    ]
    for shown in known[:MOST]:
        if shown.method is None:
            continue
        account = brief(shown.account.label if shown.account else shown.method.name, LONGEST)
        mode = f", {brief(shown.method.mode, LONGEST)}" if shown.method.mode else ""
        text = f"“{unstarred(shown.written, LONGEST)}” is *{account}*{mode}\n{_who(shown.method)}"
        if not shown.is_usable:
            text += "\n🟡 Its account is no longer in Zoho Books: choose another one."
        buttons = (button("Change", CHANGE, shown.key), button("Forget", FORGET, shown.key))
        blocks += [section(text), actions(*buttons)]
    if len(known) > MOST:
        blocks.append(context(f"… and {len(known) - MOST} more: forget some to see them."))
    return blocks


def mode_option(typed: str) -> Option:
    """A mode that is on no list."""
    return option(f"➕ {typed[:60]}", typed)
