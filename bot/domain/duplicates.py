"""When two items are one document: certain by Dext's keys, suspected by what comes near them. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from anyascii import anyascii

from bot.domain import matching, suppliers
from bot.domain.identity import EntryId, ItemId, PersonId
from bot.domain.items import DocumentType, Field, Item, ItemStage, Side
from bot.domain.layers import NEW, named, party_field, supplier_name
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.matching import Alias

NEAR_DAYS = 3
"""Dates this close may be one document's: its own and the day it was paid or handed in. A week is a weekly
bill's distance, a month that of a subscription."""
FEWEST_IN_A_ROW = 3
MOST_OF_ONE_TERM = 100
"""So many of one day and total, the newest, are compared with an item."""
ONE_FILE = dt.timedelta(seconds=1)
"""Items of one file lie less than this apart; its first row counts as the newest."""
_ZEROS = re.compile(r"(?<!\d)0+(?=\d)")
_NO_SIGN = re.compile(r"[^a-z0-9]")
_CLAIMED = (ItemStage.PUBLISHING, ItemStage.WAITING)


class Strength(StrEnum):
    CERTAIN = "certain"
    SUSPECTED = "suspected"


class Answer(StrEnum):
    """What a person said of two items."""

    SAME = "same"
    """The one that asked was rejected."""
    DIFFERENT = "different"
    REPLACED = "replaced"
    """The other one was rejected."""


@dataclass(frozen=True, slots=True)
class Verdict:
    answer: Answer
    by: PersonId
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Finding:
    strength: Strength
    reason: str
    """In words: `same supplier, number and total`."""
    days_apart: int = 0
    """Where nothing but dates that come near each other speaks for it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an item is compared."""

    side: Side
    type: DocumentType
    entry: Entry | None
    """The supplier, of a sale the customer, where the list knows it."""
    name: str
    number: str
    date: dt.date | None
    """As stated: the day something was handed in says nothing."""
    total: Decimal | None
    currency: str
    owner: str
    file_hash: str


@dataclass(frozen=True, slots=True)
class Suspect:
    """Another item that may be the same document."""

    other: Item
    facts: Facts
    finding: Finding
    verdict: Verdict | None
    """What was answered and still stands."""
    asks: bool
    """Whether it keeps the item from being published until somebody answers."""


# --- what is compared


def folded_number(number: str) -> str:
    """A document's number without case, spaces, slashes, dashes and leading zeros: `2026/0042` and
    `2026-42` are one."""
    bare = anyascii(number).lower()
    return _ZEROS.sub("", _NO_SIGN.sub("", _ZEROS.sub("", bare)))


def number_of(item: Item) -> str:
    return _said(item, Field.DOCUMENT_NUMBER) or item.document.document_number


def date_of(item: Item) -> dt.date | None:
    said = _said(item, Field.DATE)
    return dt.date.fromisoformat(said) if said else item.document.date


def total_of(item: Item) -> Decimal | None:
    said = _said(item, Field.TOTAL)
    return Decimal(said) if said else item.document.total


def _said(item: Item, name: Field) -> str:
    manual = item.manual.get(name)
    return manual.value if manual else ""


def wanted(item: Item, aliases: Mapping[str, Alias]) -> set[tuple[ListKind, str]]:
    """Every text or id that `facts` looks up."""
    said = named(item)
    texts: set[tuple[ListKind, str]] = {
        (ListKind.CURRENCIES, _said(item, Field.CURRENCY)),
        (said.kind, _picked(item)),
        *matching.wanted(said, matching.alias_of(aliases, said)),
    }
    return {(kind, text) for kind, text in texts if text}


def facts(item: Item, lists: Lists, aliases: Mapping[str, Alias], base_currency: str) -> Facts:
    """What of an item is compared; `lists` holds at least what `wanted` names."""
    document = item.document
    entry = party(item, lists, aliases)
    currency = lists.by_id(ListKind.CURRENCIES, EntryId(_said(item, Field.CURRENCY)))
    return Facts(
        side=document.side,
        type=document.type,
        entry=entry,
        name=entry.name if entry else supplier_name(item),
        number=number_of(item),
        date=date_of(item),
        total=total_of(item),
        currency=currency.name if currency else document.currency or base_currency,
        owner=" ".join(document.submitted_by.casefold().split()),
        file_hash=document.file_hash,
    )


def party(item: Item, lists: Lists, aliases: Mapping[str, Alias]) -> Entry | None:
    """Whom the item is from, of a sale: to."""
    said = named(item)
    if picked := _picked(item):
        return lists.by_id(said.kind, picked)
    return matching.match(lists, said, matching.alias_of(aliases, said)).entry


def _picked(item: Item) -> EntryId:
    """The entry that a person chose, by **Edit** or at **New supplier**."""
    said = _said(item, party_field(item.document.side))
    return item.supplier_entry or EntryId("" if said.startswith(NEW) else said)


# --- finding candidates


def terms(item: Item) -> frozenset[str]:
    """What an item is filed under; an item that may be the same is filed under one of `looked_for`."""
    return frozenset(_terms(item, (0,)))


def looked_for(item: Item) -> frozenset[str]:
    return frozenset(_terms(item, range(-NEAR_DAYS, NEAR_DAYS + 1)))


def among(items: Sequence[Item]) -> Sequence[Sequence[Item]]:
    """For each item the others of these that share something with it: what storage tells of stored ones."""
    filed: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda one: (one.received_at, one.id), reverse=True):
        for term in terms(item):
            filed.setdefault(term, []).append(item)
    found = []
    for item in items:
        others = (one for term in looked_for(item) for one in filed.get(term, [])[:MOST_OF_ONE_TERM])
        found.append(list({one.id: one for one in others if one.id != item.id}.values()))
    return found


def _terms(item: Item, days: Iterable[int]) -> Iterable[str]:
    total, number, date = total_of(item), folded_number(number_of(item)), date_of(item)
    if item.document.file_hash:
        yield f"h:{_NO_SIGN.sub('', item.document.file_hash.lower())}"
    if total is None:
        return
    amount = f"{total.normalize():f}"
    if number:
        yield f"n:{number}:{amount}"
    if date:
        yield from (f"d:{_shifted(date, day).isoformat()}:{amount}" for day in days)


def _shifted(date: dt.date, days: int) -> dt.date:
    return dt.date.fromordinal(min(max(date.toordinal() + days, 1), dt.date.max.toordinal()))


# --- comparing


def compare(one: Facts, other: Facts) -> Finding | None:
    """Whether two items may be one document, and why. The order of the two makes no difference."""
    if one.side is not other.side or not _types_agree(one, other):
        return None
    if _from_one_file(one, other):
        return Finding(Strength.CERTAIN, "the same file")
    if one.total is None or one.total != other.total:
        return None
    if one.currency and other.currency and one.currency != other.currency:
        return None
    if not same_party(one, other):
        return None
    who = "customer" if one.side is Side.SALE else "supplier"
    return _by_number(one, other, who) or _by_date(one, other, who)


def same_party(one: Facts, other: Facts) -> bool:
    """By entry where the list knows both, else by name."""
    if one.entry and other.entry:
        return one.entry.id == other.entry.id
    key = suppliers.key(one.name)
    return bool(key) and key == suppliers.key(other.name) and suppliers.agree(one.name, other.name)


def _types_agree(one: Facts, other: Facts) -> bool:
    """An invoice may come again as its receipt; a credit note is never what it corrects."""
    return (one.type is DocumentType.CREDIT_NOTE) == (other.type is DocumentType.CREDIT_NOTE)


def _from_one_file(one: Facts, other: Facts) -> bool:
    """The same bytes came twice. One file may hold many documents: nothing they say may differ."""
    if not one.file_hash or one.file_hash != other.file_hash:
        return False
    pairs = [
        (folded_number(one.number), folded_number(other.number)),
        (one.total, other.total),
        (one.date, other.date),
        (one.currency, other.currency),
        (one.owner, other.owner),
    ]
    parties_differ = bool(one.name and other.name) and not same_party(one, other)
    return not parties_differ and all(not mine or not theirs or mine == theirs for mine, theirs in pairs)


def _by_number(one: Facts, other: Facts, who: str) -> Finding | None:
    number = folded_number(one.number)
    if not number or number != folded_number(other.number):
        return None
    if one.date and other.date and one.date.year != other.date.year:
        return Finding(Strength.SUSPECTED, f"same {who}, number and total, but of another year")
    if _exact(one.number) != _exact(other.number):
        return Finding(Strength.SUSPECTED, f"same {who} and total, and the number is written otherwise")
    if one.type is not other.type:
        return Finding(Strength.SUSPECTED, f"same {who}, number and total, as another type of document")
    if one.type is DocumentType.RECEIPT and not _receipts_agree(one, other):
        return Finding(Strength.SUSPECTED, f"same {who}, number and total")
    return Finding(Strength.CERTAIN, f"same {who}, number and total")


def _by_date(one: Facts, other: Facts, who: str) -> Finding | None:
    """Two owners are two receipts, and but for Dext's key of receipts two numbers are two documents."""
    if one.date is None or other.date is None or (one.owner and other.owner and one.owner != other.owner):
        return None
    two_numbers = bool(folded_number(one.number) and folded_number(other.number))
    if one.type is other.type is DocumentType.RECEIPT and _receipts_agree(one, other):
        reason = f"same {who}, date, total and owner"
        if two_numbers:
            return Finding(Strength.SUSPECTED, f"{reason}, but another number")
        return Finding(Strength.CERTAIN, reason)
    days = abs((one.date - other.date).days)
    if two_numbers or days > NEAR_DAYS:
        return None
    apart = {0: f"same {who}, date and total", 1: f"same {who} and total, a day apart"}
    return Finding(Strength.SUSPECTED, apart.get(days, f"same {who} and total, {days} days apart"), days)


def _receipts_agree(one: Facts, other: Facts) -> bool:
    return one.date is not None and one.date == other.date and one.owner == other.owner


def _exact(number: str) -> str:
    return " ".join(number.casefold().split())


# --- what follows from it


def suspects(
    item: Item,
    candidates: Sequence[tuple[Item, Verdict | None]],
    lists: Lists,
    aliases: Mapping[str, Alias],
    base_currency: str,
) -> tuple[Suspect, ...]:
    """The items that may be the same document as this one: first what asks, the certain before the
    suspected, the published before the others."""
    own = facts(item, lists, aliases, base_currency)
    found = []
    for other, verdict in candidates:
        theirs = facts(other, lists, aliases, base_currency)
        finding = compare(own, theirs) if other.id != item.id else None
        if finding:
            standing = verdict if verdict and stands(verdict, item, other) else None
            found.append(Suspect(other, theirs, finding, standing, standing is None and asks(item, other)))
    if _is_a_series(own, found):
        found = [one for one in found if not one.finding.days_apart]
    return tuple(sorted(found, key=_rank))


def _is_a_series(own: Facts, found: Sequence[Suspect]) -> bool:
    """Three or more in a row, equally far apart: the same fare each day, no duplicates."""
    days = {one.facts.date.toordinal() for one in found if one.finding.days_apart and one.facts.date}
    in_order = sorted(days | {own.date.toordinal()}) if own.date else []
    gaps = {later - earlier for earlier, later in pairwise(in_order)}
    return len(in_order) >= FEWEST_IN_A_ROW and len(gaps) == 1


def _rank(suspect: Suspect) -> tuple[bool, bool, bool, dt.datetime, ItemId]:
    return (
        not suspect.asks,
        suspect.finding.strength is not Strength.CERTAIN,
        suspect.other.stage is not ItemStage.PUBLISHED,
        suspect.other.received_at,
        suspect.other.id,
    )


def stands(verdict: Verdict, one: Item, other: Item) -> bool:
    """“Different” holds until it is taken back; “same” only while one of the two is rejected, so that
    putting that one back asks again."""
    return verdict.answer is Answer.DIFFERENT or ItemStage.REJECTED in (one.stage, other.stage)


def asks(item: Item, other: Item) -> bool:
    """Of two alike, the one that must be answered for: what is published is never asked about, what was on
    its way first goes first, and of two that wait the later one asks."""
    if item.stage in (ItemStage.PUBLISHED, ItemStage.REJECTED):
        return False
    if other.stage is ItemStage.PUBLISHED:
        return True
    is_claimed, other_is_claimed = item.stage in _CLAIMED, other.stage in _CLAIMED
    if is_claimed != other_is_claimed:
        return other_is_claimed
    return _came_before(other, item)


def _came_before(one: Item, other: Item) -> bool:
    if one.received_at == other.received_at:
        return one.id < other.id
    from_one_file = one.received_from == other.received_from
    if from_one_file and abs(one.received_at - other.received_at) < ONE_FILE:
        return one.received_at > other.received_at
    return one.received_at < other.received_at


def pair(one: ItemId, other: ItemId) -> str:
    """What an answer about two items is kept under, whichever is named first."""
    return "|".join(sorted((one, other)))


def says(suspect: Suspect, beside: dt.date) -> str:
    """`may be a duplicate of Northwind Paper Ltd NW-1001, published 3 Mar: same supplier, number and
    total`."""
    return f"may be a duplicate of {named_beside(suspect, beside)}: {suspect.finding.reason}"


def named_beside(suspect: Suspect, beside: dt.date) -> str:
    """`Northwind Paper Ltd NW-1001, published 3 Mar`."""
    title = " ".join(text for text in (suspect.facts.name, suspect.facts.number) if text)
    return f"{title or 'another item'}, {state(suspect.other, beside)}"


def state(item: Item, beside: dt.date) -> str:
    """Where an item stands, with its day: `published 3 Mar`; with the year where it is not that of
    `beside`."""
    if item.stage is ItemStage.PUBLISHED and item.published:
        return f"published {_day(item.published.at.date(), beside)}"
    words = {
        ItemStage.REJECTED: "rejected, received",
        ItemStage.PUBLISHING: "being published, received",
        ItemStage.WAITING: "held, received",
    }
    return f"{words.get(item.stage, 'in the inbox since')} {_day(item.received_at.date(), beside)}"


def _day(day: dt.date, beside: dt.date) -> str:
    return f"{day.day} {day:%b}" + (f" {day.year}" if day.year != beside.year else "")
