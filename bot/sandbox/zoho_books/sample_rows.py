"""Rows of the sample books as Zoho Books' lists have them."""

from __future__ import annotations

from bot.sandbox.zoho_books.books import Books, Organisation, Row

MODIFIED = "2026-01-05T09:00:00+0000"


def account(books: Books, name: str, kind: str, code: str = "") -> Row:
    return {
        "account_id": books.new_id(),
        "account_name": name,
        "account_code": code,
        "account_type": kind,
        "is_active": True,
        "last_modified_time": MODIFIED,
    }


def contact(books: Books, organisation: Organisation, name: str, kind: str) -> Row:
    return {
        "contact_id": books.new_id(),
        "contact_name": name,
        "company_name": "",
        "contact_type": kind,
        "status": "active",
        "currency_code": organisation.currency_code,
        "last_modified_time": MODIFIED,
    }
