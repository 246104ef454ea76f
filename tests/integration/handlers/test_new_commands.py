"""`/dext roles`, `log`, `status`, `publish`, help for the person, and App Home kept up to date."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.audit import Chain
from bot.domain.connection import ConnectionState
from bot.domain.digest import Digest, Happened
from bot.domain.identity import ItemId, PersonId
from bot.domain.items import ItemStatus
from bot.domain.lists import RefreshState
from bot.domain.many import Wanted
from bot.domain.probe import Finding, Probe
from bot.domain.roles import Role, RoleChange, Roles
from bot.domain.status import Status
from bot.errors import AlreadyDone, FieldErrors
from bot.services.log import LogPage
from bot.services.many import ReadyNow
from bot.services.probe import Probed
from bot.services.roles import RoleTable
from bot.slack.blocks import log as log_blocks
from bot.slack.blocks import many as many_blocks
from bot.slack.blocks import roles as role_blocks
from handlers import home
from handlers.commands.help import wanted
from handlers.kit import Call
from tests.builders import ADA, BEN, NOON
from tests.integration.handlers.fakes import HOME, Connections, HowItStands, ManyAtOnce, a_bot
from tests.integration.handlers.jobscene import BUSINESS, a_scene
from tests.integration.handlers.slackside import BEN as BEN_PERSON
from tests.integration.handlers.slackside import FakeRoles
from tests.unit.slack import views
from tests.unit.slack.checking import buttons, takes_message, takes_view, texts

NOTHING, WELL, BADLY = views.every_status()


# --- roles


class Giving(FakeRoles):
    """`RoleService` that can be told who is what."""

    def __init__(self, fault: Exception | None = None) -> None:
        super().__init__()
        self.saved: list[Roles] = []
        self.fault = fault

    slow, silent = False, False

    async def table(self, _: object, *, patient: bool = False) -> RoleTable:
        return RoleTable(Roles((ADA,), (BEN,)), (ADA,), (patient or not self.slow) and not self.silent)

    async def save(self, _: object, __: str, new: Roles) -> Sequence[RoleChange]:
        if self.fault:
            raise self.fault
        self.saved.append(new)
        return [RoleChange(BEN, Role.MEMBER, Role.APPROVER)]


def chosen(**people: list[str]) -> dict[str, Any]:
    elements = {
        name: {"value": {"type": "multi_users_select", "selected_users": ids}} for name, ids in people.items()
    }
    return {"values": elements}


async def test_roles_are_chosen_from_the_people_of_the_workspace() -> None:
    """S5"""
    bot = a_bot(roles=Giving())
    await bot.runs("roles")
    form = bot.slack.of("open")[0].what
    takes_view(form)
    assert form["title"]["text"] == "Roles"
    labels = {
        block["label"]["text"]: block["element"] for block in form["blocks"] if block["type"] == "input"
    }
    assert labels["Admins"]["initial_users"] == [ADA]
    assert labels["Approvers"]["initial_users"] == [BEN]
    assert "Owners of this Slack workspace always remain Admins: <@UADA>" in texts(form)


async def test_a_large_workspace_is_waited_for_in_an_open_window() -> None:
    """S5: half of Slack's admins in the form would take the role from the other half."""
    roles = Giving()
    roles.slow = True
    bot = a_bot(roles=roles)
    await bot.runs("roles")
    assert "Asking Slack who its admins are" in texts(bot.slack.of("open")[0].what)
    assert "Admins" in texts(bot.slack.of("turn")[0].what)
    roles.silent = True
    await bot.runs("roles")
    assert "Slack does not say who its admins are" in texts(bot.slack.of("turn")[1].what)


async def test_roles_that_are_saved_are_said() -> None:
    """S5"""
    roles = Giving()
    bot = a_bot(roles=roles)
    await bot.submits(role_blocks.SAVE, state=chosen(admins=["UADA"], approvers=["UBEN", "UEVE"]))
    assert roles.saved == [Roles((ADA,), (BEN, PersonId("UEVE")))]
    assert "<@UBEN> is an Approver now (was a member)" in bot.slack.of("whisper")[0].text


async def test_a_fault_is_told_under_its_field() -> None:
    fault = FieldErrors({"admins": "At least one Admin is needed."})
    bot = a_bot(roles=Giving(fault))
    answer = await bot.submits(
        role_blocks.SAVE,
        state=chosen(admins=[], approvers=[]),
        blocks=[{"type": "input", "block_id": "admins"}, {"type": "input", "block_id": "approvers"}],
    )
    assert answer.json() == {"response_action": "errors", "errors": fault.fields}


async def test_whose_role_changed_hears_it_privately() -> None:
    """S5"""
    scene = a_scene()
    await scene.runs("role_changed", BEN, ADA, "MEMBER", "APPROVER")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("direct", BEN)
    assert (
        told.what["text"]
        == "<@UADA> made you an Approver in Dext. You can publish, reject and put back items."
    )


# --- log


@dataclass
class Log:
    """`LogService`."""

    asked: list[Any] = field(default_factory=list)

    async def page(self, _: object, word: str = "", before: str = "") -> LogPage:
        self.asked.append((word, before))
        return LogPage(views.log_lines("Acme"), "12-0")

    async def chain(self, _: object) -> Chain:
        return Chain(142, True)

    async def ask_export(self, _: object, person: str, word: str) -> None:
        self.asked.append(("export", person, word))

    async def export(self, _: object, person: str, word: str) -> tuple[bytes, int]:
        self.asked.append(("exported", person, word))
        return b"\xef\xbb\xbfAt,Who\r\n", 3


async def test_the_log_opens_at_once_and_then_says_how_its_chain_stands() -> None:
    """C12"""
    log = Log()
    bot = a_bot(log=log)
    await bot.runs("log published")
    opened, turned = bot.slack.of("open")[0].what, bot.slack.of("turn")[0].what
    assert log_blocks.CHECKING in texts(opened)
    assert "142 entries, chain unbroken · only what has “published”" in texts(turned)
    assert buttons(turned) == ["Older", "Export CSV"]
    takes_view(turned)
    await bot.clicks(log_blocks.OLDER, "12-0", view={**turned, "id": "V1", "hash": "h"})
    assert log.asked[-1] == ("published", "12-0")
    older = bot.slack.of("turn")[1].what
    assert buttons(older) == ["Newest", "Older", "Export CSV"]
    assert "142 entries, chain unbroken" in texts(older)


async def test_the_export_comes_as_a_private_file() -> None:
    """C12"""
    log = Log()
    bot = a_bot(log=log)
    await bot.clicks(log_blocks.EXPORT, view={"id": "V1", "private_metadata": json.dumps({"word": "bill"})})
    assert log.asked == [("export", ADA, "bill")]
    scene = a_scene(log=log)
    await scene.runs("export_log", ADA, "bill")
    (told,) = scene.slack.told
    assert (told.how, told.where, told.what["name"]) == ("file", ADA, "dext-log.csv")
    assert told.what["says"] == "The log: 3 entries with “bill”. Whole log: 142 entries, chain unbroken."


# --- publish


async def test_publish_says_what_is_ready_and_offers_both_ways() -> None:
    """C2"""
    many = ManyAtOnce(ReadyNow([ItemId("a"), ItemId("b")], {"GBP": Decimal("120.50"), "EUR": Decimal(3)}, 1))
    bot = a_bot(many=many)
    await bot.runs("publish")
    (told,) = bot.slack.of("whisper")
    takes_message(told.what)
    assert told.what["text"] == "2 items are ready: €3.00, £120.50."
    assert buttons(told.what) == ["Publish all", "Review"]
    await bot.clicks(many_blocks.READY, "ready")
    assert many.asked == [(Wanted.READY, "", "")]


async def test_publish_says_when_nothing_is_ready() -> None:
    bot = a_bot(many=ManyAtOnce(ReadyNow([], {})))
    await bot.runs("publish")
    assert "Nothing is ready to be published." in bot.slack.of("whisper")[0].text


async def test_what_failed_is_tried_again_by_cause() -> None:
    """C15"""
    many = ManyAtOnce()
    bot = a_bot(many=many)
    await bot.clicks(many_blocks.RETRY, json.dumps({"many": "m1", "cause": "tax"}))
    await bot.clicks(many_blocks.RETRY_CAUSE, "locked")
    assert many.asked == [(Wanted.FAILED_OF, "tax", "m1"), (Wanted.CAUSE, "locked", "")]


async def test_stop_and_go_on_show_at_once() -> None:
    """C2"""
    many = ManyAtOnce(many=views.every_many()[3])
    many.many = replace(many.many, message=None)
    bot = a_bot(many=many)
    await bot.clicks(many_blocks.STOP, "m1")
    await bot.clicks(many_blocks.GO_ON, "m1")
    assert many.asked == [("stop", "m1", ADA), ("go on", "m1", ADA)]


async def test_who_stops_what_is_over_hears_so() -> None:
    class Over(ManyAtOnce):
        async def stop(self, _: object, __: str, ___: str) -> Any:
            raise AlreadyDone("This is over already.")

    bot = a_bot(many=Over())
    await bot.clicks(many_blocks.STOP, "m1")
    assert bot.slack.of("whisper")[0].what["text"] == "This is over already."


# --- status


@dataclass
class Probing:
    """`ProbeService`."""

    found: Probed | None = None
    asked: list[Any] = field(default_factory=list)

    async def ask(self, _: object, person: str, view_id: str) -> None:
        self.asked.append((person, view_id))

    async def run(self, _: object, *, by: str = "") -> Probed | None:
        return self.found


async def test_an_admin_sees_how_it_stands_and_a_look_is_begun() -> None:
    """C17"""
    probe = Probing()
    bot = a_bot(status=HowItStands(WELL), probe=probe)
    await bot.runs("status")
    view = bot.slack.of("open")[0].what
    assert "Connected to Held Out Ltd. Nothing needs attention." in texts(view)
    assert "214 of 10,000 calls used today, 9,786 left" in texts(view)
    assert "Checking what we may do" in texts(view)
    assert probe.asked == [(ADA, "V1")]


async def test_a_member_sees_the_same_without_buttons_that_are_not_theirs() -> None:
    bot = a_bot(status=HowItStands(BADLY), probe=Probing())
    await bot.runs("status", BEN_PERSON)
    view = bot.slack.of("open")[0].what
    takes_view(view)
    assert "Reconnect needed" in texts(view)
    assert "Checking" not in texts(view)
    assert set(buttons(view)) == {"Show"}


async def test_an_admin_has_the_button_that_mends_each_problem() -> None:
    """C15 C16"""
    bot = a_bot(status=HowItStands(BADLY), probe=Probing())
    await bot.runs("status")
    view = bot.slack.of("open")[0].what
    assert {"Reconnect", "Refresh", "Retry all of this cause", "Show"} <= set(buttons(view))


FINDING = Finding("bills", "rights", "Our sign-in has no right for bills.", "Sign in again.")


async def test_the_look_turns_the_open_window_and_tells_other_admins_once() -> None:
    """C17"""
    probe = Probing(Probed(Probe(NOON, ("bills",), (FINDING,)), [FINDING]))
    status = replace(WELL, probe=Probe(NOON, ("bills",), (FINDING,)))
    scene = a_scene(probe=probe, status=HowItStands(status))
    await scene.runs("probe_for", "UTOM", "V1")
    assert "no right for bills" in scene.slack.of("turn")[0].text
    assert [(one.where, buttons(one.what)) for one in scene.slack.of("direct")] == [(ADA, ["Reconnect"])]
    takes_message(scene.slack.of("direct")[0].what)


@pytest.mark.parametrize(
    ("probe", "says"),
    [
        (Probe(NOON, ("a", "b")), "Checked 2 rights just now: nothing is missing."),
        (Probe(NOON, (), (), "Too many calls."), "The check stopped early: Too many calls."),
    ],
)
async def test_what_came_of_the_look_is_said(probe: Probe, says: str) -> None:
    scene = a_scene(probe=Probing(Probed(probe)), status=HowItStands(WELL))
    await scene.runs("probe_for", ADA, "V1")
    assert says in scene.slack.of("turn")[0].text
    assert scene.slack.of("direct") == []


async def test_the_daily_look_tells_the_admins_what_is_new_and_no_more() -> None:
    """C17"""
    known = Probed(Probe(NOON, ("bills",), (FINDING,)), [])
    for found, told in ((known, 0), (replace(known, new=[FINDING]), 1), (None, 0)):
        scene = a_scene(probe=Probing(found))
        await scene.runs("probe")
        assert len(scene.slack.of("direct")) == told


# --- digest


@dataclass
class Digests:
    composed: Any
    done: list[str] = field(default_factory=list)

    async def compose(self, _: object, __: str) -> Any:
        return self.composed

    async def sent(self, _: object, day: str) -> None:
        self.done.append(day)


async def test_the_digest_is_posted_and_remembered() -> None:
    """C27"""
    digests = Digests((views.a_digest("Acme"), HOME))
    scene = a_scene(digest=digests)
    await scene.runs("digest", "2026-10-05")
    (told,) = scene.slack.told
    takes_message(told.what)
    assert (told.how, told.where) == ("post", HOME)
    assert "4 errors found before sending, 1 given back by Zoho Books" in texts(told.what)
    assert digests.done == ["2026-10-05"]


async def test_a_silent_day_posts_nothing() -> None:
    """C27"""
    digests = Digests(None)
    scene = a_scene(digest=digests)
    await scene.runs("digest", "2026-10-05")
    assert (scene.slack.told, digests.done) == ([], ["2026-10-05"])


async def test_where_the_bot_may_not_post_the_admins_get_it() -> None:
    digests = Digests((Digest("2026-10-05", Happened(), ready=1), HOME))
    scene = a_scene(digest=digests)
    scene.slack.closed_to_us = {HOME}
    await scene.runs("digest", "2026-10-05")
    assert [(one.how, one.where) for one in scene.slack.told] == [("direct", ADA)]


# --- help


def a_status(**changes: Any) -> Status:
    return replace(WELL, **changes)


@pytest.mark.parametrize(
    ("status", "role", "first"),
    [
        (NOTHING, Role.ADMIN, "connect"),
        (a_status(), Role.APPROVER, "publish"),
        (a_status(counts={ItemStatus.READY: 3}), Role.MEMBER, "items"),
        (a_status(counts={ItemStatus.FAILED: 1}), Role.ADMIN, "status"),
        (a_status(counts={ItemStatus.NEEDS_ATTENTION: 1}), Role.MEMBER, "items"),
        (BADLY, Role.ADMIN, "reconnect"),
    ],
)
def test_the_command_most_likely_wanted_comes_first(status: Status, role: Role, first: str) -> None:
    """C33"""
    assert wanted(status, role)[0] == first


async def test_help_begins_with_the_state_then_four_then_all() -> None:
    """C33"""
    bot = a_bot(status=HowItStands(a_status(counts={ItemStatus.NEEDS_ATTENTION: 3})))
    await bot.runs("help", BEN_PERSON)
    first, likely, every, *_ = bot.slack.of("whisper")[0].what["blocks"]
    assert first["text"]["text"] == "*Connected to Held Out Ltd. 3 items need attention.*"
    assert likely["text"]["text"].count("/dext") == 4
    assert "`/dext status`" in every["text"]["text"]
    assert "`/dext roles`" not in every["text"]["text"]


# --- App Home


async def test_home_shows_where_it_stands_and_what_is_missing() -> None:
    """S2 S8"""
    bot = a_bot(status=HowItStands(WELL), connection=Connections(WELL.connection))
    await _opens(bot, ADA)
    (told,) = bot.slack.of("home")
    takes_view(told.what, "home")
    whole = texts(told.what)
    assert whole.startswith("*Connected to Held Out Ltd.")
    assert "🟡  Default tax for costs is not set" in whole
    assert "✅  Channel for cards and status messages" in whole
    assert "3 items to publish" in whole
    assert {"Settings", "Manage", "Publish all", "Review"} <= set(buttons(told.what))


async def test_home_of_a_member_has_no_button_that_would_be_refused() -> None:
    """S2 S5"""
    bot = a_bot(status=HowItStands(WELL), connection=Connections(WELL.connection))
    await _opens(bot, BEN)
    assert buttons(bot.slack.of("home")[0].what) == []


async def test_an_open_home_is_made_anew_only_where_it_changed() -> None:
    """S2: ticked live."""
    stands = HowItStands(WELL)
    connections = Connections(WELL.connection)
    bot = a_bot(status=stands, connection=connections)
    await _opens(bot, ADA)
    scene = a_scene(status=stands, connection=connections)
    await scene.runs("homes")
    assert scene.slack.told == []
    assert WELL.connection is not None
    broken = replace(WELL.connection, state=ConnectionState.RECONNECT_NEEDED)
    stands.status = replace(WELL, connection=broken)
    await scene.runs("homes")
    (told,) = scene.slack.of("home")
    assert "Reconnect needed: Held Out Ltd" in texts(told.what)
    await scene.runs("homes")
    assert len(scene.slack.told) == 1


async def _opens(bot: Any, person: PersonId) -> None:
    call = Call(bot.slack, BUSINESS.workspace, person, HOME)
    await home.opened(call, bot.services)


def test_a_refresh_that_failed_is_a_problem_with_its_button() -> None:
    assert BADLY.refresh is not None
    assert BADLY.refresh.state is RefreshState.FAILED


@pytest.mark.parametrize("line", ["help auto-publish", "help auto", "help Auto publish", "auto-publish"])
async def test_help_explains_a_topic(line: str) -> None:
    """S27: precedence, exceptions, hold and Undo, how to see what went by itself."""
    bot = a_bot()
    await bot.runs(line, BEN_PERSON)
    (told,) = bot.slack.told
    takes_message(told.what)
    assert told.how == "whisper"
    for said in ("goes before the supplier's", "Never by themselves", "*Undo*", "/dext log auto", "History"):
        assert said in texts(told.what)
