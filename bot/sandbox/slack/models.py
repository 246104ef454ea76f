"""What a workspace holds: people, channels, messages, files, triggers, response URLs. Data only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Clock = Callable[[], float]
"""Gives the time in unix seconds."""


class SlackRefusal(Exception):
    """The Web API says no: `error` is Slack's word, `messages` go to `response_metadata`."""

    def __init__(self, error: str, *messages: str, **more: Any) -> None:
        super().__init__(f"{error}: {'; '.join(messages)}" if messages else error)
        self.error = error
        self.messages = list(messages)
        self.more: Json = more

    def as_json(self) -> Json:
        """The body that Slack would answer with."""
        body: Json = {"ok": False, "error": self.error, **self.more}
        if self.messages:
            body["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in self.messages]}
        return body


@dataclass
class Member:
    """A person of the workspace, or the bot's user (`is_bot`)."""

    id: str
    name: str
    real_name: str
    is_owner: bool = False
    is_admin: bool = False
    is_bot: bool = False
    title: str = ""
    """What the person does in the firm, as in Slack's profile."""

    def as_json(self, team_id: str) -> Json:
        """A user object as `users.info` gives it. https://docs.slack.dev/reference/objects/user-object"""
        return {
            "id": self.id,
            "team_id": team_id,
            "name": self.name,
            "real_name": self.real_name,
            "deleted": False,
            "tz": "Europe/London",
            "tz_label": "Greenwich Mean Time",
            "tz_offset": 0,
            "profile": {
                "real_name": self.real_name,
                "title": self.title,
                "display_name": self.name,
                "real_name_normalized": self.real_name,
                "display_name_normalized": self.name,
                "team": team_id,
            },
            "is_admin": self.is_admin or self.is_owner,
            "is_owner": self.is_owner,
            "is_primary_owner": self.is_owner,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": self.is_bot,
            "is_app_user": False,
            "updated": 1700000000,
        }


@dataclass
class Channel:
    """A channel (`C…`) or a direct message with the bot (`D…`, `person` is who it is with)."""

    id: str
    name: str
    members: list[str] = field(default_factory=list)
    person: str | None = None

    @property
    def is_im(self) -> bool:
        """Whether it is a direct message."""
        return self.person is not None

    def as_json(self, bot_user: str) -> Json:
        """A conversation object. https://docs.slack.dev/reference/objects/conversation-object"""
        common = {"id": self.id, "created": 1700000000, "is_archived": False, "is_org_shared": False}
        if self.is_im:
            return {**common, "is_im": True, "user": self.person, "is_user_deleted": False, "priority": 0}
        return {
            **common,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": True,
            "is_group": False,
            "is_im": False,
            "is_mpim": False,
            "is_private": False,
            "is_general": self.name == "general",
            "is_member": bot_user in self.members,
            "num_members": len(self.members),
        }


@dataclass
class Message:
    """A message in a channel; `only_for` is the one person who sees an ephemeral one."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str | None = None
    edited: Json | None = None
    only_for: str | None = None
    files: list[str] = field(default_factory=list)
    from_app: bool = True
    metadata: Json | None = None
    state: dict[str, Json] = field(default_factory=dict)
    """What each person has entered in it: person's id -> block id -> action id -> value."""
    trouble: dict[str, str] = field(default_factory=dict)
    """What Slack itself says to a person beside it when the app did not answer a click."""

    def as_json(self, team_id: str, app_id: str, bot_id: str) -> Json:
        """A message object as it travels in payloads and answers."""
        body: Json = {"type": "message", "user": self.user, "ts": self.ts, "text": self.text, "team": team_id}
        if self.from_app:
            body |= {"bot_id": bot_id, "app_id": app_id}
        if self.blocks:
            body["blocks"] = self.blocks
        if self.thread_ts:
            body["thread_ts"] = self.thread_ts
        if self.edited:
            body["edited"] = self.edited
        if self.metadata:
            body["metadata"] = self.metadata
        return body


@dataclass
class View:
    """A modal or a person's Home, as Slack holds it: the app's part, and what was entered."""

    id: str
    person: str
    definition: Json
    hash: str
    values: Json = field(default_factory=dict)
    root_id: str = ""
    previous_id: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    """Errors under the fields by block id, as the person sees them after a submit."""
    trouble: str = ""
    """What Slack itself says at the top when the app did not answer."""

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.definition["type"])

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, every one with its id."""
        return list(self.definition["blocks"])

    def text_of(self, key: str) -> str:
        """The text of `title`, `submit` or `close`; empty when there is none."""
        return str((self.definition.get(key) or {}).get("text", ""))


@dataclass
class File:
    """An uploaded file with its bytes."""

    id: str
    name: str
    mimetype: str
    content: bytes
    user: str
    title: str = ""
    alt: str = ""
    """What a picture says to who does not see it (`alt_txt`)."""
    channels: list[str] = field(default_factory=list)
    complete: bool = True

    def as_json(self, team_id: str, root_url: str) -> Json:
        """A file object. https://docs.slack.dev/reference/objects/file-object"""
        suffix = self.name.rpartition(".")[2].lower() if "." in self.name else "text"
        private = f"{root_url}files-pri/{team_id}-{self.id}"
        return {
            "id": self.id,
            "created": 1700000000,
            "timestamp": 1700000000,
            "name": self.name,
            "title": self.title or self.name,
            **({"alt_txt": self.alt} if self.alt else {}),
            "mimetype": self.mimetype,
            "filetype": suffix,
            "pretty_type": suffix.upper(),
            "user": self.user,
            "user_team": team_id,
            "editable": False,
            "size": len(self.content),
            "mode": "hosted",
            "is_external": False,
            "external_type": "",
            "is_public": False,
            "public_url_shared": False,
            "url_private": f"{private}/{self.name}",
            "url_private_download": f"{private}/download/{self.name}",
            "permalink": f"{root_url}files/{self.user}/{self.id}/{self.name}",
            "channels": self.channels,
            "groups": [],
            "ims": [],
            "has_rich_preview": False,
            "file_access": "visible",
        }


@dataclass
class Trigger:
    """A trigger id: lives three seconds, opens one thing."""

    id: str
    person: str
    made_at: float
    view_id: str | None = None
    used: bool = False


@dataclass
class ResponseUrl:
    """A response URL: half an hour, five uses. `original` is the ts of the message it came from."""

    token: str
    person: str
    channel: str
    made_at: float
    original: str | None = None
    uses: int = 0


@dataclass(frozen=True)
class Shortcut:
    """A shortcut in the menu of the workspace (`global`) or of a message (`message`)."""

    name: str
    callback_id: str
    type: str


@dataclass(frozen=True)
class Ping:
    """A mention that notifies: `whom` is `@channel`, `@here`, `@everyone` or a person's id."""

    channel: str
    message_ts: str
    whom: str
