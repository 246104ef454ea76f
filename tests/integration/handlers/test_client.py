"""Calls to Slack, made at the simulated Slack: where a message goes when the first place is closed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.async_handler import AsyncRetryHandler
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.identity import PersonId
from bot.errors import WrongInput
from bot.sandbox.slack import SlackServer, Workspace, sample_workspace
from bot.slack.blocks.parts import actions, button, message, modal, section
from bot.slack.client import LARGEST_FILE, Slack

HELLO = message("Hello", section("Hello"), actions(button("Publish", "item.publish", "item1")))


@dataclass
class Scene:
    workspace: Workspace
    slack: Slack
    root: str
    answers: dict[str, tuple[str, bytes]]
    """What the download gives for any address."""
    asked: list[Mapping[str, str]]

    def person(self, name: str) -> PersonId:
        return PersonId(self.workspace.person(name).id)

    def texts(self, channel: str) -> list[str]:
        return [one.text for one in self.workspace.messages(channel)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    workspace = sample_workspace()
    answers: dict[str, tuple[str, bytes]] = {}
    asked: list[Mapping[str, str]] = []

    async def download(address: str, headers: Mapping[str, str]) -> tuple[str, bytes]:
        asked.append(headers)
        return answers.get("any", ("text/csv", b"Item ID"))

    async with SlackServer(workspace, bot_url="http://127.0.0.1:9") as server:
        retries: list[AsyncRetryHandler] = [AsyncRateLimitErrorRetryHandler(2)]
        web = AsyncWebClient(workspace.bot_token, base_url=server.base_url, retry_handlers=retries)
        yield Scene(workspace, Slack(web, download), server.base_url, answers, asked)


async def test_a_message_is_posted_edited_in_place_and_deleted(scene: Scene) -> None:
    finance = scene.workspace.channel("#finance").id
    posted = await scene.slack.post(finance, HELLO)
    assert posted is not None
    assert await scene.slack.update(posted, message("Changed"))
    assert scene.texts("#finance") == ["Changed"]
    await scene.slack.delete(posted)
    assert scene.texts("#finance") == []
    assert not await scene.slack.update(posted, HELLO)
    await scene.slack.delete(posted)


async def test_a_channel_without_the_bot_takes_nothing_and_says_so(scene: Scene) -> None:
    channel = scene.workspace.add_channel("private", [scene.person("ada")])
    assert await scene.slack.post(channel.id, HELLO) is None
    assert await scene.slack.post("C0UNKNOWN", HELLO) is None


async def test_another_fault_of_slack_is_not_taken_for_a_closed_door(scene: Scene) -> None:
    scene.workspace.fail_next("chat.postMessage", "fatal_error", times=1)
    with pytest.raises(SlackApiError):
        await scene.slack.post(scene.workspace.channel("#finance").id, HELLO)


async def test_a_throttled_call_is_made_again_after_the_time_slack_names(scene: Scene) -> None:
    scene.workspace.throttle_next("chat.postMessage", retry_after=1)
    assert await scene.slack.post(scene.workspace.channel("#finance").id, HELLO)
    assert scene.texts("#finance") == ["Hello"]


async def test_a_private_word_is_seen_by_one_person_in_the_channel(scene: Scene) -> None:
    ada = scene.person("ada")
    await scene.slack.whisper(scene.workspace.channel("#finance").id, ada, HELLO)
    assert [one.text for one in scene.workspace.ephemerals(ada)] == ["Hello"]
    assert scene.texts("#finance") == []


async def test_a_private_word_becomes_a_direct_message_where_the_bot_is_not(scene: Scene) -> None:
    ada = scene.person("ada")
    channel = scene.workspace.add_channel("private", [ada])
    await scene.slack.whisper(channel.id, ada, HELLO)
    await scene.slack.whisper("", ada, HELLO)
    assert [one.text for one in scene.workspace.direct_messages(ada)] == ["Hello", "Hello"]


async def test_a_response_address_that_is_over_is_followed_by_another_way(scene: Scene) -> None:
    ada = scene.person("ada")
    finance = scene.workspace.channel("#finance").id
    for address in ("http://127.0.0.1:9/gone", scene.root.removesuffix("/api/") + "/nothing"):
        await scene.slack.whisper(finance, ada, HELLO, address)
    assert [one.text for one in scene.workspace.ephemerals(ada)] == ["Hello", "Hello"]


async def test_a_window_that_was_closed_cannot_be_turned(scene: Scene) -> None:
    ada = scene.person("ada")
    trigger = scene.workspace.new_trigger(ada)
    view_id = await scene.slack.open(trigger, modal("Connections", [section("One")]))
    assert await scene.slack.turn(view_id, modal("Connections", [section("Two")]))
    assert not await scene.slack.turn(view_id, modal("Connections", [section("Three")]), "an-old-hash")
    assert not await scene.slack.turn("V0GONE", modal("Connections", [section("Four")]))


# --- files


def a_file(scene: Scene, name: str = "costs.csv", content: bytes = b"Item ID") -> str:
    return scene.workspace.add_file(name, content, user=scene.person("ada")).id


async def test_a_file_is_fetched_with_the_bots_token(scene: Scene) -> None:
    assert await scene.slack.file(a_file(scene)) == ("costs.csv", b"Item ID")
    assert scene.asked == [{"Authorization": f"Bearer {scene.workspace.bot_token}"}]


@pytest.mark.parametrize("answer", [("text/html; charset=utf-8", b"<html>Sign in"), ("", b"")])
async def test_slacks_sign_in_page_is_not_taken_for_the_file(scene: Scene, answer: tuple[str, bytes]) -> None:
    scene.answers["any"] = answer
    with pytest.raises(WrongInput, match=r"Slack did not hand out costs\.csv\."):
        await scene.slack.file(a_file(scene))


async def test_a_file_that_is_too_large_is_not_fetched(scene: Scene) -> None:
    file = a_file(scene, content=b"x" * (LARGEST_FILE + 1))
    with pytest.raises(WrongInput, match="larger than 10 MB"):
        await scene.slack.file(file)
    assert scene.asked == []
