"""The simulated sign-in refuses what Zoho's refuses, in Zoho's way."""

from __future__ import annotations

import httpx
import pytest

from bot.sandbox.visitor import Visitor
from tests.integration.sandbox_zoho.conftest import ADA, RETURN_TO, Caller


async def test_the_consent_page_shows_the_rights_and_the_people(caller: Caller) -> None:
    address = (
        f"{caller.server.origin}/oauth/v2/auth?response_type=code&client_id={caller.books.client_id}"
        f"&scope=ZohoBooks.bills.CREATE,ZohoBooks.bills.READ&redirect_uri={RETURN_TO}&state=s"
    )
    async with Visitor() as visitor:
        text = await visitor.opens(address)
    assert "ZohoBooks.bills.CREATE ZohoBooks.bills.READ" in text
    assert all(person in text for person in caller.books.people)
    assert "Dext for Slack asks to Add and see bills" in text
    assert "goes back to bot.example" in text


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"client_id": "1000.OTHER"}, "invalid_client"),
        ({"redirect_uri": "javascript:alert(1)"}, "invalid_redirect_uri"),
        ({"redirect_uri": "http://["}, "invalid_redirect_uri"),
        ({"redirect_uri": "https://"}, "invalid_redirect_uri"),
        ({"response_type": "token"}, "invalid_response_type"),
        ({"scope": ""}, "invalid_scope"),
    ],
)
async def test_a_wrong_question_never_leads_back_to_the_app(caller: Caller, changes, fault: str) -> None:
    asked = {
        "response_type": "code", "client_id": caller.books.client_id, "scope": "s", "redirect_uri": RETURN_TO,
    } | changes  # fmt: skip
    page = await caller.http.get(f"{caller.server.origin}/oauth/v2/auth", params=asked)
    assert (page.status_code, fault in page.text, "<form" in page.text) == (400, True, False)
    assert await caller.consents(**changes) == {}
    assert caller.last.status_code == 400
    assert caller.books.codes == {}


async def test_accepting_brings_code_state_and_data_centre_back(caller: Caller) -> None:
    back = await caller.consents(state="a&b=c")
    assert caller.last.headers["location"].startswith(f"{RETURN_TO}?")
    assert back == {
        "state": "a&b=c", "code": back["code"], "location": "us", "accounts-server": caller.server.origin
    }  # fmt: skip


@pytest.mark.parametrize("changes", [{"decision": "reject"}, {"person": "nobody@held-out.example"}])
async def test_rejecting_brings_an_error_and_no_code_back(caller: Caller, changes) -> None:
    assert await caller.consents(**changes) == {"state": "s", "error": "access_denied"}


async def test_an_exchange_gives_both_tokens(caller: Caller) -> None:
    back = await caller.consents()
    answer = await caller.asks_token(code=back["code"])
    assert answer == {
        "access_token": answer["access_token"],
        "refresh_token": answer["refresh_token"],
        "scope": "ZohoBooks.settings.READ",
        "api_domain": caller.server.origin,
        "token_type": "Bearer",
        "expires_in": 3600,
    }
    token = answer["access_token"]
    assert await caller.get("/organizations", token=token, organisation="") == (200, 0)


async def test_a_code_serves_once_and_failure_has_status_200(caller: Caller) -> None:
    """The error is in the body alone."""
    back = await caller.consents()
    await caller.asks_token(code=back["code"])
    assert await caller.asks_token(code=back["code"]) == {"error": "invalid_code"}
    assert caller.last.status_code == 200


async def test_a_code_lives_two_minutes(caller: Caller) -> None:
    back = await caller.consents()
    caller.now += 121
    assert await caller.asks_token(code=back["code"]) == {"error": "invalid_code"}


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "1000.nonsense"}, "invalid_code"),
        ({"client_id": "1000.OTHER"}, "invalid_client"),
        ({"client_secret": "guess"}, "invalid_client_secret"),
        ({"redirect_uri": f"{RETURN_TO}/"}, "invalid_redirect_uri"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
async def test_each_wrong_exchange_has_its_error(caller: Caller, changes, error: str) -> None:
    back = await caller.consents()
    assert await caller.asks_token(**({"code": back["code"]} | changes)) == {"error": error}
    assert caller.last.status_code == 200
    assert caller.books.refresh_tokens == {}


async def test_without_offline_access_no_refresh_token_comes(caller: Caller) -> None:
    back = await caller.consents(access_type="online")
    assert "refresh_token" not in await caller.asks_token(code=back["code"])


async def test_a_second_sign_in_without_asking_for_consent_gives_no_refresh_token(caller: Caller) -> None:
    first = await caller.consents(prompt="")
    assert "refresh_token" in await caller.asks_token(code=first["code"])
    second = await caller.consents(prompt="")
    assert "refresh_token" not in await caller.asks_token(code=second["code"])
    third = await caller.consents(prompt="consent")
    assert "refresh_token" in await caller.asks_token(code=third["code"])


async def signs_in(caller: Caller) -> str:
    back = await caller.consents()
    return str((await caller.asks_token(code=back["code"]))["refresh_token"])


async def test_a_renewal_gives_an_access_token_and_no_new_refresh_token(caller: Caller) -> None:
    answer = await caller.asks_token(refresh_token=await signs_in(caller))
    assert "refresh_token" not in answer
    assert await caller.get("/settings/taxes", token=answer["access_token"]) == (200, 0)


async def test_an_unknown_refresh_token_is_an_invalid_code(caller: Caller) -> None:
    assert await caller.asks_token(refresh_token="1000.gone") == {"error": "invalid_code"}


async def test_the_eleventh_renewal_in_ten_minutes_is_denied(caller: Caller) -> None:
    token = await signs_in(caller)
    for _ in range(10):
        assert "access_token" in await caller.asks_token(refresh_token=token)
    denied = await caller.asks_token(refresh_token=token)
    assert (caller.last.status_code, denied["error"]) == (400, "Access Denied")
    assert "too many requests" in denied["error_description"]
    caller.now += 601
    assert "access_token" in await caller.asks_token(refresh_token=token)


async def test_the_twenty_first_sign_in_drops_the_oldest(caller: Caller) -> None:
    tokens = [await signs_in(caller) for _ in range(21)]
    assert await caller.asks_token(refresh_token=tokens[0]) == {"error": "invalid_code"}
    assert "access_token" in await caller.asks_token(refresh_token=tokens[1])
    assert len(caller.books.refresh_tokens) == 20


@pytest.mark.parametrize("newer", [False, True])
async def test_revoking_kills_the_access_tokens_and_serves_once(caller: Caller, newer: bool) -> None:
    token = await signs_in(caller)
    access = (await caller.asks_token(refresh_token=token))["access_token"]
    path = "/oauth/v2/revoke/token" if newer else "/oauth/v2/token/revoke"
    client = (caller.books.client_id, caller.books.client_secret)

    async def revokes() -> tuple[int, dict[str, str]]:
        auth = httpx.BasicAuth(*client) if newer else httpx.USE_CLIENT_DEFAULT
        answer = await caller.http.post(f"{caller.server.origin}{path}", data={"token": token}, auth=auth)
        return answer.status_code, answer.json()

    assert await revokes() == (200, {"status": "success"})
    assert await caller.get("/settings/taxes", token=access) == (401, 57)
    assert await revokes() == (400, {"error": "invalid_token"})


async def test_the_newer_way_of_revoking_wants_the_client_itself(caller: Caller) -> None:
    token = await signs_in(caller)
    answer = await caller.http.post(f"{caller.server.origin}/oauth/v2/revoke/token", data={"token": token})
    assert answer.status_code == 401
    assert caller.books.refresh_tokens[token].person == ADA
