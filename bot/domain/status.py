"""How a business stands: connection, lists, queue and what is wrong; what `/dext status` and Home show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.connection import Connection
from bot.domain.identity import PersonId
from bot.domain.items import ItemStatus
from bot.domain.lists import ListsState, Refresh
from bot.domain.probe import Probe
from bot.domain.settings import BusinessSettings


@dataclass(frozen=True, slots=True)
class Failed:
    """Items that failed for one cause, and what the latest was told."""

    cause: str
    number: int
    says: str


@dataclass(frozen=True, slots=True)
class OpenPage:
    """A Connections page that stands open in somebody's window."""

    view: str
    """Slack's id of the window."""
    state: str
    """Slack's word for what it shows: another one when anything else was shown there since."""
    seen: str
    """Tells one state of the page from another."""
    person: PersonId
    channel: str = ""
    managing: bool = False


@dataclass(frozen=True, slots=True)
class Status:
    connection: Connection | None
    settings: BusinessSettings
    lists: ListsState
    refresh: Refresh | None
    next_refresh_at: datetime | None
    calls: tuple[int, int] | None
    """Used today, allowed; as last heard."""
    counts: Mapping[ItemStatus, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    """By cause."""
    failed: Sequence[Failed] = ()
    probe: Probe | None = None

    def count(self, status: ItemStatus) -> int:
        return self.counts.get(status, 0)
