"""The bot's client does its work on what Zoho describes alone.

Between it and the simulation every field goes that the OpenAPI description does not have; where there is no
description, those that the simulation is known to add.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from bot.domain.identity import EntryId
from bot.domain.items import PublishAs, Side
from bot.domain.kinds import OFFERED
from bot.domain.lists import ListKind
from bot.domain.publication import differences
from tests import openapi_check
from tests.integration.zoho_client.conftest import Bench
from tests.integration.zoho_client.test_description import a_coding

PREFIX = "/books/v3"
ADDED = {"country", "created_time", "paid_through_account_id", "vendor_id", "vendor_name"}
EXPENSE = "/expenses"


class OnlyWhatIsDescribed(httpx.AsyncBaseTransport):
    """Passes calls on; takes from their answers what is not described."""

    def __init__(self) -> None:
        self._outside = httpx.AsyncHTTPTransport()
        self.taken: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        answer = await self._outside.handle_async_request(request)
        content = await answer.aread()
        path = request.url.path.removeprefix(PREFIX)
        if not (request.url.path.startswith(PREFIX) and answer.is_success):
            return answer
        body = {
            name: self._less(request.method, path, answer.status_code, name, value)
            for name, value in json.loads(content).items()
        }
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        return httpx.Response(answer.status_code, headers=headers, json=body)

    def _less(self, method: str, path: str, status: int, name: str, value: Any) -> Any:
        if isinstance(value, list):
            return [self._less(method, path, status, name, one) for one in value]
        if not isinstance(value, dict) or name == "page_context":
            return value
        status = 200 if path == EXPENSE else status
        known = openapi_check.answer_names(method, path, status, name)
        extra = set(value) - known if known else set(value) & {"country"}
        if path.startswith(EXPENSE):
            extra |= set(value) & ADDED
        self.taken |= extra
        return {field: one for field, one in value.items() if field not in extra}

    async def aclose(self) -> None:
        await self._outside.aclose()


@pytest.fixture
async def bare() -> AsyncIterator[tuple[Bench, OnlyWhatIsDescribed]]:
    transport = OnlyWhatIsDescribed()
    async with httpx.AsyncClient(transport=transport, trust_env=False) as http:
        bench = Bench(http)
        await bench.server.start()
        try:
            await bench.connects()
            yield bench, transport
        finally:
            await bench.server.stop()


@pytest.mark.parametrize("kind", PublishAs)
async def test_a_record_is_sent_found_again_and_compared(bare, kind: PublishAs) -> None:
    """S1: what an answer does not say is no difference, and what it says is compared."""
    bench, transport = bare
    ledger = bench.ledger()
    organisation = (await bench.ledger("").organisations())[0]
    find = ledger.find_customer if kind in OFFERED[Side.SALE] else ledger.find_supplier
    party = await find("Harbour Books" if kind in OFFERED[Side.SALE] else "Northwind Paper Ltd")
    assert party is not None
    currencies = {"EUR": EntryId(str(bench.row("currencies", "currency_code", "EUR")["currency_id"]))}
    record = bench.software().record(a_coding(bench, kind), party, organisation, currencies, "DX-7KQ2M9")
    sent = await ledger.send(record)
    assert differences(record, sent) == ()
    found = await ledger.find(record)
    assert found is not None
    assert (found.record_id, found.link, found.read_back) == (sent.record_id, sent.link, sent.read_back)
    known = {"date", "total"} if kind is PublishAs.SALES_RECEIPT else {"date", "total", "reference"}
    assert known <= set(found.read_back)
    if kind is PublishAs.EXPENSE:
        assert transport.taken == ADDED
        assert "supplier" not in found.read_back


async def test_every_list_is_read_whole(bare) -> None:
    """S40."""
    bench, _ = bare
    bench.held_out.has_locations = True
    bench.held_out.country, bench.held_out.lock_date = "U.S.A", "2025-12-31"
    counts = {}
    for kind in bench.software().lists:
        counts[kind] = sum([len(page) async for page in bench.ledger().fetch(kind)])
    rows = bench.held_out.rows
    vendors = [row for row in rows["contacts"] if row["contact_type"] == "vendor"]
    assert counts == {
        ListKind.CATEGORIES: len(rows["accounts"]),
        ListKind.TAXES: len(rows["taxes"]),
        ListKind.SUPPLIERS: len(vendors),
        ListKind.CUSTOMERS: len(rows["contacts"]) - len(vendors),
        ListKind.BANK_ACCOUNTS: 3,
        ListKind.PROJECTS: len(rows["projects"]),
        ListKind.PRODUCTS: len(rows["items"]),
        ListKind.CURRENCIES: len(rows["currencies"]),
        ListKind.LOCATIONS: 0,
        ListKind.TRANSACTION_LOCKS: 0,
        ListKind.PAYMENT_MODES: 6,
        ListKind.TAX_EXEMPTIONS: 0,
        ListKind.REPORTING_TAGS: 0,
        ListKind.USERS: 1,
        ListKind.TRANSACTION_LOCKS: 1,
    }


async def test_a_created_supplier_is_known_by_its_id(bare) -> None:
    """S20."""
    bench, _ = bare
    made = await bench.ledger().create_supplier("Old Mill Hosting", "")
    found = await bench.ledger().find_supplier("old mill hosting")
    assert found is not None
    assert (found.id, found.name) == (made.id, "Old Mill Hosting")
