"""The simulated Slack with its page open in a browser, and a tiny bot behind it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Page
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackServer, Workspace, sample_workspace
from tests.browser.slack_page import SlackPage
from tests.integration.sandbox_slack.fake_bot import FakeBot

COMMANDS = [
    {"command": "/dext", "description": "Your inbox", "usage_hint": "[help | connect | connections | items]"}
]
SAMPLES = {"costs.csv": b"a,b\n1,2\n", "invoice.pdf": b"%PDF-1.4"}


@dataclass
class Stand:
    """Everything a test of the page needs."""

    slack: SlackServer
    bot: FakeBot
    ada: SlackPage

    @property
    def workspace(self) -> Workspace:
        return self.slack.workspace

    @property
    def client(self) -> AsyncWebClient:
        return AsyncWebClient(token=self.workspace.bot_token, base_url=self.slack.base_url)

    async def posts(self, *blocks: dict[str, Any], text: str = "x", **more: Any) -> str:
        """The bot posts in #finance; the message's ts."""
        channel = self.workspace.channel("#finance").id
        sent = await self.client.chat_postMessage(
            channel=channel, text=text, blocks=list(blocks) or None, **more
        )
        return str(sent["ts"])

    async def edits(self, ts: str, *blocks: dict[str, Any]) -> None:
        """The bot gives its message new blocks."""
        channel = self.workspace.channel("#finance").id
        await self.client.chat_update(channel=channel, ts=ts, text="x", blocks=list(blocks))

    async def opens(self, view: dict[str, Any]) -> None:
        """Ada gets a modal, by a command."""

        async def answer(body: dict[str, Any]) -> None:
            await self.client.views_open(trigger_id=body["trigger_id"], view=view)

        self.bot.on("command", answer)
        await self.ada.runs("/dext")
        await self.ada.sees_modal(view["title"]["text"])

    def answers(self, kind: str, value: Any) -> None:
        """What the bot answers to every request of this kind."""

        async def answer(_body: dict[str, Any]) -> Any:
            return value

        self.bot.on(kind, answer)

    async def hears(self, kind: str) -> dict[str, Any]:
        """What the bot gets of this kind, however long the page takes to send it."""
        async with asyncio.timeout(10):
            while all(one["kind"] != kind for one in self.bot.received):  # noqa: ASYNC110 - plain data
                await asyncio.sleep(0.02)
        return self.bot.last(kind)

    def state(self, block: str, action: str) -> dict[str, Any]:
        """A field's value as the last submission had it."""
        values = self.bot.last("view_submission")["view"]["state"]["values"]
        return dict(values[block][action])


@asynccontextmanager
async def standing(page: Page) -> AsyncIterator[Stand]:
    """Ada sits in #finance; at the end the bot has broken no rule of Slack."""
    workspace = sample_workspace(rate_limits=False)
    bot = FakeBot(workspace.signing_secret)
    await bot.start()
    try:
        links = {"Zoho Books": "http://127.0.0.1:9/"}
        async with SlackServer(workspace, bot.url, links=links, commands=COMMANDS, samples=SAMPLES) as slack:
            ada = SlackPage(page, slack.root_url)
            await ada.opens()
            yield Stand(slack, bot, ada)
            await page.close()
    finally:
        await bot.stop()
