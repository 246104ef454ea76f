"""Lock dates and exchange rates as Zoho Books lists them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from bot.accounting.zoho_books.lists import currency, lock
from bot.domain.lists import ListKind
from tests.unit.accounting.scripted import ledger

ROW = {
    "transaction_lock_id": "1",
    "transaction_lock_status": "enabled",
    "transaction_lock_date": "2026-03-31",
    "lock_scope_formatted": "All",
}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ("all", "2026-03-31")),
        ({"lock_scope_formatted": "Sales"}, ("sales", "2026-03-31")),
        ({"transaction_lock_status": "enabled_with_logging"}, ("all", "2026-03-31")),
        ({"transaction_lock_status": "disabled"}, None),
        ({"transaction_lock_date": ""}, None),
        ({"transaction_lock_date": "31/03/2026"}, None),
    ],
)
def test_a_lock_is_told_by_what_it_locks(changes: dict[str, Any], found: tuple[str, str] | None) -> None:
    """C23."""
    entry = lock(ROW | changes)
    assert (entry and (entry.id, entry.until)) == found


async def test_of_several_locks_of_one_scope_the_furthest_counts() -> None:
    """C23: each accounting period may have its own."""
    rows = [ROW, ROW | {"transaction_lock_date": "2026-06-30"}, ROW | {"transaction_lock_date": "2025-12-31"}]
    answer = {"code": 0, "transaction_locks": rows}
    pages = ledger(lambda _: httpx.Response(200, json=answer)).fetch(ListKind.TRANSACTION_LOCKS)
    assert [entry.until async for page in pages for entry in page] == ["2026-06-30"]


@pytest.mark.parametrize(
    ("rate", "day", "found"),
    [
        (0.8612, "2026-11-03", ("0.8612", "2026-11-03")),
        (1, "", ("1", "")),
        (0, "2026-11-03", ("", "2026-11-03")),
        (None, None, ("", "")),
        ("?", "yesterday", ("", "")),
    ],
)
def test_a_currency_brings_the_organisations_own_rate(rate: object, day: object, found) -> None:
    """C19."""
    row = {"currency_id": "1", "currency_code": "EUR", "exchange_rate": rate, "effective_date": day}
    entry = currency(row)
    assert entry is not None
    assert (entry.rate, entry.as_of) == found
