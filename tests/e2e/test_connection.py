"""Journeys of the connection: connect, reconnect, disconnect, and every way they are refused."""

from __future__ import annotations

import httpx

from bot.sandbox.visitor import Visitor
from tests.e2e.stage import NORTHWIND, Stage, export


async def test_a_member_is_refused_privately_and_nothing_changes(stage: Stage) -> None:
    """S5: connect, reconnect, refresh, disconnect and settings are an Admin's."""
    ben = stage.person("ben")
    for command in ("connect", "reconnect", "refresh", "disconnect", "settings"):
        await ben.runs(f"/dext {command}")
        await ben.sees("Only an Admin can")
        await ben.sees_no_modal()
        stage.workspace.ephemerals("ben").clear()
    await ben.runs("/dext refresh")
    await ben.sees("@ada and @tom are Admins")
    assert not any("Only an Admin" in message.text for message in stage.workspace.messages("#finance"))


async def test_the_role_is_checked_again_when_the_button_is_clicked(stage: Stage) -> None:
    """S5: an Admin until the modal was open, not any more when it is submitted."""
    ada, tom = stage.person("ada"), stage.person("tom")
    await stage.connects(ada)
    await tom.runs("/dext disconnect")
    await tom.sees_modal("Connections")
    stage.workspace.person("tom").is_admin = False
    await tom.clicks("Disconnect")
    await tom.sees("Only an Admin can disconnect accounting software")
    await ada.runs("/dext connections")
    await ada.sees("Zoho Books: Held Out Ltd")


async def test_connect_lists_the_software_and_says_what_is_not_available(stage: Stage) -> None:
    """S6 S9 S10: other names get a clear word."""
    ada = stage.person("ada")
    await ada.runs("/dext connect xero")
    await ada.sees("“xero” is not available. There is Zoho Books.")
    await ada.runs("/dext connect")
    await ada.sees_modal("Accounting software")
    await ada.sees("Zoho Books")


async def test_the_steps_are_numbered_and_name_the_rights(stage: Stage) -> None:
    """S7 S11 S31 S35: where one is, what is asked for, a link that works once."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    await ada.sees_modal("Connect Zoho Books")
    await ada.sees("1  Sign in at Zoho Books   ← you are here")
    await ada.sees("We ask for: read your lists")
    link = await ada.clicks("Connect software")
    await ada.sees("Waiting for you in the browser")
    async with Visitor() as first, Visitor() as second:
        await first.opens(str(link))
        assert "as ada" in first.text
        await second.opens(str(link))
        assert second.status == 410
        assert "That link has been used or is older than ten minutes" in second.text
        await first.opens(str(link))
        assert first.status == 200


async def test_a_forged_or_replayed_return_connects_nothing(stage: Stage) -> None:
    """S11: no state, a made-up one, another browser's, and the same one twice."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    async with httpx.AsyncClient() as stranger, Visitor() as browser:
        for query in ("", "?code=x", "?code=x&state=T1.b1.nonsense", "?state=%00&code=1"):
            answer = await stranger.get(f"{stage.url}/oauth/zoho-books/callback{query}")
            assert answer.status_code in (400, 410)
            assert "Not signed in" in answer.text
        await browser.opens(str(link))
        await browser.follows("Continue to Zoho Books")
        await browser.presses("Accept", person="ada@held-out.example")
        returned = browser.address
        assert "Go back to Slack" in browser.text
        await browser.opens(returned)
        assert "has been used" in browser.text
    await ada.sees_modal("Select organisation")


async def test_another_browser_cannot_bring_the_sign_in_back(stage: Stage) -> None:
    """S11: the state is bound to the browser that left."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    async with Visitor() as first, Visitor() as second:
        await first.opens(str(link))
        await second.opens(first.link("Continue to Zoho Books"))
        await second.presses("Accept", person="ada@held-out.example")
        assert "in another browser" in second.text


async def test_saying_no_at_zoho_changes_nothing_and_is_said(stage: Stage) -> None:
    """S12: the old state stays, the person hears why."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    text = await stage.signs_in(str(link), decision="Reject")
    assert "You did not allow access at Zoho" in text
    await ada.sees("You did not allow access at Zoho")
    await ada.closes(everything=True)
    await ada.runs("/dext connections")
    await ada.sees("No accounting software connected")


async def test_a_user_without_an_organisation_is_told(stage: Stage) -> None:
    """S13: none is explained."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    text = await stage.signs_in(str(link), who="eve@held-out.example")
    assert "has no organisation" in text
    await ada.sees("has no organisation")


async def test_one_organisation_is_still_confirmed_and_leaving_early_connects_nothing(stage: Stage) -> None:
    """S13 S14: connected only after Finish."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link), who="tom@held-out.example")
    await ada.sees_modal("Select organisation")
    assert "Tom's Tools" in str(ada.value("Organisation"))
    await ada.clicks("Next")
    await ada.closes(everything=True)
    await ada.runs("/dext connections")
    await ada.sees("No accounting software connected")


async def test_next_without_a_choice_is_refused_and_namesakes_can_be_told_apart(stage: Stage) -> None:
    """S13: currency, country and number are shown."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link))
    await ada.sees_modal("Select organisation")
    assert await ada.options("Organisation") == [
        "Held Out Ltd · GBP · United Kingdom · 60001",
        "Held Out Ltd · EUR · Ireland · 60002",
    ]
    await ada.clicks("Next")
    await ada.sees_modal("Select organisation")
    await ada.does_not_see("Finish]")


async def test_a_closed_window_is_replaced_by_a_private_message(stage: Stage) -> None:
    """S6: connecting resumes where it stopped."""
    ada = stage.person("ada")
    await ada.runs("/dext connect")
    await ada.clicks("Connect")
    link = await ada.clicks("Connect software")
    await ada.closes(everything=True)
    await stage.signs_in(str(link))
    await ada.clicks("Choose organisation")
    await ada.sees_modal("Select organisation")


async def test_the_connections_page_shows_who_and_since_when_and_is_managed_there(stage: Stage) -> None:
    """S2 S8 S15 S16 S32 S33 S43 S44: ticked while it stands open; one click from Home too; a member sees it
    without buttons."""
    ada, ben = stage.person("ada"), stage.person("ben")
    await ada.opens_home()
    await ada.sees("No accounting software connected")
    ada.goes_to("#finance")
    await stage.connects(ada)
    await ada.runs("/dext connections")
    await ada.sees("by @ada")
    await ada.sees("🟡 Default tax for costs is not set")
    tom = stage.person("tom")
    await tom.runs("/dext settings")
    await tom.chooses("Default tax for costs", "Standard Rate 20%")
    await tom.clicks("Save")
    await ada.sees("✅ Default tax for costs: Standard Rate 20%")
    await ada.clicks("Manage")
    await ada.sees("Refresh integration data")
    for button in ("Reconnect", "Refresh integration data", "Settings", "Disconnect"):
        assert button in ada.buttons()
    await ben.runs("/dext connections")
    await ben.sees("Zoho Books: Held Out Ltd")
    await ben.sees("can change this")
    assert "Manage" not in ben.buttons()
    ada.goes_to("#finance")
    await ada.closes(everything=True)
    await ada.opens_home()
    await ada.sees("Zoho Books: Held Out Ltd")


async def test_a_second_connect_points_to_reconnect(stage: Stage) -> None:
    """S9: the button is only there while nothing is connected."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext connect")
    await ada.sees("already")
    assert "Connect" not in ada.buttons()


async def test_reconnecting_keeps_everything_and_withdraws_the_old_sign_in(stage: Stage) -> None:
    """S28 S29 S30 S34 S36 S38: same organisation chosen already; refresh is offered as an alternative."""
    ada = stage.person("ada")
    await stage.connects(ada)
    (old,) = stage.books.refresh_tokens
    await ada.runs("/dext reconnect")
    await ada.sees("Refresh integration data is enough")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link))
    assert old in stage.books.refresh_tokens
    await ada.sees_modal("Select organisation")
    assert "60001" in str(ada.value("Organisation"))
    await ada.clicks("Next")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.closes(everything=True)
    await ada.sees("Refresh complete")
    async with httpx.AsyncClient() as http:
        for _ in range(200):
            if old not in stage.books.refresh_tokens:
                break
            await http.get(f"{stage.url}/healthz")
    assert old not in stage.books.refresh_tokens
    assert len(stage.books.refresh_tokens) == 1


async def test_another_organisation_must_be_named(stage: Stage) -> None:
    """S37: detected, explained, typed confirmation."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await ada.runs("/dext reconnect")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link))
    await ada.sees_modal("Select organisation")
    await ada.chooses("Organisation", "60002")
    await ada.clicks("Next")
    await ada.sees("which was connected before")
    await ada.fills("Type Held Out Ltd to go on", "something else")
    await ada.clicks("Finish")
    await ada.sees("Type Held Out Ltd to go on.")
    await ada.fills("Type Held Out Ltd to go on", "held out ltd")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.sees("EUR · Ireland · 60002")


async def test_disconnecting_asks_withdraws_and_keeps_the_items(stage: Stage) -> None:
    """S16: the token is revoked at Zoho; items and settings stay."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    await ada.sees("Northwind Paper Ltd")
    await ada.runs("/dext disconnect")
    await ada.sees("no data is lost")
    await ada.clicks("Disconnect")
    await ada.sees("Disconnected from Held Out Ltd")
    assert stage.books.refresh_tokens == {}
    await ada.runs("/dext items")
    await ada.sees("NW-1001")
    await ada.closes(everything=True)
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("No accounting software is connected")


async def test_a_withdrawn_consent_holds_the_items_and_reconnecting_lets_them_go_on(stage: Stage) -> None:
    """S28 S29 C12: one private message to the Admins, nothing lost, held items publish by themselves; the log
    says that it broke, why, and that it was mended."""
    ada = stage.person("ada")
    await stage.connects(ada)
    await stage.imports(ada, export(NORTHWIND))
    stage.books.withdraw_consent()
    await ada.clicks("Publish", within="Northwind Paper Ltd")
    await ada.sees("Reconnect needed")
    await ada.sees("Held")
    await ada.clicks("Reconnect")
    link = await ada.clicks("Connect software")
    await stage.signs_in(str(link))
    await ada.sees_modal("Select organisation")
    await ada.clicks("Next")
    await ada.clicks("Finish")
    await ada.sees_modal("Connections")
    await ada.closes(everything=True)
    await ada.sees("Published as bill NW-1001")
    assert len(stage.held_out.rows["bills"]) == 1
    await ada.runs("/dext log broken")
    await ada.sees("found the connection to Held Out Ltd broken: Zoho Books no longer accepts our sign-in")
    await ada.sees("found the connection to Held Out Ltd mended, which was broken")


async def test_a_second_admin_agrees_to_another_organisation(stage: Stage) -> None:
    """S5 S37: asked privately with two buttons; nothing is connected before, and who asked is told."""
    ada, tom = stage.person("ada"), stage.person("tom")
    await stage.connects(ada)
    await ada.runs("/dext settings")
    await ada.ticks("A second Admin has to agree before another organisation is connected")
    await ada.clicks("Save")
    await ada.sees("A second Admin for another organisation: on (was off)")
    await ada.runs("/dext reconnect")
    await stage.signs_in(str(await ada.clicks("Connect software")))
    await ada.sees_modal("Select organisation")
    await ada.chooses("Organisation", "60002")
    await ada.clicks("Next")
    await ada.fills("Type Held Out Ltd to go on", "Held Out Ltd")
    await ada.clicks("Finish")
    await ada.sees("A second Admin has to agree")
    await ada.closes(everything=True)
    tom.goes_to("dm")
    await tom.sees("wants to connect Held Out Ltd · EUR")
    await tom.clicks("Agree")
    await tom.sees("You agreed: it is connected")
    await ada.sees("EUR · Ireland · 60002 · by")
    await ada.runs("/dext connections")
    await ada.sees("EUR · Ireland · 60002")
