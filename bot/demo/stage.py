"""The two simulations around the bot, the pages' addresses, and what the newcomer is told."""

from __future__ import annotations

import asyncio
import os
import sys
import webbrowser
from contextlib import AsyncExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config, logs, manifest, processes
from bot.config import Settings
from bot.demo.addresses import Addresses
from bot.demo.walk import Walk, say
from bot.sandbox.slack import SlackServer, keeping, sample_workspace
from bot.sandbox.zoho_books import ZohoServer, sample_books

if TYPE_CHECKING:
    from bot.processes import Running

ZOHO_BOOKS = "Zoho Books"


@dataclass
class Stage:
    """One sandbox, from its start to Ctrl-C."""

    folder: Path
    addresses: Addresses
    opens_browser: bool = True
    walks: bool = True
    once: bool = False

    async def run(self, web_parts: processes.PartsOf) -> None:
        workspace, books = sample_workspace(), sample_books(lived_in=True)
        goes_on = keeping.read(workspace, self.folder / "slack.json")
        books.state_file = self.folder / "zoho-books.json"
        zoho = ZohoServer(books, port=self.addresses.zoho)
        slack = SlackServer(
            workspace, bot_url=self.addresses.bot_url, port=self.addresses.page, samples=samples()
        )
        async with AsyncExitStack() as stack:
            await zoho.start()
            stack.push_async_callback(zoho.stop)
            await slack.start()
            stack.push_async_callback(slack.stop)
            await stack.enter_async_context(keeping.kept(workspace, self.folder / "slack.json"))
            slack.client.links = {ZOHO_BOOKS: f"{zoho.origin}/app"}
            settings = self._settings(zoho, slack)
            slack.client.commands = manifest.manifest(settings)["features"]["slash_commands"]
            logs.configure(level=settings.log_level, form=settings.log_format, secrets=settings.secrets())
            self._keep(zoho, slack)
            parts = (*web_parts(settings), processes.work, processes.tick, self._guest(zoho, slack, goes_on))
            await processes.live(settings, parts)

    def _guest(self, zoho: ZohoServer, slack: SlackServer, goes_on: bool) -> processes.Part:
        """The one who shows the sandbox: walks the main job, opens the page, waits for Ctrl-C."""

        async def show(_: Running, stop: asyncio.Event) -> None:
            stopping = asyncio.create_task(stop.wait())
            say(self._where(zoho, slack))
            if self.walks and not goes_on:
                walking = asyncio.create_task(Walk(slack, zoho, zoho.books.organisations[0]).whole())
                await asyncio.wait({walking, stopping}, return_when=asyncio.FIRST_COMPLETED)
                if not walking.done():
                    walking.cancel()
                    return
                await walking
            if self.once:
                stopping.cancel()
                return
            await self._open(slack.root_url)
            await stopping

        return show

    def _where(self, zoho: ZohoServer, slack: SlackServer) -> str:
        return (
            "Dext for Slack, with a simulated Slack workspace and simulated Zoho Books. "
            "Nothing leaves this machine.\n\n"
            f"  Slack       {slack.root_url}\n"
            f"  Zoho Books  {zoho.origin}/app\n"
            f"  The bot     {self.addresses.bot_url}"
        )

    async def _open(self, page: str) -> None:
        """Opens the page where there is a screen; says where it is in any case."""
        opened = self.opens_browser and has_screen() and await asyncio.to_thread(webbrowser.open, page)
        say(f"\n{'The page is open in your browser' if opened else 'Open this page in a browser'}: {page}")
        say("Try /dext help. Ctrl-C ends the demo" + ("." if self._is_kept else " and forgets everything."))

    @property
    def _is_kept(self) -> bool:
        return not self.folder.name.startswith("dext-demo-")

    def _keep(self, zoho: ZohoServer, slack: SlackServer) -> None:
        """The ports, for the next time."""
        page, zoho_port = slack.root_url.rstrip("/").rpartition(":")[2], zoho.origin.rpartition(":")[2]
        Addresses(int(page), int(zoho_port), self.addresses.bot).keep(self.folder)

    def _settings(self, zoho: ZohoServer, slack: SlackServer) -> Settings:
        """Only what the demo itself says: a developer's own `.env` must not reach the real services."""
        return config.load(
            _env_file=None,
            slack_signing_secret=slack.workspace.signing_secret,
            slack_bot_token=slack.workspace.bot_token,
            slack_api_url=slack.base_url,
            slack_app_token=None,
            zoho_client_id=zoho.books.client_id,
            zoho_client_secret=zoho.books.client_secret,
            zoho_accounts_url=zoho.origin,
            zoho_extra_hosts=zoho.host,
            public_url=self.addresses.bot_url,
            redis_url=None,
            data_dir=self.folder / "data",
            log_level="error",
        )


def samples() -> dict[str, bytes]:
    """The files that lie beside the message box: exports and e-invoices to drag into a channel."""
    folder = resources.files("bot").joinpath("sample_data")
    found = {one.name: one.read_bytes() for one in folder.iterdir() if one.is_file()}
    return {name: found[name] for name in sorted(found) if name.endswith((".csv", ".xml"))}


def has_screen() -> bool:
    """Whether a browser window can open: elsewhere `webbrowser` may start one inside the terminal."""
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
