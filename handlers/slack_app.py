"""Features → Bolt: signature, person, roles, repeated deliveries, errors.

One Bolt listener a kind and our own table behind it: Bolt asks every listener in turn. Bolt's lazy parts
start even when the acknowledging part refused, so what comes after the acknowledgement is started here.
"""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.domain.identity import ChannelId, MessageRef, PersonId, WorkspaceId
from bot.errors import BotError, FieldErrors
from bot.services import Services
from bot.slack.blocks import errors
from bot.slack.client import Slack
from bot.slack.limits import OPTIONS
from handlers.kit import Answer, Call, Entry, Table, field_values, metadata

Body = dict[str, Any]
Ack = Callable[..., Awaitable[Any]]
FirstTime = Callable[[WorkspaceId, str], Awaitable[bool]]
log = structlog.get_logger


@dataclass
class SlackApp:
    """All of Slack's requests, handed to the features."""

    table: Table
    services: Services
    slack: Callable[[WorkspaceId], Slack]
    first_time: FirstTime
    home_opened: Callable[[Call, Services], Awaitable[None]]
    file_dropped: Callable[[Call, Services], Awaitable[None]]
    _running: set[asyncio.Task[None]] = field(default_factory=set)

    def bolt(self, signing_secret: str, authorize: Callable[..., Awaitable[AuthorizeResult]]) -> AsyncApp:
        """The Bolt app: https://docs.slack.dev/tools/bolt-python/concepts/lazy-listeners explains
        `process_before_response`."""
        app = AsyncApp(signing_secret=signing_secret, authorize=authorize, process_before_response=True)
        every = re.compile(r".*", re.DOTALL)
        app.command(every)(self._command)
        app.action(every)(self._action)
        app.view(every)(self._submission)
        app.view_closed(every)(self._closed)
        app.options(every)(self._options)
        app.event("app_home_opened")(self._home)
        app.event("file_shared")(self._file)
        app.event("message")(self._message)
        return app

    async def drain(self) -> None:
        """Waits for what was begun after an acknowledgement."""
        while self._running:
            await asyncio.wait(self._running)

    # --- the kinds

    async def _command(self, ack: Ack, body: Body) -> None:
        call = self._call(body)
        word, _, call.text = call.text.strip().partition(" ")
        feature = self.table.features.get(word.lower() or "help")
        if feature is None or feature.command is None:
            feature, call.text = self.table.features["help"], f"{word} {call.text}".strip()
        entry = feature.command
        if entry is None:
            raise LookupError("help is a command")
        await self._run(entry, call, ack, _as_message)

    async def _action(self, ack: Ack, body: Body) -> None:
        call = self._call(body)
        action = str(body["actions"][0].get("action_id", ""))
        entry = self.table.actions.get(action)
        if entry is None:
            await ack()
            return
        await self._run(entry, call, ack, _nothing)

    async def _submission(self, ack: Ack, body: Body) -> None:
        entry = self.table.submissions.get(str(body["view"].get("callback_id", "")))
        if entry is None:
            await ack()
            return
        await self._run(entry, self._call(body), ack, _as_submission, fresh=True)

    async def _closed(self, ack: Ack, body: Body) -> None:
        await ack()
        entry = self.table.closings.get(str(body["view"].get("callback_id", "")))
        if entry is not None and entry.show is not None:
            self._start(self._shown(entry, self._call(body), checked=True))

    async def _options(self, ack: Ack, body: Body) -> None:
        call = self._call(body)
        offer = self.table.options.get(str(body.get("action_id", "")))
        call.typed = str(body.get("value", ""))
        try:
            offered = list(await offer(call, self.services))[:OPTIONS] if offer else []
        except BotError as fault:
            log().warning("options", fault=fault.says)
            offered = []
        except Exception as fault:
            self._unforeseen(fault)
            offered = []
        await ack(options=offered)

    async def _home(self, body: Body) -> None:
        event = body["event"]
        workspace = WorkspaceId(str(body.get("team_id", "")))
        if event.get("tab", "home") != "home":
            return
        if not await self.first_time(workspace, str(body.get("event_id", secrets.token_hex(8)))):
            return
        person = PersonId(str(event["user"]))
        call = Call(self.slack(workspace), workspace, person, ChannelId(""))
        self._start(self._guarded(call, self.home_opened(call, self.services)))

    async def _file(self, body: Body) -> None:
        event = body["event"]
        await self._dropped(body, event.get("user_id"), event.get("channel_id"), event.get("file_id"))

    async def _message(self, body: Body) -> None:
        """Only files are of interest. Where both events tell of one, the first counts."""
        event = body["event"]
        if event.get("subtype") == "file_share" and not event.get("bot_id"):
            for file in event.get("files") or []:
                await self._dropped(body, event.get("user"), event.get("channel"), file.get("id"))

    async def _dropped(self, body: Body, person: Any, channel: Any, file: Any) -> None:
        """A file in a conversation, once, however many events tell of it."""
        workspace = WorkspaceId(str(body.get("team_id", "")))
        if not (person and channel and file):
            return
        if not await self.first_time(workspace, f"file:{channel}:{file}"):
            return
        call = Call(
            self.slack(workspace), workspace, PersonId(str(person)), ChannelId(str(channel)), value=str(file)
        )
        await self._guarded(call, self.file_dropped(call, self.services))

    # --- running an entry

    async def _run(
        self, entry: Entry, call: Call, ack: Ack, answered: Callable[[Answer], Body], *, fresh: bool = False
    ) -> None:
        """Role, `decide`, acknowledgement, `show`; a refusal ends it where it happens."""
        if entry.decide is None:
            await ack()
            self._start(self._shown(entry, call, checked=False))
            return
        try:
            await self.services.roles.require(call.business, call.person, entry.role, entry.what, fresh=fresh)
            answer = await entry.decide(call, self.services)
        except BotError as fault:
            await self._refused(call, ack, answered, fault)
            return
        except Exception as fault:
            await self._refused(call, ack, answered, self._unforeseen(fault))
            return
        await ack(**answered(answer or Answer()))
        if entry.show is not None and not (answer and answer.errors):
            self._start(self._shown(entry, call, checked=True))

    async def _refused(
        self, call: Call, ack: Ack, answered: Callable[[Answer], Body], fault: BotError
    ) -> None:
        if (
            answered is _as_submission
            and isinstance(fault, FieldErrors)
            and fault.fields.keys() <= call.inputs
        ):
            await ack(response_action="errors", errors=fault.fields)
        elif answered is _as_submission:
            await ack(response_action="update", view=errors.refusal_view(call.title or "Dext", fault))
        else:
            await ack()
            self._start(self._guarded(call, call.whisper(errors.refusal(fault, _item(call)))))

    async def _shown(self, entry: Entry, call: Call, *, checked: bool) -> None:
        async def show() -> None:
            if not checked:
                await self.services.roles.require(call.business, call.person, entry.role, entry.what)
            if entry.show is not None:
                await entry.show(call, self.services)

        await self._guarded(call, show())

    async def _guarded(self, call: Call, work: Awaitable[None]) -> None:
        """The outermost edge of what runs after an acknowledgement: every fault reaches the person."""
        try:
            await work
        except BotError as fault:
            await self._tell(call, fault)
        except SlackApiError as fault:
            error = str(fault.response.get("error", ""))
            if error in {"expired_trigger_id", "exchanged_trigger_id", "trigger_expired"}:
                await self._tell(
                    call, BotError("Slack did not open the window in time.", advice="Press again.")
                )
            else:
                await self._tell(call, self._unforeseen(fault))
        except Exception as fault:
            await self._tell(call, self._unforeseen(fault))

    async def _tell(self, call: Call, fault: BotError) -> None:
        try:
            await call.whisper(errors.refusal(fault, _item(call)))
        except Exception:
            log().exception("a refusal could not be told", says=fault.says)

    def _unforeseen(self, fault: Exception) -> BotError:
        reference = secrets.token_hex(2).upper()
        log().error("unforeseen", reference=reference, exc_info=fault)
        return BotError(errors.unforeseen(reference))

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    def _call(self, body: Body) -> Call:
        """The parts of Slack's payload that features use (https://docs.slack.dev/reference/interaction-payloads)."""
        view: Mapping[str, Any] = body.get("view") or {}
        team, user = body.get("team") or {}, body.get("user") or {}
        workspace = WorkspaceId(str(body.get("team_id") or team.get("id") or user.get("team_id") or ""))
        channel = body.get("channel_id") or (body.get("channel") or {}).get("id") or ""
        posted = body.get("message") or {}
        is_private = bool((body.get("container") or {}).get("is_ephemeral"))
        action = (body.get("actions") or [{}])[0]
        chosen = action.get("selected_option") or {}
        return Call(
            slack=self.slack(workspace),
            workspace=workspace,
            person=PersonId(str(body.get("user_id") or user.get("id") or "")),
            channel=ChannelId(str(channel)),
            text=str(body.get("text") or ""),
            value=str(action.get("value") or chosen.get("value") or ""),
            trigger_id=str(body.get("trigger_id") or ""),
            response_url=str(body.get("response_url") or ""),
            message=MessageRef(ChannelId(str(channel)), str(posted["ts"]))
            if posted and not is_private
            else None,
            view_id=str(view.get("id") or "") if view.get("type") != "home" else "",
            view_hash=str(view.get("hash") or ""),
            below=str(view.get("previous_view_id") or ""),
            title=str((view.get("title") or {}).get("text") or ""),
            inputs=frozenset(
                str(block.get("block_id"))
                for block in view.get("blocks") or []
                if block.get("type") == "input"
            ),
            meta=metadata(view),
            values=field_values(view),
            features=self.table.features,
        )


def _as_message(answer: Answer) -> Body:
    del answer
    return {}


def _nothing(answer: Answer) -> Body:
    del answer
    return {}


def _as_submission(answer: Answer) -> Body:
    return answer.as_submission()


def _item(call: Call) -> str:
    return str(call.meta.get("item") or call.value)
