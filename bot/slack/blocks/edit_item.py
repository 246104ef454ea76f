"""**Edit item**: the form, and which of its fields a person changed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.domain import money
from bot.domain.coding import Coding
from bot.domain.items import Field, Item, Side
from bot.domain.kinds import WITH_MODE, offered
from bot.domain.resolving import KINDS, NEW
from bot.slack.blocks.items import Shown
from bot.slack.blocks.parts import (
    Block,
    Option,
    View,
    actions,
    button,
    checkboxes,
    context,
    date_input,
    field,
    lookup,
    modal,
    option,
    section,
    select,
    text_input,
)
from bot.slack.text import brief, count

SAVE = "item.save"
MAKE_RULE = "make_rule"
EVERYWHERE = "everywhere"
LINES = "lines.open"
PICK = "pick."
"""Before a field's name: the pick lists that ask the bot."""


def edit_form(shown: Shown, meta: Mapping[str, Any]) -> View:
    """**Edit item**, filled with the values as they are resolved now."""
    coding, side = shown.coding, shown.item.document.side
    values = form_values(coding)
    blocks = [
        *_parties(coding, side),
        *_lines(shown),
        field(
            "Category", "category", lookup(PICK + "category", _chosen(coding, Field.CATEGORY)), optional=True
        ),
        field("Tax", "tax", lookup(PICK + "tax", _chosen(coding, Field.TAX)), optional=True),
        field("Project", "project", lookup(PICK + "project", _chosen(coding, Field.PROJECT)), optional=True),
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
            select(
                [option(kind.words, kind.value) for kind in offered(shown.item.document)],
                chosen=coding.publish_as.value,
            ),
        ),
        field(
            "Payment account",
            "payment_account",
            lookup(PICK + "payment_account", _chosen(coding, Field.PAYMENT_ACCOUNT)),
            optional=True,
            hint="What it was paid from" if side is Side.COST else "Where the money came in",
        ),
        *_mode(coding),
        field(
            "Rule",
            MAKE_RULE,
            checkboxes(_rule_ticks(coding.party_field)),
            optional=True,
        ),
        context("An emptied field goes back to what the rule, the document or the default says."),
    ]
    if shown.item.receipts:
        blocks = [block for block in blocks if block.get("block_id") not in OF_RECEIPTS]
    asked = {block.get("block_id") for block in blocks}
    shown_now = {name.value: fingerprint(value) for name, value in values.items() if name.value in asked}
    whole = {**meta, "item": shown.item.id, "side": side.value, "shown": shown_now}
    return modal("Edit item", blocks, callback=SAVE, submit="Save", close="Cancel", meta=whole)


def _rule_ticks(who: Field) -> list[Option]:
    return [
        option(f"Use this category and tax for all items of the {who.value}", "on"),
        option("Also on its waiting items where they were set by hand", EVERYWHERE),
    ]


def _parties(coding: Coding, side: Side) -> list[Block]:
    """A cost has a supplier and perhaps a customer it is for; a sale has its customer alone."""
    customer = lookup(PICK + "customer", _party_option(coding, Field.CUSTOMER))
    asked = [field("Customer", "customer", customer, optional=True)]
    if side is Side.COST:
        supplier = lookup(PICK + "supplier", _party_option(coding, Field.SUPPLIER))
        asked.insert(0, field("Supplier", "supplier", supplier, optional=True))
    return asked


def _mode(coding: Coding) -> list[Block]:
    """Where a payment says by which mode it was made."""
    mode = coding.text(Field.PAYMENT_MODE)
    if coding.publish_as not in WITH_MODE:
        return []
    pick = lookup(PICK + "payment_mode", option(mode, mode) if mode else None)
    hint = "Empty: by the kind of the account"
    return [field("Payment mode", Field.PAYMENT_MODE.value, pick, optional=True, hint=hint)]


LINES_SHOWN = 20
OF_RECEIPTS = ("category", "tax", "payment_account", MAKE_RULE)
"""What an expense claim has from its receipts, or not at all."""


def _lines(shown: Shown) -> list[Block]:
    """The lines as they will be booked, and the way to change them one by one; those of an expense claim are
    its receipts."""
    coding, of_claim = shown.coding, bool(shown.item.receipts)
    edit = button("Edit lines" if coding.lines else "Split into lines", LINES, shown.item.id)
    if not coding.lines:
        return [] if of_claim else [actions(edit)]
    rows = [
        " · ".join(
            brief(part, 80)
            for part in (
                f"{number}. {line.description or 'without description'}",
                f"{line.quantity:f} × {money.shown(line.rate, coding.currency)}",
                line.category.text or "no category",
                line.tax.text or "no tax",
            )
        )
        for number, line in enumerate(coding.lines[:LINES_SHOWN], start=1)
    ]
    if len(coding.lines) > LINES_SHOWN:
        rows.append(f"… and {len(coding.lines) - LINES_SHOWN} more")
    with_tax = "with" if coding.lines_include_tax else "without"
    rows.insert(0, f"*{count(len(coding.lines), 'line')}, {with_tax} tax*")
    blocks = [section("\n".join(rows[at : at + 7])) for at in range(0, len(rows), 7)]
    if of_claim:
        return [*blocks, context("Each line is a receipt: its category and tax are changed there.")]
    said = "A category or tax set here counts for every line that has none of its own set by hand."
    return [*blocks, actions(edit), context(said)]


EDITED = (
    Field.SUPPLIER, Field.CUSTOMER, Field.CATEGORY, Field.TAX, Field.PROJECT, Field.DATE, Field.DUE_DATE,
    Field.DOCUMENT_NUMBER, Field.TOTAL, Field.TAX_AMOUNT, Field.CURRENCY, Field.DESCRIPTION, Field.PUBLISH_AS,
    Field.PAYMENT_ACCOUNT, Field.PAYMENT_MODE,
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
            is_party = name is coding.party_field
            unknown = new_supplier_option(text)["value"] if is_party and text else ""
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
        if name.value not in shown_then:
            continue
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


def _party_option(coding: Coding, name: Field) -> Option | None:
    entry, text = coding.entry(name), coding.text(name)
    if entry is None and text and name is coding.party_field:
        return new_supplier_option(text, name)
    return _chosen(coding, name)


def new_supplier_option(name: str, field_name: Field = Field.SUPPLIER) -> Option:
    """An option that stands for a supplier, or a sale's customer, who is not on the list."""
    return option(f"➕ {name[:55]} (new {field_name})", f"{NEW}{name}")


def _chosen(coding: Coding, name: Field) -> Option | None:
    entry = coding.entry(name)
    return option(entry.label, entry.id) if entry else None
