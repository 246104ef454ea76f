"""What a bookkeeper does in Zoho Books by hand: enter, edit, approve, pay, make void, delete."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from bot.sandbox.zoho_books import rules, undoing
from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.payments import vendor_payment
from bot.sandbox.zoho_books.rules import Refusal
from bot.sandbox.zoho_books.web.changes import NotChanged
from bot.sandbox.zoho_books.web.sections import Section

Form = Mapping[str, str]
BILLS, INVOICES = "bills", "invoices"
VOIDABLE = {one.kind: one for one in undoing.VOID}
SINGLE = {one.kind: one for one in undoing.DELETED}
TO_APPROVE = "pending_approval"


@dataclass(frozen=True)
class Field:
    """An input: its name, its label, what stands in it, and its HTML type."""

    name: str
    label: str
    value: str = ""
    kind: str = "text"


@dataclass(frozen=True)
class Act:
    """A button, with the fields before it."""

    name: str
    label: str
    fields: tuple[Field, ...] = ()


def new_bill(today: date) -> Act:
    return Act(
        "new",
        "Enter the bill",
        (
            Field("supplier", "Supplier"),
            Field("number", "Bill number"),
            Field("date", "Date", str(today), "date"),
            Field("total", "Total"),
        ),
    )


def offered(section: Section, row: Row) -> list[Act]:
    """What may be done to a record as it stands."""
    slug, status = section.slug, str(row.get("status", ""))
    if status == "void":
        return [Act("delete", "Delete")]
    if slug not in VOIDABLE:
        return [Act("delete", "Delete")] if slug in SINGLE and slug != "vendorpayments" else []
    fields = (
        Field("number", "Number", str(row.get(section.label, ""))),
        Field("date", "Date", str(row.get("date", "")), "date"),
        Field("total", "Total", f"{_amount(row, 'total'):.2f}"),
    )
    acts = [Act("edit", "Save", fields)]
    owed = _amount(row, "balance") if "balance" in row else _amount(row, "total")
    if slug in (BILLS, INVOICES) and owed and status not in ("draft", TO_APPROVE, "rejected"):
        acts.append(Act("pay", "Record payment", (Field("amount", "Amount", f"{owed:.2f}"),)))
    if slug == INVOICES and status == "draft":
        acts.append(Act("send", "Mark as sent"))
    if slug == BILLS and status in ("open", "draft", "rejected") and owed == _amount(row, "total"):
        acts.append(Act("submit", "Submit for approval"))
    if status == TO_APPROVE:
        acts += [Act("approve", "Approve"), Act("reject", "Reject")]
    return [*acts, Act("void", "Make void"), Act("delete", "Delete")]


@dataclass(frozen=True)
class Bookkeeper:
    """The records of one organisation under a bookkeeper's hands."""

    books: Books
    organisation: Organisation

    def enter(self, form: Form) -> tuple[str, str]:
        """A bill of one line on the first cost account; its id, and what to say."""
        supplier = " ".join(form.get("supplier", "").split()).casefold()
        vendors = [one for one in self.organisation.rows["contacts"] if one["contact_type"] == "vendor"]
        found = [one for one in vendors if one["contact_name"].casefold() == supplier]
        if not found:
            raise NotChanged("There is no supplier of that name. Choose one from the list.")
        account = self.organisation.find("accounts", "account_type", "expense") or {}
        line = {
            "account_id": account.get("account_id"), "rate": float(_given(form, "total")), "quantity": 1,
        }  # fmt: skip
        body = {
            "vendor_id": found[0]["contact_id"], "bill_number": form.get("number", ""),
            "date": form.get("date", ""), "line_items": [line],
        }  # fmt: skip
        try:
            made = rules.bill(self.books, self.organisation, body)
        except Refusal as refusal:
            raise NotChanged(refusal.message) from refusal
        self.organisation.rows[BILLS].append(
            made | {"created_time": self.books.now, "last_modified_time": self.books.now}
        )
        self.books.save()
        return str(made["bill_id"]), f"Entered: bill {made['bill_number']} of {made['vendor_name']}."

    def do(self, act: str, section: Section, record_id: str, form: Form) -> str:
        """What was done, as a sentence. Raises NotChanged."""
        row = section.find(self.organisation, record_id)
        if row is None or act not in {one.name for one in offered(section, row)}:
            raise NotChanged(f"This {section.one} cannot be changed like that. Look at it again.")
        acts: Mapping[str, Callable[[], str]] = {
            "edit": lambda: self._edit(section, row, form),
            "pay": lambda: self._pay(section, row, form),
            "void": lambda: undoing.make_void(
                self.books, self.organisation, VOIDABLE[section.slug], record_id
            ),
            "delete": lambda: self._delete(section, row, record_id),
            "submit": lambda: _status(row, TO_APPROVE, "It waits for approval."),
            "approve": lambda: _status(row, "open", "It is approved."),
            "reject": lambda: _status(row, "rejected", "It is rejected."),
            "send": lambda: _status(row, "sent", "It is marked as sent."),
        }
        try:
            said = acts[act]()
        except Refusal as refusal:
            raise NotChanged(refusal.message) from refusal
        row["last_modified_time"] = self.books.now
        self.books.save()
        return said

    def _edit(self, section: Section, row: Row, form: Form) -> str:
        total, day, number = _given(form, "total"), form.get("date", ""), form.get("number", "").strip()
        paid = _amount(row, "total") - _amount(row, "balance")
        if total < paid:
            raise NotChanged("The total cannot be less than what is paid.")
        try:
            date.fromisoformat(day)
        except ValueError:
            raise NotChanged("Write the date as 2026-03-31.") from None
        if not number:
            raise NotChanged("Write a number.")
        for when in (row["date"], day):
            rules._unlocked(self.organisation, when)
        more = total - _amount(row, "total")
        row |= {
            section.label: number, "date": day, "total": float(total), "balance": float(total - paid),
            "adjustment": float(_amount(row, "adjustment") + more),
        }  # fmt: skip
        return "Saved."

    def _pay(self, section: Section, row: Row, form: Form) -> str:
        amount = _given(form, "amount")
        if section.slug == INVOICES:
            if not 0 < amount <= _amount(row, "balance"):
                raise NotChanged("The amount is more than the balance of the invoice.")
            left = _amount(row, "balance") - amount
            row |= {"balance": float(left), "status": "partially_paid" if left else "paid"}
            return "The payment is recorded."
        through = self.organisation.find("accounts", "account_type", "bank") or {}
        body = {
            "vendor_id": row["vendor_id"], "amount": float(amount), "payment_mode": "Bank Transfer",
            "paid_through_account_id": through.get("account_id"),
            "bills": [{"bill_id": row["bill_id"], "amount_applied": float(amount)}],
        }  # fmt: skip
        made = vendor_payment(self.books, self.organisation, body, {})
        self.organisation.rows["vendorpayments"].append(made | {"created_time": self.books.now})
        return "The payment is recorded."

    def _delete(self, section: Section, row: Row, record_id: str) -> str:
        if section.slug in SINGLE:
            return undoing.delete(self.books, self.organisation, SINGLE[section.slug], record_id)
        rules._unlocked(self.organisation, row["date"])
        if row["status"] != "void" and _amount(row, "balance") != _amount(row, "total"):
            raise NotChanged("It cannot be deleted since payments are associated with it.")
        self.organisation.rows[section.kind].remove(row)
        return f"The {section.one} has been deleted."


def _status(row: Row, status: str, says: str) -> str:
    row["status"] = status
    return says


def _amount(row: Row, name: str) -> Decimal:
    return Decimal(str(row.get(name) or 0))


def _given(form: Form, name: str) -> Decimal:
    try:
        found = Decimal(form.get(name, "").replace(",", ""))
    except InvalidOperation:
        raise NotChanged(f"Write the {name} as 120.50.") from None
    if not found.is_finite() or found <= 0:
        raise NotChanged(f"Write the {name} as 120.50.")
    return found
