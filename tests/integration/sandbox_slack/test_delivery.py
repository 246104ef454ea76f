"""What Slack sends, how long it waits, how it repeats, and what it makes of the answers."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.slack import Person, SlackServer, Workspace
from tests.integration.sandbox_slack.fake_bot import (
    FakeBot,
    actions,
    button,
    field,
    modal,
    option,
    plain,
    section,
    text_input,
)


def answering(value: Any) -> Any:
    async def answer(_body: dict[str, Any]) -> Any:
        return value

    return answer


def opening(client: AsyncWebClient, view: dict[str, Any]) -> Any:
    async def answer(body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    return answer


async def posts(client: AsyncWebClient, workspace: Workspace, *blocks: dict[str, Any]) -> str:
    channel = workspace.channel("#finance").id
    return str((await client.chat_postMessage(channel=channel, text="x", blocks=list(blocks)))["ts"])


async def test_a_command_carries_every_field(workspace: Workspace, bot: FakeBot, ada: Person) -> None:
    await ada.runs("/dext refresh now ", in_channel="#general")
    sent = bot.last("command")
    assert (sent["command"], sent["text"], sent["user_name"]) == ("/dext", "refresh now", "ada")
    assert (sent["channel_name"], sent["team_domain"]) == ("general", "held-out")
    assert sent["channel_id"] == workspace.channel("#general").id
    assert sent["api_app_id"] == workspace.app_id
    assert sent["response_url"].startswith(workspace.root_url)


async def test_an_unknown_command_never_reaches_the_bot(bot: FakeBot, ada: Person) -> None:
    await ada.runs("/other thing")
    await ada.sees("/other is not a valid command")
    assert bot.received == []


@pytest.mark.parametrize("kind", ["ephemeral", "in_channel"])
async def test_a_command_is_answered_privately_or_for_all(
    kind: str, slack: SlackServer, bot: FakeBot, ada: Person
) -> None:
    bot.on("command", answering({"response_type": kind, "text": "Hello *Ada*"}))
    await ada.runs("/dext")
    await ada.sees("Hello Ada")
    assert ("Hello Ada" in slack.person("ben")) == (kind == "in_channel")


async def test_a_command_is_answered_with_bare_text(bot: FakeBot, ada: Person) -> None:
    bot.on("command", answering(PlainTextResponse("Just words")))
    await ada.runs("/dext")
    await ada.sees("Just words")


async def test_a_command_that_fails_says_so_as_slack_does(
    slack: SlackServer, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    bot.on("command", answering(Response(status_code=500)))
    await ada.runs("/dext")
    await ada.sees('/dext failed with the error "dispatch_failed"')

    async def late(_body: dict[str, Any]) -> None:
        await asyncio.sleep(0.7)

    bot.on("command", late)
    await ada.runs("/dext")
    await ada.sees('/dext failed with the error "operation_timeout"')
    slack.bot_url = "http://127.0.0.1:1"
    await ada.runs("/dext")
    outcomes = [one.outcome for one in workspace.journal.deliveries]
    assert outcomes == ["dispatch_failed", "operation_timeout", "dispatch_failed"]
    assert workspace.journal.deliveries[1].seconds >= 0.5


async def test_an_answer_slack_cannot_show_is_refused(
    workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    bot.on("command", answering({"text": "x", "blocks": [{"type": "nonsense"}]}))
    await ada.runs("/dext")
    await ada.sees('failed with the error "invalid_blocks"')
    assert [one.where for one in workspace.journal.refusals] == ["command"]


async def test_a_click_in_a_message_carries_message_state_and_response_url(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    pick = {"type": "static_select", "action_id": "pick", "options": [option("A"), option("B")]}
    ts = await posts(client, workspace, actions(button("Publish", value="i1"), pick, block_id="row"))
    await ada.clicks("Publish")
    sent = bot.last("block_actions")
    assert sent["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": workspace.channel("#finance").id,
        "is_ephemeral": False,
    }
    assert (sent["actions"][0]["value"], sent["actions"][0]["block_id"]) == ("i1", "row")
    assert sent["message"]["ts"] == ts
    assert sent["state"]["values"]["row"]["pick"] == {"type": "static_select", "selected_option": None}
    assert sent["response_url"]


async def test_a_click_in_a_private_message_carries_no_message(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    bot.on("command", answering({"text": "x", "blocks": [actions(button("Go"))]}))
    await ada.runs("/dext")
    await ada.clicks("Go")
    sent = bot.last("block_actions")
    assert sent["container"]["is_ephemeral"] is True
    assert "message" not in sent


async def test_a_response_url_replaces_and_deletes_and_serves_five_times(
    workspace: Workspace, bot: FakeBot, ada: Person, clock: Any
) -> None:
    bot.on("command", answering({"text": "x", "blocks": [section("First"), actions(button("Go"))]}))
    await ada.runs("/dext")
    await ada.clicks("Go")
    url = bot.last("block_actions")["response_url"]
    async with httpx.AsyncClient() as http:
        await http.post(url, json={"replace_original": True, "text": "Second"})
        await ada.sees("Second")
        await ada.does_not_see("First")
        await http.post(url, json={"delete_original": True})
        await ada.does_not_see("Second")
        for number in range(3):
            assert (await http.post(url, json={"text": f"more {number}"})).status_code == 200
        sixth = await http.post(url, json={"text": "sixth"})
        assert (sixth.status_code, sixth.json()["error"]) == (404, "used_url")
        other = bot.last("command")["response_url"]
        clock.now += 1801
        assert (await http.post(other, json={"text": "late"})).json()["error"] == "expired_url"
    assert [one.error for one in workspace.journal.refusals] == ["used_url", "expired_url"]


async def test_an_event_is_repeated_three_times_with_the_same_id(
    workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    done = asyncio.Event()

    async def failing(_body: dict[str, Any]) -> Response:
        if len(bot.received) == 4:
            done.set()
        return Response(status_code=500)

    bot.on("event", failing)
    await ada.opens_home()
    await asyncio.wait_for(done.wait(), 5)
    assert len({one["event_id"] for one in bot.received}) == 1
    assert [one.get("x-slack-retry-num") for one in bot.headers] == [None, "1", "2", "3"]
    assert bot.headers[1]["x-slack-retry-reason"] == "http_error"


async def test_an_event_is_not_repeated_when_the_bot_says_so(bot: FakeBot, ada: Person) -> None:
    bot.on("event", answering(Response(status_code=500, headers={"x-slack-no-retry": "1"})))
    await ada.opens_home()
    await ada.opens_home()
    assert [one.get("x-slack-retry-num") for one in bot.headers] == [None, None]


async def test_messages_and_files_are_events_where_the_app_listens(bot: FakeBot, ada: Person) -> None:
    await ada.writes("not for the bot", where="#finance")
    await ada.writes("for the bot", where="dm")
    await ada.drops_file("#finance", "invoice.pdf", b"%PDF")
    kinds = [(one["event"]["type"], one["event"].get("text")) for one in bot.received]
    assert kinds == [("message", "for the bot"), ("file_shared", None)]


async def test_the_request_url_is_verified(slack: SlackServer, bot: FakeBot) -> None:
    async def answer(body: dict[str, Any]) -> dict[str, Any]:
        return {"challenge": body["challenge"]}

    assert not await slack.verify_url()
    bot.on("url_verification", answer)
    assert await slack.verify_url()


SUBMISSIONS: list[tuple[str, Any]] = [
    ("an error for a block that is no input", {"response_action": "errors", "errors": {"note": "x"}}),
    ("no errors", {"response_action": "errors", "errors": {}}),
    ("an unknown action", {"response_action": "refresh"}),
    ("an update with a faulty view", {"response_action": "update", "view": modal("x" * 25)}),
    ("words", PlainTextResponse("fine")),
]


@pytest.mark.parametrize(("what", "answer"), SUBMISSIONS, ids=[one[0] for one in SUBMISSIONS])
async def test_a_wrong_answer_to_a_submit_is_refused_and_shown_as_trouble(
    what: str, answer: Any, client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    view = modal("One", section("note", block_id="note"), field("Name", text_input(initial_value="x")))
    bot.on("command", opening(client, view))
    bot.on("view_submission", answering(answer))
    await ada.runs("/dext")
    await ada.clicks("Save")
    await ada.sees("We had some trouble connecting. Try again?")
    assert [one.where for one in workspace.journal.refusals] == ["view_submission"], what


async def test_a_submit_is_answered_with_errors_update_push_and_clear(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    bot.on("command", opening(client, modal("One", field("Name", text_input(), optional=True))))
    await ada.runs("/dext")
    bot.on("view_submission", answering({"response_action": "errors", "errors": {"name": "Taken already"}}))
    await ada.submits()
    await ada.sees("Taken already")
    bot.on("view_submission", answering({"response_action": "update", "view": modal("Two")}))
    await ada.submits()
    await ada.sees_modal("Two")
    bot.on("view_submission", answering({"response_action": "push", "view": modal("Three")}))
    await ada.submits()
    await ada.sees_modal("Three")
    bot.on("view_submission", answering(None))
    await ada.submits()
    await ada.sees_modal("Two")
    bot.on("view_submission", answering({"response_action": "clear"}))
    await ada.submits()
    await ada.sees_no_modal()
    assert workspace.journal.refusals == []


async def test_a_closed_modal_is_told_only_when_it_asked(
    client: AsyncWebClient, bot: FakeBot, ada: Person
) -> None:
    bot.on("command", opening(client, modal("Quiet")))
    await ada.runs("/dext")
    await ada.clicks("Cancel")
    bot.on("command", opening(client, modal("Loud", notify_on_close=True, close=plain("Back"))))
    await ada.runs("/dext")
    await ada.clicks("Back")
    closed = [one["view"]["title"]["text"] for one in bot.received if one["kind"] == "view_closed"]
    assert closed == ["Loud"]


async def test_shortcuts_carry_their_callback(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    workspace.add_shortcut("Add an item", "add")
    workspace.add_shortcut("Make an item", "make", "message")
    ts = await posts(client, workspace, section("A receipt"))
    await ada.uses_shortcut("Add an item")
    await ada.uses_message_shortcut("Make an item", within="receipt")
    assert bot.last("shortcut")["callback_id"] == "add"
    assert bot.last("message_action")["message_ts"] == ts


async def test_a_bolt_app_understands_what_is_sent(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    app = AsyncApp(signing_secret=workspace.signing_secret, client=client, process_before_response=True)
    seen: list[Any] = []

    @app.command("/dext")
    async def command(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        view = modal("From bolt", field("Name", text_input()), callback_id="form")
        await client.views_open(trigger_id=body["trigger_id"], view=view)

    @app.view("form")
    async def submitted(ack: Any, view: dict[str, Any]) -> None:
        seen.append(view["state"]["values"])
        await ack(response_action="errors", errors={"name": "No such name"})

    async def through_bolt(request: Request) -> Response:
        raw = (await request.body()).decode()
        answer = await app.async_dispatch(AsyncBoltRequest(body=raw, headers=dict(request.headers)))
        return Response(answer.body, answer.status, {name: each[0] for name, each in answer.headers.items()})

    bot.handle = through_bolt  # type: ignore[method-assign]
    await bot.stop()
    await bot.start()
    ada.delivery.sender.bot_url = bot.url
    await ada.runs("/dext connect")
    await ada.fills("Name", "Ann")
    await ada.clicks("Save")
    await ada.sees("No such name")
    assert seen == [{"name": {"text": {"type": "plain_text_input", "value": "Ann"}}}]
    assert json.dumps(workspace.journal.as_json())
    assert workspace.journal.refusals == []


async def test_a_submit_that_is_answered_late_stays_open_and_can_be_tried_again(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    async def late(_body: dict[str, Any]) -> None:
        await asyncio.sleep(0.7)

    bot.on("command", opening(client, modal("One", field("Name", text_input(initial_value="x")))))
    bot.on("view_submission", late)
    await ada.runs("/dext")
    await ada.clicks("Save")
    await ada.sees("We had some trouble connecting. Try again?")
    assert workspace.journal.deliveries[-1].outcome == "operation_timeout"
    bot.on("view_submission", answering(None))
    await ada.clicks("Save")
    await ada.sees_no_modal()


async def test_a_bot_that_was_killed_is_reached_again_when_it_is_back(
    slack: SlackServer, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    await bot.stop()
    await ada.runs("/dext")
    await ada.sees('/dext failed with the error "dispatch_failed"')
    await bot.start()
    slack.bot_url = bot.url
    bot.on("command", answering({"text": "Back again"}))
    await ada.runs("/dext")
    await ada.sees("Back again")
