"""Calls to Slack for one workspace: posting, updating, private words, views, files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.domain.identity import ChannelId, MessageRef, PersonId
from bot.errors import WrongInput
from bot.slack.blocks.parts import Block, Message, View
from bot.slack.limits import VIEW_BLOCKS

NOT_THERE = {"channel_not_found", "not_in_channel", "is_archived", "restricted_action", "no_channel"}
GONE = {"message_not_found", "cant_update_message", "channel_not_found", "edit_window_closed"}
LARGEST_FILE = 10_000_000
HTTP_OK = 200

Download = Callable[[str, Mapping[str, str]], Awaitable[tuple[str, bytes]]]
"""An address and headers into (content type, bytes); no content type where it could not be had."""


@dataclass(frozen=True)
class Upload:
    """A file on its way to Slack; `alt` is what a picture says to who does not see it."""

    name: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True)
class Window:
    """A view as it stands: its id, and Slack's word for what it shows, another one after each change."""

    id: str
    state: str


@dataclass(frozen=True)
class Slack:
    """One workspace. `web` holds the bot's token."""

    web: AsyncWebClient
    download: Download

    async def post(self, channel: str, message: Message) -> MessageRef | None:
        """Posts, or gives nothing where the bot may not (it was not invited, the channel is gone)."""
        try:
            answer = await self.web.chat_postMessage(channel=channel, unfurl_links=False, **message)
        except SlackApiError as fault:
            if _error(fault) in NOT_THERE:
                return None
            raise
        return MessageRef(ChannelId(str(answer["channel"])), str(answer["ts"]))

    async def reply(self, at: MessageRef, message: Message) -> bool:
        """In the thread under a message, and there alone; False where there is none to reply to."""
        try:
            await self.web.chat_postMessage(
                channel=at.channel, thread_ts=at.ts, reply_broadcast=False, unfurl_links=False, **message
            )
        except SlackApiError as fault:
            if _error(fault) in {*NOT_THERE, *GONE, "thread_not_found"}:
                return False
            raise
        return True

    async def update(self, at: MessageRef, message: Message) -> bool:
        """Edits a message in place; False when it is gone."""
        try:
            await self.web.chat_update(channel=at.channel, ts=at.ts, **message)
        except SlackApiError as fault:
            if _error(fault) in GONE:
                return False
            raise
        return True

    async def delete(self, at: MessageRef) -> None:
        try:
            await self.web.chat_delete(channel=at.channel, ts=at.ts)
        except SlackApiError as fault:
            if _error(fault) not in GONE:
                raise

    async def direct(self, person: PersonId, message: Message) -> MessageRef | None:
        """A direct message."""
        opened = await self.web.conversations_open(users=person)
        channel: dict[str, Any] = opened["channel"]
        return await self.post(str(channel["id"]), message)

    async def whisper(self, channel: str, person: PersonId, message: Message, response_url: str = "") -> None:
        """To one person alone: where they are, else as a direct message."""
        if response_url and await self._respond(response_url, message):
            return
        if channel:
            try:
                await self.web.chat_postEphemeral(channel=channel, user=person, **message)
            except SlackApiError as fault:
                if _error(fault) not in {*NOT_THERE, "user_not_in_channel"}:
                    raise
            else:
                return
        await self.direct(person, message)

    async def _respond(self, response_url: str, message: Message, *, replaces: bool = False) -> bool:
        """False when the address is over (30 minutes, five uses) or does not answer."""
        try:
            answer = await AsyncWebhookClient(response_url, session=self.web.session).send(
                response_type="ephemeral", replace_original=replaces, **message
            )
        except (ClientError, TimeoutError, OSError):
            return False
        return bool(answer.status_code == HTTP_OK)

    async def replace(self, response_url: str, person: PersonId, message: Message) -> None:
        """The message whose button was pressed turns into this one, also a private one, of which Slack knows
        no other way to edit it. Where the address is over, the person is told anew."""
        if not await self._respond(response_url, message, replaces=True):
            await self.direct(person, message)

    async def open(self, trigger_id: str, view: View) -> str:
        """Opens a modal; its id."""
        return (await self.window(trigger_id, view)).id

    async def push(self, trigger_id: str, view: View) -> str:
        return (await self.window(trigger_id, view, upon=True)).id

    async def window(self, trigger_id: str, view: View, *, upon: bool = False) -> Window:
        """Opens a modal, or puts it upon the one that is open."""
        show = self.web.views_push if upon else self.web.views_open
        return _window(await show(trigger_id=trigger_id, view=view))

    async def turn(self, view_id: str, view: View, view_hash: str = "") -> bool:
        """Changes a view in place; False when it was closed, or changed since `view_hash`."""
        return await self.redraw(view_id, view, view_hash) is not None

    async def redraw(self, view_id: str, view: View, view_hash: str = "") -> Window | None:
        """As `turn`; the window as it stands then."""
        try:
            answer = await self.web.views_update(
                view_id=view_id, view=view, **({"hash": view_hash} if view_hash else {})
            )
        except SlackApiError as fault:
            if _error(fault) in {"not_found", "view_not_found", "hash_conflict", "expired_trigger_id"}:
                return None
            raise
        return _window(answer)

    async def file_name(self, file_id: str) -> str:
        """What a file is called, without fetching it."""
        found = await self.web.files_info(file=file_id)
        return str(found["file"].get("name") or file_id)

    async def home(self, person: PersonId, blocks: Sequence[Block]) -> None:
        """Somebody's App Home (https://docs.slack.dev/reference/methods/views.publish)."""
        await self.web.views_publish(
            user_id=person, view={"type": "home", "blocks": list(blocks)[:VIEW_BLOCKS]}
        )

    async def is_in(self, channel: str) -> bool | None:
        """Whether the bot is in a channel; a direct message always; nothing where Slack does not say."""
        if channel.startswith("D"):
            return True
        try:
            answer = await self.web.conversations_info(channel=channel)
        except SlackApiError as fault:
            return False if _error(fault) in NOT_THERE else None
        found: dict[str, Any] = answer["channel"]
        return bool(found.get("is_member"))

    async def send_file(self, person: PersonId, name: str, content: bytes, says: str) -> None:
        """A file to one person alone, with a word beside it."""
        await self.send_files(person, [Upload(name, content)], says)

    async def send_files(self, person: PersonId, files: Sequence[Upload], says: str) -> None:
        """Files to one person alone, in one message with a word beside them
        (https://docs.slack.dev/messaging/working-with-files/#uploading_files)."""
        opened = await self.web.conversations_open(users=person)
        channel: dict[str, Any] = opened["channel"]
        uploads = [
            {"filename": file.name, "title": file.name, "content": file.content}
            | ({"alt_txt": file.alt} if file.alt else {})
            for file in files
        ]
        await self.web.files_upload_v2(channel=str(channel["id"]), file_uploads=uploads, initial_comment=says)

    async def file(self, file_id: str) -> tuple[str, bytes]:
        """A file's name and bytes. Raises WrongInput when it is too large or Slack does not hand it out:
        without access Slack answers with its sign-in page, so the content type is looked at."""
        found = await self.web.files_info(file=file_id)
        file: dict[str, Any] = found["file"]
        name = str(file.get("name") or file_id)
        if int(file.get("size") or 0) > LARGEST_FILE:
            raise WrongInput(f"{name} is larger than {LARGEST_FILE // 1_000_000} MB.", advice="Split it.")
        address = str(file.get("url_private_download") or file.get("url_private") or "")
        kind, content = await self.download(address, {"Authorization": f"Bearer {self.web.token}"})
        if not kind or (kind.startswith("text/html") and not name.endswith(".html")):
            raise WrongInput(f"Slack did not hand out {name}.", advice="Share it with the app and try again.")
        return name, content


def _error(fault: SlackApiError) -> str:
    error = str(fault.response.get("error", ""))
    structlog.get_logger().debug("slack refused", error=error)
    return error


def _window(answer: Any) -> Window:
    view: dict[str, Any] = answer["view"]
    return Window(str(view["id"]), str(view.get("hash", "")))
