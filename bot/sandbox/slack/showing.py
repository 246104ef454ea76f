"""What the page is given to show: the workspace once, and again and again what one person sees."""

from __future__ import annotations

from collections.abc import Iterable

from bot.sandbox.slack import stacks
from bot.sandbox.slack.models import Channel, File, Json, Member, Message, View
from bot.sandbox.slack.surfaces import Surface, closing_label
from bot.sandbox.slack.workspace import Workspace

SLACKBOT = "Slackbot"


def team(workspace: Workspace) -> Json:
    """Names that do not change while somebody looks: team, app, people, channels, shortcuts."""
    return {
        "team": {"name": workspace.name, "domain": workspace.domain},
        "bot": {"id": workspace.bot.id, "name": workspace.bot.real_name},
        "people": [_member(one) for one in workspace.members.values()],
        "shortcuts": [{"name": one.name, "kind": one.type} for one in workspace.shortcuts],
    }


def screen(workspace: Workspace, person: Member, channel: Channel | None) -> Json:
    """Everything the person can see now; of messages, those of one channel."""
    seen = [one for one in workspace.channels.values() if person.id in one.members]
    home = workspace.homes.get(person.id)
    return {
        "version": workspace.version,
        "channels": [_channel(workspace, one, person) for one in seen],
        "messages": [] if channel is None else _messages(workspace, channel, person),
        "modals": [_view(workspace, view) for view in workspace.stacks.get(person.id, [])],
        "home": None if home is None else _view(workspace, home),
    }


def is_seen(message: Message, person: Member) -> bool:
    """Whether a message of a channel is shown to one of its members."""
    return message.only_for in (None, person.id)


def _member(member: Member) -> Json:
    return {
        "id": member.id,
        "name": member.name,
        "real_name": member.real_name,
        "title": member.title,
        "is_bot": member.is_bot,
    }


def _channel(workspace: Workspace, channel: Channel, person: Member) -> Json:
    said = [one.ts for one in workspace.history if one.channel == channel.id and is_seen(one, person)]
    return {
        "id": channel.id,
        "name": workspace.bot.real_name if channel.is_im else channel.name,
        "is_im": channel.is_im,
        "members": len(channel.members),
        "said": said,
    }


def _messages(workspace: Workspace, channel: Channel, person: Member) -> list[Json]:
    here = [one for one in workspace.history if one.channel == channel.id and is_seen(one, person)]
    return [_message(workspace, one, person) for one in here]


def _message(workspace: Workspace, message: Message, person: Member) -> Json:
    surface = Surface(workspace, message, person.id)
    member = workspace.members.get(message.user)
    marks = [
        name for channel, ts, name in workspace.reactions if (channel, ts) == (message.channel, message.ts)
    ]
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "author": member.real_name if member else SLACKBOT,
        "is_app": message.from_app,
        "blocks": surface.blocks if message.blocks or message.text else [],
        "values": surface.values,
        "files": _files(workspace.files[one] for one in message.files),
        "thread": message.thread_ts,
        "is_edited": message.edited is not None,
        "is_private": message.only_for is not None,
        "trouble": message.trouble.get(person.id, ""),
        "reactions": marks,
    }


def _files(files: Iterable[File]) -> list[Json]:
    return [
        {
            "id": one.id,
            "name": one.name,
            "mimetype": one.mimetype,
            "size": len(one.content),
            "alt": one.alt,
        }
        for one in files
    ]


def _view(workspace: Workspace, view: View) -> Json:
    stack = workspace.stacks.get(view.person, [])
    return {
        "id": view.id,
        "title": view.text_of("title"),
        "submit": view.text_of("submit"),
        "close": closing_label(view),
        "blocks": view.blocks,
        "values": view.values,
        "errors": view.errors,
        "trouble": view.trouble,
        "depth": stack.index(view) + 1 if view in stack else 0,
        "is_front": view is stacks.top(workspace, view.person),
    }
