"""Zoho Books' lists into entries of ours: what is read from where, and what each entry may be used for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.accounting.zoho_books.client import ZohoApi
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, EntryUse, ListKind
from bot.errors import NotFound, Refused, Unavailable

Row = dict[str, Any]

COST_TYPES = {
    "expense", "cost_of_goods_sold", "other_expense", "fixed_asset", "other_asset", "other_current_asset",
    "other_current_liability", "other_liability", "long_term_liability", "intangible_asset",
    "right_to_use_asset", "stock", "equity",
}  # fmt: skip
SALE_TYPES = {"income", "other_income"}
PAYABLE_FROM = {"bank", "cash", "credit_card"}
PAYMENT_MODES = ("Bank Remittance", "Bank Transfer", "Cash", "Check", "Credit Card", "PayPal")
"""No path lists the modes (ZOHO_BOOKS: only filter constants): those every organisation begins with."""


@dataclass(frozen=True)
class Source:
    """Where a list comes from and how a row becomes an entry; nothing for a row that is none."""

    path: str
    rows: str
    entry: Callable[[Row], Entry | None]
    query: dict[str, str] = field(default_factory=dict)
    is_optional: bool = False
    """The organisation may not have switched it on."""


def _text(row: Row, *names: str) -> str:
    for name in names:
        value = row.get(name)
        if value not in (None, ""):
            return str(value)
    return ""


def _is_active(row: Row) -> bool:
    if "is_active" in row:
        return bool(row["is_active"])
    return _text(row, "status").casefold() in ("", "active")


def category(row: Row) -> Entry | None:
    kind = _text(row, "account_type")
    use = EntryUse.COST if kind in COST_TYPES else EntryUse.SALE if kind in SALE_TYPES else EntryUse.NEITHER
    return Entry(
        id=EntryId(_text(row, "account_id")),
        name=_text(row, "account_name"),
        code=_text(row, "account_code"),
        active=_is_active(row),
        use=use,
        detail=kind,
    )


def payment_account(row: Row) -> Entry | None:
    """Bank, cash and card accounts of the chart: what a paid cost was paid from."""
    found = category(row)
    if found is None or found.detail not in PAYABLE_FROM:
        return None
    return Entry(
        found.id,
        found.name,
        found.code,
        found.active,
        currency=_text(row, "currency_code"),
        detail=found.detail,
    )


def tax(row: Row) -> Entry | None:
    return Entry(
        id=EntryId(_text(row, "tax_id")),
        name=_text(row, "tax_name"),
        active=_is_active(row),
        percentage=_percentage(row.get("tax_percentage")),
        detail=_text(row, "tax_type"),
    )


def _percentage(value: object) -> str:
    try:
        return f"{Decimal(str(value)).normalize():f}"
    except InvalidOperation:
        return ""


def _contact(wanted: str) -> Callable[[Row], Entry | None]:
    def contact(row: Row) -> Entry | None:
        # A mistyped filter is ignored by Zoho without a word: look again.
        if _text(row, "contact_type") not in (wanted, ""):
            return None
        name, company = _text(row, "contact_name", f"{wanted}_name"), _text(row, "company_name")
        return Entry(
            id=EntryId(_text(row, "contact_id")),
            name=name,
            active=_is_active(row),
            currency=_text(row, "currency_code"),
            also_known_as=(company,) if company and company != name else (),
        )

    return contact


def _named(entry_id: str, name: str) -> Callable[[Row], Entry | None]:
    def named(row: Row) -> Entry | None:
        return Entry(EntryId(_text(row, entry_id)), _text(row, name), active=_is_active(row))

    return named


def currency(row: Row) -> Entry | None:
    rate = _percentage(row.get("exchange_rate"))
    return Entry(
        EntryId(_text(row, "currency_id")),
        _text(row, "currency_code"),
        active=_is_active(row),
        rate=rate if rate not in ("", "0") else "",
        as_of=_day(row, "effective_date"),
    )


def lock(row: Row) -> Entry | None:
    """Up to which day what is locked; one for each scope (`all`, `sales`), nothing for one that is off."""
    scope = _text(row, "lock_scope_formatted") or "All"
    until = _day(row, "transaction_lock_date")
    if not until or not _text(row, "transaction_lock_status").startswith("enabled"):
        return None
    return Entry(EntryId(scope.casefold()), scope, detail=scope, until=until)


def _day(row: Row, name: str) -> str:
    try:
        return date.fromisoformat(_text(row, name)).isoformat()
    except ValueError:
        return ""


supplier = _contact("vendor")
customer = _contact("customer")
SOURCES: dict[ListKind, Source] = {
    ListKind.CATEGORIES: Source(
        "/chartofaccounts", "chartofaccounts", category, {"filter_by": "AccountType.All"}
    ),
    ListKind.TAXES: Source("/settings/taxes", "taxes", tax),
    ListKind.SUPPLIERS: Source(
        "/contacts", "contacts", supplier, {"contact_type": "vendor", "filter_by": "Status.All"}
    ),
    ListKind.CUSTOMERS: Source(
        "/contacts", "contacts", customer, {"contact_type": "customer", "filter_by": "Status.All"}
    ),
    ListKind.BANK_ACCOUNTS: Source(
        "/bankaccounts", "bankaccounts", payment_account, {"filter_by": "Status.All"}
    ),
    ListKind.PROJECTS: Source(
        "/projects", "projects", _named("project_id", "project_name"), is_optional=True
    ),
    ListKind.PRODUCTS: Source("/items", "items", _named("item_id", "name"), is_optional=True),
    ListKind.CURRENCIES: Source("/settings/currencies", "currencies", currency),
    ListKind.LOCATIONS: Source(
        "/locations", "locations", _named("location_id", "location_name"), is_optional=True
    ),
    ListKind.TRANSACTION_LOCKS: Source("/transactionlocks", "transaction_locks", lock, is_optional=True),
}


CASH = Source("/chartofaccounts", "chartofaccounts", payment_account, {"filter_by": "AccountType.All"})
"""Petty cash is in the chart of accounts but not among the bank accounts."""


async def fetch(api: ZohoApi, kind: ListKind) -> AsyncIterator[Sequence[Entry]]:
    """A list, page by page, each entry once. Raises NotFound for an optional list that is not switched on."""
    if kind is ListKind.PAYMENT_MODES:
        yield [Entry(EntryId(mode), mode) for mode in PAYMENT_MODES]
        return
    source = SOURCES[kind]
    seen: set[str] = set()
    try:
        for part in (source, CASH) if kind is ListKind.BANK_ACCOUNTS else (source,):
            async for rows in api.pages(part.path, part.rows, **part.query):
                made = [entry for row in rows if (entry := part.entry(row)) is not None]
                # Of several locks of one scope the one that reaches furthest counts: it comes last.
                made.sort(key=lambda entry: entry.until)
                entries = {entry.id: entry for entry in made if entry.id and entry.name}
                # The chart repeats the bank accounts, without their currencies: the first one stands.
                yield [entry for entry in entries.values() if entry.id not in seen]
                seen |= entries.keys()
    except NotFound as missing:
        if source.is_optional:
            raise
        raise Unavailable(f"Zoho Books did not give its {kind.words}.", status=404) from missing
    except Refused as refused:
        if source.is_optional and refused.cause not in ("rights", "organisation"):
            raise NotFound(f"{kind.words.capitalize()} are not switched on in Zoho Books.") from refused
        raise
