"""**Add item**: a document typed in by hand, with its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.attachments import MOST_FILES
from bot.domain.items import DocumentType, Side
from bot.slack.blocks.parts import (
    View,
    date_input,
    field,
    lookup,
    modal,
    option,
    select,
    text_input,
)

SAVE = "add.save"
PICK = "add."
"""Before a field's name: the pick lists of this form."""
SIDES = {Side.COST: "Cost", Side.SALE: "Sale"}
TYPES = {
    DocumentType.INVOICE: "Invoice",
    DocumentType.RECEIPT: "Receipt",
    DocumentType.CREDIT_NOTE: "Credit note",
}
PAID = {"": "As the type says: a receipt is paid", "yes": "Paid", "no": "Not paid"}


def form(meta: Mapping[str, Any]) -> View:
    sides = [option(words, side.value) for side, words in SIDES.items()]
    types = [option(words, kind.value) for kind, words in TYPES.items()]
    paid = [option(words, value or "type") for value, words in PAID.items()]
    file = {"type": "file_input", "action_id": "value", "max_files": MOST_FILES}
    blocks = [
        field("Side", "side", select(sides, chosen=Side.COST.value)),
        field("Type", "type", select(types, chosen=DocumentType.INVOICE.value)),
        field(
            "Supplier", "supplier", lookup(PICK + "supplier"), hint="On a sale: the customer", optional=True
        ),
        field("Document number", "document_number", text_input(longest=100), optional=True),
        field("Date", "date", date_input(), optional=True),
        field("Due date", "due_date", date_input(), optional=True),
        field("Currency", "currency", text_input(longest=3), hint="Such as EUR; empty: yours", optional=True),
        field("Total", "total", text_input(longest=40), hint="With tax", optional=True),
        field("Tax amount", "tax_amount", text_input(longest=40), optional=True),
        field("Category", "category", lookup(PICK + "category"), optional=True),
        field("Description", "description", text_input(multiline=True, longest=2000), optional=True),
        field("Paid", "paid", select(paid, chosen="type")),
        field(
            "Paid with",
            "payment_account",
            text_input(longest=200),
            hint="The account, or the payment method: Visa *4242",
            optional=True,
        ),
        field("Files", "files", file, hint="The invoice as PDF or picture, 10 MB at most", optional=True),
    ]
    return modal("Add item", blocks, callback=SAVE, submit="Add", close="Cancel", meta=meta)
