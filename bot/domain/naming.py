"""The list a person means by a word."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz import fuzz, process

from bot.domain.lists import ListKind

ALSO: dict[str, ListKind] = {
    "accounts": ListKind.CATEGORIES,
    "chart of accounts": ListKind.CATEGORIES,
    "vendors": ListKind.SUPPLIERS,
    "clients": ListKind.CUSTOMERS,
    "tax rates": ListKind.TAXES,
    "vat": ListKind.TAXES,
    "banks": ListKind.BANK_ACCOUNTS,
    "cards": ListKind.BANK_ACCOUNTS,
    "items": ListKind.PRODUCTS,
    "services": ListKind.PRODUCTS,
    "branches": ListKind.LOCATIONS,
    "exemptions": ListKind.TAX_EXEMPTIONS,
    "tags": ListKind.REPORTING_TAGS,
    "modes": ListKind.PAYMENT_MODES,
    "people": ListKind.USERS,
    "lock dates": ListKind.TRANSACTION_LOCKS,
    "locks": ListKind.TRANSACTION_LOCKS,
}
"""What people also call them."""
NEAR = 75


def list_named(word: str, kinds: Sequence[ListKind]) -> ListKind | None:
    """The list of that name, of another usual name, or of the nearest one; nothing where none is near."""
    names = {kind.words: kind for kind in kinds} | {
        name: kind for name, kind in ALSO.items() if kind in kinds
    }
    wanted = " ".join(word.casefold().replace("_", " ").split())
    if wanted in names:
        return names[wanted]
    found = process.extractOne(wanted, list(names), scorer=fuzz.ratio, score_cutoff=NEAR)
    return names[found[0]] if found else None
