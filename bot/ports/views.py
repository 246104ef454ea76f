"""Everything that looking at items needs, read together: in two round trips for one item as for hundreds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from bot.domain.connection import Connection
from bot.domain.duplicates import Verdict
from bot.domain.identity import ItemId
from bot.domain.items import Item, ItemStage
from bot.domain.lists import ListKind, Lists, ListsState
from bot.domain.matching import Alias
from bot.domain.publication import Publication
from bot.domain.settings import BusinessSettings, SupplierRule

Others = Sequence[tuple[Item, Verdict | None]]
"""Items that share something with another one, with what was answered of the two."""


@dataclass(frozen=True)
class Desk:
    """What counts for every item."""

    settings: BusinessSettings = field(default_factory=BusinessSettings)
    connection: Connection | None = None
    lists: ListsState = field(default_factory=ListsState)
    aliases: Mapping[str, Alias] = field(default_factory=dict)


@dataclass(frozen=True)
class Seen:
    """Items as they lie there."""

    desk: Desk
    items: Sequence[tuple[Item, Others]]
    total: int


@dataclass(frozen=True)
class Asked:
    """What some items name: texts and ids of the lists, and rules by their keys."""

    texts: Iterable[tuple[ListKind, str]]
    rules: Iterable[str]


@dataclass(frozen=True)
class LookedUp:
    """What the lists know of it."""

    lists: Lists
    rules: Mapping[str, SupplierRule]
    """The rules that were asked for and those of every supplier and customer that was found, whose own
    entries are among the `lists`."""
    publications: Mapping[str, Publication]


class ViewStore(Protocol):
    """Each in one round trip."""

    async def desk(self) -> Desk: ...
    async def rules(self) -> tuple[Desk, Sequence[SupplierRule]]:
        """All of them, with the desk."""
        ...

    async def items(self, ids: Sequence[ItemId]) -> Seen:
        """Those of these that are there, with the desk."""
        ...

    async def page(self, stages: Sequence[ItemStage], offset: int, limit: int) -> Seen:
        """As `ItemStore.page`, with the desk."""
        ...

    async def look_up(self, asked: Sequence[Asked], publications: Sequence[str] = ()) -> LookedUp:
        """Each of `asked` for some hundred items at most."""
        ...
