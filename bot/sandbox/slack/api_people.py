"""Web API: who and where: `auth.test`, `team.info`, `users.*`, `conversations.*`, `apps.connections.open`.

https://docs.slack.dev/reference/methods
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.sandbox.slack.models import Json, SlackRefusal
from bot.sandbox.slack.posting import find_channel
from bot.sandbox.slack.workspace import Workspace

_PAGE = 1000


def auth_test(workspace: Workspace, _arguments: Json) -> Json:
    """`auth.test`."""
    return {
        "url": workspace.root_url,
        "team": workspace.name,
        "user": workspace.bot.name,
        "team_id": workspace.team_id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def team_info(workspace: Workspace, _arguments: Json) -> Json:
    """`team.info`."""
    return {"team": {"id": workspace.team_id, "name": workspace.name, "domain": workspace.domain}}


def users_info(workspace: Workspace, arguments: Json) -> Json:
    """`users.info`."""
    member = workspace.members.get(str(arguments.get("user") or ""))
    if member is None:
        raise SlackRefusal("user_not_found")
    return {"user": member.as_json(workspace.team_id)}


def users_list(workspace: Workspace, arguments: Json) -> Json:
    """`users.list`, in pages."""
    everyone = [member.as_json(workspace.team_id) for member in workspace.members.values()]
    return _page("members", everyone, arguments)


def conversations_open(workspace: Workspace, arguments: Json) -> Json:
    """`conversations.open`: the direct message with one person."""
    people = [one for one in str(arguments.get("users") or "").split(",") if one]
    if len(people) != 1:
        raise SlackRefusal("invalid_arguments" if people else "users_list_not_supplied")
    if people[0] not in workspace.members:
        raise SlackRefusal("user_not_found")
    return {"channel": {"id": workspace.direct(people[0]).id}}


def conversations_info(workspace: Workspace, arguments: Json) -> Json:
    """`conversations.info`."""
    channel = workspace.channels.get(str(arguments.get("channel") or ""))
    if channel is None:
        raise SlackRefusal("channel_not_found")
    return {"channel": channel.as_json(workspace.bot.id)}


def conversations_list(workspace: Workspace, arguments: Json) -> Json:
    """`conversations.list`: public channels unless `types` names `im`."""
    types = {one.strip() for one in str(arguments.get("types") or "public_channel").split(",")}
    wanted = [
        channel.as_json(workspace.bot.id)
        for channel in workspace.channels.values()
        if ("im" if channel.is_im else "public_channel") in types
    ]
    return _page("channels", wanted, arguments)


def conversations_members(workspace: Workspace, arguments: Json) -> Json:
    """`conversations.members`: ids, in pages."""
    channel = find_channel(workspace, arguments.get("channel"))
    return _page("members", channel.members, arguments)


def conversations_join(workspace: Workspace, arguments: Json) -> Json:
    """`conversations.join`: the bot enters a public channel."""
    channel = find_channel(workspace, arguments.get("channel"))
    if channel.is_im:
        raise SlackRefusal("method_not_supported_for_channel_type")
    warning: Json = {}
    if workspace.bot.id in channel.members:
        warning = {"warning": "already_in_channel"}
    else:
        channel.members.append(workspace.bot.id)
    return {"channel": channel.as_json(workspace.bot.id), **warning}


def connections_open(_workspace: Workspace, _arguments: Json) -> Json:
    """`apps.connections.open`: Socket Mode needs an app-level token, which this workspace has not."""
    raise SlackRefusal("not_allowed_token_type")


def _page(name: str, everything: Sequence[Json | str], arguments: Json) -> Json:
    try:
        size = int(arguments.get("limit") or _PAGE)
        start = int(arguments.get("cursor") or 0)
    except ValueError:
        raise SlackRefusal("invalid_cursor") from None
    if not 1 <= size <= _PAGE:
        raise SlackRefusal("invalid_limit")
    end = min(start + size, len(everything))
    more = str(end) if end < len(everything) else ""
    return {name: list(everything[start:end]), "response_metadata": {"next_cursor": more}}


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "auth.test": auth_test,
    "team.info": team_info,
    "users.info": users_info,
    "users.list": users_list,
    "conversations.open": conversations_open,
    "conversations.info": conversations_info,
    "conversations.list": conversations_list,
    "conversations.members": conversations_members,
    "conversations.join": conversations_join,
    "apps.connections.open": connections_open,
}
