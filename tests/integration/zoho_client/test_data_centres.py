"""A person of another data centre than the one where sign-in starts: three servers on three ports."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import httpx
import pytest

from bot.accounting.zoho_books import ZohoBooks
from bot.domain.connection import Credentials
from bot.errors import BotError, ReconnectNeeded, SignInFailed
from bot.sandbox.zoho_books import ZohoServer
from tests.integration.zoho_client.conftest import RETURN_TO, Bench


@dataclass
class Centres:
    bench: Bench
    home: ZohoServer
    api: ZohoServer

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset({self.bench.server.host, self.home.host, self.api.host})

    def software(self, hosts: frozenset[str] | None = None) -> ZohoBooks:
        return self.bench.software(extra_hosts=self.hosts if hosts is None else hosts)

    async def connects(self) -> Credentials:
        software = self.software()
        credentials = await software.exchange(await self.bench.callback(), RETURN_TO)
        self.bench.tokens.credentials = credentials
        return credentials


@pytest.fixture
async def centres(bench: Bench) -> AsyncIterator[Centres]:
    """Sign-in starts at the bench's server; the person's accounts and API servers are elsewhere."""
    api = ZohoServer(bench.books)
    home = ZohoServer(bench.books, api=await api.start())
    await bench.server.stop()
    bench.server = ZohoServer(bench.books, home=await home.start())
    await bench.server.start()
    yield Centres(bench, home, api)
    await home.stop()
    await api.stop()


async def test_code_token_and_calls_each_go_to_their_own_server(centres: Centres) -> None:
    """S12: both hosts are stored with the connection."""
    credentials = await centres.connects()
    assert (credentials.accounts_url, credentials.api_url) == (centres.home.origin, centres.api.origin)
    assert len({centres.bench.server.origin, centres.home.origin, centres.api.origin}) == 3
    bench = centres.bench
    ledger = centres.software().ledger(bench.tokens, bench.budget, "60001")
    assert len(await ledger.organisations()) == 2


async def test_a_renewal_and_a_revocation_go_to_the_persons_own_centre(centres: Centres) -> None:
    """S34 S38: elsewhere the token is unknown."""
    credentials = await centres.connects()
    software, bench = centres.software(), centres.bench
    bench.watch.passes(3600)
    await software.ledger(bench.tokens, bench.budget).organisations()
    assert bench.tokens.writes == 1
    await software.revoke(credentials)
    assert bench.books.refresh_tokens == {}


async def test_another_centre_knows_neither_code_nor_token(centres: Centres) -> None:
    """S12: what a connection with the wrong host stored would meet."""
    back = await centres.bench.callback()
    start = centres.bench.server.origin
    with pytest.raises(SignInFailed, match="no longer accepts this sign-in"):
        await centres.software().exchange({**back, "accounts-server": start}, RETURN_TO)
    credentials = await centres.connects()
    sign_in = centres.bench.sign_in(extra_hosts=centres.hosts)
    with pytest.raises(ReconnectNeeded):
        await sign_in.renew(replace(credentials, accounts_url=start))
    centres.bench.tokens.credentials = replace(credentials, api_url=start)
    with pytest.raises(BotError):
        await centres.software().ledger(centres.bench.tokens, centres.bench.budget).organisations()


@pytest.mark.parametrize("which", ["home", "api"])
async def test_a_server_that_is_in_no_table_is_told_nothing(centres: Centres, which: str) -> None:
    """S12: a forged `accounts-server`, or an `api_domain` that is not Zoho's."""
    forged = getattr(centres, which)
    told: list[str] = []

    async def noted(request: httpx.Request) -> None:
        told.append(f"{request.url.host}:{request.url.port}")

    centres.bench.http.event_hooks["request"].append(noted)
    back = await centres.bench.callback()
    told.clear()
    what = "sign-in server" if which == "home" else "API server"
    with pytest.raises(SignInFailed, match=f"names a {what} that is not Zoho's"):
        await centres.software(centres.hosts - {forged.host}).exchange(back, RETURN_TO)
    assert urlsplit(forged.origin).netloc not in told
    assert not [call for call in centres.bench.books.calls if call.path.startswith("/")]


async def test_sent_to_another_centre_by_hand_the_sign_in_is_refused(centres: Centres) -> None:
    """S12: only hosts of the table, whatever the callback says."""
    back = await centres.bench.callback()
    for forged in ("https://accounts.zoho.com.evil.example", "http://accounts.zoho.com", "//evil.example"):
        with pytest.raises(SignInFailed, match="Nothing was sent there"):
            await centres.software().exchange({**back, "accounts-server": forged}, RETURN_TO)
