"""Builders of domain objects with usual values, for every test."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from bot.domain.comparison import Comparison
from bot.domain.connection import Organisation
from bot.domain.finding import ListSlice
from bot.domain.identity import EntryId, ItemId, PersonId
from bot.domain.items import Document, DocumentType, Field, Item, ManualValue, PublishAs, Published, Side
from bot.domain.lists import Entry, EntryUse, ListChange, ListKind

NOON = dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
ADA, BEN = PersonId("UADA"), PersonId("UBEN")
GBP_ORGANISATION = Organisation(id="60001", name="Held Out Ltd", currency="GBP", country="United Kingdom")


def an_entry(name: str, **changes: Any) -> Entry:
    """An active entry; its id is made of its name unless one is given."""
    return Entry(**{"id": EntryId(f"id-{name}"), "name": name} | changes)


def a_document(**changes: Any) -> Document:
    """An unpaid invoice that has everything; `total` and `tax_amount` may be given as text."""
    values: dict[str, Any] = {
        "external_id": "90000000010",
        "side": Side.COST,
        "type": DocumentType.INVOICE,
        "supplier": "Northwind Paper Ltd",
        "document_number": "NW-1001",
        "date": dt.date(2026, 3, 3),
        "currency": "GBP",
        "total": "144.00",
        "category": "429 - Office Supplies",
    } | changes
    for name in ("total", "tax_amount", "base_total"):
        if isinstance(values.get(name), str):
            values[name] = Decimal(values[name])
    return Document(**values)


ITEM_FIELDS = set(Item.__dataclass_fields__)


def an_item(*, manual: Mapping[Field, str] | None = None, **changes: Any) -> Item:
    """An item in the inbox. `manual` is what Ada changed; the rest are fields of the item or its document."""
    own = {name: changes.pop(name) for name in list(changes) if name in ITEM_FIELDS}
    document = own.pop("document", None) or a_document(**changes)
    by_hand = {name: ManualValue(value, ADA, NOON) for name, value in (manual or {}).items()}
    usual: dict[str, Any] = {"id": ItemId("item1"), "received_at": NOON, "manual": by_hand}
    return Item(**usual | own | {"document": document})


def published(**changes: Any) -> Published:
    """The bill that an item became."""
    values: dict[str, Any] = {
        "kind": PublishAs.BILL,
        "record_id": "7001",
        "number": "NW-1001",
        "link": "https://books.example/app#/bills/7001",
        "by": ADA,
        "at": NOON,
    }
    return Published(**values | changes)


def lists_of(**entries: list[Entry]) -> ListSlice:
    """Lists by their names: `lists_of(taxes=[an_entry("VAT", percentage="20")])`."""
    return ListSlice([(ListKind(kind), entry) for kind, known in entries.items() for entry in known])


def compared(
    kind: ListKind, before: Mapping[EntryId, Entry], now: Iterable[Entry]
) -> tuple[ListChange, list[Entry]]:
    """A whole list against what was known: the change, and the entries that are known from now on."""
    comparison, here = Comparison(kind, is_first=not before), list(now)
    comparison.arrived(before, here)
    ids = {entry.id for entry in here}
    kept, _ = comparison.missing(entry for entry in before.values() if entry.id not in ids)
    return comparison.result(sum(entry.active for entry in here)), [*here, *kept]


STANDARD_RATE = an_entry("Standard Rate", id=EntryId("t20"), percentage="20")
ZERO_RATE = an_entry("Zero Rate", id=EntryId("t0"), percentage="0")
REDUCED_RATE = an_entry("Reduced Rate", id=EntryId("t5"), percentage="5")
NORTHWIND = an_entry("Northwind Paper Ltd", id=EntryId("s1"))
OFFICE_SUPPLIES = an_entry("Office Supplies", id=EntryId("c429"), code="429", use=EntryUse.COST)


def usual_lists(**more: list[Entry]) -> ListSlice:
    """A small organisation's lists; `more` are further entries of each."""
    usual = {
        "suppliers": [NORTHWIND, an_entry("Kestrel Taxis", id=EntryId("s2"))],
        "customers": [an_entry("Harbour Books", id=EntryId("k1"))],
        "categories": [
            OFFICE_SUPPLIES,
            an_entry("Travel", id=EntryId("c493"), code="493", use=EntryUse.COST),
            an_entry("Cost of Sales", id=EntryId("c310"), code="310", use=EntryUse.COST),
            an_entry("Sales", id=EntryId("c200"), code="200", use=EntryUse.SALE),
        ],
        "taxes": [STANDARD_RATE, ZERO_RATE, REDUCED_RATE],
        "bank_accounts": [an_entry("Current Account", id=EntryId("b1"))],
        "projects": [an_entry("Refit 2026", id=EntryId("p1"))],
        "currencies": [an_entry("GBP", id=EntryId("gbp")), an_entry("EUR", id=EntryId("eur"))],
    }
    return lists_of(**{kind: [*usual.get(kind, []), *more.get(kind, [])] for kind in usual | more})
