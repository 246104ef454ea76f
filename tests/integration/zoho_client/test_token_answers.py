"""What each answer of Zoho's token server means when a token is renewed or withdrawn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
from authlib.integrations.httpx_client import AsyncOAuth2Client

from bot.domain.connection import Credentials
from bot.errors import BotError, RateLimited, ReconnectNeeded, Unavailable
from tests.integration.zoho_client.conftest import Bench

JSON = "application/json"


@asynccontextmanager
async def token_server(
    status: int, body: str, kind: str = JSON, *, more: str = ""
) -> AsyncIterator[tuple[str, list[str]]]:
    """Answers everything so, with `more` headers; gives its `host:port` and each request's first line."""
    heard: list[str] = []
    head = f"HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append((await reader.readline()).decode().strip())
        writer.write(f"{head}Connection: close\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", heard


def credentials(bench: Bench, host: str) -> Credentials:
    return Credentials(
        "a", "r", bench.watch.now, f"http://{host}", bench.server.origin, "ZohoBooks.bills.READ"
    )


async def renewal_fault(bench: Bench, status: int, body: str, kind: str = JSON) -> BotError:
    async with token_server(status, body, kind) as (host, _):
        with pytest.raises(BotError) as caught:
            await bench.sign_in(extra_hosts=frozenset({host})).renew(credentials(bench, host))
    return caught.value


@pytest.mark.parametrize("status", [200, 400, 401])
@pytest.mark.parametrize(
    "error", ["invalid_code", "invalid_client", "invalid_client_secret", "access_denied"]
)
async def test_a_refused_renewal_needs_a_person_whatever_the_status(
    bench: Bench, status: int, error: str
) -> None:
    """S14: a failed token call can come with status 200."""
    found = await renewal_fault(bench, status, f'{{"error": "{error}"}}')
    assert isinstance(found, ReconnectNeeded)
    assert "/dext reconnect" in found.advice


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "Access Denied", "error_description": "You have made too many requests continuously."}',
        '{"error": "Access Denied", "status": "failure"}',
        '{"error": "access_denied", "error_description": "Too Many requests"}',
    ],
)
@pytest.mark.parametrize("status", [200, 400])
async def test_too_many_renewals_are_waited_out(bench: Bench, status: int, body: str) -> None:
    """Ten in ten minutes: the connection is as good as before."""
    found = await renewal_fault(bench, status, body)
    assert isinstance(found, RateLimited)
    assert 0 < found.retry_after_seconds <= 600


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (200, '{"error": "general_error"}', JSON),
        (200, "{}", JSON),
        (200, "<html>We will be back</html>", "text/html"),
        (500, '{"error": "invalid_code"}', JSON),
        (503, "", "text/plain"),
        (302, "", "text/html"),
    ],
)
async def test_a_fault_of_theirs_is_never_a_reconnect(
    bench: Bench, status: int, body: str, kind: str
) -> None:
    """Everybody would be asked to sign in again because Zoho had a bad minute."""
    assert isinstance(await renewal_fault(bench, status, body, kind), Unavailable)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(bench: Bench, status: int) -> None:
    """S10: 307 and 308 would carry the secret along to wherever they point."""
    async with token_server(200, '{"access_token": "b"}') as (foreign, heard_there):
        location = f"Location: http://{foreign}/oauth/v2/token\r\n"
        async with token_server(status, "", more=location) as (host, heard):
            software = bench.software(extra_hosts=frozenset({host}))
            with pytest.raises(Unavailable):
                await bench.sign_in(extra_hosts=frozenset({host})).renew(credentials(bench, host))
            with pytest.raises(Unavailable):
                await software.revoke(credentials(bench, host))
    assert (len(heard), heard_there) == (3, [])


async def test_a_renewal_keeps_what_its_answer_does_not_say(bench: Bench) -> None:
    """Zoho gives no new refresh token, and not always the scope."""
    body = '{"access_token": "b", "api_domain": "https://evil.example", "token_type": "Bearer"}'
    async with token_server(200, body) as (host, _):
        before = credentials(bench, host)
        after = await bench.sign_in(extra_hosts=frozenset({host})).renew(before)
    assert (after.access_token, after.refresh_token, after.scope) == ("b", "r", before.scope)
    assert (after.accounts_url, after.api_url) == (before.accounts_url, before.api_url)
    assert (after.expires_at - bench.watch.now).total_seconds() == 3600


@pytest.mark.parametrize("status", [500, 503])
async def test_a_withdrawal_that_zoho_could_not_do_is_said(bench: Bench, status: int) -> None:
    """S14: the person is told that the token may still live."""
    async with token_server(status, "<html>", "text/html") as (host, heard):
        with pytest.raises(Unavailable, match=str(status)):
            await bench.software(extra_hosts=frozenset({host})).revoke(credentials(bench, host))
    assert heard == ["POST /oauth/v2/token/revoke HTTP/1.1"]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 302])
async def test_a_withdrawal_that_neither_spelling_could_do_is_said(bench: Bench, status: int) -> None:
    """S14: “no such address” does not mean that the token is dead."""
    async with token_server(status, '{"error": "invalid_client"}') as (host, heard):
        with pytest.raises(Unavailable, match="did not withdraw"):
            await bench.software(extra_hosts=frozenset({host})).revoke(credentials(bench, host))
    assert len(heard) == 2


@pytest.mark.parametrize(("status", "error"), [(400, "invalid_code"), (200, "invalid_token")])
async def test_a_token_that_is_dead_already_is_withdrawn_quietly(
    bench: Bench, status: int, error: str
) -> None:
    async with token_server(status, f'{{"error": "{error}"}}') as (host, _):
        await bench.software(extra_hosts=frozenset({host})).revoke(credentials(bench, host))


async def test_a_withdrawal_puts_no_token_into_an_address(bench: Bench) -> None:
    """Both spellings are tried; addresses are written into logs on the way."""
    async with token_server(400, '{"error": "invalid_token"}') as (host, heard):
        await bench.software(extra_hosts=frozenset({host})).revoke(credentials(bench, host))
    assert heard == ["POST /oauth/v2/token/revoke HTTP/1.1", "POST /oauth/v2/revoke/token HTTP/1.1"]


def test_authlib_speaks_over_the_httpx_whose_errors_are_caught() -> None:
    """It prefers httpx's successor wherever some dependency brings that; its errors would pass unseen."""
    assert issubclass(AsyncOAuth2Client, httpx.AsyncClient)
