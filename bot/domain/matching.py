"""Which entry of the list a document's supplier is, of a sale its customer: by remembered choice, by name,
by tax number."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain import suppliers, tax_numbers
from bot.domain.finding import TAX_NUMBER
from bot.domain.identity import EntryId, PersonId
from bot.domain.lists import Entry, ListKind, Lists
from bot.domain.suppliers import Alike, Level


@dataclass(frozen=True, slots=True)
class Named:
    """All that a document says of whom it is from, of a sale: to."""

    written: str
    tax_numbers: tuple[str, ...] = ()
    legal_name: str = ""
    """As registered, where `written` is the name it trades under."""
    kind: ListKind = ListKind.SUPPLIERS


@dataclass(frozen=True, slots=True)
class Alias:
    """A person said: this name stands for that supplier, or customer."""

    written: str
    entry: EntryId
    name: str
    """The supplier's, as it was called then."""
    by: PersonId
    at: dt.datetime
    kind: ListKind = ListKind.SUPPLIERS

    @property
    def key(self) -> str:
        """Short, however long the name is; nothing for a name without a letter."""
        return alias_key(self.written, self.kind)


REMEMBERED, BY_TAX_NUMBER = "remembered choice", "tax number"


@dataclass(frozen=True, slots=True)
class Match:
    """The entry, or nothing; `why` says in small letters by what it was known."""

    entry: Entry | None
    why: str = "document"
    is_ambiguous: bool = False
    """Two suppliers fit: a person must say which."""


def alias_key(written: str, kind: ListKind) -> str:
    known_by = suppliers.identity(written)
    return hashlib.blake2s(f"{kind}|{known_by}".encode(), digest_size=16).hexdigest() if known_by else ""


def alias_of(aliases: Mapping[str, Alias], said: Named) -> Alias | None:
    """What was remembered of a name, however it is cased and punctuated; another legal form is another
    name."""
    return aliases.get(alias_key(said.written, said.kind)) if aliases and said.written else None


def wanted(said: Named, alias: Alias | None) -> set[tuple[ListKind, str]]:
    """What `match` looks up."""
    texts = {said.written, said.legal_name, *_numbers(said), alias.entry if alias else ""}
    return {(said.kind, text) for text in texts if text}


def _numbers(said: Named) -> list[str]:
    return [f"{TAX_NUMBER}{number}" for number in said.tax_numbers if number]


def match(lists: Lists, said: Named, alias: Alias | None) -> Match:
    """The one entry that name and tax numbers mean. Where they mean two, none: a person is asked."""
    remembered = lists.by_id(said.kind, alias.entry) if alias else None
    if remembered and remembered.active:
        return Match(remembered, REMEMBERED)
    name = said.written
    if said.legal_name and not lists.find(said.kind, name) and not lists.is_ambiguous(said.kind, name):
        name = said.legal_name
    return _agreed(lists.find(said.kind, name), _numbered(lists, said), lists.is_ambiguous(said.kind, name))


def _numbered(lists: Lists, said: Named) -> Sequence[Entry]:
    """Who has the document's tax numbers: each once, none that is no longer in use beside one that is."""
    found = [entry for number in _numbers(said) if (entry := lists.find(said.kind, number))]
    known = {entry.id: entry for entry in found}.values()
    return [entry for entry in known if entry.active] or list(known)


def _agreed(named: Entry | None, numbered: Sequence[Entry], several_names: bool) -> Match:
    if named and any(entry.id == named.id for entry in numbered):
        return Match(named)
    actives = [entry for entry in (named, *numbered) if entry and entry.active]
    if numbered and len(actives) > 1:
        return Match(None, is_ambiguous=True)
    if named and (named.active or not numbered):
        return Match(named)
    if numbered:
        return Match(numbered[0], BY_TAX_NUMBER)
    return Match(None, is_ambiguous=several_names)


def contradiction(entry: Entry, numbers: Sequence[str]) -> str:
    """A sentence where none of the document's tax numbers is that of the entry and one cannot be; else
    nothing."""
    if any(tax_numbers.same(entry.tax_number, number) for number in numbers):
        return ""
    other = next((number for number in numbers if tax_numbers.contradict(entry.tax_number, number)), "")
    if not other:
        return ""
    return f"the document's tax number is {other}, that of {entry.name} is {entry.tax_number}"


def closest(written: str, entries: Iterable[Entry], limit: int = 5) -> list[Alike]:
    """The suppliers most like a name, by any of their names, best first, each once."""
    known = {entry.id: entry for entry in entries}
    names = [(entry.id, name) for entry in known.values() for name in (entry.name, *entry.also_known_as)]
    found: dict[EntryId, Alike] = {}
    for alike in suppliers.closest(written, names, limit * 2):
        name = known[alike.id].name
        also = "" if name == alike.name else f", also called {alike.name}"
        found.setdefault(alike.id, replace(alike, name=name, reason=f"{alike.reason}{also}"))
    return list(found.values())[:limit]


def with_same_number(entry: Entry | None, alike: Sequence[Alike]) -> Sequence[Alike]:
    """The supplier that has the document's tax number is offered first, whatever it is called."""
    if entry is None or not entry.active:
        return alike
    first = Alike(entry.id, entry.name, 100, "same tax number", Level.STRICT)
    return [first, *(one for one in alike if one.id != entry.id)]
