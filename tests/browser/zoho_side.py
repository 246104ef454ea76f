"""The simulated Zoho Books for browser tests: lived in, with someone who calls its API beside the browser."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest_asyncio

from bot.sandbox.zoho_books import ZohoServer, sample_books
from bot.sandbox.zoho_books.books import Books, Token

ADA = "ada@held-out.example"
TOKEN = "1000.browser"


class Zoho:
    """The server, and plain calls to its API as ada."""

    def __init__(self, server: ZohoServer, http: httpx.AsyncClient) -> None:
        self.server = server
        self.books: Books = server.books
        self._http = http
        self.signs_in()

    @property
    def origin(self) -> str:
        return self.server.origin

    @property
    def app(self) -> str:
        return f"{self.origin}/app/60001"

    def signs_in(self) -> None:
        rights = ["ZohoBooks.fullaccess.all"]
        self.books.refresh_tokens["1000.refresh"] = Token(ADA, rights, self.books.client_id)
        self.books.access_tokens[TOKEN] = Token(ADA, rights, self.books.client_id, self.books.clock() + 3600)

    async def calls(self, method: str, path: str, **more: Any) -> tuple[int, int]:
        """HTTP status and Zoho's code."""
        answer = await self._http.request(
            method,
            f"{self.origin}/books/v3{path}",
            params={"organization_id": "60001"},
            headers={"Authorization": f"Zoho-oauthtoken {TOKEN}"},
            **more,
        )
        self.last: dict[str, Any] = answer.json()
        return answer.status_code, int(self.last["code"])

    def id_of(self, kind: str, one: str, name: str) -> str:
        rows = self.books.organisations[0].rows[kind]
        return next(str(row[f"{one}_id"]) for row in rows if row[f"{one}_name"] == name)

    async def books_a_bill(
        self, number: str, supplier: str = "Kestrel Taxis", **line: Any
    ) -> tuple[int, int]:
        travel = {"account_id": self.id_of("accounts", "account", "Travel"), "rate": 100, "quantity": 1}
        body = {
            "vendor_id": self.id_of("contacts", "contact", supplier),
            "bill_number": number,
            "line_items": [travel | line],
        }
        return await self.calls("POST", "/bills", json=body)


@pytest_asyncio.fixture(loop_scope="session")
async def zoho() -> AsyncIterator[Zoho]:
    server = ZohoServer(sample_books(lived_in=True))
    await server.start()
    async with httpx.AsyncClient(trust_env=False) as http:
        yield Zoho(server, http)
    await server.stop()
