"""`dext-bot demo`: embedded Redis, simulated Slack and Zoho Books, and the bot; the main job is walked once.

The walk does what a person does and sees what a person sees: every request is a real one.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from bot import config, logs, processes
from bot.config import Settings
from bot.sandbox.slack import Person, SlackServer, sample_workspace
from bot.sandbox.visitor import Visitor
from bot.sandbox.zoho_books import ZohoServer, sample_books
from bot.sandbox.zoho_books.books import Organisation

if TYPE_CHECKING:
    from bot.processes import Running

SAMPLE = "costs_default_21col.csv"
PATIENCE_SECONDS = 30.0
WIDTH = 78


def main(*, port: int = 0, once: bool = False) -> None:
    """Runs until Ctrl-C, or with `once` until the walk is over."""
    with (
        tempfile.TemporaryDirectory(prefix="dext-demo-") as folder,
        processes.listening("127.0.0.1", port) as sock,
    ):
        address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        with asyncio.Runner(loop_factory=processes.new_loop) as runner:
            stage = Stage(Path(folder), address)
            runner.run(stage.run(lambda settings: processes.web_parts(settings, sock), once=once))


@dataclass
class Stage:
    """The two simulations around the bot."""

    folder: Path
    address: str

    async def run(self, web_parts: processes.PartsOf, *, once: bool) -> None:
        books = sample_books()
        zoho, slack = ZohoServer(books), SlackServer(sample_workspace(), bot_url=self.address)
        await zoho.start()
        await slack.start()
        settings = self._settings(zoho, slack)
        logs.configure(level=settings.log_level, form=settings.log_format, secrets=settings.secrets())

        async def walk(_: Running, stop: asyncio.Event) -> None:
            walking = asyncio.create_task(Walk(slack, zoho, books.organisations[0]).whole(self.address))
            stopping = asyncio.create_task(stop.wait())
            await asyncio.wait({walking, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if not walking.done():
                walking.cancel()
                return
            await walking
            if not once:
                await stopping

        try:
            parts = (*web_parts(settings), processes.work, processes.tick, walk)
            await processes.live(settings, parts)
        finally:
            await slack.stop()
            await zoho.stop()

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
            public_url=self.address,
            redis_url=None,
            data_dir=self.folder / "data",
            log_level="error",
        )


@dataclass
class Walk:
    """The main job, step by step, said on the terminal."""

    slack: SlackServer
    zoho: ZohoServer
    organisation: Organisation

    async def whole(self, address: str) -> None:
        ada = Person(self.slack, "ada", channel="#finance", patience=PATIENCE_SECONDS)
        say(
            "Dext for Slack, with a simulated Slack workspace and simulated Zoho Books.\n"
            f"The bot is at {address}"
        )
        await self._connect(ada)
        await self._settings(ada)
        await self._import(ada)
        await self._publish(ada)
        await self._new_supplier(ada)
        self._books()
        say(
            "That was the main job.\n"
            f"The simulated Zoho Books: {self.zoho.origin}/app/{self.organisation.id}\n"
            "Ctrl-C ends the demo and forgets everything."
        )

    async def _connect(self, ada: Person) -> None:
        step("Ada, an Admin, types /dext connect and presses Connect")
        await ada.runs("/dext connect")
        await ada.clicks("Connect")
        await ada.sees_modal("Connect Zoho Books")
        show(ada)
        link = await ada.clicks("Connect software")
        step("She presses Connect software; in the browser she signs in and accepts")
        async with Visitor() as browser:
            say(await browser.opens(str(link)))
            await browser.follows("Continue to Zoho Books")
            say(await browser.presses("Accept", person="ada@held-out.example"))
        step("Back in Slack the window has gone on by itself: she chooses the organisation, Next, Finish")
        await ada.sees_modal("Select organisation")
        await ada.chooses("Organisation", self.organisation.id)
        show(ada)
        await ada.clicks("Next")
        await ada.clicks("Finish")
        await ada.sees_modal("Connections")
        await ada.closes(everything=True)
        await ada.sees("Refresh complete")
        show(ada)

    async def _settings(self, ada: Person) -> None:
        step("/dext settings: a default tax for costs")
        await ada.runs("/dext settings")
        await ada.chooses("Default tax for costs", "Standard Rate 20%")
        show(ada)
        await ada.clicks("Save")
        await ada.sees("Settings saved")

    async def _import(self, ada: Person) -> None:
        step(f"/dext import: a Dext export ({SAMPLE})")
        content = resources.files("bot").joinpath("sample_data", SAMPLE).read_bytes()
        await ada.runs("/dext import")
        await ada.uploads("File", content, SAMPLE)
        await ada.clicks("Import")
        await ada.sees("Review")
        show(ada)

    async def _publish(self, ada: Person) -> None:
        step("She presses Review and publishes one")
        await ada.clicks("Review")
        await publish(ada, "NW-1001")
        await ada.sees("Published as bill NW-1001")
        await ada.closes(everything=True)
        show(ada)

    async def _new_supplier(self, ada: Person) -> None:
        step("A supplier that Zoho Books does not know: the bot asks first")
        await ada.runs("/dext items ready")
        await publish(ada, "Old Mill Hosting")
        await ada.sees_modal("New supplier")
        show(ada)
        await ada.clicks("Create supplier and publish")
        await ada.sees("for Old Mill Hosting")
        await ada.closes(everything=True)
        await ada.sees("Published as bill LEAP-1")
        show(ada)

    def _books(self) -> None:
        step("What now stands in Zoho Books")
        for bill in self.organisation.rows["bills"]:
            line = bill["line_items"][0]
            say(
                f"Bill {bill['bill_number']}  {bill['vendor_name']}  {bill['date']}, due {bill['due_date']}  "
                f"{line['account_name']}  {line['tax_name']}  {bill['currency_code']} {bill['total']:.2f}"
            )


async def publish(person: Person, words: str) -> None:
    """Turns the pages of the inbox to the item with these words, and presses its Publish."""
    await person.sees_modal("Items")
    while words not in person.screen():
        await person.clicks("Show more")
        await person.sees("Previous")
    await person.clicks("Publish", within=words, nth=0)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def step(text: str) -> None:
    say(f"\n── {text} ".ljust(WIDTH, "─"))


def show(person: Person) -> None:
    """What the person sees, indented."""
    say("\n".join(f"  │ {line}" for line in person.screen().splitlines()))
