"""Records of Zoho Books as its lists show them, for the look at what was changed there. Pure.

Bills, vendor credits, invoices and credit notes are filtered by `last_modified_time`; expenses and sales
receipts are not (ZOHO_BOOKS 3.3): of these the newest page is read. What was deleted leaves no trace.

https://www.zoho.com/books/api/v3/bills/#list-bills , …/expenses/#list-expenses
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.accounting.zoho_books.places import PLACES
from bot.domain.items import PublishAs
from bot.domain.kinds import NEVER_VOID
from bot.domain.standing import RecordStanding, State
from bot.domain.watch import BooksRecord

Row = Mapping[str, Any]

TELLS_CHANGES = (PublishAs.BILL, PublishAs.VENDOR_CREDIT, PublishAs.INVOICE, PublishAs.CREDIT_NOTE)
TELLS_NEWEST = (PublishAs.EXPENSE, PublishAs.SALES_RECEIPT)
BY_CREATION = {"sort_column": "created_time"}
"""The order in which nothing moves while it is read: what changes meanwhile keeps its place."""
LATEST_FIRST = {"sort_column": "created_time", "sort_order": "D"}
EVER = datetime(2000, 1, 1, tzinfo=UTC)
_STATES: Mapping[str, State] = {
    "draft": State.DRAFT,
    "pending_approval": State.WAITING,
    "approval_overdue": State.WAITING,
    "approved": State.APPROVED,
    "rejected": State.REJECTED,
    "open": State.OPEN,
    "unpaid": State.OPEN,
    "overdue": State.OPEN,
    "sent": State.OPEN,
    "viewed": State.OPEN,
    "partially_paid": State.PARTLY_PAID,
    "paid": State.PAID,
    "closed": State.PAID,
    "void": State.VOID,
}


def record(kind: PublishAs, row: Row, link: str) -> BooksRecord:
    """A row of a list, or a whole record."""
    place = PLACES[kind]
    standing = RecordStanding(
        state=state(kind, row),
        number=_text(row, place.number),
        date=_day(row.get("date")),
        total=_amount(row.get("total")),
        party=_text(row, place.party),
        party_name=_text(row, place.party.replace("_id", "_name")),
        balance=_amount(row.get("balance")),
        currency=_text(row, "currency_code"),
        changed_at=when(row, "last_modified_time"),
    )
    where = "notes" if kind is PublishAs.SALES_RECEIPT else "reference_number"
    return BooksRecord(
        kind,
        _text(row, place.id),
        link,
        standing,
        reference=_text(row, where),
        made_at=when(row, "created_time"),
    )


def state(kind: PublishAs, row: Row) -> State:
    """What an expense or a sales receipt says of itself (`unbilled`, `closed`) is none of these."""
    said = _text(row, "status")
    if kind in NEVER_VOID:
        return State.VOID if said == "void" else State.OPEN
    found = _STATES.get(said, State.UNKNOWN)
    return State.PARTLY_PAID if found is State.OPEN and _is_partly_paid(row) else found


def _is_partly_paid(row: Row) -> bool:
    """An overdue bill says nothing of the part that is paid."""
    balance, total = _amount(row.get("balance")), _amount(row.get("total"))
    return bool(balance and total) and 0 < Decimal(balance) < Decimal(total)


def when(row: Row, name: str) -> datetime | None:
    """Zoho leaves it empty now and then."""
    try:
        found = datetime.fromisoformat(_text(row, name))
    except ValueError:
        return None
    return found if found.tzinfo else None


def keeps_to(rows: Sequence[Row], since: datetime) -> bool:
    """Whether the filter by time was applied: a mistyped one is ignored without a word."""
    times = [at for row in rows if (at := when(row, "last_modified_time")) is not None]
    return all(at >= since for at in times)


def whole_since(rows: Sequence[Row], *, has_more: bool) -> datetime | None:
    """Since when all records are among these rows; nothing where they are not the latest first."""
    if not has_more:
        return EVER
    times = [when(row, "created_time") for row in rows]
    known = [at for at in times if at is not None]
    is_sorted = len(known) == len(times) and known == sorted(known, reverse=True)
    return known[-1] if known and is_sorted else None


def _text(row: Row, name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value)


def _day(value: object) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        return ""


def _amount(value: object) -> str:
    try:
        return f"{Decimal(str(value)):f}" if value not in (None, "") else ""
    except InvalidOperation:
        return ""
