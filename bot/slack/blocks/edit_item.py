"""**Edit item**: the form, and which of its fields a person changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.domain.coding import Coding
from bot.domain.items import Field, Item, PublishAs
from bot.domain.resolving import KINDS, NEW
from bot.slack.blocks.items import Shown
from bot.slack.blocks.parts import (
    Option,
    View,
    checkboxes,
    context,
    date_input,
    field,
    lookup,
    modal,
    option,
    select,
    text_input,
)

SAVE = "item.save"
MAKE_RULE = "make_rule"
PICK = "pick."
"""Before a field's name: the pick lists that ask the bot."""


def edit_form(shown: Shown, meta: Mapping[str, Any]) -> View:
    """**Edit item**, filled with the values as they are resolved now."""
    coding = shown.coding
    values = form_values(coding)
    blocks = [
        field("Supplier", "supplier", lookup(PICK + "supplier", _supplier_option(coding)), optional=True),
        field(
            "Customer", "customer", lookup(PICK + "customer", _chosen(coding, Field.CUSTOMER)), optional=True
        ),
        field(
            "Category", "category", lookup(PICK + "category", _chosen(coding, Field.CATEGORY)), optional=True
        ),
        field("Tax", "tax", lookup(PICK + "tax", _chosen(coding, Field.TAX)), optional=True),
        field("Date", "date", date_input(values[Field.DATE]), optional=True),
        field("Due date", "due_date", date_input(values[Field.DUE_DATE]), optional=True),
        field(
            "Document number",
            "document_number",
            text_input(initial=values[Field.DOCUMENT_NUMBER]),
            optional=True,
        ),
        field("Total", "total", text_input(initial=values[Field.TOTAL]), hint="With tax", optional=True),
        field("Tax amount", "tax_amount", text_input(initial=values[Field.TAX_AMOUNT]), optional=True),
        field(
            "Currency", "currency", lookup(PICK + "currency", _chosen(coding, Field.CURRENCY)), optional=True
        ),
        field(
            "Description",
            "description",
            text_input(initial=values[Field.DESCRIPTION], multiline=True, longest=2000),
            optional=True,
        ),
        field(
            "Publish as",
            "publish_as",
            select([option(kind.words, kind.value) for kind in PublishAs], chosen=coding.publish_as.value),
        ),
        field(
            "Payment account",
            "payment_account",
            lookup(PICK + "payment_account", _chosen(coding, Field.PAYMENT_ACCOUNT)),
            optional=True,
            hint="For an expense: what it was paid from",
        ),
        field(
            "Rule",
            MAKE_RULE,
            checkboxes([option("Use this category and tax for all items of the supplier", "on")]),
            optional=True,
        ),
        context("An emptied field goes back to what the rule, the document or the default says."),
    ]
    shown_now = {name.value: fingerprint(value) for name, value in values.items()}
    whole = {**meta, "item": shown.item.id, "side": shown.item.document.side.value, "shown": shown_now}
    return modal("Edit item", blocks, callback=SAVE, submit="Save", close="Cancel", meta=whole)


EDITED = (
    Field.SUPPLIER, Field.CUSTOMER, Field.CATEGORY, Field.TAX, Field.DATE, Field.DUE_DATE,
    Field.DOCUMENT_NUMBER, Field.TOTAL, Field.TAX_AMOUNT, Field.CURRENCY, Field.DESCRIPTION, Field.PUBLISH_AS,
    Field.PAYMENT_ACCOUNT,
)  # fmt: skip


def form_values(coding: Coding) -> dict[Field, str]:
    """What each field of the form holds before anybody touches it."""
    plain = {
        Field.DATE: coding.date.isoformat() if coding.date else "",
        Field.DUE_DATE: coding.due_date.isoformat() if coding.due_date else "",
        Field.TOTAL: f"{coding.total:f}" if coding.total is not None else "",
        Field.TAX_AMOUNT: f"{coding.tax_amount:f}" if coding.tax_amount is not None else "",
        Field.PUBLISH_AS: coding.publish_as.value,
    }
    values = {}
    for name in EDITED:
        if name in KINDS:
            entry = coding.entry(name)
            text = coding.text(name)
            unknown = new_supplier_option(text)["value"] if name is Field.SUPPLIER and text else ""
            values[name] = entry.id if entry else unknown
        else:
            values[name] = plain.get(name, coding.text(name))
    return values


def changes(
    shown_then: Mapping[str, str], values: Mapping[str, str | None], item: Item
) -> dict[Field, str | None]:
    """What a person changed: fields whose text is not what the form held. An emptied field takes back what
    was changed by hand, or says that there is nothing where the document said something."""
    changed: dict[Field, str | None] = {}
    for name in EDITED:
        text = (values.get(name.value) or "").strip()
        if fingerprint(text) == shown_then.get(name.value):
            continue
        if text:
            changed[name] = text
        elif name in item.manual or name in KINDS:
            changed[name] = None
        elif name in (Field.DESCRIPTION, Field.DOCUMENT_NUMBER, Field.DUE_DATE):
            changed[name] = ""
    return changed


def fingerprint(text: str) -> str:
    """Short, since a view's metadata holds 3,000 characters: only whether a text changed is asked."""
    return hashlib.blake2s(text.strip().encode(), digest_size=5).hexdigest()


def _supplier_option(coding: Coding) -> Option | None:
    entry, text = coding.entry(Field.SUPPLIER), coding.text(Field.SUPPLIER)
    if entry is None and text:
        return new_supplier_option(text)
    return _chosen(coding, Field.SUPPLIER)


def new_supplier_option(name: str) -> Option:
    """An option that stands for a supplier who is not on the list."""
    return option(f"➕ {name[:55]} (new supplier)", f"{NEW}{name}")


def _chosen(coding: Coding, name: Field) -> Option | None:
    entry = coding.entry(name)
    return option(entry.label, entry.id) if entry else None
