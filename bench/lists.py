"""`python -m bench.lists [--contacts N]`: a refresh of N suppliers through the real client, HTTP and Redis.

The simulated Zoho Books is a process of its own, so that what grows here is the bot alone. Zoho's limits are
off there and the budget is wide here: what is measured is memory, calls and the work, not the waiting.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import ssl
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import httpx
from cryptography.fernet import Fernet

from bot.accounting.zoho_books import ZohoBooks
from bot.accounting.zoho_books.auth import ZohoSignIn
from bot.domain.connection import Connection, Credentials, Organisation
from bot.domain.identity import BOT, Business, BusinessId, PersonId, WorkspaceId
from bot.domain.lists import ListKind, Refresh, RefreshState
from bot.sandbox.zoho_books import ZohoServer, sample_books
from bot.sandbox.zoho_books.books import Token
from bot.sandbox.zoho_books.sample_rows import contact
from bot.services.refresh import RefreshService
from storage import client, embedded
from storage.budget import Allowance
from storage.crypto import Cipher
from storage.store import RedisStorage

OF = Business(WorkspaceId("T1"), BusinessId("b1"))
WHO = PersonId("UADA")
AIM_MB = 150
ACCESS = "1000.bench"


def main() -> None:
    """Prints one line for each refresh."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--contacts", type=int, default=100_000)
    given = options.parse_args()
    grown = asyncio.run(measured(given.contacts))
    print(f"most memory grown {grown:.0f} MB (aim: under {AIM_MB})")


class Unqueued:
    """Jobs are run by hand here."""

    async def enqueue(self, name: str, *ids: str, key: str, after_seconds: float = 0) -> None:
        del name, ids, key, after_seconds


async def measured(contacts: int) -> float:
    """A first refresh, the same again, and one of changes only; MB by which this process grew at most."""
    with tempfile.TemporaryDirectory(prefix="dext-bench-") as folder, serving(contacts) as origin:
        async with connected(Path(folder), origin) as (storage, software, http):
            service = RefreshService(storage, {"zoho-books": software}, Unqueued(), now)
            await refreshed(service, WHO, only=ListKind.CURRENCIES)  # everything is imported and warm
            at_rest = resident_mb()
            for what, who in (("first", WHO), ("again", WHO), ("changes", BOT)):
                await http.delete(f"{origin}/sandbox/calls")
                began = time.perf_counter()
                last = await refreshed(service, who)
                seconds = time.perf_counter() - began
                total = next(one.total for one in last.changes if one.kind is ListKind.SUPPLIERS)
                calls = len((await http.get(f"{origin}/sandbox/calls")).json())
                print(
                    f"{what:8} {total:,} suppliers  {calls} calls  {seconds:.1f} s  "
                    f"memory {resident_mb():.0f} MB, {peak_mb() - at_rest:.0f} MB grown at most"
                )
            return peak_mb() - at_rest


async def refreshed(service: RefreshService, who: PersonId, only: ListKind | None = None) -> Refresh:
    shown: list[Refresh] = []

    async def show(refresh: Refresh) -> None:
        shown[:] = [refresh]

    begun = await service.begin(OF, who, only)
    await service.run(OF, begun.refresh.id, show)
    if shown[0].state is not RefreshState.COMPLETE:
        raise SystemExit(shown[0].fault)
    return shown[0]


def now() -> datetime:
    return datetime.now(UTC)


def resident_mb() -> float:
    return _status("VmRSS")


def peak_mb() -> float:
    return _status("VmHWM")


def _status(name: str) -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    return 0.0


@asynccontextmanager
async def connected(
    folder: Path, origin: str
) -> AsyncIterator[tuple[RedisStorage, ZohoBooks, httpx.AsyncClient]]:
    """A business with a connection, on an embedded Redis of its own."""
    async with embedded.server(folder) as url, httpx.AsyncClient(trust_env=False, timeout=60) as http:
        redis = client.connect(url)
        try:
            wide = replace(Allowance(), calls=1_000_000, slots=100)
            cipher = Cipher([Fernet.generate_key().decode()])
            storage = RedisStorage(redis, cipher, now, wide, f"bench-{secrets.token_hex(4)}")
            organisation = Organisation("60001", "Held Out Ltd", "GBP")
            credentials = Credentials(ACCESS, "r", now() + timedelta(hours=5), origin, origin)
            await storage.of(OF).connection.save(
                Connection("zoho-books", organisation, WHO, now()), credentials
            )
            hosts = frozenset({origin.removeprefix("http://")})
            sign_in = ZohoSignIn("id", "secret", origin, hosts, ssl.create_default_context(), now)
            yield storage, ZohoBooks(http, sign_in), http
        finally:
            await redis.aclose()


class serving:  # noqa: N801 - read as a verb in `with`
    """The simulated Zoho Books with so many suppliers, in a process of its own; gives its address."""

    def __init__(self, contacts: int) -> None:
        spawning = get_context("spawn")
        self._ours, theirs = spawning.Pipe()
        self._process = spawning.Process(target=_serve, args=(contacts, theirs), daemon=True)

    def __enter__(self) -> str:
        self._process.start()
        return str(self._ours.recv())

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.join()


def _serve(contacts: int, ours: Pipe) -> None:
    async def serve() -> None:
        books = sample_books()
        held_out = books.organisations[0]
        held_out.day_limit = 1_000_000
        rows = held_out.rows["contacts"]
        while len(rows) < contacts:
            rows.append(contact(books, held_out, f"Supplier {len(rows):06} of the Northern Docks", "vendor"))
        books.access_tokens[ACCESS] = Token(
            "ada@held-out.example", ["ZohoBooks.fullaccess.all"], books.client_id, time.time() + 20_000
        )
        server = ZohoServer(books, limits_calls=False)
        ours.send(await server.start())
        await asyncio.Event().wait()

    asyncio.run(serve())


if __name__ == "__main__":
    main()
