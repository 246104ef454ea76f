"""Rules that cannot do what they say: what is wrong with each, and what would mend it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from bot.domain import kinds, matching, suppliers
from bot.domain.items import PublishAs, Side
from bot.domain.layers import party_field
from bot.domain.lists import Entry, EntryUse, ListKind, Lists
from bot.domain.matching import Alias, Named
from bot.domain.rules import PARTIES, entries_of, rule_key
from bot.domain.settings import SupplierRule
from bot.domain.uses import RULE_LISTS, of_rule

WITHOUT_DUE_DATE = frozenset(PublishAs) - kinds.BILLS - {PublishAs.INVOICE}


class Cause(StrEnum):
    GONE = "gone"
    """The entry vanished from the accounting software."""
    INACTIVE = "inactive"
    OTHER_SIDE = "other_side"
    """A sales account for costs, or the other way about."""
    CURRENCY = "currency"
    """One that the organisation does not keep, or another one than supplier or account are kept in."""
    KIND = "kind"
    """What it is published as cannot take what else the rule sets."""
    UNSEEN = "unseen"
    """It goes by itself, and nothing says which category it gets."""
    UNUSED = "unused"
    """Its name is that of a supplier who is called otherwise: no item ever gets it."""
    DOUBLED = "doubled"
    """The supplier has another rule, which counts."""
    ALIKE = "alike"
    """The names of two rules differ by no more than an s or a space."""
    SEVERAL = "several"
    """Its name is that of several suppliers who differ by legal form."""


@dataclass(frozen=True, slots=True)
class Conflict:
    rule: SupplierRule
    cause: Cause
    says: str
    """A sentence after the rule's name."""
    field: str = ""
    """The rule's own that is in the way and may be taken out; empty where it is the whole rule."""
    other: SupplierRule | None = None
    moves_to: str = ""
    """The name that the rule should have."""


def wanted(rules: Iterable[SupplierRule], aliases: Mapping[str, Alias]) -> set[tuple[ListKind, str]]:
    """Every text or id that `conflicts` looks up."""
    texts: set[tuple[ListKind, str]] = set()
    for rule in rules:
        texts |= {(kind, str(entry_id)) for _, kind, entry_id in of_rule(rule)}
        texts |= matching.wanted(_named(rule), matching.alias_of(aliases, _named(rule)))
        texts.add((PARTIES[rule.side], suppliers.key(rule.name)))
        texts.add((ListKind.CURRENCIES, rule.currency))
    return {(kind, text) for kind, text in texts if text}


def conflicts(
    rules: Sequence[SupplierRule],
    lists: Lists,
    aliases: Mapping[str, Alias],
    base: str,
    software: str = "Zoho Books",
) -> tuple[Conflict, ...]:
    """What is wrong with the rules that set something, by name. `lists` holds at least what `wanted` names;
    `base` is the organisation's currency."""
    counting = [rule for rule in rules if rule.sets_something]
    by_key = {rule.supplier: rule for rule in counting}
    found: list[Conflict] = []
    unknown: list[SupplierRule] = []
    for rule in counting:
        party = matching.match(lists, _named(rule), matching.alias_of(aliases, _named(rule))).entry
        if party is None:
            unknown.append(rule)
        found += _of_entries(rule, lists, software)
        found += _of_currencies(rule, lists, party, base, software)
        found += _of_kind(rule)
        found += _of_name(rule, party, by_key, lists, software)
    found += _alike(counting, unknown)
    return tuple(sorted(found, key=lambda one: (one.rule.name.casefold(), one.rule.supplier)))


def _named(rule: SupplierRule) -> Named:
    return Named(rule.name or rule.supplier, kind=PARTIES[rule.side])


def _of_entries(rule: SupplierRule, lists: Lists, software: str) -> Iterator[Conflict]:
    for name, entry in entries_of(rule, lists).items():
        if name not in RULE_LISTS or not getattr(rule, name):
            continue
        what = name.replace("_", " ")
        if entry is None:
            yield Conflict(rule, Cause.GONE, f"its {what} is no longer in {software}", name)
        elif not entry.active:
            says = f"its {what} “{entry.label}” is inactive in {software}"
            yield Conflict(rule, Cause.INACTIVE, says, name)
        elif entry.use not in (EntryUse.BOTH, EntryUse(rule.side.value)):
            says = f"its {what} “{entry.label}” is not for {rule.side.value}s"
            yield Conflict(rule, Cause.OTHER_SIDE, says, name)


def _of_currencies(
    rule: SupplierRule, lists: Lists, party: Entry | None, base: str, software: str
) -> Iterator[Conflict]:
    """As `refusable` sees an item: in one currency, or in the organisation's."""
    if not rule.currency:
        return
    entry = lists.find(ListKind.CURRENCIES, rule.currency)
    if base and rule.currency != base and not (entry and entry.active):
        yield Conflict(rule, Cause.CURRENCY, f"currency {rule.currency} is not in {software}", "currency")
    account = entries_of(rule, lists)["payment_account"]
    if account and account.currency not in ("", base, rule.currency):
        says = f"payment account “{account.label}” is in {account.currency}, the rule says {rule.currency}"
        yield Conflict(rule, Cause.CURRENCY, says, "payment_account")
    if party and party.currency not in ("", base, rule.currency):
        who = party_field(rule.side)
        says = f"the {who} is kept in {party.currency}, the rule says {rule.currency}"
        yield Conflict(rule, Cause.CURRENCY, says, "currency")


def _of_kind(rule: SupplierRule) -> Iterator[Conflict]:
    kind = rule.publish_as
    if kind and kind not in kinds.OFFERED[rule.side]:
        says = f"a {rule.side.value} cannot be published as {kind.noun}"
        yield Conflict(rule, Cause.KIND, says, "publish_as")
    elif kind and rule.payment_account and kind not in kinds.PAID_FROM:
        says = f"its payment account is never used: nothing is paid with a {kind.noun}"
        yield Conflict(rule, Cause.KIND, says, "payment_account")
    elif rule.side is Side.SALE and rule.payment_account:
        yield Conflict(rule, Cause.KIND, "its payment account is never used on sales", "payment_account")
    if kind in WITHOUT_DUE_DATE and rule.due_days is not None:
        says = f"its days until due are never used: no {kind.noun} is due later" if kind else ""
        yield Conflict(rule, Cause.KIND, says, "due_days")
    if rule.auto and not rule.category:
        says = "its items go by themselves with whatever category the document says: none is in the rule"
        yield Conflict(rule, Cause.UNSEEN, says, "auto")


def _of_name(
    rule: SupplierRule,
    party: Entry | None,
    by_key: Mapping[str, SupplierRule],
    lists: Lists,
    software: str,
) -> Iterator[Conflict]:
    """Items get the rule of the supplier as the accounting software calls it."""
    own = rule_key(rule.side, party.name) if party else rule.supplier
    if party and own != rule.supplier:
        means = f"its name stands for {party.name}"
        if other := by_key.get(own):
            says = f"{means}, which has a rule of its own: only that one counts"
            yield Conflict(rule, Cause.DOUBLED, says, other=other)
        else:
            says = f"{means}: items of that name never get this rule"
            yield Conflict(rule, Cause.UNUSED, says, moves_to=party.name)
    elif lists.is_ambiguous(PARTIES[rule.side], suppliers.key(rule.name)):
        who = party_field(rule.side)
        says = f"it counts for several {who}s of {software} that are called so"
        yield Conflict(rule, Cause.SEVERAL, says)


def _alike(rules: Iterable[SupplierRule], unknown: Sequence[SupplierRule]) -> Iterator[Conflict]:
    """Names that are spelled alike, unless the accounting software knows both: then they are two."""
    by_spelling: dict[tuple[Side, str], list[SupplierRule]] = {}
    for rule in rules:
        if spelled := suppliers.spelled(rule.name):
            by_spelling.setdefault((rule.side, spelled), []).append(rule)
    unknown_keys = {rule.supplier for rule in unknown}
    for group in by_spelling.values():
        for one, other in combinations(group, 2):
            if one.supplier in unknown_keys or other.supplier in unknown_keys:
                first, second = (other, one) if one.supplier in unknown_keys else (one, other)
                says = f"its name is that of {first.name} but for an s, a space or an “and”"
                yield Conflict(second, Cause.ALIKE, says, other=first)
