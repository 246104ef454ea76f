"""The simulated Zoho Books and a plain caller: nothing of the bot's own client."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from bot.sandbox.zoho_books import Books, ZohoServer, sample_books
from bot.sandbox.zoho_books.books import Organisation, Token

RETURN_TO = "https://bot.example/oauth/zoho-books"
ADA = "ada@held-out.example"
ALL = "ZohoBooks.fullaccess.all"
Answer = tuple[int, int]
"""HTTP status and Zoho's code."""


class Caller:
    """Someone with an access token of ada's and the rights of `scopes`."""

    def __init__(self, http: httpx.AsyncClient, server: ZohoServer) -> None:
        self.http = http
        self.server = server
        self.books: Books = server.books
        self.now = 1_800_000_000.0
        self.books.clock = lambda: self.now
        self.last: httpx.Response = httpx.Response(0)

    @property
    def held_out(self) -> Organisation:
        return self.books.organisations[0]

    def token(self, *scopes: str, person: str = ADA) -> str:
        """An access token good for an hour."""
        name = f"token-{person}-{'-'.join(scopes)}"
        self.books.access_tokens[name] = Token(person, list(scopes), "c", self.now + 3600)
        return name

    async def get(self, path: str, *, token: str = "", organisation: str = "60001", **query: Any) -> Answer:
        parameters = {"organization_id": organisation} | query if organisation else query
        return await self._call("GET", path, token, params=parameters)

    async def post(
        self, path: str, body: Any, *, token: str = "", organisation: str = "60001", **query: Any
    ) -> Answer:
        """`body` is sent as JSON, or as it is when it is bytes."""
        content = {"content": body} if isinstance(body, bytes) else {"json": body}
        parameters = {"organization_id": organisation} | query
        return await self._call("POST", path, token, params=parameters, **content)

    async def _call(self, method: str, path: str, token: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Zoho-oauthtoken {token or self.token(ALL)}"}
        address = f"{self.server.origin}/books/v3{path}"
        self.last = await self.http.request(method, address, headers=headers, **more)
        return self.last.status_code, self.last.json()["code"]

    @property
    def message(self) -> str:
        return str(self.last.json()["message"])

    def id_of(self, kind: str, name: str) -> str:
        """The id of the account, contact, tax … of that name."""
        one = {"currencies": "currency", "taxes": "tax"}.get(kind, kind.removesuffix("s"))
        label = "currency_code" if kind == "currencies" else f"{one}_name"
        return next(str(row[f"{one}_id"]) for row in self.held_out.rows[kind] if row[label] == name)

    # --- sign-in

    async def consents(self, **changes: str) -> dict[str, str]:
        """What the browser brings back after the consent page; `decision` may be `reject`."""
        form = {
            "response_type": "code", "client_id": self.books.client_id, "scope": "ZohoBooks.settings.READ",
            "redirect_uri": RETURN_TO, "access_type": "offline", "prompt": "consent", "state": "s",
            "person": ADA, "decision": "accept",
        } | changes  # fmt: skip
        self.last = await self.http.post(f"{self.server.origin}/oauth/v2/auth", data=form)
        return dict(parse_qsl(urlsplit(self.last.headers.get("location", "")).query))

    async def asks_token(self, **changes: str) -> dict[str, Any]:
        """The token endpoint's answer to an exchange (`code=`) or renewal (`refresh_token=`)."""
        form = {"client_id": self.books.client_id, "client_secret": self.books.client_secret}
        kind = "refresh_token" if "refresh_token" in changes else "authorization_code"
        form |= {"grant_type": kind, "redirect_uri": RETURN_TO} | changes
        self.last = await self.http.post(f"{self.server.origin}/oauth/v2/token", data=form)
        found: dict[str, Any] = self.last.json()
        return found


def a_bill(caller: Caller, *, line: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    usual = {"account_id": caller.id_of("accounts", "Travel"), "rate": 120.5, "quantity": 1}
    return {
        "vendor_id": caller.id_of("contacts", "Kestrel Taxis"),
        "bill_number": "INV-001",
        "date": "2026-03-03",
        "is_inclusive_tax": True,
        "line_items": [usual | (line or {})],
    } | changes


def an_expense(caller: Caller, **changes: Any) -> dict[str, Any]:
    return {
        "account_id": caller.id_of("accounts", "Travel"),
        "paid_through_account_id": caller.id_of("accounts", "Petty Cash"),
        "date": "2026-03-03",
        "amount": 18.4,
    } | changes


def a_vendor_credit(caller: Caller, *, line: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    usual = {
        "account_id": caller.id_of("accounts", "Travel"), "name": "Refund", "rate": 12.5, "quantity": 1
    }  # fmt: skip
    return {
        "vendor_id": caller.id_of("contacts", "Kestrel Taxis"),
        "date": "2026-03-03",
        "is_inclusive_tax": True,
        "line_items": [usual | (line or {})],
    } | changes


def a_sale(caller: Caller, *, line: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    usual = {"account_id": caller.id_of("accounts", "Sales"), "name": "Design", "rate": 100.0, "quantity": 1}
    return {
        "customer_id": caller.id_of("contacts", "Harbour Books"),
        "date": "2026-03-03",
        "line_items": [usual | (line or {})],
    } | changes


def an_invoice(caller: Caller, **changes: Any) -> dict[str, Any]:
    return a_sale(caller, **{"is_inclusive_tax": True} | changes)


def a_credit_note(caller: Caller, **changes: Any) -> dict[str, Any]:
    return a_sale(caller, **{"is_inclusive_tax": True} | changes)


def a_receipt(caller: Caller, **changes: Any) -> dict[str, Any]:
    return a_sale(caller, **{"payment_mode": "cash"} | changes)


def a_payment(caller: Caller, bill: str, **changes: Any) -> dict[str, Any]:
    return {
        "vendor_id": caller.id_of("contacts", "Kestrel Taxis"),
        "date": "2026-03-03",
        "amount": 20.5,
        "paid_through_account_id": caller.id_of("accounts", "Petty Cash"),
        "reference_number": "DX-1-P",
        "bills": [{"bill_id": bill, "amount_applied": 20.5}],
    } | changes


@pytest.fixture
async def caller() -> AsyncIterator[Caller]:
    server = ZohoServer(sample_books())
    await server.start()
    async with httpx.AsyncClient(trust_env=False) as http:
        yield Caller(http, server)
    await server.stop()
