"""Each button of the page "Make trouble" changes what the API then answers."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from bot.sandbox.visitor import Visitor
from bot.sandbox.zoho_books.books import Token
from tests.integration.sandbox_zoho.conftest import ADA, ALL, Caller, a_bill


@pytest.fixture
async def page(caller: Caller):
    """Someone at the page."""
    async with Visitor() as visitor:
        await visitor.opens(f"{caller.server.origin}/app/60001/trouble")
        yield visitor


async def test_down_is_down_for_as_many_calls_as_ordered(caller: Caller, page: Visitor) -> None:
    text = await page.presses("Go down", status="503", times="2")
    assert "Armed: Zoho Books is down (503), next 2 calls." in text
    assert await caller.get("/contacts") == (503, 1000)
    assert "next call" in await page.opens("/app/60001/trouble")
    assert await caller.post("/bills", a_bill(caller)) == (503, 1000)
    assert caller.held_out.rows["bills"] == []
    assert await caller.get("/contacts") == (200, 0)
    assert "Armed now Nothing." in await page.opens("/app/60001/trouble")


async def test_down_until_cleared_stays_down_until_cleared(caller: Caller, page: Visitor) -> None:
    assert "until it is cleared" in await page.presses("Go down", status="500", until="cleared")
    for _ in range(3):
        assert await caller.get("/contacts") == (500, 1000)
    assert "Nothing is armed now." in await page.presses("Clear all")
    assert await caller.get("/contacts") == (200, 0)


async def test_sign_in_goes_down_only_when_that_is_ordered(caller: Caller, page: Visitor) -> None:
    caller.books.refresh_tokens["r"] = Token(ADA, [ALL], "c")
    await page.presses("Go down", until="cleared")
    assert "access_token" in await caller.asks_token(refresh_token="r")
    await page.presses("Clear all")
    await page.presses("Go down", status="503", sign_in="yes", times="1")
    assert (await caller.asks_token(refresh_token="r"))["error"] == "general_error"
    assert caller.last.status_code == 503
    assert "access_token" in await caller.asks_token(refresh_token="r")


@pytest.mark.parametrize(
    ("code", "headers"),
    [("44", {}), ("1070", {}), ("43", {"Retry-After": "9"}),
     ("45", {"X-Rate-Limit-Reset": "9", "X-Rate-Limit-Remaining": "0"})],
)  # fmt: skip
async def test_throttling_has_zohos_code_and_its_time_to_wait(
    caller: Caller, page: Visitor, code: str, headers: dict[str, str]
) -> None:
    await page.presses("Throttle", code=code, wait="9", times="1")
    assert await caller.get("/contacts") == (429, int(code))
    assert {name: caller.last.headers[name] for name in headers} == headers
    assert await caller.get("/contacts") == (200, 0)


async def test_a_slow_answer_comes_late_and_does_not_hide_other_trouble(
    caller: Caller, page: Visitor
) -> None:
    await page.presses("Answer slowly", seconds="0.3", until="cleared")
    await page.presses("Throttle", code="44", times="1")
    for expected in ((429, 44), (200, 0)):
        before = asyncio.get_running_loop().time()
        assert await caller.get("/contacts") == expected
        assert asyncio.get_running_loop().time() - before >= 0.3


async def test_a_lost_answer_leaves_the_record_written(caller: Caller, page: Visitor) -> None:
    await page.presses("Lose the next answer")
    assert await caller.get("/contacts") == (200, 0)
    with pytest.raises(httpx.RemoteProtocolError):
        await caller.post("/bills", a_bill(caller))
    assert len(caller.held_out.rows["bills"]) == 1
    assert "Lost The answer was lost on its way." in await page.opens("/app/60001/calls")
    assert await caller.post("/bills", a_bill(caller)) == (400, 13011)


@pytest.mark.parametrize(
    ("why", "expected"),
    [("used", (400, 13011)), ("inactive", (400, 1002)), ("locked", (400, 1070001)), ("rights", (401, 57))],
)
async def test_the_next_bill_and_nothing_else_is_refused(
    caller: Caller, page: Visitor, why: str, expected: tuple[int, int]
) -> None:
    await page.presses("Refuse the next bill", why=why)
    assert await caller.get("/bills") == (200, 0)
    assert await caller.post("/contacts", {"contact_name": "Old Mill Hosting"}) == (201, 0)
    assert await caller.post("/bills", a_bill(caller)) == expected
    assert caller.held_out.rows["bills"] == []
    assert await caller.post("/bills", a_bill(caller)) == (201, 0)


async def test_one_trouble_can_be_cleared_and_the_others_stay(caller: Caller, page: Visitor) -> None:
    await page.presses("Throttle", code="44", until="cleared")
    await page.presses("Refuse the next bill", why="used")
    text = await page.presses("Clear Too many calls (429, code 44)")
    assert "The rest stays armed." in text
    assert "1 trouble armed" in text
    assert await caller.get("/contacts") == (200, 0)
    assert await caller.post("/bills", a_bill(caller)) == (400, 13011)


async def test_withdrawn_consent_kills_every_token(caller: Caller, page: Visitor) -> None:
    caller.books.refresh_tokens["r"] = Token(ADA, [ALL], "c")
    assert "Ada gave it." in await page.opens("/app/60001/trouble")
    token = caller.token(ALL)
    assert "no consent any more" in await page.presses("Withdraw consent")
    assert await caller.asks_token(refresh_token="r") == {"error": "invalid_code"}
    answer = await caller.http.get(
        f"{caller.server.origin}/books/v3/organizations",
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
    )
    assert answer.json()["code"] == 57


async def test_access_that_ran_out_can_be_renewed(caller: Caller, page: Visitor) -> None:
    caller.books.refresh_tokens["r"] = Token(ADA, [ALL], "c")
    old = (await caller.asks_token(refresh_token="r"))["access_token"]
    await page.presses("Let access run out")
    assert await caller.get("/contacts", token=old) == (401, 57)
    new = (await caller.asks_token(refresh_token="r"))["access_token"]
    assert await caller.get("/contacts", token=new) == (200, 0)


async def test_a_renamed_account_has_its_new_name_everywhere(caller: Caller, page: Visitor) -> None:
    await caller.post("/bills", a_bill(caller))
    travel = caller.id_of("accounts", "Travel")
    text = await page.presses("Rename account", record=travel, name="  Trains &  taxis ")
    assert "Renamed: Travel is now Trains & taxis." in text
    await caller.get("/chartofaccounts")
    names = {row["account_id"]: row["account_name"] for row in caller.last.json()["chartofaccounts"]}
    assert names[travel] == "Trains & taxis"
    await caller.get(f"/bills/{caller.held_out.rows['bills'][0]['bill_id']}")
    assert caller.last.json()["bill"]["line_items"][0]["account_name"] == "Trains & taxis"


async def test_an_archived_account_is_refused_and_a_restored_one_taken(caller: Caller, page: Visitor) -> None:
    travel, bill = caller.id_of("accounts", "Travel"), a_bill(caller)
    assert "Travel is inactive now." in await page.presses("Archive account", record=travel)
    await caller.get("/chartofaccounts")
    assert travel not in {row["account_id"] for row in caller.last.json()["chartofaccounts"]}
    assert await caller.post("/bills", bill) == (400, 1002)
    assert "Travel is active again." in await page.presses("Restore account", record=travel)
    assert await caller.post("/bills", bill) == (201, 0)


async def test_an_archived_tax_is_refused_and_a_restored_one_taken(caller: Caller, page: Visitor) -> None:
    tax = caller.id_of("taxes", "Reduced Rate")
    bill = a_bill(caller, line={"tax_id": tax})
    await page.presses("Archive tax", record=tax)
    assert await caller.post("/bills", bill) == (400, 1002)
    await page.presses("Restore tax", record=tax)
    assert await caller.post("/bills", bill) == (201, 0)


async def test_a_supplier_is_renamed_and_made_inactive_by_name(caller: Caller, page: Visitor) -> None:
    bill = a_bill(caller)
    await caller.post("/bills", bill)
    await page.presses("Rename supplier", named="kestrel taxis", name="Kestrel Cars")
    await caller.get("/contacts", contact_name="Kestrel Cars")
    assert len(caller.last.json()["contacts"]) == 1
    await caller.get("/bills")
    assert caller.last.json()["bills"][0]["vendor_name"] == "Kestrel Cars"
    await page.presses("Make inactive", named="Kestrel Cars")
    assert await caller.post("/bills", bill | {"bill_number": "2"}) == (400, 1002)
    await page.presses("Make active", named="Kestrel Cars")
    assert await caller.post("/bills", bill | {"bill_number": "2"}) == (201, 0)


async def test_on_a_records_own_page_the_same_can_be_done(caller: Caller, page: Visitor) -> None:
    travel = caller.id_of("accounts", "Travel")
    await page.opens(f"/app/60001/accounts/{travel}")
    text = await page.presses("Rename", name="Trips")
    assert page.address.partition("?")[0].endswith(f"/accounts/{travel}")
    assert "Renamed: Travel is now Trips." in text
    assert "Trips Inactive" in await page.presses("Make inactive")
    assert "Trips Active" in await page.presses("Make active")


@pytest.mark.parametrize(
    ("button", "fields", "says"),
    [
        ("Rename account", {"name": "   "}, "Write a name of 1 to 200 characters."),
        ("Rename account", {"name": "Office SUPPLIES"}, "named Office SUPPLIES already"),
        ("Rename account", {"name": "X", "record": "1"}, "There is no such account to change."),
        ("Rename supplier", {"named": "Nobody", "name": "X"}, "There is no supplier named Nobody."),
        ("Go down", {"times": "0"}, "Write a number from 1 to 1000."),
        ("Go down", {"times": "soon"}, "Write a number from 1 to 1000."),
        ("Go down", {"times": "nan"}, "Write a number from 1 to 1000."),
        ("Go down", {"status": "200"}, "Choose one of the choices on the page."),
        ("Answer slowly", {"seconds": "9999"}, "Write a number from 0.1 to 120."),
        ("Refuse the next bill", {"why": "because"}, "Choose one of the choices on the page."),
    ],
)
async def test_nonsense_arms_and_changes_nothing_and_says_what_to_do(
    caller: Caller, page: Visitor, button: str, fields: dict[str, str], says: str
) -> None:
    usual = {"record": caller.id_of("accounts", "Travel")} if button == "Rename account" else {}
    names = [row["account_name"] for row in caller.held_out.rows["accounts"]]
    assert says in await page.presses(button, **(usual | fields))
    assert caller.books.troubles == []
    assert [row["account_name"] for row in caller.held_out.rows["accounts"]] == names


@pytest.mark.parametrize(
    "path", ["trouble/arm/flood", "change/nonsense/rename", "change/bills/rename", "change/currencies/active"]
)
async def test_an_order_that_is_on_no_page_changes_nothing(caller: Caller, path: str) -> None:
    before = repr(caller.held_out.rows)
    answer = await caller.http.post(
        f"{caller.server.origin}/app/60001/{path}", data={"record": "1", "name": "X"}, follow_redirects=True
    )
    assert "There is no such" in answer.text
    assert repr(caller.held_out.rows) == before
    assert caller.books.troubles == []


async def test_an_order_for_no_organisation_is_not_found(caller: Caller) -> None:
    for path in ("trouble/arm/down", "trouble/clear", "trouble/withdraw", "trouble/expire", "calls/clear",
                 "change/accounts/rename"):  # fmt: skip
        answer = await caller.http.post(f"{caller.server.origin}/app/1/{path}", data={})
        assert answer.status_code == 404
    assert caller.books.troubles == []


async def test_what_was_said_once_is_not_said_again_and_never_in_an_address(
    caller: Caller, page: Visitor
) -> None:
    await page.presses("Rename supplier", named="<b>", name="X")
    assert "There is no supplier named <b>." in page.text
    assert "There" not in page.address
    assert "named <b>" not in await page.opens(page.address)
