"""How amounts, days and rights are written on the pages."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_date
from babel.numbers import format_currency, format_decimal

LOCALE = "en_GB"
_DOING = {
    "READ": "see",
    "CREATE": "add",
    "UPDATE": "change",
    "DELETE": "delete",
    "ALL": "see, add, change, delete",
}
_FAMILIES = {
    "accountants": "the chart of accounts",
    "banking": "bank and card accounts",
    "bills": "bills",
    "contacts": "suppliers and customers",
    "creditnotes": "credit notes",
    "debitnotes": "vendor credits",
    "expenses": "expenses",
    "fullaccess": "everything in Zoho Books",
    "invoices": "invoices and sales receipts",
    "projects": "projects",
    "salesreceipts": "sales receipts",
    "settings": "organisations, taxes, currencies and items",
    "vendorpayments": "payments made to suppliers",
}


def money(amount: Any, currency: str) -> str:
    """`£1,234.50`; a currency that has no sign is written with its code."""
    return format_currency(Decimal(str(amount or 0)), currency or "GBP", locale=LOCALE)


def number(value: Any) -> str:
    return format_decimal(Decimal(str(value or 0)), locale=LOCALE)


def day(text: Any) -> str:
    """`5 Oct 2026`; what is no date stays as it is."""
    try:
        return str(format_date(date.fromisoformat(str(text)[:10]), "d MMM y", locale=LOCALE))
    except ValueError:
        return str(text or "")


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def words(value: Any) -> str:
    """`cost_of_goods_sold` as `Cost of goods sold`."""
    text = str(value or "").replace("_", " ").strip()
    return text[:1].upper() + text[1:]


def rights(scopes: list[str]) -> list[dict[str, str]]:
    """What an app asks, family by family: in words, and as Zoho spells it."""
    families: dict[str, list[str]] = {}
    for scope in scopes:
        families.setdefault(scope.split(".")[1] if scope.count(".") > 1 else scope, []).append(scope)
    return [
        {
            "what": _FAMILIES.get(name.casefold(), name),
            "doing": words(" and ".join(_doing(scope) for scope in asked)),
            "spelt": " ".join(asked),
        }
        for name, asked in families.items()
    ]


def _doing(scope: str) -> str:
    right = scope.rsplit(".", 1)[-1]
    return _DOING.get(right.upper(), right)


def initials(email: str) -> str:
    return email[:1].upper()


def person(email: str) -> str:
    """`ada@held-out.example` as `Ada`."""
    return words(email.split("@", maxsplit=1)[0].replace(".", " "))
