"""Slack's side of a test: signed requests to the bot's Bolt app, and a record of what it told Slack."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlencode

import httpx
from slack_bolt.authorization import AuthorizeResult

from bot.domain.identity import ChannelId, MessageRef, PersonId, WorkspaceId
from bot.domain.roles import Person, Role, role_of
from bot.errors import NotAllowed
from bot.services import Services
from bot.slack.blocks.parts import Message, View
from bot.slack.client import Slack, Upload, Window
from handlers import web_app
from handlers.kit import Feature, Table
from handlers.slack_app import SlackApp

SECRET = "signing-secret"
TEAM = "T123"
ADA = Person(PersonId("UADA"), "Ada", is_slack_admin=True)
BEN = Person(PersonId("UBEN"), "Ben")


@dataclass
class Told:
    """One thing the bot told Slack."""

    how: str
    where: str
    what: dict[str, Any]

    @property
    def text(self) -> str:
        return json.dumps(self.what, ensure_ascii=False)


@dataclass
class FakeSlack:
    """`Slack` of bot/slack/client.py, writing down instead of calling."""

    told: list[Told] = field(default_factory=list)
    fault: Exception | None = None
    """Raised by the next call that opens a window or posts."""
    closed_to_us: set[str] = field(default_factory=set)
    """Channels the bot may not post in."""
    gone: set[str] = field(default_factory=set)
    """Views that were closed, messages that were deleted."""

    def _tell(self, how: str, where: str, what: dict[str, Any]) -> None:
        if self.fault and how != "whisper":
            fault, self.fault = self.fault, None
            raise fault
        self.told.append(Told(how, where, what))

    def of(self, how: str) -> list[Told]:
        return [one for one in self.told if one.how == how]

    async def post(self, channel: str, message: Message) -> MessageRef | None:
        if channel in self.closed_to_us:
            return None
        self._tell("post", channel, message)
        return MessageRef(ChannelId(channel), f"{len(self.told)}.0")

    async def reply(self, at: MessageRef, message: Message) -> bool:
        if at.ts in self.gone:
            return False
        self._tell("reply", f"{at.channel}/{at.ts}", message)
        return True

    async def update(self, at: MessageRef, message: Message) -> bool:
        if at.ts in self.gone:
            return False
        self._tell("update", at.channel, message)
        return True

    async def delete(self, at: MessageRef) -> None:
        self._tell("delete", at.channel, {})

    async def direct(self, person: PersonId, message: Message) -> MessageRef | None:
        if person in self.closed_to_us:
            return None
        self._tell("direct", person, message)
        return MessageRef(ChannelId(f"D{person}"), f"{len(self.told)}.0")

    async def whisper(self, channel: str, person: PersonId, message: Message, response_url: str = "") -> None:
        del channel, response_url
        self._tell("whisper", person, message)

    async def replace(self, response_url: str, person: PersonId, message: Message) -> None:
        del response_url
        self._tell("replace", person, message)

    async def home(self, person: PersonId, blocks: Sequence[Any]) -> None:
        self._tell("home", person, {"type": "home", "blocks": list(blocks)})

    async def is_in(self, channel: str) -> bool | None:
        return channel not in self.closed_to_us

    async def send_file(self, person: PersonId, name: str, content: bytes, says: str) -> None:
        self._tell("file", person, {"name": name, "content": content.decode("utf-8-sig"), "says": says})

    async def send_files(self, person: PersonId, files: Sequence[Upload], says: str) -> None:
        self._tell("files", person, {"files": list(files), "says": says})

    async def open(self, trigger_id: str, view: View) -> str:
        return (await self.window(trigger_id, view)).id

    async def push(self, trigger_id: str, view: View) -> str:
        return (await self.window(trigger_id, view, upon=True)).id

    async def window(self, trigger_id: str, view: View, *, upon: bool = False) -> Window:
        self._tell("push" if upon else "open", trigger_id, view)
        return Window("V2" if upon else "V1", self._state())

    async def turn(self, view_id: str, view: View, view_hash: str = "") -> bool:
        return await self.redraw(view_id, view, view_hash) is not None

    async def redraw(self, view_id: str, view: View, view_hash: str = "") -> Window | None:
        del view_hash
        if view_id in self.gone:
            return None
        self._tell("turn", view_id, view)
        return Window(view_id, self._state())

    def _state(self) -> str:
        return f"h{len(self.told)}"


class FakeRoles:
    """`RoleService`: Ada is an owner, everybody else a member."""

    def __init__(self) -> None:
        self.asked: list[tuple[Role, bool]] = []

    def _person(self, person: PersonId) -> Person:
        return ADA if person == ADA.id else Person(person, "Ben")

    async def role(self, business: object, person: PersonId, *, fresh: bool = False) -> Role:
        del business, fresh
        return role_of(self._person(person))

    async def require(
        self, business: object, person: PersonId, role: Role, what: str, *, fresh: bool = True
    ) -> Person:
        del business
        self.asked.append((role, fresh))
        if role_of(self._person(person)) < role:
            raise NotAllowed(f"Only {role.words} can {what}.", who=(ADA.id,))
        return self._person(person)

    async def admins(self, business: object) -> Sequence[PersonId]:
        del business
        return [ADA.id]


class Untouched:
    """A service that must not be asked anything."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, what: str) -> Any:
        raise AssertionError(f"{self._name}.{what} was asked")


def services(**fakes: Any) -> Services:
    """Services of which only the given ones may be used."""
    names = Services.__dataclass_fields__
    usual: dict[str, Any] = {name: Untouched(name) for name in names} | {"roles": FakeRoles()}
    return Services(**(usual | fakes))


@dataclass
class Bot:
    """The bot's Slack side, with everything behind it given by the test."""

    features: Sequence[Feature]
    services: Services
    slack: FakeSlack = field(default_factory=FakeSlack)
    seen: set[str] = field(default_factory=set)
    homes: list[str] = field(default_factory=list)
    files: list[tuple[str, str, str]] = field(default_factory=list)
    file_fault: Exception | None = None

    def __post_init__(self) -> None:
        async def first_time(_: WorkspaceId, delivery: str) -> bool:
            is_new = delivery not in self.seen
            self.seen.add(delivery)
            return is_new

        async def home(call: Any, _: Services) -> None:
            self.homes.append(call.person)

        async def file(call: Any, _: Services) -> None:
            if self.file_fault:
                raise self.file_fault
            self.files.append((call.value, call.person, call.channel))

        async def authorize(**_: Any) -> AuthorizeResult:
            return AuthorizeResult(
                enterprise_id=None, team_id=TEAM, bot_token="xoxb-test", bot_id="B1", bot_user_id="UBOT"
            )

        self.app = SlackApp(
            Table.of(self.features), self.services, lambda _: cast(Slack, self.slack), first_time, home, file
        )
        self.asgi = web_app.create(self.app.bolt(SECRET, authorize), [])

    async def send(self, body: str, kind: str, secret: str = SECRET, **headers: str) -> httpx.Response:
        """One request, signed as Slack signs; waits for what it began."""
        at = str(int(time.time()))
        signature = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
        transport = httpx.ASGITransport(app=self.asgi)
        async with httpx.AsyncClient(transport=transport, base_url="http://bot.example") as http:
            answer = await http.post(
                "/slack/events",
                content=body,
                headers={
                    "Content-Type": kind,
                    "X-Slack-Request-Timestamp": at,
                    "X-Slack-Signature": f"v0={signature}",
                    **headers,
                },
            )
        await self.app.drain()
        return answer

    async def runs(self, text: str, person: Person = ADA, **more: str) -> httpx.Response:
        """A slash command, `/dext` and what follows."""
        form = {
            "command": "/dext", "text": text, "team_id": TEAM, "user_id": person.id, "channel_id": "C1",
            "trigger_id": "TR1", "response_url": "https://hooks.example/1",
        }  # fmt: skip
        return await self.send(urlencode(form), "application/x-www-form-urlencoded", **more)

    async def does(self, kind: str, person: Person = ADA, **payload: Any) -> httpx.Response:
        """An interaction: `block_actions`, `view_submission`, `view_closed`, `block_suggestion`."""
        whole = {
            "type": kind, "team": {"id": TEAM}, "user": {"id": person.id, "team_id": TEAM},
            "api_app_id": "A1", "trigger_id": "TR1", **payload,
        }  # fmt: skip
        return await self.send(urlencode({"payload": json.dumps(whole)}), "application/x-www-form-urlencoded")

    async def clicks(
        self, action: str, value: str = "v", person: Person = ADA, **payload: Any
    ) -> httpx.Response:
        actions = [{"type": "button", "action_id": action, "block_id": "b", "value": value}]
        return await self.does("block_actions", person, actions=actions, channel={"id": "C1"}, **payload)

    async def submits(self, callback: str, person: Person = ADA, **view: Any) -> httpx.Response:
        return await self.does("view_submission", person, view=a_view(callback, **view))

    async def event(self, event: dict[str, Any], event_id: str, **headers: str) -> httpx.Response:
        body = {
            "type": "event_callback",
            "team_id": TEAM,
            "api_app_id": "A1",
            "event_id": event_id,
            "event": event,
        }
        return await self.send(json.dumps(body), "application/json", **headers)


def a_view(callback: str, **changes: Any) -> dict[str, Any]:
    """A modal as Slack sends it back."""
    usual = {
        "id": "V1", "type": "modal", "hash": "h1", "callback_id": callback,
        "title": {"type": "plain_text", "text": "A form"},
        "private_metadata": json.dumps({"channel": "C1"}), "state": {"values": {}}, "blocks": [],
    }  # fmt: skip
    return usual | changes
