"""A workspace over real HTTP, the tiny bot behind it, slack_sdk's client as the bot uses it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import Person, SlackServer, Workspace, sample_workspace
from tests.integration.sandbox_slack.fake_bot import FakeBot


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 1_760_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace(clock: Clock) -> Workspace:
    return sample_workspace(clock=clock)


@pytest.fixture
async def bot(workspace: Workspace) -> AsyncIterator[FakeBot]:
    bot = FakeBot(workspace.signing_secret)
    await bot.start()
    yield bot
    await bot.stop()


@pytest.fixture
async def slack(workspace: Workspace, bot: FakeBot) -> AsyncIterator[SlackServer]:
    async with SlackServer(workspace, bot.url, ack_seconds=0.5, retry_delays=(0, 0.01, 0.02)) as server:
        yield server


@pytest.fixture
def client(slack: SlackServer, workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(token=workspace.bot_token, base_url=slack.base_url)


@pytest.fixture
def ada(slack: SlackServer) -> Person:
    return slack.person("ada", patience=1)
