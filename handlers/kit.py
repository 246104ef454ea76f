"""All that a new command needs to know: `Call`, `Entry`, `Feature`, `Answer`."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.domain.identity import Business, BusinessId, ChannelId, MessageRef, PersonId, WorkspaceId
from bot.domain.roles import Role
from bot.services import Services
from bot.slack.blocks.parts import Message, Option, View
from bot.slack.client import Slack

T = TypeVar("T")
FIRST_BUSINESS = BusinessId("b1")
"""A workspace's only business, until there are several."""


@dataclass
class Call:
    """One thing a person did in Slack, and the ways to answer it."""

    slack: Slack
    workspace: WorkspaceId
    person: PersonId
    channel: ChannelId
    text: str = ""
    value: str = ""
    """A button's value, or what was chosen in a select."""
    trigger_id: str = ""
    response_url: str = ""
    message: MessageRef | None = None
    view_id: str = ""
    view_hash: str = ""
    below: str = ""
    """The id of the view that shows again when this one is closed."""
    title: str = ""
    inputs: frozenset[str] = frozenset()
    """Names of the view's fields that may be told a fault."""
    meta: Mapping[str, Any] = field(default_factory=dict)
    """Ids that a view carries along."""
    values: Mapping[str, str | None] = field(default_factory=dict)
    """A view's fields by name; lists of files or ticks joined by commas."""
    typed: str = ""
    verdict: Any = None
    """What `decide` found, for `show`."""
    features: Mapping[str, Feature] = field(default_factory=dict)

    @property
    def business(self) -> Business:
        return Business(self.workspace, FIRST_BUSINESS)

    @property
    def home(self) -> ChannelId:
        """The channel this began in, also from within a modal."""
        return self.channel or ChannelId(str(self.meta.get("channel", "")))

    @property
    def carried(self) -> dict[str, Any]:
        """What the next view carries along."""
        return {"channel": self.home}

    async def open(self, view: View) -> str:
        """Opens a modal; upon a view, on top of it."""
        if self.view_id:
            return await self.slack.push(self.trigger_id, view)
        return await self.slack.open(self.trigger_id, view)

    async def turn(self, view: View) -> str:
        """Changes the modal in place; its id."""
        await self.slack.turn(self.view_id, view, self.view_hash)
        return self.view_id

    async def post(self, message: Message, channel: str | None = None) -> MessageRef | None:
        """To the business's channel or another; who asked is told when the bot may not post there."""
        target = channel or self.home
        posted = await self.slack.post(target, message) if target else None
        if posted is None:
            posted = await self.slack.direct(self.person, message)
        return posted

    async def replace(self, message: Message) -> None:
        """The message whose button was pressed turns into this one."""
        await self.slack.replace(self.response_url, self.person, message)

    async def whisper(self, message: Message) -> None:
        """To the person alone."""
        await self.slack.whisper(self.home, self.person, message, self.response_url)


@dataclass(frozen=True)
class Answer:
    """What `decide` may answer by itself, within the three seconds."""

    errors: Mapping[str, str] = field(default_factory=dict)
    update: View | None = None
    clear: bool = False

    def as_submission(self) -> dict[str, Any]:
        if self.errors:
            return {"response_action": "errors", "errors": dict(self.errors)}
        if self.update is not None:
            return {"response_action": "update", "view": self.update}
        return {"response_action": "clear"} if self.clear else {}


Decide = Callable[[Call, Services], Awaitable[Answer | None]]
Show = Callable[[Call, Services], Awaitable[None]]
Offer = Callable[[Call, Services], Awaitable[Sequence[Option]]]


@dataclass(frozen=True)
class Entry:
    """One way in. `decide` runs before the acknowledgement and talks to nothing but Redis; `show` runs
    after it, unless `decide` refused, and may call Slack. `what` completes “Only an Admin can …”."""

    role: Role
    what: str = "do this"
    decide: Decide | None = None
    show: Show | None = None


@dataclass(frozen=True)
class Feature:
    """A subcommand with everything that belongs to it."""

    name: str
    summary: str = ""
    command: Entry | None = None
    actions: Mapping[str, Entry] = field(default_factory=dict)
    submissions: Mapping[str, Entry] = field(default_factory=dict)
    closings: Mapping[str, Entry] = field(default_factory=dict)
    options: Mapping[str, Offer] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """Every feature's entries, found by what Slack names. Two features may not claim one name."""

    features: Mapping[str, Feature]
    actions: Mapping[str, Entry]
    submissions: Mapping[str, Entry]
    closings: Mapping[str, Entry]
    options: Mapping[str, Offer]

    @classmethod
    def of(cls, features: Sequence[Feature]) -> Table:
        """Raises ValueError, naming what is claimed twice."""
        for feature in features:
            if sum(other.name == feature.name for other in features) > 1:
                raise ValueError(f"two features are called {feature.name}")
        return cls(
            {feature.name: feature for feature in features},
            _joined([feature.actions for feature in features]),
            _joined([feature.submissions for feature in features]),
            _joined([feature.closings for feature in features]),
            _joined([feature.options for feature in features]),
        )


def _joined(parts: Sequence[Mapping[str, T]]) -> dict[str, T]:
    joined: dict[str, T] = {}
    for part in parts:
        if doubled := joined.keys() & part.keys():
            raise ValueError(f"two features claim {', '.join(sorted(doubled))}")
        joined |= part
    return joined


def field_values(view: Mapping[str, Any]) -> dict[str, str | None]:
    """A view's state by field (https://docs.slack.dev/reference/views/#state)."""
    state: Mapping[str, Any] = (view.get("state") or {}).get("values") or {}
    return {block: _value(next(iter(elements.values()))) for block, elements in state.items() if elements}


def _value(element: Mapping[str, Any]) -> str | None:
    if "files" in element:
        return ",".join(str(file["id"]) for file in element.get("files") or [])
    if "selected_options" in element:
        return ",".join(str(one["value"]) for one in element.get("selected_options") or [])
    if "selected_users" in element:
        return ",".join(map(str, element.get("selected_users") or []))
    chosen = element.get("selected_option")
    if chosen:
        return str(chosen["value"])
    for name in ("value", "selected_date", "selected_conversation", "selected_channel", "selected_user"):
        if element.get(name):
            return str(element[name])
    return None


def metadata(view: Mapping[str, Any]) -> dict[str, Any]:
    """The ids a view carries; nothing when they are not ours."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
