"""Who may call the simulated Zoho Books, and how often."""

from __future__ import annotations

import asyncio

import pytest

from bot.sandbox.zoho_books.books import Token, Trouble
from tests.integration.sandbox_zoho.conftest import ADA, ALL, Caller, a_bill, an_expense

READING = [
    ("/organizations", "settings"),
    ("/chartofaccounts", "accountants"),
    ("/bankaccounts", "banking"),
    ("/contacts", "contacts"),
    ("/settings/taxes", "settings"),
    ("/settings/currencies", "settings"),
    ("/items", "settings"),
    ("/projects", "projects"),
    ("/bills", "bills"),
    ("/expenses", "expenses"),
]


@pytest.mark.parametrize(("path", "family"), READING)
async def test_every_list_wants_its_own_scope(caller: Caller, path: str, family: str) -> None:
    others = [f"ZohoBooks.{name}.READ" for _, name in READING if name != family]
    wrong = caller.token(*others, f"ZohoBooks.{family}.CREATE")
    assert await caller.get(path, token=wrong) == (401, 57)
    assert await caller.get(path, token=caller.token(f"ZohoBooks.{family}.READ")) == (200, 0)


@pytest.mark.parametrize("family", ["bills", "expenses", "contacts"])
async def test_reading_is_not_creating(caller: Caller, family: str) -> None:
    body = {"bills": a_bill(caller), "expenses": an_expense(caller), "contacts": {"contact_name": "New"}}[
        family
    ]
    reader = caller.token(f"ZohoBooks.{family}.READ")
    assert await caller.post(f"/{family}", body, token=reader) == (401, 57)
    writer = caller.token(f"ZohoBooks.{family}.CREATE")
    assert await caller.post(f"/{family}", body, token=writer) == (201, 0)


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Zoho-oauthtoken 1000.unknown", 57),
        ("Bearer {token}", 14),
        ("{token}", 14),
        ("Zoho-oauthtoken ", 14),
        ("", 14),
    ],
)
async def test_an_unknown_or_misspelt_token_is_401(caller: Caller, header: str, code: int) -> None:
    answer = await caller.http.get(
        f"{caller.server.origin}/books/v3/organizations",
        headers={"Authorization": header.format(token=caller.token(ALL)).strip()},
    )
    assert (answer.status_code, answer.json()["code"]) == (401, code)


async def test_a_token_ends_after_its_hour(caller: Caller) -> None:
    token = caller.token(ALL)
    caller.now += 3601
    assert await caller.get("/contacts", token=token) == (401, 57)


@pytest.mark.parametrize("organisation", ["60003", "1", ""])
async def test_an_organisation_of_others_is_6041(caller: Caller, organisation: str) -> None:
    assert await caller.get("/contacts", organisation=organisation) == (400, 6041)


async def test_everyone_sees_only_organisations_of_their_own(caller: Caller) -> None:
    for person, ids in caller.books.people.items():
        await caller.get("/organizations", token=caller.token(ALL, person=person), organisation="")
        assert [one["organization_id"] for one in caller.last.json()["organizations"]] == ids


async def test_the_hundred_and_first_call_of_a_minute_is_refused_with_44(caller: Caller) -> None:
    for _ in range(100):
        assert await caller.get("/settings/taxes") == (200, 0)
    assert await caller.get("/settings/taxes") == (429, 44)
    assert await caller.get("/settings/taxes", organisation="60002") == (200, 0)
    caller.now += 61
    assert await caller.get("/settings/taxes") == (200, 0)


async def test_the_days_quota_is_counted_in_headers_and_ends_with_45(caller: Caller) -> None:
    caller.held_out.day_limit = 2
    for left in ("1", "0"):
        assert await caller.get("/settings/taxes") == (200, 0)
        assert caller.last.headers["X-Rate-Limit-Limit"] == "2"
        assert caller.last.headers["X-Rate-Limit-Remaining"] == left
    assert await caller.get("/settings/taxes") == (429, 45)
    assert caller.last.headers["X-Rate-Limit-Remaining"] == "0"
    assert int(caller.last.headers["X-Rate-Limit-Reset"]) == 86_400 - int(caller.now) % 86_400


async def test_a_refused_call_counts_too(caller: Caller) -> None:
    assert await caller.post("/bills", {}) == (400, 4)
    assert caller.last.headers["X-Rate-Limit-Remaining"] == "9999"


async def test_the_list_of_organisations_counts_for_none(caller: Caller) -> None:
    await caller.get("/organizations", organisation="")
    assert not [name for name in caller.last.headers if name.startswith("x-rate-limit")]


async def test_trouble_comes_as_ordered_and_then_ends(caller: Caller) -> None:
    order = {"status": 500, "code": 1000, "message": "An internal error occurred.", "path": "/contacts"}
    answer = await caller.http.post(f"{caller.server.origin}/sandbox/trouble", json=order)
    assert answer.status_code == 200
    assert await caller.get("/settings/taxes") == (200, 0)
    assert await caller.get("/contacts") == (500, 1000)
    assert await caller.get("/contacts") == (200, 0)


async def test_the_eleventh_call_at_once_is_refused_with_1070(caller: Caller) -> None:
    caller.books.troubles.append(Trouble(status=0, delay_seconds=0.2, times=99))
    found = await asyncio.gather(*(_status(caller) for _ in range(14)))
    assert sorted(found) == [(200, 0)] * 10 + [(429, 1070)] * 4


async def _status(caller: Caller) -> tuple[int, int]:
    answer = await caller.http.get(
        f"{caller.server.origin}/books/v3/settings/taxes",
        params={"organization_id": "60001"},
        headers={"Authorization": f"Zoho-oauthtoken {caller.token(ALL)}"},
    )
    return answer.status_code, answer.json()["code"]


async def test_calls_are_written_down_with_what_was_answered(caller: Caller) -> None:
    await caller.get("/contacts", contact_name="Acme")
    await caller.post("/contacts", {"contact_name": ""})
    journal = (await caller.http.get(f"{caller.server.origin}/sandbox/calls")).json()
    assert [(one["method"], one["path"], one["status"], one["code"], one["body"]) for one in journal] == [
        ("GET", "/contacts", 200, 0, None),
        ("POST", "/contacts", 400, 3013, {"contact_name": ""}),
    ]
    assert journal[0]["query"] == {"organization_id": "60001", "contact_name": "Acme"}
    await caller.http.delete(f"{caller.server.origin}/sandbox/calls")
    assert caller.books.calls == []


async def test_withdrawn_consent_kills_every_token(caller: Caller) -> None:
    token = caller.token(ALL)
    caller.books.refresh_tokens["r"] = Token(ADA, [ALL], "c")
    await caller.http.post(f"{caller.server.origin}/sandbox/withdraw-consent")
    assert caller.books.refresh_tokens == {}
    answer = await caller.http.get(
        f"{caller.server.origin}/books/v3/organizations",
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
    )
    assert answer.status_code == 401
