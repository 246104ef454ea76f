"""Books that have been used for months: more to choose from, and what was booked until today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

from bot.sandbox.zoho_books import rules
from bot.sandbox.zoho_books import sample_tables as tables
from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.sample_files import invoice_pdf
from bot.sandbox.zoho_books.sample_rows import account, contact
from bot.sandbox.zoho_books.sample_tables import rows

PAID_AFTER, TERM, SALES_TAX = 45, timedelta(days=30), "Standard Rate"


def live_in(books: Books, organisation: Organisation) -> None:
    """Fills the organisation up to the books' own today."""
    for code, name, kind in rows(tables.ACCOUNTS):
        organisation.rows["accounts"].append(account(books, name, kind, code))
    for (name,) in rows(tables.CUSTOMERS):
        organisation.rows["contacts"].append(contact(books, organisation, name, "customer"))
    months = Months(books, organisation, datetime.fromtimestamp(books.clock(), UTC).date())
    months.lists()
    for (days_ago, supplier, number), lines in groupby(rows(tables.BILLS), key=lambda row: row[:3]):
        months.bill(int(days_ago), supplier, number, [line[3:] for line in lines])
    for days_ago, name, amount, through, supplier, text, *tax in rows(tables.EXPENSES):
        months.expense(int(days_ago), name, float(amount), through, supplier, text, "".join(tax))
    for days_ago, customer, project, item, quantity in rows(tables.INVOICES):
        months.invoice(int(days_ago), customer, project, item, int(quantity))
    months.others()


@dataclass
class Months:
    """Writes the records of the last three months, each as if booked on its day."""

    books: Books
    organisation: Organisation
    today: date

    def lists(self) -> None:
        lists = self.organisation.rows
        for name, customer in rows(tables.PROJECTS):
            who = self._named("contacts", "contact", customer)
            lists["projects"].append(
                {"project_id": self.books.new_id(), "project_name": name, "status": "active",
                 "customer_id": who["contact_id"], "customer_name": customer}
            )  # fmt: skip
        for name, price in rows(tables.ITEMS):
            row = {"item_id": self.books.new_id(), "name": name, "status": "active", "rate": float(price)}
            lists["items"].append(row)

    def _named(self, kind: str, one: str, name: str) -> Row:
        return next(row for row in self.organisation.rows[kind] if row[f"{one}_name"] == name)

    def _tax_id(self, name: str) -> str:
        return str(self._named("taxes", "tax", name)["tax_id"]) if name else ""

    def _day(self, days_ago: int) -> date:
        return self.today - timedelta(days=days_ago)

    def _keep(self, kind: str, day: date, row: Row) -> Row:
        at = f"{day}T09:{day.day + 20}:00+0000"
        made = row | {"created_time": at, "last_modified_time": at}
        self.organisation.rows.setdefault(kind, []).append(made)
        return made

    def bill(self, days_ago: int, supplier: str, number: str, lines: list[list[str]]) -> None:
        day = self._day(days_ago)
        given = [
            {
                "account_id": self._named("accounts", "account", name)["account_id"],
                "description": text,
                "rate": float(amount),
                "quantity": 1,
                "tax_id": self._tax_id(tax),
            }
            for name, text, amount, tax in lines
        ]
        body = {
            "vendor_id": self._named("contacts", "contact", supplier)["contact_id"],
            "bill_number": number,
            "date": str(day),
            "due_date": str(day + TERM),
            "is_inclusive_tax": False,
            "line_items": given,
        }
        made = self._keep("bills", day, rules.bill(self.books, self.organisation, body))
        self._attach(made)
        if days_ago > PAID_AFTER:
            self._pay(made, day + TERM)
        elif day + TERM < self.today:
            made["status"] = "overdue"

    def _attach(self, bill: Row) -> None:
        content, document_id = invoice_pdf(bill), self.books.new_id()
        name = f"{bill['bill_number'].replace('/', '-')}.pdf"
        self.books.files[document_id] = content
        document = {"document_id": document_id, "file_name": name, "file_size": len(content)}
        bill["documents"] = [document | {"file_type": "pdf"}]

    def _pay(self, bill: Row, day: date) -> None:
        through = self._named("accounts", "account", "Current Account")
        payments = self.organisation.rows.get("vendorpayments", [])
        self._keep("vendorpayments", day, {
            "payment_id": self.books.new_id(), "payment_number": str(len(payments) + 1),
            "vendor_id": bill["vendor_id"], "vendor_name": bill["vendor_name"], "date": str(day),
            "payment_mode": "Bank Transfer", "amount": bill["total"], "exchange_rate": 1,
            "reference_number": "", "description": "", "paid_through_account_id": through["account_id"],
            "paid_through_account_name": through["account_name"],
            "bills": [{"bill_id": bill["bill_id"], "bill_number": bill["bill_number"],
                       "amount_applied": bill["total"]}],
        })  # fmt: skip
        bill |= {"status": "paid", "balance": 0.0}

    def expense(
        self, days_ago: int, name: str, amount: float, through: str, supplier: str, text: str, tax: str
    ) -> None:
        day = self._day(days_ago)
        body = {
            "account_id": self._named("accounts", "account", name)["account_id"],
            "paid_through_account_id": self._named("accounts", "account", through)["account_id"],
            "date": str(day),
            "amount": amount,
            "is_inclusive_tax": True,
            "tax_id": self._tax_id(tax),
            "description": text,
        }
        if supplier:
            body["vendor_id"] = self._named("contacts", "contact", supplier)["contact_id"]
        self._keep("expenses", day, rules.expense(self.books, self.organisation, body))

    def invoice(self, days_ago: int, customer: str, project: str, item: str, quantity: int) -> None:
        day, number = self._day(days_ago), len(self.organisation.rows.get("invoices", [])) + 1
        row = self._sale(day, customer, project, item, quantity)
        paid = days_ago > PAID_AFTER
        status = "paid" if paid else "overdue" if day + TERM < self.today else "sent"
        self._keep("invoices", day, row | {
            "invoice_id": self.books.new_id(), "invoice_number": f"INV-{number:05}", "status": status,
            "due_date": str(day + TERM), "balance": 0.0 if paid else row["total"],
        })  # fmt: skip

    def _sale(self, day: date, customer: str, project: str, item: str, quantity: int) -> Row:
        """What every document for a customer has: one line, the standard tax on top."""
        tax, income = self._named("taxes", "tax", SALES_TAX), self._named("accounts", "account", "Sales")
        sold = next(row for row in self.organisation.rows["items"] if row["name"] == item)
        net = round(sold["rate"] * quantity, 2)
        taxed = round(net * tax["tax_percentage"] / 100, 2)
        base = self.organisation.find("currencies", "currency_code", self.organisation.currency_code) or {}
        line = {
            "line_item_id": self.books.new_id(), "item_id": sold["item_id"], "name": item, "description": "",
            "account_id": income["account_id"], "account_name": income["account_name"], "rate": sold["rate"],
            "quantity": quantity, "tax_id": tax["tax_id"], "tax_name": tax["tax_name"],
            "tax_percentage": tax["tax_percentage"], "item_total": net,
        }  # fmt: skip
        if project:
            line["project_id"] = self._named("projects", "project", project)["project_id"]
        return {
            "customer_id": self._named("contacts", "contact", customer)["contact_id"],
            "customer_name": customer, "date": str(day), "reference_number": "", "is_inclusive_tax": False,
            "line_items": [line], "sub_total": net, "tax_total": taxed, "total": net + taxed,
            "adjustment": 0.0, "currency_id": base.get("currency_id"),
            "currency_code": self.organisation.currency_code, "exchange_rate": 1, "notes": "",
        }  # fmt: skip

    def others(self) -> None:
        """One or two of what is rarer: receipts, and credits both ways."""
        for number, (days_ago, item, quantity) in enumerate(((34, "Binding", 2), (8, "Logo", 1)), 1):
            day = self._day(days_ago)
            row = self._sale(day, "Harbour Books", "", item, quantity)
            del row["reference_number"], row["is_inclusive_tax"], row["adjustment"]
            self._keep("salesreceipts", day, row | {
                "sales_receipt_id": self.books.new_id(), "receipt_number": f"SR-{number:05}",
                "status": "closed", "payment_mode": "Credit Card", "terms": "",
            })  # fmt: skip
        day = self._day(20)
        row = self._sale(day, "Castle View Hotel", "", "Binding", 1)
        self._keep("creditnotes", day, row | {
            "creditnote_id": self.books.new_id(), "creditnote_number": "CN-00001", "status": "open",
            "balance": row["total"],
        })  # fmt: skip
        day, returned = self._day(12), self.organisation.rows["bills"][-6]
        credit = {name: returned[name] for name in (
            "vendor_id", "vendor_name", "currency_id", "currency_code", "exchange_rate", "is_inclusive_tax",
            "sub_total", "total", "tax_total",
        )}  # fmt: skip
        self._keep("vendorcredits", day, credit | {
            "vendor_credit_id": self.books.new_id(), "vendor_credit_number": f"{returned['bill_number']}-C",
            "date": str(day), "reference_number": returned["bill_number"], "status": "open",
            "adjustment": 0.0, "balance": returned["total"], "notes": "Sent back, damaged in transit",
            "line_items": [line | {"line_item_id": self.books.new_id()} for line in returned["line_items"]],
        })  # fmt: skip
