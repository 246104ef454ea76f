"""Zoho Books: `AccountingSoftware` and `Ledger` of bot/ports.py over its API v3."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx

from bot.accounting.zoho_books import lists, records
from bot.accounting.zoho_books.auth import ZohoSignIn
from bot.accounting.zoho_books.client import ZohoApi
from bot.accounting.zoho_books.hosts import books_address
from bot.accounting.zoho_books.rights import AREAS, missing
from bot.domain.coding import Coding
from bot.domain.connection import Credentials, Organisation
from bot.domain.identity import EntryId
from bot.domain.items import PublishAs
from bot.domain.lists import Entry, ListKind, fold
from bot.domain.publication import Booked, Record
from bot.errors import Refused
from bot.ports import CallBudget, TokenStore


@dataclass(frozen=True)
class ZohoLedger:
    """One connection's way into its books."""

    api: ZohoApi

    async def organisations(self) -> Sequence[Organisation]:
        answer = await self.api.read("/organizations")
        rows = answer.get("organizations")
        return [
            Organisation(
                id=str(row.get("organization_id", "")),
                name=str(row.get("name", "")),
                currency=str(row.get("currency_code", "")),
                country=str(row.get("country") or row.get("country_code") or ""),
                time_zone=str(row.get("time_zone", "")),
                edition=str(row.get("version", "")),
            )
            for row in (rows if isinstance(rows, list) else [])
            if isinstance(row, dict) and row.get("is_org_active", True)
        ]

    async def look(self, area: str) -> None:
        await self.api.read(AREAS[area], page=1, per_page=1)

    def fetch(self, kind: ListKind) -> AsyncIterator[Sequence[Entry]]:
        return lists.fetch(self.api, kind)

    async def find_supplier(self, name: str) -> Entry | None:
        """No type filter: a customer may hold the name. The filter's effect is checked again."""
        answer = await self.api.read("/contacts", contact_name=name, filter_by="Status.All")
        rows = answer.get("contacts")
        for row in rows if isinstance(rows, list) else []:
            entry = lists.supplier(row)
            if entry and fold(entry.name) == fold(name):
                return entry
        return None

    async def create_supplier(self, name: str, currency: str) -> Entry:
        body: dict[str, Any] = {"contact_name": name, "contact_type": "vendor"}
        if currency:
            body["currency_id"] = currency
        answer = await self.api.write("/contacts", records.to_json(body))
        entry = lists.supplier(answer.get("contact") or {})
        if entry is None or not entry.id:
            raise Refused("Zoho Books did not say which supplier it made.", cause="name_refused")
        return entry

    async def find(self, record: Record) -> Booked | None:
        for row in await self._candidates(record):
            said = str(row.get("reference_number", ""))
            if record.reference in said.split() and str(row.get("status", "")) != "void":
                return await self._whole(record.kind, row)
        return None

    async def _candidates(self, record: Record) -> Sequence[dict[str, Any]]:
        if record.kind is PublishAs.BILL:
            query = {
                "vendor_id": str(record.body["vendor_id"]), "bill_number": str(record.body["bill_number"])
            }  # fmt: skip
        else:
            query = {"reference_number": str(record.body["reference_number"])}
        found: list[dict[str, Any]] = []
        name = f"{records.ROWS[record.kind]}s"
        async for rows in self.api.pages(records.PATHS[record.kind], name, **query):
            found += rows
        return found

    async def _whole(self, kind: PublishAs, row: Mapping[str, Any]) -> Booked:
        """List rows are thin: one record has its lines."""
        name = records.ROWS[kind]
        answer = await self.api.read(f"{records.PATHS[kind]}/{row[f'{name}_id']}")
        return await self._booked(kind, answer.get(name) or row)

    async def send(self, record: Record) -> Booked:
        answer = await self.api.write(records.PATHS[record.kind], records.to_json(record.body))
        return await self._booked(record.kind, answer.get(records.ROWS[record.kind]) or {})

    async def _booked(self, kind: PublishAs, row: Mapping[str, Any]) -> Booked:
        credentials = await self.api.tokens.read()
        address = books_address(credentials.api_url) if credentials else ""
        name = records.ROWS[kind]
        link = f"{address}/app/{self.api.organisation}#/{name}s/{row.get(f'{name}_id', '')}"
        return records.booked(kind, row, link)


class ZohoBooks:
    """What a connection can be made to."""

    slug = "zoho-books"
    name = "Zoho Books"
    summary = "Bills, expenses and the lists behind them"
    rights = "read your lists; create bills, expenses and suppliers. Nothing is changed or deleted."
    lists: tuple[ListKind, ...] = (*lists.SOURCES, ListKind.PAYMENT_MODES)
    areas: tuple[str, ...] = tuple(AREAS)

    def __init__(self, http: httpx.AsyncClient, sign_in: ZohoSignIn) -> None:
        self._http = http
        self._sign_in = sign_in

    def sign_in_url(self, state: str, redirect_uri: str) -> str:
        return self._sign_in.address(state, redirect_uri)

    async def exchange(self, callback: Mapping[str, str], redirect_uri: str) -> Credentials:
        return await self._sign_in.exchange(callback, redirect_uri)

    async def revoke(self, credentials: Credentials) -> None:
        await self._sign_in.revoke(credentials, self._http)

    def rights_missing(self, credentials: Credentials) -> Sequence[str]:
        return missing(credentials.scope)

    def ledger(self, tokens: TokenStore, budget: CallBudget, organisation: str = "") -> ZohoLedger:
        return ZohoLedger(ZohoApi(self._http, self._sign_in, tokens, budget, organisation))

    def record(
        self,
        coding: Coding,
        supplier: Entry,
        organisation: Organisation,
        currencies: Mapping[str, EntryId],
        reference: str,
    ) -> Record:
        return records.record(coding, supplier, organisation, currencies, reference)
