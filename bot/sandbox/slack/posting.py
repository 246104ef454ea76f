"""Messages: posting, editing, deleting, private ones, and what a response URL may do.

https://docs.slack.dev/reference/methods/chat.postMessage ,
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

from bot.sandbox.slack import limits
from bot.sandbox.slack.blocks import checked_blocks
from bot.sandbox.slack.models import Channel, Json, Message, ResponseUrl, SlackRefusal
from bot.sandbox.slack.workspace import Workspace


def find_channel(workspace: Workspace, given: object, *, member: bool = False) -> Channel:
    """A channel by id (or a person's id for their direct message).

    Refuses `channel_not_found`; with `member`, `not_in_channel` when the bot is not in it.
    """
    wanted = str(given or "")
    if wanted in workspace.members and wanted != workspace.bot.id:
        return workspace.direct(wanted)
    channel = workspace.channels.get(wanted)
    if channel is None and not wanted.startswith(("C", "D", "U", "G")):
        by_name = [one for one in workspace.channels.values() if one.name == wanted.lstrip("#")]
        channel = by_name[0] if wanted and by_name else None
    if channel is None:
        raise SlackRefusal("channel_not_found")
    if member and workspace.bot.id not in channel.members:
        raise SlackRefusal("not_in_channel")
    return channel


def content(arguments: Json) -> tuple[str, list[Json]]:
    """Text and checked blocks of a message. Refuses `no_text`, `msg_too_long`, `invalid_blocks`."""
    text = arguments.get("text") or ""
    if not isinstance(text, str):
        raise SlackRefusal("invalid_arguments", "text must be a string")
    blocks = arguments.get("blocks")
    checked = checked_blocks(blocks, "message") if blocks is not None else []
    if not text and not checked:
        raise SlackRefusal("no_text")
    if len(text) > limits.MESSAGE_TEXT:
        raise SlackRefusal("msg_too_long")
    return text, checked


def post(workspace: Workspace, channel: Channel, arguments: Json, *, only_for: str | None = None) -> Message:
    """A new message of the bot; `only_for` makes it private to one person."""
    text, blocks = content(arguments)
    thread = arguments.get("thread_ts")
    if thread and workspace.message(channel.id, str(thread)) is None and only_for is None:
        raise SlackRefusal("thread_not_found")
    message = Message(
        ts=workspace.new_ts(),
        channel=channel.id,
        user=workspace.bot.id,
        text=text,
        blocks=blocks,
        thread_ts=str(thread) if thread else None,
        only_for=only_for,
        metadata=arguments.get("metadata"),
    )
    workspace.history.append(message)
    workspace.note_pings(message)
    workspace.touch()
    return message


def edit(workspace: Workspace, message: Message, arguments: Json) -> None:
    """Give a message new content: blocks that are not named stay, an empty list takes them away.

    https://docs.slack.dev/reference/methods/chat.update
    """
    kept = {"text": message.text, "blocks": message.blocks}
    given = {name: value for name, value in arguments.items() if value is not None}
    message.text, message.blocks = content({**kept, **given})
    message.edited = {"user": workspace.bot.id, "ts": workspace.new_ts()}
    message.state, message.trouble = {}, {}
    workspace.touch()


def own_message(workspace: Workspace, channel: Channel, ts: object, refusal: str) -> Message:
    """A message of the bot that it may edit. Refuses `message_not_found` or the given word."""
    message = workspace.message(channel.id, str(ts))
    if message is None or message.only_for is not None:
        raise SlackRefusal("message_not_found")
    if message.user != workspace.bot.id:
        raise SlackRefusal(refusal)
    return message


def delete(workspace: Workspace, message: Message) -> None:
    """Take a message away."""
    workspace.history.remove(message)
    workspace.touch()


def respond(workspace: Workspace, url: ResponseUrl, body: Json) -> Message | None:
    """What arrives at a response URL. Refuses `used_url`, `expired_url` and what a message may not hold."""
    if url.uses >= limits.RESPONSE_URL_USES:
        raise SlackRefusal("used_url")
    if workspace.clock() - url.made_at > limits.RESPONSE_URL_SECONDS:
        raise SlackRefusal("expired_url")
    url.uses += 1
    return apply_answer(workspace, url, body)


def apply_answer(workspace: Workspace, url: ResponseUrl, body: Json) -> Message | None:
    """Post, replace or delete as an answer says; the message that came of it."""
    original = workspace.message(url.channel, url.original) if url.original else None
    if body.get("delete_original"):
        if original is not None:
            delete(workspace, original)
        return None
    kind = body.get("response_type", "ephemeral")
    if kind not in ("ephemeral", "in_channel"):
        raise SlackRefusal("invalid_arguments", f"unknown response_type: {kind}")
    if body.get("replace_original") and original is not None:
        edit(workspace, original, {"blocks": [], "text": "", **body})
        return original
    private = url.person if kind == "ephemeral" else None
    return post(workspace, workspace.channels[url.channel], body, only_for=private)


def say_as_slack(workspace: Workspace, channel: str, person: str, text: str) -> None:
    """A private line from Slack itself, as when a command failed."""
    workspace.history.append(
        Message(workspace.new_ts(), channel, "USLACKBOT", text, only_for=person, from_app=False)
    )
    workspace.touch()
