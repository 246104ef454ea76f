"""The bodies that Slack sends to an app, exactly as it builds them.

https://docs.slack.dev/reference/interaction-payloads , https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

from bot.sandbox.slack.models import Channel, Json, Member, Message, Shortcut, View
from bot.sandbox.slack.stacks import view_json
from bot.sandbox.slack.values import starting_values
from bot.sandbox.slack.workspace import Workspace

VERIFICATION_TOKEN = "deprecated-verification-token"  # noqa: S105  Slack still sends one; nobody checks it


def signed_headers(secret: str, body: bytes, at: float, content_type: str) -> dict[str, str]:
    """https://docs.slack.dev/authentication/verifying-requests-from-slack"""
    stamp = str(int(at))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": content_type,
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def command(workspace: Workspace, person: Member, channel: Channel, line: str) -> dict[str, str]:
    """A slash command, as form fields."""
    name, _, text = line.strip().partition(" ")
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text.strip(),
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.new_response_url(person.id, channel.id),
        "trigger_id": workspace.new_trigger(person.id),
    }


def _common(workspace: Workspace, kind: str, person: Member) -> Json:
    return {
        "type": kind,
        "user": {
            "id": person.id,
            "username": person.name,
            "name": person.name,
            "team_id": workspace.team_id,
        },
        "api_app_id": workspace.app_id,
        "token": VERIFICATION_TOKEN,
        "team": {"id": workspace.team_id, "domain": workspace.domain},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _in_view(workspace: Workspace, view: View) -> Json:
    container = {"type": "view", "view_id": view.id}
    return {"container": container, "view": view_json(workspace, view)}


def _in_message(workspace: Workspace, message: Message) -> Json:
    channel = workspace.channels[message.channel]
    private = message.only_for is not None
    body: Json = {
        "container": {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": private,
        },
        "channel": {"id": channel.id, "name": channel.name},
    }
    if not private:  # Slack does not send what stands in a private message
        body["message"] = message.as_json(workspace.team_id, workspace.app_id, workspace.bot_id)
    return body


def block_actions(workspace: Workspace, person: Member, place: View | Message, action: Json) -> Json:
    """A click or choice in a view or a message."""
    body = _common(workspace, "block_actions", person)
    if isinstance(place, View):
        body |= _in_view(workspace, place)
        body["trigger_id"] = workspace.new_trigger(person.id, place.id)
    else:
        body |= _in_message(workspace, place)
        entered = place.state.setdefault(person.id, starting_values(place.blocks))
        body["state"] = {"values": entered}
        body["response_url"] = workspace.new_response_url(person.id, place.channel, place.ts)
        body["trigger_id"] = workspace.new_trigger(person.id)
    body["actions"] = [{**action, "action_ts": workspace.new_ts()}]
    return body


def block_suggestion(
    workspace: Workspace, person: Member, place: View | Message, ids: tuple[str, str], typed: str
) -> Json:
    """What has been typed into an `external_select`; `ids` are block id and action id."""
    body = _common(workspace, "block_suggestion", person)
    body |= _in_view(workspace, place) if isinstance(place, View) else _in_message(workspace, place)
    return {**body, "block_id": ids[0], "action_id": ids[1], "value": typed}


def view_submission(workspace: Workspace, person: Member, view: View) -> Json:
    """A modal's submit."""
    return {
        **_common(workspace, "view_submission", person),
        "trigger_id": workspace.new_trigger(person.id, view.id),
        "view": view_json(workspace, view),
        "response_urls": [],
    }


def view_closed(workspace: Workspace, person: Member, view: View, *, is_cleared: bool) -> Json:
    """A modal was closed; sent only when it asked for it."""
    body = _common(workspace, "view_closed", person)
    return {**body, "view": view_json(workspace, view), "is_cleared": is_cleared}


def global_shortcut(workspace: Workspace, person: Member, shortcut: Shortcut) -> Json:
    """A shortcut from the search box or the message field."""
    return {
        **_common(workspace, "shortcut", person),
        "callback_id": shortcut.callback_id,
        "trigger_id": workspace.new_trigger(person.id),
        "action_ts": workspace.new_ts(),
    }


def message_shortcut(workspace: Workspace, person: Member, shortcut: Shortcut, message: Message) -> Json:
    """A shortcut from a message's menu."""
    channel = workspace.channels[message.channel]
    return {
        **_common(workspace, "message_action", person),
        "callback_id": shortcut.callback_id,
        "trigger_id": workspace.new_trigger(person.id),
        "action_ts": workspace.new_ts(),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": channel.name},
        "message": message.as_json(workspace.team_id, workspace.app_id, workspace.bot_id),
        "response_url": workspace.new_response_url(person.id, channel.id, message.ts),
    }


def event(workspace: Workspace, inner: Json) -> Json:
    """An event in its envelope. https://docs.slack.dev/apis/events-api/"""
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": inner,
        "type": "event_callback",
        "event_id": f"Ev{secrets.token_hex(5).upper()}",
        "event_time": int(workspace.clock()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team_id,
                "user_id": workspace.bot.id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{secrets.token_hex(16)}",
    }
