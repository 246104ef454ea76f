"""The Slack app manifest: what to paste into a new Slack app.

Fields and limits: https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.config import Listening
from handlers.commands import FEATURES

COMMAND = "/dext"
SLACK_PATH = "/slack/events"

SCOPES = {
    "commands": "the /dext command",
    "chat:write": "cards and status messages",
    "chat:write.public": "status messages in a public channel the bot was not invited to",
    "users:read": "who is an owner or admin of the workspace, and people's names",
    "files:read": "files given in a form or shared with the bot, such as a Dext export",
    "files:write": "the log or a month's report as files, to who asked for them",
    "channels:read": "whether the bot is in the business's channel",
    "groups:read": "the same for a private channel",
    "im:write": "private messages when a form was closed",
}
"""Each scope of the bot token and what it is for; `doctor` compares them with the token's."""

EVENTS: tuple[str, ...] = ("app_home_opened", "file_shared")
"""Events the bot listens to; each needs its scope above."""

LOCAL_NAMES = {"localhost", "127.0.0.1", "::1"}


def manifest(settings: Listening, url: str = "") -> dict[str, Any]:
    """The manifest for a bot reached at `url` (PUBLIC_URL when empty), ready for `json.dumps`."""
    address = (url or settings.public_url).rstrip("/") + SLACK_PATH
    over_socket = settings.slack_app_token is not None
    command: dict[str, Any] = {
        "command": COMMAND,
        "description": "Your bookkeeping inbox: connect, refresh, approve, publish",
        "usage_hint": usage_hint(),
        "should_escape": True,
    }
    interactivity: dict[str, Any] = {"is_enabled": True}
    if not over_socket:
        command["url"] = address
        interactivity |= {"request_url": address, "message_menu_options_url": address}
    app_settings: dict[str, Any] = {
        "interactivity": interactivity,
        "org_deploy_enabled": False,
        "socket_mode_enabled": over_socket,
        "token_rotation_enabled": False,
    }
    if EVENTS:
        events: dict[str, Any] = {"bot_events": list(EVENTS)}
        app_settings["event_subscriptions"] = events if over_socket else {"request_url": address, **events}
    return {
        "_metadata": {"major_version": 1, "minor_version": 1},
        "display_information": {
            "name": "Dext for Slack",
            "description": "A bookkeeping inbox in Slack: approve costs and publish them to Zoho Books.",
            "background_color": "#1d3557",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,  # files can be dropped there
            },
            "bot_user": {"display_name": "Dext", "always_online": True},
            "slash_commands": [command],
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": app_settings,
    }


def usage_hint() -> str:
    """The subcommands that exist, as Slack shows them while a person types."""
    return "[" + " | ".join(feature.name for feature in FEATURES) + "]"


def out_of_reach(settings: Listening, url: str = "") -> str:
    """A sentence when Slack cannot reach the address of the manifest, else an empty text."""
    address = url or settings.public_url
    if settings.slack_app_token is None and urlsplit(address).hostname in LOCAL_NAMES:
        return (
            f"Slack cannot reach {address}: give --url with a public https address, "
            "or set SLACK_APP_TOKEN for Socket Mode."
        )
    return ""
