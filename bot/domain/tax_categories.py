"""Why an e-invoice has no tax, by its category, and which tax of the lists that is.

The letters are those of UNCL 5305 as EN 16931 uses them (BT-118, BT-151). A rate alone does not tell: what is
zero-rated, exempt, reverse-charged or outside the scope of tax all have 0%, and stand elsewhere in a return.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.lists import Entry, EntryUse


@dataclass(frozen=True, slots=True)
class Category:
    """`words` as a problem says it; `names` finds it in the name of a tax, in the languages that books are
    kept in."""

    words: str
    names: re.Pattern[str]


def _named(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


CATEGORIES = {
    "Z": Category("zero-rated", _named(r"zero|null|\bcero\b|\bz[ée]ro\b|nulsats|nolla")),
    "E": Category("exempt", _named(r"exempt|exon|exent|esent|isent|befreit|frei\b|vrijgesteld|zwoln|\bzw\b")),
    "AE": Category("reverse charge", _named(r"reverse|13b|inver|autoliq|verlegd|omvänd|odwrot")),
    "K": Category(
        "intra-community supply", _named(r"intra|\beu\b|\bec\b|acqui|erwerb|verwerving|\bwdt\b|\bwnt\b")
    ),
    "G": Category("export", _named(r"export|ausfuhr|uitvoer|outside the eu|non[- ]eu|third")),
    "O": Category(
        "outside the scope of tax", _named(r"scope|no (vat|tax|gst)|not (subject|taxable)|nicht steuerbar")
    ),
}
"""In Zoho Books' own editions: Zero Rate, Exempt, Reverse Charge, Intra …, Export, Out of Scope."""


def matching(category: str, taxes: Iterable[Entry], side: str) -> tuple[Sequence[Entry], bool]:
    """The taxes of no per cent that a category may be, and whether they were found by name. A tax that is
    called like another category is none of them where its own name was not found."""
    free = [
        entry
        for entry in taxes
        if entry.active
        and entry.percentage
        and not Decimal(entry.percentage)
        and entry.use in (EntryUse.BOTH, side)
    ]
    named = [entry for entry in free if CATEGORIES[category].names.search(entry.name)]
    if named:
        return named, True
    return [entry for entry in free if not _is_of_another(category, entry)] or free, False


def _is_of_another(category: str, entry: Entry) -> bool:
    return any(one.names.search(entry.name) for name, one in CATEGORIES.items() if name != category)
