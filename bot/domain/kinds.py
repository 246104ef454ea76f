"""What an item may become in the accounting software, and what it becomes when nobody says otherwise."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.items import Document, DocumentType, Field, Item, PublishAs, Side
from bot.domain.settings import BusinessSettings, Concerned

OFFERED = {
    Side.COST: (PublishAs.BILL, PublishAs.EXPENSE, PublishAs.BILL_WITH_PAYMENT, PublishAs.VENDOR_CREDIT),
    Side.SALE: (PublishAs.INVOICE, PublishAs.CREDIT_NOTE, PublishAs.SALES_RECEIPT),
}
"""By side, the usual one first."""
FOR_CLAIMS = (PublishAs.BILL,)
"""What is owed to a person is one open bill."""
CREDITS = frozenset({PublishAs.VENDOR_CREDIT, PublishAs.CREDIT_NOTE})
NEVER_VOID = frozenset({PublishAs.EXPENSE, PublishAs.SALES_RECEIPT})
"""Taken back, they are deleted: they know no such state."""
PAID_FROM = frozenset({PublishAs.EXPENSE, PublishAs.BILL_WITH_PAYMENT})
"""Money has left: the account it left from must be told."""
WITH_MODE = frozenset({PublishAs.BILL_WITH_PAYMENT, PublishAs.SALES_RECEIPT})
"""Their payment says by which mode it was made."""
BILLS = frozenset({PublishAs.BILL, PublishAs.BILL_WITH_PAYMENT})
NUMBERED = BILLS | {PublishAs.CREDIT_NOTE}
"""Never without a number; the others are numbered by the accounting software where the document is silent."""
TAX_SAID = BILLS | {PublishAs.EXPENSE}
"""Take an amount of tax that is not what the rate makes; the others book the rate's."""
FOR_PAID_COSTS = (PublishAs.EXPENSE, PublishAs.BILL_WITH_PAYMENT)
FOR_UNPAID_RECEIPTS = (PublishAs.EXPENSE, PublishAs.BILL)


def concerned(items: Iterable[Item]) -> Concerned:
    """Of items, those whose kind nobody set by hand and a setting decides."""
    paid = receipts = 0
    for item in items:
        document = item.document
        is_settled = document.side is Side.SALE or document.is_claim or is_credit(document)
        if Field.PUBLISH_AS in item.manual or is_settled:
            continue
        paid += document.paid
        receipts += not document.paid and document.type is DocumentType.RECEIPT
    return Concerned(paid, receipts)


def is_credit(document: Document) -> bool:
    """A credit note, or what is one by its sign: an invoice below zero."""
    below_zero = document.total is not None and document.total < 0
    return document.type is DocumentType.CREDIT_NOTE or below_zero


def usual(document: Document, settings: BusinessSettings) -> tuple[PublishAs, str]:
    """By side, type and paid state, and why in a few words."""
    if is_credit(document):
        why = "a credit note" if document.type is DocumentType.CREDIT_NOTE else "below zero"
        return PublishAs.VENDOR_CREDIT if document.side is Side.COST else PublishAs.CREDIT_NOTE, why
    if document.is_claim:
        return PublishAs.BILL, "an expense claim"
    is_receipt = document.type is DocumentType.RECEIPT
    if document.side is Side.SALE:
        if is_receipt and document.paid:
            return PublishAs.SALES_RECEIPT, "a paid sale"
        return PublishAs.INVOICE, "a sale"
    if document.paid:
        return settings.paid_costs, "paid"
    return (settings.unpaid_receipts, "a receipt") if is_receipt else (PublishAs.BILL, "not paid yet")


def offered(document: Document) -> tuple[PublishAs, ...]:
    """What a person may choose for it, the usual one first."""
    return FOR_CLAIMS if document.is_claim else OFFERED[document.side]


def contradiction(document: Document, kind: PublishAs) -> str:
    """What a person should hear who publishes a credit as something owed, or the other way about."""
    if is_credit(document) == (kind in CREDITS):
        return ""
    said = "a credit note" if is_credit(document) else "no credit note"
    return f"the document is {said}, but it is published as {kind.noun}"
