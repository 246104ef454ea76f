"""Which items are published by themselves: where it is switched on, and what stands against it. Pure.

Precedence: payment account > supplier > business; what is excepted is excepted on all levels.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.coding import Coding
from bot.domain.identity import EntryId, ItemId, PersonId
from bot.domain.items import AutoPublish, DocumentType, Field, Item, ItemStage
from bot.domain.settings import BusinessSettings, SupplierRule

SUGGEST_AFTER = 3
"""So many equal publishes by hand, one after another, and auto-publish is suggested for the supplier."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an item goes by itself: the switch that says so, or why it does not although one is on."""

    switch: AutoPublish | None = None
    because: str = ""
    """`rule for Acme Paper`, `payment account Visa 4242`, `all items`."""
    not_because: str = ""
    """In words, where a switch is on and something stands against it; empty where none is on."""

    @property
    def goes(self) -> bool:
        return self.switch is not None and not self.not_because


def judge(
    item: Item, coding: Coding, rule: SupplierRule | None, settings: BusinessSettings, *, base: str
) -> Verdict:
    """`base` is the organisation's currency: a cap is an amount of it."""
    switch, because = _switch(coding, rule, settings)
    if switch is None or item.received_at < switch.since or item.stage is not ItemStage.INBOX:
        return Verdict()  # only what arrives after it was switched on
    return Verdict(switch, because, _against(item, coding, settings, switch, base))


def _switch(
    coding: Coding, rule: SupplierRule | None, settings: BusinessSettings
) -> tuple[AutoPublish | None, str]:
    account = coding.entry(Field.PAYMENT_ACCOUNT)
    by_account: Mapping[EntryId, AutoPublish] = settings.auto_accounts
    if account and account.id in by_account:
        return by_account[account.id], f"payment account {account.name}"
    if rule and rule.auto:
        return rule.auto, f"rule for {rule.name}"
    return settings.auto_publish, "all items"


def _against(item: Item, coding: Coding, settings: BusinessSettings, switch: AutoPublish, base: str) -> str:
    kind = item.document.type
    if item.document.is_claim or kind in settings.auto_except:
        return f"{words_of(kind)} are {'published by a person' if item.document.is_claim else 'excepted'}"
    if coding.problems:
        return "it needs attention"
    if coding.new_supplier and settings.warn_new_supplier:
        return "its supplier is new"
    if switch.cap is None:
        return ""
    amount = in_base(coding, base)
    if amount is None:
        return f"there is no rate to compare {coding.currency} with the limit"
    return f"it is above the limit of {switch.cap} {base}" if amount > switch.cap else ""


def in_base(coding: Coding, base: str) -> Decimal | None:
    """The total in the organisation's currency, where that can be told."""
    if coding.total is None or coding.currency == base:
        return coding.total
    return coding.total * coding.exchange_rate if coding.exchange_rate else None


def words_of(kind: DocumentType) -> str:
    """`credit notes`."""
    return f"{kind.value.replace('_', ' ')}s"


@dataclass(frozen=True, slots=True)
class Streak:
    """Publishes by hand of one supplier that were coded alike, one after another."""

    coded: str = ""
    times: int = 0
    last: str = ""

    def and_then(self, coding: Coding, item: ItemId) -> Streak:
        """The streak after one more; another category, tax or kind begins anew, an item counts once."""
        if item == self.last:
            return self
        coded = signature(coding)
        return Streak(coded, self.times + 1 if coded == self.coded else 1, item)

    @property
    def suggests(self) -> bool:
        """Once, when it is long enough; not again with each further one."""
        return self.times == SUGGEST_AFTER


def switched(
    before: AutoPublish | None, *, on: bool, by: PersonId, now: dt.datetime, cap: Decimal | None = None
) -> AutoPublish | None:
    """The switch after a form was saved. One that stays on keeps who set it and since when, so that nothing
    older goes; another limit alone changes neither."""
    if not on:
        return None
    return replace(before, cap=cap) if before else AutoPublish(by, now, cap)


def signature(coding: Coding) -> str:
    """What is alike when two items are coded alike."""
    entries = [coding.entry(name) for name in (Field.CATEGORY, Field.TAX)]
    return " ".join([*(entry.id if entry else "-" for entry in entries), coding.publish_as.value])


def due_at(now: dt.datetime, settings: BusinessSettings) -> dt.datetime:
    """When an item that arrives now is published: until then it can be kept back."""
    return now + dt.timedelta(minutes=settings.auto_hold_minutes)
