"""With a state file, the simulated Zoho Books is stopped and started without a loss."""

from __future__ import annotations

import asyncio
import signal
import sys
from dataclasses import asdict
from pathlib import Path

import httpx

from bot.sandbox.zoho_books import ZohoServer, sample_books
from tests.integration.sandbox_zoho.conftest import Caller, a_bill, an_expense


async def served(state_file: Path, http: httpx.AsyncClient) -> Caller:
    books = sample_books()
    books.state_file = state_file
    caller = Caller(http, ZohoServer(books))
    await caller.server.start()
    return caller


async def test_records_and_sign_ins_outlive_a_restart(tmp_path: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        before = await served(tmp_path / "zoho.json", http)
        back = await before.consents(scope="ZohoBooks.bills.READ")
        tokens = await before.asks_token(code=back["code"])
        assert await before.post("/bills", a_bill(before)) == (201, 0)
        assert await before.post("/expenses", an_expense(before)) == (201, 0)
        assert await before.post("/contacts", {"contact_name": "Old Mill Hosting"}) == (201, 0)
        await before.server.stop()

        after = await served(tmp_path / "zoho.json", http)
        assert [asdict(one) for one in after.books.organisations] == [
            asdict(one) for one in before.books.organisations
        ]
        assert after.books.next_id == before.books.next_id
        assert await after.get("/bills", token=tokens["access_token"]) == (200, 0)
        assert len(after.last.json()["bills"]) == 1
        assert "access_token" in await after.asks_token(refresh_token=tokens["refresh_token"])
        assert await after.post("/bills", a_bill(after)) == (400, 13011)
        assert await after.post("/bills", a_bill(after, bill_number="INV-002")) == (201, 0)
        numbers = [row["bill_id"] for row in after.held_out.rows["bills"]]
        assert len(set(numbers)) == 2
        await after.server.stop()


async def test_a_withdrawn_consent_stays_withdrawn(tmp_path: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        before = await served(tmp_path / "zoho.json", http)
        back = await before.consents()
        tokens = await before.asks_token(code=back["code"])
        before.books.withdraw_consent()
        await before.server.stop()

        after = await served(tmp_path / "zoho.json", http)
        assert await after.asks_token(refresh_token=tokens["refresh_token"]) == {"error": "invalid_code"}
        await after.server.stop()


async def test_as_a_program_it_says_where_it_listens_and_stops_when_asked(tmp_path: Path) -> None:
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", "bot.sandbox.zoho_books",
        "--state-file", str(tmp_path / "zoho.json"), "--client-id", "1000.MINE",
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        assert program.stdout is not None
        line = (await asyncio.wait_for(program.stdout.readline(), 30)).decode()
        assert line.startswith("zoho-books ready on http://127.0.0.1:")
        origin = line.split()[-1]
        async with httpx.AsyncClient(trust_env=False) as http:
            form = {"client_id": "1000.MINE", "grant_type": "refresh_token"}
            answer = await http.post(f"{origin}/oauth/v2/token", data=form)
            assert answer.json() == {"error": "invalid_client_secret"}
            state = (await http.get(f"{origin}/sandbox/state")).json()
            assert [one["id"] for one in state] == ["60001", "60002", "60003"]
        program.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(program.wait(), 30) == 0
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()


async def test_a_sign_in_half_done_and_the_count_of_renewals_outlive_a_restart(tmp_path: Path) -> None:
    """Else a restart would forgive what Zoho does not."""
    async with httpx.AsyncClient(trust_env=False) as http:
        before = await served(tmp_path / "zoho.json", http)
        back = await before.consents()
        tokens = await before.asks_token(code=back["code"])
        for _ in range(10):
            await before.asks_token(refresh_token=tokens["refresh_token"])
        open_one = await before.consents()
        await before.server.stop()

        after = await served(tmp_path / "zoho.json", http)
        denied = await after.asks_token(refresh_token=tokens["refresh_token"])
        assert denied["error"] == "Access Denied"
        assert await after.asks_token(code=back["code"]) == {"error": "invalid_code"}
        assert "access_token" in await after.asks_token(code=open_one["code"])
        await after.server.stop()


async def test_expired_access_tokens_stay_expired(tmp_path: Path) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        before = await served(tmp_path / "zoho.json", http)
        back = await before.consents(scope="ZohoBooks.bills.READ")
        tokens = await before.asks_token(code=back["code"])
        assert await before.get("/bills", token=tokens["access_token"]) == (200, 0)
        before.books.expire_access_tokens()
        await before.server.stop()

        after = await served(tmp_path / "zoho.json", http)
        assert await after.get("/bills", token=tokens["access_token"]) == (401, 57)
        renewed = await after.asks_token(refresh_token=tokens["refresh_token"])
        assert await after.get("/bills", token=renewed["access_token"]) == (200, 0)
        await after.server.stop()
