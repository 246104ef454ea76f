"""Finding an item again: the words it is found by, and what somebody typed."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.duplicates import folded_number
from bot.domain.items import Field, Item
from bot.domain.layers import KINDS, NEW, supplier_name
from bot.domain.suppliers import plain

MOST_WORDS = 8
"""Of what somebody typed; more narrow nothing down."""


def words(item: Item) -> frozenset[str]:
    """By supplier and customer, number and total, as the document or a person said them, by the number of
    the record, and by the entries that were chosen for it."""
    return frozenset(word for text in _texts(item) for word in plain(text).split()) | chosen(item)


def chosen(item: Item) -> frozenset[str]:
    """The supplier or customer somebody picked from the list: its name there is not the item's to know."""
    picked = [item.manual[name].value for name in (Field.SUPPLIER, Field.CUSTOMER) if name in item.manual]
    ids = [item.supplier_entry or "", *(value for value in picked if not value.startswith(NEW))]
    return frozenset(entry_word(entry) for entry in ids if entry)


def entry_word(entry: str) -> str:
    return f"={entry}"


def typed(text: str) -> tuple[str, ...]:
    """The words of what somebody typed; an item is meant that has one beginning with each."""
    return tuple(dict.fromkeys(plain(text).split()))[:MOST_WORDS]


def whole(text: str) -> str:
    """All that somebody typed as one number, however it is written: an item that has this very word is meant
    too."""
    return folded_number(text)


def _texts(item: Item) -> Iterable[str]:
    document = item.document
    yield from (supplier_name(item), document.supplier, document.customer, document.supplier_legal_name)
    for number in (document.document_number, _manual(item, Field.DOCUMENT_NUMBER), _record(item)):
        yield from (number, folded_number(number))
    yield from (f"{document.total:f}" if document.total is not None else "", _manual(item, Field.TOTAL))


def _manual(item: Item, name: Field) -> str:
    manual = item.manual.get(name)
    return manual.value if manual and name not in KINDS else ""


def _record(item: Item) -> str:
    return item.published.number if item.published else ""
