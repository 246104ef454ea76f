"""Importing a file and signing in: who handed it over, or waits, hears what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import cast

import pytest
import structlog

from bot.domain.identity import (
    Business,
    ItemId,
    PersonId,
)
from bot.domain.items import Item
from bot.domain.reading import RefusedRow
from bot.errors import StorageUnavailable, WrongInput
from bot.services.importing import Imported
from bot.slack.blocks import connection as connection_blocks
from bot.slack.client import Slack
from handlers.job_kit import Context
from tests.builders import an_item
from tests.integration.handlers.jobscene import (
    HOME,
    FakeConnections,
    FakeItems,
    FakeSettings,
    Scene,
    a_scene,
)
from tests.integration.handlers.slackside import ADA, FakeSlack, services
from tests.unit.slack import views

# --- import


@dataclass
class FakeImporting:
    outcome: Imported | Exception

    async def run(self, _: Business, filename: str, content: bytes, by: PersonId) -> Imported:
        if isinstance(self.outcome, Exception):
            raise self.outcome
        return self.outcome


class SlackWithFile(FakeSlack):
    async def file(self, file_id: str) -> tuple[str, bytes]:
        return f"{file_id}.csv", b"Item ID"


def importing(outcome: Imported | Exception, **counts: Mapping[str, Item]) -> Scene:
    slack = SlackWithFile()
    fakes = {
        "settings": FakeSettings(),
        "importing": FakeImporting(outcome),
        "items": FakeItems({"item1": an_item(received_by=ADA.id)}),
        "connection": FakeConnections(),
    }
    return Scene(slack, Context(services(**fakes), lambda _: cast(Slack, slack)))


def imported(new: int, *, known: int = 0, refused: tuple[RefusedRow, ...] = ()) -> Imported:
    ids = tuple(ItemId(f"item{number + 1}") for number in range(new))
    return Imported("costs.csv", ids, known, new, 0, refused)


async def test_one_item_comes_as_its_card_in_the_business_s_channel() -> None:
    scene = importing(imported(1))
    await scene.runs("import_file", "F1", ADA.id, "C9")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("post", HOME)
    assert "Northwind Paper Ltd" in told.text


async def test_several_items_come_as_one_summary() -> None:
    scene = importing(imported(40, known=2, refused=(RefusedRow(7, "“x” is not an amount."),)))
    await scene.runs("import_file", "F1", ADA.id, "C9")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("post", HOME)
    assert "40 items* from costs.csv, by <@UADA>" in told.text
    assert "Row 7: “x” is not an amount." in told.text


async def test_a_file_with_nothing_new_is_said_privately_row_by_row() -> None:
    scene = importing(imported(0, known=3, refused=(RefusedRow(2, "no date"),)))
    await scene.runs("import_file", "F1", ADA.id, "C9")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("whisper", ADA.id)
    assert "3 already here" in told.text
    assert "Row 2: no date" in told.text


@pytest.mark.parametrize(
    "fault",
    [
        WrongInput("F1.csv is no CSV.", advice="Export it again."),
        StorageUnavailable("Redis does not answer."),
    ],
)
async def test_a_file_that_cannot_be_read_is_one_private_sentence(fault: Exception) -> None:
    scene = importing(fault)
    await scene.runs("import_file", "F1", ADA.id, "C9")
    (told,) = scene.slack.told
    assert (told.how, told.where, told.what["text"]) == ("whisper", ADA.id, str(fault))


async def test_who_handed_over_a_file_hears_of_an_unforeseen_fault_too() -> None:
    scene = importing(RuntimeError("row 7: 1234"))
    with structlog.testing.capture_logs() as log:
        await scene.runs("import_file", "F1", ADA.id, "C9")
    (told,) = scene.slack.told
    assert f"reference {log[0]['reference']}" in told.text
    assert "1234" not in told.text


# --- sign-in


async def test_the_open_window_turns_into_select_organisation_by_itself() -> None:
    """S13."""
    sign_in = replace(views.a_sign_in(), view_id="V1")
    scene = a_scene(connection=FakeConnections(None, sign_in))
    await scene.runs("signed_in", ADA.id)
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("turn", "V1")
    assert told.what["title"]["text"] == "Select organisation"


@pytest.mark.parametrize("view_id", ["", "V1"])
async def test_when_the_window_was_closed_a_private_message_goes_on(view_id: str) -> None:
    sign_in = replace(views.a_sign_in(), view_id=view_id)
    scene = a_scene(connection=FakeConnections(None, sign_in))
    scene.slack.gone = {"V1"}
    await scene.runs("signed_in", ADA.id)
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("direct", ADA.id)
    assert "Choose organisation" in told.text


async def test_a_sign_in_that_is_over_shows_nothing() -> None:
    scene = a_scene(connection=FakeConnections(None, None))
    await scene.runs("signed_in", ADA.id)
    assert scene.slack.told == []


async def test_a_sign_in_that_failed_says_so_where_the_person_waits() -> None:
    """S12."""
    scene = a_scene(connection=FakeConnections(None, replace(views.a_sign_in(), view_id="V1")))
    await scene.runs("sign_in_failed", ADA.id, "You did not agree. Start again with `/dext connect`.")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("turn", "V1")
    assert "You did not agree. Start again with `/dext connect`." in told.text


async def test_a_broken_connection_is_told_to_the_admins_with_the_button_that_mends_it() -> None:
    """S28: Reconnect is offered in the error itself."""
    scene = a_scene(connection=FakeConnections(views.a_connection(works=False), held=12))
    with structlog.testing.capture_logs():
        await scene.runs("connection_broken")
    (told,) = scene.slack.told
    assert (told.how, told.where) == ("direct", ADA.id)
    assert "Reconnect needed" in told.text
    assert connection_blocks.RECONNECT in told.text


async def test_a_connection_that_works_again_is_not_called_broken() -> None:
    scene = a_scene()
    await scene.runs("connection_broken")
    assert scene.slack.told == []
