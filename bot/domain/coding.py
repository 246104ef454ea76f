"""Which layer sets each value of an item: manual > rule > remembered > document > default."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from bot.domain.identity import PersonId
from bot.domain.items import Field, PublishAs
from bot.domain.lists import Entry
from bot.domain.money import Precision


class Layer(StrEnum):
    MANUAL = "manual"
    RULE = "rule"
    REMEMBERED = "remembered"
    """Somebody said once what the document's words stand for."""
    DOCUMENT = "document"
    DEFAULT = "default"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Value:
    """A field's value and the layer it came from. `entry` is set for fields that come from a list and
    were found there; `text` is what a person reads, and what was said where nothing was found."""

    text: str
    layer: Layer
    entry: Entry | None = None
    why: str = ""
    """In small letters on the card: `rule for Acme Paper`, `default`, `document`, `changed by`."""
    by: PersonId | None = None
    """Who changed it, for the manual layer; who chose it, for what is remembered."""
    on: dt.date | None = None
    """The day it was chosen, for what is remembered."""


LOCKED, LOCKED_HERE, DEFAULT_GONE = "locked", "locked_here", "default_gone"
"""Causes of a problem: the accounting software's lock date, our own, a default that is on no list now."""


SEVERAL = "several"
"""The cause of a problem: what was said may be one of several entries, or of one by another name."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What keeps an item from being published; `says` reads after “Needs attention: ”, e.g. `no category`,
    `unknown tax “T9”`."""

    field: Field
    says: str
    cause: str = ""
    """A word of ours where the field alone does not tell what mends it."""
    choices: tuple[Entry, ...] = ()
    """The entries that it may be, where one of them mends it."""


@dataclass(frozen=True, slots=True)
class CodedLine:
    """A line of the item with its own category and tax resolved."""

    description: str
    quantity: Decimal
    rate: Decimal
    """The price of one."""
    amount: Decimal
    category: Value
    tax: Value
    customer: Value | None = None
    project: Value | None = None
    """Of this line alone; nothing: the item's."""
    id: str = ""
    """By which **Edit lines** knows it."""


@dataclass(frozen=True, slots=True)
class Coding:
    """An item with every value resolved."""

    values: Mapping[Field, Value]
    publish_as: PublishAs
    date: dt.date | None
    due_date: dt.date | None
    total: Decimal | None
    tax_amount: Decimal | None
    currency: str
    problems: tuple[Problem, ...] = field(default=())
    warnings: tuple[str, ...] = ()
    """What a person should see but does not stop publishing, e.g. a tax amount that is not the rate's."""
    settled: tuple[str, ...] = ()
    """Those of the warnings that leave nothing to decide: they keep no item from going by itself."""
    remarks: tuple[str, ...] = ()
    """What was taken for want of better, and what has no place in the record: good to know, holds nothing
    back."""
    notes: str = ""
    """What the document says beyond the record's fields, for its notes."""
    corrects: str = ""
    """Of a credit: the number of the invoice that it corrects."""
    corrected: str = ""
    """The id of the record that this invoice became, where it was published by us."""
    exchange_rate: Decimal | None = None
    """Base currency for one of `currency`: the document's where it tells it, else the organisation's own."""
    rate_why: str = ""
    """Where the rate came from and of which day: `document`, `Zoho Books, 3 Nov 2026`."""
    new_supplier: bool = False
    """The supplier, or the customer of a sale, is named but no entry of the list is it: not a problem, a
    question before publishing."""
    ambiguous_supplier: bool = False
    """It is new only because two entries fit: one of them must be chosen, whatever the settings say."""
    lines: tuple[CodedLine, ...] = ()
    """Empty where the document gave none: the total is then one line, with tax."""
    lines_include_tax: bool = False
    rounding: Decimal = Decimal(0)
    """What settles a small difference: total less lines and their tax."""
    own_tax: Entry | None = None
    """The tax whose amount is `tax_amount` and not what its rate makes: sent as it is said."""
    rate_tax: Decimal | None = None
    """What the rates make of the tax: what the accounting software books where nothing else is sent."""
    rule: str = ""
    """The key of the rule beside it, where there is one."""
    precision: Precision = field(default_factory=Precision)
    """How the organisation computes amounts of the currency."""
    papers: tuple[str, ...] = ()
    """Where the document is to be seen, in words: for a record that takes no files."""
    party_field: Field = Field.SUPPLIER
    """Whose document it is: the supplier's, or on the sale side the customer's."""

    @property
    def party(self) -> str:
        """The supplier's name, or the customer's of a sale."""
        return self.text(self.party_field)

    @property
    def is_ready(self) -> bool:
        return not self.problems

    def with_supplier(self, supplier: Entry) -> Coding:
        """As it is once the supplier (of a sale: the customer) is known: the entry that was found, chosen or
        created for it."""
        value = replace(self.values[self.party_field], entry=supplier)
        return replace(self, values={**self.values, self.party_field: value}, new_supplier=False)

    def said(self, name: Field) -> list[Value]:
        """The item's value of a field, and where its lines have their own, theirs."""
        own = {Field.CATEGORY: "category", Field.TAX: "tax"}.get(name)
        lines = [getattr(line, own) for line in self.lines] if own else []
        return [value for value in (self.values.get(name), *lines) if value is not None]

    def entry(self, name: Field) -> Entry | None:
        value = self.values.get(name)
        return value.entry if value else None

    def text(self, name: Field) -> str:
        value = self.values.get(name)
        return value.text if value else ""
