"""Web API: `chat.*` and `reactions.add`. https://docs.slack.dev/reference/methods?family=chat"""

from __future__ import annotations

from collections.abc import Callable

from bot.sandbox.slack import posting
from bot.sandbox.slack.models import Json, Message, SlackRefusal
from bot.sandbox.slack.workspace import Workspace


def _shown(workspace: Workspace, message: Message) -> Json:
    return message.as_json(workspace.team_id, workspace.app_id, workspace.bot_id)


def post_message(workspace: Workspace, arguments: Json) -> Json:
    """`chat.postMessage`."""
    channel = posting.find_channel(workspace, arguments.get("channel"), member=True)
    message = posting.post(workspace, channel, arguments)
    return {"channel": channel.id, "ts": message.ts, "message": _shown(workspace, message)}


def post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    """`chat.postEphemeral`: seen by one member of the channel."""
    channel = posting.find_channel(workspace, arguments.get("channel"), member=True)
    person = str(arguments.get("user") or "")
    if person not in workspace.members:
        raise SlackRefusal("user_not_found" if person else "invalid_arguments")
    if person not in channel.members:
        raise SlackRefusal("user_not_in_channel")
    message = posting.post(workspace, channel, arguments, only_for=person)
    return {"message_ts": message.ts}


def update(workspace: Workspace, arguments: Json) -> Json:
    """`chat.update`: only the bot's own messages, and no private ones."""
    channel = posting.find_channel(workspace, arguments.get("channel"))
    message = posting.own_message(workspace, channel, arguments.get("ts"), "cant_update_message")
    posting.edit(workspace, message, arguments)
    shown = _shown(workspace, message)
    return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": shown}


def delete(workspace: Workspace, arguments: Json) -> Json:
    """`chat.delete`."""
    channel = posting.find_channel(workspace, arguments.get("channel"))
    message = posting.own_message(workspace, channel, arguments.get("ts"), "cant_delete_message")
    posting.delete(workspace, message)
    return {"channel": channel.id, "ts": message.ts}


def get_permalink(workspace: Workspace, arguments: Json) -> Json:
    """`chat.getPermalink`."""
    channel = posting.find_channel(workspace, arguments.get("channel"))
    ts = str(arguments.get("message_ts"))
    if workspace.message(channel.id, ts) is None:
        raise SlackRefusal("message_not_found")
    link = f"https://{workspace.domain}.slack.com/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": link}


def add_reaction(workspace: Workspace, arguments: Json) -> Json:
    """`reactions.add`."""
    channel = posting.find_channel(workspace, arguments.get("channel"), member=True)
    ts, name = str(arguments.get("timestamp")), str(arguments.get("name") or "")
    if workspace.message(channel.id, ts) is None:
        raise SlackRefusal("message_not_found")
    if not name:
        raise SlackRefusal("invalid_name")
    if (channel.id, ts, name) in workspace.reactions:
        raise SlackRefusal("already_reacted")
    workspace.reactions.append((channel.id, ts, name))
    workspace.touch()
    return {}


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "reactions.add": add_reaction,
}
