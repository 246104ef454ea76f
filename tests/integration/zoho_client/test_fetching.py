"""Lists are read whole: every page, inactive entries too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.lists import Entry, EntryUse, ListKind
from bot.errors import NotFound, RateLimited, Refused, Unavailable
from bot.sandbox.zoho_books.books import Trouble
from tests.integration.zoho_client.conftest import Bench


async def fetched(bench: Bench, kind: ListKind, organisation: str = "60001") -> list[Entry]:
    return [entry async for page in bench.ledger(organisation).fetch(kind) for entry in page]


async def named(bench: Bench, kind: ListKind) -> dict[str, Entry]:
    return {entry.name: entry for entry in await fetched(bench, kind)}


async def test_a_list_of_more_than_200_comes_whole_page_by_page(bench: Bench) -> None:
    """S40."""
    await bench.connects()
    pages = [page async for page in bench.ledger().fetch(ListKind.SUPPLIERS)]
    vendors = [row for row in bench.held_out.rows["contacts"] if row["contact_type"] == "vendor"]
    assert len(vendors) > 200
    assert [len(page) for page in pages] == [200, len(vendors) - 200]
    assert {entry.id for page in pages for entry in page} == {row["contact_id"] for row in vendors}
    assert [call.query["page"] for call in bench.books.calls] == ["1", "2"]


async def test_exactly_one_full_page_needs_one_call(bench: Bench) -> None:
    await bench.connects()
    rows = bench.held_out.rows["contacts"]
    rows[:] = [row for row in rows if row["contact_type"] == "vendor"][:200]
    assert len(await fetched(bench, ListKind.SUPPLIERS)) == 200
    assert len(bench.books.calls) == 1


async def test_inactive_entries_come_along(bench: Bench) -> None:
    """S41: an item that uses one says so instead of calling it unknown."""
    await bench.connects()
    suppliers = await named(bench, ListKind.SUPPLIERS)
    assert suppliers["Juniper Yarns"].active
    assert [name for name, entry in suppliers.items() if not entry.active] == ["Linden Yarns"]
    categories = await named(bench, ListKind.CATEGORIES)
    assert not categories["Print & Copy"].active


async def test_suppliers_and_customers_are_told_apart(bench: Bench) -> None:
    await bench.connects()
    customers = set(await named(bench, ListKind.CUSTOMERS))
    assert customers == {"Harbour Books", "Lantern Theatre", "Quayside Cafe", "Northgate School"}
    assert customers.isdisjoint(await named(bench, ListKind.SUPPLIERS))


async def test_categories_know_their_use(bench: Bench) -> None:
    """S4."""
    await bench.connects()
    found = await named(bench, ListKind.CATEGORIES)
    uses = {name: found[name].use for name in ("Office Supplies", "Sales", "Accounts Payable")}
    assert uses == {
        "Office Supplies": EntryUse.COST, "Sales": EntryUse.SALE, "Accounts Payable": EntryUse.NEITHER
    }  # fmt: skip
    assert found["Office Supplies"].label == "429 - Office Supplies"


async def test_taxes_have_percentages_and_groups_are_taxes_too(bench: Bench) -> None:
    """S23."""
    await bench.connects()
    found = await named(bench, ListKind.TAXES)
    assert (found["Standard Rate"].percentage, found["Zero Rated"].percentage) == ("20", "0")
    group = found["Standard and Levy"]
    assert (group.detail, group.is_group, group.parts) == ("tax_group", True, ())
    assert not found["Standard Rate"].is_group


async def test_a_tax_group_says_itself_what_it_is_made_of(bench: Bench) -> None:
    """S40: one call."""
    await bench.connects()
    found = await named(bench, ListKind.TAXES)
    bench.books.calls.clear()
    parts = await bench.ledger().tax_parts(found["Standard and Levy"].id)
    assert [part.label for part in parts] == ["Standard Rate 20%", "Levy 2%"]
    assert {part.id for part in parts} == {found["Standard Rate"].id, found["Levy"].id}
    assert len(bench.books.calls) == 1
    with pytest.raises(NotFound):
        await bench.ledger().tax_parts(found["Standard Rate"].id)


async def test_bank_accounts_hold_the_petty_cash_and_each_account_once(bench: Bench) -> None:
    """Petty cash is in the chart of accounts alone; the others are in both lists."""
    await bench.connects()
    found = await fetched(bench, ListKind.BANK_ACCOUNTS)
    assert sorted(entry.name for entry in found) == ["Current Account", "Petty Cash", "Visa 4242"]


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        (ListKind.PROJECTS, {"Refit 2026", "Spring List"}),
        (ListKind.PRODUCTS, {"Cover design"}),
        (ListKind.CURRENCIES, {"GBP", "EUR", "USD"}),
    ],
)
async def test_the_smaller_lists_come_by_name(bench: Bench, kind: ListKind, names: set[str]) -> None:
    await bench.connects()
    assert set(await named(bench, kind)) == names


async def test_payment_modes_are_the_usual_ones_and_those_of_the_latest_payments(bench: Bench) -> None:
    """C21: no path lists them."""
    await bench.connects()
    for mode in ("Direct Debit", "cash", "Direct Debit"):
        bench.held_out.rows["vendorpayments"].append(
            {"payment_id": bench.books.new_id(), "payment_mode": mode}
        )
    found = await named(bench, ListKind.PAYMENT_MODES)
    assert {"Cash", "Direct Debit", "Bank Transfer"} <= set(found)
    assert "cash" not in found
    assert [call.path for call in bench.books.calls] == ["/vendorpayments"]


async def test_payment_modes_need_no_right_to_the_payments(bench: Bench) -> None:
    """C21: then they are the usual ones, and no call is made in vain."""
    credentials = await bench.connects()
    bench.tokens.credentials = replace(credentials, scope="ZohoBooks.settings.READ")
    assert "Cash" in await named(bench, ListKind.PAYMENT_MODES)
    assert bench.books.calls == []


async def test_each_organisation_has_its_own_lists(bench: Bench) -> None:
    """S13: two of one name."""
    await bench.connects()
    first = {entry.id for entry in await fetched(bench, ListKind.TAXES, "60001")}
    assert first.isdisjoint(entry.id for entry in await fetched(bench, ListKind.TAXES, "60002"))


async def test_locations_that_are_off_are_not_found(bench: Bench) -> None:
    """S40: the refresh goes on without them."""
    await bench.connects()
    with pytest.raises(NotFound, match="Locations are not switched on"):
        await fetched(bench, ListKind.LOCATIONS)


async def test_locations_that_are_on_are_read(bench: Bench) -> None:
    await bench.connects()
    bench.held_out.has_locations = True
    bench.held_out.rows["locations"].append({"location_id": "1", "location_name": "Head office"})
    assert set(await named(bench, ListKind.LOCATIONS)) == {"Head office"}


async def test_an_optional_list_without_the_right_to_it_is_not_called_switched_off(bench: Bench) -> None:
    """A lost right must not make every location vanish."""
    await bench.connects()
    for token in bench.books.refresh_tokens.values():
        token.scopes = ["ZohoBooks.contacts.READ"]
    bench.books.expire_access_tokens()
    with pytest.raises(Refused) as caught:
        await fetched(bench, ListKind.LOCATIONS)
    assert caught.value.cause == "rights"


async def test_a_list_everyone_has_cannot_be_switched_off(bench: Bench) -> None:
    """S41: a path that is missing for a moment must not empty the list."""
    await bench.connects()
    gone = Trouble(404, 5, "Invalid URL Passed", path="/settings/taxes", times=9)
    bench.books.troubles.append(gone)
    with pytest.raises(Unavailable):
        await fetched(bench, ListKind.TAXES)


async def test_a_limit_in_the_middle_of_a_list_is_raised(bench: Bench) -> None:
    """S41: half a list is never taken for the whole."""
    await bench.connects()
    pages = bench.ledger().fetch(ListKind.SUPPLIERS)
    assert len(await anext(pages)) == 200
    bench.books.troubles.append(Trouble(429, 44, "Too many."))
    with pytest.raises(RateLimited):
        await anext(pages)
