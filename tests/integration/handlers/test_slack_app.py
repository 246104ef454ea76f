"""What comes from Slack, from the signed request to the private answer."""

from __future__ import annotations

from typing import Any

import pytest
import structlog
from slack_sdk.errors import SlackApiError

from bot.domain.lists import ListsState
from bot.domain.roles import Role
from bot.domain.settings import BusinessSettings
from bot.domain.status import Status
from bot.errors import BotError, FieldErrors, NotReady, StorageUnavailable
from bot.services import Services
from handlers.commands import help as help_command
from handlers.kit import Answer, Call, Entry, Feature
from tests.integration.handlers.slackside import ADA, BEN, Bot, FakeRoles, a_view, services


class Nothing:
    """`StatusService` of a business that has no connection."""

    async def read(self, _: object) -> Status:
        return Status(None, BusinessSettings(), ListsState(), None, None, None)


def a_bot(**entries: Entry) -> Bot:
    """A bot with help and one feature whose command, button and form are `entries`."""
    button, form = entries.get("button"), entries.get("form")
    feature = Feature(
        "refresh",
        "Read the lists again",
        command=entries.get("command", Entry(Role.MEMBER)),
        actions={"act": button} if button else {},
        submissions={"form": form} if form else {},
        closings={"form": entries["closed"]} if "closed" in entries else {},
    )
    return Bot([help_command.FEATURE, feature], services(status=Nothing()))


def raises(fault: Exception):
    async def decide(call: Call, services: Services) -> Answer | None:
        raise fault

    return decide


async def says(call: Call, services: Services) -> None:
    await call.whisper({"text": f"shown {call.text}{call.value}", "blocks": []})


# --- who may ask


async def test_a_request_that_slack_did_not_sign_is_refused_and_does_nothing() -> None:
    bot = a_bot(command=Entry(Role.MEMBER, show=says))
    answer = await bot.send(
        "command=/dext&text=refresh&team_id=T123&user_id=UADA",
        "application/x-www-form-urlencoded",
        secret="other",
    )
    assert answer.status_code == 401
    assert bot.slack.told == []


async def test_a_command_is_acknowledged_and_then_shown() -> None:
    bot = a_bot(command=Entry(Role.MEMBER, show=says))
    answer = await bot.runs("refresh  now")
    assert (answer.status_code, answer.text) == (200, "")
    assert [one.what["text"] for one in bot.slack.told] == ["shown  now"]


async def test_a_word_in_capitals_is_the_same_command() -> None:
    bot = a_bot(command=Entry(Role.MEMBER, show=says))
    await bot.runs("REFRESH")
    assert len(bot.slack.told) == 1


async def test_somebody_without_the_role_is_told_privately_and_nothing_runs() -> None:
    """S5."""
    bot = a_bot(command=Entry(Role.ADMIN, "refresh the lists", show=says))
    answer = await bot.runs("refresh", BEN)
    assert answer.status_code == 200
    (told,) = bot.slack.told
    assert (told.how, told.where) == ("whisper", BEN.id)
    assert told.what["text"] == "Only an Admin can refresh the lists. <@UADA> is an Admin."


async def test_the_role_is_asked_again_at_the_click_and_afresh_for_forms_and_windows() -> None:
    """S5: role checked again at click time."""

    async def nothing(call: Call, services: Services) -> Answer | None:
        return None

    bot = a_bot(
        command=Entry(Role.ADMIN, show=says),
        button=Entry(Role.APPROVER, decide=nothing, show=says),
        form=Entry(Role.ADMIN, decide=nothing, show=says),
    )
    await bot.runs("refresh")
    await bot.clicks("act")
    await bot.submits("form")
    roles = bot.services.roles
    assert isinstance(roles, FakeRoles)
    assert roles.asked == [(Role.ADMIN, True), (Role.APPROVER, False), (Role.ADMIN, True)]


# --- the verdict is carried over


@pytest.mark.parametrize("fault", [NotReady(("no category",)), StorageUnavailable("Redis does not answer.")])
async def test_after_a_refused_click_nothing_is_shown_but_the_refusal(fault: BotError) -> None:
    bot = a_bot(button=Entry(Role.MEMBER, decide=raises(fault), show=says))
    answer = await bot.clicks("act", "item1")
    assert answer.status_code == 200
    (told,) = bot.slack.told
    assert told.how == "whisper"
    assert fault.says in told.what["text"]


async def test_after_wrong_fields_the_form_stays_open_and_nothing_is_shown() -> None:
    form = Entry(Role.MEMBER, decide=raises(FieldErrors({"total": "“x” is not an amount."})), show=says)
    bot = a_bot(form=form)
    answer = await bot.submits("form", blocks=[{"type": "input", "block_id": "total"}])
    assert answer.json() == {"response_action": "errors", "errors": {"total": "“x” is not an amount."}}
    assert bot.slack.told == []


async def test_a_fault_of_a_field_that_the_form_lacks_is_said_all_the_same() -> None:
    """Slack drops an answer whose errors name no field of the view."""
    bot = a_bot(form=Entry(Role.MEMBER, decide=raises(FieldErrors({"due_date": "Too early."}))))
    answer = (await bot.submits("form", blocks=[{"type": "input", "block_id": "total"}])).json()
    assert answer["response_action"] == "update"
    assert answer["view"]["title"]["text"] == "A form"
    assert "Too early." in str(answer["view"]["blocks"])


async def test_errors_that_decide_answers_keep_show_from_running() -> None:
    async def decide(call: Call, services: Services) -> Answer:
        return Answer(errors={"files": "Choose a file."})

    bot = a_bot(form=Entry(Role.MEMBER, decide=decide, show=says))
    answer = await bot.submits("form")
    assert answer.json()["errors"] == {"files": "Choose a file."}
    assert bot.slack.told == []


async def test_a_refused_form_turns_into_the_refusal() -> None:
    bot = a_bot(
        form=Entry(Role.ADMIN, "change the settings", decide=raises(AssertionError("ran")), show=says)
    )
    answer = (await bot.submits("form", BEN)).json()
    assert answer["response_action"] == "update"
    assert "Only an Admin can change the settings. <@UADA> is an Admin." in str(answer["view"])
    assert bot.slack.told == []


async def test_what_decide_found_reaches_show() -> None:
    async def decide(call: Call, services: Services) -> Answer | None:
        call.verdict = f"{call.values['total']} in {call.home}"
        return None

    async def show(call: Call, services: Services) -> None:
        await call.whisper({"text": call.verdict, "blocks": []})

    bot = a_bot(form=Entry(Role.MEMBER, decide=decide, show=show))
    values = {"total": {"value": {"type": "plain_text_input", "value": "12.50"}}}
    await bot.submits("form", state={"values": values})
    assert [one.what["text"] for one in bot.slack.told] == ["12.50 in C1"]


# --- faults nobody foresaw


@pytest.mark.parametrize("where", ["decide", "show"])
async def test_an_unforeseen_fault_gives_one_reference_in_slack_and_in_the_log(where: str) -> None:
    async def broken(call: Call, services: Services) -> None:
        raise RuntimeError("the secret is 1234")

    entry = Entry(Role.MEMBER, decide=broken) if where == "decide" else Entry(Role.MEMBER, show=broken)
    bot = a_bot(button=entry)
    with structlog.testing.capture_logs() as log:
        answer = await bot.clicks("act")
    assert answer.status_code == 200
    (told,) = bot.slack.of("whisper")
    (line,) = [one for one in log if one["event"] == "unforeseen"]
    assert f"reference {line['reference']}" in told.what["text"]
    assert "1234" not in told.text
    assert isinstance(line["exc_info"], RuntimeError)


async def test_an_unforeseen_fault_of_a_form_shows_in_its_window() -> None:
    bot = a_bot(form=Entry(Role.MEMBER, decide=raises(RuntimeError("x"))))
    with structlog.testing.capture_logs():
        answer = (await bot.submits("form")).json()
    assert "Something on our side broke (reference " in str(answer["view"])


async def test_a_window_that_slack_did_not_open_in_time_is_explained() -> None:
    async def show(call: Call, services: Services) -> None:
        await call.open({"type": "modal"})

    bot = a_bot(command=Entry(Role.MEMBER, show=show))
    bot.slack.fault = SlackApiError("x", {"ok": False, "error": "expired_trigger_id"})
    await bot.runs("refresh")
    assert "Slack did not open the window in time. Press again." in bot.slack.of("whisper")[0].text


async def test_a_window_upon_a_window_is_put_on_top_of_it() -> None:
    async def show(call: Call, services: Services) -> None:
        await call.open({"type": "modal"})

    bot = a_bot(button=Entry(Role.MEMBER, show=show))
    await bot.clicks("act", view=a_view("below"))
    await bot.clicks("act")
    await bot.clicks("act", view=a_view("", type="home"))
    assert [one.how for one in bot.slack.told] == ["push", "open", "open"]


# --- repeated deliveries, unknown names, other kinds


async def test_an_event_that_slack_repeats_is_taken_once() -> None:
    bot = a_bot()
    opened = {"type": "app_home_opened", "user": "UADA", "tab": "home"}
    await bot.event(opened, "Ev1")
    answer = await bot.event(
        opened, "Ev1", **{"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
    )
    assert answer.status_code == 200
    await bot.event(opened, "Ev2")
    assert bot.homes == ["UADA", "UADA"]


SHARED: dict[str, Any] = {"type": "file_shared", "file_id": "F1", "user_id": "UADA", "channel_id": "C1"}
WITH_FILE: dict[str, Any] = {
    "type": "message", "subtype": "file_share", "user": "UADA", "channel": "C1", "files": [{"id": "F1"}],
}  # fmt: skip


async def test_a_file_is_taken_once_however_many_events_tell_of_it() -> None:
    """C28: repeated deliveries, and a message beside the file's own event."""
    bot = a_bot()
    for event, delivery in ((SHARED, "Ev1"), (SHARED, "Ev1"), (WITH_FILE, "Ev2"), (SHARED, "Ev3")):
        answer = await bot.event(event, delivery)
        assert answer.status_code == 200
    assert bot.files == [("F1", "UADA", "C1")]
    await bot.event(SHARED | {"channel_id": "D1"}, "Ev4")
    await bot.event(WITH_FILE | {"files": [{"id": "F2"}, {"id": "F3"}]}, "Ev5")
    assert [file for file, _, _ in bot.files] == ["F1", "F1", "F2", "F3"]


async def test_a_file_that_could_not_be_put_on_the_queue_is_told() -> None:
    """Nothing is lost in silence: Slack is not asked to tell again what was seen already."""
    bot = a_bot()
    bot.file_fault = StorageUnavailable("Redis does not answer.")
    answer = await bot.event(SHARED, "Ev1")
    assert answer.status_code == 200
    (told,) = bot.slack.told
    assert (told.how, told.where) == ("whisper", "UADA")
    assert "Redis does not answer." in told.text


async def test_messages_without_files_and_those_of_bots_are_passed_over() -> None:
    bot = a_bot()
    plain: dict[str, Any] = {"type": "message", "user": "UADA", "channel": "C1", "text": "hello"}
    for number, event in enumerate((plain, WITH_FILE | {"bot_id": "B9"}, SHARED | {"user_id": ""})):
        answer = await bot.event(event, f"Ev{number}")
        assert answer.status_code == 200
    assert bot.files == []


async def test_another_tab_than_home_shows_nothing() -> None:
    bot = a_bot()
    await bot.event({"type": "app_home_opened", "user": "UADA", "tab": "messages"}, "Ev1")
    assert bot.homes == []


async def test_an_unknown_word_gets_the_nearest_command_with_the_help() -> None:
    bot = a_bot()
    await bot.runs("refesh")
    (told,) = bot.slack.of("whisper")
    assert told.what["text"] == "There is no `/dext refesh`. Did you mean `/dext refresh`?"
    assert "Nothing is connected yet." in told.text


async def test_a_word_near_to_nothing_gets_the_help_alone() -> None:
    bot = a_bot()
    await bot.runs("<!channel>")
    assert bot.slack.of("whisper")[0].what["text"] == "There is no `/dext &lt;!channel&gt;`."


async def test_help_lists_only_what_this_person_may_do() -> None:
    bot = a_bot(command=Entry(Role.ADMIN, show=says))
    await bot.runs("", BEN)
    await bot.runs("help", ADA)
    of_ben, of_ada = (one.text for one in bot.slack.of("whisper"))
    assert "/dext refresh" not in of_ben
    assert "/dext refresh" in of_ada


async def test_names_nobody_claims_are_acknowledged_and_do_nothing() -> None:
    bot = a_bot()
    answers = [
        await bot.clicks("unknown"),
        await bot.submits("unknown"),
        await bot.does("view_closed", view=a_view("unknown")),
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert bot.slack.told == []


async def test_a_closed_window_is_heard() -> None:
    bot = a_bot(closed=Entry(Role.MEMBER, show=says))
    await bot.does("view_closed", view=a_view("form"), is_cleared=False)
    assert len(bot.slack.told) == 1


@pytest.mark.parametrize("fault", [StorageUnavailable("Redis does not answer."), RuntimeError("x")])
async def test_a_pick_list_that_fails_offers_nothing_rather_than_hanging(fault: Exception) -> None:
    async def offer(call: Call, services: Services) -> list[dict[str, object]]:
        raise fault

    bot = Bot([help_command.FEATURE, Feature("items", options={"pick.tax": offer})], services())
    with structlog.testing.capture_logs():
        answer = await bot.does(
            "block_suggestion", action_id="pick.tax", block_id="tax", value="st", view=a_view("form")
        )
    assert (answer.status_code, answer.json()) == (200, {"options": []})


async def test_a_pick_list_never_offers_more_than_slack_takes() -> None:
    async def offer(call: Call, services: Services) -> list[dict[str, object]]:
        return [{"text": {"type": "plain_text", "text": call.typed}, "value": str(n)} for n in range(300)]

    bot = Bot([help_command.FEATURE, Feature("items", options={"pick.tax": offer})], services())
    answer = await bot.does(
        "block_suggestion", action_id="pick.tax", block_id="tax", value="st", view=a_view("form")
    )
    assert len(answer.json()["options"]) == 100
