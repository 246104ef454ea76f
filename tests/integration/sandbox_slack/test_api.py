"""The Web API as slack_sdk's client calls it."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackServer, Workspace
from tests.integration.sandbox_slack.fake_bot import FakeBot, actions, button, modal, section


async def refusal(call: Any) -> str:
    """The error's word of a call that must be refused."""
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def test_the_bot_learns_who_it_is(client: AsyncWebClient, workspace: Workspace) -> None:
    said = await client.auth_test()
    assert (said["team_id"], said["user_id"], said["team"]) == (
        workspace.team_id,
        workspace.bot.id,
        "Held Out",
    )


async def test_a_wrong_token_is_refused(slack: SlackServer) -> None:
    assert (
        await refusal(AsyncWebClient(token="xoxb-no", base_url=slack.base_url).auth_test()) == "invalid_auth"
    )
    assert await refusal(AsyncWebClient(base_url=slack.base_url).auth_test()) == "not_authed"


async def test_a_scope_that_is_missing_is_named(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.scopes = {"chat:write"}
    with pytest.raises(SlackApiError) as refused:
        await client.users_info(user=workspace.bot.id)
    assert refused.value.response["error"] == "missing_scope"
    assert refused.value.response["needed"] == "users:read"


async def test_messages_are_posted_edited_and_deleted(
    client: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    channel = workspace.channel("#finance").id
    posted = await client.chat_postMessage(
        channel=channel, text="x", blocks=[section("*Refresh* in progress")]
    )
    await ada.sees("Refresh in progress")
    await client.chat_update(channel=channel, ts=posted["ts"], text="now text")
    await ada.sees("Refresh in progress")  # blocks that are not named stay
    await client.chat_update(channel=channel, ts=posted["ts"], text="now text", blocks=[])
    await ada.sees("now text")
    link = await client.chat_getPermalink(channel=channel, message_ts=posted["ts"])
    assert channel in link["permalink"]
    await client.reactions_add(channel=channel, timestamp=posted["ts"], name="eyes")
    await client.chat_delete(channel=channel, ts=posted["ts"])
    await ada.does_not_see("now text")
    assert workspace.journal.refusals == []


async def test_a_private_message_is_seen_by_one_person(
    client: AsyncWebClient, workspace: Workspace, slack: SlackServer, ada: Person
) -> None:
    channel, person = workspace.channel("#finance").id, workspace.person("ada").id
    posted = await client.chat_postEphemeral(channel=channel, user=person, text="only you")
    await ada.sees("only you")
    await slack.person("ben").does_not_see("only you")
    edit = client.chat_update(channel=channel, ts=posted["message_ts"], text="x")
    assert await refusal(edit) == "message_not_found"


async def test_messages_that_slack_refuses(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.add_channel("secret", ["ada"])
    finance, secret = workspace.channel("#finance").id, workspace.channel("#secret").id
    assert await refusal(client.chat_postMessage(channel="C404", text="x")) == "channel_not_found"
    assert await refusal(client.chat_postMessage(channel=secret, text="x")) == "not_in_channel"
    assert await refusal(client.api_call("chat.postMessage", json={"channel": finance})) == "no_text"
    assert await refusal(client.chat_postMessage(channel=finance, text="x" * 40_001)) == "msg_too_long"
    bad = client.chat_postMessage(channel=finance, text="x", blocks=[section("y" * 3001)])
    assert await refusal(bad) == "invalid_blocks"
    stranger = client.chat_postEphemeral(channel=secret, user=workspace.person("ben").id, text="x")
    assert await refusal(stranger) == "not_in_channel"
    assert {one.error for one in workspace.journal.refusals} == {
        "channel_not_found",
        "not_in_channel",
        "no_text",
        "msg_too_long",
        "invalid_blocks",
    }


async def test_joining_a_channel_lets_the_bot_post(client: AsyncWebClient, workspace: Workspace) -> None:
    channel = workspace.add_channel("new", ["ada"]).id
    await client.conversations_join(channel=channel)
    await client.chat_postMessage(channel=channel, text="here")
    assert [one.text for one in workspace.messages("#new")] == ["here"]


async def test_posting_faster_than_slack_allows_is_throttled(
    client: AsyncWebClient, workspace: Workspace, clock: Any
) -> None:
    channel = workspace.channel("#finance").id
    for number in range(5):
        await client.chat_postMessage(channel=channel, text=str(number))
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=channel, text="6")
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"
    await client.chat_postMessage(channel=workspace.channel("#general").id, text="another channel")
    clock.now += 1
    await client.chat_postMessage(channel=channel, text="6")
    assert workspace.journal.refusals == []
    assert len(workspace.journal.throttled) == 1


async def test_a_method_has_its_tier(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.limiter.tiers["users.info"] = 2
    for _ in range(2):
        await client.users_info(user=workspace.bot.id)
    assert await refusal(client.users_info(user=workspace.bot.id)) == "ratelimited"


async def test_failures_come_on_demand(client: AsyncWebClient, workspace: Workspace) -> None:
    workspace.fail_next("chat.postMessage", "fatal_error")
    workspace.throttle_next("chat.postMessage", retry_after=7)
    channel = workspace.channel("#finance").id
    assert await refusal(client.chat_postMessage(channel=channel, text="x")) == "fatal_error"
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=channel, text="x")
    assert refused.value.response.headers["Retry-After"] == "7"
    await client.chat_postMessage(channel=channel, text="x")
    assert workspace.journal.refusals == []


async def test_people_and_channels_are_listed(client: AsyncWebClient, workspace: Workspace) -> None:
    ada = (await client.users_info(user=workspace.person("ada").id))["user"]
    assert (ada["name"], ada["is_owner"], ada["is_admin"]) == ("ada", True, True)
    names = [member["name"] async for page in await client.users_list(limit=2) for member in page["members"]]
    assert names == ["dext", "ada", "tom", "ben", "mel", "eve"]
    channels = (await client.conversations_list())["channels"]
    assert {one["name"] for one in channels} == {"finance", "general"}
    members = await client.conversations_members(channel=workspace.channel("#finance").id)
    assert len(members["members"]) == 6
    assert await refusal(client.users_info(user="U404")) == "user_not_found"
    assert (await client.team_info())["team"]["name"] == "Held Out"
    assert (
        await refusal(client.apps_connections_open(app_token=workspace.bot_token)) == "not_allowed_token_type"
    )


async def test_a_direct_message_reaches_the_person_only(
    client: AsyncWebClient, workspace: Workspace, slack: SlackServer, ada: Person
) -> None:
    opened = await client.conversations_open(users=[workspace.person("ada").id])
    await client.chat_postMessage(channel=opened["channel"]["id"], text="between us")
    await ada.sees("between us")
    await slack.person("tom").does_not_see("between us")


async def test_a_file_is_uploaded_and_given_to_the_bot_only(
    client: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    channel = workspace.channel("#finance").id
    sent = await client.files_upload_v2(
        content=b"a,b\n1,2\n", filename="log.csv", title="Log", channel=channel
    )
    await ada.sees("log.csv")
    url = (await client.files_info(file=sent["file"]["id"]))["file"]["url_private_download"]
    async with httpx.AsyncClient(follow_redirects=True) as http:
        mine = await http.get(url, headers={"Authorization": f"Bearer {workspace.bot_token}"})
        stranger = await http.get(url)
    assert mine.content == b"a,b\n1,2\n"
    assert mine.headers["content-type"].startswith("text/csv")
    assert stranger.headers["content-type"].startswith("text/html")
    assert workspace.journal.refusals == []


async def test_a_mention_is_noted_and_an_escaped_one_is_not(
    client: AsyncWebClient, workspace: Workspace
) -> None:
    channel = workspace.channel("#finance").id
    await client.chat_postMessage(channel=channel, text="x", blocks=[section("&lt;!channel&gt; Ltd")])
    assert workspace.pings == []
    await client.chat_postMessage(channel=channel, text="x", blocks=[section("<!channel> hello")])
    assert [ping.whom for ping in workspace.pings] == ["@channel"]


async def test_a_trigger_opens_one_modal_within_three_seconds(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person, clock: Any
) -> None:
    await ada.runs("/dext")
    trigger = bot.last("command")["trigger_id"]
    await client.views_open(trigger_id=trigger, view=modal("One"))
    await ada.sees_modal("One")
    assert await refusal(client.views_open(trigger_id=trigger, view=modal("Two"))) == "exchanged_trigger_id"
    assert await refusal(client.views_open(trigger_id="1.2.3", view=modal("Two"))) == "invalid_trigger_id"
    await ada.closes()
    await ada.runs("/dext")
    clock.now += 3.1
    late = client.views_open(trigger_id=bot.last("command")["trigger_id"], view=modal("Two"))
    assert await refusal(late) == "expired_trigger_id"


async def test_a_stack_is_three_deep(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    await ada.runs("/dext")
    view = modal("1", actions(button("More")))
    await client.views_open(trigger_id=bot.last("command")["trigger_id"], view=view)
    for title in ("2", "3"):
        await ada.clicks("More")
        pushed = await client.views_push(
            trigger_id=bot.last("block_actions")["trigger_id"],
            view=modal(title, actions(button("More"))),
        )
        assert pushed["view"]["previous_view_id"] == bot.last("block_actions")["view"]["id"]
    await ada.clicks("More")
    fourth = client.views_push(trigger_id=bot.last("block_actions")["trigger_id"], view=modal("4"))
    assert await refusal(fourth) == "push_limit_reached"
    await ada.closes()
    await ada.sees_modal("2")
    await ada.closes(everything=True)
    await ada.sees_no_modal()


async def test_a_push_needs_a_trigger_from_the_modal(
    client: AsyncWebClient, bot: FakeBot, ada: Person
) -> None:
    await ada.runs("/dext")
    lost = client.views_push(trigger_id=bot.last("command")["trigger_id"], view=modal("x"))
    assert await refusal(lost) == "not_found"


async def test_an_update_is_guarded_by_the_hash_and_ends_with_the_modal(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    await ada.runs("/dext")
    trigger = bot.last("command")["trigger_id"]
    first = (await client.views_open(trigger_id=trigger, view=modal("One", external_id="mine")))["view"]
    await client.views_update(external_id="mine", view=modal("Two", external_id="mine"))
    await ada.sees_modal("Two")
    stale = client.views_update(view_id=first["id"], hash=first["hash"], view=modal("Three"))
    assert await refusal(stale) == "hash_conflict"
    assert workspace.journal.refusals == []
    await ada.closes()
    assert await refusal(client.views_update(view_id=first["id"], view=modal("Three"))) == "not_found"


async def test_home_is_published_for_one_person(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, slack: SlackServer, ada: Person
) -> None:
    await ada.opens_home()
    assert bot.last("event")["event"]["type"] == "app_home_opened"
    home = {"type": "home", "blocks": [section("*Connected* to Held Out Ltd")]}
    await client.views_publish(user_id=workspace.person("ada").id, view=home)
    await ada.sees("Connected to Held Out Ltd")
    tom = slack.person("tom")
    await tom.opens_home()
    await tom.does_not_see("Connected")
