"""Rows of Zoho Books' lists into entries."""

from __future__ import annotations

import pytest

from bot.accounting.zoho_books import lists
from bot.accounting.zoho_books.lists import SOURCES, category, payment_account, supplier, tax
from bot.domain.lists import Entry, EntryUse, ListKind

customer = SOURCES[ListKind.CUSTOMERS].entry


@pytest.mark.parametrize(
    ("kind", "use"),
    [
        ("expense", EntryUse.COST),
        ("cost_of_goods_sold", EntryUse.COST),
        ("other_expense", EntryUse.COST),
        ("fixed_asset", EntryUse.COST),
        ("equity", EntryUse.COST),
        ("income", EntryUse.SALE),
        ("other_income", EntryUse.SALE),
        ("accounts_payable", EntryUse.NEITHER),
        ("accounts_receivable", EntryUse.NEITHER),
        ("bank", EntryUse.NEITHER),
        ("something_new", EntryUse.NEITHER),
        ("", EntryUse.NEITHER),
    ],
)
def test_an_accounts_type_decides_what_it_is_used_for(kind: str, use: EntryUse) -> None:
    """S4."""
    row = {"account_id": 1, "account_name": "A", "account_code": "429", "account_type": kind}
    assert category(row) == Entry("1", "A", code="429", use=use, detail=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "is_payable"),
    [("bank", True), ("cash", True), ("credit_card", True), ("expense", False), ("", False)],
)
def test_costs_are_paid_from_bank_cash_and_cards_only(kind: str, is_payable: bool) -> None:
    row = {"account_id": "1", "account_name": "A", "account_type": kind, "currency_code": "GBP"}
    found = payment_account(row)
    assert (found is not None) is is_payable
    if found is not None:
        assert (found.currency, found.use, found.detail) == ("GBP", EntryUse.BOTH, kind)


@pytest.mark.parametrize(
    ("value", "percentage"),
    [(20, "20"), (20.0, "20"), ("20.00", "20"), (17.5, "17.5"), (0, "0"), ("0.00", "0"), (100, "100"),
     (None, ""), ("n/a", ""), ("", "")],
)  # fmt: skip
def test_a_percentage_is_read_without_idle_zeros(value, percentage: str) -> None:
    """S23: a tax of a document is told by its percentage."""
    found = tax({"tax_id": "1", "tax_name": "T", "tax_percentage": value, "tax_type": "tax_group"})
    assert found is not None
    assert (found.percentage, found.detail) == (percentage, "tax_group")


@pytest.mark.parametrize(
    ("kind", "is_supplier", "is_customer"),
    [("vendor", True, False), ("customer", False, True), ("", True, True), ("lead", False, False)],
)
def test_a_contact_of_the_wrong_type_is_dropped(kind: str, is_supplier: bool, is_customer: bool) -> None:
    """A filter that Zoho ignored must not turn customers into suppliers."""
    row = {"contact_id": "1", "contact_name": "Acme", "contact_type": kind}
    assert (supplier(row) is not None, customer(row) is not None) == (is_supplier, is_customer)


@pytest.mark.parametrize(
    ("company", "names"), [("Acme Paper Ltd", ("Acme Paper Ltd",)), ("Acme", ()), ("", ()), (None, ())]
)
def test_a_companys_own_name_is_another_name_of_the_contact(company, names: tuple[str, ...]) -> None:
    """S21: an invoice may name either."""
    found = supplier({"contact_id": "1", "contact_name": "Acme", "company_name": company})
    assert found is not None
    assert (found.name, found.also_known_as) == ("Acme", names)


@pytest.mark.parametrize(
    ("row", "tax_number"),
    [({"vat_reg_no": "GB980780684"}, "GB980780684"), ({"tax_reg_no": "100123456700003"}, "100123456700003"),
     ({"vat_reg_no": "", "gst_no": "27AAPFU0939F1ZV"}, "27AAPFU0939F1ZV"), ({}, "")],
)  # fmt: skip
def test_a_contacts_tax_number_is_read_by_any_editions_name(row, tax_number: str) -> None:
    """S21: a supplier is known by it."""
    found = supplier({"contact_id": "1", "contact_name": "Acme", **row})
    assert found is not None
    assert found.tax_number == tax_number


@pytest.mark.parametrize(
    ("row", "active"),
    [({}, True), ({"status": "active"}, True), ({"status": "inactive"}, False), ({"status": ""}, True),
     ({"is_active": False}, False), ({"is_active": True, "status": "inactive"}, True)],
)  # fmt: skip
def test_an_entry_says_whether_it_is_active(row, active: bool) -> None:
    """S41."""
    found = supplier({"contact_id": "1", "contact_name": "Acme", **row})
    assert found is not None
    assert found.active is active


@pytest.mark.parametrize(
    ("kind", "row", "name"),
    [
        (ListKind.PROJECTS, {"project_id": "1", "project_name": "Refit"}, "Refit"),
        (ListKind.PRODUCTS, {"item_id": "1", "name": "Cover design"}, "Cover design"),
        (ListKind.CURRENCIES, {"currency_id": "1", "currency_code": "EUR", "currency_name": "Euro"}, "EUR"),
        (ListKind.LOCATIONS, {"location_id": "1", "location_name": "Head office"}, "Head office"),
    ],
)
def test_plain_lists_have_id_and_name(kind: ListKind, row, name: str) -> None:
    assert SOURCES[kind].entry(row) == Entry("1", name)  # type: ignore[arg-type]


def test_every_list_a_refresh_reads_has_a_source() -> None:
    """S40."""
    assert set(SOURCES) | {ListKind.PAYMENT_MODES} == set(ListKind)
    assert all(lists.PAYMENT_MODES)
