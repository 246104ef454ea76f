"""The simulated workspace's state, and nothing of HTTP. Rules of posting and views stand beside it."""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import Iterable, Iterator

from bot.sandbox.slack.journal import Journal
from bot.sandbox.slack.limits import RateLimiter
from bot.sandbox.slack.models import (
    Channel,
    Clock,
    File,
    Json,
    Member,
    Message,
    Ping,
    ResponseUrl,
    Shortcut,
    SlackRefusal,
    Trigger,
    View,
)

_SPECIAL = re.compile(r"<!(channel|here|everyone)(?:\|[^>]*)?>|<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


class Workspace:
    """One Slack team with one app installed in it.

    Everything a test may look at is here; a person's eyes are `Person`. Times are unix seconds of `clock`.
    `scopes` None means the token may do everything. It never depends on the bot's process.
    """

    def __init__(  # noqa: PLR0913  each is a fact of the workspace, all have defaults
        self,
        *,
        name: str = "Held Out",
        domain: str = "held-out",
        bot_token: str | None = None,
        signing_secret: str | None = None,
        commands: Iterable[str] = ("/dext",),
        events: Iterable[str] = ("app_home_opened", "message.im", "file_shared"),
        scopes: Iterable[str] | None = None,
        rate_limits: bool = True,
        clock: Clock = time.time,
    ) -> None:
        self.team_id, self.name, self.domain = "T0HELDOUT", name, domain
        self.app_id, self.bot_id = "A0DEXT", "B0DEXT"
        self.bot_token = bot_token or f"xoxb-{secrets.token_hex(16)}"
        self.signing_secret = signing_secret or secrets.token_hex(16)
        self.commands = set(commands)
        self.events = set(events)
        self.scopes = None if scopes is None else set(scopes)
        self.clock = clock
        self.limiter = RateLimiter(self._now, on=rate_limits)
        self.journal = Journal()
        self.root_url = "http://sandbox.invalid/"
        self.members: dict[str, Member] = {}
        self.channels: dict[str, Channel] = {}
        self.history: list[Message] = []
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.shortcuts: list[Shortcut] = []
        self.pings: list[Ping] = []
        self.reactions: list[tuple[str, str, str]] = []
        self._failures: list[tuple[str, SlackRefusal | int]] = []
        self._numbers: dict[str, int] = {}
        self._last_ts = 0
        self._waiting: set[asyncio.Future[None]] = set()
        self.version = 0
        self.bot = self.add_person("dext", "Dext", is_bot=True)

    def _now(self) -> float:
        return self.clock()  # looked up anew each time: a test may have changed it

    # --- changes ---------------------------------------------------------------------------------------

    def touch(self) -> None:
        """Something visible has changed: wake up whoever waits."""
        self.version += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)
        self._waiting.clear()

    async def changed(self, since: int, seconds: float) -> bool:
        """Wait until the version is above `since`; False when `seconds` pass first."""
        if self.version > since:
            return True
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(future)
        try:
            await asyncio.wait_for(future, max(seconds, 0))
        except TimeoutError:
            return False
        finally:
            self._waiting.discard(future)
        return True

    # --- making things ---------------------------------------------------------------------------------

    def new_id(self, letter: str) -> str:
        """An id like Slack's: a letter and capital letters and digits."""
        number = self._numbers[letter] = self._numbers.get(letter, 0) + 1
        return f"{letter}0{secrets.token_hex(3).upper()}{number:03d}"

    def new_ts(self) -> str:
        """A message's timestamp, later than all before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def add_person(
        self,
        name: str,
        real_name: str = "",
        *,
        is_owner: bool = False,
        is_admin: bool = False,
        is_bot: bool = False,
        title: str = "",
    ) -> Member:
        """A new member of the team, in no channel yet."""
        id_ = self.new_id("U")
        member = Member(id_, name, real_name or name.title(), is_owner, is_admin, is_bot, title)
        self.members[member.id] = member
        return member

    def add_channel(self, name: str, members: Iterable[str]) -> Channel:
        """A new public channel; `members` are people's names."""
        channel = Channel(self.new_id("C"), name.lstrip("#"), [self.person(one).id for one in members])
        self.channels[channel.id] = channel
        return channel

    def add_shortcut(self, name: str, callback_id: str, type: str = "global") -> None:
        """A shortcut of the app: `global`, or `message` for the menu of a message."""
        self.shortcuts.append(Shortcut(name, callback_id, type))

    def add_file(self, name: str, content: bytes, *, user: str, mimetype: str = "") -> File:
        """Keep a file's bytes under a new id."""
        kind = mimetype or _MIMETYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        file = File(self.new_id("F"), name, kind, content, user)
        self.files[file.id] = file
        return file

    def new_trigger(self, person: str, view_id: str | None = None) -> str:
        """A trigger id for what the person has just done."""
        trigger = Trigger(
            f"{secrets.randbelow(10**10)}.{secrets.randbelow(10**10)}.{secrets.token_hex(16)}",
            person,
            self.clock(),
            view_id,
        )
        self.triggers[trigger.id] = trigger
        return trigger.id

    def new_response_url(self, person: str, channel: str, original: str | None = None) -> str:
        """A response URL's token path, under this server's root."""
        token = secrets.token_hex(12)
        self.response_urls[token] = ResponseUrl(token, person, channel, self.clock(), original)
        return f"{self.root_url}response/{self.team_id}/{token}"

    # --- failures on demand ----------------------------------------------------------------------------

    def fail_next(self, method: str, error: str = "fatal_error", times: int = 1) -> None:
        """The next `times` calls of `method` are refused with `error`; not counted as the bot's fault."""
        self._failures += [(method, SlackRefusal(error))] * times

    def throttle_next(self, method: str, retry_after: int = 1, times: int = 1) -> None:
        """The next `times` calls of `method` are answered with 429 and `Retry-After`."""
        self._failures += [(method, retry_after)] * times

    def injected(self, method: str) -> SlackRefusal | int | None:
        """Take the next failure made on demand for this method: a refusal, or seconds to wait."""
        for failure in self._failures:
            if failure[0] == method:
                self._failures.remove(failure)
                return failure[1]
        return None

    # --- finding things --------------------------------------------------------------------------------

    def person(self, who: str) -> Member:
        """A member by name (with or without @) or id. KeyError when there is none."""
        if who in self.members:
            return self.members[who]
        for member in self.members.values():
            if member.name == who.lstrip("@"):
                return member
        raise KeyError(f"nobody called {who}")

    def channel(self, which: str) -> Channel:
        """A channel by name (with or without #) or id. KeyError when there is none."""
        if which in self.channels:
            return self.channels[which]
        for channel in self.channels.values():
            if channel.name == which.lstrip("#") and not channel.is_im:
                return channel
        raise KeyError(f"no channel {which}")

    def direct(self, person: str) -> Channel:
        """The direct message of the bot with a person (by id), made when it is not there yet."""
        for channel in self.channels.values():
            if channel.person == person:
                return channel
        made = Channel(self.new_id("D"), "directmessage", [person, self.bot.id], person)
        self.channels[made.id] = made
        return made

    def messages(self, channel: str) -> list[Message]:
        """What everybody in a channel sees, oldest first. `channel` is a name or id."""
        wanted = self.channel(channel).id
        return [one for one in self.history if one.channel == wanted and one.only_for is None]

    def ephemerals(self, person: str) -> list[Message]:
        """What only this person sees, oldest first."""
        wanted = self.person(person).id
        return [one for one in self.history if one.only_for == wanted]

    def direct_messages(self, person: str) -> list[Message]:
        """The direct messages between a person and the bot, oldest first."""
        return self.messages(self.direct(self.person(person).id).id)

    def message(self, channel: str, ts: str) -> Message | None:
        """One message by its channel's id and timestamp."""
        for message in reversed(self.history):
            if message.channel == channel and message.ts == ts:
                return message
        return None

    # --- mentions --------------------------------------------------------------------------------------

    def note_pings(self, message: Message) -> None:
        """Write down whom a new message notifies by mentioning them."""
        texts = [message.text, *_marked_up(message.blocks)]
        found = {f"@{a}" if a else b for text in texts for a, b in _SPECIAL.findall(text)}
        self.pings += [Ping(message.channel, message.ts, whom) for whom in sorted(found)]


def _marked_up(value: object) -> Iterator[str]:
    """The texts in which Slack looks for mentions: everything that is not plain text."""
    if isinstance(value, dict):
        thing: Json = value
        if thing.get("type") in ("mrkdwn", "markdown") and isinstance(thing.get("text"), str):
            yield thing["text"]
        for inner in thing.values():
            yield from _marked_up(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _marked_up(inner)


_MIMETYPES = {
    "csv": "text/csv",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xml": "application/xml",
    "zip": "application/zip",
}
