"""`resolve`: an item, its rule, the settings and the lists into one coding. Pure."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

from bot.domain import money
from bot.domain.coding import Coding, Layer, Value
from bot.domain.connection import Organisation
from bot.domain.identity import EntryId
from bot.domain.items import DocumentType, Field, Item, PublishAs, Side
from bot.domain.layers import KINDS, NEW, Layers, supplier_name
from bot.domain.lists import Entry, EntryUse, ListKind, Lists
from bot.domain.settings import BusinessSettings, SupplierRule

__all__ = ["KINDS", "NEW", "default_tax", "resolve", "supplier_name", "tax_within", "wanted", "without_rate"]

TAX_TOLERANCE = Decimal("0.02")
"""A tax amount may differ from its rate's by this much without a word: documents round by the line."""
_RATE_STEP = Decimal("0.000001")
_RATE_SUFFIX = re.compile(r"\s*\(\d+(?:[.,]\d+)?\s?%\)$")


def default_tax(settings: BusinessSettings, side: Side) -> EntryId | None:
    """The default of that side; never the other's (S23)."""
    return settings.default_tax_costs if side is Side.COST else settings.default_tax_sales


def without_rate(category: str) -> str:
    """Dext may write a rate behind a category that is not part of its name: `310 - Cost of Sales (0%)`."""
    return _RATE_SUFFIX.sub("", category)


def wanted(
    item: Item, rule: SupplierRule | None, settings: BusinessSettings, organisation: Organisation | None
) -> set[tuple[ListKind, str]]:
    """Every text or id that `resolve` will look up, so that storage can fetch them in one go."""
    document = item.document
    texts: set[tuple[ListKind, str | None]] = {
        (ListKind.SUPPLIERS, supplier_name(item)),
        (ListKind.SUPPLIERS, item.supplier_entry),
        (ListKind.CUSTOMERS, document.customer),
        (ListKind.CATEGORIES, document.category),
        (ListKind.CATEGORIES, without_rate(document.category)),
        (ListKind.TAXES, document.tax),
        (ListKind.TAXES, default_tax(settings, document.side)),
        (ListKind.PROJECTS, document.project),
        (ListKind.BANK_ACCOUNTS, document.payment_account),
        (ListKind.CURRENCIES, document.currency),
        (ListKind.CURRENCIES, organisation.currency if organisation else None),
    }
    if rule:
        texts |= {
            (ListKind.CATEGORIES, rule.category),
            (ListKind.TAXES, rule.tax),
            (ListKind.BANK_ACCOUNTS, rule.payment_account),
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
) -> Coding:
    """For each field the value and the layer it came from: manual > rule > document > default (S24).

    `lists` holds at least what `wanted` names; `software` is what problems call the accounting software.
    """
    return _Resolver(item, rule, settings, lists, organisation, software).coding()


class _Resolver(Layers):
    def coding(self) -> Coding:
        document = self.item.document
        publish_as = self._publish_as()
        new_supplier = self._supplier()
        self._category()
        tax = self._tax()
        self._listed_or_warned(Field.CUSTOMER, document.customer)
        self._listed_or_warned(Field.PROJECT, document.project)
        currency = self._currency()
        total = self._total(currency)
        tax_amount = self._tax_amount(total, tax, currency)
        date, due_date = self._dates()
        self._plain(Field.DESCRIPTION, document.description, self.rule.description if self.rule else "")
        self._plain(Field.DOCUMENT_NUMBER, document.document_number)
        if publish_as is PublishAs.BILL and not self.values[Field.DOCUMENT_NUMBER].text:
            self._set(
                Field.DOCUMENT_NUMBER, Value(document.external_id[:100], Layer.DEFAULT, why="sender's id")
            )
        self._payment_account(publish_as)
        return Coding(
            values=self.values,
            publish_as=publish_as,
            date=date,
            due_date=due_date,
            total=total,
            tax_amount=tax_amount,
            currency=currency,
            problems=tuple(self.problems),
            warnings=tuple(self.warnings),
            exchange_rate=self._exchange_rate(currency),
            new_supplier=new_supplier,
        )

    # --- the fields, one by one

    def _publish_as(self) -> PublishAs:
        document = self.item.document
        if document.side is Side.SALE:
            self._problem(Field.PUBLISH_AS, "sales cannot be published yet")
        elif document.type is DocumentType.CREDIT_NOTE:
            self._problem(Field.PUBLISH_AS, "credit notes cannot be published yet")
        if manual := self._manual_text(Field.PUBLISH_AS):
            self._set(Field.PUBLISH_AS, manual)
            return PublishAs(manual.text)
        if self.rule and self.rule.publish_as:
            self._set(Field.PUBLISH_AS, self._ruled(self.rule.publish_as.value))
            return self.rule.publish_as
        is_receipt = document.type is DocumentType.RECEIPT
        kind = PublishAs.EXPENSE if document.paid or is_receipt else PublishAs.BILL
        why = "paid" if document.paid else "a receipt" if is_receipt else "not paid yet"
        self._set(Field.PUBLISH_AS, Value(kind.value, Layer.DEFAULT, why=why))
        return kind

    def _supplier(self) -> bool:
        """Sets the supplier; True when it is named but on no list."""
        name = supplier_name(self.item)
        if self.item.document.side is Side.SALE:
            self._set(Field.SUPPLIER, self._said(Field.SUPPLIER, name))
            if not name:
                self._problem(Field.CUSTOMER, "no customer")
            return False
        value = chosen = self._chosen_supplier()
        if value is None:
            entry = self.lists.find(ListKind.SUPPLIERS, name)
            layer, why, by = (Layer.DOCUMENT if name else Layer.NONE), "document", None
            if manual := self._manual(Field.SUPPLIER):
                layer, why, by = Layer.MANUAL, "changed by", manual.by
            value = Value(entry.name if entry else name, layer, entry, why, by)
            if not name:
                self._problem(Field.SUPPLIER, "no supplier")
        elif value.entry is None:
            self._problem(Field.SUPPLIER, f"the chosen supplier is not in {self.software}")
        self._set(Field.SUPPLIER, value)
        if value.entry and not value.entry.active:
            self._problem(Field.SUPPLIER, self._inactive("supplier", value.text))
        return chosen is None and value.entry is None and bool(name)

    def _chosen_supplier(self) -> Value | None:
        """The entry that a person picked, by **Edit** or at **New supplier**."""
        manual = self._manual(Field.SUPPLIER)
        chosen, by = self.item.supplier_entry, None
        if not chosen and manual and not manual.value.startswith(NEW):
            chosen, by = EntryId(manual.value), manual.by
        if not chosen:
            return None
        entry = self.lists.by_id(ListKind.SUPPLIERS, chosen)
        text = entry.name if entry else supplier_name(self.item)
        return Value(text, Layer.MANUAL, entry, "changed by" if by else "chosen", by)

    def _category(self) -> None:
        said = self.item.document.category
        value = (
            self._manual_entry(Field.CATEGORY)
            or self._rule_entry(Field.CATEGORY, self.rule.category if self.rule else None)
            or self._document_entry(Field.CATEGORY, said)
            or self._document_entry(Field.CATEGORY, without_rate(said))
        )
        self._listed(Field.CATEGORY, value, said)
        if not value and not said:
            self._problem(Field.CATEGORY, "no category")
        if value and value.entry and value.entry.use not in (EntryUse.BOTH, self.item.document.side.value):
            side = "costs" if self.item.document.side is Side.COST else "sales"
            self._problem(Field.CATEGORY, f"category “{value.text}” is not for {side}")

    def _tax(self) -> Entry | None:
        said = self.item.document.tax
        value = (
            self._manual_entry(Field.TAX)
            or self._rule_entry(Field.TAX, self.rule.tax if self.rule else None)
            or self._document_entry(Field.TAX, said)
        )
        default = default_tax(self.settings, self.item.document.side)
        if not value and not said and default:
            entry = self.lists.by_id(ListKind.TAXES, default)
            if entry:
                value = Value(entry.label, Layer.DEFAULT, entry, "default")
            else:
                self._problem(Field.TAX, f"the default tax is no longer in {self.software}")
        self._listed(Field.TAX, value, said)
        return value.entry if value else None

    def _currency(self) -> str:
        base = self.organisation.currency if self.organisation else ""
        manual = self._manual_entry(Field.CURRENCY)
        said = self.item.document.currency
        if manual:
            value = manual
        elif said:
            value = Value(said, Layer.DOCUMENT, self.lists.find(ListKind.CURRENCIES, said), "document")
        else:
            value = Value(base, Layer.DEFAULT, self.lists.find(ListKind.CURRENCIES, base), "organisation's")
        code = value.entry.name if value.entry else value.text
        self._set(Field.CURRENCY, Value(code, value.layer, value.entry, value.why, value.by))
        if base and code != base and (value.entry is None or not value.entry.active):
            self._problem(Field.CURRENCY, f"currency {code} is not in {self.software}")
        return code

    def _total(self, currency: str) -> Decimal | None:
        total = self._amount(Field.TOTAL, self.item.document.total, currency)
        if total is None:
            self._problem(Field.TOTAL, "no total")
        elif total <= 0:
            self._problem(Field.TOTAL, "the total is not above zero")
        elif total != money.rounded(total, currency):
            self._problem(Field.TOTAL, f"total {total} has more decimals than {currency} has")
        return total

    def _tax_amount(self, total: Decimal | None, tax: Entry | None, currency: str) -> Decimal | None:
        document = self.item.document
        computed = tax_within(total, tax, currency)
        # A bare 0.00 beside no tax says nothing: the tax that rule or default give brings its own amount.
        said = document.tax_amount if document.tax_amount or document.tax else None
        if not self._manual(Field.TAX_AMOUNT) and said is None:
            shown = money.shown(computed, currency) if computed is not None else ""
            layer = Layer.NONE if computed is None else Layer.DEFAULT
            self._set(Field.TAX_AMOUNT, Value(shown, layer, why="by the rate" if shown else ""))
            return computed
        amount = self._amount(Field.TAX_AMOUNT, said, currency)
        if amount is None:
            return None
        if amount < 0 or (total is not None and amount > max(total, Decimal(0))):
            self._problem(Field.TAX_AMOUNT, "the tax amount is not between zero and the total")
        if computed is not None and abs(amount - computed) > TAX_TOLERANCE:
            where = "by hand" if self._manual(Field.TAX_AMOUNT) else "on the document"
            rate = tax.label if tax else "its rate"
            self.warnings.append(
                f"tax is {money.shown(amount, currency)} {where}, {money.shown(computed, currency)} by {rate}"
            )
        return amount

    def _amount(self, name: Field, said: Decimal | None, currency: str) -> Decimal | None:
        manual = self._manual(name)
        amount = Decimal(manual.value) if manual else said
        shown = money.shown(amount, currency) if amount is not None else ""
        self._set(name, self._said(name, shown))
        return amount

    def _dates(self) -> tuple[dt.date, dt.date | None]:
        document = self.item.document
        date = self._day(Field.DATE, document.date)
        if date is None:
            date = self.item.received_at.date()
            self._set(Field.DATE, Value(date.isoformat(), Layer.DEFAULT, why="date received"))
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

    def _payment_account(self, publish_as: PublishAs) -> None:
        said = self.item.document.payment_account
        value = (
            self._manual_entry(Field.PAYMENT_ACCOUNT)
            or self._rule_entry(Field.PAYMENT_ACCOUNT, self.rule.payment_account if self.rule else None)
            or self._document_entry(Field.PAYMENT_ACCOUNT, said)
        )
        self._set(Field.PAYMENT_ACCOUNT, value or self._said(Field.PAYMENT_ACCOUNT, said))
        if publish_as is not PublishAs.EXPENSE:
            return
        if value is None or value.entry is None:
            text = value.text if value else said
            self._problem(
                Field.PAYMENT_ACCOUNT, f"unknown payment account “{text}”" if text else "no payment account"
            )
        elif not value.entry.active:
            self._problem(Field.PAYMENT_ACCOUNT, self._inactive("payment account", value.text))

    def _exchange_rate(self, currency: str) -> Decimal | None:
        document = self.item.document
        base = self.organisation.currency if self.organisation else ""
        if not (document.base_total and document.total) or currency == base:
            return None
        if document.base_currency != base or document.currency != currency:
            return None
        return (document.base_total / document.total).quantize(_RATE_STEP) or None


def tax_within(total: Decimal | None, tax: Entry | None, currency: str) -> Decimal | None:
    """The tax inside a total at the entry's rate: total * rate / (100 + rate), in minor units."""
    if total is None or tax is None or not tax.percentage:
        return None
    rate = Decimal(tax.percentage)
    return money.rounded(total * rate / (100 + rate), currency)
