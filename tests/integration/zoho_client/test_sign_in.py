"""Signing in at Zoho Books: there and back."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.accounting.zoho_books.auth import SCOPES
from bot.errors import SignInFailed, Unavailable
from tests.integration.zoho_client.conftest import RETURN_TO, Bench


async def test_the_address_asks_for_lasting_consent_and_the_least_rights(bench: Bench) -> None:
    """S11 C24: nothing may be changed at Zoho, and deleted only what Undo cannot make void."""
    address = bench.software().sign_in_url("s t&te", RETURN_TO)
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{bench.server.origin}/oauth/v2/auth?")
    assert asked == {
        "response_type": "code",
        "client_id": bench.books.client_id,
        "redirect_uri": RETURN_TO,
        "scope": ",".join(SCOPES),
        "state": "s t&te",
        "access_type": "offline",
        "prompt": "consent",
    }
    others = {scope for scope in SCOPES if not scope.endswith((".READ", ".CREATE"))}
    assert others == {f"ZohoBooks.{family}.DELETE" for family in ("expenses", "invoices", "vendorpayments")}


async def test_accepting_gives_credentials_that_open_the_books(bench: Bench) -> None:
    """S12 S13."""
    back = await bench.callback()
    assert back["state"] == "the-state"
    credentials = await bench.software().exchange(back, RETURN_TO)
    assert credentials.accounts_url == credentials.api_url == bench.server.origin
    assert credentials.expires_at == bench.watch.now + timedelta(hours=1)
    assert credentials.refresh_token in bench.books.refresh_tokens
    assert set(credentials.scope.split()) == set(SCOPES)
    assert credentials.access_token not in repr(credentials)
    bench.tokens.credentials = credentials
    found = await bench.ledger("").organisations()
    assert [one.label for one in found] == [
        "Held Out Ltd · GBP · United Kingdom · 60001", "Held Out Ltd · EUR · Ireland · 60002"
    ]  # fmt: skip


async def test_a_person_without_organisations_gets_none(bench: Bench) -> None:
    """S13."""
    await bench.connects("eve@held-out.example")
    assert await bench.ledger("").organisations() == []


async def test_rejecting_is_said_in_a_sentence(bench: Bench) -> None:
    """S12: refusal at Zoho connects nothing."""
    back = await bench.callback(decision="Reject")
    with pytest.raises(SignInFailed, match="You did not allow access at Zoho") as caught:
        await bench.software().exchange(back, RETURN_TO)
    assert "/dext connect" in caught.value.advice
    assert bench.books.refresh_tokens == {}


async def test_a_callback_with_error_and_code_is_a_refusal(bench: Bench) -> None:
    back = await bench.callback()
    with pytest.raises(SignInFailed, match="did not allow"):
        await bench.software().exchange(back | {"error": "access_denied"}, RETURN_TO)
    assert bench.books.refresh_tokens == {}


@pytest.mark.parametrize("callback", [{}, {"code": ""}, {"state": "s"}])
async def test_a_callback_without_a_code_is_refused(bench: Bench, callback: dict[str, str]) -> None:
    with pytest.raises(SignInFailed, match="no code"):
        await bench.software().exchange(callback, RETURN_TO)


async def test_a_wrong_code_is_refused(bench: Bench) -> None:
    with pytest.raises(SignInFailed, match="no longer accepts this sign-in"):
        await bench.software().exchange({"code": "1000.nonsense"}, RETURN_TO)


async def test_a_code_serves_once(bench: Bench) -> None:
    """S11."""
    back = await bench.callback()
    await bench.software().exchange(back, RETURN_TO)
    with pytest.raises(SignInFailed, match="used or is too old"):
        await bench.software().exchange(back, RETURN_TO)


async def test_a_code_is_soon_too_old(bench: Bench) -> None:
    back = await bench.callback()
    bench.watch.passes(121)
    with pytest.raises(SignInFailed, match="too old"):
        await bench.software().exchange(back, RETURN_TO)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"client_id": "1000.OTHER"}, "ZOHO_CLIENT_ID"),
        ({"client_secret": "not-it"}, "ZOHO_CLIENT_SECRET"),
    ],
)
async def test_a_wrong_setting_is_named(bench: Bench, changes: dict[str, str], says: str) -> None:
    """S2."""
    back = await bench.callback()
    with pytest.raises(SignInFailed, match=says) as caught:
        await bench.software(**changes).exchange(back, RETURN_TO)
    assert "not-it" not in caught.value.sentence


async def test_another_return_address_is_refused(bench: Bench) -> None:
    back = await bench.callback()
    with pytest.raises(SignInFailed, match="PUBLIC_URL"):
        await bench.software().exchange(back, f"{RETURN_TO}/other")


async def test_a_sign_in_without_a_refresh_token_is_not_kept(bench: Bench) -> None:
    """A connection that ends within the hour is none."""
    back = await bench.callback()
    bench.books.codes[back["code"]]["lasting"] = False
    with pytest.raises(SignInFailed, match="no lasting permission"):
        await bench.software().exchange(back, RETURN_TO)


class Listener:
    """Accepts on loopback, notes what it is told and answers with `answer` (headers and body)."""

    def __init__(self, answer: bytes = b"") -> None:
        self.answer = answer
        self.connections = 0
        self.heard = b""
        self.host = ""
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Listener:
        self._server = await asyncio.start_server(self._accepts, "127.0.0.1", 0)
        self.host = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        await self._server.wait_closed()

    async def _accepts(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.heard += await reader.read(65536)
        writer.write(self.answer)
        writer.close()
        await writer.wait_closed()


@pytest.mark.parametrize("form", ["http://{}", "https://{}", "http://accounts.zoho.com@{}"])
async def test_a_foreign_accounts_server_is_refused_before_the_secret_is_sent(
    bench: Bench, form: str
) -> None:
    """S10: a forged callback learns nothing, and the code is not spent."""
    back = await bench.callback()
    async with Listener() as foreign:
        forged = back | {"accounts-server": form.format(foreign.host)}
        with pytest.raises(SignInFailed, match="not Zoho's") as caught:
            await bench.software().exchange(forged, RETURN_TO)
        assert foreign.connections == 0
    assert "Nothing was sent there" in caught.value.advice
    assert await bench.software().exchange(back, RETURN_TO)


async def _exchange_with(bench: Bench, body: bytes, status: str = "200 OK", kind: str = "text/html") -> str:
    """Exchanges at a listener that answers so; returns what it was told."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    async with Listener(head + body) as listener:
        software = bench.software(
            accounts_url=f"http://{listener.host}", extra_hosts=frozenset({listener.host})
        )
        try:
            await software.exchange({"code": "1000.c"}, RETURN_TO)
        finally:
            heard = listener.heard.decode()
        return heard


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("200 OK", b"<html>We will be back</html>", "text/html"),
        ("200 OK", b"", "application/json"),
        ("502 Bad Gateway", b"<html>", "text/html"),
        ("302 Found", b"", "text/html"),
        ("200 OK", b"[]", "application/json"),
        ("200 OK", b'"x"', "application/json"),
    ],
)
async def test_anything_but_a_token_is_a_fault_of_theirs(
    bench: Bench, status: str, body: bytes, kind: str
) -> None:
    """The real service answers with HTML and status 200 while it is being repaired."""
    with pytest.raises(Unavailable):
        await _exchange_with(bench, body, status, kind)


@pytest.mark.parametrize("body", [b"{}", b'{"error": "odd"}'])
async def test_json_without_a_token_is_a_failed_sign_in(bench: Bench, body: bytes) -> None:
    with pytest.raises(SignInFailed):
        await _exchange_with(bench, body, kind="application/json")


async def test_an_api_server_that_is_not_zohos_is_refused(bench: Bench) -> None:
    """Else every later call would tell it the access token."""
    body = b'{"access_token":"a","refresh_token":"r","api_domain":"https://evil.example","expires_in":3600}'
    with pytest.raises(SignInFailed, match="API server that is not Zoho's"):
        await _exchange_with(bench, body, kind="application/json")


async def test_the_secret_travels_in_the_body_never_in_the_address(bench: Bench) -> None:
    """Addresses are written into logs on the way."""
    async with Listener(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as listener:
        software = bench.software(
            accounts_url=f"http://{listener.host}", extra_hosts=frozenset({listener.host})
        )
        with pytest.raises(Unavailable):
            await software.exchange({"code": "1000.c"}, RETURN_TO)
        head, _, body = listener.heard.decode().partition("\r\n\r\n")
    assert bench.books.client_secret in body
    assert bench.books.client_secret not in head
    assert head.startswith("POST /oauth/v2/token HTTP/1.1")


async def test_nobody_listening_is_unavailable(bench: Bench) -> None:
    back = await bench.callback()
    await bench.server.stop()
    with pytest.raises(Unavailable, match="does not answer"):
        await bench.software().exchange(back, RETURN_TO)


def test_every_data_centre_is_offered_where_the_sign_in_is_zohos_own(bench: Bench) -> None:
    """S10: and a sandbox has no other place to go to."""
    zoho = bench.software(accounts_url="https://accounts.zoho.com")
    assert ("eu", "Europe") in zoho.places
    assert ("cn", "China") in zoho.places
    assert zoho.sign_in_url("s", RETURN_TO, "in").startswith("https://accounts.zoho.in/oauth/v2/auth?")
    assert zoho.sign_in_url("s", RETURN_TO).startswith("https://accounts.zoho.com/oauth/v2/auth?")
    assert list(bench.software().places) == []
