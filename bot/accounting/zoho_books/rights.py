"""What a sign-in at Zoho Books may do: by area, one family of OAuth scopes each (ZOHO_BOOKS.md 1.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.accounting.zoho_books.auth import SCOPES

ALL = "ZohoBooks.fullaccess.all"
_PATHS: Mapping[str, str] = {
    "settings": "/settings/currencies",
    "accountants": "/chartofaccounts",
    "contacts": "/contacts",
    "banking": "/bankaccounts",
    "projects": "/projects",
    "bills": "/bills",
    "expenses": "/expenses",
    "debitnotes": "/vendorcredits",
    "invoices": "/invoices",
    "creditnotes": "/creditnotes",
    "vendorpayments": "/vendorpayments",
    "customerpayments": "/customerpayments",
}
_WORDS: Mapping[str, str] = {
    "accountants": "chart of accounts",
    "contacts": "suppliers and customers",
    "banking": "bank accounts",
    "debitnotes": "vendor credits",
    "creditnotes": "credit notes",
    "vendorpayments": "payments made",
    "customerpayments": "payments received",
}


def _family(scope: str) -> str:
    return scope.split(".")[1]


def words(family: str) -> str:
    """As people read it: `chart of accounts`."""
    return _WORDS.get(family, family)


AREAS: Mapping[str, str] = {
    words(family): path for family, path in _PATHS.items() if f"ZohoBooks.{family}.READ" in SCOPES
}
"""What we ask to read, in people's words, and the cheapest list that needs it."""


def missing(granted: str) -> Sequence[str]:
    """Areas of which the sign-in's own answer says that a right is missing; none where it does not say."""
    said = set(granted.replace(",", " ").split())
    if not said or ALL in said:
        return ()
    return tuple(dict.fromkeys(words(_family(scope)) for scope in SCOPES if scope not in said))
