"""What a bookkeeper changes in Zoho Books behind the app's back: names, and what is active."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.zoho_books.books import Books, Organisation, Row
from bot.sandbox.zoho_books.web import lists
from bot.sandbox.zoho_books.web.sections import Section

CHANGEABLE = {"accounts", "bankaccounts", "taxes", "suppliers", "customers", "projects", "items"}
LONGEST = 200


class NotChanged(Exception):
    """Why nothing was changed, as a sentence."""


@dataclass(frozen=True)
class Desk:
    """The books of one organisation under a bookkeeper's hands."""

    books: Books
    organisation: Organisation

    def rename(self, section: Section, record_id: str, name: str) -> str:
        """The new name holds from now on, in records of old too, as in Zoho Books."""
        row = self._row(section, record_id)
        old, name = str(row.get(section.label) or ""), " ".join(name.split())
        if not name or len(name) > LONGEST:
            raise NotChanged(f"Write a name of 1 to {LONGEST} characters.")
        if any(
            other is not row and str(other.get(section.label, "")).casefold() == name.casefold()
            for other in self.organisation.rows[section.kind]
        ):
            raise NotChanged(f"There is a {section.one} named {name} already. Choose another name.")
        row[section.label] = name
        self._spread(section, record_id, name)
        self.books.save()
        return f"Renamed: {old} is now {name}."

    def _spread(self, section: Section, record_id: str, name: str) -> None:
        names = {
            "accounts": (
                ("account_id", "account_name"),
                ("paid_through_account_id", "paid_through_account_name"),
            ),
            "contacts": (("vendor_id", "vendor_name"), ("customer_id", "customer_name")),
            "taxes": (("tax_id", "tax_name"),),
        }.get(section.kind, ())
        for _, document in lists.documents(self.organisation):
            for row in [document, *(document.get("line_items") or [])]:
                for key, label in names:
                    if row.get(key) == record_id and label in row:
                        row[label] = name

    def set_active(self, section: Section, record_id: str, *, active: bool) -> str:
        """An inactive one leaves the lists that the app reads and is refused in new records."""
        row = self._row(section, record_id)
        if "is_active" in row:
            row["is_active"] = active
        else:
            row["status"] = "active" if active else "inactive"
        self.books.save()
        name = row.get(section.label) or section.one
        return f"{name} is active again." if active else f"{name} is inactive now."

    def _row(self, section: Section, record_id: str) -> Row:
        row = section.find(self.organisation, record_id) if section.slug in CHANGEABLE else None
        if row is None:
            raise NotChanged(f"There is no such {section.one} to change. Look at the list again.")
        return row

    def named(self, section: Section, name: str) -> str:
        """The id of the record of that name."""
        for row in section.rows(self.organisation):
            if str(row.get(section.label, "")).casefold() == " ".join(name.split()).casefold():
                return section.id_of(row)
        raise NotChanged(f"There is no {section.one} named {name}. Choose one from the list.")
