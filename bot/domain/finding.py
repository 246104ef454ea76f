"""Finding entries of the lists by what people and documents write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

from bot.domain import suppliers, tax_numbers
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, ListKind, fold


def index_keys(kind: ListKind, entry: Entry) -> set[str]:
    """Every folded form under which an entry is found. Storage indexes entries under these."""
    names = {entry.name, *entry.also_known_as}
    found = {f"i:{entry.id}"} | {f"n:{fold(name)}" for name in names if name}
    if entry.code:
        found |= {f"n:{fold(entry.code)}", f"n:{fold(f'{entry.code} - {entry.name}')}"}
        found.add(f"n:{fold(f'{entry.code} {entry.name}')}")
    if kind in SHORT:
        found.add(_EVERY)
    if entry.percentage:
        found |= {f"n:{fold(entry.label)}", f"r:{entry.percentage}"}
    if kind in _PEOPLE:
        found |= {f"k:{suppliers.key(name)}" for name in names if name}
        if tax_number := tax_numbers.key(entry.tax_number):
            found.add(f"t:{tax_number}")
    return found


def lookup_keys(kind: ListKind, text: str) -> list[str]:
    """The forms to look under for a text, the surest first."""
    if text.startswith(TAX_NUMBER):
        tax_number = tax_numbers.key(text.removeprefix(TAX_NUMBER))
        return [f"t:{tax_number}"] if tax_number and kind in _PEOPLE else []
    if text == ALL:
        return [_EVERY]
    wanted = [f"i:{text.strip()}", f"n:{fold(text)}"]
    if kind in _PEOPLE and suppliers.key(text):
        wanted.append(f"k:{suppliers.key(text)}")
    if kind is ListKind.TAXES and (match := _RATE.fullmatch(text.strip())):
        wanted.append(f"r:{Decimal(match[1]).normalize():f}")
    if kind is ListKind.CATEGORIES and (match := _CODE_AND_NAME.match(text.strip())):
        wanted.append(f"n:{fold(match['name'])}")
    return wanted


SHORT = (ListKind.TAXES, ListKind.TAX_EXEMPTIONS)
"""Lists that are looked through as a whole: some dozens of entries at most."""
ALL = "\0all"
"""In place of a text: all entries of a short list."""
_EVERY = "a:"
_PEOPLE = (ListKind.SUPPLIERS, ListKind.CUSTOMERS)
_RATE = re.compile(r"(\d{1,3}(?:\.\d{1,6})?)\s?%", re.ASCII)
"""`20%`: what an e-invoice says of its tax."""
TAX_NUMBER = "tax-number:"
"""Before a text that names a supplier or customer by tax number."""
_CODE_AND_NAME = re.compile(r"(?=\S*\d)[A-Za-z0-9.]{1,12}(?:\s+[-–]|:)\s+(?P<name>.+)")
"""`429 - Office Supplies`, where the list has no codes; not “Pre-Press” and not “Travel - Taxis”."""


class ListSlice:
    """Some entries, held in memory: `Lists` for pure rules."""

    def __init__(self, entries: Iterable[tuple[ListKind, Entry]]) -> None:
        self._ids: dict[tuple[ListKind, str], Entry] = {}
        self._keys: dict[tuple[ListKind, str], list[Entry]] = {}
        for kind, entry in entries:
            if (kind, entry.id) in self._ids:
                continue
            self._ids[kind, entry.id] = entry
            for name in index_keys(kind, entry):
                self._keys.setdefault((kind, name), []).append(entry)

    def by_id(self, kind: ListKind, entry_id: EntryId) -> Entry | None:
        return self._ids.get((kind, entry_id))

    def find(self, kind: ListKind, text: str) -> Entry | None:
        """See `Lists.find`."""
        found = self._fitting(kind, text)
        return found[0] if len(found) == 1 else None

    def is_ambiguous(self, kind: ListKind, text: str) -> bool:
        """See `Lists.is_ambiguous`."""
        return len(self._fitting(kind, text)) > 1

    def fitting(self, kind: ListKind, text: str) -> Sequence[Entry]:
        """See `Lists.fitting`."""
        return self._fitting(kind, text)

    def all(self, kind: ListKind) -> Sequence[Entry]:
        """See `Lists.all`."""
        return [entry for entry in self._keys.get((kind, _EVERY), ()) if entry.active]

    def _fitting(self, kind: ListKind, text: str) -> list[Entry]:
        """The one entry that a text means, or all active ones that it means equally well."""
        inactive: list[Entry] = []
        for name in lookup_keys(kind, text) if text.strip() else ():
            entries = self._keys.get((kind, name), [])
            if name.startswith("k:"):
                entries = [entry for entry in entries if _agrees(entry, text)]
            if name.startswith("t:"):
                number = text.removeprefix(TAX_NUMBER)
                entries = [entry for entry in entries if tax_numbers.same(entry.tax_number, number)]
            if active := [entry for entry in entries if entry.active]:
                # Its own name is surer than what another one is also called.
                own = [entry for entry in active if name == f"n:{fold(entry.name)}"]
                return own if len(own) == 1 else active
            inactive = inactive or entries[:1]
        return inactive


def _agrees(entry: Entry, text: str) -> bool:
    """Of an entry found by a loose key: whether one of its names does not contradict the text."""
    wanted = suppliers.key(text)
    names = (entry.name, *entry.also_known_as)
    return any(suppliers.key(name) == wanted and suppliers.agree(name, text) for name in names)
