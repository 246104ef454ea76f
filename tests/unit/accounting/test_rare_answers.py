"""Calls whose answers or credentials turn out in a way that is rare."""

from __future__ import annotations

import httpx
import pytest
import stamina

from bot.domain.items import PublishAs
from bot.domain.lists import ListKind
from bot.domain.publication import Record
from bot.errors import AnswerLost, ReconnectNeeded, Refused, Unavailable
from tests.unit.accounting.scripted import Budget, ScriptedSignIn, Tokens, good_credentials, ledger, sign_in

BILL = Record(PublishAs.BILL, "DXT-1", {"vendor_id": "1", "bill_number": "B-1"})
DEAD = {"code": 14, "message": "Invalid value passed for authtoken."}


def unauthorised(_: httpx.Request) -> httpx.Response:
    return httpx.Response(401, json=DEAD)


class Reborn(ScriptedSignIn):
    next_token = "first"


async def test_a_renewal_that_gives_the_refused_token_again_needs_a_person() -> None:
    signing = Reborn(**{name: getattr(sign_in(), name) for name in ScriptedSignIn.__dataclass_fields__})
    calls: list[str] = []

    def noted(request: httpx.Request) -> httpx.Response:
        calls.append(request.headers["Authorization"])
        return unauthorised(request)

    with pytest.raises(ReconnectNeeded):
        await ledger(noted, signing=signing).organisations()
    assert calls == ["Zoho-oauthtoken first"]


async def test_a_connection_forgotten_while_it_waits_to_renew_needs_a_person() -> None:
    """S14: somebody disconnected meanwhile."""
    tokens = Tokens()

    def forgetting(request: httpx.Request) -> httpx.Response:
        tokens.credentials = None
        return unauthorised(request)

    with pytest.raises(ReconnectNeeded):
        await ledger(forgetting, tokens).organisations()


async def test_a_token_that_another_process_renewed_meanwhile_is_used() -> None:
    """Ten renewals in ten minutes are all that Zoho gives."""
    tokens = Tokens()
    calls: list[str] = []

    def overtaken(request: httpx.Request) -> httpx.Response:
        calls.append(request.headers["Authorization"])
        if len(calls) == 1:
            tokens.credentials = good_credentials("of another process")
            return unauthorised(request)
        return httpx.Response(200, json={"code": 0, "organizations": []})

    assert await ledger(overtaken, tokens).organisations() == []
    assert calls == ["Zoho-oauthtoken first", "Zoho-oauthtoken of another process"]


async def test_an_organisation_that_is_closed_is_not_offered() -> None:
    """S13: odd rows neither."""
    rows = [
        {"organization_id": 60001, "name": "Open Ltd", "currency_code": "GBP", "country_code": "GB"},
        {"organization_id": "60002", "name": "Closed Ltd", "is_org_active": False},
        None,
        "x",
    ]
    answer = {"code": 0, "organizations": rows}
    found = await ledger(lambda _: httpx.Response(200, json=answer)).organisations()
    assert [one.label for one in found] == ["Open Ltd · GBP · GB · 60001"]


@pytest.mark.parametrize(
    "contact", [None, {}, {"contact_name": "Acme"}, {"contact_id": "1", "contact_type": "customer"}]
)
async def test_a_supplier_that_is_made_without_an_id_is_not_taken(contact: object) -> None:
    answer = {"code": 0, "contact": contact}
    with pytest.raises(Refused, match="did not say which supplier"):
        await ledger(lambda _: httpx.Response(201, json=answer)).create_supplier("Acme", "")


@pytest.mark.parametrize(
    "fault",
    [httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout],
)
async def test_a_write_that_never_left_is_no_lost_answer(fault: type[httpx.TransportError]) -> None:
    """S2: nothing needs to be looked up."""

    def failing(_: httpx.Request) -> httpx.Response:
        raise fault("no way there")

    with pytest.raises(Unavailable):
        await ledger(failing).send(BILL)


@pytest.mark.parametrize(
    "fault",
    [httpx.ReadTimeout, httpx.WriteTimeout, httpx.ReadError, httpx.WriteError, httpx.RemoteProtocolError],
)
async def test_a_write_that_may_have_left_is_never_repeated_by_itself(
    fault: type[httpx.TransportError],
) -> None:
    """S2."""
    calls: list[str] = []

    def failing(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        raise fault("cut off")

    with pytest.raises(AnswerLost):
        await ledger(failing).send(BILL)
    assert calls == ["POST"]


@pytest.mark.parametrize(
    ("status", "content"),
    [(200, b"<html>"), (200, b""), (201, b"[]"), (302, b""), (404, b"<html>"), (502, b"<html>"),
     (500, b'{"code": 1000, "message": "An internal error occurred."}')],
)  # fmt: skip
async def test_a_write_answered_with_nonsense_is_looked_up(status: int, content: bytes) -> None:
    """It may have been made before the nonsense was said."""
    with pytest.raises(AnswerLost):
        await ledger(lambda _: httpx.Response(status, content=content)).send(BILL)


@pytest.mark.parametrize("content", [b"<html>", b"", b"[]", b'"x"'])
async def test_a_list_answered_with_nonsense_is_asked_for_three_times(content: bytes) -> None:
    calls: list[str] = []

    def nonsense(request: httpx.Request) -> httpx.Response:
        calls.append(request.method)
        return httpx.Response(200, content=content)

    with stamina.set_testing(True, attempts=3), pytest.raises(Unavailable):
        [page async for page in ledger(nonsense).fetch(ListKind.TAXES)]
    assert calls == ["GET"] * 3


async def test_a_success_with_another_code_is_a_refusal() -> None:
    """The HTTP status alone proves nothing."""
    answer = {"code": 13011, "message": "The bill number has already been used."}
    with pytest.raises(Refused) as caught:
        await ledger(lambda _: httpx.Response(200, json=answer)).send(BILL)
    assert caught.value.cause == "number_used"


@pytest.mark.parametrize(
    ("headers", "learnt"),
    [
        ({"Limit": "1000", "Remaining": "965", "Reset": "19778"}, [(1000, 965, 19778)]),
        ({"Limit": "1000", "Remaining": "0", "Reset": "60"}, [(1000, 0, 60)]),
        ({"Limit": "1000", "Remaining": "965"}, [(1000, 965, 3600)]),
        ({"Limit": "1000"}, []),
        ({"Remaining": "965"}, []),
        ({"Limit": "many", "Remaining": "some"}, []),
        ({}, []),
    ],
)
async def test_the_days_quota_is_learnt_where_it_is_told(
    headers: dict[str, str], learnt: list[tuple[int, int, int]]
) -> None:
    """`GET /organizations` tells none; the others tell the day's, not the minute's."""
    budget = Budget()
    told = {f"X-Rate-Limit-{name}": value for name, value in headers.items()}
    answer = httpx.Response(200, json={"code": 0, "organizations": []}, headers=told)
    await ledger(lambda _: answer, budget=budget).organisations()
    assert budget.learnt == learnt
