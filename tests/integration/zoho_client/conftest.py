"""The real client before the simulated Zoho Books, over HTTP."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest
import stamina

from bot.accounting.zoho_books import ZohoBooks, ZohoLedger
from bot.accounting.zoho_books.auth import ZohoSignIn
from bot.domain.connection import Credentials
from bot.errors import RateLimited
from bot.sandbox.visitor import Visitor
from bot.sandbox.zoho_books import Books, ZohoServer, sample_books
from bot.sandbox.zoho_books.books import Organisation

RETURN_TO = "http://127.0.0.1:1/oauth/zoho-books"
ADA, EVE = "ada@held-out.example", "eve@held-out.example"
HELD_OUT = "60001"
CONTEXT = ssl.create_default_context()


class Watch:
    """The time for both sides; moved by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    def passes(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


@dataclass
class Tokens:
    """A TokenStore in memory."""

    credentials: Credentials | None
    writes: int = 0
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> Credentials | None:
        return self.credentials

    async def write(self, credentials: Credentials) -> None:
        self.credentials = credentials
        self.writes += 1

    async def count_renewal(self, most: int, seconds: float) -> None:
        assert (most, seconds) == (10, 600)

    @asynccontextmanager
    async def renewing(self) -> AsyncIterator[None]:
        async with self.lock:
            yield


@dataclass
class Budget:
    """A CallBudget that only notes what it is told."""

    calls: list[bool] = field(default_factory=list)
    """For each call whether it was urgent."""
    held: int = 0
    learnt: list[tuple[int, int, int]] = field(default_factory=list)
    blocked: list[tuple[float, str]] = field(default_factory=list)
    patience: Callable[[RateLimited], Awaitable[None]] | None = None
    """How background work waits a limit out."""

    @asynccontextmanager
    async def call(self, *, urgent: bool = False) -> AsyncIterator[None]:
        self.calls.append(urgent)
        self.held += 1
        try:
            yield
        finally:
            self.held -= 1

    async def learn(self, *, day_limit: int, day_remaining: int, reset_seconds: int) -> None:
        self.learnt.append((day_limit, day_remaining, reset_seconds))

    async def block(self, seconds: float, why: str) -> None:
        self.blocked.append((seconds, why))

    async def wait_out(self, limit: RateLimited) -> None:
        if self.patience is None:
            raise limit
        await self.patience(limit)

    async def allow_at_once(self, calls: int) -> None:
        raise AssertionError(calls)

    async def used_today(self) -> tuple[int, int] | None:
        return None


class Bench:
    """The client on one side, the simulation on the other, and what lies between."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.watch = Watch()
        self.books: Books = sample_books()
        self.books.clock = self.watch.seconds
        self.server = ZohoServer(self.books)
        self.http = http
        self.tokens = Tokens(None)
        self.budget = Budget()

    @property
    def held_out(self) -> Organisation:
        return self.books.organisations[0]

    def sign_in(self, **changes: object) -> ZohoSignIn:
        usual = ZohoSignIn(
            client_id=self.books.client_id,
            client_secret=self.books.client_secret,
            accounts_url=self.server.origin,
            extra_hosts=frozenset({self.server.host}),
            ssl_context=CONTEXT,
            clock=self.watch,
        )
        return replace(usual, **changes)  # type: ignore[arg-type]

    def software(self, **changes: object) -> ZohoBooks:
        return ZohoBooks(self.http, self.sign_in(**changes))

    def ledger(self, organisation: str = HELD_OUT, *, tokens: Tokens | None = None) -> ZohoLedger:
        return self.software().ledger(tokens or self.tokens, self.budget, organisation)

    async def callback(self, *, person: str = ADA, decision: str = "Accept") -> dict[str, str]:
        """What the browser brings back from the consent page."""
        address = self.software().sign_in_url("the-state", RETURN_TO)
        back: dict[str, str] = {}

        async def ours(request: httpx.Request) -> httpx.Response:
            if str(request.url).startswith(RETURN_TO):
                back.update(parse_qsl(urlsplit(str(request.url)).query))
                return httpx.Response(200, text="back")
            return await outside.handle_async_request(request)

        async with (
            httpx.AsyncHTTPTransport() as outside,
            Visitor(transport=httpx.MockTransport(ours)) as visitor,
        ):
            await visitor.opens(address)
            await visitor.presses(decision, person=person)
        return back

    async def connects(self, person: str = ADA) -> Credentials:
        """Signs in and keeps the credentials."""
        credentials = await self.software().exchange(await self.callback(person=person), RETURN_TO)
        self.tokens.credentials = credentials
        return credentials

    def row(self, kind: str, name: str, wanted: str) -> dict[str, object]:
        found = self.held_out.find(kind, name, wanted)
        assert found is not None
        return found


@pytest.fixture(autouse=True)
def _retries_do_not_wait() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
async def bench() -> AsyncIterator[Bench]:
    async with httpx.AsyncClient(trust_env=False) as http:
        bench = Bench(http)
        await bench.server.start()
        try:
            yield bench
            assert bench.budget.held == 0
        finally:
            await bench.server.stop()
