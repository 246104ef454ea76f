"""Which entries of the lists a business's own choices point to: rules, settings, items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain import default_taxes
from bot.domain.coding import Coding
from bot.domain.identity import EntryId
from bot.domain.layers import KINDS
from bot.domain.lists import ListKind
from bot.domain.settings import BusinessSettings, SupplierRule

RULE_LISTS: Mapping[str, ListKind] = {
    "category": ListKind.CATEGORIES,
    "tax": ListKind.TAXES,
    "payment_account": ListKind.BANK_ACCOUNTS,
}
"""Fields of a supplier rule that hold an entry, and of which list."""
SETTING_LISTS: Mapping[str, tuple[ListKind, str]] = {
    "default_tax_costs": (ListKind.TAXES, "Default tax for costs"),
    "default_tax_sales": (ListKind.TAXES, "Default tax for sales"),
}
"""Settings that hold an entry: of which list, and how people call them."""
AUTO_ACCOUNTS = "auto_accounts"
"""This one holds several, by payment account."""
PAYMENT_METHODS = "payment_methods"
"""And this one, by what a payment method is known by."""
TAX_EXCEPTIONS = "tax_exceptions"
"""And this one, by side and currency."""


def of_rule(rule: SupplierRule) -> Iterator[tuple[str, ListKind, EntryId]]:
    """Field, list and entry."""
    for name, kind in RULE_LISTS.items():
        if entry_id := getattr(rule, name):
            yield name, kind, entry_id


def of_settings(settings: BusinessSettings) -> Iterator[tuple[str, ListKind, EntryId]]:
    """Field, list and entry."""
    for name, (kind, _) in SETTING_LISTS.items():
        if entry_id := getattr(settings, name):
            yield name, kind, entry_id
    for exception, tax in settings.tax_exceptions.items():
        yield f"{TAX_EXCEPTIONS}:{exception}", ListKind.TAXES, tax
    for account in settings.auto_accounts:
        yield f"{AUTO_ACCOUNTS}:{account}", ListKind.BANK_ACCOUNTS, account
    for key, method in settings.payment_methods.items():
        yield f"{PAYMENT_METHODS}:{key}", ListKind.BANK_ACCOUNTS, method.account


def setting_words(name: str) -> str:
    """A field of `of_settings` as people call it."""
    if name.startswith(AUTO_ACCOUNTS):
        return "Auto-publish what was paid from"
    if name.startswith(TAX_EXCEPTIONS):
        return default_taxes.words(name.removeprefix(f"{TAX_EXCEPTIONS}:"))
    return SETTING_LISTS[name][1]


def method_key(name: str) -> str:
    """Which payment method a field of `of_settings` is about; empty for another field."""
    what, _, key = name.partition(":")
    return key if what == PAYMENT_METHODS else ""


def of_coding(coding: Coding) -> Iterator[tuple[ListKind, str, bool]]:
    """List, then the entry's id, or the text that found no entry; and whether something is wrong with it."""
    used = [(kind, coding.values.get(name)) for name, kind in KINDS.items()]
    for line in coding.lines:
        used += [(ListKind.CATEGORIES, line.category), (ListKind.TAXES, line.tax)]
        used.append((ListKind.PROJECTS, line.project))
    for kind, value in dict.fromkeys(used):
        if value is None or not (value.entry or value.text):
            continue
        if value.entry:
            is_whole = value.entry.active and all(part.active for part in value.entry.parts)
            yield kind, value.entry.id, not is_whole
        else:
            yield kind, value.text, True
