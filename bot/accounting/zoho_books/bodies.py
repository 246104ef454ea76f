"""The bodies of the seven kinds of record, as the OpenAPI description has them. Pure.

What that description leaves open: a line of an invoice or credit note is sent with its account, and without
an `item_id`, as other clients do; a sales receipt knows no reference, so ours stands in its notes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from bot.accounting.zoho_books.lists import PAYMENT_MODES
from bot.domain.coding import CodedLine, Coding, Layer, Value
from bot.domain.extras import LONGEST_DESCRIPTION
from bot.domain.items import Field, PublishAs
from bot.domain.kinds import BILLS
from bot.domain.lines import tax_of, tax_of_all
from bot.domain.lists import Entry

Body = dict[str, Any]

LONGEST_EXPENSE_TEXT = LONGEST_DESCRIPTION[PublishAs.EXPENSE]
LONGEST_NOTES = 5000
LONGEST_NUMBER = 100
LONGEST_LINE_NAME = 100
LONGEST_LINE_TEXT = 2000
ADJUSTED = BILLS | {PublishAs.INVOICE}
"""Take a difference as `adjustment`; the others get a line for it."""
ROUNDING = "Rounding"
_USUAL = {mode.casefold() for mode in PAYMENT_MODES}
_NOTHING = Value("", Layer.NONE)
LINKS = {PublishAs.VENDOR_CREDIT: "bill_id", PublishAs.CREDIT_NOTE: "invoice_id"}
"""By which a credit is tied to what it corrects, beside the body."""
OWN_NUMBER = {"ignore_auto_number_generation": "true"}
MODES = {"cash": "Cash", "credit_card": "Credit Card", "bank": "Bank Transfer"}
RECEIPT_MODES = {"cash": "cash", "credit_card": "credit_card", "bank": "bank_transfer"}
"""Where nobody chose one, by the type of the account it was paid from or into; Zoho spells them otherwise for
sales receipts."""


@dataclass(frozen=True, slots=True)
class Sum:
    """The lines of a record, and what settles their difference to the total."""

    lines: tuple[CodedLine, ...]
    includes_tax: bool
    rounding: Decimal


def body(coding: Coding, party: Entry, reference: str) -> Body:
    """The body without its currency; empty values are still in it."""
    return _MAKERS[coding.publish_as](coding, party, reference)


def query(coding: Coding) -> dict[str, str]:
    """A number of our own must be asked for, where Zoho numbers by itself; and what a credit corrects."""
    numbers_itself = (PublishAs.VENDOR_CREDIT, PublishAs.INVOICE, PublishAs.CREDIT_NOTE)
    has_number = coding.publish_as in numbers_itself and coding.text(Field.DOCUMENT_NUMBER)
    own = OWN_NUMBER if has_number or coding.publish_as is PublishAs.SALES_RECEIPT else {}
    link = LINKS.get(coding.publish_as)
    return own | ({link: coding.corrected} if link and coding.corrected else {})


def payment(coding: Coding, party: Entry, reference: str) -> Body:
    """The payment of a bill, without the bill. Its reference is its own, so that it is found by itself."""
    if coding.publish_as is not PublishAs.BILL_WITH_PAYMENT:
        return {}
    return {
        "vendor_id": party.id,
        "date": _date(coding),
        "amount": str(coding.total),
        "paid_through_account_id": id_of(coding, Field.PAYMENT_ACCOUNT),
        "payment_mode": coding.text(Field.PAYMENT_MODE) or _mode(coding, MODES, "Bank Transfer"),
        "reference_number": f"{reference}-P",
        "description": f"Payment of {coding.text(Field.DOCUMENT_NUMBER)}",
    }


# --- kind by kind


def _bill(coding: Coding, party: Entry, reference: str) -> Body:
    """https://www.zoho.com/books/api/v3/bills/#create-a-bill"""
    whole = {
        "vendor_id": party.id,
        "bill_number": _number(coding),
        "reference_number": reference,
        "date": _date(coding),
        "due_date": _due_date(coding),
        "notes": _notes(coding),
    }
    lines = _sum(coding, lambda line: _named(line, coding, name=False) | _for(line, coding))
    return whole | lines | _own_tax(coding)


def _for(line: CodedLine, coding: Coding) -> Body:
    """Whom a line is for: its own customer where it has one, as the receipts of a claim do."""
    own = _active(line.customer) if line.customer else ""
    return {"customer_id": own or id_of(coding, Field.CUSTOMER)}


def _invoice(coding: Coding, party: Entry, reference: str) -> Body:
    """https://www.zoho.com/books/api/v3/invoices/#create-an-invoice"""
    whole = {
        "customer_id": party.id,
        "invoice_number": _number(coding),
        "reference_number": reference,
        "date": _date(coding),
        "due_date": _due_date(coding),
        "notes": _notes(coding),
    }
    return whole | _sum(coding, lambda line: _named(line, coding))


def _credit(coding: Coding, party: Entry, reference: str) -> Body:
    """https://www.zoho.com/books/api/v3/vendor-credits/#create-a-vendor-credit ,
    https://www.zoho.com/books/api/v3/credit-notes/#create-a-credit-note : alike but for two names."""
    is_cost = coding.publish_as is PublishAs.VENDOR_CREDIT
    whole = {
        "vendor_id" if is_cost else "customer_id": party.id,
        "vendor_credit_number" if is_cost else "creditnote_number": _number(coding),
        "reference_number": reference,
        "date": _date(coding),
        "notes": _notes(coding),
    }
    return whole | _sum(coding, lambda line: _named(line, coding))


def _sales_receipt(coding: Coding, party: Entry, reference: str) -> Body:
    """https://www.zoho.com/books/api/v3/sales-receipt/#create-a-sales-receipt"""
    summed = _sum(coding, lambda line: _named(line, coding))
    del summed["is_inclusive_tax"]
    return {
        "customer_id": party.id,
        "receipt_number": _number(coding) or reference,
        "date": _date(coding),
        "payment_mode": _receipt_mode(coding) or _mode(coding, RECEIPT_MODES, "cash"),
        "notes": "\n".join(text for text in (reference, *coding.papers, coding.notes) if text)[
            :LONGEST_NOTES
        ],
    } | summed


def _expense(coding: Coding, party: Entry, reference: str) -> Body:
    """https://www.zoho.com/books/api/v3/expenses/#create-an-expense"""
    return (
        {
            "account_id": id_of(coding, Field.CATEGORY),
            "date": _date(coding),
            "amount": str(coding.total),
            "paid_through_account_id": id_of(coding, Field.PAYMENT_ACCOUNT),
            "vendor_id": party.id,
            "tax_id": id_of(coding, Field.TAX),
            "is_inclusive_tax": True,
            "reference_number": _with_number(coding.text(Field.DOCUMENT_NUMBER), reference),
            "description": coding.text(Field.DESCRIPTION)[:LONGEST_EXPENSE_TEXT],
            "customer_id": id_of(coding, Field.CUSTOMER),
            "project_id": id_of(coding, Field.PROJECT),
        }
        | _expense_lines(coding)
        | _own_tax(coding)
    )


_MAKERS: dict[PublishAs, Callable[[Coding, Entry, str], Body]] = {
    PublishAs.BILL: _bill,
    PublishAs.BILL_WITH_PAYMENT: _bill,
    PublishAs.EXPENSE: _expense,
    PublishAs.VENDOR_CREDIT: _credit,
    PublishAs.INVOICE: _invoice,
    PublishAs.CREDIT_NOTE: _credit,
    PublishAs.SALES_RECEIPT: _sales_receipt,
}


# --- lines


def summed(coding: Coding) -> Sum:
    """The item's lines as they are booked; without any, the total is one line with tax."""
    if coding.lines:
        found = Sum(coding.lines, coding.lines_include_tax, coding.rounding)
    else:
        total = coding.total or Decimal(0)
        one = CodedLine(
            coding.text(Field.DESCRIPTION),
            Decimal(1),
            total,
            total,
            coding.values.get(Field.CATEGORY, _NOTHING),
            coding.values.get(Field.TAX, _NOTHING),
        )
        found = Sum((one,), includes_tax=True, rounding=Decimal(0))
    return _without_tax(found, coding) if coding.publish_as is PublishAs.SALES_RECEIPT else found


def _without_tax(given: Sum, coding: Coding) -> Sum:
    """A sales receipt cannot say that its rates hold the tax: they are sent without, and what rounding
    makes of that is settled."""
    lines, taxed = [], []
    for line in given.lines:
        rate = line.tax.entry.percentage if line.tax.entry else ""
        if given.includes_tax:
            net = line.amount - tax_of(line.amount, rate, coding.precision, includes_tax=True)
            line = replace(line, quantity=Decimal(1), rate=net, amount=net)  # noqa: PLW2901 - the same line
        lines.append(line)
        taxed.append((line.amount, rate))
    tax = tax_of_all(taxed, coding.precision, includes_tax=False)
    whole = sum((amount for amount, _ in taxed), tax)
    return Sum(tuple(lines), includes_tax=False, rounding=(coding.total or Decimal(0)) - whole)


def _sum(coding: Coding, line_of: Callable[[CodedLine], Body]) -> Body:
    found = summed(coding)
    lines = [line_of(line) for line in found.lines]
    body: Body = {"is_inclusive_tax": found.includes_tax}
    if found.rounding and coding.publish_as in ADJUSTED:
        body |= {"adjustment": str(found.rounding), "adjustment_description": ROUNDING}
    elif found.rounding:
        lines.append(
            {
                "account_id": lines[0]["account_id"],
                "name": ROUNDING,
                "quantity": "1",
                "rate": str(found.rounding),
            }
        )
    return body | {"line_items": [{name: value for name, value in line.items() if value} for line in lines]}


def _named(line: CodedLine, coding: Coding, *, name: bool = True) -> Body:
    """A line with its account. Sales show a name and, where it is longer, a description."""
    text = line.description or ("" if coding.lines else coding.text(Field.DESCRIPTION))
    project = (_active(line.project) if line.project else "") or id_of(coding, Field.PROJECT)
    title = " ".join((text or line.category.text).split())[:LONGEST_LINE_NAME]
    described = text if not name or text != title else ""
    return {
        "account_id": _active(line.category),
        "name": title if name else "",
        "description": described[:LONGEST_LINE_TEXT],
        "quantity": f"{line.quantity:f}",
        "rate": str(line.rate),
        "tax_id": _active(line.tax),
        "project_id": "" if coding.publish_as is PublishAs.SALES_RECEIPT else project,
    }


def _expense_lines(coding: Coding) -> Body:
    """An expense has lines only where they are coded differently: else they are one amount."""
    if not coding.lines:
        return {}
    first, found = coding.lines[0], summed(coding)
    codings = {(_active(line.category), _active(line.tax)) for line in found.lines}
    if len(codings) == 1:
        return {"account_id": _active(first.category), "tax_id": _active(first.tax)}
    lines = [
        {
            "account_id": _active(line.category),
            "description": line.description[:LONGEST_EXPENSE_TEXT],
            "amount": str(line.amount),
            "tax_id": _active(line.tax),
        }
        for line in found.lines
    ]
    if found.rounding:
        account = _active(first.category)
        lines.append({"account_id": account, "description": ROUNDING, "amount": str(found.rounding)})
    return {
        "account_id": _active(first.category),
        "amount": str(sum((Decimal(line["amount"]) for line in lines), Decimal(0))),
        "tax_id": "",
        "is_inclusive_tax": found.includes_tax,
        "line_items": [{name: value for name, value in line.items() if value} for line in lines],
    }


def _own_tax(coding: Coding) -> Body:
    """The amount of a tax where it is not what its rate makes."""
    if coding.own_tax is None:
        return {}
    return {"taxes": [{"tax_id": coding.own_tax.id, "tax_amount": str(coding.tax_amount)}]}


# --- single values


def _active(value: Value) -> str:
    return value.entry.id if value.entry and value.entry.active else ""


def id_of(coding: Coding, name: Field) -> str:
    entry = coding.entry(name)
    return entry.id if entry and entry.active else ""


def _number(coding: Coding) -> str:
    return coding.text(Field.DOCUMENT_NUMBER)[:LONGEST_NUMBER]


def _notes(coding: Coding) -> str:
    return coding.notes[:LONGEST_NOTES]


def _date(coding: Coding) -> str:
    return coding.date.isoformat() if coding.date else ""


def _due_date(coding: Coding) -> str:
    return coding.due_date.isoformat() if coding.due_date else ""


def _mode(coding: Coding, modes: dict[str, str], usual: str) -> str:
    account = coding.entry(Field.PAYMENT_ACCOUNT)
    return modes.get(account.detail if account else "", usual)


def _receipt_mode(coding: Coding) -> str:
    """A mode of Zoho's own as sales receipts spell it; one that the organisation made, as it is."""
    mode = coding.text(Field.PAYMENT_MODE)
    return mode.lower().replace(" ", "_") if mode.casefold() in _USUAL else mode


def _with_number(number: str, reference: str) -> str:
    """An expense has one place for both the document's number and our reference."""
    if not number:
        return reference
    return f"{number[: LONGEST_EXPENSE_TEXT - len(reference) - 3]} / {reference}"
