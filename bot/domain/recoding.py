"""What the change of a rule or of a remembered name did to an item that waits. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain import matching
from bot.domain.coding import Coding
from bot.domain.identity import ItemId, PersonId
from bot.domain.items import Field, Item, ItemStage, Side
from bot.domain.layers import named
from bot.domain.matching import Alias
from bot.domain.rules import rule_key
from bot.domain.settings import SupplierRule

WAITING = (ItemStage.INBOX, ItemStage.FAILED, ItemStage.WAITING, ItemStage.IN_CLAIM)
"""Items that are resolved anew whenever somebody looks; what was sent stays."""
BY_HAND = (Field.CATEGORY, Field.TAX)
"""What **Use this category and tax** takes back on other items."""


@dataclass(frozen=True, slots=True)
class Recoding:
    """A rule, or a remembered name, as it was before somebody changed it: with it, items are compared as they
    were and as they are."""

    by: PersonId
    at: datetime
    rule: SupplierRule | None = None
    """One that sets nothing, where there was none."""
    alias: Alias | None = None
    """What the name stood for; nothing where it was not remembered."""
    written: str = ""
    """The name, kept under `alias_key`."""
    alias_key: str = ""
    takes_back_but: ItemId | None = None
    """Also what was set by hand on the rule's items goes, but not on the one that the rule was made of."""

    @property
    def key(self) -> str:
        """Of two changes before anything was told, what stood before the first one counts."""
        if self.rule is None:
            return f"alias|{self.alias_key}"
        return f"{'back' if self.takes_back_but else 'rule'}|{self.rule.supplier}"


@dataclass(frozen=True)
class Before:
    """Several such changes together."""

    rules: Mapping[str, Recoding]
    aliases: Mapping[str, Recoding]
    taken_back: Mapping[str, Recoding]

    @classmethod
    def of(cls, recodings: Iterable[Recoding]) -> Before:
        rules, aliases, back = {}, {}, {}
        for one in recodings:
            if one.rule is None:
                aliases[one.alias_key] = one
            elif one.takes_back_but:
                back[one.rule.supplier] = one
            else:
                rules[one.rule.supplier] = one
        return cls(rules, aliases, back)

    def aliases_from(self, now: Mapping[str, Alias]) -> Mapping[str, Alias]:
        """What was remembered before, given what is now."""
        were = {key: one.alias for key, one in self.aliases.items() if one.alias}
        return {key: alias for key, alias in now.items() if key not in self.aliases} | were

    def rules_for(self, items: Iterable[tuple[Item, Coding]]) -> Mapping[str, SupplierRule]:
        """The former rules that may have counted for these items."""
        keys = {rule_key(item.document.side, coding.party) for item, coding in items}
        for one in self.aliases.values():
            names = [one.written, *([one.alias.name] if one.alias else [])]
            keys |= {rule_key(side, name) for name in names for side in Side}
        found = ((key, self.rules[key].rule) for key in keys if key in self.rules)
        return {key: rule for key, rule in found if rule}

    def about(
        self,
        item: Item,
        was: SupplierRule | None,
        now: SupplierRule | None,
        aliases: Mapping[str, Alias],
    ) -> tuple[PersonId | None, str]:
        """Who changed an item, and by what: `rule for Acme Paper`."""
        said = named(item)
        alias_key = matching.alias_key(said.written, said.kind)
        whys: list[tuple[PersonId, str]] = []
        if one := self.aliases.get(alias_key):
            alias = aliases.get(alias_key)
            means = f"is remembered as {alias.name}" if alias else "is no longer remembered"
            whys.append((one.by, f"“{one.written}” {means}"))
        for rule in (was, now):
            one = (self.rules.get(rule.supplier) or self.taken_back.get(rule.supplier)) if rule else None
            if rule and one and one.rule:
                stands = now and now.supplier == rule.supplier and now.sets_something
                name = (now.name if now and stands else "") or one.rule.name
                why = f"rule for {name}" if stands else f"the rule for {name} was removed"
                whys.append((one.by, why))
        who = whys[0][0] if whys else None
        return who, ", ".join(dict.fromkeys(why for _, why in whys))


def is_fixed(item: Item, claim: Item | None) -> bool:
    """A receipt is as fixed as the claim that it is in; a claim says nothing that its receipts do not say."""
    return bool(item.receipts) or (claim is not None and claim.stage not in WAITING)


def differences(before: Coding, after: Coding) -> Sequence[str]:
    """`category: Travel → Printing`; a tax amount that follows from another tax is not said too."""
    said = []
    for name, value in after.values.items():
        old = before.text(name)
        follows = name is Field.TAX_AMOUNT and before.text(Field.TAX) != after.text(Field.TAX)
        if old != value.text and not follows:
            said.append(f"{name.words.lower()}: {old or 'none'} → {value.text or 'none'}")
    return said


def says(changes: Sequence[str], why: str) -> str:
    """For the log and the item's thread, in one line."""
    return "; ".join(changes) + (f" ({why})" if why else "")


def taken_back(item: Item, rule: SupplierRule, but: ItemId | None) -> tuple[Field, ...]:
    """The fields of an item in which a hand stands before its rule."""
    if item.id == but or item.stage is ItemStage.WAITING:
        return ()
    ruled = {Field.CATEGORY: rule.category, Field.TAX: rule.tax}
    return tuple(
        name for name in BY_HAND if ruled[name] and (manual := item.manual.get(name)) and manual.value
    )
