"""Zoho Books' lists into entries of ours: what is read from where, and what each entry may be used for."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.accounting.zoho_books.client import ZohoApi
from bot.domain.identity import EntryId
from bot.domain.lists import Entry, EntryUse, ListKind, TaxPart
from bot.errors import NotFound, Refused, Unavailable

Row = dict[str, Any]

COST_TYPES = {
    "expense", "cost_of_goods_sold", "other_expense", "fixed_asset", "other_asset", "other_current_asset",
    "other_current_liability", "other_liability", "long_term_liability", "intangible_asset",
    "right_to_use_asset", "stock", "equity",
}  # fmt: skip
SALE_TYPES = {"income", "other_income"}
PAYABLE_FROM = {"bank", "cash", "credit_card"}
TAX_NUMBERS = ("vat_reg_no", "tax_reg_no", "gst_no")
"""What a contact's tax number is called: United Kingdom; Gulf, Mexico, Kenya, South Africa; India."""
TAX_GROUP = "tax_group"
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
    since: str = ""
    """How changes are asked for: `filter`, by time; `sort`, the latest first until one is old enough."""


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
        is_group=_text(row, "tax_type") == TAX_GROUP,
        changed_at=_text(row, "last_modified_time") if _text(row, "tax_type") == TAX_GROUP else "",
    )


def tax_parts(answer: Row) -> list[TaxPart]:
    """What a tax group's own answer says it is made of; a list says only that it is one."""
    group = answer.get("tax_group")
    rows = group.get("taxes") if isinstance(group, dict) else None
    return [
        TaxPart(
            EntryId(_text(row, "tax_id")),
            _text(row, "tax_name"),
            _percentage(row.get("tax_percentage")),
        )
        for row in (rows if isinstance(rows, list) else [])
        if isinstance(row, dict) and _text(row, "tax_id")
    ]


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
            tax_number=_text(row, *TAX_NUMBERS),
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
        decimals=decimals if (decimals := _text(row, "price_precision")).isdigit() else "",
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


def project(row: Row) -> Entry | None:
    made = _named("project_id", "project_name")(row)
    return replace(made, detail=_text(row, "customer_name")) if made else None


def exemption(row: Row) -> Entry | None:
    return Entry(
        EntryId(_text(row, "tax_exemption_id")),
        _text(row, "tax_exemption_code"),
        detail=_text(row, "type"),
    )


def user(row: Row) -> Entry | None:
    return Entry(
        EntryId(_text(row, "user_id")),
        _text(row, "name"),
        active=_is_active(row),
        detail=_text(row, "user_role"),
    )


def payment_mode(row: Row) -> Entry | None:
    """As the organisation's own payments name it."""
    mode = _text(row, "payment_mode")
    return Entry(EntryId(mode), mode)


supplier = _contact("vendor")
customer = _contact("customer")
SOURCES: dict[ListKind, Source] = {
    ListKind.CATEGORIES: Source(
        "/chartofaccounts", "chartofaccounts", category, {"filter_by": "AccountType.All"}, since="filter"
    ),
    ListKind.TAXES: Source("/settings/taxes", "taxes", tax),
    ListKind.SUPPLIERS: Source(
        "/contacts",
        "contacts",
        supplier,
        {"contact_type": "vendor", "filter_by": "Status.All"},
        since="sort",
    ),
    ListKind.CUSTOMERS: Source(
        "/contacts",
        "contacts",
        customer,
        {"contact_type": "customer", "filter_by": "Status.All"},
        since="sort",
    ),
    ListKind.BANK_ACCOUNTS: Source(
        "/bankaccounts", "bankaccounts", payment_account, {"filter_by": "Status.All"}
    ),
    ListKind.PROJECTS: Source(
        "/projects", "projects", project, {"filter_by": "Status.All"}, is_optional=True
    ),
    ListKind.PRODUCTS: Source(
        "/items", "items", _named("item_id", "name"), {"filter_by": "Status.All"}, is_optional=True
    ),
    ListKind.CURRENCIES: Source("/settings/currencies", "currencies", currency),
    ListKind.LOCATIONS: Source(
        "/locations", "locations", _named("location_id", "location_name"), is_optional=True
    ),
    ListKind.TAX_EXEMPTIONS: Source("/settings/taxexemptions", "tax_exemptions", exemption, is_optional=True),
    ListKind.REPORTING_TAGS: Source(
        "/reportingtags", "reporting_tags", _named("tag_id", "tag_name"), is_optional=True
    ),
    ListKind.USERS: Source("/users", "users", user, {"filter_by": "Status.All"}, is_optional=True),
    ListKind.TRANSACTION_LOCKS: Source("/transactionlocks", "transaction_locks", lock, is_optional=True),
}


CASH = Source("/chartofaccounts", "chartofaccounts", payment_account, {"filter_by": "AccountType.All"})
"""Petty cash is in the chart of accounts but not among the bank accounts."""
PAYMENTS = Source(
    "/vendorpayments", "vendorpayments", payment_mode, {"sort_column": "date", "sort_order": "D"}
)
CHANGES = frozenset({*(kind for kind, source in SOURCES.items() if source.since), ListKind.BANK_ACCOUNTS})
"""Lists of which changes can be asked for. Bank accounts go with the chart of accounts."""
TIME = "%Y-%m-%dT%H:%M:%S%z"


@dataclass
class Reading:
    """The lists of one connection, read one after another. What one answer tells of two lists is kept for
    the second, so that nothing is read twice."""

    api: ZohoApi
    _payable: list[Entry] | None = None
    """Bank, cash and card accounts, as the chart of accounts had them."""

    async def fetch(self, kind: ListKind, since: datetime | None = None) -> AsyncIterator[Sequence[Entry]]:
        """A list, page by page, each entry once; with `since` what changed, of a list that is in `CHANGES`.
        Raises NotFound for an optional list that is not switched on, Refused where the right is missing."""
        if kind is ListKind.PAYMENT_MODES:
            yield await self._payment_modes()
            return
        seen: set[str] = set()
        async for entries in self._parts(kind, since):
            # Pages shift while they are read, and the chart repeats the bank accounts without their
            # currencies: the first one stands.
            # Of several locks of one scope the one that reaches furthest counts: it comes first.
            fresh: dict[EntryId, Entry] = {}
            for entry in sorted(entries, key=lambda one: one.until, reverse=True):
                if entry.id not in seen:
                    fresh.setdefault(entry.id, entry)
            seen |= fresh.keys()
            yield list(fresh.values())

    async def _parts(self, kind: ListKind, since: datetime | None) -> AsyncIterator[Sequence[Entry]]:
        source = SOURCES[kind]
        try:
            if kind is ListKind.CATEGORIES:
                self._payable = []
            async for rows in self._rows(source, since):
                if kind is ListKind.CATEGORIES and self._payable is not None:
                    self._payable += _made(payment_account, rows)
                yield _made(source.entry, rows)
            if kind is ListKind.BANK_ACCOUNTS and self._payable is not None:
                yield self._payable
            elif kind is ListKind.BANK_ACCOUNTS:
                async for rows in self._rows(CASH, None):
                    yield _made(CASH.entry, rows)
        except NotFound as missing:
            if source.is_optional:
                raise
            raise Unavailable(f"Zoho Books did not give its {kind.words}.", status=404) from missing
        except Refused as refused:
            if source.is_optional and refused.cause not in ("rights", "organisation"):
                raise NotFound(f"{kind.words.capitalize()} are not switched on in Zoho Books.") from refused
            raise

    async def _rows(self, source: Source, since: datetime | None) -> AsyncGenerator[Sequence[Row], None]:
        """Page by page. Whether Zoho applied filter and order is seen in what it answers."""
        query = dict(source.query)
        if since is not None and source.since == "filter":
            query["last_modified_time"] = since.strftime(TIME)
        if since is not None and source.since == "sort":
            query |= {"sort_column": "last_modified_time", "sort_order": "D"}
        is_sorted = source.since == "sort"
        latest: datetime | None = None
        async with contextlib.aclosing(self.api.pages(source.path, source.rows, **query)) as pages:
            async for rows in pages:
                yield rows
                if since is None or not is_sorted:
                    continue
                times = [_modified(row) for row in rows]
                known = [at for at in times if at is not None]
                is_sorted = len(known) == len(times) and known == sorted(known, reverse=True)
                is_sorted = is_sorted and not (latest and known and known[0] > latest)
                latest = known[-1] if known else latest
                if is_sorted and latest is not None and latest < since:
                    return

    async def _payment_modes(self) -> Sequence[Entry]:
        """No path lists them: those that every organisation begins with, and those of its latest payments,
        where the sign-in may read these."""
        found = {mode.casefold(): Entry(EntryId(mode), mode) for mode in PAYMENT_MODES}
        if await self.api.may("vendorpayments.READ"):
            with contextlib.suppress(NotFound, Refused):
                answer = await self.api.read(PAYMENTS.path, **PAYMENTS.query)
                rows = answer.get(PAYMENTS.rows)
                rows = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
                for entry in _made(PAYMENTS.entry, rows):
                    found.setdefault(entry.id.casefold(), entry)
        return list(found.values())


def _made(entry: Callable[[Row], Entry | None], rows: Sequence[Row]) -> list[Entry]:
    made = (entry(row) for row in rows)
    return [one for one in made if one is not None and one.id and one.name]


def _modified(row: Row) -> datetime | None:
    """Zoho leaves it empty now and then: who knows when that row changed."""
    try:
        found = datetime.fromisoformat(_text(row, "last_modified_time"))
    except ValueError:
        return None
    return found if found.tzinfo else None
