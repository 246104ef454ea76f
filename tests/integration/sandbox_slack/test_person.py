"""A person acts on what is visible, and on nothing else."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Ambiguous, NotVisible, Person, SlackServer, Workspace
from tests.integration.sandbox_slack.everything import EVERYTHING
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

WARNING = option("Warn me when a new supplier will be created", "warn")
FORM = modal(
    "Edit item",
    field("Total", {"type": "number_input", "action_id": "n", "is_decimal_allowed": True}, optional=True),
    field("Date", {"type": "datepicker", "action_id": "d", "initial_date": "2026-10-05"}),
    field("Description", text_input(initial_value="Paper", max_length=10)),
    field("Tax", {"type": "static_select", "action_id": "t", "options": [option("None"), option("20%")]}),
    field(
        "Publish as",
        {"type": "radio_buttons", "action_id": "p", "options": [option("Bill"), option("Expense")]},
    ),
    field(
        "Warning",
        {"type": "checkboxes", "action_id": "w", "options": [WARNING], "initial_options": [WARNING]},
    )
    | {"optional": True},
    field("Supplier", {"type": "external_select", "action_id": "s", "min_query_length": 0}),
    field("Channel", {"type": "channels_select", "action_id": "c"}, optional=True),
    field("People", {"type": "multi_users_select", "action_id": "u"}, optional=True),
    field(
        "File", {"type": "file_input", "action_id": "f", "filetypes": ["csv"], "max_files": 1}, optional=True
    ),
)
SUPPLIERS = ["Acme Paper Ltd", "Acme Tools Ltd", "Zebra & Co"]


@pytest.fixture
async def form(client: AsyncWebClient, bot: FakeBot, ada: Person) -> FakeBot:
    """The bot opens the form, and offers suppliers that contain what was typed."""

    async def opens(body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    async def offers(body: dict[str, Any]) -> dict[str, Any]:
        return {"options": [option(one) for one in SUPPLIERS if body["value"].lower() in one.lower()]}

    bot.on("command", opens)
    bot.on("block_suggestion", offers)
    await ada.runs("/dext")
    await ada.sees_modal("Edit item")
    return bot


async def test_what_is_entered_arrives_in_slacks_shape(
    form: FakeBot, workspace: Workspace, ada: Person
) -> None:
    await ada.fills("Total", "12.50")
    await ada.chooses("Tax", "20%")
    await ada.chooses("Publish as", "Bill")
    await ada.unticks("Warn me")
    await ada.chooses("Supplier", "Zebra", typed="zeb")
    await ada.chooses("Channel", "#general")
    await ada.chooses("People", "@tom")
    await ada.chooses("People", "@ben")
    await ada.uploads("File", b"a,b\n", "items.csv")
    await ada.submits()
    await ada.sees_no_modal()
    values = form.last("view_submission")["view"]["state"]["values"]
    assert values["total"]["n"] == {"type": "number_input", "value": "12.50"}
    assert values["date"]["d"] == {"type": "datepicker", "selected_date": "2026-10-05"}
    assert values["description"]["text"] == {"type": "plain_text_input", "value": "Paper"}
    assert values["tax"]["t"]["selected_option"] == option("20%")
    assert values["publish as"]["p"]["selected_option"] == option("Bill")
    assert values["warning"]["w"] == {"type": "checkboxes", "selected_options": []}
    assert values["supplier"]["s"]["selected_option"] == option("Zebra & Co")
    assert values["channel"]["c"]["selected_channel"] == workspace.channel("#general").id
    people = [workspace.person(name).id for name in ("tom", "ben")]
    assert values["people"]["u"]["selected_users"] == people
    assert values["file"]["f"]["files"][0]["name"] == "items.csv"
    assert workspace.journal.refusals == []


async def test_slacks_own_client_refuses_before_the_bot_is_asked(form: FakeBot, ada: Person) -> None:
    await ada.fills("Total", "twelve")
    await ada.fills("Description", "longer than ten")
    await ada.submits()
    await ada.sees("Please complete this required field.")
    await ada.sees("Enter a number.")
    await ada.sees("at most 10 characters")
    assert not [one for one in form.received if one["kind"] == "view_submission"]


async def test_only_what_is_offered_can_be_chosen(form: FakeBot, ada: Person) -> None:
    assert await ada.options("Supplier", "acm") == ["Acme Paper Ltd", "Acme Tools Ltd"]
    assert await ada.options("Tax") == ["None", "20%"]
    with pytest.raises(NotVisible, match="is not offered"):
        await ada.chooses("Supplier", "Nobody Ltd")
    with pytest.raises(Ambiguous):
        await ada.chooses("Supplier", "Acme")
    with pytest.raises(NotVisible, match="is not one of csv"):
        await ada.uploads("File", b"x", "items.pdf")


async def test_what_stands_in_a_field_can_be_read_and_emptied(
    form: FakeBot, ada: Person, tmp_path: Path
) -> None:
    assert ada.value("Date") == "2026-10-05"
    await ada.fills("Date", "2026-11-01")
    await ada.clears("Description")
    path = tmp_path / "costs.csv"
    path.write_bytes(b"x")
    await ada.uploads("File", path)
    assert (ada.value("Date"), ada.value("Description"), ada.value("File")) == (
        "2026-11-01",
        None,
        "costs.csv",
    )
    with pytest.raises(ValueError, match="day"):
        await ada.fills("Date", "2026-02-30")


async def test_a_query_shorter_than_the_least_asks_nobody(
    client: AsyncWebClient, bot: FakeBot, ada: Person
) -> None:
    async def opens(body: dict[str, Any]) -> None:
        element = {"type": "external_select", "action_id": "s", "min_query_length": 3}
        await client.views_open(trigger_id=body["trigger_id"], view=modal("x", field("Supplier", element)))

    bot.on("command", opens)
    await ada.runs("/dext")
    assert await ada.options("Supplier", "ac") == []
    assert [one["kind"] for one in bot.received] == ["command"]


@pytest.mark.parametrize(
    "answer",
    [{"options": [option(str(one)) for one in range(101)]}, {"options": [option("x" * 76)]}, {}],
    ids=["a hundred and one", "a long text", "no options"],
)
async def test_options_slack_would_not_show_are_refused(
    answer: dict[str, Any], form: FakeBot, workspace: Workspace, ada: Person
) -> None:
    async def offers(_body: dict[str, Any]) -> dict[str, Any]:
        return answer

    form.on("block_suggestion", offers)
    assert await ada.options("Supplier", "x") == []
    assert [one.error for one in workspace.journal.refusals] == ["invalid_options"]


async def test_entries_survive_an_update_of_the_modal(
    form: FakeBot, client: AsyncWebClient, ada: Person
) -> None:
    await ada.fills("Description", "Kept")
    view_id = ada.workspace.stacks[ada.member.id][-1].id
    more = {**FORM, "title": plain("Edit again"), "blocks": [section("New"), *FORM["blocks"]]}
    await client.views_update(view_id=view_id, view=more)
    await ada.sees_modal("Edit again")
    assert ada.value("Description") == "Kept"


async def posts(client: AsyncWebClient, workspace: Workspace, *blocks: dict[str, Any]) -> None:
    channel = workspace.channel("#finance").id
    await client.chat_postMessage(channel=channel, text="x", blocks=list(blocks))


async def test_the_newest_message_is_clicked_unless_words_say_which(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    for name in ("Acme", "Zebra"):
        await posts(client, workspace, section(f"*{name}* Ltd"), actions(button("Publish", value=name)))
    await ada.clicks("Publish")
    assert bot.last("block_actions")["actions"][0]["value"] == "Zebra"
    await ada.clicks("Publish", within="Acme Ltd")
    assert bot.last("block_actions")["actions"][0]["value"] == "Acme"


async def test_two_of_a_name_in_one_place_are_told_apart_by_nearness_or_number(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    rows = [section("Zoho Books", accessory=button("Connect", value="zoho"))]
    rows += [section("Other Books"), actions(button("Connect", value="other"))]
    await posts(client, workspace, *rows)
    with pytest.raises(Ambiguous):
        await ada.clicks("Connect")
    await ada.clicks("Connect", within="Other Books")
    assert bot.last("block_actions")["actions"][0]["value"] == "other"
    await ada.clicks("Connect", nth=0)
    assert bot.last("block_actions")["actions"][0]["value"] == "zoho"


async def test_what_is_not_visible_cannot_be_clicked_and_the_screen_is_shown(
    client: AsyncWebClient, workspace: Workspace, slack: SlackServer
) -> None:
    await posts(client, workspace, section("Only this"))
    eve = slack.person("eve", patience=0.05)
    with pytest.raises(NotVisible, match="Only this"):
        await eve.clicks("Publish")
    with pytest.raises(NotVisible, match="does not see"):
        await eve.sees("Published")
    with pytest.raises(NotVisible):
        await eve.does_not_see("Only this")


async def test_a_confirmation_stands_between_a_click_and_the_bot(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    sure = {"title": plain("Sure?"), "text": plain("It ends"), "confirm": plain("Yes"), "deny": plain("No")}
    await posts(client, workspace, actions(button("Disconnect", confirm=sure)))
    await ada.clicks("Disconnect")
    await ada.sees("It ends")
    with pytest.raises(NotVisible):
        await ada.runs("/dext")
    await ada.declines()
    assert bot.received == []
    await ada.clicks("Disconnect")
    await ada.clicks("Yes")
    assert bot.last("block_actions")["actions"][0]["action_id"] == "go"


async def test_a_link_button_gives_its_address_and_tells_the_bot(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    await posts(
        client,
        workspace,
        section("See <https://books.test/1?a=1&amp;b=2|View in Zoho Books>"),
        actions(button("Connect software", url="https://x.test/")),
    )
    assert await ada.clicks("Connect software") == "https://x.test/"
    assert bot.last("block_actions")["actions"][0]["action_id"] == "go"
    assert await ada.follows("View in Zoho Books") == "https://books.test/1?a=1&b=2"


async def test_menus_are_picked_by_what_is_read(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    entries = [option("Reconnect"), option("Refresh integration data", "refresh")]
    overflow = {"type": "overflow", "action_id": "more", "options": entries}
    manage = {"type": "static_select", "action_id": "m", "placeholder": plain("Manage"), "options": entries}
    await posts(client, workspace, section("Zoho Books", accessory=overflow), actions(manage))
    await ada.picks("Zoho Books", "Refresh integration data")
    assert bot.last("block_actions")["actions"][0]["selected_option"]["value"] == "refresh"
    await ada.picks("Manage", "Reconnect")
    assert bot.last("block_actions")["actions"][0]["type"] == "static_select"
    assert await ada.options("⋯") == ["Reconnect", "Refresh integration data"]


async def test_seeing_waits_for_what_is_about_to_change(
    client: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    async with asyncio.TaskGroup() as together:
        together.create_task(ada.sees("Refresh complete"))
        together.create_task(posts(client, workspace, section("✅ *Refresh complete*: <@U404|someone>")))
    await ada.sees("✅ Refresh complete: someone")


async def test_marks_mentions_and_dates_are_read_as_people_read_them(
    client: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    ada_id, channel = workspace.person("ada").id, workspace.channel("#general").id
    text = f"_by_ <@{ada_id}> in <#{channel}> at <!date^1^{{time}}|14:02>, A &amp; B, snake_case_name, 2*3*4"
    await posts(client, workspace, section(text), section("x") | {"text": plain("*as it is*")})
    await ada.sees("by @ada in #general at 14:02, A & B, snake_case_name, 2*3*4")
    await ada.sees("*as it is*")


async def test_people_see_the_channel_they_are_in(
    client: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    await client.chat_postMessage(channel=workspace.channel("#general").id, text="elsewhere")
    await ada.does_not_see("elsewhere")
    ada.goes_to("#general")
    await ada.sees("elsewhere")


async def test_every_kind_of_block_can_be_read(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    async def opens(body: dict[str, Any]) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=EVERYTHING)

    rich = [{"type": "text", "text": "from"}, {"type": "user", "user_id": workspace.person("tom").id}]
    rows = [[{"type": "raw_text", "text": "Rent"}, {"type": "raw_text", "text": "10.00"}]]
    await posts(
        client,
        workspace,
        {"type": "markdown", "text": "**Bold** words"},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": rich}]},
        {"type": "table", "rows": rows},
    )
    bot.on("command", opens)
    await ada.runs("/dext")
    for words in (
        "== Everything ==",
        "[⋯]",
        "☑ a",
        "○ a",
        "[image: i]",
        "[Cancel] [Save]",
        "[U1 ▾]",
        "14:02",
    ):
        await ada.sees(words)
    for words in ("Bold words", "from @tom", "Rent 10.00"):
        await ada.sees(words)
    assert ada.buttons() == ["b", "Cancel", "Save"]


async def test_a_click_that_the_bot_does_not_acknowledge_leaves_a_sign(
    client: AsyncWebClient, workspace: Workspace, slack: SlackServer, ada: Person
) -> None:
    await posts(client, workspace, actions(button("Publish")))
    slack.bot_url = "http://127.0.0.1:1"
    await ada.clicks("Publish")
    await ada.sees("⚠ This app responded with status code none.")


async def test_a_choice_outside_a_form_is_told_at_once_and_stays(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    sure = {"title": plain("Sure?"), "text": plain("It counts")}
    pick = {"type": "static_select", "action_id": "p", "placeholder": plain("Filter"), "confirm": sure}
    await posts(client, workspace, actions(pick | {"options": [option("Ready"), option("Failed")]}))
    await ada.chooses("Filter", "Failed")
    await ada.confirms()
    assert bot.last("block_actions")["actions"][0]["selected_option"] == option("Failed")
    assert ada.value("Filter") == "Failed"
    with pytest.raises(NotVisible):
        await ada.confirms()


async def test_two_clicks_at_once_are_two_requests(
    client: AsyncWebClient, workspace: Workspace, bot: FakeBot, ada: Person
) -> None:
    await posts(client, workspace, actions(button("Publish")))
    await asyncio.gather(ada.clicks("Publish"), ada.clicks("Publish"))
    assert [one["kind"] for one in bot.received] == ["block_actions", "block_actions"]


async def test_only_the_modal_in_front_is_used_for_words_that_are_in_both(
    form: FakeBot, client: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    await posts(client, workspace, actions(button("Save")))
    await ada.clicks("Save")
    await ada.sees("Please complete this required field.")
    assert "block_actions" not in [one["kind"] for one in form.received]
