"""The Slack app manifest against Slack's limits: https://docs.slack.dev/reference/app-manifest"""

from __future__ import annotations

import pytest

from bot.config import Listening
from bot.manifest import SCOPES, manifest, out_of_reach, usage_hint
from handlers.commands import FEATURES

SETTINGS = Listening(public_url="https://dext.example.com")
OVER_SOCKET = Listening(slack_app_token="xapp-made-up")


def test_names_and_texts_are_within_slacks_limits() -> None:
    made = manifest(SETTINGS)
    shown = made["display_information"]
    (command,) = made["features"]["slash_commands"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert len(shown["background_color"]) == 7
    assert 1 <= len(made["features"]["bot_user"]["display_name"]) <= 80
    assert command["command"] == "/dext"
    assert 1 <= len(command["description"]) <= 2000
    assert 1 <= len(command["usage_hint"]) <= 1000


def test_the_hint_names_every_feature() -> None:
    assert [feature.name for feature in FEATURES if feature.name not in usage_hint()] == []


def test_every_way_in_leads_to_the_one_address() -> None:
    made = manifest(SETTINGS)
    address = "https://dext.example.com/slack/events"
    assert made["features"]["slash_commands"][0]["url"] == address
    assert made["settings"]["interactivity"] == {
        "is_enabled": True,
        "request_url": address,
        "message_menu_options_url": address,
    }
    assert made["settings"]["socket_mode_enabled"] is False


def test_an_address_given_wins_over_the_setting() -> None:
    made = manifest(SETTINGS, "https://other.example.com/")
    assert made["features"]["slash_commands"][0]["url"] == "https://other.example.com/slack/events"


def test_socket_mode_needs_no_address() -> None:
    made = manifest(OVER_SOCKET)
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in str(made["features"]) + str(made["settings"])
    assert out_of_reach(OVER_SOCKET) == ""


@pytest.mark.parametrize("url", ["http://localhost:3000", "http://127.0.0.1:80", "http://[::1]:3000"])
def test_an_address_of_this_machine_is_doubted(url: str) -> None:
    assert url in out_of_reach(SETTINGS, url)
    assert out_of_reach(SETTINGS) == ""


def test_each_scope_has_its_reason_and_none_reads_conversations() -> None:
    assert all(SCOPES.values())
    assert manifest(SETTINGS)["oauth_config"]["scopes"]["bot"] == list(SCOPES)
    assert [scope for scope in SCOPES if scope.endswith(":history") or scope == "admin"] == []
