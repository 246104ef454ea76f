"""What Zoho Books refuses, and the records it makes of what it accepts. Pure but for the new ids."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from bot.sandbox.zoho_books.books import Books, Organisation, Row

BILL_FIELDS = {
    "vendor_id", "currency_id", "bill_number", "reference_number", "date", "due_date", "exchange_rate",
    "is_inclusive_tax", "line_items", "notes", "terms", "adjustment", "adjustment_description",
    "location_id", "custom_fields", "tags", "payment_terms", "taxes",
}  # fmt: skip
LINE_FIELDS = {
    "account_id", "item_id", "name", "description", "rate", "quantity", "tax_id", "customer_id", "project_id",
    "tax_exemption_id", "tags", "location_id", "item_order", "is_billable",
}  # fmt: skip
EXPENSE_FIELDS = {
    "account_id", "date", "amount", "paid_through_account_id", "vendor_id", "tax_id", "is_inclusive_tax",
    "reference_number", "description", "customer_id", "currency_id", "exchange_rate", "project_id",
    "is_billable", "location_id", "custom_fields", "tags", "line_items", "taxes",
}  # fmt: skip
EXPENSE_LINE_FIELDS = {"account_id", "description", "amount", "tax_id", "tags", "item_order"}
TAX_FIELDS = {"tax_id", "tax_name", "tax_amount"}
CONTACT_FIELDS = {
    "contact_name", "company_name", "contact_type", "currency_id", "notes", "payment_terms", "vat_reg_no",
    "tax_reg_no", "gst_no",
}  # fmt: skip
TAX_NUMBERS = {
    "vat_reg_no": {"United Kingdom"},
    "tax_reg_no": {"United Arab Emirates", "Saudi Arabia", "Mexico", "Kenya", "South Africa"},
    "gst_no": {"India"},
}
"""A contact's tax number by the organisation's edition."""
TEXTS = {
    "bill_number", "reference_number", "description", "name", "notes", "terms", "adjustment_description",
    "contact_name", "company_name", "contact_type", "vat_reg_no", "tax_reg_no", "gst_no",
}  # fmt: skip
FLAGS = {"is_inclusive_tax", "is_billable"}
CONTACT_TYPES = {"customer", "vendor"}
LONGEST_NAME, LONGEST_TEXT = 200, 100
LARGEST = Decimal(10) ** 13
PAYABLE = {"bank", "cash", "credit_card"}
CENT = Decimal("0.01")


class Refusal(Exception):
    """HTTP status, Zoho's code and message."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code, self.message, self.status = code, message, status


def _known(body: Any, fields: set[str], where: str = "") -> None:
    """Only described fields, each of its kind. What would change a total unseen is not taken where it is not
    simulated."""
    if not isinstance(body, dict):
        raise Refusal(2, f"Invalid value passed for {where.rstrip('.')}")
    for name, value in body.items():
        if name not in fields:
            raise Refusal(15, f"Invalid element {where}{name}")
        kind = str if name in TEXTS else bool if name in FLAGS else None
        if kind is not None and value is not None and not isinstance(value, kind):
            raise Refusal(2, f"Invalid value passed for {where}{name}")


def _day(body: Row, name: str, *, required: bool = False) -> str:
    text = body.get(name)
    if text in (None, ""):
        if required:
            raise Refusal(4, f"Invalid value passed for {name}")
        return ""
    try:
        return date.fromisoformat(str(text)).isoformat()
    except ValueError:
        raise Refusal(4, f"Invalid value passed for {name}") from None


def _number(value: Any, name: str) -> Decimal:
    """Numbers must come as numbers: text is refused as the real service refuses it for amounts."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Refusal(2, f"Invalid value passed for {name}")
    number = Decimal(str(value))
    if not number.is_finite() or abs(number) > LARGEST:  # Python's JSON reader takes NaN and Infinity
        raise Refusal(2, f"Invalid value passed for {name}")
    return number


def _unlocked(organisation: Organisation, day: str) -> None:
    if organisation.lock_date and day <= organisation.lock_date:
        raise Refusal(1070001, f"Transactions before {organisation.lock_date} are locked.")


def _account(organisation: Organisation, account_id: Any, *, payable: bool = False) -> Row:
    found = organisation.find("accounts", "account_id", str(account_id or ""))
    if found is None or not found["is_active"]:
        raise Refusal(1002, "The account does not exist or is inactive.")
    if payable and found["account_type"] not in PAYABLE:
        raise Refusal(4, "Invalid value passed for paid_through_account_id")
    return found


def _vendor(organisation: Organisation, vendor_id: Any) -> Row:
    found = organisation.find("contacts", "contact_id", str(vendor_id))
    if found is None or found["contact_type"] != "vendor" or found["status"] != "active":
        raise Refusal(1002, "The vendor does not exist or is not accessible.")
    return found


def _tax(organisation: Organisation, tax_id: Any) -> Row | None:
    if tax_id in (None, ""):
        return None
    found = organisation.find("taxes", "tax_id", str(tax_id))
    if found is None or not found["is_active"]:
        raise Refusal(1002, "The tax does not exist or is inactive.")
    return found


def _optional(organisation: Organisation, body: Row) -> None:
    if body.get("customer_id"):
        found = organisation.find("contacts", "contact_id", str(body["customer_id"]))
        if found is None or found["contact_type"] != "customer":
            raise Refusal(1002, "The customer does not exist or is not accessible.")
    if (
        body.get("project_id")
        and organisation.find("projects", "project_id", str(body["project_id"])) is None
    ):
        raise Refusal(1002, "The project does not exist.")


def _currency(organisation: Organisation, body: Row) -> Row:
    base = organisation.find("currencies", "currency_code", organisation.currency_code) or {}
    if not body.get("currency_id"):
        return {
            "currency_code": organisation.currency_code,
            "currency_id": base.get("currency_id"),
            "exchange_rate": 1,
        }
    found = organisation.find("currencies", "currency_id", str(body["currency_id"]))
    if found is None:
        raise Refusal(9004, "The currency does not exist.")
    rate = _number(body.get("exchange_rate", found["exchange_rate"]), "exchange_rate")
    if rate <= 0:
        raise Refusal(2, "Invalid value passed for exchange_rate")
    return {
        "currency_code": found["currency_code"],
        "currency_id": found["currency_id"],
        "exchange_rate": float(rate),
    }


def _penny(organisation: Organisation, currency: Row) -> Decimal:
    """The smallest amount of a record's currency."""
    row = organisation.find("currencies", "currency_id", str(currency["currency_id"])) or {}
    return Decimal(1).scaleb(-int(row.get("price_precision", 2)))


def _amounts(
    amount: Decimal, tax: Row | None, *, inclusive: bool, penny: Decimal = CENT
) -> tuple[Decimal, Decimal]:
    """(net, tax) of an amount, in whole pennies: lines are rounded one by one."""
    amount = amount.quantize(penny, ROUND_HALF_UP)
    rate = Decimal(str(tax["tax_percentage"])) if tax else Decimal(0)
    taxed = (amount * rate / (100 + rate if inclusive else 100)).quantize(penny, ROUND_HALF_UP)
    return (amount - taxed, taxed) if inclusive else (amount, taxed)


def _taxes(
    organisation: Organisation, taxed: list[tuple[Decimal, Row | None]], *, inclusive: bool, penny: Decimal
) -> dict[str, Decimal]:
    """The tax of lines by tax: rounded line by line, or once for each tax where the organisation says so."""
    given = [(amount.quantize(penny, ROUND_HALF_UP), tax) for amount, tax in taxed]
    if organisation.tax_rounding == "entity_level":
        sums = defaultdict[str, Decimal](Decimal)
        for amount, tax in given:
            sums[str(tax["tax_id"]) if tax else ""] += amount
        known = {str(tax["tax_id"]): tax for _, tax in given if tax}
        given = [(amount, known.get(tax_id)) for tax_id, amount in sums.items()]
    found = defaultdict[str, Decimal](Decimal)
    for amount, tax in given:
        found[str(tax["tax_id"]) if tax else ""] += _amounts(amount, tax, inclusive=inclusive, penny=penny)[1]
    return found


def bill(books: Books, organisation: Organisation, body: Row) -> Row:
    """https://www.zoho.com/books/api/v3/bills/#create-a-bill"""
    _known(body, BILL_FIELDS)
    if not body.get("vendor_id"):
        raise Refusal(4, "Invalid value passed for vendor_id")
    vendor = _vendor(organisation, body["vendor_id"])
    number = str(body.get("bill_number") or "").strip()
    if not number or len(number) > LONGEST_TEXT:
        raise Refusal(4, "Invalid value passed for bill_number")
    for other in organisation.rows["bills"]:
        same = other["bill_number"].strip().casefold() == number.casefold()
        if same and other["vendor_id"] == vendor["contact_id"] and other["status"] != "void":
            raise Refusal(13011, f"The bill number {number} has already been used for this vendor.")
    day, due = _day(body, "date") or datetime.now(UTC).date().isoformat(), _day(body, "due_date")
    if due and due < day:
        raise Refusal(4, "The due date cannot be before the date of the bill.")
    _unlocked(organisation, day)
    lines, net, by_tax = _lines(books, organisation, body)
    penny = _penny(organisation, _currency(organisation, body))
    net, taxed = _with_own_taxes(body, net, by_tax, penny, as_text=True)
    adjustment = _number(body.get("adjustment", 0), "adjustment").quantize(penny, ROUND_HALF_UP)
    total = net + taxed + adjustment
    return {
        "bill_id": books.new_id(),
        "vendor_id": vendor["contact_id"],
        "vendor_name": vendor["contact_name"],
        "bill_number": number,
        "reference_number": str(body.get("reference_number") or ""),
        "date": day,
        "due_date": due or day,
        "status": "open",
        "is_inclusive_tax": bool(body.get("is_inclusive_tax")),
        "tax_rounding": organisation.tax_rounding,
        "notes": str(body.get("notes") or ""),
        "sub_total": float(net),
        "tax_total": float(taxed),
        "adjustment": float(adjustment),
        "total": float(total),
        "balance": float(total),
        "line_items": lines,
        **_currency(organisation, body),
    }


def _lines(
    books: Books, organisation: Organisation, body: Row
) -> tuple[list[Row], Decimal, dict[str, Decimal]]:
    """The lines, what they come to without tax, and the tax by tax."""
    given = body.get("line_items")
    if not isinstance(given, list) or not given:
        raise Refusal(4016, "Please add at least one line item.")
    penny = _penny(organisation, _currency(organisation, body))
    lines, whole = [], Decimal(0)
    taxed: list[tuple[Decimal, Row | None]] = []
    inclusive = bool(body.get("is_inclusive_tax"))
    for line in given:
        _known(line, LINE_FIELDS, "line_items.")
        if not line.get("account_id"):
            raise Refusal(13009, "The account of the line item is empty.")
        account, tax = _account(organisation, line["account_id"]), _tax(organisation, line.get("tax_id"))
        _optional(organisation, line)
        amount = _number(line.get("rate"), "rate") * _number(line.get("quantity", 1), "quantity")
        line_net, _ = _amounts(amount, tax, inclusive=inclusive, penny=penny)
        whole += amount.quantize(penny, ROUND_HALF_UP)
        taxed.append((amount, tax))
        lines.append(
            {
                **line,
                "line_item_id": books.new_id(),
                "account_name": account["account_name"],
                "tax_name": tax["tax_name"] if tax else "",
                "tax_percentage": tax["tax_percentage"] if tax else 0,
                "item_total": float(line_net),
            }
        )
    by_tax = _taxes(organisation, taxed, inclusive=inclusive, penny=penny)
    return lines, whole - sum(by_tax.values()) if inclusive else whole, by_tax


def _with_own_taxes(
    body: Row, net: Decimal, by_tax: Mapping[str, Decimal], penny: Decimal, *, as_text: bool = False
) -> tuple[Decimal, Decimal]:
    """(net, tax) with the amounts that `taxes` gives in place of what the rates made: of a bill as text, of
    an expense as numbers. Only a tax of the record's lines has an amount."""
    given = body.get("taxes") or []
    if not isinstance(given, list):
        raise Refusal(2, "Invalid value passed for taxes")
    taxed = sum(by_tax.values(), Decimal(0))
    whole = net + taxed
    for one in given:
        _known(one, TAX_FIELDS, "taxes.")
        if not one.get("tax_id") or str(one["tax_id"]) not in by_tax:
            raise Refusal(1002, "The tax does not exist or is inactive.")
        if as_text != isinstance(one.get("tax_amount"), str):
            raise Refusal(2, "Invalid value passed for tax_amount")
        amount = _number(_from_text(one["tax_amount"]), "tax_amount").quantize(penny, ROUND_HALF_UP)
        if amount < 0:
            raise Refusal(2, "Invalid value passed for tax_amount")
        taxed += amount - by_tax[str(one["tax_id"])]
    return (whole - taxed if body.get("is_inclusive_tax") else net), taxed


def _from_text(value: Any) -> Any:
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        raise Refusal(2, "Invalid value passed for tax_amount") from None


def expense(books: Books, organisation: Organisation, body: Row) -> Row:
    """https://www.zoho.com/books/api/v3/expenses/#create-an-expense"""
    _known(body, EXPENSE_FIELDS)
    account = _account(organisation, body.get("account_id"))
    day = _day(body, "date", required=True)
    _unlocked(organisation, day)
    amount = _number(body.get("amount"), "amount")
    if amount <= 0:
        raise Refusal(5015, "Enter a valid amount.")
    paid_through = _account(organisation, body.get("paid_through_account_id"), payable=True)
    vendor = _vendor(organisation, body["vendor_id"]) if body.get("vendor_id") else None
    tax = _tax(organisation, body.get("tax_id"))
    _optional(organisation, body)
    for name in ("reference_number", "description"):
        if len(str(body.get(name) or "")) > LONGEST_TEXT:
            raise Refusal(4, f"Please ensure that {name} has less than {LONGEST_TEXT} characters.")
    inclusive, penny = bool(body.get("is_inclusive_tax")), _penny(organisation, _currency(organisation, body))
    lines = _expense_lines(books, organisation, body, penny) if body.get("line_items") else []
    net, taxed = _amounts(amount, tax, inclusive=inclusive, penny=penny)
    if lines:
        parts = [(Decimal(str(line["item_total"])), Decimal(str(line["tax_amount"]))) for line in lines]
        net, taxed = (
            sum((part[0] for part in parts), Decimal(0)),
            sum((part[1] for part in parts), Decimal(0)),
        )
        amount = net + taxed if inclusive else net
    by_tax = defaultdict[str, Decimal](Decimal)
    for row in lines or [{"tax_id": tax["tax_id"] if tax else "", "tax_amount": taxed}]:
        by_tax[row["tax_id"]] += Decimal(str(row["tax_amount"]))
    net, taxed = _with_own_taxes(body, net, by_tax, penny)
    return {
        "expense_id": books.new_id(),
        "date": day,
        "account_id": account["account_id"],
        "account_name": account["account_name"],
        "paid_through_account_id": paid_through["account_id"],
        "paid_through_account_name": paid_through["account_name"],
        "vendor_id": vendor["contact_id"] if vendor else "",
        "vendor_name": vendor["contact_name"] if vendor else "",
        "tax_id": tax["tax_id"] if tax else "",
        "tax_name": tax["tax_name"] if tax else "",
        "tax_amount": float(taxed),
        "sub_total": float(net),
        "total": float(net + taxed),
        "amount": float(amount),
        "is_inclusive_tax": bool(body.get("is_inclusive_tax")),
        "reference_number": str(body.get("reference_number") or ""),
        "description": str(body.get("description") or ""),
        "customer_id": str(body.get("customer_id") or ""),
        "project_id": str(body.get("project_id") or ""),
        "status": "nonbillable",
        **({"line_items": lines} if lines else {}),
        **_currency(organisation, body),
    }


def _expense_lines(books: Books, organisation: Organisation, body: Row, penny: Decimal) -> list[Row]:
    """An itemised expense: its lines say the accounts, taxes and amounts."""
    if not isinstance(body["line_items"], list):
        raise Refusal(2, "Invalid value passed for line_items")
    lines = []
    for line in body["line_items"]:
        _known(line, EXPENSE_LINE_FIELDS, "line_items.")
        account, tax = _account(organisation, line.get("account_id")), _tax(organisation, line.get("tax_id"))
        amount = _number(line.get("amount"), "amount")
        net, taxed = _amounts(amount, tax, inclusive=bool(body.get("is_inclusive_tax")), penny=penny)
        lines.append(
            {
                **line,
                "line_item_id": books.new_id(),
                "account_name": account["account_name"],
                "tax_id": tax["tax_id"] if tax else "",
                "tax_name": tax["tax_name"] if tax else "",
                "item_total": float(net),
                "tax_amount": float(taxed),
            }
        )
    return lines


def contact(books: Books, organisation: Organisation, body: Row) -> Row:
    """https://www.zoho.com/books/api/v3/contacts/#create-a-contact"""
    _known(body, CONTACT_FIELDS)
    name = str(body.get("contact_name") or "").strip()
    if not name or len(name) > LONGEST_NAME:
        raise Refusal(3013, "Please ensure that the contact name has 1 to 200 characters.")
    for other in organisation.rows["contacts"]:
        if other["contact_name"].casefold() == name.casefold():
            raise Refusal(3062, f'The contact "{name}" already exists. Please specify a different name.')
    if body.get("contact_type", "customer") not in CONTACT_TYPES:
        raise Refusal(2, "Invalid value passed for contact_type")
    for field, countries in TAX_NUMBERS.items():
        if body.get(field) and organisation.country not in countries:
            raise Refusal(15, f"Invalid element {field}")
    currency = _currency(organisation, body)
    return {
        "contact_id": books.new_id(),
        "contact_name": name,
        "company_name": str(body.get("company_name") or ""),
        "contact_type": str(body.get("contact_type") or "customer"),
        "status": "active",
        "currency_code": currency["currency_code"],
        **{field: str(body[field]) for field in TAX_NUMBERS if body.get(field)},
    }
