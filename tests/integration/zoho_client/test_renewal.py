"""Access tokens run out: renewed once, and told apart from a sign-in that is dead."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.domain.connection import Credentials
from bot.errors import RateLimited, ReconnectNeeded, Refused, SignInFailed, Unavailable
from bot.sandbox.zoho_books.books import Trouble
from tests.integration.zoho_client.conftest import Bench


async def test_five_ledgers_of_one_connection_renew_once(bench: Bench) -> None:
    """S34: a refresh and a publication at the same time share the new token."""
    first = await bench.connects()
    bench.watch.passes(3600)
    found = await asyncio.gather(*(bench.ledger("").organisations() for _ in range(5)))
    assert [len(one) for one in found] == [2] * 5
    assert bench.tokens.writes == 1
    assert sum(map(len, bench.books.renewals.values())) == 1
    assert bench.tokens.credentials is not None
    assert bench.tokens.credentials.access_token != first.access_token
    assert bench.tokens.credentials == replace(
        first,
        access_token=bench.tokens.credentials.access_token,
        expires_at=bench.watch.now + timedelta(hours=1),
    )


async def test_a_token_is_renewed_a_minute_before_its_end(bench: Bench) -> None:
    await bench.connects()
    bench.watch.passes(3539)
    await bench.ledger("").organisations()
    assert bench.tokens.writes == 0
    bench.watch.passes(1)
    await bench.ledger("").organisations()
    assert bench.tokens.writes == 1


async def test_a_token_refused_early_is_renewed_once_and_the_call_made_again(bench: Bench) -> None:
    await bench.connects()
    bench.books.expire_access_tokens()
    assert len(await bench.ledger("").organisations()) == 2
    assert bench.tokens.writes == 1
    assert [(call.path, call.status) for call in bench.books.calls] == [
        ("/organizations", 401), ("/organizations", 200)
    ]  # fmt: skip


async def test_a_token_refused_early_is_renewed_for_a_write_too(bench: Bench) -> None:
    await bench.connects()
    bench.books.expire_access_tokens()
    assert (await bench.ledger().create_supplier("Old Mill Hosting", "")).name == "Old Mill Hosting"
    assert bench.tokens.writes == 1


async def test_withdrawn_consent_needs_a_person(bench: Bench) -> None:
    """S28: the app was removed at Zoho under Connected Apps."""
    await bench.connects()
    bench.books.withdraw_consent()
    with pytest.raises(ReconnectNeeded, match="/dext reconnect"):
        await bench.ledger("").organisations()


async def test_without_credentials_a_person_is_needed(bench: Bench) -> None:
    with pytest.raises(ReconnectNeeded):
        await bench.ledger("").organisations()
    assert bench.books.calls == []


async def test_too_many_renewals_wait_instead_of_asking_for_a_reconnect(bench: Bench) -> None:
    """Zoho gives ten access tokens in ten minutes."""
    credentials = await bench.connects()
    sign_in = bench.sign_in()
    for _ in range(10):
        await sign_in.renew(credentials)
    bench.watch.passes(500)
    bench.books.expire_access_tokens()
    with pytest.raises(RateLimited) as caught:
        await bench.ledger("").organisations()
    assert caught.value.retry_after_seconds == 600
    bench.watch.passes(caught.value.retry_after_seconds)
    assert len(await bench.ledger("").organisations()) == 2


async def test_zohos_sign_in_not_answering_is_not_a_reconnect(bench: Bench) -> None:
    await bench.connects()
    bench.watch.passes(3600)
    await bench.server.stop()
    with pytest.raises(Unavailable):
        await bench.ledger("").organisations()


async def test_a_right_that_is_missing_is_said_after_one_renewal(bench: Bench) -> None:
    """Code 57 is a dead token or a missing scope: the renewal tells which."""
    await bench.connects()
    for token in bench.books.refresh_tokens.values():
        token.scopes = ["ZohoBooks.contacts.READ"]
    bench.books.expire_access_tokens()
    with pytest.raises(Refused) as caught:
        await bench.ledger("").organisations()
    assert (caught.value.cause, caught.value.code) == ("rights", "57")
    assert bench.tokens.writes == 1


async def test_a_fresh_token_that_is_no_good_needs_a_person(bench: Bench) -> None:
    await bench.connects()
    dead = Trouble(status=401, code=14, message="Invalid value passed for authtoken.", times=2)
    bench.books.troubles.append(dead)
    with pytest.raises(ReconnectNeeded):
        await bench.ledger("").organisations()


async def test_a_stored_address_that_is_not_zohos_is_told_nothing(bench: Bench) -> None:
    """The settings of trusted hosts changed since."""
    stored = await bench.connects()
    with pytest.raises(ReconnectNeeded):
        await bench.sign_in(extra_hosts=frozenset()).renew(stored)
    assert bench.books.renewals == {}


# --- revoking


async def test_revoking_ends_the_sign_in(bench: Bench) -> None:
    """What `/dext disconnect` does at Zoho."""
    credentials = await bench.connects()
    await bench.software().revoke(credentials)
    assert bench.books.refresh_tokens == bench.books.access_tokens == {}


async def test_revoking_what_is_revoked_already_is_quiet(bench: Bench) -> None:
    credentials = await bench.connects()
    await bench.software().revoke(credentials)
    await bench.software().revoke(credentials)
    assert bench.books.refresh_tokens == {}


async def test_where_only_the_newer_spelling_works_it_is_used(bench: Bench) -> None:
    """Zoho's pages disagree on the address; Basic credentials go with the newer one."""
    credentials = await bench.connects()

    async def without_the_older(request: httpx.Request) -> None:
        if request.url.path == "/oauth/v2/token/revoke":
            request.url = request.url.copy_with(path="/oauth/v2/nowhere")

    bench.http.event_hooks["request"].append(without_the_older)
    await bench.software().revoke(credentials)
    assert bench.books.refresh_tokens == bench.books.access_tokens == {}


async def test_revoking_at_a_silent_zoho_is_unavailable(bench: Bench) -> None:
    credentials = await bench.connects()
    await bench.server.stop()
    with pytest.raises(Unavailable):
        await bench.software().revoke(credentials)


async def test_a_token_is_never_revoked_at_a_foreign_address(bench: Bench) -> None:
    stored: Credentials = replace(await bench.connects(), accounts_url="https://evil.example")
    with pytest.raises(SignInFailed):
        await bench.software().revoke(stored)
    assert len(bench.books.access_tokens) == 1
