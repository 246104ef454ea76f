"""What a sign-in may do: looked at area by area, as the simulated Zoho Books grants it."""

from __future__ import annotations

import contextlib
from dataclasses import replace

import pytest

from bot.accounting.zoho_books.auth import SCOPES
from bot.accounting.zoho_books.rights import AREAS
from bot.errors import NotFound, Refused
from tests.integration.zoho_client.conftest import Bench


async def test_every_area_is_one_small_call_that_nobody_waits_for(bench: Bench) -> None:
    """C17: through the budget, never urgent."""
    await bench.connects()
    for area in AREAS:
        with contextlib.suppress(NotFound):  # an organisation need not have switched it on
            await bench.ledger().look(area)
    assert {f"ZohoBooks.{name}.READ" for name in ("settings", "bills", "contacts")} <= set(SCOPES)
    assert [call.path for call in bench.books.calls] == list(AREAS.values())
    assert {call.query.get("per_page") for call in bench.books.calls} == {"1"}
    assert bench.budget.calls == [False] * len(AREAS)


async def test_a_right_that_was_not_granted_is_refused_there_and_nowhere_else(bench: Bench) -> None:
    """C17"""
    await bench.connects()
    for token in (*bench.books.access_tokens.values(), *bench.books.refresh_tokens.values()):
        token.scopes = [scope for scope in token.scopes if "bills" not in scope]
    await bench.ledger().look("suppliers and customers")
    with pytest.raises(Refused) as caught:
        await bench.ledger().look("bills")
    assert caught.value.cause == "rights"


async def test_what_the_sign_in_itself_says_is_compared_with_what_we_need(bench: Bench) -> None:
    """C17: also rights to write, which no look can try."""
    credentials = await bench.connects()
    software = bench.software()
    assert software.rights_missing(credentials) == ()
    fewer = [scope for scope in SCOPES if scope != "ZohoBooks.contacts.CREATE"]
    assert software.rights_missing(replace(credentials, scope=" ".join(fewer))) == (
        "suppliers and customers",
    )
    assert software.rights_missing(replace(credentials, scope=",".join(SCOPES))) == ()
    assert software.rights_missing(replace(credentials, scope="")) == ()
    assert software.rights_missing(replace(credentials, scope="ZohoBooks.fullaccess.all")) == ()
