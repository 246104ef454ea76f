"""`resolve`: an item, its rule, the settings and the lists into one coding. Pure."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from bot.domain import kinds, line_edits, matching
from bot.domain.amounts import Amounts
from bot.domain.coding import Coding, Layer, Value
from bot.domain.connection import Organisation
from bot.domain.default_taxes import of_side
from bot.domain.extras import extras
from bot.domain.finding import ALL
from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, PublishAs, Side
from bot.domain.layers import KINDS, NEW, named, party_field, supplier_name
from bot.domain.line_coding import without_rate
from bot.domain.lists import ListKind, Lists
from bot.domain.locks import SCOPES
from bot.domain.matching import Alias
from bot.domain.paid_from import PaidFrom, remembered
from bot.domain.settings import BusinessSettings, SupplierRule

__all__ = ["KINDS", "NEW", "resolve", "supplier_name", "wanted", "without_rate"]

RECEIVED = "date received"
"""Why a date is what it is where the document has none."""


def wanted(
    item: Item,
    rule: SupplierRule | None,
    settings: BusinessSettings,
    organisation: Organisation | None,
    alias: Alias | None = None,
) -> set[tuple[ListKind, str]]:
    """Every text or id that `resolve` will look up, so that storage can fetch them in one go."""
    document = item.document
    party = KINDS[party_field(document.side)]
    texts: set[tuple[ListKind, str | None]] = {
        *matching.wanted(named(item), alias),
        (party, item.supplier_entry),
        (ListKind.CUSTOMERS, document.customer),
        (ListKind.CATEGORIES, document.category),
        (ListKind.CATEGORIES, without_rate(document.category)),
        (ListKind.TAXES, ALL),
        (ListKind.TAXES, document.tax),
        *((ListKind.TAXES, tax) for tax in of_side(settings, document.side)),
        (ListKind.PROJECTS, document.project),
        (ListKind.BANK_ACCOUNTS, document.payment_account),
        (ListKind.BANK_ACCOUNTS, method.account if (method := remembered(item, settings)) else None),
        (ListKind.CURRENCIES, document.currency),
        (ListKind.CURRENCIES, organisation.currency if organisation else None),
    }
    texts |= {(ListKind.TRANSACTION_LOCKS, scope) for scope in SCOPES[document.side]}
    texts |= {(KINDS[name], entry) for _, _, name, entry in line_edits.entries(item)}
    for line in document.lines:
        texts |= {(ListKind.CATEGORIES, line.category), (ListKind.CATEGORIES, without_rate(line.category))}
        texts.add((ListKind.TAXES, line.tax))
    if rule:
        texts |= {
            (ListKind.CATEGORIES, rule.category),
            (ListKind.TAXES, rule.tax),
            (ListKind.BANK_ACCOUNTS, rule.payment_account),
            (ListKind.CURRENCIES, rule.currency),
        }
    texts |= {
        (KINDS[name], manual.value.removeprefix(NEW)) for name, manual in item.manual.items() if name in KINDS
    }
    return {(kind, text) for kind, text in texts if text}


def resolve(
    item: Item,
    rule: SupplierRule | None,
    settings: BusinessSettings,
    lists: Lists,
    organisation: Organisation | None,
    *,
    software: str = "the accounting software",
    alias: Alias | None = None,
) -> Coding:
    """For each field the value and the layer it came from: manual > rule > remembered > document > default
    (S24).

    `lists` holds at least what `wanted` names; `software` is what problems call the accounting software;
    `alias` is what was remembered of the supplier's name.
    """
    return _Resolver(item, rule, settings, lists, organisation, software, alias).coding()


class _Resolver(Amounts, PaidFrom):
    def coding(self) -> Coding:
        document = self.item.document
        publish_as = self._publish_as()
        new_supplier = self._party()
        categories = self._categories()
        taxes = self._taxes()
        if document.side is Side.COST:
            self._listed_or_warned(Field.CUSTOMER, document.customer)
        self._listed_or_warned(Field.PROJECT, document.project)
        currency = self._currency()
        total = self._total(currency)
        lines = self._coded(categories, taxes, currency)
        self._without_project(publish_as, lines)
        agreed, tax = self._sums(lines, total, currency, publish_as)
        date, due_date = self._dates()
        self._plain(Field.DESCRIPTION, document.description, self.rule.description if self.rule else "")
        self._number(publish_as)
        self._payment_account(publish_as)
        self._unlocked(date)
        self._one_currency(publish_as, currency)
        rate, rate_why = self._exchange_rate(currency)
        beyond = extras(self.item, publish_as, self.values)
        return Coding(
            values=self.values,
            publish_as=publish_as,
            date=date,
            due_date=due_date,
            total=total,
            tax_amount=tax.amount,
            own_tax=tax.own,
            rate_tax=tax.by_rate,
            currency=currency,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            settled=tuple(self.settled),
            remarks=(*self.remarks, *beyond.remarks),
            notes=beyond.notes,
            corrects=document.corrects if publish_as in kinds.CREDITS else "",
            exchange_rate=rate,
            rate_why=rate_why,
            new_supplier=new_supplier,
            ambiguous_supplier=new_supplier and self.ambiguous_supplier,
            lines=lines,
            lines_include_tax=bool(agreed and agreed.includes_tax),
            rounding=agreed.rounding if agreed else Decimal(0),
            rule=self.rule.supplier if self.rule else "",
            precision=self._precision(currency),
            party_field=party_field(document.side),
            papers=_papers(self.item),
        )

    # --- the fields, one by one

    def _publish_as(self) -> PublishAs:
        document = self.item.document
        kind, why = kinds.usual(document, self.settings)
        manual = self._manual_text(Field.PUBLISH_AS)
        if manual and manual.text not in kinds.offered(document):
            what = "a cost" if document.side is Side.COST else "a sale"
            what = "an expense claim" if document.is_claim else what
            self._problem(Field.PUBLISH_AS, f"{what} cannot be published as {manual.text.replace('_', ' ')}")
            manual = None
        if manual:
            kind = PublishAs(manual.text)
            if says := kinds.contradiction(document, kind):
                self.warnings.append(says)
            self._set(Field.PUBLISH_AS, manual)
            return kind
        ruled = self.rule.publish_as if self.rule else None
        if ruled in kinds.offered(document) and not kinds.contradiction(document, ruled):
            self._set(Field.PUBLISH_AS, self._ruled(ruled.value))
            return ruled
        self._set(Field.PUBLISH_AS, Value(kind.value, Layer.DEFAULT, why=why))
        return kind

    def _party(self) -> bool:
        """Sets the supplier, or the customer of a sale; True when it is named but on no list."""
        field = party_field(self.item.document.side)
        name = supplier_name(self.item)
        value = chosen = self._chosen_party(field)
        if value is None:
            said = named(self.item)
            found = matching.match(self.lists, said, self.alias)
            entry, self.ambiguous_supplier = found.entry, found.is_ambiguous
            layer, why, by = (Layer.DOCUMENT if name or entry else Layer.NONE), found.why, None
            if manual := self._manual(field):
                layer, why, by = Layer.MANUAL, "changed by", manual.by
            value = Value(entry.name if entry else name, layer, entry, why, by)
            if entry and (differs := matching.contradiction(entry, said.tax_numbers)):
                self.warnings.append(differs)
            if not name and not entry:
                self._problem(field, f"no {field.value}")
        elif value.entry is None:
            self._problem(field, f"the chosen {field.value} is not in {self.software}")
        self._set(field, value)
        if value.entry and not value.entry.active:
            self._problem(field, self._inactive(field.value, value.text))
        return chosen is None and value.entry is None and bool(name)

    def _chosen_party(self, field: Field) -> Value | None:
        """The entry that a person picked, by **Edit** or at **New supplier**."""
        manual = self._manual(field)
        chosen, by = self.item.supplier_entry, None
        if not chosen and manual and not manual.value.startswith(NEW):
            chosen, by = EntryId(manual.value), manual.by
        if not chosen:
            return None
        entry = self.lists.by_id(KINDS[field], chosen)
        text = entry.name if entry else supplier_name(self.item)
        return Value(text, Layer.MANUAL, entry, "changed by" if by else "chosen", by)

    def _number(self, publish_as: PublishAs) -> None:
        document = self.item.document
        self._plain(Field.DOCUMENT_NUMBER, document.document_number)
        if publish_as in kinds.NUMBERED and not self.values[Field.DOCUMENT_NUMBER].text:
            self._set(
                Field.DOCUMENT_NUMBER, Value(document.external_id[:100], Layer.DEFAULT, why="sender's id")
            )
            self.remarks.append("the document has no number: the sender's id is taken")

    def _currency(self) -> str:
        value, base = self._currency_value(), self.organisation.currency if self.organisation else ""
        code = value.text
        self._set(Field.CURRENCY, value)
        if base and code != base and (value.entry is None or not value.entry.active):
            self._problem(Field.CURRENCY, f"currency {code} is not in {self.software}")
        return code

    # --- days

    def _dates(self) -> tuple[dt.date, dt.date | None]:
        document = self.item.document
        received = self.item.received_at.date()
        date = self._day(Field.DATE, document.date)
        if date is None:
            date = received
            self._set(Field.DATE, Value(date.isoformat(), Layer.DEFAULT, why=RECEIVED))
            self.remarks.append("the document has no date: the day it came in is taken")
        elif date > received + dt.timedelta(days=1):
            self.warnings.append(f"the date lies after the day it came in ({received:%d %b %Y})")
        due_date = self._due_date(date, document.due_date)
        if due_date and due_date < date:
            self._problem(Field.DUE_DATE, "the due date is before the date")
        return date, due_date

    def _due_date(self, date: dt.date, said: dt.date | None) -> dt.date | None:
        if self.rule and self.rule.due_days is not None and not self._manual(Field.DUE_DATE):
            ruled = date + dt.timedelta(days=self.rule.due_days)
            self._set(Field.DUE_DATE, self._ruled(ruled.isoformat()))
            return ruled
        return self._day(Field.DUE_DATE, said)

    def _day(self, name: Field, said: dt.date | None) -> dt.date | None:
        manual = self._manual(name)
        day = dt.date.fromisoformat(manual.value) if manual else said
        self._set(name, self._said(name, day.isoformat() if day else ""))
        return day


def _papers(item: Item) -> tuple[str, ...]:
    image = item.document.image_url
    names = ", ".join(file.filename for file in item.attachments)
    seen = f"Image: {image}" if image.startswith(("https://", "http://")) else ""
    return tuple(said for said in (seen, f"In Slack: {names}" if names else "") if said)
