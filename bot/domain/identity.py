"""Who and where: the ids everything else is told by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
"""A Slack team, `T…`."""
BusinessId = NewType("BusinessId", str)
"""A business within a workspace, `b1`, `b2` …"""
PersonId = NewType("PersonId", str)
"""A Slack person, `U…`."""
ChannelId = NewType("ChannelId", str)
"""A Slack channel or direct message, `C…`, `D…`."""
ItemId = NewType("ItemId", str)
"""An item of a business."""
EntryId = NewType("EntryId", str)
"""An entry of a list, as the accounting software names it; up to 19 digits, always a string."""

BOT = PersonId("dext")
"""Who is named when nobody asked: the clock, an import from outside."""

IN_BOOKS = "books:"
"""Begins the id of a record that we did not make, where it stands beside items: `books:60001:bill:7001`."""


def is_in_books(item: ItemId, organisation: str = "") -> bool:
    """Whether an id is such a record's; of one organisation, where it is named."""
    return item.startswith(f"{IN_BOOKS}{organisation}:" if organisation else IN_BOOKS)


@dataclass(frozen=True, slots=True)
class Business:
    """Names one business of one workspace; every stored thing belongs to exactly one."""

    workspace: WorkspaceId
    id: BusinessId

    def __str__(self) -> str:
        return f"{self.workspace}:{self.id}"

    @classmethod
    def parse(cls, text: str) -> Business:
        """The opposite of `str`: `T123:b1`."""
        workspace, _, business = text.partition(":")
        if not workspace or not business:
            raise ValueError(f"not a business: {text!r}")
        return cls(WorkspaceId(workspace), BusinessId(business))


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Slack team as it calls itself, and the address that opens it in a browser."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A message of ours in Slack that we edit in place."""

    channel: ChannelId
    ts: str
