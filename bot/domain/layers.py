"""What each layer says of a field, and what is said of values on no list; `resolving` builds on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.coding import SEVERAL, Layer, Problem, Value
from bot.domain.connection import Organisation
from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, ManualValue, Side
from bot.domain.lists import Entry, EntryUse, ListKind, Lists
from bot.domain.matching import Alias, Named
from bot.domain.money import Precision, minor_units
from bot.domain.settings import BusinessSettings, SupplierRule

NEW = "new:"
"""Before a supplier's name that a person typed and that is not on the list."""
KINDS: Mapping[Field, ListKind] = {
    Field.SUPPLIER: ListKind.SUPPLIERS,
    Field.CUSTOMER: ListKind.CUSTOMERS,
    Field.CATEGORY: ListKind.CATEGORIES,
    Field.TAX: ListKind.TAXES,
    Field.CURRENCY: ListKind.CURRENCIES,
    Field.PROJECT: ListKind.PROJECTS,
    Field.PAYMENT_ACCOUNT: ListKind.BANK_ACCOUNTS,
}
"""Which list the values of a field come from."""


def party_field(side: Side) -> Field:
    """Whose document it is: the supplier's, or on the sale side the customer's."""
    return Field.SUPPLIER if side is Side.COST else Field.CUSTOMER


def supplier_name(item: Item) -> str:
    """The supplier (of a sale: the customer) as last said: a name a person typed, else the document's."""
    manual = item.manual.get(party_field(item.document.side))
    if manual and manual.value.startswith(NEW):
        return manual.value.removeprefix(NEW)
    return item.document.supplier if item.document.side is Side.COST else item.document.customer


def named(item: Item) -> Named:
    """All that a document says of whom it is from, of a sale: to. What a person typed stands alone."""
    document, field_of_party = item.document, party_field(item.document.side)
    manual = item.manual.get(field_of_party)
    is_typed = bool(manual and manual.value.startswith(NEW))
    if document.side is not Side.COST or is_typed:
        return Named(supplier_name(item), kind=KINDS[field_of_party])
    numbers = (document.supplier_tax_number, *document.other_tax_numbers)
    return Named(
        supplier_name(item), tuple(number for number in numbers if number), document.supplier_legal_name
    )


@dataclass
class Layers:
    """One item beside everything that may set its values; collects values, problems and warnings."""

    item: Item
    rule: SupplierRule | None
    settings: BusinessSettings
    lists: Lists
    organisation: Organisation | None
    software: str
    alias: Alias | None = None
    """What was remembered of the supplier's, of a sale: the customer's name."""
    values: dict[Field, Value] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    ambiguous_supplier: bool = False
    undecided: dict[tuple[Field, str], Sequence[Entry]] = field(default_factory=dict)
    """What was said and may be one of several entries; nothing in it: of none by its name."""

    def _precision(self, currency: str) -> Precision:
        """As the organisation keeps the currency; as ISO 4217 has it where that is not told."""
        entry = self.values[Field.CURRENCY].entry
        decimals = entry.decimals if entry and entry.name == currency else ""
        by_document = self.organisation is not None and bool(self.organisation.tax_by_document)
        return Precision(int(decimals) if decimals else minor_units(currency), by_document)

    def _manual(self, name: Field) -> ManualValue | None:
        """What a person set; an empty value is one taken back."""
        manual = self.item.manual.get(name)
        return manual if manual and manual.value else None

    def _said(self, name: Field, text: str) -> Value:
        """A text that came by hand or from the document, whichever spoke last."""
        if manual := self._manual(name):
            return Value(text, Layer.MANUAL, None, "changed by", manual.by)
        return Value(text, Layer.DOCUMENT, why="document") if text else Value("", Layer.NONE)

    def _manual_entry(self, name: Field) -> Value | None:
        manual = self._manual(name)
        if not manual:
            return None
        entry = self.lists.by_id(KINDS[name], EntryId(manual.value))
        return Value(entry.label if entry else manual.value, Layer.MANUAL, entry, "changed by", manual.by)

    def _manual_text(self, name: Field) -> Value | None:
        manual = self._manual(name)
        return Value(manual.value, Layer.MANUAL, None, "changed by", manual.by) if manual else None

    def _currency_value(self) -> Value:
        """A rule's counts only where the document names none: what is printed there is what is owed."""
        base = self.organisation.currency if self.organisation else ""
        manual = self._manual_entry(Field.CURRENCY)
        said, ruled = self.item.document.currency, self.rule.currency if self.rule else ""
        if manual:
            value = manual
        elif said:
            value = Value(said, Layer.DOCUMENT, self.lists.find(ListKind.CURRENCIES, said), "document")
        elif ruled:
            value = replace(self._ruled(ruled), entry=self.lists.find(ListKind.CURRENCIES, ruled))
        else:
            value = Value(base, Layer.DEFAULT, self.lists.find(ListKind.CURRENCIES, base), "organisation's")
        return replace(value, text=value.entry.name) if value.entry else value

    def _rule_entry(self, name: Field, entry_id: EntryId | None) -> Value | None:
        if not entry_id:
            return None
        entry = self.lists.by_id(KINDS[name], entry_id)
        return replace(self._ruled(entry.label if entry else str(entry_id)), entry=entry)

    def _ruled(self, text: str) -> Value:
        return Value(text, Layer.RULE, why=f"rule for {supplier_name(self.item)}")

    def _document_entry(self, name: Field, said: str) -> Value | None:
        entry = self.lists.find(KINDS[name], said)
        return Value(entry.label, Layer.DOCUMENT, entry, "document") if entry else None

    def _listed(self, name: Field, value: Value | None, said: str) -> None:
        """A field that must be on its list when it is there at all."""
        value = value or self._said(name, said)
        self._set(name, value)
        if fault := self._fault(name, value):
            self._problem(name, fault)

    def _fault(self, name: Field, value: Value) -> str:
        """What is wrong with a value that comes from a list; also that it is not for this side."""
        entry, side = value.entry, self.item.document.side
        if entry and not entry.active:
            return self._inactive(name.value, value.text)
        if entry and (held := ", ".join(f"“{part.name}”" for part in entry.parts if not part.active)):
            return f"{name.value} “{value.text}” holds {held}, inactive in {self.software}"
        if entry and entry.use not in (EntryUse.BOTH, side.value):
            return f"{name.value} “{value.text}” is not for {'costs' if side is Side.COST else 'sales'}"
        return "" if entry or not value.text else self._unknown(name, value)

    def _unknown(self, name: Field, value: Value) -> str:
        if value.layer is Layer.RULE:
            return f"the {value.why} names a {name.value} that is not in {self.software}"
        if value.layer is Layer.MANUAL:
            return f"the chosen {name.value} is not in {self.software}"
        if fitting := self.undecided.get((name, value.text)):
            return f"{name.value} “{value.text}” {_may_be(fitting)}"
        return f"unknown {name.value} “{value.text}”"

    def _listed_or_warned(self, name: Field, said: str) -> None:
        """A field that is left out of the record when it is not on its list."""
        value = self._manual_entry(name) or self._document_entry(name, said) or self._said(name, said)
        if value.entry and value.entry.active:
            self._set(name, value)
            return
        self._set(name, Value(value.text, value.layer, None, value.why, value.by))
        if value.text:
            what = "is no longer active" if value.entry else f"is not in {self.software}"
            self.warnings.append(f"{name.value} “{value.text}” {what}: it is left out")

    def _plain(self, name: Field, said: str, ruled: str = "") -> None:
        value = self._manual_text(name) or (self._ruled(ruled) if ruled else self._said(name, said))
        self._set(name, value)

    def _inactive(self, what: str, text: str) -> str:
        return f"{what} “{text}” is no longer active in {self.software}"

    def _set(self, name: Field, value: Value) -> None:
        self.values[name] = value

    def _settle(self, says: str) -> None:
        """Said, and nothing to decide: what is booked follows from the document and the settings."""
        self.warnings.append(says)
        self.settled.append(says)

    def _problem(self, name: Field, says: str, cause: str = "") -> None:
        fitting: Sequence[Entry] = next(
            (
                found
                for (of, text), found in self.undecided.items()
                if of is name and found and f"“{text}”" in says
            ),
            (),
        )
        # Of one line among others nothing is offered: what is picked counts for all of them.
        choices = () if says.startswith("line ") else tuple(fitting)
        self.problems.append(Problem(name, says, cause or (SEVERAL if fitting else ""), choices))


_MAY_BE = 4
"""So many entries are named."""


def _may_be(entries: Sequence[Entry]) -> str:
    names = [entry.label for entry in entries[:_MAY_BE]]
    if len(names) == 1:
        return f"is on no list by that name: is it {names[0]}?"
    return f"may be {', '.join(names[:-1])} or {names[-1]}"
