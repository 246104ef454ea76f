"""The figures of the dashboard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from bot.sandbox.zoho_books.books import Organisation, Row
from bot.sandbox.zoho_books.web import lists, show
from bot.sandbox.zoho_books.web.record import Use, use

DAYS = 90
MOST_BARS, MOST_RECENT = 7, 10
_COSTS = {"bills", "expenses"}
_CLOSED = {"void", "draft", "paid"}


@dataclass(frozen=True)
class Tile:
    title: str
    amount: str
    note: str
    slug: str
    is_bad: bool = False


@dataclass(frozen=True)
class Bar:
    """`share` of the longest, in hundredths."""

    name: str
    amount: str
    share: int


def tiles(organisation: Organisation, today: date) -> list[Tile]:
    bills, invoices = _open(organisation, "bills"), _open(organisation, "invoices")
    late = [row for row in bills if str(row.get("due_date", "")) < today.isoformat()]
    since = (today - timedelta(days=30)).isoformat()
    spent = [row for row in organisation.rows.get("expenses", []) if str(row.get("date", "")) >= since]
    return [
        Tile("Bills to pay", _sum(organisation, bills, "balance"), _count(bills, "bill"), "bills"),
        Tile("Overdue", _sum(organisation, late, "balance"), _count(late, "bill"), "bills", bool(late)),
        Tile("Invoices to be paid", _sum(organisation, invoices, "balance"), _count(invoices, "invoice"),
             "invoices"),
        Tile("Expenses of 30 days", _sum(organisation, spent, "total"), _count(spent, "expense"), "expenses"),
    ]  # fmt: skip


def _open(organisation: Organisation, kind: str) -> list[Row]:
    rows = organisation.rows.get(kind, [])
    return [row for row in rows if row.get("status") not in _CLOSED and float(row.get("balance") or 0) > 0]


def _sum(organisation: Organisation, rows: list[Row], field: str) -> str:
    return show.money(sum(lists.base_amount(row, field) for row in rows), organisation.currency_code)


def _count(rows: list[Row], one: str) -> str:
    return f"{len(rows)} {one}" if len(rows) == 1 else f"{len(rows)} {one}s"


def costs_by_account(organisation: Organisation, today: date) -> list[Bar]:
    """Where the money went, without tax, the largest first."""
    since = (today - timedelta(days=DAYS)).isoformat()
    spent: dict[str, float] = {}
    for section, row in lists.documents(organisation):
        if section.slug in _COSTS and str(row.get("date", "")) >= since and row.get("status") != "void":
            for line in row.get("line_items") or [row | {"item_total": row.get("sub_total")}]:
                name = str(line.get("account_name") or "")
                spent[name] = spent.get(name, 0) + _in_base(row, line)
    largest = sorted(spent.items(), key=lambda one: -one[1])[:MOST_BARS]
    top = max((amount for _, amount in largest), default=0) or 1
    return [
        Bar(name, show.money(amount, organisation.currency_code), max(1, round(100 * amount / top)))
        for name, amount in largest
        if amount > 0
    ]


def _in_base(row: Row, line: Row) -> float:
    return float(line.get("item_total") or 0) * float(row.get("exchange_rate") or 1)


def recent(organisation: Organisation) -> list[Use]:
    """What was recorded last, whatever it is."""
    found = list(lists.documents(organisation))
    found.sort(key=lambda one: (str(one[1].get("created_time", "")), one[0].id_of(one[1])), reverse=True)
    return [use(section, organisation, row) for section, row in found[:MOST_RECENT]]
