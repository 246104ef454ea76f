"""Changes only, where Zoho Books can truly tell them; and nothing read twice."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import Any

import pytest

from bot.domain.lists import Entry, ListKind
from bot.errors import NotFound, RateLimited, Refused, Unavailable
from bot.sandbox.zoho_books.books import Trouble
from tests.integration.zoho_client.conftest import Bench

BEFORE = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
LATER = "2026-06-02T10:00:00+0000"


async def changed(bench: Bench, kind: ListKind) -> list[Entry]:
    bench.books.calls.clear()
    return [entry async for page in bench.ledger().fetch(kind, BEFORE) for entry in page]


def touched(bench: Bench, kind: str, name: str, wanted: str) -> dict[str, Any]:
    row = bench.row(kind, name, wanted)
    row["last_modified_time"] = LATER
    return row


async def test_of_the_accounts_only_what_changed_comes(bench: Bench) -> None:
    """S47: Zoho filters accounts by time; inactive ones too."""
    await bench.connects()
    touched(bench, "accounts", "account_name", "Travel")
    touched(bench, "accounts", "account_name", "Print & Copy")
    assert {entry.name for entry in await changed(bench, ListKind.CATEGORIES)} == {"Travel", "Print & Copy"}
    (call,) = bench.books.calls
    assert call.query["last_modified_time"] == "2026-06-01T00:00:00+0000"


async def test_contacts_come_latest_first_until_one_is_old_enough(bench: Bench) -> None:
    """S47: a filter by time would be ignored without a word, so they are sorted."""
    await bench.connects()
    touched(bench, "contacts", "contact_name", "Acme Paper Ltd")
    found = await changed(bench, ListKind.SUPPLIERS)
    assert found[0].name == "Acme Paper Ltd"
    assert [call.query["page"] for call in bench.books.calls] == ["1"]
    assert bench.books.calls[0].query["sort_column"] == "last_modified_time"


async def test_where_many_changed_further_pages_are_read(bench: Bench) -> None:
    """S47: until the changes end, not until the first page does."""
    await bench.connects()
    vendors = [row for row in bench.held_out.rows["contacts"] if row["contact_type"] == "vendor"]
    for row in vendors[:-5]:
        row["last_modified_time"] = LATER
    found = await changed(bench, ListKind.SUPPLIERS)
    assert {row["contact_id"] for row in vendors[:-5]} <= {entry.id for entry in found}
    assert len(bench.books.calls) == 2


@pytest.mark.parametrize("times", ["unsorted", "empty"])
async def test_an_order_that_zoho_does_not_keep_is_seen_and_everything_is_read(
    bench: Bench, times: str
) -> None:
    """S40: a filter's effect is checked again; an empty time says nothing."""
    await bench.connects()
    rows = bench.held_out.rows["contacts"]
    if times == "empty":
        for row in rows:
            row["last_modified_time"] = ""
    else:
        # What a service does that ignores how it is asked to sort.
        kept = [dict(row) for row in rows]
        for row in rows:
            del row["last_modified_time"]
        touched(bench, "contacts", "contact_name", kept[-10]["contact_name"])
    found = await changed(bench, ListKind.SUPPLIERS)
    vendors = [row for row in rows if row["contact_type"] == "vendor"]
    assert {entry.id for entry in found} == {row["contact_id"] for row in vendors}
    assert len(bench.books.calls) == 2


async def test_the_chart_of_accounts_is_read_once_for_two_lists(bench: Bench) -> None:
    """S40: nothing is read twice: calls are pages."""
    await bench.connects()
    ledger = bench.ledger()
    found = {}
    for kind in (ListKind.CATEGORIES, ListKind.BANK_ACCOUNTS):
        found[kind] = [entry.name async for page in ledger.fetch(kind) for entry in page]
    assert sorted(found[ListKind.BANK_ACCOUNTS]) == ["Current Account", "Petty Cash", "Visa 4242"]
    assert [call.path for call in bench.books.calls] == ["/chartofaccounts", "/bankaccounts"]


async def test_a_whole_refresh_makes_one_call_a_page(bench: Bench) -> None:
    """S40."""
    await bench.connects()
    ledger = bench.ledger()
    for kind in bench.software().lists:
        with contextlib.suppress(NotFound):  # not every list is switched on
            async for _ in ledger.fetch(kind):
                pass
    asked = [
        (call.path, call.query.get("contact_type"), call.query.get("page")) for call in bench.books.calls
    ]
    assert len(asked) == len(set(asked))
    assert sum(path == "/contacts" for path, _, _ in asked) == 3


async def test_lists_that_may_not_be_read_cost_one_renewal_altogether(bench: Bench) -> None:
    """S41: ten access tokens in ten minutes are soon gone."""
    await bench.connects()
    for token in bench.books.refresh_tokens.values():
        token.scopes = ["ZohoBooks.contacts.READ"]
    bench.books.expire_access_tokens()
    ledger = bench.ledger()
    read, refused = [], []
    for kind in bench.software().lists:
        try:
            read.append((kind, [page async for page in ledger.fetch(kind)]))
        except Refused as fault:
            refused.append(fault.cause)
    assert {kind for kind, _ in read} == {ListKind.SUPPLIERS, ListKind.CUSTOMERS, ListKind.PAYMENT_MODES}
    assert set(refused) == {"rights"}
    assert len(refused) == len(bench.software().lists) - 3
    assert bench.tokens.writes == 1


async def test_a_limit_is_waited_out_at_the_page_that_was_refused(bench: Bench) -> None:
    """S47: background work goes on there; the pages before are not read again."""
    await bench.connects()
    waited: list[float] = []

    async def patiently(limit: RateLimited) -> None:
        waited.append(limit.retry_after_seconds)

    bench.budget.patience = patiently
    pages = bench.ledger().fetch(ListKind.SUPPLIERS)
    first = await anext(pages)
    bench.books.troubles += [Trouble(429, 44, "Too many."), Trouble(429, 1070, "Too many at once.")]
    rest = [page async for page in pages]
    assert (len(first), len(rest)) == (200, 1)
    assert waited == [60.0, 2.0]
    assert [call.query["page"] for call in bench.books.calls] == ["1", "2", "2", "2"]


async def test_a_page_that_is_not_the_one_asked_for_is_refused(bench: Bench) -> None:
    """S41: half a list must never pass for the whole."""
    await bench.connects()

    async def first_again(request: Any) -> None:
        if request.url.params.get("page") == "2":
            request.url = request.url.copy_merge_params({"page": "1"})

    bench.http.event_hooks["request"].append(first_again)
    with pytest.raises(Unavailable, match="page 1 of its contacts instead of 2"):
        async for _ in bench.ledger().fetch(ListKind.SUPPLIERS):
            pass


async def test_inactive_projects_and_products_come_along(bench: Bench) -> None:
    """S41: Zoho hides them unless all are asked for."""
    await bench.connects()
    bench.row("projects", "project_name", "Refit 2026")["status"] = "inactive"
    bench.row("items", "name", "Cover design")["status"] = "inactive"
    ledger = bench.ledger()
    for kind, name in ((ListKind.PROJECTS, "Refit 2026"), (ListKind.PRODUCTS, "Cover design")):
        found = {entry.name: entry.active async for page in ledger.fetch(kind) for entry in page}
        assert found[name] is False


async def test_exemptions_tags_users_and_locks_are_read(bench: Bench) -> None:
    """S40 C23."""
    await bench.connects()
    books, held_out = bench.books, bench.held_out
    held_out.country, held_out.lock_date = "U.S.A", "2025-12-31"
    held_out.rows["tax_exemptions"].append(
        {"tax_exemption_id": books.new_id(), "tax_exemption_code": "RESELLER", "type": "customer"}
    )
    held_out.rows["reporting_tags"].append(
        {"tag_id": books.new_id(), "tag_name": "Region", "is_active": True}
    )
    ledger = bench.ledger()
    found = {
        kind: [entry async for page in ledger.fetch(kind) for entry in page]
        for kind in (
            ListKind.TAX_EXEMPTIONS, ListKind.REPORTING_TAGS, ListKind.USERS, ListKind.TRANSACTION_LOCKS
        )
    }  # fmt: skip
    assert [entry.name for entry in found[ListKind.TAX_EXEMPTIONS]] == ["RESELLER"]
    assert [entry.name for entry in found[ListKind.REPORTING_TAGS]] == ["Region"]
    assert [(entry.name, entry.detail) for entry in found[ListKind.USERS]] == [("Ada", "admin")]
    (lock,) = found[ListKind.TRANSACTION_LOCKS]
    assert (lock.until, lock.detail, lock.active) == ("2025-12-31", "All", True)
