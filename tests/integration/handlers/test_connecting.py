"""Connecting, managing, refreshing, settings: what is asked of services, what is shown, to whom."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.connection import SignInStage
from bot.domain.identity import EntryId, MessageRef
from bot.domain.lists import Refresh
from bot.domain.settings import BusinessSettings, DuplicateMode, RefreshSchedule
from bot.services.connection import Finished
from bot.slack.blocks import connection as connection_blocks
from bot.slack.blocks import connections_page
from bot.slack.blocks import settings as settings_blocks
from tests.builders import NOON
from tests.integration.handlers.fakes import (
    HOME,
    Connections,
    Settings,
    a_bot,
    chosen,
    state,
)
from tests.integration.handlers.slackside import ADA, BEN, a_view
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_view, texts

# --- connecting


async def test_connect_opens_the_list_of_softwares() -> None:
    """S6 S9."""
    bot = a_bot()
    await bot.runs("connect")
    (opened,) = bot.slack.of("open")
    assert opened.what["title"]["text"] == "Accounting software"
    takes_view(opened.what)


async def test_a_software_that_is_not_there_is_said_by_name() -> None:
    """S10."""
    bot = a_bot()
    await bot.runs("connect other books")
    assert "“other books” is not available. There is Zoho Books." in bot.slack.of("whisper")[0].text
    await bot.runs("connect Zoho")
    assert len(bot.slack.of("open")) == 1


async def test_pressing_connect_turns_the_window_into_the_steps_and_remembers_it() -> None:
    """S7 S11: the link is made for this person and this channel."""
    bot = a_bot()
    await bot.clicks(connection_blocks.CONNECT, "zoho-books", view=a_view("none"))
    (turned,) = bot.slack.of("turn")
    assert turned.what["title"]["text"] == "Connect Zoho Books"
    assert turned.what["notify_on_close"] is True
    assert bot.services.connection.asked == [  # type: ignore[attr-defined]
        ("begin", ADA.id, "C1", "zoho-books", False),
        ("view", "V1"),
    ]


async def test_closing_the_window_forgets_it() -> None:
    bot = a_bot()
    await bot.does("view_closed", view=a_view(connection_blocks.WAITING), is_cleared=False)
    assert bot.services.connection.asked == [("view", "")]  # type: ignore[attr-defined]


async def test_after_the_browser_opened_the_window_says_that_it_waits() -> None:
    connections = Connections(sign_in=replace(views.a_sign_in(), stage=SignInStage.IN_BROWSER))
    bot = a_bot(connection=connections)
    meta = json.dumps({"channel": "C1", "link": "https://bot.example/l", "software": "zoho-books"})
    await bot.clicks(connection_blocks.LINK, view=a_view("connect.waiting", private_metadata=meta))
    assert "Waiting for you in the browser" in bot.slack.of("turn")[0].text


async def test_next_turns_the_choice_into_a_last_look() -> None:
    """S13."""
    bot = a_bot(connection=Connections(sign_in=views.a_sign_in()))
    answer = await bot.submits(connection_blocks.ORGANISATION, state=state(organisation=chosen("60001")))
    view = answer.json()["view"]
    assert (view["title"]["text"], view["submit"]["text"]) == ("Select organisation", "Finish")
    assert "Cards and status messages go to <#C0FINANCE>" in texts(view)


async def test_finish_shows_the_connections_page_and_says_so_in_the_channel() -> None:
    """S14 S15 S46: the first refresh starts by itself."""
    refresh = Refresh("r1", ADA.id, NOON)

    class Refreshes:
        async def remember_message(self, *_: object) -> Refresh:
            return replace(refresh, message=MessageRef(HOME, "2.0"))

    connections = Connections(finished=Finished(views.a_connection(), refresh, already=False))
    bot = a_bot(connection=connections, refresh=Refreshes())
    meta = json.dumps({"channel": "C1", "organisation": "60001"})
    answer = await bot.submits(connection_blocks.FINISH, private_metadata=meta)
    assert answer.json()["response_action"] == "update"
    assert answer.json()["view"]["title"]["text"] == "Connections"
    posted = [(one.where, one.what["text"]) for one in bot.slack.of("post")]
    assert posted == [(HOME, "Connected to Held Out Ltd"), (HOME, "Refresh in progress: Held Out Ltd")]


async def test_a_second_finish_says_nothing_again() -> None:
    """S14."""
    connections = Connections(finished=Finished(views.a_connection(), None, already=True))
    bot = a_bot(connection=connections)
    await bot.submits(connection_blocks.FINISH)
    assert bot.slack.told == []


async def test_disconnecting_closes_every_window_and_says_so_in_the_channel() -> None:
    bot = a_bot(connection=Connections(views.a_connection()))
    await bot.runs("disconnect")
    assert "no data is lost" in bot.slack.of("open")[0].text
    answer = await bot.submits(connection_blocks.DISCONNECT)
    assert answer.json() == {"response_action": "clear"}
    assert "Disconnected from Held Out Ltd by <@UADA>" in bot.slack.of("post")[0].text


@pytest.mark.parametrize("command", ["reconnect", "disconnect", "refresh", "settings"])
async def test_without_a_connection_the_way_to_one_is_named(command: str) -> None:
    """S19."""
    bot = a_bot()
    await bot.runs(command)
    (told,) = bot.slack.told
    assert (
        told.what["text"]
        == "No accounting software is connected. An Admin can connect it with `/dext connect`."
    )


async def test_a_member_sees_the_connections_page_without_buttons() -> None:
    bot = a_bot(connection=Connections(views.a_connection()))
    await bot.runs("connections", BEN)
    (opened,) = bot.slack.of("open")
    assert buttons(opened.what["blocks"]) == []
    assert "<@UADA> can change this." in texts(opened.what)


async def test_manage_shows_what_can_be_managed_in_the_same_window() -> None:
    """S16 S33."""
    bot = a_bot(connection=Connections(views.a_connection()))
    await bot.clicks(connections_page.MANAGE, view=a_view("connection.page"))
    (turned,) = bot.slack.of("turn")
    assert buttons(turned.what) == ["Reconnect", "Refresh integration data", "Settings", "Disconnect"]
    assert "<@UADA> changed Refresh schedule: Off → Every 6 hours" in texts(turned.what)


# --- refresh and settings


async def test_a_second_refresh_is_told_of_the_first() -> None:
    """S45: pressing again while running says so and starts no second."""
    running = Refresh("r1", ADA.id, NOON)

    class Refreshes:
        async def begin(self, *_: object) -> Any:
            return type("Begun", (), {"refresh": running, "started": False})

    bot = a_bot(connection=Connections(views.a_connection()), refresh=Refreshes())
    await bot.submits("refresh.confirm")
    (told,) = bot.slack.told
    assert told.how == "whisper"
    assert "Refresh in progress already, asked by <@UADA>" in told.what["text"]


async def test_where_the_bot_may_not_post_the_banner_goes_to_who_asked_with_the_way_out() -> None:
    refresh = Refresh("r1", ADA.id, NOON)

    class Refreshes:
        async def begin(self, *_: object) -> Any:
            return type("Begun", (), {"refresh": refresh, "started": True})

        async def remember_message(self, *_: object) -> None:
            return None

    bot = a_bot(connection=Connections(views.a_connection()), refresh=Refreshes())
    bot.slack.closed_to_us = {HOME}
    await bot.submits("refresh.confirm")
    assert [one.how for one in bot.slack.told] == ["whisper", "direct"]
    assert "I cannot post in <#C0FINANCE>" in bot.slack.told[0].text
    assert "Refresh in progress" in bot.slack.told[1].text


async def test_what_a_setting_would_change_shows_before_it_is_saved() -> None:
    """S18: in place, under its field; nothing is saved, and what is as it was says nothing."""
    settings = Settings()
    bot = a_bot(connection=Connections(views.a_connection()), settings=settings)
    given = state(
        warn_new_supplier={"type": "checkboxes", "selected_options": [{"value": "on"}]},
        default_tax_costs=chosen("t20"),
        default_tax_sales={"type": "static_select", "selected_option": None},
    )
    await bot.clicks(settings_blocks.TRY, view=a_view(settings_blocks.SAVE, state=given))
    (turned,) = bot.slack.told
    takes_view(turned.what)
    assert (turned.how, settings.saved) == ("turn", [])
    said = [block["elements"][0]["text"] for block in _under(turned.what, "default_tax_costs")]
    assert said[0] == "Would change 6 waiting items without a tax of their own."
    assert texts(turned.what).count("Would change") == 1


def _under(view: dict[str, Any], name: str) -> list[dict[str, Any]]:
    names = [block.get("block_id") for block in view["blocks"]]
    return list(view["blocks"][names.index(name) + 1 :][:1])


async def test_settings_are_saved_as_they_stand_in_the_form() -> None:
    """S17 S21 S23."""
    settings = Settings()
    bot = a_bot(settings=settings)
    given = state(
        warn_new_supplier={"type": "checkboxes", "selected_options": []},
        channel={"type": "conversations_select", "selected_conversation": "C7"},
        refresh_schedule=chosen("12"),
        duplicates=chosen("off"),
        default_tax_costs=chosen("t20"),
        default_tax_sales={"type": "static_select", "selected_option": None},
    )
    await bot.submits("settings.save", state=given)
    assert settings.saved == [
        BusinessSettings(
            warn_new_supplier=False,
            default_tax_costs=EntryId("t20"),
            default_tax_sales=None,
            channel="C7",  # type: ignore[arg-type]
            refresh_schedule=RefreshSchedule.EVERY_12_HOURS,
            duplicates=DuplicateMode.OFF,
        )
    ]
    assert "Default tax for costs: Standard Rate 20%" in bot.slack.of("whisper")[0].text


async def test_who_signed_in_already_goes_on_where_they_stopped() -> None:
    """S6: nothing is connected before Finish, and nothing has to be signed in twice."""
    bot = a_bot(connection=Connections(sign_in=views.a_sign_in()))
    await bot.runs("connect")
    (opened,) = bot.slack.of("open")
    assert buttons(opened.what) == ["Choose organisation", "Connect"]
    await bot.clicks(connection_blocks.CHOOSE, view=a_view("connect.softwares"))
    (turned,) = bot.slack.of("turn")
    assert turned.what["title"]["text"] == "Select organisation"


async def test_a_data_centre_may_be_chosen_before_leaving_for_the_sign_in() -> None:
    """S10: else Zoho finds the right one by itself."""
    bot = a_bot()
    await bot.clicks(connection_blocks.CONNECT, "zoho-books", view=a_view("none"))
    (turned,) = bot.slack.of("turn")
    takes_view(turned.what)
    assert all(said in turned.text for said in ("Data centre", "Found by itself", "Europe", "India"))
    chosen_place = {"action_id": connection_blocks.PLACE, "block_id": "b", **chosen("eu")}
    await bot.does("block_actions", actions=[chosen_place], view=a_view("connect.waiting"))
    assert bot.services.connection.asked[-1] == ("place", "eu")  # type: ignore[attr-defined]
