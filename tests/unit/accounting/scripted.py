"""A ledger in front of scripted answers: for what neither Zoho's description nor the simulation gives."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from bot.accounting.zoho_books import ZohoBooks, ZohoLedger
from bot.accounting.zoho_books.auth import ZohoSignIn
from bot.domain.connection import Credentials
from bot.errors import RateLimited
from tests.builders import NOON

API = "https://www.zohoapis.eu"
Answers = Callable[[httpx.Request], httpx.Response]


def good_credentials(access_token: str = "first") -> Credentials:
    """They stay good for an hour."""
    return Credentials(access_token, "r", NOON + dt.timedelta(hours=1), "https://accounts.zoho.eu", API)


@dataclass
class Tokens:
    credentials: Credentials | None = field(default_factory=good_credentials)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def read(self) -> Credentials | None:
        return self.credentials

    async def write(self, credentials: Credentials) -> None:
        self.credentials = credentials

    async def count_renewal(self, most: int, seconds: float) -> None:
        assert (most, seconds) == (10, 600)

    @asynccontextmanager
    async def renewing(self) -> AsyncIterator[None]:
        async with self.lock:
            yield


class Budget:
    """Lets everything through and notes what it is told of the day's quota."""

    def __init__(self) -> None:
        self.learnt: list[tuple[int, int, int]] = []

    @asynccontextmanager
    async def call(self, *, urgent: bool = False) -> AsyncIterator[None]:
        del urgent
        yield

    async def learn(self, *, day_limit: int, day_remaining: int, reset_seconds: int) -> None:
        self.learnt.append((day_limit, day_remaining, reset_seconds))

    async def block(self, seconds: float, why: str) -> None:
        raise AssertionError((seconds, why))

    async def wait_out(self, limit: RateLimited) -> None:
        raise limit

    async def allow_at_once(self, calls: int) -> None:
        raise AssertionError(calls)

    async def used_today(self) -> None:
        return None


class ScriptedSignIn(ZohoSignIn):
    """Its renewals give `next_token`."""

    next_token = "second"

    async def renew(self, credentials: Credentials) -> Credentials:
        assert credentials.refresh_token == "r"
        return good_credentials(self.next_token)


def sign_in(**changes: str) -> ScriptedSignIn:
    return ScriptedSignIn(
        **{"client_id": "id", "client_secret": "secret", "accounts_url": "https://accounts.zoho.eu"}
        | changes,
        extra_hosts=frozenset(),
        ssl_context=ssl.create_default_context(),
        clock=lambda: NOON,
    )


def ledger(
    answers: Answers,
    tokens: Tokens | None = None,
    signing: ZohoSignIn | None = None,
    budget: Budget | None = None,
) -> ZohoLedger:
    """A ledger whose every call is answered by a function."""
    http = httpx.AsyncClient(transport=httpx.MockTransport(answers))
    return ZohoBooks(http, signing or sign_in()).ledger(tokens or Tokens(), budget or Budget(), "60001")
