"""The stage of a journey: simulated Slack and Zoho Books here, the real bot as a process of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx

from bot.sandbox.slack import Person, SlackServer, Workspace, sample_workspace
from bot.sandbox.visitor import Visitor
from bot.sandbox.zoho_books import Books, ZohoServer, sample_books
from bot.sandbox.zoho_books.books import Organisation

BOT = Path(sys.executable).with_name("dext-bot")
PATIENCE = 15.0
START_SECONDS = 20


class Stage:
    """Everything a journey needs; the bot may be killed and started again."""

    def __init__(self, data_dir: Path) -> None:
        self.workspace: Workspace = sample_workspace()
        self.books: Books = sample_books()
        self.zoho = ZohoServer(self.books)
        self.port = _free_port()
        self.slack = SlackServer(self.workspace, bot_url=f"http://127.0.0.1:{self.port}")
        self._data_dir = data_dir
        self._log = data_dir / "bot.log"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def held_out(self) -> Organisation:
        return self.books.organisations[0]

    @property
    def log(self) -> str:
        return self._log.read_text() if self._log.exists() else ""

    def secrets(self) -> list[str]:
        """What must be in no log and no message."""
        tokens = [*self.books.refresh_tokens, *self.books.access_tokens]
        return [
            self.workspace.signing_secret,
            self.workspace.bot_token,
            self.books.client_secret,
            *tokens,
        ]

    def said_in_slack(self) -> str:
        """Every call of the bot to Slack, as it was made."""
        calls = [call for call in self.workspace.journal.calls if call.method != "auth.test"]
        return "\n".join(str(call.arguments) for call in calls)

    async def start(self) -> None:
        await self.zoho.start()
        await self.slack.start()
        await self.start_bot()

    def environment(self) -> Mapping[str, str]:
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self._data_dir),
            "SLACK_SIGNING_SECRET": self.workspace.signing_secret,
            "SLACK_BOT_TOKEN": self.workspace.bot_token,
            "SLACK_API_URL": self.slack.base_url,
            "ZOHO_CLIENT_ID": self.books.client_id,
            "ZOHO_CLIENT_SECRET": self.books.client_secret,
            "ZOHO_ACCOUNTS_URL": self.zoho.origin,
            "ZOHO_EXTRA_HOSTS": self.zoho.host,
            "PUBLIC_URL": self.url,
            "PORT": str(self.port),
            "DATA_DIR": str(self._data_dir / "data"),
            "LOG_LEVEL": "debug",
        }

    async def start_bot(self) -> None:
        with self._log.open("a") as log:
            self._process = await asyncio.create_subprocess_exec(
                str(BOT), "run", env=dict(self.environment()), cwd=self._data_dir, stdout=log, stderr=log
            )
        deadline = asyncio.get_running_loop().time() + START_SECONDS
        async with httpx.AsyncClient() as http:
            while asyncio.get_running_loop().time() < deadline:
                try:
                    if (await http.get(f"{self.url}/readyz")).status_code == 200:
                        return
                except httpx.HTTPError:
                    assert self._process.returncode is None, self.log
                await asyncio.sleep(0.02)
        raise AssertionError(f"the bot did not start: {self.log}")

    async def kill_bot(self) -> None:
        """kill -9: nothing is finished, nothing is said."""
        await self._end(signal.SIGKILL)

    async def stop_bot(self) -> None:
        await self._end(signal.SIGTERM)

    async def _end(self, how: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(how)
            await asyncio.wait_for(self._process.wait(), 20)
        self._process = None

    async def stop(self) -> None:
        await self.stop_bot()
        await self.slack.stop()
        await self.zoho.stop()

    async def runs_on_a_terminal(self, *arguments: str | bytes) -> str:
        """What `dext-bot …` prints, beside the running bot; bytes become a file `costs.csv`."""
        file = self._data_dir / "costs.csv"
        words = []
        for argument in arguments:
            if isinstance(argument, bytes):
                file.write_bytes(argument)
            words.append(str(file) if isinstance(argument, bytes) else argument)
        process = await asyncio.create_subprocess_exec(
            str(BOT),
            *words,
            env=dict(self.environment()),
            cwd=self._data_dir,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, fault = await process.communicate()
        assert process.returncode == 0, fault.decode()
        return said.decode()

    def person(self, name: str, channel: str = "#finance") -> Person:
        return Person(self.slack, name, channel=channel, patience=PATIENCE)

    # --- what journeys do again and again

    async def signs_in(self, link: str, who: str = "ada@held-out.example", decision: str = "Accept") -> str:
        """In the browser: from the link to the page at the end, whose text is returned."""
        async with Visitor() as visitor:
            await visitor.opens(link)
            await visitor.follows("Continue to Zoho Books")
            return await visitor.presses(decision, person=who)

    async def connects(self, person: Person, organisation: str = "60001") -> None:
        """The whole of `/dext connect`, up to the first refresh's end."""
        await person.runs("/dext connect")
        await person.clicks("Connect")
        link = await person.clicks("Connect software")
        assert link is not None
        assert "Go back to Slack" in await self.signs_in(link)
        await person.sees_modal("Select organisation")
        await person.chooses("Organisation", organisation)
        await person.clicks("Next")
        await person.clicks("Finish")
        await person.sees_modal("Connections")
        await person.closes(everything=True)
        await person.sees("Refresh complete")

    async def imports(
        self, person: Person, content: bytes, name: str = "costs.csv", *, look: bool | None = None
    ) -> None:
        """A file with several items is looked at first; `look` says so where its rows do not tell."""
        await person.runs("/dext import")
        await person.uploads("File", content, name)
        await person.clicks("Import")
        if look if look is not None else content.count(b"\r\n") > 1:
            await person.sees(f"would come in from {name}")
            await person.clicks("Import", within=f"would come in from {name}")

    def tax(self, name: str) -> str:
        return next(str(row["tax_id"]) for row in self.held_out.rows["taxes"] if row["tax_name"] == name)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


HEADINGS = (
    "Receipt ID,Type,Date,Due Date,Invoice Number,Supplier,Category,Payment Method,Bank Account,Tax,Total,"
    "Currency"
)


def export(*rows: str) -> bytes:
    """A Dext export of these rows."""
    return "\r\n".join([HEADINGS, *rows]).encode()


NORTHWIND = (
    "9001,Invoice,03-Mar-2026,02-Apr-2026,NW-1001,Northwind Paper Ltd,429 - Office Supplies,,,24.00,144.00,"
    "GBP"
)
KESTREL = "9002,Receipt,05-Mar-2026,,,Kestrel Taxis,493 - Travel,Visa 4242,Current Account,0.00,18.40,GBP"
OLD_MILL = "9003,Invoice,11-Mar-2026,25-Mar-2026,OM-7,Old Mill Hosting,485 - Subscriptions,,,2.00,12.00,GBP"
