"""What of an item is compared, as documents, people and the lists tell it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from bot.domain import matching
from bot.domain.identity import EntryId, is_in_books
from bot.domain.items import DocumentType, Field, Item, Side
from bot.domain.layers import NEW, named, party_field, supplier_name
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.matching import Alias
from bot.domain.rules import rule_key
from bot.domain.settings import SupplierRule

NO_RULES: Mapping[str, SupplierRule] = {}
_NO_SIGN = re.compile(r"[^a-z0-9]")


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
    said_currency: str
    """Empty where `currency` is the organisation's for want of any other."""
    owner: str
    files: frozenset[str]
    """Hashes of the file it was read from and of those that came with it."""
    in_books: bool = False
    """A record of the accounting software that we did not make."""


def hashes(item: Item) -> frozenset[str]:
    """Of the file it was read from and of every file that belongs to it; empty for a row of a table."""
    known = (item.document.file_hash, *(file.digest for file in item.attachments))
    return frozenset(_NO_SIGN.sub("", one.lower()) for one in known) - {""}


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


def facts(
    item: Item,
    lists: Lists,
    aliases: Mapping[str, Alias],
    base_currency: str,
    rules: Mapping[str, SupplierRule] = NO_RULES,
) -> Facts:
    """What of an item is compared; `lists` holds at least what `wanted` names, `rules` are by key."""
    document = item.document
    entry = party(item, lists, aliases)
    name = entry.name if entry else supplier_name(item)
    rule = rules.get(rule_key(document.side, name))
    currency = lists.by_id(ListKind.CURRENCIES, EntryId(_said(item, Field.CURRENCY)))
    said = currency.name if currency else document.currency or (rule.currency if rule else "")
    return Facts(
        side=document.side,
        type=document.type,
        entry=entry,
        name=name,
        number=number_of(item),
        date=date_of(item),
        total=total_of(item),
        currency=said or base_currency,
        said_currency=said,
        owner=" ".join(document.submitted_by.casefold().split()),
        files=hashes(item),
        in_books=is_in_books(item.id),
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
