"""Which items are published by themselves: where it is switched on, and what stands against it. Pure.

Precedence: payment account > supplier > business; what is excepted is excepted on all levels, and of several
limits the lowest holds. What a person should look at waits for a person.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.domain.coding import Coding
from bot.domain.identity import ItemId, PersonId
from bot.domain.items import AutoPublish, DocumentType, Field, Item, ItemStage
from bot.domain.resolving import RECEIVED
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
    switches = _switches(coding, rule, settings)
    # Only what arrives after it was switched on.
    since = [(switch, because) for switch, because in switches if item.received_at >= switch.since]
    if not since or item.stage is not ItemStage.INBOX:
        return Verdict()
    switch, because = since[0]
    caps = [other.cap for other, _ in switches if other.cap is not None]
    against = _against(item, coding, settings) or _above(coding, min(caps, default=None), base)
    return Verdict(switch, because, against)


def _switches(
    coding: Coding, rule: SupplierRule | None, settings: BusinessSettings
) -> list[tuple[AutoPublish, str]]:
    """All that are on for the item, the nearest first."""
    account = coding.entry(Field.PAYMENT_ACCOUNT)
    paid_from = settings.auto_accounts.get(account.id) if account else None
    levels = (
        (paid_from, f"payment account {account.name}" if account else ""),
        (rule.auto if rule else None, f"rule for {rule.name}" if rule else ""),
        (settings.auto_publish, "all items"),
    )
    return [(switch, because) for switch, because in levels if switch]


def _against(item: Item, coding: Coding, settings: BusinessSettings) -> str:
    kind = item.document.type
    if item.document.is_claim or kind in settings.auto_except:
        return f"{words_of(kind)} are {'published by a person' if item.document.is_claim else 'excepted'}"
    if coding.problems:
        return f"it needs attention: {', '.join(problem.says for problem in coding.problems)}"
    if coding.new_supplier and settings.warn_new_supplier:
        return "its supplier is new"
    if coding.values[Field.DATE].why == RECEIVED:
        return "the document has no date"
    return "; ".join(says for says in coding.warnings if says not in coding.settled)


def _above(coding: Coding, cap: Decimal | None, base: str) -> str:
    if cap is None:
        return ""
    amount = in_base(coding, base)
    if amount is None:
        return f"there is no rate to compare {coding.currency} with the limit"
    return f"it is above the limit of {cap} {base}" if amount > cap else ""


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
    told: bool = False
    """An Admin was asked about this streak."""
    declined: bool = False
    """**Not for this supplier**: whatever is coded alike later."""

    def and_then(self, coding: Coding, item: ItemId) -> Streak:
        """The streak after one more; another category, tax or kind begins anew, an item counts once."""
        if item == self.last:
            return self
        coded = signature(coding)
        if coded != self.coded:
            return Streak(coded, 1, item, declined=self.declined)
        return replace(self, times=self.times + 1, last=item)

    @property
    def suggests(self) -> bool:
        """From when it is long enough until somebody was asked."""
        return self.times >= SUGGEST_AFTER and not (self.told or self.declined)


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
