"""A fault nobody foresaw in a job: said with a reference, nothing lost, tried again."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast
from unittest.mock import AsyncMock

from pytest_mock import MockerFixture

from bot.domain.identity import Business, BusinessId, PersonId, WorkspaceId
from bot.domain.items import ItemStatus
from bot.domain.lists import Refresh, RefreshState
from bot.domain.settings import BusinessSettings
from bot.services import Services
from bot.services.publishing import RetryLater
from bot.slack.client import Slack
from handlers.job_kit import Context
from handlers.jobs import publish, refresh
from tests.builders import NOON

OF = Business(WorkspaceId("T1"), BusinessId("b1"))


def context(**services: object) -> Context:
    return Context(cast(Services, SimpleNamespace(**services)), lambda _: cast(Slack, SimpleNamespace()))


async def test_a_publication_that_stumbles_is_counted_and_run_again_later(mocker: MockerFixture) -> None:
    """C15: an unforeseen fault neither loses the item nor loops without end."""
    mocker.patch.object(publish, "show_item", AsyncMock())
    service = SimpleNamespace(
        run=AsyncMock(side_effect=KeyError("oops")),
        stumbled=AsyncMock(side_effect=RetryLater(4.0)),
        retry=AsyncMock(),
    )
    items = SimpleNamespace(view=AsyncMock(return_value=SimpleNamespace(status=ItemStatus.PUBLISHING)))
    await publish.publish(context(publish=service, items=items), str(OF), "i1", "p1")
    reference = service.stumbled.await_args.args[3]
    assert len(reference) == 4
    service.retry.assert_awaited_once_with(OF, "i1", "p1", 4.0)


async def test_a_refresh_that_stumbles_ends_in_words(mocker: MockerFixture) -> None:
    """S41: never “in progress” for ever."""
    placed = mocker.patch.object(refresh, "_placed", AsyncMock(return_value=None))

    def broken(*_: object) -> object:
        raise KeyError("oops")

    failed = Refresh("r1", PersonId("U1"), NOON, RefreshState.FAILED)
    mocker.patch("bot.slack.blocks.refresh.status", return_value={"text": "Refresh failed"})
    mocker.patch.object(refresh, "BANNER_SECONDS", 0)
    service = SimpleNamespace(
        run=broken,
        stumbled=AsyncMock(return_value=failed),
        latest=AsyncMock(return_value=failed),
        remember_message=AsyncMock(return_value=None),
    )
    settings = SimpleNamespace(read=AsyncMock(return_value=BusinessSettings()))
    connection = SimpleNamespace(
        current=AsyncMock(
            return_value=SimpleNamespace(organisation=SimpleNamespace(name="Held Out"), software="zoho-books")
        ),
        software=lambda _: SimpleNamespace(lists=()),
    )
    await refresh.refresh(context(refresh=service, connection=connection, settings=settings), str(OF), "r1")
    service.stumbled.assert_awaited_once()
    assert placed.await_args is not None
    assert placed.await_args.args[2] == {"text": "Refresh failed"}
