"""The page's own API: it shows one person what they see, and refuses what they do not see."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackServer, Workspace
from tests.integration.sandbox_slack.fake_bot import FakeBot, actions, button, field, modal, option, section

SELECT = {"type": "external_select", "action_id": "s", "min_query_length": 0}
CARD = [
    actions(
        button("Publish"),
        SELECT,
        {"type": "checkboxes", "action_id": "c", "options": [option("All")]},
        {"type": "overflow", "action_id": "o", "options": [option("Undo")]},
        block_id="b",
    )
]


class Page:
    """One person's page, without a browser."""

    def __init__(self, http: httpx.AsyncClient, name: str) -> None:
        self.http, self.name = http, name

    async def screen(self, channel: str = "") -> dict[str, Any]:
        query = {"channel": channel} if channel else {}
        seen: dict[str, Any] = (await self.http.get(f"client/people/{self.name}/screen", params=query)).json()
        return seen

    async def does(self, verb: str, **given: Any) -> dict[str, Any]:
        """The answer of an act; `ok` false with a sentence when it was refused."""
        answer = await self.http.post(f"client/people/{self.name}/{verb}", json=given)
        body: dict[str, Any] = answer.json()
        assert body["ok"] == (answer.status_code == 200)
        return body


@pytest.fixture
async def http(slack: SlackServer) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=slack.root_url) as http:
        yield http


@pytest.fixture
def page(http: httpx.AsyncClient) -> Page:
    return Page(http, "ada")


async def posted(client: AsyncWebClient, workspace: Workspace) -> dict[str, str]:
    channel = workspace.channel("#finance").id
    ts = str((await client.chat_postMessage(channel=channel, text="x", blocks=CARD))["ts"])
    return {"channel": channel, "ts": ts, "block": "b"}


async def test_the_page_may_load_nothing_from_outside(http: httpx.AsyncClient) -> None:
    for address in ("", "page/app.js", "page/style/frame.css"):
        answer = await http.get(address)
        assert answer.status_code == 200
        assert answer.headers["content-security-policy"].startswith("default-src 'self'; ")
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
    for address in ("page/../server.py", "page/%2e%2e/server.py", "page/nothing.js"):
        assert (await http.get(address)).status_code == 404


async def test_a_person_sees_their_own_screen_only(
    page: Page, http: httpx.AsyncClient, client: AsyncWebClient, workspace: Workspace
) -> None:
    finance, tom = workspace.channel("#finance").id, workspace.person("tom").id
    secret = await client.chat_postEphemeral(channel=finance, user=tom, text="x", blocks=CARD)
    ids = {"channel": finance, "ts": secret["message_ts"], "block": "b", "action": "go"}
    direct = (await client.chat_postMessage(channel=tom, text="for Tom"))["channel"]
    assert (await page.screen(finance))["messages"] == []
    assert (await page.screen(direct))["error"] == "This person sees no such channel."
    assert (await page.does("press", **ids))["error"] == "This message is no longer there."
    assert (await page.does("say", channel=direct, text="hello"))[
        "error"
    ] == "This person sees no such channel."
    toms = Page(http, "tom")
    assert [one["is_private"] for one in (await toms.screen(finance))["messages"]] == [True]
    assert (await toms.does("press", **ids))["ok"]
    for nobody in ("nobody", "dext"):
        assert not (await Page(http, nobody).screen())["ok"]


async def test_only_what_is_there_can_be_used_and_only_as_it_can(
    page: Page, client: AsyncWebClient, workspace: Workspace, bot: FakeBot
) -> None:
    ids = await posted(client, workspace)
    gone = "This is no longer there: the app has changed it."
    assert (await page.does("press", **ids, action="nothing"))["error"] == gone
    for verb, action in [("press", "s"), ("pick", "go"), ("tick", "s"), ("detach", "s"), ("fill", "go")]:
        assert (await page.does(verb, **ids, action=action, value="x"))[
            "error"
        ] == "This cannot be done here."
    assert (await page.does("pick", **ids, action="o", value="Redo"))[
        "error"
    ] == "This option is not offered."
    assert (await page.does("fly", **ids))["error"] == "There is no such act."
    assert "something wrong" in (await page.does("press"))["error"]
    assert "something wrong" in (await page.does("pick", **ids, action="o"))["error"]
    assert bot.received == []


async def test_an_external_select_takes_only_what_the_bot_offered(
    page: Page, client: AsyncWebClient, workspace: Workspace, bot: FakeBot
) -> None:
    async def offers(body: dict[str, Any]) -> dict[str, Any]:
        return {"options": [option("Acme")]} if body["value"] == "ac" else {"options": []}

    bot.on("block_suggestion", offers)
    ids = {**await posted(client, workspace), "action": "s"}
    assert not (await page.does("choose", **ids, value="Acme"))["ok"]
    assert (await page.does("options", **ids, typed="ac"))["options"] == [option("Acme")]
    assert (await page.does("choose", **ids, value="Acme"))["ok"]
    assert bot.last("block_actions")["actions"][0]["selected_option"] == option("Acme")
    shown = (await page.screen(ids["channel"]))["messages"][0]
    assert shown["values"]["b"]["s"]["selected_option"] == option("Acme")


async def test_only_the_window_in_front_can_be_used(
    page: Page, client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    async def opens(body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal("One", field("A", SELECT)))

    async def pushes(_body: dict[str, Any]) -> dict[str, Any]:
        return {"response_action": "push", "view": modal("Two", submit="")}

    bot.on("command", opens)
    bot.on("view_submission", pushes)
    await ada.runs("/dext")
    (first,) = (await page.screen())["modals"]
    assert (await page.does("submit", view=first["id"]))["ok"]
    (first,) = (await page.screen())["modals"]
    assert first["errors"] == {"a": "Please complete this required field."}
    bot.on("block_suggestion", offering("Acme"))
    await ada.chooses("A", "Acme")
    await page.does("submit", view=first["id"])
    second = (await page.screen())["modals"][1]
    behind = "This window is no longer in front."
    assert (await page.does("submit", view=first["id"]))["error"] == behind
    assert (await page.does("close", view=first["id"]))["error"] == behind
    assert (await page.does("clear", view=first["id"], block="a", action="s"))["error"] == behind
    assert (await page.does("submit", view=second["id"]))["error"] == "This window has nothing to submit."
    assert (await page.does("close", view=second["id"], everything=True))["ok"]
    assert (await page.screen())["modals"] == []


def offering(name: str) -> Any:
    async def offers(_body: dict[str, Any]) -> dict[str, Any]:
        return {"options": [option(name)]}

    return offers


async def test_a_shared_file_can_be_had_by_who_sees_it(
    page: Page, http: httpx.AsyncClient, workspace: Workspace
) -> None:
    board = workspace.add_channel("board", ["dext", "ada"]).id
    query = {"channel": board, "name": "a.html"}
    assert (await http.post("client/people/tom/share", params=query, content=b"x")).status_code == 409
    assert (await http.post("client/people/ada/share", params=query, content=b"<b>x")).status_code == 200
    (file,) = (await page.screen(board))["messages"][0]["files"]
    had = await http.get(f"client/people/ada/files/{file['id']}")
    assert (had.content, had.headers["content-disposition"]) == (b"<b>x", "attachment")
    assert (await http.get(f"client/people/tom/files/{file['id']}")).status_code == 404


async def test_another_site_cannot_act_through_a_browser(
    http: httpx.AsyncClient, workspace: Workspace
) -> None:
    given = {"channel": workspace.channel("#finance").id, "text": "hello"}
    headers = {"origin": "https://evil.example"}
    answer = await http.post("client/people/ada/say", json=given, headers=headers)
    assert (answer.status_code, workspace.history) == (403, [])
    headers = {"origin": str(http.base_url).rstrip("/")}
    assert (await http.post("client/people/ada/say", json=given, headers=headers)).status_code == 200


async def test_a_reply_reaches_the_bot_as_one(
    page: Page, client: AsyncWebClient, workspace: Workspace, bot: FakeBot
) -> None:
    ada = workspace.person("ada").id
    sent = await client.chat_postMessage(channel=ada, text="Question")
    ids = {"channel": sent["channel"], "thread": sent["ts"]}
    assert (await page.does("say", **ids, text="/answer"))["ok"]
    event = bot.last("event")["event"]
    assert (event["text"], event["thread_ts"]) == ("/answer", sent["ts"])
    gone = await page.does("say", channel=sent["channel"], thread="1.2", text="x")
    assert gone["error"] == "The message of this thread is gone."


async def test_changes_are_told_and_do_not_keep_the_server_from_stopping(
    workspace: Workspace, bot: FakeBot
) -> None:
    server = SlackServer(workspace, bot.url)
    await server.start()
    async with (
        httpx.AsyncClient(base_url=server.root_url, timeout=5) as http,
        http.stream("GET", "client/people/ada/changes") as stream,
    ):
        lines = stream.aiter_lines()
        first = await anext(lines)
        assert first.startswith("data: ")
        await anext(lines)
        await http.post(
            "client/people/tom/say", json={"channel": workspace.channel("#general").id, "text": "x"}
        )
        assert int((await anext(lines)).removeprefix("data: ")) > int(first.removeprefix("data: "))
        began = time.monotonic()
        await asyncio.wait_for(server.stop(), 5)
        assert time.monotonic() - began < 0.9


async def test_commands_links_and_samples_are_what_the_server_was_given(workspace: Workspace) -> None:
    manifest = [{"command": "/dext", "usage_hint": "[help]"}]
    links = {"Zoho Books": "http://127.0.0.1:1/"}
    server = SlackServer(workspace, links=links, commands=manifest, samples={"a.csv": b"1,2"})
    async with server, httpx.AsyncClient(base_url=server.root_url) as http:
        team = (await http.get("client/team")).json()
        assert (team["links"], team["commands"]) == (links, manifest)
        assert team["samples"] == [{"name": "a.csv", "size": 3}]
        assert (await http.get("client/samples/a.csv")).content == b"1,2"
        assert (await http.get("client/samples/b.csv")).status_code == 404
    titles = {one["name"]: one["title"] for one in team["people"]}
    assert (titles["tom"], titles["mel"]) == ("Admin", "Member")
    assert "Approver" in titles["ben"]


async def test_without_a_manifest_the_registered_commands_are_offered(http: httpx.AsyncClient) -> None:
    assert (await http.get("client/team")).json()["commands"] == [{"command": "/dext"}]


async def test_person_and_page_do_the_same_to_the_same(
    page: Page, client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    ids = await posted(client, workspace)
    await page.does("tick", **ids, action="c", value="All", on=True)
    await ada.sees("☑ All")
    await ada.unticks("All")
    (shown,) = (await page.screen(ids["channel"]))["messages"]
    assert shown["values"]["b"]["c"]["selected_options"] == []
    await page.does("press", **ids, action="go")
    await ada.clicks("Publish")
    first, second = [one["actions"][0] for one in bot.received if one["actions"][0]["action_id"] == "go"]
    assert {**first, "action_ts": ""} == {**second, "action_ts": ""}


async def test_a_private_line_needs_no_blocks(
    page: Page, client: AsyncWebClient, workspace: Workspace
) -> None:
    finance = workspace.channel("#finance").id
    await client.chat_postMessage(channel=finance, text="plain", blocks=[section("*card*")])
    await client.chat_postMessage(channel=finance, text="only *text*")
    first, second = (await page.screen(finance))["messages"]
    assert first["blocks"][0]["text"]["text"] == "*card*"
    assert second["blocks"][0]["text"] == {"type": "mrkdwn", "text": "only *text*"}
