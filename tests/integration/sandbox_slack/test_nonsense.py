"""Whatever a bot sends, Slack answers in its own words: refused or kept, never an error of ours."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.slack import SlackServer, Workspace
from bot.sandbox.slack.blocks import checked_view
from bot.sandbox.slack.models import SlackRefusal
from tests.integration.sandbox_slack.everything import EVERYTHING


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything inside."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *[one for key, each in inner for one in places(each, (*path, key))]]


PLACES = places(EVERYTHING)[1:]
NONSENSE: list[Any] = [
    None,
    0,
    -1,
    True,
    "",
    "x",
    "x" * 4000,
    [],
    [[]],
    [1],
    {},
    {"type": "x"},
    {"type": []},
    {"text": {}},
]


def test_one_of_everything_is_accepted() -> None:
    kept = checked_view(EVERYTHING, "modal")
    assert len(kept["blocks"]) == len(EVERYTHING["blocks"])


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(PLACES), st.sampled_from(NONSENSE), st.booleans())
def test_nonsense_anywhere_in_a_view_is_refused_or_kept(
    path: tuple[Any, ...], value: Any, drop: bool
) -> None:
    view = copy.deepcopy(EVERYTHING)
    parent = view
    for key in path[:-1]:
        parent = parent[key]
    if drop:
        del parent[path[-1]]
    else:
        parent[path[-1]] = value
    try:
        outcome = checked_view(view, "modal")["type"]
    except SlackRefusal as refusal:
        outcome = refusal.error if refusal.messages else ""
    assert outcome in ("modal", "invalid_arguments")


BODIES: list[tuple[str, str, bytes, str]] = [
    ("chat.postMessage", "application/json", b"{", "invalid_json"),
    ("chat.postMessage", "application/json", b"[]", "json_not_object"),
    ("chat.postMessage", "text/plain", b"x", "invalid_post_type"),
    (
        "chat.postMessage",
        "application/x-www-form-urlencoded",
        b"channel=finance&blocks={",
        "invalid_blocks_format",
    ),
    (
        "chat.postMessage",
        "application/x-www-form-urlencoded",
        b"channel=finance&blocks=7",
        "invalid_blocks_format",
    ),
    (
        "chat.postMessage",
        "application/x-www-form-urlencoded",
        b"channel=finance&text=x&thread_ts=1",
        "thread_not_found",
    ),
    (
        "chat.postEphemeral",
        "application/x-www-form-urlencoded",
        b"channel=finance&text=x",
        "invalid_arguments",
    ),
    ("chat.nonsense", "application/json", b"{}", "unknown_method"),
    ("views.open", "application/json", b'{"view": 7}', "invalid_arguments"),
    ("views.update", "application/json", b'{"view_id": "V1"}', "invalid_arguments"),
    ("views.publish", "application/json", b"{}", "invalid_arguments"),
    ("users.list", "application/x-www-form-urlencoded", b"limit=many", "invalid_cursor"),
    ("users.list", "application/x-www-form-urlencoded", b"limit=5000", "invalid_limit"),
    ("conversations.info", "application/json", b"{}", "channel_not_found"),
    ("conversations.open", "application/json", b"{}", "users_list_not_supplied"),
    ("files.info", "application/json", b"{}", "file_not_found"),
    (
        "files.getUploadURLExternal",
        "application/json",
        b'{"filename": "x", "length": "y"}',
        "invalid_arguments",
    ),
    ("files.completeUploadExternal", "application/json", b'{"files": [7]}', "file_not_found"),
    ("reactions.add", "application/json", b'{"channel": "finance", "timestamp": "1"}', "message_not_found"),
]


@pytest.mark.parametrize(
    ("method", "kind", "body", "error"), BODIES, ids=[f"{one[0]} {one[3]}" for one in BODIES]
)
async def test_a_wrong_call_is_refused_in_slacks_words(
    method: str, kind: str, body: bytes, error: str, slack: SlackServer, workspace: Workspace
) -> None:
    headers = {"Authorization": f"Bearer {workspace.bot_token}", "Content-Type": kind}
    async with httpx.AsyncClient() as http:
        answer = await http.post(f"{slack.base_url}{method}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["ok"], answer.json()["error"]) == (200, False, error)
    assert [one.error for one in workspace.journal.refusals] == [error]
