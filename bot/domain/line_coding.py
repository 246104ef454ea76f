"""Category and tax of an item and of each of its lines, by the same layers; `resolving` builds on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.domain import line_edits
from bot.domain import lines as arithmetic
from bot.domain.coding import DEFAULT_GONE, CodedLine, Layer, Value
from bot.domain.default_taxes import Default, default_for
from bot.domain.identity import EntryId
from bot.domain.items import Field, Item, PublishAs
from bot.domain.kinds import is_credit
from bot.domain.layers import KINDS, Layers
from bot.domain.line_edits import LISTED, Given
from bot.domain.lines import Priced
from bot.domain.lists import Entry, EntryUse, ListKind
from bot.domain.settings import SupplierRule
from bot.domain.tax_categories import CATEGORIES, matching

_RATE_SUFFIX = re.compile(r"\s*\(\d+(?:[.,]\d+)?\s?%\)$")
NO_LINE_PROJECT = frozenset({PublishAs.EXPENSE, PublishAs.SALES_RECEIPT})
_NAMED = 40
"""Characters of a line's description by which a problem names it."""


def takes_default_tax(item: Item, rule: SupplierRule | None) -> bool:
    """Whether the default tax decides for an item or a line of it: nobody set one, no rule, no document."""
    manual, document = item.manual.get(Field.TAX), item.document
    if (manual and manual.value) or (rule and rule.tax) or document.tax:
        return False
    lines = line_edits.given(item)
    return not lines or any(not one.line.tax and not (one.edit and one.edit.tax) for one in lines)


class LineLayers(Layers):
    """Category and tax: manual > rule > document > default. What a person chose for a line wins over what
    was set for the item; a line's own word is the document's; one that says nothing has the item's."""

    def _categories(self) -> list[Value]:
        """The category of the item, and of each line where there are lines."""
        item = self._category_of(self.item.document.category)
        self._set(Field.CATEGORY, item)
        lines = [
            self._line_entry(Field.CATEGORY, one)
            or (self._category_of(one.line.category) if one.line.category else item)
            for one in self._given
        ]
        if not lines:
            fault = self._fault(Field.CATEGORY, item) or ("" if item.text else "no category")
            self._problems_of(Field.CATEGORY, [fault])
        else:
            faults = [self._fault(Field.CATEGORY, value) or self._none(value) for value in lines]
            self._line_problems(Field.CATEGORY, faults, [_has_own(one, "category") for one in self._given])
        return lines

    def _taxes(self) -> list[Value]:
        """The tax of the item, and of each line where there are lines."""
        item = self._tax_of(self.item.document.tax, self.item.document.tax_category)
        self._set(Field.TAX, item)
        lines = [
            self._line_entry(Field.TAX, one)
            or (self._tax_of(one.line.tax, one.line.tax_category) if one.line.tax else item)
            for one in self._given
        ]
        if not lines:
            self._problems_of(Field.TAX, [self._fault(Field.TAX, item)])
        else:
            faults = [self._fault(Field.TAX, value) for value in lines]
            self._line_problems(Field.TAX, faults, [_has_own(one, "tax") for one in self._given])
        return lines

    @property
    def _given(self) -> tuple[Given, ...]:
        return line_edits.given(self.item)

    def _line_entry(self, name: Field, one: Given) -> Value | None:
        """What a person chose for this line."""
        chosen: EntryId | None = getattr(one.edit, LISTED[name]) if one.edit else None
        if not chosen or one.edit is None:
            return None
        entry = self.lists.by_id(KINDS[name], chosen)
        return Value(entry.label if entry else chosen, Layer.MANUAL, entry, "changed by", one.edit.by)

    def _category_of(self, said: str) -> Value:
        return (
            self._manual_entry(Field.CATEGORY)
            or self._rule_entry(Field.CATEGORY, self.rule.category if self.rule else None)
            or self._document_entry(Field.CATEGORY, said)
            or self._document_entry(Field.CATEGORY, without_rate(said))
            or self._said(Field.CATEGORY, said)
        )

    def _tax_of(self, said: str, category: str = "") -> Value:
        value = (
            self._manual_entry(Field.TAX)
            or self._rule_entry(Field.TAX, self.rule.tax if self.rule else None)
            or self._documents_tax(said, category)
        )
        default = self._default()
        if not value and not said and default:
            entry = self.lists.by_id(ListKind.TAXES, default.tax)
            if entry:
                return Value(entry.label, Layer.DEFAULT, entry, default.words)
            which = f"the default tax for {default.currency}" if default.currency else "the default tax"
            self._problems_of(Field.TAX, [f"{which} is no longer in {self.software}"], DEFAULT_GONE)
        return value or self._said(Field.TAX, said)

    def _default(self) -> Default | None:
        return default_for(self.settings, self.item.document.side, self._currency_value().text)

    def _documents_tax(self, said: str, category: str) -> Value | None:
        """The tax that the document names. Where two fit, the default tax where it is one of them; else a
        person must say."""
        if category in CATEGORIES and said in ("", "0%"):
            return self._untaxed(said, category)
        found = self._document_entry(Field.TAX, said)
        if found or not said:
            return found
        return self._one_of(said, self._for_this_side(self.lists.fitting(ListKind.TAXES, said)), "")

    def _untaxed(self, said: str, category: str) -> Value:
        """What is not taxed, by why it is not: a rate of nought alone does not tell."""
        words = CATEGORIES[category].words
        text = f"{said or '0%'} {words}"
        taxes = self.lists.all(ListKind.TAXES)
        if not taxes:
            return Value("", Layer.DOCUMENT, why=f"document: {words}")
        fitting, by_name = matching(category, taxes, self.item.document.side)
        if len(fitting) == 1 and (by_name or category == "Z"):
            return Value(fitting[0].label, Layer.DOCUMENT, fitting[0], f"document: {words}")
        return self._one_of(text, fitting, f"document: {words}") or Value(
            text, Layer.DOCUMENT, why="document"
        )

    def _one_of(self, text: str, fitting: Sequence[Entry], why: str) -> Value | None:
        default = self._default()
        for entry in fitting:
            if default and entry.id == default.tax:
                return Value(
                    entry.label, Layer.DOCUMENT, entry, why or f"document: {text}, the {default.words} of two"
                )
        self.undecided[Field.TAX, text] = fitting
        return Value(text, Layer.DOCUMENT, why="document") if fitting else None

    def _for_this_side(self, entries: Sequence[Entry]) -> list[Entry]:
        return [one for one in entries if one.active and one.use in (EntryUse.BOTH, self.item.document.side)]

    # --- what is wrong, said once where it is the item's and by line where it is a line's

    @staticmethod
    def _none(value: Value) -> str:
        return "" if value.text else "no category"

    def _line_problems(self, name: Field, faults: list[str], own: list[bool]) -> None:
        if len(set(faults)) == 1:
            self._problems_of(name, faults[:1])
            return
        said = []
        for number, (fault, is_own) in enumerate(zip(faults, own, strict=True), start=1):
            is_items = not is_own and fault != "no category"
            said.append(fault if is_items or not fault else f"{self._named(number)}: {fault}")
        self._problems_of(name, said)

    def _named(self, number: int) -> str:
        """A line as a problem names it: `line 2 (“Copier paper”)`."""
        text = " ".join(self._given[number - 1].line.description.split())[:_NAMED]
        return f"line {number} (“{text}”)" if text else f"line {number}"

    def _problems_of(self, name: Field, faults: list[str], cause: str = "") -> None:
        for fault in dict.fromkeys(faults):
            if fault and all(problem.says != fault for problem in self.problems):
                self._problem(name, fault, cause)

    # --- the lines themselves

    def _coded(self, categories: list[Value], taxes: list[Value], currency: str) -> tuple[CodedLine, ...]:
        coded = []
        sign = self._sign()
        for number, one in enumerate(self._given, start=1):
            one_sign = 1 if one.is_priced_by_hand else sign
            priced = arithmetic.priced(one.line, self._precision(currency), one_sign)
            if priced is None:
                self._problem(Field.TOTAL, f"{self._named(number)}: no amount")
                continue
            coded.append(self._line(number, priced, categories[number - 1], taxes[number - 1]))
        return tuple(coded)

    def _line(self, number: int, priced: Priced, category: Value, tax: Value) -> CodedLine:
        given = self._given[number - 1]
        if priced.is_rebuilt:
            self._settle(
                f"{self._named(number)}: quantity and price do not give its amount; the amount is booked"
            )
        project = self._line_entry(Field.PROJECT, given)
        if project and (fault := self._fault(Field.PROJECT, project)):
            self._problem(Field.PROJECT, f"{self._named(number)}: {fault}")
        text = given.line.description
        return CodedLine(
            text,
            priced.quantity,
            priced.rate,
            priced.amount,
            category,
            tax,
            project=project,
            id=given.id,
        )

    def _without_project(self, publish_as: PublishAs, lines: tuple[CodedLine, ...]) -> None:
        """Where a kind of record takes no project by line, that is said."""
        if publish_as in NO_LINE_PROJECT and any(line.project for line in lines):
            self.warnings.append(f"{publish_as.noun} lines have no project of their own: it is left out")

    def _sign(self) -> int:
        """-1 for lines below zero of what is booked as a credit: amounts are kept positive there."""
        document = self.item.document
        known = [amount for line in document.lines if (amount := line.amount or line.unit_price) is not None]
        return -1 if is_credit(document) and sum(known) < 0 else 1


def _has_own(one: Given, name: str) -> bool:
    """Whether the line itself, by its document or by hand, says a category or tax."""
    return bool(getattr(one.line, name) or (one.edit and getattr(one.edit, name)))


def without_rate(category: str) -> str:
    """Dext may write a rate behind a category that is not part of its name: `310 - Cost of Sales (0%)`."""
    return _RATE_SUFFIX.sub("", category)
